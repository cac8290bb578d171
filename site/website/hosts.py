"""Which office a host name belongs to. An unknown name is 404, never somebody else's site."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseBadRequest
from django.http.request import split_domain_port
from wagtail.models import Page

from districts.models import District
from safeguards import generation
from website.errors import not_found_response, plain_page


def district_by_host(hostname: str, language_code: str) -> District | None:
    """The district of a host, with its site, root page and the root's path in this language.

    One query. `root_url_path` is None when the district has no pages in the language.
    """
    translated_root = Page.objects.filter(
        translation_key=OuterRef("site__root_page__translation_key"),
        locale__language_code=language_code,
    ).values("url_path")[:1]
    return (
        District.objects.filter(site__hostname=settings.HOST_ALIASES.get(hostname, hostname))
        .select_related("site__root_page")
        .annotate(root_url_path=Subquery(translated_root))
        .first()
    )


class HostMiddleware:
    """Sets `request.district` and Wagtail's site from the host name alone; ports don't matter."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            host = request.get_host()
        except DisallowedHost:
            return HttpResponseBadRequest(plain_page("400.html"))
        hostname = split_domain_port(host)[0].lower()
        language = language_of(request.path_info)
        request.district = generation.remembered(
            ("host", hostname, language), lambda: district_by_host(hostname, language)
        )
        if request.district is None:
            return not_found_response()
        request._wagtail_site = request.district.site
        return self.get_response(request)


def language_of(path: str) -> str:
    """The language an address is in: its prefix, else the default. Never the browser's wish."""
    first = path[1:].partition("/")[0]
    default = settings.LANGUAGE_CODE
    codes = {code for code, _name in settings.LANGUAGES}
    return first if first in codes - {default} else default
