"""Two persons: what one proposed, another approves, sends back, publishes or cancels."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from districts.services.memberships import active_memberships
from events.models import STANDING, Event, EventChange, EventState
from events.services.bookkeeping import NotPossible, Stale, locked, noted
from events.services.dates import hangs_on
from events.services.judging import shows_guarded
from events.services.planning import APPROVERS
from events.services.reminding import owe_approved, owe_cancelled
from events.services.returning import stand_again

Verb = EventChange.Verb


def may_decide(actor: Any, event: Event) -> bool:
    """Whether the actor is of the office's approvers; of one's own proposal nobody is."""
    return is_approver(actor, event.district) and event.proposed_by_id != actor.pk


def is_approver(actor: Any, district: Any) -> bool:
    if actor.is_active and actor.is_superuser:
        return True
    return active_memberships(actor, district).filter(role__in=APPROVERS).exists()


def send_back(*, event: Event, actor: Any, version: int, note: str, now: datetime) -> Event:
    """Ask the proposer to change something; `note` says what."""
    with transaction.atomic():
        event = locked(event, version=version)
        _decides(actor, event)
        if event.state not in (EventState.PROPOSED, EventState.CHANGES):
            raise NotPossible(_("This session is decided already."))
        event.state = EventState.CHANGES
        noted(event, verb=Verb.RETURNED, actor=actor, now=now, note=note, schedule=False)
        return event


def approve(
    *, event: Event, actor: Any, version: int, now: datetime, publish: bool = True
) -> Event:
    """Approve a proposal and perhaps publish it. Raises PermissionDenied, Stale, NotPossible."""
    with transaction.atomic():
        event = locked(event, version=version)
        _decides(actor, event)
        if event.state not in (EventState.PROPOSED, EventState.CHANGES):
            raise NotPossible(_("This session is decided already."))
        stood_before = bool(event.stood)
        if stood_before:
            owe_approved(event, now=now)
        event.state, event.approved_by, event.approved_at = EventState.APPROVED, actor, now
        event.stood = None
        # What is owed to who registered has the number of this change.
        noted(event, verb=Verb.APPROVED, actor=actor, now=now, schedule=stood_before)
        if publish:
            _may_be_shown(event)
            event.state, event.published_at = EventState.PUBLISHED, now
            noted(event, verb=Verb.PUBLISHED, actor=actor, now=now, schedule=False)
        return event


def approve_all(
    *, chosen: Iterable[tuple[Event, int]], actor: Any, now: datetime, publish: bool = True
) -> tuple[list[Event], list[Event]]:
    """Approve many, each in a transaction of its own; (done, left because they changed)."""
    done, left = [], []
    for event, version in chosen:
        try:
            done.append(
                approve(event=event, actor=actor, version=version, now=now, publish=publish)
            )
        except (Stale, NotPossible, PermissionDenied):
            left.append(event)
    return done, left


def publish(*, event: Event, actor: Any, version: int, now: datetime) -> Event:
    """Show an approved session to everybody."""
    with transaction.atomic():
        event = locked(event, version=version)
        if not is_approver(actor, event.district):
            raise PermissionDenied
        if event.state != EventState.APPROVED:
            raise NotPossible(_("Only an approved session can be published."))
        _may_be_shown(event)
        event.state, event.published_at = EventState.PUBLISHED, now
        noted(event, verb=Verb.PUBLISHED, actor=actor, now=now, schedule=False)
        return event


def hide(*, event: Event, actor: Any, version: int, now: datetime) -> Event:
    """Take a session out of the public calendar; members still see it."""
    with transaction.atomic():
        event = locked(event, version=version)
        if not is_approver(actor, event.district):
            raise PermissionDenied
        if event.state != EventState.PUBLISHED:
            raise NotPossible(_("This session is not in the public calendar."))
        event.state, event.published_at = EventState.APPROVED, None
        noted(event, verb=Verb.HIDDEN, actor=actor, now=now, schedule=False)
        return event


def cancel(*, event: Event, actor: Any, version: int, note: str, now: datetime) -> Event:
    """Cancel every date that is still to come, for good; who registered is told."""
    with transaction.atomic():
        event = locked(event, version=version)
        if event.proposed_by_id != actor.pk and not is_approver(actor, event.district):
            raise PermissionDenied
        if event.state == EventState.CANCELLED:
            raise NotPossible(_("This session is cancelled already."))
        values = stand_again(event, now)
        to_come = event.occurrences.filter(start__gt=now, is_cancelled=False)
        owe_cancelled(to_come, now=now)
        begun = event.occurrences.filter(start__lte=now)
        if event.state in STANDING and begun.exists() or any(map(hangs_on, begun)):
            # Dates that took place stay true; the series ends here.
            to_come.update(is_cancelled=True, note=note, changed_at=now)
        else:
            event.state, event.cancelled_at, event.cancel_note = EventState.CANCELLED, now, note
        noted(event, verb=Verb.CANCELLED, actor=actor, now=now, note=note, values=values)
        return event


def _may_be_shown(event: Event) -> None:
    if event.guarded and not shows_guarded(event.district_id):
        raise NotPossible(
            _("The settings of this office keep such sessions out of the public calendar.")
        )


def _decides(actor: Any, event: Event) -> None:
    if not may_decide(actor, event):
        raise PermissionDenied


__all__ = [
    "STANDING",
    "approve",
    "approve_all",
    "cancel",
    "hide",
    "is_approver",
    "may_decide",
    "publish",
    "send_back",
]
