"""Past dates and their reports: which of them a list shows, on the screen and in files alike."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from districts.hours import local_date
from events.lines import shown
from events.models import Occurrence, ReportState, SessionReport
from events.sessions import month_of
from events.sheets.figures import hours_of
from events.sheets.tables import CHUNK, Column, Table

# A date that took place and nobody reported yet.
MISSING = "belum"


@dataclass(frozen=True)
class WantedReports:
    """What the list is narrowed to; a word that we do not know is no page."""

    state: str
    month: str
    kecamatan: str

    @classmethod
    def of(cls, asked: Mapping[str, str], kecamatan: Container[str]) -> "WantedReports":
        wanted = cls(asked.get("status", ""), asked.get("bulan", ""), asked.get("kec", ""))
        known = (
            wanted.state in {"", MISSING, *ReportState.values}
            and (not wanted.kecamatan or wanted.kecamatan in kecamatan)
            and (not wanted.month or month_of(wanted.month) is not None)
        )
        if not known:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.state == MISSING:
            rows = rows.filter(reports__isnull=True)
        elif self.state:
            rows = rows.filter(reports__state=self.state)
        if self.kecamatan:
            rows = rows.filter(
                Q(event__region_id=self.kecamatan)
                | Q(event__region__code__startswith=f"{self.kecamatan}.")
            )
        if self.month:
            first, after = month_of(self.month)
            rows = rows.filter(day__gte=first, day__lt=after)
        return rows.order_by("-start", "-pk")

    @property
    def asked(self) -> dict[str, str]:
        """As addresses say it, whole: `of` makes the same of it."""
        return {"status": self.state, "bulan": self.month, "kec": self.kecamatan}

    @property
    def query(self) -> str:
        return urlencode({name: value for name, value in self.asked.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query)


def report_in(row: Occurrence) -> SessionReport | None:
    """The report of a date that came with its reports."""
    return next(iter(row.reports.all()), None)


def state_of(report: SessionReport | None) -> str:
    return report.get_state_display() if report else _("Not reported yet")


def reports_table(
    rows: QuerySet, timezone: str, *, planner_of: Callable[[Any], str] | None = None
) -> Table:
    """Rows of `past_dates`; who planned each only with `planner_of`."""
    columns = [
        Column(_("Event"), 40, _("Its title.")),
        Column(_("Day"), 12, _("The first day, in the time of the place.")),
        Column(_("Last day"), 12, _("The last day; the same where it takes one day.")),
        Column(_("Time"), 20, _("From when to when, with the zone of the place.")),
        Column(_("Report"), 24, _("How far the report is, or that there is none yet.")),
        Column(_("Sent"), 12, _("On which day the report was last sent, in the office's time.")),
        Column(_("Place"), 40, _("Where, with village or kecamatan.")),
    ]
    if planner_of is not None:
        columns.append(Column(_("Planned by"), 28, _("Who planned it, where you may see names.")))
    return Table(_("Session reports"), columns, _lines(rows, timezone, planner_of))


def _lines(
    rows: QuerySet, timezone: str, planner_of: Callable[[Any], str] | None
) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        [date] = shown([row])
        report = report_in(row)
        sent = local_date(report.sent_at, timezone) if report and report.sent_at else None
        line = [
            *(date.title, row.day, row.last_day, hours_of(date)),
            *(state_of(report), sent, date.place or None),
        ]
        yield line if planner_of is None else [*line, planner_of(date.event.proposed_by) or None]
