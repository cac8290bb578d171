"""The help directory: which channels a reader of a district sees, in which order.

All channels are read in one query; how each is said stands in `channel_view`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, PositiveSmallIntegerField, Q, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, gettext

from districts.addresses import language_prefix
from districts.channel_view import (
    DISTRICT,
    HERE,
    KECAMATAN_CODE_LENGTH,
    ChannelView,
    serves,
    view_of,
)
from districts.models import Channel, District, Region, Term
from districts.scoping import district_for_request, offices_above
from safeguards import generation

MOST_IN_A_TEXT = 4


@dataclass(frozen=True)
class Issue:
    code: str
    label: str
    slug: str


@dataclass(frozen=True)
class Section:
    """An issue and whom to reach about it; the slug is an anchor and names no topic."""

    issue: Issue
    channels: list[ChannelView]


@dataclass(frozen=True)
class Kecamatan:
    code: str
    name: str


@dataclass(frozen=True)
class Said:
    """The views of an office's channels in one language, and while they stay true."""

    views: list[ChannelView]
    since: datetime
    until: datetime


def directory(district: District | None, now: datetime) -> list[ChannelView]:
    """Return what readers of the district may see: its own channels, the province's, the nation's.

    One query, remembered until something changes. Hidden, inactive and ended ones are left out,
    whatever a clock elsewhere did.
    """
    office = district.pk if district is not None else None
    shown = generation.remembered(("channels", office), lambda: list(_shown_channels(district)))

    def said() -> Said:
        views = [view_of(channel, district, now) for channel in shown if serves(channel, now)]
        turns = [view.changes_at for view in views if view.changes_at is not None]
        return Said(views, since=now, until=min(turns, default=now + timedelta(hours=1)))

    known = generation.remembered(("said", office, get_language()), said)
    if not known.since <= now < known.until:
        known = said()
    return known.views


def help_of_offices(district: District | None) -> list[dict[str, str]]:
    """On the national host: each district's name and the full address of its help page."""
    if district is None or not district.is_national:
        return []
    path = f"{language_prefix(get_language() or settings.LANGUAGE_CODE)}/bantuan/"
    offices = District.objects.filter(level=District.Level.KABUPATEN).select_related("site")
    return [
        {"name": office.short_name, "url": f"{office.site.root_url}{path}"}
        for office in offices.order_by("short_name")
    ]


def _shown_channels(district: District | None) -> QuerySet:
    offices = offices_above(district)
    if district is not None:
        offices |= Q(district=district.pk)
    return (
        Channel.objects.shown()
        .filter(offices)
        .select_related("organisation", "region", "district")
        .order_by("position", "label", "pk")
    )


def channels_of(request: HttpRequest, now: datetime | None = None) -> list[ChannelView]:
    """Return the directory of the request's district, read once a request.

    Sets `request.fresh_until`, the moment at which what was said stops being true.
    """
    known = getattr(request, "_help_directory", None)
    if known is None:
        known = directory(district_for_request(request), now or timezone.now())
        request._help_directory = known
    moments = [view.changes_at for view in known if view.changes_at is not None]
    if getattr(request, "fresh_until", None) is not None:
        moments.append(request.fresh_until)
    request.fresh_until = min(moments, default=None)
    return known


def help_for_request(
    request: HttpRequest, *, issue: str = "", now: datetime | None = None
) -> list[ChannelView]:
    """Return a few verified channels for the middle of a text, those that answer now first."""
    views = channels_of(request, now)
    local = [view for view in views if view.verified and not view.region_code]
    wanted = _about(local, issue) if issue else local
    chosen = [*urgent(views)[:2], *sorted(wanted or local, key=lambda view: view.order)]
    return _once(chosen)[:MOST_IN_A_TEXT]


def urgent(views: Iterable[ChannelView], kecamatan: str = "") -> list[ChannelView]:
    """Verified lines for danger and those that answer day and night, as tap-to-call.

    An overdue emergency line stays: a number that nobody re-read is better than none.
    """
    lines = [
        view
        for view in _reaching(views, kecamatan)
        if view.kind == Channel.Kind.PHONE
        and view.href
        and (view.emergency or (view.state == "always" and not view.overdue))
    ]
    return _once(
        sorted(lines, key=lambda v: (v.state == "closed", not v.emergency, v.position, v.label))
    )


def silent(views: Iterable[ChannelView], kecamatan: str = "") -> list[ChannelView]:
    """Verified WhatsApp numbers, for who cannot speak; overdue ones only when there is no other."""
    written = [
        view
        for view in _reaching(views, kecamatan)
        if view.kind == Channel.Kind.WHATSAPP and view.href
    ]
    recent = [view for view in written if not view.overdue]
    return _once(sorted(recent or written, key=lambda view: view.order))


def urgent_context(request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    """What every help page begins with."""
    views = channels_of(request, now)
    return {
        "emergency": urgent(views),
        "silent": silent(views),
        "print_channel": print_line(views),
    }


def finder_context(request: HttpRequest, now: datetime | None = None) -> dict[str, Any]:
    """Return everything the help page shows, for `?kec=` or for the whole district.

    Two queries at most: the channels, and the kecamatan with the issues. `unknown_kecamatan` is
    set for a code that is none of this district's; the lines that always work are shown still.
    """
    district = district_for_request(request)
    views = channels_of(request, now)
    issues, places = _known_choices(district)
    code = request.GET.get("kec", "").strip()
    chosen = places.get(code) if len(code) <= KECAMATAN_CODE_LENGTH else None
    kec = chosen.code if chosen else ""
    return {
        "emergency": urgent(views, kec),
        "silent": silent(views, kec),
        "kecamatan": chosen,
        "kecamatan_choices": list(places.values()),
        "sections": _sections(views, issues, kec),
        "fallback": _fallback(views, district, chosen),
        "unknown_kecamatan": bool(code) and chosen is None,
        "print_channel": print_line(views),
        "fresh_until": request.fresh_until,
    }


def kecamatan_of(district: District | None) -> dict[str, Kecamatan]:
    """The kecamatan of today by code, in the order of their names; remembered."""
    return _known_choices(district)[1]


def print_line(views: Iterable[ChannelView]) -> str:
    """The line that a printed page bears instead of the safety bar: name and number."""
    for view in urgent(views):
        return view.label if view.display in view.label else f"{view.label}: {view.display}"
    return ""


def _sections(views: list[ChannelView], issues: list[Issue], kec: str) -> list[Section]:
    """The issues with who helps near; the nation's where nobody near has a verified number."""
    near = [view for view in _reaching(views, kec) if view.distance <= DISTRICT]
    far = [view for view in views if view.distance > DISTRICT and view.verified]
    sections = []
    for issue in issues:
        found = [v for v in near if issue.code in v.issues or not v.issues]
        if not any(view.verified for view in found):
            found += _about(far, issue.code) or urgent(views) or far
        if found:
            sections.append(Section(issue, sorted(_once(found), key=lambda view: view.order)))
    general = [view for view in (*near, *far) if not view.issues]
    if general:
        issue = Issue("", gettext("Somebody to talk to, about anything"), "bagian-0")
        sections.append(Section(issue, sorted(_once(general), key=lambda view: view.order)))
    return sections


def _fallback(views: list[ChannelView], district: District | None, chosen: Kecamatan | None) -> str:
    """Say it when a wider area stands in for the one that was asked for."""
    if district is None or district.is_national:
        return ""
    code = chosen.code if chosen else ""
    near = [view for view in _reaching(views, code) if view.verified and view.distance <= DISTRICT]
    if not near:
        return gettext(
            "The numbers of %(district)s are still being checked. "
            "Until then these national lines help you, wherever you are."
        ) % {"district": district.short_name}
    if chosen and not any(view.distance == HERE for view in near):
        return gettext(
            "Kecamatan %(kecamatan)s has no number of its own yet. "
            "These offices serve all of %(district)s."
        ) % {"kecamatan": chosen.name, "district": district.short_name}
    return ""


def _reaching(views: Iterable[ChannelView], kec: str) -> list[ChannelView]:
    """What serves the kecamatan, its villages' own included; else what serves everybody.

    Channels of the chosen kecamatan stand at distance HERE, whoever runs them.
    """
    return [
        view
        for view in views
        if not view.region_code
        or (kec and (view.region_code == kec or view.region_code.startswith(kec + ".")))
    ]


def _about(views: Iterable[ChannelView], issue: str) -> list[ChannelView]:
    return [view for view in views if issue in view.issues]


def _once(views: Iterable[ChannelView]) -> list[ChannelView]:
    """Leave out what leads to the same number twice, keeping the first."""
    seen: set[str] = set()
    kept = []
    for view in views:
        key = view.href or f"#{view.id}"
        if key not in seen:
            seen.add(key)
            kept.append(view)
    return kept


def _known_choices(district: District | None) -> tuple[list[Issue], dict[str, Kecamatan]]:
    return generation.remembered(
        ("help choices", district.pk if district is not None else None, get_language()),
        lambda: _choices(district),
    )


def _choices(district: District | None) -> tuple[list[Issue], dict[str, Kecamatan]]:
    """The issues and the district's kecamatan in one query, two halves of a union."""
    text, number = CharField(), PositiveSmallIntegerField()
    columns = ("part", "code", "first", "second", "rank")
    issues = (
        Term.objects.of("issue_area")
        .order_by()
        .annotate(part=Value("issue", text), first=F("label_id"))
        .annotate(second=F("label_en"), rank=F("position"))
        .values_list(*columns)
    )
    places = (
        Region.objects.kecamatan_of((district and district.region_id) or "")
        .order_by()
        .annotate(part=Value("place", text), first=F("name"))
        .annotate(second=Value("", text), rank=Value(0, number))
        .values_list(*columns)
    )
    rows = sorted(
        # Django 6.1 would order the union by a column it does not have.
        issues.union(places, all=True).order_by(),
        key=lambda row: (row[4], row[2]),
    )
    english = get_language() == "en"
    found = [
        (code, (second if english else "") or first)
        for part, code, first, second, _rank in rows
        if part == "issue"
    ]
    return (
        [Issue(code, label, f"bagian-{n}") for n, (code, label) in enumerate(found, 1)],
        {code: Kecamatan(code, name) for part, code, name, _s, _r in rows if part == "place"},
    )
