"""Which dates a list of sessions shows; the screen, its files and long exports ask the same way."""

from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404

from districts.terms import term_labels
from events.models import EventState
from events.sessions import month_of

MINE, ALL = "saya", "semua"
COMING, PAST = "", "lewat"
# As addresses call the fields.
ADDRESSED = {
    "whose": "milik",
    "when": "kapan",
    "state": "status",
    "kind": "jenis",
    "kecamatan": "kec",
    "month": "bulan",
}


@dataclass(frozen=True)
class WantedDates:
    """What the list is narrowed to; a word that we do not know is no page."""

    whose: str
    when: str
    state: str
    kind: str
    kecamatan: str
    month: str

    @classmethod
    def of(
        cls, asked: Mapping[str, str], kecamatan: Container[str], *, whose: str
    ) -> "WantedDates":
        """`whose` is what holds where the address does not say."""
        wanted = cls(
            asked.get("milik", whose),
            asked.get("kapan", COMING),
            asked.get("status", ""),
            asked.get("jenis", ""),
            asked.get("kec", ""),
            asked.get("bulan", ""),
        )
        known = (
            wanted.whose in {MINE, ALL}
            and wanted.when in {COMING, PAST}
            and wanted.state in {"", *EventState.values}
            and (not wanted.kind or wanted.kind in term_labels("event_type"))
            and (not wanted.kecamatan or wanted.kecamatan in kecamatan)
            and (not wanted.month or month_of(wanted.month) is not None)
        )
        if not known:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet, user: Any, now: datetime) -> QuerySet:
        if self.whose == MINE:
            rows = rows.filter(event__proposed_by=user)
        if self.kind:
            rows = rows.filter(event__kind=self.kind)
        if self.kecamatan:
            rows = rows.filter(
                Q(event__region_id=self.kecamatan)
                | Q(event__region__code__startswith=f"{self.kecamatan}.")
            )
        if self.state == EventState.CANCELLED:
            rows = rows.filter(Q(event__state=self.state) | Q(is_cancelled=True))
        elif self.state:
            rows = rows.filter(event__state=self.state, is_cancelled=False)
        if self.month:
            first, after = month_of(self.month)
            return rows.filter(day__gte=first, day__lt=after).order_by("day", "start", "pk")
        if self.state in {EventState.PROPOSED, EventState.CHANGES}:
            # What waits is shown whenever it is.
            return rows.order_by("day", "start", "pk")
        if self.when == PAST:
            return rows.filter(end__lte=now).order_by("-day", "-start", "-pk")
        # The index knows days: a meeting that still runs began a while ago.
        early = (now - timedelta(days=15)).date()
        return rows.filter(day__gte=early, end__gt=now).order_by("day", "start", "pk")

    @property
    def asked(self) -> dict[str, str]:
        """As addresses say it, whole: `of` makes the same of it."""
        return {ADDRESSED[name]: value for name, value in asdict(self).items()}

    def query(self, **changed: str) -> str:
        asked = self.asked | changed
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.kind or self.kecamatan or self.month)
