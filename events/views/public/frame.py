"""What stands around every public view of the calendar: office, menu, languages, where it is."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from districts.addresses import language_prefix
from districts.pages import surroundings
from districts.scoping import district_for_request
from safeguards.cacheable import mark_cacheable


class Frame:
    """One request of the calendar; raises Http404 where no office answers."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.district = district_for_request(request)
        if self.district is None:
            raise Http404
        self.prefix = language_prefix(get_language() or settings.LANGUAGE_CODE)
        self.base = f"{self.prefix}/kalender/"
        self.now: datetime = timezone.now()
        # "Today" of the office's own place.
        self.local = self.now.astimezone(ZoneInfo(self.district.timezone))
        self.today: date = self.local.date()

    def show(
        self,
        template: str,
        context: dict[str, Any],
        *,
        title: str,
        description: str = "",
        above: tuple[tuple[str, str], ...] = (),
        fresh_until: datetime,
    ) -> HttpResponse:
        """`above` are (address, title) of what stands between the calendar and this view."""
        around = surroundings(self.request, title=title)
        around["page"]["search_description"] = description
        crumbs = [{"url": crumb.url, "title": crumb.title} for crumb in around["breadcrumbs"]]
        crumbs += [
            {"url": url, "title": name} for url, name in ((self.base, _("Calendar")), *above)
        ]
        around |= {
            "breadcrumbs": crumbs,
            "translations": self.translations(),
            "base": self.base,
            "prefix": self.prefix,
        }
        response = render(self.request, template, around | context)
        return mark_cacheable(response, fresh_until=fresh_until)

    def translations(self) -> list[dict[str, str]]:
        if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            return []
        inner = self.request.path.removeprefix(self.prefix)
        return [
            {"language_code": code, "url": language_prefix(code) + inner}
            for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES
            if code != get_language()
        ]
