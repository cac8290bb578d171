"""The commitment screens of the admin: the plan, one commitment, a step, a plan from a file."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from districts.admin_gate.scope import as_id
from districts.commitment_view import OVERDUE, days_late, late_words, status_names
from districts.forms.commitment import NAMES, CommitmentForm, PlanForm, StepForm
from districts.hours import local_date
from districts.models import Commitment, District, Organisation
from districts.scoping import district_for_request
from districts.services import commitment_plan
from districts.services import commitments as services
from districts.tables import TableRejected, TableRow
from districts.terms import term_labels
from safeguards.uploads import XLSX, UploadRejected

PAGE_SIZE = 20
LONGEST_SEARCH = 100
SEAL_HOLDS = 60 * 60
SALT = "districts.commitment_plan"


def office_of(request: HttpRequest) -> District:
    """The office of this host, if the person keeps its commitments; else 404."""
    office = district_for_request(request)
    if not services.keeps_commitments(request.user, office):
        raise Http404
    return office


def commitments_within_reach(request: HttpRequest) -> QuerySet:
    """Those of this host's office."""
    return (
        Commitment.objects.for_district(office_of(request))
        .select_related("district", "owner")
        .order_by("number", "pk")
    )


class Screen(WagtailAdminTemplateMixin, View):
    """A page of the admin about commitments."""

    header_icon = "tasks"
    page_title = _("Commitments")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("commitments:index"), "label": _("Commitments")}
        here = [{"url": "", "label": self.page_subtitle}] if self.page_subtitle else []
        return [*self.breadcrumbs_items, index, *here]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(messages=messages.get_messages(self.request), **kwargs)

    def answer(self, *, status: int = 200, **context: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        return response


class CommitmentList(Screen):
    template_name = "districts/commitments/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        office = office_of(request)
        today = local_date(timezone.now(), office.timezone)
        rows = commitments_within_reach(request)
        is_empty = not rows.exists()
        asked = {name: request.GET.get(name, "") for name in ("status", "owner", "q")}
        if asked["status"] == OVERDUE:
            rows = rows.overdue(today)
        elif asked["status"] in dict(status_names()):
            rows = rows.filter(status=asked["status"])
        owners = Organisation.objects.filter(
            pk__in=Commitment.objects.for_district(office).values("owner")
        ).order_by("name")
        if as_id(asked["owner"]) is not None:
            rows = rows.filter(owner=as_id(asked["owner"]))
        words = asked["q"].replace("\x00", "").strip()[:LONGEST_SEARCH]
        if words:
            rows = rows.filter(Q(measure__icontains=words) | Q(number__iexact=words))
        paginator = Paginator(rows, PAGE_SIZE)
        try:
            page = paginator.page(request.GET.get("p", "1"))
        except InvalidPage as error:
            raise Http404 from error
        for commitment in page:
            commitment.late = late_words(days_late(commitment, today))
        return self.answer(
            office=office,
            page_obj=page,
            asked=asked,
            statuses=status_names(),
            owners=owners,
            is_empty=is_empty,
        )


class OneCommitment(Screen):
    """Screens about one commitment of this office."""

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.commitment = get_object_or_404(commitments_within_reach(request), pk=pk)
        self.page_subtitle = f"{self.commitment.number} {self.commitment.measure}"
        self.today = local_date(timezone.now(), self.commitment.district.timezone)
        return super().dispatch(request)

    def about(self, commitment: Commitment) -> dict[str, Any]:
        labels = term_labels("issue_area")
        return {
            "commitment": commitment,
            "late": late_words(days_late(commitment, self.today)),
            "issues": [labels.get(code, code) for code in commitment.issue_codes],
            "steps": commitment.steps.select_related("author"),
        }


class CommitmentDetail(OneCommitment):
    template_name = "districts/commitments/detail.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(**self.about(self.commitment))


class AddCommitment(Screen):
    template_name = "districts/commitments/form.html"
    page_subtitle = _("Write a commitment down")

    def get(self, request: HttpRequest) -> HttpResponse:
        office = office_of(request)
        today = local_date(timezone.now(), office.timezone)
        return self.answer(form=CommitmentForm(district=office, today=today), commitment=None)

    def post(self, request: HttpRequest) -> HttpResponse:
        office = office_of(request)
        form = CommitmentForm(request.POST, district=office)
        if form.is_valid():
            try:
                commitment = services.create_commitment(
                    district=office,
                    actor=request.user,
                    fields=form.values,
                    status=form.cleaned_data["status"],
                    day=form.cleaned_data["day"],
                    key=form.cleaned_data["key"],
                )
            except ValidationError as error:
                form.add_faults(error)
            else:
                messages.success(
                    request, _("Written down. Readers see it once you choose “Show to readers”.")
                )
                return redirect("commitments:detail", pk=commitment.pk)
        return self.answer(status=422, form=form, commitment=None)


class EditCommitment(OneCommitment):
    template_name = "districts/commitments/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CommitmentForm(district=self.commitment.district, commitment=self.commitment)
        return self.answer(form=form, commitment=self.commitment)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.answer(status=422, form=form, commitment=self.commitment)
        try:
            services.change_commitment(
                commitment=self.commitment,
                actor=request.user,
                fields=form.values,
                version=form.cleaned_data["version"] or 0,
            )
        except services.StaleCommitment as stale:
            # What was typed stays; saving again is then a decision, with both versions in view.
            rows = self._both(stale.current, form.values)
            form = self._form(_with_version(request, stale.current))
            return self.answer(status=409, form=form, commitment=stale.current, both=rows)
        except ValidationError as error:
            form.add_faults(error)
            return self.answer(status=422, form=form, commitment=self.commitment)
        messages.success(request, _("Saved. Every page shows it from now on."))
        return redirect("commitments:detail", pk=self.commitment.pk)

    def _form(self, data: Any) -> CommitmentForm:
        return CommitmentForm(data, district=self.commitment.district, commitment=self.commitment)

    @staticmethod
    def _both(current: Commitment, typed: dict[str, Any]) -> list[dict[str, Any]]:
        """The fields in which the two versions differ."""
        return [
            {
                "label": NAMES[name],
                "theirs": _as_words(getattr(current, name)),
                "yours": _as_words(value),
            }
            for name, value in typed.items()
            if getattr(current, name) != value
        ]


def _with_version(request: HttpRequest, current: Commitment) -> Any:
    """What was typed, as if the form had been opened just now."""
    typed = request.POST.copy()
    typed["version"] = str(current.version)
    return typed


def _as_words(value: Any) -> str:
    if isinstance(value, list):
        labels = term_labels("issue_area")
        return ", ".join(labels.get(code, code) for code in value)
    return date_format(value, "j F Y") if hasattr(value, "isoformat") else str(value)


class TakeStep(OneCommitment):
    template_name = "districts/commitments/step.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(StepForm(commitment=self.commitment, today=self.today))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StepForm(request.POST, commitment=self.commitment, today=self.today)
        if not form.is_valid():
            return self._show(form, 422)
        data = form.cleaned_data
        try:
            services.take_step(
                commitment=self.commitment,
                actor=request.user,
                status=data["status"],
                day=data["day"],
                note=data["note"],
                version=data["version"],
                key=data["key"],
            )
        except services.StaleCommitment as stale:
            self.commitment = stale.current
            typed = _with_version(request, stale.current)
            form = StepForm(typed, commitment=stale.current, today=self.today)
            return self._show(form, 409, is_stale=True)
        except ValidationError as error:
            form.add_faults(error)
            return self._show(form, 422)
        messages.success(
            request,
            _("Noted. Readers see it at once.")
            if self.commitment.is_published
            else _("Noted. Readers don't see this commitment yet."),
        )
        return redirect("commitments:detail", pk=self.commitment.pk)

    def _show(self, form: StepForm, status: int = 200, **context: Any) -> HttpResponse:
        return self.answer(status=status, form=form, **self.about(self.commitment), **context)


class ShowCommitment(OneCommitment):
    """Showing to readers and hiding from them: one button each."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "")
        if act not in {"show", "hide"}:
            return HttpResponse(gettext("Unknown act."), status=400)
        services.show_commitment(
            commitment=self.commitment, actor=request.user, shown=act == "show"
        )
        messages.success(
            request,
            _("Readers see it from now on.")
            if act == "show"
            else _("Hidden. No page shows it any more."),
        )
        return redirect("commitments:detail", pk=self.commitment.pk)


class ImportPlan(Screen):
    """A plan from a spreadsheet: first what would happen, then, when told, all of it."""

    template_name = "districts/commitments/import.html"
    page_subtitle = _("A plan from a spreadsheet")

    def get(self, request: HttpRequest) -> HttpResponse:
        office_of(request)
        if "contoh" in request.GET:
            response = HttpResponse(commitment_plan.empty_plan(), content_type=XLSX)
            response["Content-Disposition"] = 'attachment; filename="rencana-aksi.xlsx"'
            add_never_cache_headers(response)
            return response
        return self._show(PlanForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        office = office_of(request)
        if "sealed" in request.POST:
            return self._write(request, office)
        form = PlanForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            rows, faults = commitment_plan.read_plan(form.cleaned_data["file"])
        except UploadRejected as error:
            form.add_error("file", error.messages)
            return self._show(form, error.status)
        except TableRejected as error:
            form.add_error("file", error.message)
            return self._show(form, 422)
        judged = commitment_plan.judge_plan(office, rows, faults)
        sealed = ""
        if not judged.faults and judged.new:
            told = [request.user.pk, office.pk, [[row.number, row.cells] for row in rows]]
            sealed = signing.dumps(told, salt=SALT, compress=True)
        return self._show(form, 422 if judged.faults else 200, judged=judged, sealed=sealed)

    def _write(self, request: HttpRequest, office: District) -> HttpResponse:
        try:
            user, district, told = signing.loads(
                request.POST["sealed"], salt=SALT, max_age=SEAL_HOLDS
            )
            rows = [TableRow(number, cells) for number, cells in told]
        except (signing.BadSignature, ValueError, TypeError):
            user = district = None
            rows = []
        if (user, district) != (request.user.pk, office.pk):
            messages.error(
                request, _("That was too long ago, or not yours. Please send the file again.")
            )
            return self._show(PlanForm(), 422)
        try:
            made = commitment_plan.import_plan(district=office, actor=request.user, rows=rows)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self._show(PlanForm(), 409)
        messages.success(
            request,
            _("%(n)d commitments were written down. Readers don't see them yet.")
            % {"n": len(made)},
        )
        return redirect("commitments:index")

    def _show(self, form: PlanForm, status: int = 200, **context: Any) -> HttpResponse:
        return self.answer(
            status=status,
            form=form,
            required=commitment_plan.REQUIRED,
            optional=commitment_plan.OPTIONAL,
            **context,
        )
