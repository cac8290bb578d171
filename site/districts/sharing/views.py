from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from districts.pages import page_address
from districts.paper import paper_for, paper_response, qr_svg
from districts.scoping import district_for_request
from districts.sharing.codes import number_of
from districts.sharing.find import find_shared_page
from districts.sharing.pictures import (
    LAYOUT,
    PPI,
    digest_of,
    neutral_picture,
    picture_address,
    picture_of,
)
from districts.sharing.share import scanned, short_path
from safeguards.cacheable import PUBLIC, mark_cacheable

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def short_address(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from an address typed from paper to its page, in the page's own language."""
    page = find_shared_page(request, number_of(code))
    response = HttpResponseRedirect(page_address(page))
    response["Cache-Control"] = PUBLIC
    return response


@require_safe
def short_address_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The short address to scan, as a drawing."""
    page = find_shared_page(request, number_of(code))
    address = district_for_request(request).site.root_url + short_path(page.pk)
    response = HttpResponse(qr_svg(scanned(address)), content_type="image/svg+xml")
    mark_cacheable(response)
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def picture(request: HttpRequest, number: int, digest: str) -> HttpResponse:
    """The picture of a page, or of the office (0); an old address leads to the present one."""
    district = district_for_request(request)
    if number:
        drawn = picture_of(find_shared_page(request, number).specific, district)
    elif district is not None:
        drawn = neutral_picture(district)
    else:
        raise Http404
    if digest != digest_of(drawn):
        response = HttpResponseRedirect(picture_address(number, drawn))
        response["Cache-Control"] = PUBLIC
        return response
    paper = paper_for(district, key=f"og/{number}", layout=LAYOUT, data=drawn, form="png", ppi=PPI)
    answer = paper_response(request, paper, filename=f"{number}.png")
    answer["Cache-Control"] = FOR_EVER
    return answer
