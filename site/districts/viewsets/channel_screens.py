"""The channel screens of the admin: looking, proposing, deciding, hiding."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from districts.channel_forms import ChannelForm, ReasonForm
from districts.channel_reach import (
    STATES,
    changes_within_reach,
    channels_within_reach,
    in_state,
    office_of,
    state_of,
    waiting_for,
)
from districts.channel_words import differences, history_lines
from districts.models import Channel, ChannelChange
from districts.owner_link import new_owner_link
from districts.services import channels as services
from districts.services.channel_values import snapshot
from districts.services.second_person import second_persons

PAGE_SIZE = 20
STATE_NAMES = {
    "verified": gettext_lazy("Verified"),
    "overdue": gettext_lazy("Check overdue"),
    "unverified": gettext_lazy("To be filled in"),
    "waiting": gettext_lazy("Waiting for a second person"),
    "hidden": gettext_lazy("Hidden"),
}


class Screen(WagtailAdminTemplateMixin, View):
    """A page of the admin about channels."""

    header_icon = "help"
    page_title = _("Help channels")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse("channels:index"), "label": _("Help channels")}
        return [*self.breadcrumbs_items, index, *self.trail()]

    def trail(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            messages=messages.get_messages(self.request), state_names=STATE_NAMES, **kwargs
        )

    def answer(self, *, status: int = 200, **context: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        return response


class ChannelList(Screen):
    template_name = "districts/channels/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        office = office_of(request)
        rows = Channel.objects.for_district(office).select_related("organisation", "region")
        rows = rows.annotate(is_waiting=Exists(waiting_for(OuterRef("pk"))))
        asked = {name: request.GET.get(name, "") for name in ("status", "kind", "region")}
        if asked["status"] in STATES:
            rows = in_state(rows, asked["status"], office)
        if asked["kind"] in Channel.Kind.values:
            rows = rows.filter(kind=asked["kind"])
        regions = (
            Channel.objects.for_district(office)
            .filter(region__isnull=False)
            .values_list("region_id", "region__name")
            .distinct()
            .order_by("region_id")
        )
        if asked["region"] in {code for code, _name in regions}:
            rows = rows.filter(region=asked["region"])
        paginator = Paginator(rows.order_by("position", "label", "pk"), PAGE_SIZE)
        try:
            page = paginator.page(request.GET.get("p", "1"))
        except InvalidPage as error:
            raise Http404 from error
        for channel in page:
            channel.state = state_of(channel)
            channel.state_name = STATE_NAMES[channel.state]
        return self.answer(
            office=office,
            page_obj=page,
            asked=asked,
            is_filtered=any(asked.values()),
            states=[(state, STATE_NAMES[state]) for state in STATES],
            kinds=Channel.Kind.choices,
            regions=regions,
            waiting_count=_waiting(request).count(),
        )


class ChannelDetail(Screen):
    template_name = "districts/channels/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(get_object_or_404(channels_within_reach(request), pk=pk))

    def _show(self, channel: Channel, status: int = 200) -> HttpResponse:
        self.page_subtitle = channel.label
        return self.answer(
            status=status,
            channel=channel,
            state=state_of(channel),
            state_name=STATE_NAMES[state_of(channel)],
            facts=differences({}, snapshot(channel)),
            waiting=waiting_for(channel).first(),
            history=history_lines(channel),
            reason_form=ReasonForm(),
        )

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_subtitle}]


class ProposeChannel(Screen):
    """A new channel, or a change of one; what was typed stays in the form whatever happens."""

    template_name = "districts/channels/form.html"

    def dispatch(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        self.channel = None
        if pk is None:
            self.district = office_of(request)
            self.page_subtitle = gettext("Propose a new channel")
        else:
            self.channel = get_object_or_404(channels_within_reach(request), pk=pk)
            self.district = self.channel.district
            self.page_subtitle = gettext("Propose a change")
        return super().dispatch(request)

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_subtitle}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(ChannelForm(district=self.district, channel=self.channel))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChannelForm(request.POST, district=self.district, channel=self.channel)
        if not form.is_valid():
            return self._form(form, 422)
        try:
            change = services.propose_change(
                district=self.district,
                actor=request.user,
                channel=self.channel,
                fields=form.proposal,
                key=form.cleaned_data["key"],
            )
        except ValidationError as error:
            form.add_faults(error)
            return self._form(form, 422)
        except services.AlreadyWaiting:
            form.add_error(
                None,
                _(
                    "Another change of this channel is still waiting for a second person. "
                    "Decide that one first; what you typed is still here."
                ),
            )
            return self._form(form, 409)
        messages.success(
            request, _("Proposed. Nothing changes for readers until a second person agrees.")
        )
        return redirect("channels:change", pk=change.pk)

    def _form(self, form: ChannelForm, status: int = 200) -> HttpResponse:
        return self.answer(
            status=status,
            form=form,
            channel=self.channel,
            alone=not second_persons(self.district, self.request.user).exists(),
        )


class WaitingList(Screen):
    template_name = "districts/channels/waiting.html"
    page_subtitle = _("Waiting for a second person")

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_subtitle}]

    def get(self, request: HttpRequest) -> HttpResponse:
        office_of(request)
        paginator = Paginator(_waiting(request).order_by("proposed_at", "pk"), PAGE_SIZE)
        try:
            page = paginator.page(request.GET.get("p", "1"))
        except InvalidPage as error:
            raise Http404 from error
        return self.answer(page_obj=page, me=request.user.pk)


class DecideChange(Screen):
    """One change with what was and what would be; the second person decides here."""

    template_name = "districts/channels/change.html"

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.change = get_object_or_404(changes_within_reach(request), pk=pk)
        self.page_subtitle = str(self.change)
        return super().dispatch(request)

    def trail(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("channels:waiting"), "label": WaitingList.page_subtitle},
            {"url": "", "label": self.page_subtitle},
        ]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(ReasonForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        acts = {
            "approve": self._approve,
            "reject": self._reject,
            "withdraw": self._withdraw,
            "link": self._link,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return self._show(ReasonForm(), 400)
        try:
            return act(request)
        except services.NotAllowed:
            # Wagtail would turn a PermissionDenied into a way home; the status is the answer.
            messages.error(request, _("You proposed this, so another person has to decide."))
            return self._show(ReasonForm(), 403)
        except services.AlreadyDecided:
            self.change.refresh_from_db()
            messages.error(request, _("Somebody decided this a moment ago; nothing was changed."))
            return self._show(ReasonForm(), 409)

    def _approve(self, request: HttpRequest) -> HttpResponse:
        try:
            channel = services.approve(change=self.change, actor=request.user)
        except ValidationError as error:
            self.change = get_object_or_404(changes_within_reach(request), pk=self.change.pk)
            messages.error(
                request,
                gettext("This can no longer be approved: %(why)s")
                % {"why": " ".join(error.messages)},
            )
            return self._show(ReasonForm(), 422)
        messages.success(request, _("Approved. Every page shows it from now on."))
        return redirect("channels:detail", pk=channel.pk)

    def _reject(self, request: HttpRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self._show(form, 422)
        try:
            services.reject(
                change=self.change, actor=request.user, note=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error("reason", error.messages)
            return self._show(form, 422)
        messages.success(request, _("Refused. The channel stays as it was."))
        return redirect("channels:waiting")

    def _withdraw(self, request: HttpRequest) -> HttpResponse:
        services.withdraw(change=self.change, actor=request.user)
        messages.success(request, _("Taken back. The channel stays as it was."))
        return redirect("channels:waiting")

    def _link(self, request: HttpRequest) -> HttpResponse:
        return self._show(ReasonForm(), **new_owner_link(request, self.change))

    def _show(self, form: ReasonForm, status: int = 200, **context: Any) -> HttpResponse:
        change, me = self.change, self.request.user.pk
        before = snapshot(change.channel) if change.channel else {}
        return self.answer(
            status=status,
            change=change,
            rows=differences(before, change.fields),
            reason_form=form,
            is_waiting=change.status == ChannelChange.Status.WAITING,
            is_mine=change.proposed_by_id == me,
            proposer=str(change.proposed_by or gettext("an account that is gone")),
            alone=not second_persons(change.district, change.proposed_by_id).exists(),
            desk=self.request.build_absolute_uri(reverse("channel_desk")),
            **context,
        )


class HideChannel(Screen):
    template_name = "districts/channels/hide.html"
    page_subtitle = _("Hide at once")

    def dispatch(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.channel = get_object_or_404(channels_within_reach(request), pk=pk)
        return super().dispatch(request)

    def trail(self) -> list[dict[str, Any]]:
        return [{"url": "", "label": self.page_subtitle}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(form=ReasonForm(), channel=self.channel)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                services.hide(
                    channel=self.channel, actor=request.user, reason=form.cleaned_data["reason"]
                )
            except ValidationError as error:
                form.add_error("reason", error.messages)
            else:
                messages.success(request, _("Hidden. No page shows it any more."))
                return redirect("channels:detail", pk=self.channel.pk)
        return self.answer(status=422, form=form, channel=self.channel)


class ActOnChannel(ChannelDetail):
    """Showing again and re-checking: one button each, no form."""

    http_method_names = ["post"]
    act = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        channel = get_object_or_404(channels_within_reach(request), pk=pk)
        try:
            if self.act == "show":
                change = services.show_again(channel=channel, actor=request.user)
                messages.success(request, _("Proposed. A second person has to agree."))
                return redirect("channels:change", pk=change.pk)
            services.verify(channel=channel, actor=request.user)
            messages.success(request, _("Noted: the number was checked today."))
        except services.NotAllowed:
            messages.error(
                request, _("You proposed this number, so another person has to check it.")
            )
            return self._show(channel, 403)
        except services.AlreadyWaiting:
            messages.error(request, _("A change of this channel is waiting; decide it first."))
            return self._show(channel, 409)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self._show(channel, 422)
        return redirect("channels:detail", pk=pk)


def _waiting(request: HttpRequest):
    return changes_within_reach(request).filter(status=ChannelChange.Status.WAITING)
