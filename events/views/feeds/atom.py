"""`/kalender/feed.atom`: the newest changes of the calendar, as Atom (RFC 4287)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from districts.models import District
from events.feeds import calendar_name
from events.ical import hidden_id, plain
from events.models import Event, EventState, Occurrence
from events.views.feeds.office import office_of
from events.words import public_wording
from safeguards.cacheable import mark_cacheable

NEWEST = 50
# Says that a calendar without sessions is as it always was.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return max([item["updateddate"] for item in self.items], default=NEVER)


@require_safe
@conditional_page
def changes(request: HttpRequest) -> HttpResponse:
    """The public sessions that changed last, newest first; ids are those of the sessions."""
    district = office_of(request)
    home = district.site.root_url
    with translation.override(settings.LANGUAGE_CODE):
        feed = _Feed(
            title=calendar_name(district),
            link=f"{home}/kalender/",
            description=_("What was planned, moved or cancelled lately."),
            language=settings.LANGUAGE_CODE,
            author_name=district.office_name,
            feed_url=f"{home}/kalender/feed.atom",
            # RFC 4151: outlives a change of port.
            feed_guid=f"tag:{district.site.hostname},2026:kalender",
        )
        newest = _newest(district)
        starts = _starts(newest)
        for event in newest:
            feed.add_item(**_item(event, starts.get(event.pk, event.starts_at)))
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return mark_cacheable(response)


def _newest(district: District) -> list[Event]:
    events = Event.objects.public().select_related("district__site", "region__parent", "organiser")
    if district.is_national:
        events = events.filter(feed_entry__is_national=True)
    else:
        events = events.for_district(district)
    return list(events.order_by("-modified_at", "-pk")[:NEWEST])


def _starts(events: list[Event]) -> dict[int, datetime]:
    """When each begins by now: dates are moved and cancelled one by one."""
    rows = Occurrence.objects.shown().filter(event__in=events, is_cancelled=False)
    return dict(rows.order_by().values_list("event").annotate(Min("start")))


def _item(event: Event, starts_at: datetime) -> dict:
    words = public_wording(event)
    off, known = event.state == EventState.CANCELLED, event.uid.partition("@")[0]
    title = _("Cancelled: %(title)s") % {"title": words.title} if off else words.title
    lines = [_when(event, starts_at), words.place, words.summary]
    return {
        "title": plain(title),
        "link": f"{event.district.site.root_url}/kalender/{event.slug}/",
        "description": escape(plain("\n".join(filter(None, lines)))).replace("\n", "<br>"),
        "unique_id": f"urn:uuid:{hidden_id(known) if event.guarded else known}",
        "pubdate": event.published_at,
        "updateddate": event.modified_at,
        "categories": [plain(words.kind)],
    }


def _when(event: Event, starts_at: datetime) -> str:
    start = starts_at.astimezone(ZoneInfo(event.timezone))
    day = date_format(start, "l, j F Y")
    told = day if event.guarded else f"{day}, {start:%H.%M} {event.zone_suffix}"
    return _("%(day)s, and further dates") % {"day": told} if event.rrule else told
