"""The lists of the office and of members as tables: organisations, facilitators, series, dates."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.attendance.people import with_names
from events.lines import ShownDate, shown
from events.sheets.tables import CHUNK, Column, Table


def organisations_table(rows: QuerySet) -> Table:
    return Table(_("By organisation"), _organisations(_("the last year")), _lines(rows))


def organisations_of_series(rows: QuerySet) -> Table:
    return Table(_("By organisation"), _organisations(_("the whole series")), _lines(rows))


def facilitators_table(rows: QuerySet) -> Table:
    """Whoever planned the sessions that took place in the last year."""
    columns = [
        Column(_("Name"), 30, _("Who planned the sessions.")),
        Column(
            _("Sessions"), 10, _("Dates of the last year that are over, not the cancelled ones.")
        ),
        Column(_("Visits by name"), 14, _("How often somebody came to them by name.")),
    ]
    lines = ([name, row["dates"], row["visits"]] for name, row in with_names(rows))
    return Table(_("By facilitator"), columns, lines)


def series_table(rows: QuerySet) -> Table:
    columns = [
        Column(_("Name"), 30, _("Adults who came by name; children are counted, not listed.")),
        Column(_("Came"), 10, _("To how many dates of the whole series they came.")),
        Column(_("Last time"), 14, _("The last of these days.")),
    ]
    lines = rows.values_list("name", "times", "last_day").iterator(chunk_size=CHUNK)
    return Table(_("Who came how often"), columns, lines)


def dates_table(rows: QuerySet, *, planner_of: Callable[[Any], str] | None = None) -> Table:
    """Dates as the list of sessions has them; who planned each only with `planner_of`."""
    columns = [
        Column(_("Kind"), 24, _("The kind of session.")),
        Column(_("Event"), 40, _("Its title.")),
        Column(_("Day"), 12, _("The first day, in the time of the place.")),
        Column(_("Last day"), 12, _("The last day; the same where it takes one day.")),
        Column(_("Time"), 20, _("From when to when, with the zone of the place.")),
        Column(_("State"), 28, _("How far it is, and whether this date was moved.")),
        Column(_("Place"), 40, _("Where, with village or kecamatan.")),
    ]
    if planner_of is not None:
        columns.append(Column(_("Planned by"), 28, _("Who planned it, where you may see names.")))
    return Table(_("Calendar"), columns, _dates(rows, planner_of))


def hours_of(date: ShownDate) -> str:
    """From when to when, with the zone of the place."""
    return f"{date.start:%H.%M}–{date.end:%H.%M} {date.zone}"


def _organisations(which: str) -> list[Column]:
    told = {"which": which}
    return [
        Column(_("Organisation"), 36, _("As it was invited or written down.")),
        Column(_("Came"), 10, _("On how many dates of %(which)s it came.") % told),
        Column(_("Noted"), 10, _("On how many dates of %(which)s it was noted at all.") % told),
    ]


def _lines(rows: QuerySet) -> Iterator[list[Any]]:
    for one in rows.iterator(chunk_size=CHUNK):
        yield [one["label"], one["came_times"], one["times"]]


def _dates(rows: QuerySet, planner_of: Callable[[Any], str] | None) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=CHUNK):
        [date] = shown([row])
        state = ", ".join([date.state, _("moved")]) if date.moved_from else date.state
        first, last = row.day, row.last_day
        line = [date.kind, date.title, first, last, hours_of(date), state, date.place or None]
        yield line if planner_of is None else [*line, planner_of(date.event.proposed_by) or None]
