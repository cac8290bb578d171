"""Changes of help channels: one proposes, another one approves; hiding takes one person.

Every step is written into the channel's history and the audit trail, and makes cached pages stale.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from districts.hours import local_date
from districts.models import Channel, ChannelChange, District
from districts.services.channel_history import log, remember
from districts.services.channel_values import as_attributes, changed, clean_fields, snapshot
from districts.services.second_person import standing
from safeguards import tokens
from safeguards.identifiers import refuse_identity_numbers

# An approved number is re-checked after half a year.
REVIEW_AFTER = timedelta(days=182)
LINK_LASTS = timedelta(days=7)
SHORTEST_REASON = 3
_BUT_HIDING = [
    field.name
    for field in Channel._meta.concrete_fields
    if not (field.primary_key or field.name.startswith("hidden_"))
]
Action, Status, Via = ChannelChange.Action, ChannelChange.Status, ChannelChange.Via


class NotAllowed(PermissionDenied):
    """The actor keeps no channels of this district; views answer 403."""


class SamePerson(NotAllowed):
    """The actor had the first part already; another person has to do the second."""


class AlreadyDecided(Exception):
    """Somebody answered this change before."""


class AlreadyWaiting(Exception):
    """The channel has a change that waits for its second person."""


class LinkUnknown(Exception):
    """No change was ever given this link."""


class LinkSpent(Exception):
    """The link has expired, or the change was answered before."""


@transaction.atomic
def propose_change(
    *,
    district: District,
    actor: Any,
    channel: Channel | None = None,
    fields: Mapping[str, Any],
    key: UUID | None = None,
    note: str = "",
    now: datetime | None = None,
) -> ChannelChange:
    """Propose a new channel, or other values for one; nothing that readers see changes.

    `key` comes from the form: the second sending returns the change of the first. Raises
    NotAllowed, AlreadyWaiting, or ValidationError with messages by field.
    """
    now = now or timezone.now()
    _check_keeper(actor, district, now)
    if channel is not None and channel.district_id != district.pk:
        raise NotAllowed
    known = ChannelChange.objects.filter(key=key, proposed_by=actor).first() if key else None
    if known is not None:
        return known
    values = clean_fields(district, fields, channel)
    if channel is not None:
        values = changed(snapshot(channel), values)
        if not values and channel.is_verified:
            raise ValidationError(
                _("Nothing was changed. To confirm a number, say that you called it.")
            )
    return _propose(
        district, actor, channel, Action.EDIT if channel else Action.ADD, values, note, key, now
    )


@transaction.atomic
def show_again(
    *, channel: Channel, actor: Any, note: str = "", now: datetime | None = None
) -> ChannelChange:
    """Propose that a hidden channel be shown again; another person has to approve it."""
    now = now or timezone.now()
    _check_keeper(actor, channel.district, now)
    if channel.hidden_at is None:
        raise ValidationError(_("This channel is not hidden."))
    return _propose(channel.district, actor, channel, Action.SHOW, {}, note, None, now)


@transaction.atomic
def approve(
    *, change: ChannelChange, actor: Any, note: str = "", now: datetime | None = None
) -> Channel:
    """Make the change true, as the second person; return the channel.

    Raises SamePerson for the proposer whatever roles they hold, NotAllowed, AlreadyDecided, or
    ValidationError when what was proposed is no longer possible.
    """
    now = now or timezone.now()
    via = _check_second_person(change, actor, now)
    return _approve(change, via, actor, note, now)


@transaction.atomic
def approve_as_owner(
    *, token: str, reader: Any = None, note: str = "", now: datetime | None = None
) -> Channel:
    """Make the change true because the channel's owner says so by the one-time link.

    `reader` is whoever is signed in where the link was opened: neither the proposer nor who made
    the link may answer it. Raises LinkUnknown, LinkSpent or SamePerson.
    """
    now = now or timezone.now()
    change = change_of_link(token, now=now)
    _check_not_the_same(change, reader)
    return _approve(change, Via.OWNER, None, note, now)


@transaction.atomic
def reject(
    *, change: ChannelChange, actor: Any, note: str, now: datetime | None = None
) -> ChannelChange:
    """Refuse the change, as the second person, with a reason."""
    now = now or timezone.now()
    via = _check_second_person(change, actor, now)
    return _close(change, Status.REJECTED, via, actor, _reason(note), now)


@transaction.atomic
def refuse_as_owner(
    *, token: str, reader: Any = None, note: str = "", now: datetime | None = None
) -> ChannelChange:
    """Refuse the change because the channel's owner says that it is wrong."""
    now = now or timezone.now()
    change = change_of_link(token, now=now)
    _check_not_the_same(change, reader)
    return _close(change, Status.REJECTED, Via.OWNER, None, note, now)


@transaction.atomic
def withdraw(*, change: ChannelChange, actor: Any, now: datetime | None = None) -> ChannelChange:
    """Take one's own proposal back."""
    if change.proposed_by_id is None or change.proposed_by_id != actor.pk:
        raise NotAllowed
    return _close(change, Status.WITHDRAWN, "", actor, "", now or timezone.now())


@transaction.atomic
def hide(*, channel: Channel, actor: Any, reason: str, now: datetime | None = None) -> Channel:
    """Take a channel from every page at once; one person is enough when a number does harm."""
    now = now or timezone.now()
    _check_keeper(actor, channel.district, now)
    reason = _reason(reason)
    hidden = Channel.objects.filter(pk=channel.pk, hidden_at__isnull=True).update(
        hidden_at=now, hidden_by=actor, hidden_reason=reason
    )
    channel.refresh_from_db()
    if hidden:
        log(channel, "hidden", actor, now, reason=reason)
    return channel


@transaction.atomic
def verify(*, channel: Channel, actor: Any, now: datetime | None = None) -> Channel:
    """Say that the number was called again and is still right; a new review date follows.

    One person is enough because no value changes, but never the one who proposed the number as it
    stands, so that two have looked at it. What was never verified goes through `propose_change`.
    """
    now = now or timezone.now()
    _check_keeper(actor, channel.district, now)
    channel = Channel.objects.select_related("district").get(pk=channel.pk)
    if not channel.is_verified:
        raise ValidationError(_("A number that nobody has verified needs two persons: propose it."))
    latest = (
        channel.changes.filter(status=Status.APPROVED, action__in=[Action.ADD, Action.EDIT])
        .order_by("-decided_at", "-pk")
        .first()
    )
    if latest is not None and latest.proposed_by_id == actor.pk:
        raise SamePerson
    before = {"last_verified": str(channel.last_verified)}
    _mark_verified(channel, actor, now)
    channel.save(update_fields=["last_verified", "verified_by", "review_due"])
    after = {"last_verified": str(channel.last_verified)}
    log(channel, "verified", actor, now, before=before, after=after)
    return channel


@transaction.atomic
def issue_owner_link(*, change: ChannelChange, actor: Any, now: datetime | None = None) -> str:
    """Return a new one-time link token for the channel's owner; an older one stops working.

    Only its digest is kept, so that it can be shown once. Valid for seven days. Only for who may
    decide on the change themselves: whoever holds the link could answer it signed out. Raises
    NotAllowed, SamePerson or AlreadyDecided.
    """
    now = now or timezone.now()
    _check_second_person(change, actor, now)
    token = tokens.new_token()
    issued = ChannelChange.objects.filter(pk=change.pk, status=Status.WAITING).update(
        owner_token_digest=tokens.digest(token),
        owner_token_expires_at=now + LINK_LASTS,
        owner_token_issuer_id=actor.pk,
    )
    if not issued:
        raise AlreadyDecided
    log(change.channel, "link", actor, now, change=change)
    return token


def change_of_link(token: str, *, now: datetime | None = None) -> ChannelChange:
    """Return the waiting change that this link was made for; raise LinkUnknown or LinkSpent.

    A link that the proposer once made is spent, whoever opens it.
    """
    if not 20 <= len(token) <= 64:
        raise LinkUnknown
    change = (
        ChannelChange.objects.select_related("district", "channel")
        .filter(owner_token_digest=tokens.digest(token))
        .first()
    )
    if change is None:
        raise LinkUnknown
    if change.status != Status.WAITING or change.owner_token_expires_at <= (now or timezone.now()):
        raise LinkSpent
    if change.owner_token_issuer_id in {None, change.proposed_by_id}:
        raise LinkSpent
    return change


def _propose(
    district: District,
    actor: Any,
    channel: Channel | None,
    action: str,
    values: dict[str, Any],
    note: str,
    key: UUID | None,
    now: datetime,
) -> ChannelChange:
    refuse_identity_numbers(note)
    try:
        with transaction.atomic():
            change = ChannelChange.objects.create(
                district=district,
                channel=channel,
                action=action,
                fields=values,
                proposed_by=actor,
                note=note.strip()[:300],
                key=key,
            )
    except IntegrityError as error:
        same = ChannelChange.objects.filter(key=key, proposed_by=actor).first() if key else None
        if same is not None:
            return same
        raise AlreadyWaiting from error
    before = _known(channel, values)
    log(channel, "proposed", actor, now, before=before, after=values, change=change)
    return change


def _approve(change: ChannelChange, via: str, actor: Any, note: str, now: datetime) -> Channel:
    _decide(change, Status.APPROVED, via, actor, note, now)
    district = change.district
    if change.action == Action.SHOW:
        channel = change.channel
        channel.hidden_at, channel.hidden_by, channel.hidden_reason = None, None, ""
        channel.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
        log(channel, "shown", actor, now, change=change, via=via)
        return channel
    # What was possible when it was proposed may not be any more: an organisation that is gone.
    values = clean_fields(district, change.fields, change.channel)
    channel = change.channel or Channel(district=district)
    before = snapshot(channel) if change.channel else {}
    for name, value in as_attributes(values).items():
        setattr(channel, name, value)
    _mark_verified(channel, actor, now)
    # Whether it is hidden is another question, and may be answered at this very moment.
    channel.save(update_fields=_BUT_HIDING if change.channel else None)
    if change.channel is None:
        ChannelChange.objects.filter(pk=change.pk).update(channel=channel)
        change.channel = channel
        remember(channel, "proposed", change.proposed_by_id, change.proposed_at, {}, values, "")
    differs = changed(before, values)
    before = {name: before.get(name) for name in differs} if before else {}
    log(channel, "approved", actor, now, before=before, after=differs, change=change, via=via)
    return channel


def _close(
    change: ChannelChange, status: str, via: str, actor: Any, note: str, now: datetime
) -> ChannelChange:
    _decide(change, status, via, actor, note, now)
    log(change.channel, str(status), actor, now, reason=change.note, change=change, via=via)
    return change


def _decide(
    change: ChannelChange, status: str, via: str, actor: Any, note: str, now: datetime
) -> None:
    """Answer a waiting change once; of two who answer at the same moment, one gets through."""
    refuse_identity_numbers(note)
    answer: dict[str, Any] = {
        "status": status,
        "decided_by_id": actor.pk if actor is not None else None,
        "decided_via": via,
        "decided_at": now,
    }
    if note.strip():
        answer["note"] = note.strip()[:300]
    if not ChannelChange.objects.filter(pk=change.pk, status=Status.WAITING).update(**answer):
        raise AlreadyDecided
    change.refresh_from_db()


def _mark_verified(channel: Channel, actor: Any, now: datetime) -> None:
    channel.last_verified = local_date(now, channel.timezone)
    channel.verified_by_id = actor.pk if actor is not None else None
    channel.review_due = channel.last_verified + REVIEW_AFTER


def _check_keeper(actor: Any, district: District, now: datetime) -> str:
    via = standing(actor, district, now)
    if not via:
        raise NotAllowed
    return via


def _check_second_person(change: ChannelChange, actor: Any, now: datetime) -> str:
    via = _check_keeper(actor, change.district, now)
    if change.proposed_by_id == actor.pk:
        raise SamePerson
    return via


def _check_not_the_same(change: ChannelChange, reader: Any) -> None:
    number = getattr(reader, "pk", None)
    if number is not None and number in {change.proposed_by_id, change.owner_token_issuer_id}:
        raise SamePerson


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if len(text) < SHORTEST_REASON or len(text) > 300:
        raise ValidationError({"reason": _("Say why, in 3 to 300 characters.")})
    try:
        refuse_identity_numbers(text)
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from error
    return text


def _known(channel: Channel | None, values: Mapping[str, Any]) -> dict[str, Any]:
    if channel is None:
        return {}
    standing_values = snapshot(channel)
    return {name: standing_values.get(name) for name in values}
