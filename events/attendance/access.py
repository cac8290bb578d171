"""Who may write down who came: whoever planned the session, who decides, whoever organises it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from districts.models import Membership
from events.models import Event, EventState
from events.services.planning import APPROVERS, PLANNERS


def may_record(user: Any, memberships: Iterable[Membership], event: Event) -> bool:
    """`memberships` are the user's active ones in the event's district.

    A cancelled session is judged by the services, which ask what really happened.
    """
    roles = {membership.role for membership in memberships}
    if roles & APPROVERS:
        return True
    if event.approved_at is None and event.state != EventState.PUBLISHED:
        return False
    if event.proposed_by_id == user.pk and roles & PLANNERS:
        return True
    return event.organiser_id is not None and any(
        membership.organisation_id == event.organiser_id and membership.role in PLANNERS
        for membership in memberships
    )


def recordable(user: Any, memberships: Iterable[Membership]) -> Q:
    """Of Event: those that `may_record` allows, all at once."""
    held = [membership for membership in memberships if membership.role in PLANNERS]
    if any(membership.role in APPROVERS for membership in held):
        return Q()
    groups = {membership.organisation_id for membership in held} - {None}
    mine = Q(organiser__in=groups) | (Q(proposed_by=user) if held else Q(pk__in=[]))
    return mine & (Q(approved_at__isnull=False) | Q(state=EventState.PUBLISHED))


def may_judge(memberships: Iterable[Membership]) -> bool:
    """Who looks at what was set aside, at devices of others, and at the office's people."""
    return any(membership.role in APPROVERS for membership in memberships)
