"""Who came: one service for the roll call, the door, the scanner, sheets, paper and the queue.

Marks (`hadir`) and corrections (`hadir-ubah`) are facts. One row holds for a person at a date,
whatever is told in what order, how often and in how many pieces: `events.attendance.order` says
which telling that is. Of corrections it is the latest by (moment of the device, key), and one that
is told live on a screen is later than what holds.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from events.attendance import closing, order
from events.attendance.persons import Person, words_of
from events.models import CAME, Attendance, Occurrence, Participant, Status, Way
from events.services import participants
from safeguards import audit, facts
from safeguards.compiled import CompiledInsert
from safeguards.lost_updates import check_opened

KIND, CORRECTION_KIND = "hadir", "hadir-ubah"
STATUSES, WAYS = frozenset(Status.values), frozenset(Way.values)
MARKS = STATUSES - {Status.UNDONE}
_ATTENDANCE = CompiledInsert(Attendance)


@dataclass(frozen=True)
class Source:
    """Who tells and how: `member` is None at the door; `is_queued` where nobody waits for the
    answer, so that what is doubtful is set aside instead of refused; `insists` once a person has
    looked at it. `aside` names the device in what is set aside. `reason` is a code of why something
    is corrected, for the audit line; `opened` an imprint of `standing_as` that the form showed."""

    member: Any = None
    is_queued: bool = False
    insists: bool = False
    aside: dict | None = None
    reason: str = ""
    opened: str | None = None

    def is_live(self, client_time: datetime | None) -> bool:
        """Whether somebody tells it now, on a screen that shows what holds."""
        return not self.is_queued and client_time is None


def mark(
    *,
    occurrence: Occurrence,
    person: Person,
    status: str,
    way: str,
    key: UUID,
    now: datetime,
    source: Source = Source(),
    client_time: datetime | None = None,
) -> facts.Outcome:
    """Record that somebody came, or did not. `occurrence` has its event and the event's district.

    `response` is {"attendance", "person", "status", "already"}; 201, or 200 `already` for a repeat
    and for somebody of whom the same is known. Refused: 422 for what may not be written down of a
    person (S-09), 404 for a person nobody told of, 409 for a closed or cancelled session, 410 for
    somebody who was erased. Any order of the same marks and corrections ends in the same row.
    """
    return answered(facts_item(
        kind=KIND, occurrence=occurrence, person=person, status=status, way=way, key=key, now=now,
        source=source, client_time=client_time,
    ), now)  # fmt: skip


def correct(
    *,
    occurrence: Occurrence,
    person: Person,
    status: str,
    way: str = Way.ROLL_CALL,
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
) -> facts.Outcome:
    """Say otherwise what was marked, or take it back with `batal`; leaves an audit line.

    The latest correction by (client_time, key) holds, over all marks; one told live holds at once,
    even over a device whose clock is ahead. Answers as `mark`, with "applied" in the response:
    whether it is what holds now. Raises Outdated where another status stands than the source's
    form was opened with.
    """
    return answered(facts_item(
        kind=CORRECTION_KIND, occurrence=occurrence, person=person, status=status, way=way, key=key,
        now=now, source=source, client_time=client_time,
    ), now)  # fmt: skip


def standing_as(status: str) -> dict[str, str]:
    """What a form that corrects one person shows."""
    return {"status": status}


def answered(item: facts.Item, now: datetime) -> facts.Outcome:
    """Have the fact accepted; who is there already is told so."""
    [outcome] = facts.judge_batch([item], now=now)
    return told_already(outcome)


def stands_otherwise(outcome: facts.Outcome, status: str) -> bool:
    """Whether somebody was told to have come, or not, of whom a correction says otherwise."""
    stands = outcome.response.get("status")
    return stands is not None and (stands in CAME) != (status in CAME)


def told_already(outcome: facts.Outcome) -> facts.Outcome:
    if outcome.status == "created" and outcome.response.get("already"):
        return replace(outcome, status="already", http=200, reason=_("Already recorded."))
    return outcome


def facts_item(
    *,
    kind: str,
    occurrence: Occurrence,
    person: Person,
    status: str,
    way: str,
    key: UUID,
    now: datetime,
    source: Source,
    client_time: datetime | None = None,
) -> facts.Item:
    """The fact with what it does; what can be judged without a lock is judged here."""
    told = order.telling(key, client_time, now)
    is_correction = kind == CORRECTION_KIND
    fault: facts.Refused | None = None
    known = None
    try:
        if status not in (STATUSES if is_correction else MARKS) or way not in WAYS:
            raise facts.Refused(_("This can't be recorded of a person."))
        known = participants.prepared(occurrence=occurrence, person=person)
    except facts.Refused as refusal:
        # Raised once it is clear that this was never recorded before.
        fault = refusal
    doubt = ""
    if not (fault or source.insists):
        doubt = closing.doubt(occurrence, told, now, came=status in CAME)

    def apply() -> dict[str, Any]:
        if fault is not None:
            raise fault
        if doubt:
            raise _doubtful(doubt, source)
        row = participants.keep(
            occurrence=occurrence, known=known, told=told, now=now, fills=source.member is None
        )
        if row is None:
            # Perhaps another device has not sent this person yet.
            raise _unknown(source)
        if row.is_minor and not person.is_told and row.name:
            participants.check_minor(occurrence)
        is_live = is_correction and source.is_live(client_time)
        return _put(
            occurrence, row, person.key, status, way, told, source, now, is_correction, is_live
        )

    return facts.Item(
        kind=kind,
        key=key,
        body={
            "occurrence": str(occurrence.key),
            "person": str(person.key),
            "words": words_of(person),
            "status": status,
            "way": way,
            "at": told.client_time,
        },
        site=occurrence.event.district.site_id,
        apply=apply,
        client_time=client_time,
        subjects=(person.key, known.person.phone) if known and known.person.phone
        else (person.key,),
        aside=source.aside if source.aside is not None else {},
    )  # fmt: skip


def _put(
    occurrence: Occurrence,
    participant: Participant,
    person_key: UUID,
    status: str,
    way: str,
    told: order.Telling,
    source: Source,
    now: datetime,
    is_correction: bool,
    is_live: bool,
) -> dict[str, Any]:
    rank = order.rank_of(status, is_correction=is_correction)
    values = {
        "status": status,
        "way": way,
        "rank": rank,
        "told_at": told.at,
        "key": told.key,
        "client_time": told.client_time,
        "server_time": now,
        "skewed": told.skewed,
        "recorded_by_id": getattr(source.member, "pk", None),
    }
    pk = _ATTENDANCE.row(
        district_id=occurrence.district_id,
        occurrence_id=occurrence.pk,
        participant_id=participant.pk,
        **values,
    )
    before, applied = "", True
    if pk is None:
        row = Attendance.objects.select_for_update().get(
            occurrence_id=occurrence.pk, participant_id=participant.pk
        )
        pk, before = row.pk, row.status
        check_opened(source.opened, stands=standing_as(before), told=standing_as(status))
        if is_live and row.rank == rank:
            told = order.just_after(told, row.told_at, row.key)
            values["told_at"] = told.at
        ours = order.weight(rank, told.at, told.key)
        applied = ours > order.weight(row.rank, row.told_at, row.key)
        if applied:
            Attendance.objects.filter(pk=pk).update(**values)
    if is_correction:
        audit.record(
            verb="attendance.corrected",
            actor_id=values["recorded_by_id"],
            obj=Attendance(pk=pk),
            site=occurrence.event.district.site_id,
            now=now,
            before=before,
            after=status,
            applied=applied,
            reason=source.reason,
        )
    holds = status if applied else before
    response = {"attendance": pk, "person": str(person_key), "status": holds}
    if is_correction:
        return response | {"applied": applied}
    return response | {"already": bool(before) and before == holds}


def _doubtful(reason: str, source: Source) -> Exception:
    return facts.Doubtful(reason) if source.is_queued else facts.Refused(reason, http=409)


def _unknown(source: Source) -> Exception:
    reason = _("We do not know this person yet.")
    return facts.Doubtful(reason) if source.is_queued else facts.Refused(reason, http=404)
