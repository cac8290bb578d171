"""The sheet on which a specialist signs a module, for those who keep modules."""

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from districts.paper import paper_response
from districts.scoping import office_of_page
from modules.papers.review import NAME, review_sheet
from modules.services.reviewing import keeps_modules
from modules.views.review.screens import kept_pages


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Set from the page as it was last saved, so it is never kept by the browser."""
    found = kept_pages(request).filter(Q(alias_of__isnull=True) | Q(live=True))
    page = get_object_or_404(found.select_related("locale", "alias_of"), pk=pk)
    office = office_of_page(page)
    if not keeps_modules(request.user, office):
        raise Http404
    paper = review_sheet(page, office)
    return paper_response(request, paper, filename=f"{page.slug}-{NAME}.pdf", discreet=True)
