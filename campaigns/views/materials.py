from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from campaigns.materials import paper_of
from campaigns.models import MaterialIndexPage, MaterialPage
from districts.pages import readable_by_all
from districts.paper import paper_response
from districts.scoping import district_for_request


@require_safe
def material_file(request: HttpRequest, material: str) -> HttpResponse:
    """The file of `/materi/<material>/`: set for this district, or the upload at Wagtail's address.

    A draft, a restricted page and another district's are not found.
    """
    district = district_for_request(request)
    if district is None:
        raise Http404
    root = getattr(district, "root_url_path", district.site.root_page.url_path)
    page = (
        readable_by_all(
            MaterialPage.objects.filter(
                url_path=f"{root}{MaterialIndexPage.locked_slug}/{material}/"
            )
        )
        .select_related("locale", "document")
        .first()
    )
    if page is None or not (page.layout or page.document):
        raise Http404
    if not page.layout:
        return HttpResponseRedirect(page.document.url)
    paper = paper_of(page, district)
    return paper_response(request, paper, filename=f"{page.slug}.pdf", inline=False)
