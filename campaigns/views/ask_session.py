"""`/minta/`: a school, a village or a group asks the office for a session."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.forms.session_request import RequestTicket, SessionRequestForm
from campaigns.services import session_requests as services
from districts.models import District
from districts.private_pages import TRAP, TicketView, shortened, too_long
from safeguards.bodies import too_large
from safeguards.tickets import Ticket
from safeguards.views import HttpResponseSeeOther


class AskForSession(TicketView):
    """The form. On the national host, and where there is no office, the offices to choose from."""

    templates = "campaigns/minta"
    needs_district = False
    ticket = RequestTicket
    # Phone networks put a whole town behind one address.
    per_address, per_contact = 30, 10

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.district is None or self.district.is_national:
            return self.choose_office()
        form = self.form(None)
        return self.again(form, self.new_ticket(), status=200)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.of_an_office()
        ticket = self.posted_ticket()
        if too_large(request):
            return self._too_long(ticket)
        form = self.form(request.POST)
        ticket = self.judge(form, ticket)
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
                return self._too_many(form, ticket, wait)
        receipt = services.submit(
            district=self.district,
            key=ticket.key,
            values=values,
            language_code=translation.get_language(),
            now=self.now,
        )
        if receipt.kept:
            return HttpResponseSeeOther(reverse("session_request", args=[receipt.token]))
        if receipt.number:
            # The first one stays; what was changed since becomes a request of its own if sent.
            ticket = self.new_ticket()
        response = self.again(form, ticket, status=receipt.http, reason=_why(receipt))
        return self.paused(response, receipt.retry_after) if receipt.retry_after else response

    def _wait(self, values: dict[str, Any]) -> int:
        contacts = (values["contact_phone"], values["contact_email"])
        return self.count("session-request", contacts=contacts, about=self.district.pk)

    def _too_many(self, form: SessionRequestForm, ticket: Ticket, wait: int) -> HttpResponse:
        reason = _(
            "Many requests came from here, so we paused. Nothing was sent yet; what you typed is "
            "below. Please try again later, or call the office."
        )
        return self.paused(self.again(form, ticket, status=429, reason=reason), wait)

    def _too_long(self, ticket: Ticket | None) -> HttpResponse:
        """Keep what fits, and say what does not."""
        data = shortened(self.request.POST)
        form = SessionRequestForm(
            initial=data.dict() | {f: data.getlist(f) for f in ("audience_codes", "issue_codes")},
            district=self.district,
            today=self.now.date(),
        )
        return self.again(form, ticket or self.new_ticket(), status=413, reason=too_long())


def _why(receipt: services.Receipt) -> str:
    if receipt.number:
        return _(
            "From this form you have sent a request already: %(number)s. It is kept as it was. "
            "What you changed is below; send it again only if it shall be a second request."
        ) % {"number": receipt.number}
    return receipt.reason
