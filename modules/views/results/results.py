"""`/ruang/kelas/<pk>/hasil/`: what a session says, for whoever held it and nobody else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from districts.workspace import READS, show
from modules.late import may_still_come
from modules.models import ClassRun
from modules.results import results_of
from modules.services.runs import is_running
from modules.services.tallying import may_be_tallied, people_of
from modules.views.access import facilitator_page, own_runs


@facilitator_page(*READS)
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """While phones are answering nothing is shown: between two looks one answer would stand out."""
    run = get_object_or_404(own_runs(request), pk=pk)
    now = timezone.now()
    context = {
        "run": run,
        "district": request.district,
        "with_phones": run.mode == ClassRun.Mode.PHONES,
        "is_paper": run.mode == ClassRun.Mode.PAPER,
        "is_running": is_running(run, now),
        "may_tally": may_be_tallied(run, now),
    }
    if context["with_phones"] and (context["is_running"] or may_still_come(run, now)):
        return show(request, "modules/results/waits.html", context)
    found = results_of(run, now=now)
    if found.is_empty:
        context["planned_people"] = people_of(run)
        return show(request, "modules/results/nothing.html", context)
    return show(request, "modules/results/results.html", context | {"results": found})
