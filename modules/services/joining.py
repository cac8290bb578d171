"""Somebody joins a run with its code: no account, no name, one tap."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from districts.models import District
from modules.codes import read_code
from modules.late import ended_at
from modules.models import ClassRun, Participant
from modules.nicknames import nickname
from modules.services.runs import MOST_PARTICIPANTS, REOPEN_WITHIN, is_over, is_running
from safeguards import facts, rates
from safeguards.tokens import digest

KIND = "modules.join"
# Wrong codes, never right ones, are counted: by device, then by address, then by office. A school
# of 500 behind one address types far fewer wrong ones than that. Whose device or address has used
# up its budget finds no code any more; the office's own refuses wrong codes alone, or anybody could
# close the doors of all its classes from outside.
WRONG_BY_DEVICE, WRONG_BY_ADDRESS, WRONG_BY_OFFICE = 12, 600, 3_000
GUESSING_WINDOW = timedelta(minutes=10)


class NoSuchRun(Exception):
    """Nothing on this host runs, or ran lately, under this code."""


class TooManyGuesses(Exception):
    """The budget of wrong codes is used up; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Door:
    """A run as its code opens it. `state` is open, locked, full, over or not_yet."""

    run: ClassRun
    state: str


def find_run(
    *,
    district: District,
    typed: str,
    device: str,
    address: str,
    now: datetime,
    has_joined: bool = False,
) -> Door:
    """The run of a typed code; only wrong codes are counted. Raises NoSuchRun, TooManyGuesses.

    `has_joined`: the device proves by its cookie that it knows this code, so nothing is guessed.
    """
    budgets = _budgets(district, device, address)
    if not has_joined:
        verdict = rates.spent(*budgets[:-1], now=now)
        if not verdict.allowed:
            raise TooManyGuesses(verdict.retry_after)
    code = read_code(typed)
    run = (
        ClassRun.objects.for_district(district)
        .select_related("district__site", "edition")
        # Each process has read it already.
        .defer("edition__content")
        # Where hands are counted or paper is filled in, no phone belongs.
        .filter(code=code, mode=ClassRun.Mode.PHONES)
        .first()
        if code
        else None
    )
    if run is None or _is_long_over(run, now):
        _count_wrong(budgets, now)
        raise NoSuchRun(typed[:20])
    return Door(run, door_state(run, now))


def door_state(run: ClassRun, now: datetime) -> str:
    if is_over(run, now):
        return "over"
    if not is_running(run, now):
        return "not_yet"
    if run.locked:
        return "locked"
    return "open"


def token_of(key: UUID) -> str:
    """What the device of a participant carries: follows from the key and our secret."""
    made = salted_hmac("modules.participant", key.hex, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:24]).decode()


def join(*, run: ClassRun, key: UUID, now: datetime) -> facts.Outcome:
    """Join once per key; `response` is {"participant": pk, "nickname": words}.

    A late one is welcome while the run is open. Refused: 410 when it is over, 423 when it is
    locked, 409 when it is full, 404 where no phones belong.
    """
    if run.mode != ClassRun.Mode.PHONES:
        return facts.Outcome("rejected", 404, reason=_("We know no class with this code."))
    known = Participant.objects.filter(run=run, key=key).first()
    if known is None:
        # A repeat is let in whatever the door says meanwhile.
        state = door_state(run, now)
        refused = _refusal(run, state)
        if refused is not None:
            return refused

    def apply() -> dict:
        # First, because the row is the lock: one after another they draw their words and count.
        ClassRun.objects.filter(pk=run.pk).update(pulse=F("pulse") + 1)
        taken = list(run.participants.values_list("nickname", flat=True))
        if len(taken) >= MOST_PARTICIPANTS:
            raise facts.Refused(_("This session is full. Tell whoever leads it."), http=409)
        participant = Participant.objects.create(
            run=run,
            key=key,
            nickname=nickname(set(taken)),
            token_digest=digest(token_of(key)),
            joined_at=now,
        )
        return {"participant": participant.pk, "nickname": participant.nickname}

    return facts.accept(
        kind=KIND, key=key, body={"run": run.pk}, site=run.district.site, apply=apply, now=now
    )


def carrier_of(*, run: ClassRun, token: str) -> Participant | None:
    """Who carries this token in this run, also who was sent out; None for nobody."""
    if not token:
        return None
    return run.participants.filter(token_digest=digest(token)).first()


def participant_of(*, run: ClassRun, token: str) -> Participant | None:
    """Who carries this token in this run; None for nobody, and for who was sent out."""
    found = carrier_of(run=run, token=token)
    return found if found is not None and found.removed_at is None else None


def _refusal(run: ClassRun, state: str) -> facts.Outcome | None:
    if state == "locked":
        reason = _("The door is closed. Ask whoever leads the session to open it.")
        return facts.Outcome("rejected", 423, reason=reason)
    if state == "over":
        reason = _("This session has ended. Thank you for wanting to join.")
        return facts.Outcome("rejected", 410, reason=reason)
    if state == "not_yet":
        reason = _("This session has not begun yet. Try again in a moment.")
        return facts.Outcome("rejected", 409, reason=reason, retry_after=10)
    return None


def _is_long_over(run: ClassRun, now: datetime) -> bool:
    """A code says nothing any more once its run can't be opened again."""
    ended = ended_at(run)
    return is_over(run, now) and ended is not None and now - ended > REOPEN_WITHIN


def _budgets(district: District, device: str, address: str) -> list[rates.Budget]:
    """From the narrowest to the widest; the last is the office's."""
    limits = [("address", address, WRONG_BY_ADDRESS), ("office", "", WRONG_BY_OFFICE)]
    if device:
        limits.insert(0, ("device", device, WRONG_BY_DEVICE))
    return [
        rates.Budget(f"modules.code.{name}", f"{district.pk} {key}", limit, GUESSING_WINDOW)
        for name, key, limit in limits
    ]


def _count_wrong(budgets: list[rates.Budget], now: datetime) -> None:
    for budget in budgets:
        verdict = rates.allow(
            scope=budget.scope, key=budget.key, limit=budget.limit, window=budget.window, now=now
        )
        if not verdict.allowed:
            raise TooManyGuesses(verdict.retry_after)
