"""Finds the module of an address on this host."""

from datetime import date, datetime

from django.http import Http404, HttpRequest

from districts.models import District
from districts.pages import readable_by_all
from districts.scoping import district_for_request
from modules.days import day_at
from modules.models import ModuleIndexPage, ModulePage
from modules.standing import module_of, objected_in, objection_to


def module_at(request: HttpRequest, slug: str) -> ModulePage:
    """The live, unrestricted module at `/modul/<slug>/` of this host and language; Http404."""
    district = district_for_request(request)
    if district is None:
        raise Http404
    root = getattr(district, "root_url_path", district.site.root_page.url_path)
    address = f"{root}{ModuleIndexPage.locked_slug}/{slug}/"
    page = (
        readable_by_all(ModulePage.objects.filter(url_path=address))
        .select_related("locale", "alias_of")
        .first()
    )
    if page is None:
        raise Http404
    return page


def is_open(page: ModulePage, district: District | None, today: date) -> bool:
    """Whether new sessions may begin with the module in this district."""
    return page.is_offered(today) and objection_to(page, district) is None


def modules_to_teach(district: District, now: datetime | None = None) -> list[ModulePage]:
    """The modules with which a run may begin in this district now, in the order of the shelf.

    Of a district that comes with a request, those in the language of its address.
    """
    today, kept_back = day_at(district, now), objected_in(district)
    root = getattr(district, "root_url_path", None) or district.site.root_page.url_path
    pages = ModulePage.objects.filter(
        url_path__startswith=root,
        withdrawn_at__isnull=True,
        alias_of__modulepage__withdrawn_at__isnull=True,
    )
    return [
        page
        for page in readable_by_all(pages).select_related("locale", "alias_of").order_by("path")
        if (page.last_day is None or today <= page.last_day) and module_of(page) not in kept_back
    ]
