"""The history of a help channel: each step once for the office, once for the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from districts.models import Channel, ChannelChange, ChannelEvent
from safeguards import audit, generation


def remember(
    channel: Channel,
    verb: str,
    actor_id: int | None,
    at: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
) -> None:
    ChannelEvent.objects.create(
        district_id=channel.district_id,
        channel=channel,
        verb=verb,
        at=at,
        actor_id=actor_id,
        before=dict(before),
        after=dict(after),
        reason=reason,
    )


def log(
    channel: Channel | None,
    verb: str,
    actor: Any,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    change: ChannelChange | None = None,
    via: str = "",
) -> None:
    """Write the step down; a channel that does not exist yet has its history from approval on."""
    actor_id = actor.pk if actor is not None else None
    if channel is not None:
        remember(channel, verb, actor_id, now, before or {}, after or {}, reason)
    record = channel or change
    audit.record(
        verb=f"channel.{verb}",
        actor_id=actor_id,
        obj=record,
        site=record.district.site_id,
        now=now,
        change=change.pk if change is not None else None,
        via=str(via),
        fields=sorted(after or {}),
    )
    generation.bump(f"channel {verb}")
