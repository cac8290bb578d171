"""A help channel as a reader sees it at one moment.

What may be tapped is decided here and nowhere else: an unverified channel has no `href`, so that
no template can make a link of it.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from districts import hours as opening
from districts.models import Channel, District

# How far away the office of a channel is from the reader.
HERE, DISTRICT, PROVINCE, NATION = range(4)
KECAMATAN_CODE_LENGTH = 8
OPEN_FIRST = {"open": 0, "always": 0, "unknown": 1, "closed": 2}


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """One channel as a reader sees it at one moment, in the language being read."""

    id: int
    label: str
    organisation: str
    kind: str
    display: str
    href: str
    hours_text: str
    state: str
    state_text: str
    cost_text: str
    verified: bool
    verified_text: str
    overdue: bool
    emergency: bool
    note: str
    issues: frozenset[str]
    region_code: str
    distance: int
    position: int
    changes_at: datetime | None

    @property
    def is_at_any_hour(self) -> bool:
        return self.emergency or self.state == "always"

    @property
    def order(self) -> tuple:
        """Who can be called before who can't, open before closed, near before far."""
        return (
            not self.verified,
            OPEN_FIRST[self.state],
            self.distance,
            self.overdue,
            self.position,
            self.label,
        )


def serves(channel: Channel, now: datetime) -> bool:
    """An organisation that has not begun or has ended answers nobody."""
    today = opening.local_date(now, channel.timezone)
    begins, ends = channel.organisation.active_from, channel.organisation.active_until
    return (begins is None or begins <= today) and (ends is None or today <= ends)


def view_of(channel: Channel, district: District | None, now: datetime) -> ChannelView:
    english = get_language() == "en"

    def said(name: str) -> str:
        return (getattr(channel, f"{name}_en") if english else "") or getattr(channel, name)

    verified = channel.is_verified and bool(channel.value)
    today = opening.local_date(now, channel.timezone)
    overdue = verified and channel.review_due is not None and channel.review_due < today
    state, state_text, turns = _state(channel, now) if verified else ("unknown", "", None)
    return ChannelView(
        id=channel.pk,
        label=said("label"),
        organisation=channel.organisation.name,
        kind=channel.kind,
        display=_display(channel, verified),
        href=_href(channel) if verified else "",
        hours_text=_hours_text(channel) if verified else "",
        state=state,
        state_text=state_text,
        cost_text=said("cost") if verified else "",
        verified=verified,
        verified_text=_verified_text(channel, verified, overdue),
        overdue=overdue,
        emergency=verified and channel.is_emergency,
        note=" ".join(filter(None, (said("audience"), said("confidentiality")))),
        issues=frozenset(channel.issues),
        region_code=_region_code(channel),
        distance=_distance(channel, district),
        position=channel.position,
        changes_at=min(filter(None, (turns, *_expiries(channel, now))), default=None),
    )


def _region_code(channel: Channel) -> str:
    """The code of the kecamatan or village that is served; empty for the whole area."""
    code = channel.region_id or ""
    return code if len(code) >= KECAMATAN_CODE_LENGTH else ""


def _distance(channel: Channel, district: District | None) -> int:
    if district is not None and channel.district_id == district.pk:
        return HERE if _region_code(channel) else DISTRICT
    return PROVINCE if channel.district.level == District.Level.PROVINSI else NATION


def _display(channel: Channel, verified: bool) -> str:
    """What people read; an unverified number is never shown, so that nobody dials it."""
    if verified:
        return channel.display or channel.value
    if channel.display and not any(sign.isdigit() for sign in channel.display):
        return channel.display
    return gettext("waiting for the office to confirm")


def _href(channel: Channel) -> str:
    value = channel.value
    match channel.kind:
        case Channel.Kind.PHONE:
            return f"tel:{value.replace('-', '')}"
        case Channel.Kind.WHATSAPP:
            text = quote(gettext("Hello, may I ask something?"))
            return f"https://wa.me/{value.lstrip('+')}?text={text}"
        case Channel.Kind.EMAIL:
            return f"mailto:{value}"
        case Channel.Kind.WEB:
            return value if value.startswith("https://") else ""
    return ""


def _state(channel: Channel, now: datetime) -> tuple[str, str, datetime | None]:
    """Return open, closed, always or unknown, the words for it, and when it turns."""
    hours, tz = channel.hours, channel.timezone
    if opening.is_always(hours):
        return "always", gettext("24 hours, every day"), None
    try:
        now_open, turns = opening.is_open(hours, tz, now), opening.next_change(hours, tz, now)
    except ValueError:
        return "unknown", "", None
    if now_open is None:
        return "unknown", "", None
    if turns is None:
        return (
            ("always", gettext("24 hours, every day"), None) if now_open else ("closed", "", None)
        )
    time = opening.clock_text(turns, tz)
    if now_open:
        return "open", gettext("Open now, until %(time)s") % {"time": time}, turns
    day = opening.day_text(turns, tz)
    return (
        "closed",
        gettext("Closed now, opens %(day)s %(time)s") % {"day": day, "time": time},
        turns,
    )


def _hours_text(channel: Channel) -> str:
    try:
        return opening.hours_text(channel.hours, channel.timezone)
    except ValueError:
        return ""


def _verified_text(channel: Channel, verified: bool, overdue: bool) -> str:
    if not verified:
        return gettext("example – not verified yet")
    day = date_format(channel.last_verified, "j F Y")
    source = channel.source
    if overdue and source:
        return gettext("last checked %(date)s, due for another check (source: %(source)s)") % {
            "date": day,
            "source": source,
        }
    if overdue:
        return gettext("last checked %(date)s, due for another check") % {"date": day}
    if source:
        return gettext("Checked %(date)s (source: %(source)s)") % {"date": day, "source": source}
    return gettext("Checked %(date)s") % {"date": day}


def _expiries(channel: Channel, now: datetime) -> list[datetime]:
    """The coming midnights at which a review falls due or the organisation ends."""
    days = (channel.review_due, channel.organisation.active_until)
    moments = [opening.day_ends(day, channel.timezone) for day in days if day is not None]
    return [moment for moment in moments if moment > now]
