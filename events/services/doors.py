"""The door at which people check in by themselves: opened by staff, found by a code, entered once.

A code is in the address, in a QR or typed. Wrong codes are counted, right ones never.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from districts.models import District
from events.attendance import codes
from events.attendance.persons import Person, folded
from events.models import LONGEST_DAYS, CheckInDoor, EventState, Occurrence, Way
from events.services import attending, participants
from safeguards import audit, facts, rates

# As for class runs: by device, by address, by office. See modules/services/joining.py.
WRONG_BY_DEVICE, WRONG_BY_ADDRESS, WRONG_BY_OFFICE = 12, 600, 3_000
GUESSING_WINDOW = timedelta(minutes=10)
# To fill in the form once the code was right; it may change meanwhile.
TICKET_HOLDS = timedelta(minutes=15)
_TICKETS = "events.door.ticket"
_DAY = timedelta(days=1)


class NoSuchDoor(Exception):
    """No door of this office has, or lately had, this code; 404."""


class CodeExpired(Exception):
    """The code was right, and is over: 410."""


class TooManyGuesses(Exception):
    """The budget of wrong codes is used up: 429; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Entrance:
    """A door as a right code opens it. `state` is open, not_yet or over.

    `occurrence` has its event and the event's district.
    """

    door: CheckInDoor
    occurrence: Occurrence
    state: str


def open_door(
    *,
    occurrence: Occurrence,
    actor: Any,
    now: datetime,
    allows_static: bool | None = None,
    opens_before: int | None = None,
    closes_after: int | None = None,
) -> CheckInDoor:
    """Open the door of a date, or open it again; None leaves what was said before."""
    told = {
        "allows_static": allows_static,
        "opens_before": opens_before,
        "closes_after": closes_after,
    }
    values = {name: value for name, value in told.items() if value is not None}
    with transaction.atomic():
        door, _made = CheckInDoor.objects.select_for_update().update_or_create(
            occurrence=occurrence,
            defaults=values | {"closed_at": None},
            create_defaults={
                **values,
                "district_id": occurrence.district_id,
                "salt": codes.new_salt(),
                "opened_by": actor,
                "created_at": now,
            },
        )
        _note("door.opened", door, occurrence, actor, now)
    return door


def close_door(*, door: CheckInDoor, actor: Any, now: datetime) -> CheckInDoor:
    """Let nobody in any more; safe to repeat."""
    with transaction.atomic():
        if CheckInDoor.objects.filter(pk=door.pk, closed_at__isnull=True).update(closed_at=now):
            _note("door.closed", door, door.occurrence, actor, now)
    door.refresh_from_db(fields=["closed_at"])
    return door


def renew_door(*, door: CheckInDoor, actor: Any, now: datetime) -> CheckInDoor:
    """End every code of before, the one on paper too."""
    with transaction.atomic():
        CheckInDoor.objects.filter(pk=door.pk).update(salt=codes.new_salt())
        _note("door.renewed", door, door.occurrence, actor, now)
    door.refresh_from_db(fields=["salt"])
    return door


def window_of(door: CheckInDoor, occurrence: Occurrence) -> tuple[datetime, datetime]:
    """From when until when people may check in."""
    return (
        occurrence.start - timedelta(minutes=door.opens_before),
        occurrence.end + timedelta(minutes=door.closes_after),
    )


def state_of(door: CheckInDoor, occurrence: Occurrence, now: datetime) -> str:
    opens, closes = window_of(door, occurrence)
    gone = occurrence.is_cancelled or occurrence.event.state == EventState.CANCELLED
    if door.closed_at is not None or gone or now >= closes:
        return "over"
    return "not_yet" if now < opens else "open"


def current_code(door: CheckInDoor, now: datetime) -> codes.Code:
    """What the screen shows now; after `until` it shows another."""
    return codes.code_at(door.pk, door.salt, codes.step_at(now))


def paper_code(door: CheckInDoor) -> codes.Code | None:
    """What may be printed: it opens the door in its window alone; None where none is allowed."""
    return codes.code_at(door.pk, door.salt, codes.KERTAS) if door.allows_static else None


def find_door(
    *, district: District, told: str, device: str, address: str, now: datetime
) -> Entrance:
    """The door of a scanned or typed code; raises NoSuchDoor, CodeExpired, TooManyGuesses."""
    budgets = _budgets(district, device, address)
    verdict = rates.spent(*budgets[:-1], now=now)
    if not verdict.allowed:
        raise TooManyGuesses(verdict.retry_after)
    scanned = codes.read_scanned(told)
    try:
        if scanned is not None:
            return _by_scan(district, scanned, now)
        return _by_typing(district, codes.read_typed(told), now)
    except NoSuchDoor:
        _count_wrong(budgets, now)
        raise


def ticket_for(entrance: Entrance, *, key: UUID, now: datetime) -> str:
    """Lets one form with this key in for a quarter of an hour, whatever the code is by then."""
    told = {"d": entrance.door.pk, "s": entrance.door.salt[:8], "k": key.hex}
    return signing.dumps(told | {"t": int(now.timestamp())}, salt=_TICKETS)


def find_by_ticket(
    *, district: District, ticket: str, now: datetime
) -> tuple[Entrance, UUID, datetime]:
    """The door of a ticket, the key that its form has to have, and when the ticket was made.

    Whatever else is handed out for it is of that moment too, or it would never end. Raises as
    `find_door`.
    """
    try:
        told = signing.loads(ticket[:400], salt=_TICKETS)
        key, made = UUID(told["k"]), datetime.fromtimestamp(told["t"], UTC)
        entrance = _entrance(district, told["d"], now)
    except (signing.BadSignature, KeyError, ValueError) as wrong:
        raise NoSuchDoor from wrong
    if entrance.door.salt[:8] != told["s"] or now - made > TICKET_HOLDS:
        raise CodeExpired
    return entrance, key, made


def check_in(
    *,
    entrance: Entrance,
    person: Person | None,
    person_key: UUID | None = None,
    key: UUID,
    now: datetime,
) -> facts.Outcome:
    """Somebody checks in at a door that was found; once, however often they do.

    `person_key` is what a device proves to have checked in with before (a signed cookie); then
    `person` may be None. Answers as `attending.mark`, with the key to remember in
    `response["person"]`; 410 at a closed door, 409 before it opens.
    """
    if entrance.state != "open":
        over = entrance.state == "over"
        reason = (
            _("Check-in has ended. Please tell whoever leads the session.")
            if over
            else _("Check-in has not begun yet. Try again shortly before the session.")
        )
        return facts.Outcome("rejected", 410 if over else 409, reason=reason)
    occurrence = entrance.occurrence
    if person is None:
        if person_key is None:
            return facts.Outcome("rejected", 422, reason=_("Please write a name."))
        person = Person(person_key)
    else:
        # A guardian's consent is written down by staff, not by whoever stands at the door.
        person = replace(person, consent="")
        try:
            person = _who_is_it(occurrence, person, person_key)
        except facts.Refused as refusal:
            return facts.Outcome("rejected", refusal.http, reason=refusal.reason)
    item = attending.facts_item(
        kind=attending.KIND,
        occurrence=occurrence,
        person=person,
        status="hadir",
        way=Way.SELF,
        key=key,
        now=now,
        source=attending.Source(),
    )
    # Who was erased and comes again does so of their own will, under their number, not their key.
    numbers = tuple(subject for subject in item.subjects if subject != person.key)
    return attending.answered(replace(item, aside=None, readmits=numbers), now)


def _who_is_it(occurrence: Occurrence, person: Person, key: UUID | None) -> Person:
    known = participants.find(occurrence.district_id, key) if key is not None else None
    # A telephone is lent: under another name it is somebody else.
    if known is not None and known.folded == folded(person.name):
        return replace(person, key=known.key)
    return participants.self_told(occurrence=occurrence, person=person)


def _by_scan(district: District, scanned: codes.Scanned, now: datetime) -> Entrance:
    entrance = _entrance(district, scanned.door, now)
    if not codes.is_genuine(entrance.door.salt, scanned):
        raise NoSuchDoor
    if scanned.step == codes.KERTAS:
        if not entrance.door.allows_static:
            raise CodeExpired
    elif not 0 <= codes.step_at(now) - int(scanned.step, 36) <= codes.GRACE:
        raise CodeExpired
    return entrance


def _by_typing(district: District, typed: str, now: datetime) -> Entrance:
    if not typed:
        raise NoSuchDoor
    near = _doors(district).filter(
        occurrence__start__lte=now + _DAY,
        occurrence__end__gte=now - _DAY,
        occurrence__day__gte=(now - _DAY * (LONGEST_DAYS + 2)).date(),
    )
    step = codes.step_at(now)
    found, old = [], False
    for door in near:
        if door.allows_static and codes.typed(door.salt, codes.KERTAS) == typed:
            found.append(door)
            continue
        ages = (n for n in range(codes.REMEMBERED) if _typed(door, step - n) == typed)
        age = next(ages, None)
        if age is not None and age <= codes.GRACE:
            found.append(door)
        old = old or age is not None
    if len(found) == 1:
        return _at(found[0], now)
    # Two doors with one code are nobody's: it changes within a minute.
    raise CodeExpired if old or found else NoSuchDoor


def _typed(door: CheckInDoor, step: int) -> str:
    return codes.typed(door.salt, codes.in_36(step))


def _doors(district: District) -> Any:
    return CheckInDoor.objects.for_district(district).select_related(
        "occurrence__event__district__site",
        "occurrence__event__organiser",
        "occurrence__event__region__parent",
    )


def _entrance(district: District, pk: int, now: datetime) -> Entrance:
    door = _doors(district).filter(pk=pk).first()
    if door is None:
        raise NoSuchDoor
    return _at(door, now)


def _at(door: CheckInDoor, now: datetime) -> Entrance:
    return Entrance(door, door.occurrence, state_of(door, door.occurrence, now))


def _note(verb: str, door: CheckInDoor, occurrence: Occurrence, actor: Any, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=actor.pk,
        obj=door,
        site=occurrence.event.district.site_id,
        now=now,
        occurrence=occurrence.pk,
    )


def _budgets(district: District, device: str, address: str) -> list[rates.Budget]:
    """From the narrowest to the widest; the last is the office's, and refuses wrong codes alone."""
    limits = [("address", address, WRONG_BY_ADDRESS), ("office", "", WRONG_BY_OFFICE)]
    if device:
        limits.insert(0, ("device", device, WRONG_BY_DEVICE))
    return [
        rates.Budget(f"events.door.{name}", f"{district.pk} {key}", limit, GUESSING_WINDOW)
        for name, key, limit in limits
    ]


def _count_wrong(budgets: list[rates.Budget], now: datetime) -> None:
    for budget in budgets:
        verdict = rates.allow(
            scope=budget.scope, key=budget.key, limit=budget.limit, window=budget.window, now=now
        )
        if not verdict.allowed:
            raise TooManyGuesses(verdict.retry_after)
