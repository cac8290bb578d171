"""The report of a session: every save and every sending is a fact, told once.

Facts may arrive in any order, split and repeated: the words of the newest by (client time, key)
stand, and a report is sent when the newest sending is newer than the last time it was sent back.
Forms say which version they were opened with besides, and are told when it is stale. A fact that
would change a report that the office has accepted waits for somebody of the office.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from districts.models import Commitment
from districts.services.memberships import active_memberships
from events.attendance.access import may_record
from events.minutes import to_html
from events.models import Event, FollowUp, Occurrence, ReportState, SessionReport
from safeguards import audit, facts
from safeguards.clocks import told_moment

KIND = "laporan"
SEND = "laporan-kirim"
TEXTS = ("minutes", "results", "challenges", "solutions", "cost_source")
MOST_FOLLOW_UPS = 20
TICK = timedelta(microseconds=1)


class StaleReport(facts.Refused):
    """Somebody changed the report since the form was opened."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed this report while you were writing."), http=409)


def why_not_yet(row: Occurrence, now: datetime) -> str:
    """Why this date can't be reported, in words; "" when it can.

    That nobody has approved the session yet is no reason: the office approves what is shown to
    others, and a report says what happened.
    """
    if row.is_cancelled or row.was_called_off:
        return _("This session was cancelled.")
    if row.start > now:
        return _("This session has not begun yet. Its report can be written afterwards.")
    return ""


def save_report(
    *,
    occurrence: Occurrence,
    actor: Any,
    key: UUID,
    values: dict[str, Any],
    now: datetime,
    client_time: datetime | None = None,
    version: int | None = None,
    send: bool = False,
) -> facts.Outcome:
    """Keep what somebody reports of a date, and send it to the office when they say so.

    `values` has the texts of `TEXTS`, `cost` in whole rupiah or None, `follow_ups` as mappings
    {what, owner, due}, `commitments` as primary keys, and from the screen `chapters` as the report
    keeps them: a device tells none, and leaves those that stand. `version` is the one a form was
    opened with, 0 for a report that did not exist; without it the newest words win. The response
    is {"report", "state", "version"}. Answers besides those of `facts.accept`: 403 for who may not,
    409 for a date that can't be reported and for a stale form.
    """
    item = report_item(
        occurrence=occurrence,
        actor=actor,
        key=key,
        values=values,
        now=now,
        client_time=client_time,
        version=version,
        send=send,
    )
    return facts.judge_batch([item], now=now)[0]


def report_item(
    *,
    occurrence: Occurrence,
    actor: Any,
    key: UUID,
    values: dict[str, Any],
    now: datetime,
    client_time: datetime | None = None,
    version: int | None = None,
    send: bool = False,
    insists: bool = False,
) -> facts.Item:
    """As `save_report`, to be judged in a batch; `insists` changes also what was accepted."""
    moment = _moment(client_time, now)
    words = _as_told(values)

    def apply() -> dict[str, Any]:
        row = _held(occurrence, actor, now)
        _check_version(row, version)
        told = moment if version is None else _after_all(row, moment)
        newer = row.told_at is None or (told, key.int) > (row.told_at, row.told_key.int)
        if newer and row.state == ReportState.ACCEPTED:
            if not insists:
                raise facts.Doubtful(_("The office has accepted this report already."))
            # Somebody of the office let it through: it is accepted anew.
            row.state, row.accepted_at, row.people = ReportState.SENT, None, None
        if newer:
            _write(row, values, actor)
            row.told_at, row.told_key = told, key
        sends = send and _note_sending(row, actor, told)
        if newer or sends:
            _keep(row, actor, now, "report.sent" if sends else "report.saved")
        return _told_of(row)

    return facts.Item(
        kind=KIND,
        key=key,
        body={
            "occurrence": str(occurrence.key),
            "send": send,
            "words": facts.canonical_hash(words),
            "at": client_time,
        },
        site=occurrence.event.district.site_id,
        apply=apply,
        client_time=client_time,
        subjects=(actor,),
        aside={"body": {"occurrence": str(occurrence.key), "send": send, **words}},
    )


def send_report(
    *,
    occurrence: Occurrence,
    actor: Any,
    key: UUID,
    now: datetime,
    client_time: datetime | None = None,
    version: int | None = None,
) -> facts.Outcome:
    """Send the report of a date to the office; before its words arrive it stays a draft."""
    item = sending_item(
        occurrence=occurrence,
        actor=actor,
        key=key,
        now=now,
        client_time=client_time,
        version=version,
    )
    return facts.judge_batch([item], now=now)[0]


def sending_item(
    *,
    occurrence: Occurrence,
    actor: Any,
    key: UUID,
    now: datetime,
    client_time: datetime | None = None,
    version: int | None = None,
) -> facts.Item:
    """As `send_report`, to be judged in a batch."""
    moment = _moment(client_time, now)

    def apply() -> dict[str, Any]:
        row = _held(occurrence, actor, now)
        _check_version(row, version)
        if version is not None and row.told_at is None:
            raise facts.Refused(_("There is nothing to send yet."), http=409)
        told = moment if version is None else _after_all(row, moment)
        if _note_sending(row, actor, told):
            _keep(row, actor, now, "report.sent")
        return _told_of(row)

    body = {"occurrence": str(occurrence.key), "at": client_time}
    return facts.Item(
        kind=SEND,
        key=key,
        body=body,
        site=occurrence.event.district.site_id,
        apply=apply,
        client_time=client_time,
        subjects=(actor,),
        aside={"body": body},
    )


def may_report(actor: Any, event: Event) -> bool:
    """Whoever planned the session, organises it, or decides about sessions of the office."""
    if actor.is_active and actor.is_superuser:
        return True
    return may_record(actor, list(active_memberships(actor, event.district)), event)


def held_report(occurrence: Occurrence, now: datetime) -> SessionReport:
    """The report of a date, made where there is none, held until the transaction ends."""
    rows = SessionReport.objects.filter(occurrence=occurrence)
    if not rows.exists():
        row = SessionReport(
            district_id=occurrence.district_id,
            occurrence=occurrence,
            created_at=now,
            modified_at=now,
            version=0,
        )
        SessionReport.objects.bulk_create([row], ignore_conflicts=True)
    return rows.select_for_update(of=("self",)).get()


def _held(occurrence: Occurrence, actor: Any, now: datetime) -> SessionReport:
    if not may_report(actor, occurrence.event):
        raise facts.Refused(_("This session is not yours to report on."), http=403)
    if closed := why_not_yet(occurrence, now):
        raise facts.Refused(closed, http=409)
    return held_report(occurrence, now)


def _check_version(row: SessionReport, version: int | None) -> None:
    if version is None:
        return
    if row.version != version:
        raise StaleReport
    if not row.is_open:
        raise facts.Refused(
            _("This report was sent. The office has to send it back before it can be changed."),
            http=409,
        )


def _moment(client_time: datetime | None, now: datetime) -> datetime:
    """When it was told; a clock that runs ahead must not win for ever."""
    told = told_moment(client_time)
    return now if told is None else min(told, now)


def _after_all(row: SessionReport, moment: datetime) -> datetime:
    """A form that knew what stands comes after it, also within one tick of the clock."""
    known = [one for one in (row.told_at, row.send_at, row.returned_at) if one is not None]
    return max([moment, *(one + TICK for one in known)])


def _note_sending(row: SessionReport, actor: Any, told: datetime) -> bool:
    """Whether this sending is the newest one; of two at one moment the later account's is.

    What the office has accepted stays as it was sent, and what it sent back is not sent again by
    a sending that is older: who sent it back may have sent it themselves before.
    """
    if row.state == ReportState.ACCEPTED:
        return False
    if row.returned_at is not None and told <= row.returned_at:
        return False
    if row.send_at is not None and (told, actor.pk) <= (row.send_at, row.sent_by_id or 0):
        return False
    row.send_at, row.sent_by = told, actor
    return True


def _write(row: SessionReport, values: dict[str, Any], actor: Any) -> None:
    for name in TEXTS:
        setattr(row, name, values.get(name, ""))
    row.minutes_html = to_html(row.minutes)
    row.cost = values.get("cost")
    row.chapters = values.get("chapters", row.chapters)
    row.author = actor
    row.save()
    row.follow_ups.all().delete()
    FollowUp.objects.bulk_create(
        FollowUp(
            district_id=row.district_id,
            report=row,
            what=one["what"],
            owner=one.get("owner", ""),
            due=one.get("due"),
            position=number,
        )
        for number, one in enumerate(list(values.get("follow_ups", ()))[:MOST_FOLLOW_UPS])
    )
    known = Commitment.objects.for_district(row.district_id)
    row.commitments.set(known.filter(pk__in=values.get("commitments", ())))


def _keep(row: SessionReport, actor: Any, now: datetime, verb: str) -> None:
    """Save a changed report in the state that follows from what is known of it."""
    is_sent = (
        row.told_at is not None
        and row.send_at is not None
        and (row.returned_at is None or row.send_at > row.returned_at)
    )
    if is_sent and row.state != ReportState.ACCEPTED:
        row.state, row.sent_at, row.decided_by = ReportState.SENT, row.send_at, None
    touch(row, now)
    note(row, actor, now, verb)


def _told_of(row: SessionReport) -> dict[str, Any]:
    return {"report": row.pk, "state": str(row.state), "version": row.version}


def touch(row: SessionReport, now: datetime) -> None:
    row.version += 1
    row.modified_at = max(now, row.modified_at)
    row.save()


def note(row: Any, actor: Any, now: datetime, verb: str, **details: Any) -> None:
    audit.record(
        verb=verb, actor_id=actor.pk, obj=row, site=row.district.site_id, now=now, **details
    )


def _as_told(values: dict[str, Any]) -> dict[str, Any]:
    """The values as a device tells them: plain, in a fixed order."""
    return {
        **{name: values.get(name, "") for name in TEXTS},
        "cost": values.get("cost"),
        "follow_ups": [
            {"what": one["what"], "owner": one.get("owner", ""), "due": _day(one.get("due"))}
            for one in values.get("follow_ups", ())
        ],
        "commitments": sorted(values.get("commitments", ())),
        **{name: values[name] for name in ("chapters",) if name in values},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
