"""`…/hadir/`: how many came to a date, and every way to write them down."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from districts.workspace import READS
from events.attendance.came import who_came
from events.models import CheckInDoor, Occurrence, Sex, Status
from events.services import doors
from events.views.room.attendance.frame import page, people_page
from events.views.room.report_access import reported_date

# Pages of other parts of the calendar, where they are there.
MORE = (
    "event_attendance_import",
    "event_attendance_paper",
    "event_attendance_list",
)


@people_page(*READS, notes=False)
def hub(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """Numbers for whoever reads the report; names and doors for whoever writes it down."""
    row = reported_date(request, pk, date)
    came = who_came(row)
    totals = came.totals
    context = {
        "came": came,
        "totals": totals,
        "sexes": [(label, totals.of_sex(code)) for code, label in Sex.choices],
        "statuses": [
            (label, totals.statuses[code])
            for code, label in Status.choices
            if code != Status.UNDONE and totals.statuses.get(code)
        ],
        "organisations": came.told,
        "organisations_came": came.organisations,
        "more": {name: path for name in MORE if (path := _path(name, row))},
    } | door_context(row)
    return page(request, row, "hub", context)


def door_context(row: Occurrence) -> dict[str, Any]:
    """The door with its state in a word, and from when until when it is open."""
    door = CheckInDoor.objects.filter(occurrence=row).first()
    if door is None:
        return {"door": None, "door_state": "none"}
    door.occurrence = row
    opens, closes = doors.window_of(door, row)
    return {
        "door": door,
        "door_state": doors.state_of(door, row, timezone.now()),
        "door_opens": opens,
        "door_closes": closes,
        "is_shut": door.closed_at is not None,
    }


def _path(name: str, row: Occurrence) -> str:
    try:
        return reverse(name, args=[row.event_id, row.pk])
    except NoReverseMatch:
        return ""
