"""`/ruang/kalender/<token>.ics`: a member's own calendar, for whoever holds the address."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.own_feed import OwnFeed
from events.services.calendar_links import find
from events.views.feeds.answer import answer
from events.views.feeds.office import office_of


@require_safe
def own(request: HttpRequest, token: str) -> HttpResponseBase:
    """404 from the moment on at which the address was revoked: nothing may keep the answer."""
    link = find(district=office_of(request), token=token)
    if link is None:
        raise Http404
    now = timezone.now()
    response = answer(request, OwnFeed(link, now), filename="kalender-saya", now=now)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
