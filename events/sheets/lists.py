"""Which rows of a date's attendance a list shows; the screen and the files ask the same way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404

from events.attendance import ages
from events.models import Attendance, Occurrence, Sex, Status, Way

STATUSES = [choice for choice in Status.choices if choice[0] != Status.UNDONE]


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; nothing that names somebody, for it stands in an address."""

    status: str = ""
    cara: str = ""
    jk: str = ""
    umur: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """Http404 for a word that we do not know."""
        wanted = cls(**{name: asked.get(name, "")[:20] for name in cls.__dataclass_fields__})
        if (
            wanted.status not in {"", *dict(STATUSES)}
            or wanted.cara not in {"", *Way.values}
            or wanted.jk not in {"", *Sex.values}
            or (wanted.umur and wanted.umur not in ages.age_groups())
        ):
            raise Http404
        return wanted

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.asked)

    def rows(self, occurrence: Occurrence) -> QuerySet:
        """By name, as the list is read aloud."""
        rows = Attendance.objects.for_district(occurrence.district_id).standing()
        rows = rows.filter(occurrence=occurrence)
        if self.status:
            rows = rows.filter(status=self.status)
        if self.cara:
            rows = rows.filter(way=self.cara)
        if self.jk:
            rows = rows.filter(participant__sex=self.jk)
        if self.umur:
            rows = rows.filter(participant__age_group=self.umur)
        return rows.order_by("participant__folded", "participant__pk")
