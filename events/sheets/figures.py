"""The lists of the office and of members as tables: organisations, facilitators, series, dates."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from districts.models import District
from events.attendance.frequency import adults_of, by_organisation
from events.attendance.people import facilitators_of, organisations_of
from events.lines import ShownDate
from events.models import Event
from events.sheets.tables import Column, Table


def organisations_table(district: District, now: datetime) -> Table:
    rows = organisations_of(district, now)
    return Table(_("By organisation"), _organisations(_("the last year")), _lines(rows))


def organisations_of_series(event: Event) -> Table:
    columns = _organisations(_("the whole series"))
    return Table(_("By organisation"), columns, _lines(by_organisation(event)))


def facilitators_table(district: District, now: datetime) -> Table:
    """Whoever planned the sessions that took place in the last year."""
    found = list(facilitators_of(district, now))
    users = get_user_model()._default_manager.in_bulk([row["event__proposed_by"] for row in found])
    columns = [
        Column(_("Name"), 30, _("Who planned the sessions.")),
        Column(
            _("Sessions"), 10, _("Dates of the last year that are over, not the cancelled ones.")
        ),
        Column(_("Visits by name"), 14, _("How often somebody came to them by name.")),
    ]
    rows = [[str(users[row["event__proposed_by"]]), row["dates"], row["visits"]] for row in found]
    return Table(_("By facilitator"), columns, rows)


def series_table(event: Event) -> Table:
    columns = [
        Column(_("Name"), 30, _("Adults who came by name; children are counted, not listed.")),
        Column(_("Came"), 10, _("To how many dates of the whole series they came.")),
        Column(_("Last time"), 14, _("The last of these days.")),
    ]
    rows = adults_of(event).values_list("name", "times", "last_day")
    return Table(_("Who came how often"), columns, rows.iterator(chunk_size=2_000))


def dates_table(
    shown: Iterable[ShownDate], *, planner_of: Callable[[Any], str] | None = None
) -> Table:
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
    return Table(_("Calendar"), columns, _dates(shown, planner_of))


def _organisations(which: str) -> list[Column]:
    told = {"which": which}
    return [
        Column(_("Organisation"), 36, _("As it was invited or written down.")),
        Column(_("Came"), 10, _("On how many dates of %(which)s it came.") % told),
        Column(_("Noted"), 10, _("On how many dates of %(which)s it was noted at all.") % told),
    ]


def _lines(rows: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    for one in rows:
        yield [one["label"], one["came_times"], one["times"]]


def _dates(
    shown: Iterable[ShownDate], planner_of: Callable[[Any], str] | None
) -> Iterator[list[Any]]:
    for date in shown:
        state = f"{date.state}, {_('moved')}" if date.moved_from else date.state
        hours = f"{date.start:%H.%M}–{date.end:%H.%M} {date.zone}"
        first, last = date.row.day, date.row.last_day
        line = [date.kind, date.title, first, last, hours, state, date.place or None]
        yield line if planner_of is None else [*line, planner_of(date.event.proposed_by) or None]
