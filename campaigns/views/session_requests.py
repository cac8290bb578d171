"""`/minta/`: a school, a village or a group asks the office for a session, and follows it."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from campaigns.forms.session_request import (
    AnswerForm,
    ContactFields,
    LostLinkForm,
    SessionRequestForm,
)
from campaigns.forms.ticket import Pace, Ticket
from campaigns.models import RequestState, SessionRequest
from campaigns.request_view import shown
from campaigns.services import session_requests as services
from districts.models import District
from districts.pages import surroundings
from districts.paper import qr_svg
from districts.scoping import district_for_request
from safeguards import rates
from safeguards.identifiers import contains_identity_number

# Phone networks put a whole town behind one address.
PER_ADDRESS, ADDRESS_WINDOW = 30, timedelta(hours=1)
PER_CONTACT, CONTACT_WINDOW = 10, timedelta(days=1)
PER_PAGE = 30
LINKS_PER_ADDRESS, LINKS_PER_MAILBOX = 10, 3
LARGEST_FORM = 64 * 1024
LONGEST_KEPT = 2_000
TRAP = "alamat_situs"


class SeeOther(HttpResponseRedirect):
    status_code = 303


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonalView(View):
    """Answers nobody may keep; a token in the address is told to nobody as a referrer."""

    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.district: District | None = district_for_request(request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        # "no-referrer" would make browsers send "Origin: null", which no form survives.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def show(
        self, template: str, context: dict[str, Any], *, title: str, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=title)
        return render(
            self.request, f"campaigns/minta/{template}.html", around | context, status=status
        )

    def of_an_office(self) -> District:
        if self.district is None or self.district.is_national:
            raise Http404
        return self.district

    def client(self) -> str:
        return self.request.META.get("REMOTE_ADDR", "")


class AskForSession(PersonalView):
    """The form. On the national host, and where there is no office, the offices to choose from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.district is None or self.district.is_national:
            return self.choose_office()
        form = self.form(None)
        return self.again(form, Ticket.new(office=self.district.pk, now=self.now), status=200)

    def post(self, request: HttpRequest) -> HttpResponse:
        district = self.of_an_office()
        ticket = Ticket.read(request.POST.get("ticket", ""), office=district.pk)
        if _too_large(request):
            return self._too_long(ticket)
        form = self.form(request.POST)
        if request.POST.get(TRAP):
            form.add_error(None, _("A hidden field was filled in. It is empty now: send it again."))
        if ticket is None:
            ticket = Ticket.new(office=district.pk, now=self.now)
            form.add_error(None, _("This form was opened too long ago. Please send it once more."))
        elif ticket.pace(self.now) is Pace.TOO_OLD:
            ticket = ticket.opened_again(self.now)
            form.add_error(None, _("This form was opened too long ago. Please send it once more."))
        elif ticket.pace(self.now) is Pace.TOO_FAST:
            form.add_error(None, _("That was very fast. Please send it once more."))
        if not form.is_valid():
            return self.again(form, ticket, status=422)
        return self._told(form, ticket)

    def form(self, data: Any) -> SessionRequestForm:
        today = self.now.astimezone(ZoneInfo(self.district.timezone)).date()
        return SessionRequestForm(data, district=self.district, today=today)

    def again(
        self, form: SessionRequestForm, ticket: Ticket, *, status: int, reason: str = ""
    ) -> HttpResponse:
        context = {
            "form": form,
            "ticket": str(ticket),
            "trap": TRAP,
            "reason": reason,
            "zone": self.district.timezone_suffix,
        }
        return self.show("form", context, title=_("Ask for a session"), status=status)

    def choose_office(self) -> HttpResponse:
        offices = (
            District.objects.filter(level=District.Level.KABUPATEN)
            .select_related("site")
            .order_by("short_name")
        )
        return self.show("choose", {"offices": offices}, title=_("Ask for a session"))

    def _told(self, form: SessionRequestForm, ticket: Ticket) -> HttpResponse:
        values = form.values()
        if not services.is_known(district=self.district, key=ticket.key):
            wait = self._wait(values)
            if wait:
                return self._paused(form, ticket, wait)
        receipt = services.submit(
            district=self.district,
            key=ticket.key,
            values=values,
            language_code=translation.get_language(),
            now=self.now,
        )
        if receipt.kept:
            return SeeOther(reverse("session_request", args=[receipt.token]))
        if receipt.number:
            # The first one stays; what was changed since becomes a request of its own if sent.
            ticket = Ticket.new(office=self.district.pk, now=self.now)
        response = self.again(form, ticket, status=receipt.http, reason=_why(receipt))
        if receipt.retry_after:
            response["Retry-After"] = str(receipt.retry_after)
        return response

    def _wait(self, values: dict[str, Any]) -> int:
        """Count this request; seconds to wait, 0 when it may come."""
        verdict = rates.allow(
            scope="session-request",
            key=f"{self.district.pk} {self.client()}",
            limit=PER_ADDRESS,
            window=ADDRESS_WINDOW,
        )
        for contact in (values["contact_phone"], values["contact_email"]):
            if verdict.allowed and contact:
                verdict = rates.allow(
                    scope="session-request-contact",
                    key=f"{self.district.pk} {contact.lower()}",
                    limit=PER_CONTACT,
                    window=CONTACT_WINDOW,
                )
        return 0 if verdict.allowed else verdict.retry_after

    def _paused(self, form: SessionRequestForm, ticket: Ticket, wait: int) -> HttpResponse:
        reason = _(
            "Many requests came from here, so we paused. Nothing was sent yet; what you typed is "
            "below. Please try again later, or call the office."
        )
        response = self.again(form, ticket, status=429, reason=reason)
        response["Retry-After"] = str(wait)
        return response

    def _too_long(self, ticket: Ticket | None) -> HttpResponse:
        """Keep what fits, and say what does not."""
        data = self.request.POST.copy()
        for name in data:
            data.setlist(name, [text[:LONGEST_KEPT] for text in data.getlist(name)[:100]])
        form = SessionRequestForm(
            initial=data.dict() | {f: data.getlist(f) for f in ("audience_codes", "issue_codes")},
            district=self.district,
            today=self.now.date(),
        )
        ticket = ticket or Ticket.new(office=self.district.pk, now=self.now)
        reason = _("That is more than fits. Long texts were shortened below; nothing was sent yet.")
        return self.again(form, ticket, status=413, reason=reason)


class FollowRequest(PersonalView):
    """The private page of a request: what was asked, how it stands, and what the asker may do."""

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
        if act is None or _too_large(request):
            return self.page(status=400, reason=_("We did not understand this. Nothing changed."))
        typed = request.POST.get("message", "")[:LONGEST_KEPT]
        verdict = rates.allow(
            scope="session-request-page", key=self.token, limit=PER_PAGE, window=ADDRESS_WINDOW
        )
        if not verdict.allowed:
            reason = _("That was asked for several times. Please wait an hour.")
            response = self.page(status=429, reason=reason, typed=typed)
            response["Retry-After"] = str(verdict.retry_after)
            return response
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
        return SeeOther(reverse("session_request", args=[self.token]))

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


class LostLink(PersonalView):
    """Mails the link again. Says the same whether we know the address or not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LostLinkForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        district = self.of_an_office()
        form = LostLinkForm(request.POST)
        if contains_identity_number(request.POST.get("email", "")[:LONGEST_KEPT]):
            form.add_error("email", ValidationError(_("This is not an e-mail address.")))
        if not form.is_valid():
            return self.page(form, status=422)
        email = form.cleaned_data["email"]
        budgets = ((self.client(), LINKS_PER_ADDRESS), (email.lower(), LINKS_PER_MAILBOX))
        for key, limit in budgets:
            verdict = rates.allow(
                scope="session-request-link", key=key, limit=limit, window=ADDRESS_WINDOW
            )
            if not verdict.allowed:
                reason = _("That was asked for several times. Please wait an hour.")
                response = self.page(form, status=429, reason=reason)
                response["Retry-After"] = str(verdict.retry_after)
                return response
        services.mail_links(district=district, email=email)
        return self.page(LostLinkForm(), sent=True)

    def page(self, form: LostLinkForm, *, status: int = 200, **context: Any) -> HttpResponse:
        self.of_an_office()
        title = _("The link is lost?")
        return self.show("lost_link", {"form": form} | context, title=title, status=status)


def _too_large(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM


def _why(receipt: services.Receipt) -> str:
    if receipt.number:
        return _(
            "From this form you have sent a request already: %(number)s. It is kept as it was. "
            "What you changed is below; send it again only if it shall be a second request."
        ) % {"number": receipt.number}
    return receipt.reason
