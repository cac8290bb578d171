from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from districts.paper import paper_response
from districts.scoping import district_for_request
from modules.days import day_at
from modules.finding import module_at
from modules.papers import NothingToPrint, paper_of
from modules.reading import gone


@require_safe
def module_paper(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A paper of the module at `/modul/<slug>/`, set for this district.

    410 once the module is withdrawn or can no longer be held; 404 where there is nothing to print.
    """
    page = module_at(request, slug)
    source = page.alias_of.specific if page.alias_of_id else page
    district = district_for_request(request)
    today = day_at(district)
    if not (page.may_be_held(today) and source.may_be_held(today)):
        return gone(request, page)
    try:
        paper = paper_of(page, district, name)
    except NothingToPrint as error:
        raise Http404 from error
    return paper_response(request, paper, filename=f"{page.slug}-{name}.pdf")
