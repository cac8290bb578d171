"""`/ruang/kelas/<pk>/orang/`: how many people there are, corrected."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from modules.countable import countable_of
from modules.forms.counts import Counts, stepped
from modules.models import ClassRun
from modules.services.groups import Cell
from modules.services.headcount import correct_people
from modules.views.access import facilitator_page, own_runs
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther


@facilitator_page(*READS, "POST")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """With `?soal=<phase>/<item>` it leads back to the question that was counted."""
    run = get_object_or_404(own_runs(request), pk=pk)
    page = run.edition.page
    years = (page.age_from, page.age_to)
    back = _back(request, run)
    if request.method != "POST":
        cells = [
            Cell(row.sex, row.age_group, row.with_disability, row.number)
            for row in run.counts.all()
        ]
        return _show(request, run, Counts(years=years, cells=cells), back)
    if too_large(request):
        return _show(request, run, Counts(years=years), back, status=413)
    changed = stepped(request.POST)
    if changed is not None:
        return _show(request, run, Counts(years=years, typed=changed), back)
    counts = Counts(years=years, typed=request.POST)
    try:
        correct_people(run=run, cells=counts.cells(), actor=request.user, now=timezone.now())
    except ValidationError as error:
        counts.error = " ".join(error.messages)
        return _show(request, run, counts, back, status=422)
    messages.success(request, _("The number of people is saved."))
    return HttpResponseSeeOther(back)


def _show(
    request: HttpRequest, run: ClassRun, counts: Counts, back: str, *, status: int = 200
) -> HttpResponse:
    context = {"run": run, "counts": counts, "back": back, "district": request.district}
    return show(request, "modules/results/people.html", context, status=status)


def _back(request: HttpRequest, run: ClassRun) -> str:
    """The question that the address names, if it is one of this run; else the session."""
    phase, _slash, item = request.GET.get("soal", "").partition("/")
    known = {(one.phase, str(one.item.id)): one.item.id for one in countable_of(run)}
    found: UUID | None = known.get((phase, item))
    if found is None:
        return reverse("module_run", args=[run.pk])
    return reverse("module_run_tally_one", args=[run.pk, phase, found])
