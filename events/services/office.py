"""What an office decides about its calendar: whom it trusts, when it reminds, its own days."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from districts.models import District, Role
from districts.services.memberships import active_memberships
from events.models import CalendarSettings, LocalDay
from safeguards import audit, generation

DECIDES = frozenset({Role.ADMIN})
FIELDS = (
    *("trusts_members", "publishes_guarded", "remind_days", "registration_days"),
    *("names_minors", "corrects_days", "closed_until", "person_days"),
)


def may_decide(actor: Any, district: District) -> bool:
    """Whether the actor decides about this office's calendar."""
    if actor.is_active and actor.is_superuser:
        return True
    return active_memberships(actor, district).filter(role__in=DECIDES).exists()


def save_settings(*, district: District, actor: Any, values: dict[str, Any]) -> CalendarSettings:
    """Keep the office's decisions; `values` are fields of CalendarSettings, all or some."""
    values = {name: values[name] for name in FIELDS if name in values}
    with transaction.atomic():
        _check(actor, district)
        row, _made = CalendarSettings.objects.for_district(district).update_or_create(
            district=district, defaults=values
        )
        audit.record(
            verb="calendar.settings",
            actor_id=actor.pk,
            obj=row,
            site=district.site_id,
            **values,
        )
        generation.bump("calendar settings")
        return row


def keep_day(
    *, district: District, actor: Any, day: date, label: str, is_ordinary: bool
) -> LocalDay:
    """Keep a special day of the office; the same day again replaces what was said of it."""
    with transaction.atomic():
        _check(actor, district)
        row, _made = LocalDay.objects.for_district(district).update_or_create(
            district=district, day=day, defaults={"label": label, "is_ordinary": is_ordinary}
        )
        audit.record(verb="calendar.day", actor_id=actor.pk, obj=row, site=district.site_id)
        return row


def drop_day(*, day: LocalDay, actor: Any) -> None:
    """Forget a special day."""
    with transaction.atomic():
        _check(actor, day.district)
        audit.record(
            verb="calendar.day_dropped", actor_id=actor.pk, obj=day, site=day.district.site_id
        )
        day.delete()


def _check(actor: Any, district: District) -> None:
    if not may_decide(actor, district):
        raise PermissionDenied
