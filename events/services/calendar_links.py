"""The private address of a member's calendar: made, shown once, revoked.

Only the token's digest is kept. A member has one address at a time in an office: a new one ends the
one before, so that a lost phone reads nothing more.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from districts.models import District
from districts.services.memberships import active_memberships
from events.models import CalendarLink
from safeguards import audit
from safeguards.tokens import digest, new_token


def make(*, member: Any, district: District, now: datetime) -> str:
    """Return the token of a new address; every earlier one of the member here ends."""
    token = new_token()
    with transaction.atomic():
        # Two taps at once must not leave two addresses open.
        get_user_model().objects.select_for_update().get(pk=member.pk)
        active_of(member, district).update(revoked_at=now)
        link = CalendarLink.objects.create(
            district=district, member=member, token_digest=digest(token), created_at=now
        )
        audit.record(
            verb="calendar.link_made", actor_id=member.pk, obj=link, site=district.site_id, now=now
        )
    return token


def revoke(*, link: CalendarLink, now: datetime) -> None:
    """End an address; once it is ended it stays so."""
    with transaction.atomic():
        rows = CalendarLink.objects.filter(pk=link.pk, revoked_at__isnull=True)
        if rows.update(revoked_at=now):
            audit.record(
                verb="calendar.link_revoked",
                actor_id=link.member_id,
                obj=link,
                site=link.district.site_id,
                now=now,
            )


def active_of(member: Any, district: District) -> Any:
    """The address that the member has here, as a queryset of one or none."""
    return CalendarLink.objects.for_district(district).filter(
        member=member, revoked_at__isnull=True
    )


def find(*, district: District, token: str) -> CalendarLink | None:
    """The open address of this token; None where it ended, or its member has no role here now."""
    links = CalendarLink.objects.for_district(district).filter(revoked_at__isnull=True)
    link = (
        links.select_related("member", "district__site").filter(token_digest=digest(token)).first()
    )
    if link is None or not link.member.is_active:
        return None
    if link.member.is_superuser or active_memberships(link.member, district).exists():
        return link
    return None
