"""Somebody joins a run with its code: no account, no name, one tap."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from districts.models import District
from modules.codes import read_code
from modules.models import ClassRun, Participant
from modules.nicknames import nickname
from modules.services.runs import MOST_PARTICIPANTS, is_over, is_running
from safeguards import facts, rates
from safeguards.tokens import digest

KIND = "modules.join"
# Wrong codes, never right ones, are counted: by device, then by address, then by office. A school
# of 500 behind one address types far fewer wrong ones than that.
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


def find_run(*, district: District, typed: str, device: str, address: str, now: datetime) -> Door:
    """The run of a typed code; only wrong codes are counted. Raises NoSuchRun, TooManyGuesses."""
    code = read_code(typed)
    run = (
        ClassRun.objects.for_district(district)
        .select_related("district__site", "edition")
        .filter(code=code)
        .first()
        if code
        else None
    )
    if run is None:
        _count_wrong(district, device, address, now)
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
    locked, 409 when it is full.
    """
    known = Participant.objects.filter(run=run, key=key).first()
    if known is None:
        # A repeat is let in whatever the door says meanwhile.
        state = door_state(run, now)
        refused = _refusal(run, state)
        if refused is not None:
            return refused

    def apply() -> dict:
        taken = set(run.participants.values_list("nickname", flat=True))
        if len(taken) >= MOST_PARTICIPANTS:
            raise facts.Refused(_("This session is full. Tell whoever leads it."), http=409)
        participant = _create(run, key, taken, now)
        ClassRun.objects.filter(pk=run.pk).update(pulse=F("pulse") + 1)
        return {"participant": participant.pk, "nickname": participant.nickname}

    return facts.accept(
        kind=KIND, key=key, body={"run": run.pk}, site=run.district.site, apply=apply, now=now
    )


def participant_of(*, run: ClassRun, token: str) -> Participant | None:
    """Who carries this token in this run; None for nobody, and for who was sent out."""
    if not token:
        return None
    return run.participants.filter(token_digest=digest(token), removed_at__isnull=True).first()


def _create(run: ClassRun, key: UUID, taken: set[str], now: datetime) -> Participant:
    while True:
        words = nickname(taken)
        try:
            with transaction.atomic():
                return Participant.objects.create(
                    run=run,
                    key=key,
                    nickname=words,
                    token_digest=digest(token_of(key)),
                    joined_at=now,
                )
        except IntegrityError:
            # On PostgreSQL two may draw the same words at once.
            if words in taken:
                raise
            taken.add(words)


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


def _count_wrong(district: District, device: str, address: str, now: datetime) -> None:
    budgets = (
        ("device", f"{device or address}", WRONG_BY_DEVICE if device else WRONG_BY_ADDRESS),
        ("address", address, WRONG_BY_ADDRESS),
        ("office", "", WRONG_BY_OFFICE),
    )
    for name, key, limit in budgets:
        verdict = rates.allow(
            scope=f"modules.code.{name}",
            key=f"{district.pk} {key}",
            limit=limit,
            window=GUESSING_WINDOW,
            now=now,
        )
        if not verdict.allowed:
            raise TooManyGuesses(verdict.retry_after)
