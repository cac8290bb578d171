"""`/kalender.ics` and `/kalender/<slug>.ics`: what anybody may subscribe to."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.feeds import Feed, NeverExisted, asked_of, series_feed
from events.views.feeds.answer import answer
from events.views.feeds.office import office_of
from safeguards.cacheable import mark_cacheable


@require_safe
def whole(request: HttpRequest) -> HttpResponseBase:
    """All public sessions of the office, or those that fit `?kec= &jenis= &sasaran= &tema=`."""
    district = office_of(request)
    try:
        asked = asked_of(district, request.GET)
    except NeverExisted as error:
        return _never(error)
    return _told(request, Feed(district, asked, flat=_is_flat(request)), district.slug)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One series, and what it went on as after a change from one date on."""
    feed = series_feed(office_of(request), slug, flat=_is_flat(request))
    if feed is None:
        raise Http404
    return _told(request, feed, slug)


def _told(request: HttpRequest, feed: Feed, name: str) -> HttpResponseBase:
    response = answer(request, feed, filename=f"kalender-{name}", now=timezone.now())
    return mark_cacheable(response)


def _is_flat(request: HttpRequest) -> bool:
    return request.GET.get("datar") == "1"


def _never(error: NeverExisted) -> HttpResponse:
    text = _(
        "There is no calendar for %(name)s=%(value)s. Please choose again in the calendar and"
        " copy the address from there."
    ) % {"name": error.name, "value": error.value}
    return HttpResponse(f"{text}\n", status=404, content_type="text/plain; charset=utf-8")
