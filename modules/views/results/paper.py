"""`/ruang/kelas/<pk>/hitung/`: every question of a run on one page, to enter totals of sheets."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.workspace import show
from modules.countable import Countable, countable_of
from modules.forms.tally import TallyForm, Unreadable
from modules.models import ClassRun, Tally
from modules.services.tallying import may_be_tallied, people_of
from modules.views.access import facilitator_page, own_runs
from modules.views.results.saving import current_of, save, with_wait
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther


@facilitator_page("GET", "HEAD", "POST")
def tally_all(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(own_runs(request), pk=pk)
    rows = list(run.tallies.all())
    questions, people = countable_of(run), people_of(run)
    now = timezone.now()
    if not may_be_tallied(run, now):
        status = 409 if request.method == "POST" else 200
        return show(request, "modules/results/too_late.html", {"run": run}, status=status)
    if request.method != "POST" or too_large(request):
        forms = _forms(questions, rows, people)
        return _page(request, run, forms, status=413 if request.method == "POST" else 200)
    try:
        forms = _forms(questions, rows, people, typed=request.POST)
    except Unreadable:
        forms = _forms(questions, rows, people, typed=request.POST, is_fresh=True)
        return _page(request, run, forms, status=400)
    return _take(request, run, forms, {row.key for row in rows}, now)


def _take(
    request: HttpRequest, run: ClassRun, forms: list[TallyForm], told: set[UUID], now: Any
) -> HttpResponse:
    """Keep each question for itself: a fault in one leaves the others kept."""
    statuses, seconds, saved = [], None, 0
    for form in forms:
        if (form.is_blank and form.current is None) or form.changes_nothing:
            continue
        status, wait = save(form, run=run, told=frozenset(told), now=now)
        if form.is_saved:
            saved += 1
            continue
        statuses.append(status)
        seconds = seconds or wait
    if not statuses and saved:
        messages.success(
            request,
            ngettext("%(count)d question is saved.", "%(count)d questions are saved.", saved)
            % {"count": saved},
        )
        return HttpResponseSeeOther(reverse("module_run_results", args=[run.pk]))
    if not statuses:
        has_any = any(form.current is not None for form in forms)
        nothing = _("Nothing was changed.") if has_any else _("Type at least one number first.")
        return _page(request, run, forms, status=200 if has_any else 422, said=nothing)
    rows = current_of(list(run.tallies.all()))
    for form in forms:
        if form.is_saved:
            form.current = rows.get((form.question.phase, form.question.item.id))
            form.renew()
    page = _page(request, run, forms, status=max(statuses), saved=saved)
    return with_wait(page, seconds)


def _forms(
    questions: list[Countable],
    rows: list[Tally],
    people: int,
    *,
    typed: Any = None,
    is_fresh: bool = False,
) -> list[TallyForm]:
    current = current_of(rows)
    return [
        TallyForm(
            question,
            people=people,
            current=current.get((question.phase, question.item.id)),
            typed=typed,
            prefix=f"{question.phase}-{question.item.id.hex}-",
            is_fresh=is_fresh,
        )
        for question in questions
    ]


def _page(
    request: HttpRequest,
    run: ClassRun,
    forms: list[TallyForm],
    *,
    status: int = 200,
    saved: int = 0,
    said: str = "",
) -> HttpResponse:
    parts = [
        (phase, list(group))
        for phase, group in groupby(forms, key=lambda form: form.question.phase)
    ]
    context = {
        "run": run,
        "parts": parts,
        "people": forms[0].people if forms else 0,
        "faults": [form for form in forms if form.error],
        "saved": saved,
        "said": said,
        "status": status,
        "is_paper": run.mode == ClassRun.Mode.PAPER,
    }
    return show(request, "modules/results/paper.html", context, status=status)
