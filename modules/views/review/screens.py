"""The overview of reviews, and taking a module out of use."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from districts.admin_gate.scope import scope_of
from districts.hours import local_date
from districts.models import District
from districts.scoping import district_for_request, office_of_page
from districts.workflow import approvals
from modules.forms.review import WithdrawForm
from modules.models import ClassRun, ModulePage
from modules.models.reviewed import SPECIALISTS
from modules.review import DUE, PAST, STATES, UNREVIEWED, WITHDRAWN, in_state, own_modules, state_of
from modules.services import reviewing
from modules.services.signing import reviewed_by
from modules.standing import Review, read_standings, reviews_of

PAGE_SIZE = 20
STATE_NAMES = {
    WITHDRAWN: _("Withdrawn"),
    PAST: _("Past its day"),
    DUE: _("Review is near"),
    UNREVIEWED: _("Not yet reviewed by a specialist"),
}


def kept_modules(request: HttpRequest) -> Any:
    """The modules, not aliases, that whoever asks may take out of use."""
    return kept_pages(request).filter(alias_of__isnull=True)


def kept_pages(request: HttpRequest) -> Any:
    """The modules of whoever asks and the aliases that stand in their trees."""
    return scope_of(request).pages(ModulePage.objects.all())


class Screen(WagtailAdminTemplateMixin, View):
    header_icon = "tasks"
    page_title = _("Review of modules")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("module_review:index"), "label": _("Review of modules")}
        return [*self.breadcrumbs_items, index, *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        return []

    def asked_page(self, rows: QuerySet) -> Page:
        """Those of the rows that `?p=` asks for; raises Http404."""
        try:
            return Paginator(rows, PAGE_SIZE).page(self.request.GET.get("p", "1"))
        except InvalidPage as error:
            raise Http404 from error

    def answer(self, *, status: int = 200, **context: Any) -> HttpResponse:
        context["messages"] = messages.get_messages(self.request)
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        return response


class Overview(Screen):
    template_name = "modules/review/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        office = district_for_request(request)
        if not reviewing.keeps_modules(request.user, office):
            raise Http404
        today = local_date(timezone.now(), office.timezone)
        own = own_modules(office).select_related("locale")
        asked = {"status": request.GET.get("status", ""), "q": request.GET.get("q", "")[:100]}
        rows, known = own, read_standings(office)
        if asked["status"] in STATES:
            # Which words were signed is no column: the office's modules are some dozens.
            all_of_them = own if asked["status"] == UNREVIEWED else ()
            told = reviews_of(all_of_them, office, known)
            reviewed = [pk for pk, review in told.items() if review.is_reviewed]
            rows = in_state(own, asked["status"], today, reviewed=reviewed)
        if words := asked["q"].strip():
            theirs = reviewed_by(office, words).values("module_key")
            rows = rows.filter(Q(title__icontains=words) | Q(translation_key__in=theirs))
        page = self.asked_page(rows.order_by("review_due", "title", "pk"))
        reviews = reviews_of(page, office, known)
        modules = [_row(module, reviews[module.pk], today) for module in page]
        _add_approvals(modules, office)
        return self.answer(
            office=office,
            page_obj=page,
            rows=modules,
            asked=asked,
            states=STATE_NAMES.items(),
            is_empty=not page.object_list and not any(asked.values()),
        )


def _row(module: ModulePage, review: Review, today: Any) -> dict[str, Any]:
    state = state_of(module, today, is_reviewed=review.is_reviewed)
    name = STATE_NAMES.get(state, _("Reviewed"))
    if state == UNREVIEWED and review.is_changed:
        name = review.told
    return {"page": module, "state": state, "state_name": name, "review": review}


def _add_approvals(rows: list[dict[str, Any]], office: District) -> None:
    """When a moderator let out the version that readers see; one query for all rows."""
    found = approvals([row["page"].live_revision_id for row in rows], SPECIALISTS, office)
    dates = dict(found.values_list("revision_id", "finished_at"))
    for row in rows:
        if row["page"].is_about_extremism:
            row["approved_at"] = dates.get(row["page"].live_revision_id)


class WithdrawModule(Screen):
    """Takes a module out; when it is out, says why and whether it may be lifted."""

    template_name = "modules/review/withdraw.html"

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.page = get_object_or_404(kept_modules(request), pk=pk)
        if not reviewing.keeps_modules(request.user, office_of_page(self.page)):
            raise Http404
        self.page_subtitle = self.page.title
        return super().dispatch(request)

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page.title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(WithdrawForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            withdrawal = reviewing.withdraw(
                page=self.page,
                actor=request.user,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("reason", error)
            return self._show(form, 422)
        if withdrawal.by_id == request.user.pk:
            messages.success(request, _("Withdrawn. No reader and no class reaches it any more."))
        else:
            messages.info(request, _("A colleague had withdrawn it already."))
        return redirect("module_review:withdraw", pk=self.page.pk)

    def _show(self, form: WithdrawForm, status: int = 200) -> HttpResponse:
        withdrawal = reviewing.withdrawal_of(self.page)
        running = ClassRun.objects.filter(
            edition__page=self.page, state=ClassRun.State.OPEN, closes_at__gt=timezone.now()
        ).count()
        return self.answer(
            status=status,
            page=self.page,
            form=form,
            withdrawal=withdrawal,
            by=str(withdrawal.by or gettext("an account that is gone")) if withdrawal else "",
            may_lift=reviewing.may_lift(self.request.user, self.page),
            running=running
            and ngettext(
                "%(n)d class is in the middle of it: its session ends at once.",
                "%(n)d classes are in the middle of it: their sessions end at once.",
                running,
            )
            % {"n": running},
        )


class LiftWithdrawal(WithdrawModule):
    """Lets a module in again: one button on the screen above, no form."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("module_review:withdraw", pk=self.page.pk)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            lifted = reviewing.lift(page=self.page, actor=request.user, now=timezone.now())
        except PermissionDenied:
            messages.error(
                request, _("Only a moderator who did not withdraw the module lets it in again.")
            )
            return self._show(WithdrawForm(), 403)
        if lifted:
            messages.success(request, _("The module may be used again."))
        return redirect("module_review:withdraw", pk=self.page.pk)
