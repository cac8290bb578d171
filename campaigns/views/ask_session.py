"""`/minta/`: a school, a village or a group asks the office for a session."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.forms.session_request import SessionRequestForm
from campaigns.forms.ticket import Pace, Ticket
from campaigns.services import session_requests as services
from campaigns.views.personal import LONGEST_KEPT, PersonalView, SeeOther
from districts.models import District
from safeguards import rates
from safeguards.bodies import too_large

# Phone networks put a whole town behind one address.
PER_ADDRESS, ADDRESS_WINDOW = 30, timedelta(hours=1)
PER_CONTACT, CONTACT_WINDOW = 10, timedelta(days=1)
TRAP = "alamat_situs"


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
        if too_large(request):
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


def _why(receipt: services.Receipt) -> str:
    if receipt.number:
        return _(
            "From this form you have sent a request already: %(number)s. It is kept as it was. "
            "What you changed is below; send it again only if it shall be a second request."
        ) % {"number": receipt.number}
    return receipt.reason
