"""`/kalender/2026/11/` and `/kalender/2026/11/26/`."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.month_grid import day_in_words, first_of, month_in_words, month_url
from events.reading import day_context, month_context
from events.views.public.frame import Frame


@require_safe
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    frame = Frame(request)
    context, fresh_until = month_context(
        frame.district,
        request.GET,
        year=int(year),
        month=int(month),
        now=frame.local,
        base=frame.base,
        prefix=frame.prefix,
    )
    name = context["month"].name
    return frame.show(
        "events/month.html",
        context,
        title=_("Calendar of %(month)s") % {"month": name},
        description=_("Sessions and meetings in %(month)s.") % {"month": name},
        fresh_until=fresh_until,
    )


@require_safe
def day(request: HttpRequest, year: str, month: str, day: str) -> HttpResponse:
    frame = Frame(request)
    when = first_of(int(year), int(month), today=frame.today, day=int(day))
    context, fresh_until = day_context(
        frame.district,
        request.GET,
        day=when,
        now=frame.local,
        base=frame.base,
        prefix=frame.prefix,
    )
    return frame.show(
        "events/day.html",
        context,
        title=day_in_words(when),
        above=((month_url(frame.base, when), month_in_words(when)),),
        fresh_until=fresh_until,
    )
