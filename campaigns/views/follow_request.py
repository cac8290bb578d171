"""`/minta/<token>/`: the private page of a request, and what its asker may do there."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.forms.session_request import AnswerForm, ContactFields
from campaigns.models import RequestState, SessionRequest
from campaigns.request_session import session_of
from campaigns.request_view import shown
from campaigns.services import session_requests as services
from districts.paper import qr_svg
from districts.private_pages import LONGEST_KEPT, PrivateView
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther


class FollowRequest(PrivateView):
    """The private page of a request: what was asked, how it stands, and what the asker may do."""

    templates = "campaigns/minta"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.token: str = kwargs["token"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.asked = services.find(district=self.of_an_office(), token=self.token)
        except SessionRequest.DoesNotExist as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        act = {"answer": self._answer, "contact": self._contact}.get(request.POST.get("act", ""))
        if act is None or too_large(request):
            return self.page(status=400, reason=_("We did not understand this. Nothing changed."))
        typed = request.POST.get("message", "")[:LONGEST_KEPT]
        if wait := self.wait("session-request-page", self.token):
            reason = _("That was asked for several times. Please wait an hour.")
            return self.paused(self.page(status=429, reason=reason, typed=typed), wait)
        try:
            return act()
        except services.NotPossible:
            reason = _("This is no longer possible: the request has moved on. See below.")
            return self.page(status=409, reason=reason, typed=typed)

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        asked = self.asked
        steps = list(asked.steps.order_by("pk"))
        told = {
            "asked": shown(asked),
            "steps": steps,
            "session": session_of(asked),
            "words": steps[-1].message if steps and not steps[-1].by_asker else "",
            "may_answer": asked.state == RequestState.ASKED,
            "answer_form": AnswerForm(),
            "contact_form": ContactFields(initial={"contact_kind": asked.contact_kind}),
            "token": self.token,
            "link": self.request.build_absolute_uri(reverse("session_request", args=[self.token])),
        }
        title = _("Your request %(number)s") % {"number": asked.number}
        return self.show("status", told | context, title=title, status=status)

    def _back(self) -> HttpResponse:
        return HttpResponseSeeOther(reverse("session_request", args=[self.token]))

    def _answer(self) -> HttpResponse:
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            return self.page(status=422, answer_form=form, faulty=form)
        services.answer_question(
            request=self.asked, message=form.cleaned_data["message"], now=self.now
        )
        return self._back()

    def _contact(self) -> HttpResponse:
        form = ContactFields(self.request.POST)
        if not form.is_valid():
            return self.page(status=422, contact_form=form, faulty=form)
        services.correct_contact(request=self.asked, **form.cleaned_data)
        return self._back()


class WithdrawRequest(FollowRequest):
    """Asks first; a POST withdraws."""

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        told = {"asked": shown(self.asked), "token": self.token}
        return self.show("withdraw", told | context, title=_("Withdraw the request"), status=status)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            services.withdraw(request=self.asked, now=self.now)
        except services.NotPossible:
            if self.asked.state != RequestState.WITHDRAWN:
                reason = _("This is no longer possible: the request has moved on.")
                return self.page(status=409, reason=reason)
        return self._back()


class RequestQr(FollowRequest):
    """The address of the status page as a picture, to take it to another phone."""

    http_method_names = ["get", "head"]

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        link = self.request.build_absolute_uri(reverse("session_request", args=[self.token]))
        return HttpResponse(qr_svg(link), content_type="image/svg+xml")
