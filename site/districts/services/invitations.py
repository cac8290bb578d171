"""Invitations: one-time links that make their bearer a member, fit to be passed on by WhatsApp.

Only a digest of the token is kept. Using a link is one conditional statement, so that of two
people who open it at once one becomes a member. The link of a form with a key follows from that
key, so that the form sent twice shows the same link.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

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
from districts.services.same_name import SameNameWaits, alike, of_these_names
from safeguards import audit
from safeguards.identifiers import refuse_identity_numbers
from safeguards.tokens import digest, new_token, token_of

VALID_FOR = timedelta(days=14)
# So long a form that made a member is known again when it is sent once more.
ANSWERED_JUST_NOW = timedelta(minutes=10)
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
    key: UUID | None = None,
    another: bool = False,
    now: datetime | None = None,
) -> tuple[Invitation, str]:
    """Return a waiting invitation and its token.

    `key` is the form's: sent twice with the same words it returns the same invitation and token.
    Raises SameNameWaits where somebody of that name and role waits, unless it is surely `another`
    person; InvitationGone for the repeat of a form whose invitation waits no longer; NotAllowed,
    InvalidGrant or, for an identity number in the name, ValidationError.
    """
    now = now or timezone.now()
    role = Role(role)
    check_may_grant(actor, district, role, organisation)
    check_placement(district, role, organisation, region)
    refuse_identity_numbers(f"{name} {email}")
    email = email.strip().lower()
    asked = {
        "role": role,
        "organisation": organisation,
        "region": region,
        "name": name,
        "email": email,
    }
    places = [getattr(place, "pk", None) for place in (actor, district, organisation, region)]
    token = _token(key, "made", *places, role, name, email)
    again = Invitation.objects.for_district(district).filter(token_digest=digest(token)).first()
    if again is None and name and not another:
        waiting = of_these_names(
            open_invitations(now), actor=actor, district=district, names=[name]
        )
        if waiting := alike(waiting, **asked):
            raise SameNameWaits(waiting)
    made = again is None
    if made:
        # The same form may be sent twice at once.
        again, made = Invitation.objects.get_or_create(
            token_digest=digest(token),
            defaults={
                **asked,
                "district": district,
                "invited_by": actor,
                "expires_at": now + VALID_FOR,
            },
        )
    if made:
        _record("invitation.made", actor, again, now)
    elif not open_invitations(now).filter(pk=again.pk).exists():
        raise InvitationGone
    return again, token


def _token(key: UUID | None, *said: Any) -> str:
    """The token that a form with this key and these words makes; a random one without a key."""
    if key is None:
        return new_token()
    return token_of(key, purpose=json.dumps(["districts.invitation", *said]))


@transaction.atomic
def renew(
    *, actor: Any, invitation: Invitation, key: UUID | None = None, now: datetime | None = None
) -> str:
    """Give a waiting or ended invitation a new link; the old one stops working.

    A form with a `key` that is sent twice makes one new link. Raises NotAllowed, or InvitationGone
    once it was accepted or taken back.
    """
    now = now or timezone.now()
    check_may_grant(actor, invitation.district, invitation.role, invitation.organisation)
    token = _token(key, "renewed", actor.pk, invitation.pk)
    waiting = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    )
    # Whoever hands the link out answers for it from now on.
    changed = waiting.exclude(token_digest=digest(token)).update(
        token_digest=digest(token), expires_at=now + VALID_FOR, invited_by=actor
    )
    if not changed and not waiting.exists():
        raise InvitationGone
    invitation.refresh_from_db()
    if changed:
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
    key: UUID | None = None,
    now: datetime | None = None,
) -> Membership:
    """Make `person` a member by a link, once.

    `person` is a user, or a function that makes one; it is called when the link is surely ours.
    The digest of the form's `key` is kept, to know it again: see `accepted_just_now`. What we knew
    of the invited is then known by the account alone. Raises InvitationGone; what `person()` raises
    leaves the link as it was.
    """
    now = now or timezone.now()
    invitation = find(token=token, district=district, now=now)
    # The condition is asked again in the statement itself: this decides a race.
    won = Invitation.objects.filter(
        _open(now), pk=invitation.pk, token_digest=digest(token)
    ).update(accepted_at=now, name="", email="", form_digest=digest(key.hex) if key else "")
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


def accepted_just_now(*, token: str, district: District, now: datetime | None = None) -> Invitation:
    """Return the invitation of a token that was accepted within the last minutes.

    Whoever has the link alone must not come in by it: ask who they are, or whether the key of their
    form is that of `form_digest`. Raises InvitationGone.
    """
    now = now or timezone.now()
    if not token or len(token) > LONGEST_TOKEN:
        raise InvitationGone
    found = (
        Invitation.objects.for_district(district)
        .filter(token_digest=digest(token), accepted_at__gt=now - ANSWERED_JUST_NOW)
        .filter(accepted_by__is_active=True)
        .select_related("accepted_by", "district")
        .first()
    )
    if found is None:
        raise InvitationGone
    return found


def _record(verb: str, actor: Any, invitation: Invitation, now: datetime) -> None:
    audit.record(
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        obj=invitation,
        site=invitation.district.site_id,
        now=now,
        role=str(invitation.role),
    )
