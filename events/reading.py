"""What the calendar's list, month and day show; the views and the page add what is around them."""

from datetime import date, datetime, timedelta
from typing import Any

from districts.models import District
from events.calendar import Calendar, Leaf, page_number
from events.filters import Filters
from events.listing import drawn_list
from events.month_grid import Shown, first_of, last_of, midnight_after, month_url
from events.offices import offices


def list_context(
    district: District, query: Any, *, now: datetime, base: str, prefix: str
) -> tuple[dict[str, Any], datetime]:
    """What comes next, beside the current month; and until when that is true.

    `now` is in the zone of the office, `query` what the address asks.
    """
    today = now.date()
    filters = Filters(district, query)
    calendar = Calendar(district, filters)
    leaf = calendar.upcoming(now, today, number=page_number(query))
    first = today.replace(day=1)
    context = {
        "month": _month(calendar, first, today=today),
        "list_url": base,
        **_shared(district, filters, leaf, base=base, prefix=prefix),
    }
    ends = [row[3] for row in leaf.rows]
    return context, min([midnight_after(now), *ends])


def month_context(
    district: District, query: Any, *, year: int, month: int, now: datetime, base: str, prefix: str
) -> tuple[dict[str, Any], datetime]:
    """A month: its table, and a page of its sessions; raises Http404."""
    today = now.date()
    first = first_of(year, month, today=today)
    filters = Filters(district, query)
    calendar = Calendar(district, filters)
    leaf = calendar.touching(first, last_of(first), number=page_number(query))
    context = {
        "month": _month(calendar, first, today=today),
        "list_url": month_url(base, first),
        **_shared(district, filters, leaf, base=base, prefix=prefix),
    }
    return context, midnight_after(now)


def day_context(
    district: District, query: Any, *, day: date, now: datetime, base: str, prefix: str
) -> tuple[dict[str, Any], datetime]:
    """One day's sessions, those that began before it included; raises Http404."""
    filters = Filters(district, query)
    leaf = Calendar(district, filters).touching(day, day, number=page_number(query))
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        **_shared(district, filters, leaf, base=base, prefix=prefix),
    }
    return context, midnight_after(now)


def _month(calendar: Calendar, first: date, *, today: date) -> Shown:
    numbers = calendar.counted(first, last_of(first))
    return Shown(first, tuple(sorted(numbers.items())), today)


def _shared(
    district: District, filters: Filters, leaf: Leaf, *, base: str, prefix: str
) -> dict[str, Any]:
    query = filters.known_query
    feed = f"/kalender.ics?{query}" if query else "/kalender.ics"
    home = offices()[district.pk].home
    return {
        "filters": filters,
        "query": query,
        "days": drawn_list(leaf.rows, district=district, base=base, prefix=prefix),
        "leaf": leaf,
        "feed_url": home + feed,
        "webcal_url": f"webcal://{home.partition('://')[2]}{feed}",
        "offices": [
            {"name": office.name, "url": f"{office.home}{prefix}/kalender/"}
            for office in offices().values()
            if not office.is_national
        ]
        if district.is_national
        else [],
    }
