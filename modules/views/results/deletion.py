"""`/ruang/kelas/<pk>/hapus/`: a session with all that hangs on it, after asking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import show
from modules.services.runs import is_running
from modules.services.upkeep import delete_run
from modules.views.access import facilitator_page, own_runs
from safeguards.views import HttpResponseSeeOther


@facilitator_page("GET", "HEAD", "POST")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(own_runs(request), pk=pk)
    if request.method == "POST":
        delete_run(run=run, actor=request.user)
        messages.success(request, _("The session is deleted, with everything in it."))
        return HttpResponseSeeOther(reverse("module_runs"))
    context = {
        "run": run,
        "district": request.district,
        # Without second tries: their number would say how many were wrong at first.
        "answers": run.submissions.filter(attempt=1).count(),
        "sheets": run.survey_answers.count(),
        "counts": run.tallies.count(),
        "phones": run.participants.count(),
        "is_running": is_running(run, timezone.now()),
    }
    return show(request, "modules/results/delete.html", context)
