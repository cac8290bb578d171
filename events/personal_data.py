"""What the calendar stores about people: who planned, who registered, whom a mail is owed."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from safeguards.registry import exempt, register, register_reach

register(
    "events.Event",
    fields=("proposed_by", "approved_by"),
    purpose="which member planned a session and which other one approved it",
    retention=timedelta(days=5 * 365),
    clock="modified_at",
    owner="district",
    subject=("proposed_by_id", "approved_by_id"),
    on_erase="blank",
)
register(
    "events.EventChange",
    fields=("actor",),
    purpose="who changed a session, so that a moved date can be explained",
    retention=timedelta(days=5 * 365),
    clock="at",
    owner="district",
    subject="actor_id",
    on_erase="blank",
)
register(
    "events.Registration",
    fields=("name", "organisation_name", "email", "phone"),
    purpose="who has a place in a session, to tell them when it is moved",
    # The clock itself lies so many days after the session as the office decided.
    retention=timedelta(0),
    clock="ends_at",
    owner="district",
    subject=("email", "phone"),
    on_erase="delete",
)
register(
    "events.CalendarLink",
    fields=("member",),
    purpose="whose private calendar an address opens",
    retention=timedelta(days=365),
    clock="revoked_at",
    owner="district",
    subject="member_id",
    on_erase="delete",
)
register(
    "events.Reminder",
    fields=("member",),
    purpose="whom a mail about a session is owed",
    retention=timedelta(days=90),
    clock="due_at",
    owner="district",
    subject="member_id",
    on_erase="delete",
)
exempt(
    "events.Speaker",
    "name",
    because="an official or speaker in a public function, announced with the session",
)
exempt("events.Speaker", "organisation_name", because="the name of an organisation")
for name in ("address", "latitude", "longitude"):
    exempt("events.Event", name, because="where a session is held; of guarded ones nobody is told")


def _free_places(_who: Any) -> int:
    """Places of registrations that are gone now go to who waits; nothing personal is counted."""
    from events.services.places import recount

    recount(timezone.now())
    return 0


register_reach("events: places of dates", export=lambda _who: [], erase=_free_places)
