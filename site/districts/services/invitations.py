"""Invitations: one-time links that make their bearer a member, fit to be passed on by WhatsApp.

Only a digest of the token is kept. Using a link is one conditional statement, so that of two
people who open it at once one becomes a member.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from districts.models import District, Invitation, Membership, Organisation, Region, Role
from districts.services.memberships import (
    NotAllowed,
    check_may_grant,
    check_placement,
    grant,
)
from safeguards import audit
from safeguards.identifiers import refuse_identity_numbers
from safeguards.tokens import digest, new_token

VALID_FOR = timedelta(days=14)
LONGEST_TOKEN = 100


class InvitationGone(Exception):
    """The link was never made, was used, taken back or has ended; which is nobody's business."""


def open_invitations(now: datetime | None = None) -> QuerySet:
    """Invitations whose link still works."""
    return Invitation.objects.filter(_open(now or timezone.now()))


def _open(now: datetime) -> Q:
    return Q(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


@transaction.atomic
def invite(
    *,
    actor: Any,
    district: District,
    role: str,
    organisation: Organisation | None = None,
    region: Region | None = None,
    name: str = "",
    email: str = "",
    now: datetime | None = None,
) -> tuple[Invitation, str]:
    """Return a waiting invitation and its token, which is known this once.

    A form that is sent twice renews the invitation it made the first time. Raises NotAllowed,
    InvalidGrant or, for an identity number in the name, ValidationError.
    """
    now = now or timezone.now()
    role = Role(role)
    check_may_grant(actor, district, role, organisation)
    check_placement(district, role, organisation, region)
    refuse_identity_numbers(f"{name} {email}")
    email = email.strip().lower()
    waiting = Invitation.objects.for_district(district).filter(
        _open(now),
        invited_by=actor,
        role=role,
        organisation=organisation,
        region=region,
        name=name,
        email=email,
    )
    again = waiting.first() if name or email else None
    if again is not None:
        return again, _new_link(actor, again, now)
    token = new_token()
    invitation = Invitation.objects.create(
        district=district,
        role=role,
        organisation=organisation,
        region=region,
        name=name,
        email=email,
        token_digest=digest(token),
        invited_by=actor,
        expires_at=now + VALID_FOR,
    )
    _record("invitation.made", actor, invitation, now)
    return invitation, token


@transaction.atomic
def renew(*, actor: Any, invitation: Invitation, now: datetime | None = None) -> str:
    """Give a waiting or ended invitation a new link; the old one stops working.

    Raises NotAllowed, or InvitationGone once it was accepted or taken back.
    """
    now = now or timezone.now()
    check_may_grant(actor, invitation.district, invitation.role, invitation.organisation)
    return _new_link(actor, invitation, now)


def _new_link(actor: Any, invitation: Invitation, now: datetime) -> str:
    token = new_token()
    # Whoever hands the link out answers for it from now on.
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(token_digest=digest(token), expires_at=now + VALID_FOR, invited_by=actor)
    if not changed:
        raise InvitationGone
    invitation.refresh_from_db()
    _record("invitation.renewed", actor, invitation, now)
    return token


@transaction.atomic
def revoke(*, actor: Any, invitation: Invitation, now: datetime | None = None) -> bool:
    """Take an invitation back; False when there was nothing left to take back."""
    now = now or timezone.now()
    check_may_grant(actor, invitation.district, invitation.role, invitation.organisation)
    revoked = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now, name="", email="")
    if revoked:
        _record("invitation.revoked", actor, invitation, now)
    return bool(revoked)


def find(
    *, token: str, district: District | None = None, now: datetime | None = None
) -> Invitation:
    """Return the open invitation of a token, in this district if one is given.

    Raises InvitationGone, for every reason alike.
    """
    if not token or len(token) > LONGEST_TOKEN:
        raise InvitationGone
    invitations = open_invitations(now).select_related(
        "district", "organisation", "region", "invited_by"
    )
    if district is not None:
        invitations = invitations.for_district(district)
    invitation = invitations.filter(token_digest=digest(token)).first()
    if invitation is None or not _inviter_may(invitation):
        raise InvitationGone
    return invitation


def _inviter_may(invitation: Invitation) -> bool:
    """Say whether who handed the link out could still grant the role: a link outlives no office."""
    if invitation.invited_by is None:
        return False
    try:
        check_may_grant(
            invitation.invited_by,
            invitation.district,
            invitation.role,
            invitation.organisation,
        )
    except NotAllowed:
        return False
    return True


@transaction.atomic
def accept(
    *,
    token: str,
    person: Any | Callable[[], Any],
    district: District | None = None,
    now: datetime | None = None,
) -> Membership:
    """Make `person` a member by a link, once.

    `person` is a user, or a function that makes one; it is called when the link is surely ours.
    What we knew of the invited is then known by the account alone. Raises InvitationGone; what
    `person()` raises leaves the link as it was.
    """
    now = now or timezone.now()
    invitation = find(token=token, district=district, now=now)
    # The condition is asked again in the statement itself: this decides a race.
    won = Invitation.objects.filter(
        _open(now), pk=invitation.pk, token_digest=digest(token)
    ).update(accepted_at=now, name="", email="")
    if not won:
        raise InvitationGone
    user = person() if callable(person) else person
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    membership = grant(
        actor=invitation.invited_by,
        user=user,
        district=invitation.district,
        role=invitation.role,
        organisation=invitation.organisation,
        region=invitation.region,
    )
    _record("invitation.accepted", user, invitation, now)
    return membership


def _record(verb: str, actor: Any, invitation: Invitation, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=invitation,
        site=invitation.district.site_id,
        now=now,
        role=str(invitation.role),
    )
