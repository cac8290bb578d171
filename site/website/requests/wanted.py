"""Which requests a list shows; the screen, its files and long exports ask the same way."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404

from campaigns.models import RequestState
from campaigns.models.session_request import OPEN_STATES

OPEN, ALL = "", "semua"
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; a word that we do not know is no page."""

    status: str
    kecamatan: str
    number: str

    @classmethod
    def of(cls, asked: Mapping[str, str], kecamatan: Container[str]) -> "Wanted":
        wanted = cls(
            asked.get("status", OPEN),
            asked.get("kec", ""),
            asked.get("nomor", "").strip(),
        )
        if wanted.status not in {OPEN, ALL, *RequestState.values}:
            raise Http404
        if wanted.kecamatan and wanted.kecamatan not in kecamatan:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.number:
            # A number is asked for as such: whatever its state, wherever it is.
            if len(self.number) > LONGEST_NUMBER or not self.number.isprintable():
                return rows.none()
            return rows.filter(number__contains=self.number)
        if self.status != ALL:
            rows = rows.filter(state__in=[self.status] if self.status else OPEN_STATES)
        if self.kecamatan:
            rows = rows.filter(
                Q(region_id=self.kecamatan) | Q(region__code__startswith=f"{self.kecamatan}.")
            )
        return rows

    @property
    def asked(self) -> dict[str, str]:
        """As addresses say it, whole: `of` makes the same of it."""
        return {"status": self.status, "kec": self.kecamatan, "nomor": self.number}

    def query(self, **changed: str) -> str:
        asked = self.asked | changed
        return urlencode({name: value for name, value in asked.items() if value})
