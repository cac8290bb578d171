"""Who may write down who came: whoever planned the session, who decides, whoever organises it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from districts.models import Membership
from events.models import Attendance, Certificate, Event, EventState, Participant
from events.services.planning import APPROVERS, PLANNERS


def may_record(user: Any, memberships: Iterable[Membership], event: Event) -> bool:
    """`memberships` are the user's active ones in the event's district.

    No approval is asked for: the office approves what is shown to others, and whoever came to a
    session that still waits came all the same. One that was cancelled before it was approved never
    stood; any other cancelled one is judged by the services, which ask what really happened.
    """
    roles = {membership.role for membership in memberships}
    if roles & APPROVERS:
        return True
    if event.state == EventState.CANCELLED and event.approved_at is None:
        return False
    if event.proposed_by_id == user.pk and roles & PLANNERS:
        return True
    return event.organiser_id in groups_of(memberships)


def recordable(user: Any, memberships: Iterable[Membership]) -> Q:
    """Of Event: those that `may_record` allows, all at once."""
    held = [membership for membership in memberships if membership.role in PLANNERS]
    if any(membership.role in APPROVERS for membership in held):
        return Q()
    mine = Q(organiser__in=groups_of(held)) | (Q(proposed_by=user) if held else Q(pk__in=[]))
    return mine & (Q(approved_at__isnull=False) | ~Q(state=EventState.CANCELLED))


def may_tell_anew(user: Any, memberships: Iterable[Membership], known: Participant) -> bool:
    """Whether the user writes other words for a person: the office, and who wrote all of it.

    Of somebody on lists of others, or named on a certificate, others rely on the words.
    """
    memberships = list(memberships)
    if user.is_superuser or may_judge(memberships):
        return True
    if Certificate.objects.standing().filter(participant=known).exists():
        return False
    mine = Event.objects.filter(recordable(user, memberships))
    rows = Attendance.objects.for_district(known.district_id).standing().filter(participant=known)
    return not rows.exclude(occurrence__event__in=mine).exists()


def groups_of(memberships: Iterable[Membership]) -> set[int]:
    """The organisations that the member plans sessions for."""
    return {
        one.organisation_id for one in memberships if one.organisation_id and one.role in PLANNERS
    }


def may_judge(memberships: Iterable[Membership]) -> bool:
    """Who looks at what was set aside, at devices of others, and at the office's people."""
    return any(membership.role in APPROVERS for membership in memberships)
