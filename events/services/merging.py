"""Two rows of one person become one, by a human; for a while that can be undone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from districts.models import District
from districts.services.memberships import active_memberships
from events.attendance import order
from events.attendance.access import may_judge
from events.attendance.parting import Said, parted, told_of
from events.models import Attendance, MergedAttendance, Occurrence, Participant, PersonMerge
from events.models.merge import UNDO_DAYS
from events.services.attending import CORRECTION_KIND, KIND
from events.services.participants import kept_until, keys_of, who_stays
from safeguards import audit
from safeguards.facts import Refused
from safeguards.models import Fact

# Longer than any request lasts: what is not recorded yet when one begins is told since then.
LONGEST_REQUEST = timedelta(hours=1)


def merge(*, into: Participant, other: Participant, actor: Any, now: datetime) -> Participant:
    """`other` was the same person: their sessions become those of `into`. Safe to repeat.

    Of two rows at one date the heavier telling holds, as if both had been told of one person.
    What held before is kept for `UNDO_DAYS`. Raises PermissionDenied, and Refused for two that
    can't be one.
    """
    district = _judged(into, other, actor)
    with transaction.atomic():
        into, other = _held(into, other)
        while into.merged_into_id is not None:
            into, other = _held(who_stays(into), other)
        if other.merged_into_id is not None or into.pk == other.pk:
            if who_stays(other).pk == into.pk and into.pk != other.pk:
                return into
            raise Refused(_("These two were merged already."), http=409)
        kept = PersonMerge.objects.create(
            district_id=into.district_id, into=into, other=other, merged_at=now,
            kept_until=into.keep_until,
        )  # fmt: skip
        _move_attendance(into, other, kept)
        if other.keep_until > into.keep_until and (other.is_minor or not into.is_minor):
            into.keep_until = other.keep_until
            into.save(update_fields=["keep_until"])
        other.merged_into = into
        other.save(update_fields=["merged_into"])
        _note("person.merged", into, other, district, actor, now)
    return into


def undoable(into: Participant, now: datetime) -> QuerySet[PersonMerge]:
    """Merges of this person that can be undone, the latest first; that one goes first."""
    since = now - timedelta(days=UNDO_DAYS)
    rows = PersonMerge.objects.for_district(into.district_id).filter(into=into, merged_at__gt=since)
    return rows.exclude(other__name="").select_related("other")


def part(*, into: Participant, other: Participant, actor: Any, now: datetime) -> Participant:
    """They are two people after all: each has their own sessions back. Safe to repeat.

    What was told since under the key of either is theirs; nothing recorded is lost. Raises
    PermissionDenied, and Refused: 410 where one was erased meanwhile or too much time went by, 409
    while a later merge stands.

    The facts are read through before the two are held, so that nobody at a door waits for it; then
    only the newest once more. What was set aside and is let through in between counts for who
    stays, where it holds.
    """
    district = _judged(into, other, actor)
    facts = _facts_of(into, other, district)
    with transaction.atomic():
        into, other = _held(into, other)
        if other.merged_into_id is None:
            return other
        if not (into.name and other.name):
            raise Refused(_("Everything about one of these two was erased."), http=410)
        kept = undoable(into, now).filter(other=other).first()
        if kept is None or other.merged_into_id != into.pk:
            raise Refused(_("This can't be undone any more."), http=410)
        later = PersonMerge.objects.filter(into=into, pk__gt=kept.pk)
        if into.merged_into_id is not None or later.exists():
            reason = _("They were put together with somebody else since. Undo that first.")
            raise Refused(reason, http=409)
        facts |= _facts_of(into, other, district, since=now - LONGEST_REQUEST)
        _share_out(into, other, kept, _told_in(facts, other, kept, district))
        _keep_no_longer(into, kept, district)
        other.merged_into = None
        other.save(update_fields=["merged_into"])
        kept.delete()
        _note("person.parted", into, other, district, actor, now)
    return other


def _judged(into: Participant, other: Participant, actor: Any) -> District:
    if into.district_id != other.district_id:
        raise PermissionDenied
    district = District.objects.get(pk=into.district_id)
    if not (actor.is_superuser or may_judge(active_memberships(actor, district))):
        raise PermissionDenied
    return district


def _held(into: Participant, other: Participant) -> tuple[Participant, Participant]:
    both = Participant.objects.select_for_update().order_by("pk").in_bulk([into.pk, other.pk])
    return both[into.pk], both[other.pk]


def _move_attendance(into: Participant, other: Participant, kept: PersonMerge) -> None:
    ours = {row.occurrence_id: row for row in into.attendance.select_for_update()}
    theirs = list(other.attendance.select_for_update())
    MergedAttendance.objects.bulk_create(
        MergedAttendance(
            district_id=row.district_id, merge=kept, occurrence_id=row.occurrence_id,
            of_other=row.participant_id == other.pk, **told_of(row),
        )
        for row in (*ours.values(), *theirs)
    )  # fmt: skip
    for row in theirs:
        known = ours.get(row.occurrence_id)
        if known is None:
            row.participant = into
            row.save(update_fields=["participant"])
            continue
        if order.weight(row.rank, row.told_at, row.key) > order.weight(
            known.rank, known.told_at, known.key
        ):
            Attendance.objects.filter(pk=known.pk).update(**told_of(row))
        row.delete()


def _share_out(
    into: Participant, other: Participant, kept: PersonMerge, told: Iterable[tuple[int, Said]]
) -> None:
    before, since = defaultdict(list), defaultdict(list)
    for row in kept.rows.all():
        before[row.occurrence_id].append(Said(row.of_other, told_of(row)))
    for occurrence, said in told:
        since[occurrence].append(said)
    # What stands with the other although they were one is told again with the rest.
    left = list(other.attendance.select_for_update())
    for row in left:
        before[row.occurrence_id].append(Said(True, told_of(row)))
    Attendance.objects.filter(pk__in=[row.pk for row in left]).delete()
    now_held = {row.occurrence_id: row for row in into.attendance.select_for_update()}
    for occurrence in {*before, *since, *now_held}:
        row = now_held.get(occurrence)
        ours, theirs = parted(before[occurrence], since[occurrence], row and told_of(row))
        if row is not None and ours is None:
            # The row is the other's, with whatever refers to it.
            Attendance.objects.filter(pk=row.pk).update(participant=other, **theirs)
            continue
        if row is not None:
            Attendance.objects.filter(pk=row.pk).update(**ours)
        for who, told in ((into, ours if row is None else None), (other, theirs)):
            if told is not None:
                Attendance.objects.create(
                    district_id=who.district_id, occurrence_id=occurrence, participant=who, **told
                )


def _facts_of(
    into: Participant, other: Participant, district: District, *, since: datetime | None = None
) -> dict[int, Fact]:
    """Every mark and correction of the two that was recorded; of an office with many, a long read
    unless it is of what came `since`."""
    keys = [str(key) for key in (*keys_of(other).values(), *keys_of(into).values())]
    rows = Fact.objects.filter(
        site=district.site_id, kind__in=(KIND, CORRECTION_KIND), state=Fact.State.CREATED,
        body__person__in=keys,
    )  # fmt: skip
    return (rows if since is None else rows.filter(server_time__gte=since)).in_bulk()


def _told_in(
    facts: dict[int, Fact], other: Participant, kept: PersonMerge, district: District
) -> Iterable[tuple[int, Said]]:
    """What these facts tell, by date, as it arrived."""
    theirs = set(keys_of(other).values())
    rows = sorted(facts.values(), key=lambda row: (row.server_time, row.pk))
    dates = dict(
        Occurrence.objects.for_district(district)
        .filter(key__in={row.body["occurrence"] for row in rows})
        .values_list("key", "pk")
    )
    for row in rows:
        date = dates.get(UUID(row.body["occurrence"]))
        if date is not None:
            yield date, _said(row, UUID(row.body["person"]) in theirs, kept.merged_at)


def _said(fact: Fact, of_other: bool, merged_at: datetime) -> Said:
    told = order.telling(fact.key, fact.client_time, fact.server_time)
    is_correction = fact.kind == CORRECTION_KIND
    values = {
        "status": fact.body["status"],
        "way": fact.body["way"],
        "rank": order.rank_of(fact.body["status"], is_correction=is_correction),
        "told_at": told.at,
        "key": told.key,
        "client_time": told.client_time,
        "server_time": fact.server_time,
        "skewed": told.skewed,
        "recorded_by_id": None,
    }
    is_live = is_correction and told.client_time is None and fact.server_time >= merged_at
    return Said(of_other, values, is_live)


def _keep_no_longer(into: Participant, kept: PersonMerge, district: District) -> None:
    """Who was kept longer because of the other is not any more, unless they came again since."""
    rows = into.attendance.select_related("occurrence__event").order_by("-occurrence__end")
    last, until = rows.first(), kept.kept_until
    if last is not None:
        until = max(until, kept_until(district, last.occurrence, is_minor=into.is_minor))
    if until < into.keep_until:
        into.keep_until = until
        into.save(update_fields=["keep_until"])


def _note(
    verb: str, into: Participant, other: Participant, district: District, actor: Any, now: datetime
) -> None:
    audit.record(
        verb=verb, actor_id=actor.pk, obj=into, site=district.site_id, now=now, other=other.pk
    )
