"""What an office decides about its calendar: whom it trusts, when it reminds, its own days."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from districts.models import District, Role
from districts.services.memberships import active_memberships
from events.models import CalendarSettings, LocalDay
from events.services.planning import settings_of
from safeguards import audit, generation
from safeguards.lost_updates import check_opened

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


def save_settings(
    *, district: District, actor: Any, values: dict[str, Any], opened: str | None = None
) -> CalendarSettings:
    """Keep the office's decisions; `values` are fields of CalendarSettings, all or some.

    Raises Outdated where these fields are not as they were `opened`, an imprint of them.
    """
    values = {name: values[name] for name in FIELDS if name in values}
    with transaction.atomic():
        _check(actor, district)
        _hold(district)
        check_opened(opened, stands=settled(settings_of(district), values), told=values)
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
    *,
    district: District,
    actor: Any,
    day: date,
    label: str,
    is_ordinary: bool,
    opened: str | None = None,
) -> LocalDay:
    """Keep a special day of the office; the same day again replaces what was said of it.

    Raises Outdated where something else stands there than what was `opened`, an imprint of
    `words_of_day`.
    """
    with transaction.atomic():
        _check(actor, district)
        _hold(district)
        known = LocalDay.objects.for_district(district).filter(day=day).first()
        if known is not None:
            told = {"label": label, "is_ordinary": is_ordinary}
            check_opened(opened, stands=words_of_day(known), told=told)
        row, _made = LocalDay.objects.for_district(district).update_or_create(
            district=district, day=day, defaults={"label": label, "is_ordinary": is_ordinary}
        )
        audit.record(verb="calendar.day", actor_id=actor.pk, obj=row, site=district.site_id)
        return row


def settled(row: CalendarSettings, names: Iterable[str]) -> dict[str, Any]:
    """These fields of the settings as they stand."""
    return {name: getattr(row, name) for name in names}


def words_of_day(row: LocalDay) -> dict[str, Any]:
    """What is said of a special day."""
    return {"label": row.label, "is_ordinary": row.is_ordinary}


def drop_day(*, day: LocalDay, actor: Any) -> None:
    """Forget a special day."""
    with transaction.atomic():
        _check(actor, day.district)
        audit.record(
            verb="calendar.day_dropped", actor_id=actor.pk, obj=day, site=day.district.site_id
        )
        day.delete()


def _hold(district: District) -> None:
    """One after the other, also where there is no row to hold yet."""
    District.objects.select_for_update(no_key=True, of=("self",)).get(pk=district.pk)


def _check(actor: Any, district: District) -> None:
    if not may_decide(actor, district):
        raise PermissionDenied
