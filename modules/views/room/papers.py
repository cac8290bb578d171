"""`/ruang/kelas/<pk>/<paper>.pdf`: the papers of a session, as its edition says."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from districts.paper import paper_response
from districts.workspace import READS
from modules.days import day_at
from modules.papers import LAYOUTS, NothingToPrint, paper_of_run
from modules.reading import gone
from modules.views.access import facilitator_page, own_runs


@facilitator_page(*READS)
def run_paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """410 once the module is withdrawn or can no longer be held; 404 for nothing to print."""
    run = get_object_or_404(own_runs(request).select_related("edition__page__locale"), pk=pk)
    if paper not in LAYOUTS:
        raise Http404
    page = run.edition.page
    if not page.may_be_held(day_at(run.district)):
        return gone(request, page)
    try:
        printed = paper_of_run(run, paper)
    except NothingToPrint as error:
        raise Http404 from error
    return paper_response(request, printed, filename=f"{page.slug}-{paper}-{run.pk}.pdf")
