"""One mark of the roll: set, changed, taken back, and when that needs a reason."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.http import HttpRequest
from django.utils.translation import gettext as _

from events.attendance.persons import Person
from events.attendance.roll import Line, Roll
from events.models import Attendance, Occurrence, Status, Way
from events.services import attending, participants
from events.views.room.attendance.frame import source_of, told_time
from safeguards.facts import Outcome

# So long after the end a mark is taken back with a tap; later a reason is asked.
FREELY_UNTIL = timedelta(hours=2)
JUST_NOW = timedelta(minutes=15)


def mark_known(
    request: HttpRequest, row: Occurrence, person: UUID, status: str, key: UUID, now: datetime,
    way: str = Way.ROLL_CALL,
) -> Outcome:  # fmt: skip
    """A mark, or where something was said of the person already, a correction of it."""
    told = {
        "occurrence": row, "person": Person(person), "status": status, "way": way, "key": key,
        "now": now, "source": source_of(request), "client_time": told_time(request),
    }  # fmt: skip
    who = participants.known_as(row.district_id, person)
    known = who.attendance.filter(occurrence=row).first() if who is not None else None
    if known is None:
        return attending.mark(**told)
    if known.key == key or (known.status == status and status != Status.UNDONE):
        said = {"person": str(person), "status": known.status}
        return Outcome("already", 200, said, _("Already recorded."))
    if asks_reason(known, row, now):
        reason = _("This was written down some time ago. Please correct it on its own page.")
        return Outcome("rejected", 409, reason=reason)
    return attending.correct(**told)


def asks_reason(known: Attendance | None, row: Occurrence, now: datetime) -> bool:
    """Long after the session a change is a correction, with a reason; a slip of just now is not."""
    if known is None or known.status == Status.UNDONE or now < row.end + FREELY_UNTIL:
        return False
    return now - known.server_time > JUST_NOW


def key_in(batch: UUID, line: Line) -> UUID:
    return uuid5(batch, str(line.participant.key))


def of_batch(called: Roll, batch: UUID) -> list[Line]:
    return [
        line
        for line in called.lines
        if line.attendance is not None
        and line.attendance.key == key_in(batch, line)
        and line.status
    ]
