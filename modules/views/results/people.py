"""`/ruang/kelas/<pk>/orang/`: how many people there are, corrected."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import Difference
from districts.workspace import READS, show
from modules.countable import countable_of
from modules.forms.counts import Counts, stepped
from modules.models import ClassRun
from modules.services.groups import cells_of
from modules.services.headcount import correct_people, counted_as
from modules.views.access import facilitator_page, own_runs
from safeguards.bodies import too_large
from safeguards.lost_updates import Outdated, imprint
from safeguards.views import HttpResponseSeeOther


@facilitator_page(*READS, "POST")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """With `?soal=<phase>/<item>` it leads back to the question that was counted."""
    run = get_object_or_404(own_runs(request), pk=pk)
    page = run.edition.page
    years = (page.age_from, page.age_to)
    back = _back(request, run)
    if request.method != "POST":
        cells = cells_of(run)
        opened = imprint(counted_as(cells))
        return _show(request, run, Counts(years=years, cells=cells), back, opened)
    if too_large(request):
        return _show(request, run, Counts(years=years), back, status=413)
    opened = request.POST.get("opened", "")
    changed = stepped(request.POST)
    if changed is not None:
        return _show(request, run, Counts(years=years, typed=changed), back, opened)
    counts = Counts(years=years, typed=request.POST)
    try:
        correct_people(
            run=run, cells=counts.cells(), actor=request.user, now=timezone.now(), opened=opened
        )
    except ValidationError as error:
        counts.error = " ".join(error.messages)
        return _show(request, run, counts, back, opened, status=422)
    except Outdated:
        cells = cells_of(run)
        counts = Counts(years=years, typed=request.POST, cells=cells)
        return _outdated(request, run, counts, back, imprint(counted_as(cells)))
    messages.success(request, _("The number of people is saved."))
    return HttpResponseSeeOther(back)


def _outdated(
    request: HttpRequest, run: ClassRun, counts: Counts, back: str, opened: str
) -> HttpResponse:
    """What stands now beside what was typed, which is kept when it is sent once more."""
    counts.error = _(
        "Somebody else saved this number meanwhile. Yours is still here: save once more if it is "
        "right."
    )
    return _show(request, run, counts, back, opened, counts.differences(), status=409)


def _show(
    request: HttpRequest,
    run: ClassRun,
    counts: Counts,
    back: str,
    opened: str = "",
    compared: Sequence[Difference] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "run": run,
        "counts": counts,
        "back": back,
        "opened": opened,
        "compared": compared,
        "district": request.district,
    }
    return show(request, "modules/results/people.html", context, status=status)


def _back(request: HttpRequest, run: ClassRun) -> str:
    """The question that the address names, if it is one of this run; else the session."""
    phase, _slash, item = request.GET.get("soal", "").partition("/")
    known = {(one.phase, str(one.item.id)): one.item.id for one in countable_of(run)}
    found: UUID | None = known.get((phase, item))
    if found is None:
        return reverse("module_run", args=[run.pk])
    return reverse("module_run_tally_one", args=[run.pk, phase, found])
