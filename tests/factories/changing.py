"""What people do to a session that stands already, one minute after another."""

from datetime import datetime, timedelta

from events.models import Event
from events.services import deciding, planning
from tests.factories.events import NOW
from tests.factories.people import make_member

MINUTE = timedelta(minutes=1)


def edited(event, *, since=None, now: datetime = NOW + MINUTE, actor=None, **values) -> Event:
    """Changed, by who proposed it unless an actor is given."""
    event.refresh_from_db()
    return planning.edit(
        event=event, actor=actor or event.proposed_by, version=event.version, values=values,
        now=now, since=since,
    )  # fmt: skip


def approved(event, office=None, *, now: datetime = NOW + 2 * MINUTE) -> Event:
    event.refresh_from_db()
    actor = office or make_member("moderator", event.district)
    return deciding.approve(event=event, actor=actor, version=event.version, now=now)


def cancelled(event, *, now: datetime = NOW + 3 * MINUTE) -> Event:
    """By who proposed it."""
    event.refresh_from_db()
    return deciding.cancel(
        event=event, actor=event.proposed_by, version=event.version, note="Banjir", now=now
    )
