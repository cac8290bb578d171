"""`/kalender/<slug>/` and one of its dates, `/kalender/<slug>/2026-11-26/`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from events.calendar import page_number
from events.models import Occurrence
from events.month_grid import day_in_words, midnight_after
from events.offices import offices
from events.showing import (
    DateRow,
    came_to,
    date_row,
    dates_of,
    dates_on,
    elsewhere,
    event_at,
    shown,
)
from events.spots import spot_of
from events.taking_along import calendars_of
from events.views.public.frame import Frame


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    frame = Frame(request)
    found = event_at(frame.district, slug)
    found.district = frame.district
    number = page_number(request.GET)
    coming, past, has_next = dates_of(found, now=frame.now, number=number)
    home = offices()[frame.district.pk].home
    told = shown(found)
    # What does not repeat is where its date stands by now.
    dates = [*coming, *past]
    only = None if found.rrule else next(iter(dates), None)
    alone = dates if number == 1 and len(dates) == 1 else []
    context = {
        "event": told,
        "coming": [_row(frame, found, one) for one in coming],
        "past": [_row(frame, found, one) for one in past],
        "number": number,
        "has_next": has_next,
        "calendars": calendars_of(
            found, told.words, home=home, url=f"{home}{frame.base}{slug}/", date=only
        ),
        "spot": spot_of(found, alone),
    }
    first = context["coming"] or context["past"]
    context["place"] = first[0].row.place if alone else ""
    return frame.show(
        "events/event.html",
        context,
        title=told.words.title,
        description=_in_short(first[0]) if first else "",
        fresh_until=_until(frame, coming),
    )


@require_safe
def occurrence(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    frame = Frame(request)
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    found = event_at(frame.district, slug)
    found.district = frame.district
    try:
        here, gone = dates_on(found, when)
    except Http404:
        if (there := elsewhere(found, when)) is None:
            raise
        return HttpResponseRedirect(f"{frame.prefix}{frame.base}{there.event.slug}/{there.day}/")
    home = offices()[frame.district.pk].home
    told = shown(found)
    came = came_to(found, here, now=frame.now)
    rows = [_row(frame, found, one, came=came.get(one.pk, 0)) for one in here]
    left = [_row(frame, found, one) for one in gone]
    # Whoever looks for a date that was moved away learns where it is now.
    dates = here or gone
    places = {one.row.place for one in rows or left}
    context = {
        "event": told,
        "day": day_in_words(when),
        "dates": rows,
        "gone": [
            _left(row, one, when, found.timezone) for row, one in zip(left, gone, strict=True)
        ],
        "calendars": calendars_of(
            found,
            told.words,
            home=home,
            url=f"{home}{request.path}",
            date=dates[0],
        ),
        "spot": spot_of(found, dates),
        "place": places.pop() if len(places) == 1 else "",
    }
    return frame.show(
        "events/occurrence.html",
        context,
        title=f"{told.words.title}, {day_in_words(when)}",
        description=_in_short(rows[0]) if rows else "",
        above=((f"{frame.base}{slug}/", told.words.title),),
        fresh_until=_until(frame, here),
    )


def _row(frame: Frame, found, one: Occurrence, came: int = 0):
    return date_row(found, one, base=frame.base, prefix=frame.prefix, now=frame.now, came=came)


def _left(row: DateRow, one: Occurrence, when: date, tz: str) -> DateRow:
    """A date that is not on this day any more. What was planned anew knows its first day alone."""
    planned_on = one.recurrence_id.astimezone(ZoneInfo(tz)).date()
    return row if planned_on == when else replace(row, planned=day_in_words(when))


def _in_short(row) -> str:
    """ "Kamis, 26 November 2026, 09.00–10.30 WIB, Balai Desa"."""
    said = (row.row.said, row.day, row.row.when, row.row.place)
    return ", ".join(filter(None, said))


def _until(frame: Frame, dates: Iterable[Occurrence]) -> datetime:
    """Until the next of these begins or ends, or the day is over."""
    edges = [edge for one in dates for edge in (one.start, one.end) if edge > frame.now]
    return min([midnight_after(frame.local), *edges])
