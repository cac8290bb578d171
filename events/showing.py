"""An event and its dates as everybody may read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from wagtail.models import Page

from districts.models import District
from districts.pages import ROOT_DEPTH, address_of, readable_by_all
from districts.terms import term_labels
from events.listing import Row, Told, planned_moment, row_of
from events.models import (
    Event,
    EventPage,
    EventState,
    Occurrence,
    ReportState,
    SessionReport,
    Speaker,
)
from events.month_grid import day_in_words
from events.offices import homes_by_root
from events.repeating import rule_in_words
from events.spots import is_elsewhere
from events.words import Wording, public_wording

DATES_PER_PAGE = 12
FEWEST_TOLD = 5


@dataclass(frozen=True)
class DateRow:
    """A date of an event with its day in words; `joining` is where to register, or "".

    `elsewhere` is its place where that is not the session's, else "".
    `came` is how many were there, 0 where nobody may read that.
    """

    row: Row
    day: str
    planned: str
    is_moved: bool
    note: str
    joining: str
    elsewhere: str = ""
    came: int = 0


@dataclass(frozen=True)
class Shown:
    """An event in words."""

    slug: str
    words: Wording
    repeats: str
    cancelled: bool
    cancel_note: str
    guarded: bool
    audience: list[tuple[str, str]]
    issues: list[tuple[str, str]]
    materials: str
    seats: int | None
    speakers: list[Speaker]
    pages: list[dict[str, str]]


def event_at(district: District, slug: str) -> Event:
    """The public event of this office at `/kalender/<slug>/`; raises Http404."""
    found = (
        Event.objects.for_district(district)
        .public()
        .filter(slug=slug)
        .select_related("region__parent", "organiser")
        .first()
    )
    if found is None:
        raise Http404
    return found


def shown(event: Event) -> Shown:
    """All that everybody may read of it, in two queries; of a guarded one in none."""
    audience, issues = term_labels("audience"), term_labels("issue_area")
    told, off = not event.guarded, event.state == EventState.CANCELLED
    return Shown(
        slug=event.slug,
        words=public_wording(event),
        repeats=rule_in_words(event.rrule, tz=event.timezone) if told else "",
        cancelled=off,
        cancel_note=event.cancel_note if told else "",
        guarded=event.guarded,
        audience=_named(event.audience_codes, audience) if told else [],
        issues=_named(event.issue_codes, issues) if told else [],
        materials=event.materials if told else "",
        seats=event.seats if told and event.takes_registrations else None,
        speakers=list(event.speakers.select_related("organisation")) if told and not off else [],
        pages=_pages_of(event) if told else [],
    )


def dates_of(event: Event, *, now: datetime, number: int) -> tuple[list, list, bool]:
    """(dates to come, dates past the latest first, whether another page follows).

    Each page holds twelve of both; raises Http404 beyond the last.
    """
    offset = (number - 1) * DATES_PER_PAGE
    until = offset + DATES_PER_PAGE + 1
    dates = Occurrence.objects.shown().filter(event=event)
    coming = list(dates.filter(end__gt=now).order_by("start", "pk")[offset:until])
    past = list(dates.filter(end__lte=now).order_by("-start", "-pk")[offset:until])
    if number > 1 and not coming and not past:
        raise Http404
    more = max(len(coming), len(past)) > DATES_PER_PAGE
    return coming[:DATES_PER_PAGE], past[:DATES_PER_PAGE], more


def dates_on(event: Event, day: date) -> tuple[list[Occurrence], list[Occurrence]]:
    """(dates on this day, dates that were to be on it and were moved away); raises Http404."""
    dates = Occurrence.objects.shown().filter(Q(day=day) | Q(original_day=day), event=event)
    found = list(dates.order_by("start", "pk"))
    if not found:
        raise Http404
    return [one for one in found if one.day == day], [one for one in found if one.day != day]


def elsewhere(event: Event, day: date) -> Occurrence | None:
    """A date of this day in another part of the series: what is printed has the old address.

    From a part with a name to a guarded one, or back, nothing leads.
    """
    dates = Occurrence.objects.shown().filter(Q(day=day) | Q(original_day=day))
    dates = dates.filter(
        event__chain=event.chain, event__district=event.district_id, event__guarded=event.guarded
    )
    return dates.exclude(event=event.pk).select_related("event").order_by("start", "pk").first()


def came_to(event: Event, dates: Iterable[Occurrence], *, now: datetime) -> dict[int, int]:
    """Date → how many came, of public sessions that are over and whose report was accepted.

    Nothing is told of so few that they could be known. One query, or none.
    """
    over = [one.pk for one in dates if one.end <= now and not one.is_cancelled]
    if event.guarded or not over:
        return {}
    accepted = SessionReport.objects.filter(
        occurrence__in=over, state=ReportState.ACCEPTED, people__gte=FEWEST_TOLD
    )
    return dict(accepted.values_list("occurrence_id", "people"))


def date_row(
    event: Event, one: Occurrence, *, base: str, prefix: str, now: datetime, came: int = 0
) -> DateRow:
    """`base` is the calendar's path, `prefix` of the language."""
    told = told_of(event, one)
    row = row_of(told, district_id=event.district_id, base=base, prefix=prefix)
    open_now = event.takes_registrations and not event.guarded and not row.is_off
    return DateRow(
        row=row,
        day=day_in_words(one.day),
        planned=planned_moment(told),
        is_moved=one.is_moved,
        note=one.note if not event.guarded else "",
        joining=f"{row.url}daftar/" if open_now and one.start > now else "",
        elsewhere=row.place if is_elsewhere(event, one) and not event.guarded else "",
        came=0 if row.is_off else came,
    )


def told_of(event: Event, one: Occurrence) -> Told:
    region = event.region
    return Told(
        day=one.day,
        last_day=one.last_day,
        start=one.start,
        end=one.end,
        recurrence_id=one.recurrence_id,
        is_cancelled=one.is_cancelled,
        changed_at=one.changed_at,
        own_title=one.title,
        own_venue=one.venue,
        note=one.note,
        district_id=event.district_id,
        slug=event.slug,
        state=event.state,
        kind=event.kind,
        title=event.title,
        guarded=event.guarded,
        venue=event.venue,
        timezone=event.timezone,
        cancel_note=event.cancel_note,
        region_code=event.region_id,
        region_name=region.name if region else None,
        parent_name=region.parent.name if region and region.parent else None,
    )


def _named(codes: Any, labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, labels[code]) for code in codes or () if code in labels]


def _pages_of(event: Event) -> list[dict[str, str]]:
    """Pages that belong to it, of this host or another's, which anybody may read."""
    mine = EventPage.objects.filter(event=event)
    place = mine.filter(page=OuterRef("pk")).values("position")[:1]
    pages: QuerySet = readable_by_all(Page.objects.filter(pk__in=mine.values("page")))
    rows = (
        pages.annotate(place=Subquery(place))
        .order_by("place", "pk")
        .values_list("path", "title", "url_path", "locale__language_code", "search_description")
    )
    found = []
    for path, title, url_path, language, teaser in rows:
        home = homes_by_root().get(path[: ROOT_DEPTH * Page.steplen])
        if home is not None:
            url = home + address_of(url_path, language)
            found.append({"title": title, "url": url, "language": language, "teaser": teaser})
    return found
