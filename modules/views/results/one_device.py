"""`/ruang/kelas/<pk>/hitung/<phase>/<item>/`: one question, read aloud; hands are counted."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from districts.workspace import show
from modules.countable import Countable, countable_of, next_of
from modules.forms.tally import TallyForm, Unreadable
from modules.models import ClassRun
from modules.services.runs import is_running
from modules.services.tallying import may_be_tallied, people_of
from modules.views.access import facilitator_page, own_runs
from modules.views.results.saving import current_of, save, with_wait
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther

REST_AND_SAVE = "sisa-simpan"


@facilitator_page("GET", "HEAD", "POST")
def tally_one(request: HttpRequest, pk: int, phase: str, item: UUID) -> HttpResponse:
    run = get_object_or_404(own_runs(request), pk=pk)
    questions = countable_of(run)
    question = next((q for q in questions if (q.phase, q.item.id) == (phase, item)), None)
    if question is None:
        raise Http404
    rows = list(run.tallies.filter(phase=phase, item=item))
    page = _Page(request, run, questions, question, rows)
    if request.method == "POST":
        return page.take()
    if page.current is not None and "koreksi" not in request.GET:
        return page.show_counted()
    return page.show_form(page.form())


class _Page:
    """The question with what is known of it, for one request."""

    def __init__(
        self,
        request: HttpRequest,
        run: ClassRun,
        questions: list[Countable],
        question: Countable,
        rows: list,
    ):
        self.request, self.run, self.question = request, run, question
        self.now = timezone.now()
        self.people = people_of(run)
        self.told = frozenset(row.key for row in rows)
        self.current = current_of(rows).get((question.phase, question.item.id))
        self.is_running = is_running(run, self.now)
        self.next = next_of(questions, question, within_point=self.is_running)
        self.count = sum(one.phase == question.phase for one in questions)
        self.position = [one for one in questions if one.phase == question.phase].index(question)

    def form(self, typed: Any = None, *, is_fresh: bool = False) -> TallyForm:
        return TallyForm(
            self.question,
            people=self.people,
            current=self.current,
            typed=typed,
            is_fresh=is_fresh,
        )

    def take(self) -> HttpResponse:
        """Keep what was counted; a button that keeps nothing brings the form back changed."""
        if too_large(self.request):
            return self.show_form(self.form(), status=413)
        typed = self.request.POST
        try:
            form = self.form(typed)
        except Unreadable:
            return self.show_form(self.form(typed, is_fresh=True), status=400)
        if form.press(typed):
            return self.show_form(form)
        form.give_rest(typed.get(REST_AND_SAVE, ""))
        status, wait = save(form, run=self.run, told=self.told, now=self.now)
        if not form.is_saved:
            return with_wait(self.show_form(form, status=status), wait)
        return HttpResponseSeeOther(self._here() if self.question.is_quiz else self.onward)

    @property
    def onward(self) -> str:
        """The next question to count, else the session, else what was counted."""
        if self.next is not None:
            address = [self.run.pk, self.next.phase, self.next.item.id]
            return reverse("module_run_tally_one", args=address)
        if self.is_running:
            return reverse("module_run", args=[self.run.pk])
        return reverse("module_run_tally", args=[self.run.pk])

    def show_form(self, form: TallyForm, status: int = 200) -> HttpResponse:
        template = "modules/results/count.html"
        if not may_be_tallied(self.run, self.now):
            template, status = "modules/results/too_late.html", max(status, 409)
            if self.request.method != "POST":
                status = 200
        return self._show(template, {"form": form, "is_stale": status == 409}, status)

    def show_counted(self) -> HttpResponse:
        may_correct = may_be_tallied(self.run, self.now)
        return self._show(
            "modules/results/counted.html", {"form": self.form(), "may_correct": may_correct}
        )

    def _here(self) -> str:
        address = [self.run.pk, self.question.phase, self.question.item.id]
        return reverse("module_run_tally_one", args=address)

    def _show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {
            "run": self.run,
            "question": self.question,
            "here": self._here(),
            "onward": self.onward,
            "has_next": self.next is not None,
            "is_running": self.is_running,
            "position": self.position + 1,
            "count": self.count,
            "status": status,
        }
        return show(self.request, template, shared | context, status=status)
