"""What people may ask of their own registration: to read, correct and erase what is kept of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from events.models import Registration
from events.services.registering import both, note
from safeguards.lost_updates import check_opened
from safeguards.services.persons import erase_person, export_person, readmit

WORDS = ("name", "organisation_name", "email", "phone")


def words_of(mine: Registration) -> dict[str, str]:
    """What can be corrected of it."""
    return {name: getattr(mine, name) for name in WORDS}


def correct(
    *,
    registration: Registration,
    values: dict[str, str],
    now: datetime,
    actor: Any = None,
    opened: str | None = None,
) -> Registration:
    """Other words for who registered; reminders go where they say from now on.

    `values` are fields of `WORDS`, judged by a form. Raises Outdated where they are not as they
    were `opened`, an imprint of them.
    """
    with transaction.atomic():
        _row, mine = both(registration)
        values = words_of(mine) | values
        check_opened(opened, stands=words_of(mine), told=values)
        for name, value in values.items():
            setattr(mine, name, value)
        mine.save(update_fields=list(values))
        for contact in filter(None, (mine.email, mine.phone)):
            readmit(contact)
        note("registration.corrected", mine, actor, now)
        return mine


def told_of(registration: Registration) -> dict[str, Any]:
    """Everything that is kept of one registration, as plain values; it leaves an audit line."""
    row, site = registration.occurrence, registration.district.site_id
    return export_person(registration.key, site=site) | {
        "registration": {
            "session": row.title or row.event.title,
            "day": row.day,
            "kind": registration.kind,
            "people": registration.seats,
            "state": registration.state,
            "registered_at": registration.created_at,
            "kept_until": registration.ends_at,
            "agreed_to": registration.consent.text_id,
        }
    }


def forget(*, registration: Registration, now: datetime) -> None:
    """Erase it, and nothing else of whoever made it: the link proves no more than that.

    Its place goes to who waits; a restored backup does not bring it back.
    """
    erase_person(registration.key, now=now, site=registration.district.site_id)
