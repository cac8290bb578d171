"""Pages by their id, on the host that asks: what a short address or a picture may lead to."""

from django.http import Http404, HttpRequest
from wagtail.models import Page

from districts.pages import ROOT_DEPTH, DistrictPage, readable_by_all
from districts.scoping import district_for_request
from safeguards import generation


def roots_of(district) -> list[str]:
    """The tree paths of the office's home page, one for each language."""
    key = district.site.root_page.translation_key
    return generation.remembered(
        ("roots", district.pk),
        lambda: list(
            Page.objects.filter(translation_key=key, depth=ROOT_DEPTH).values_list(
                "path", flat=True
            )
        ),
    )


def find_shared_page(request: HttpRequest, number: int | None) -> Page:
    """The page with this id if anybody may read it on this host and it is not discreet.

    Raises Http404, the same for what is another office's, closed, discreet, or nothing.
    """
    district = district_for_request(request)
    page = None
    if district is not None and number is not None and number < 2**63:
        pages = readable_by_all(Page.objects.filter(pk=number))
        page = pages.select_related("locale", "content_type").first()
    if page is None or page.path[: ROOT_DEPTH * Page.steplen] not in roots_of(district):
        raise Http404
    model = page.specific_class
    if model is None or not issubclass(model, DistrictPage) or model.is_discreet:
        raise Http404
    return page
