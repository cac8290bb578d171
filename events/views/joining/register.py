"""`/kalender/<slug>/<day>/daftar/`: somebody wants to come, without an account."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from districts.private_pages import TRAP, TicketView, shortened, too_long
from events.forms.registration import RegistrationForm, RegistrationTicket, typed
from events.models import Event, Occurrence
from events.moments import moment_of, public_path
from events.services import consenting
from events.services import registering as services
from events.services.private_links import LINK
from events.showing import dates_on, elsewhere
from events.words import public_wording
from safeguards.bodies import too_large
from safeguards.tickets import Ticket
from safeguards.views import HttpResponseSeeOther


class RegisterForDate(TicketView):
    templates = "events/joining"
    ticket = RegistrationTicket
    # Phone networks put a whole town behind one address, and a link in a group is opened by many.
    per_address, per_contact = 120, 5

    def answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.event = self._event(kwargs["slug"])
            self.dates, self.moved = self._dates(kwargs["day"])
        except Http404:
            if request.method != "POST":
                raise
            return self._repeated(self.posted_ticket()) or self._gone()
        self.open_dates = [row for row in self.dates if not services.why_closed(row, self.now)]
        return super().answered(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str, day: str) -> HttpResponse:
        if self.moved:
            return HttpResponseSeeOther(self._address())
        if not self.open_dates:
            return self.closed()
        return self.again(self.form(None), self.new_ticket(), status=200)

    def post(self, request: HttpRequest, slug: str, day: str) -> HttpResponse:
        ticket = self.posted_ticket()
        if not self.open_dates:
            return self._repeated(ticket) or self.closed(status=409)
        if too_large(request):
            form = self.form(None, initial=shortened(request.POST).dict())
            return self.again(form, ticket or self.new_ticket(), status=413, reason=too_long())
        form = self.form(request.POST)
        ticket = self.judge(form, ticket)
        if not form.is_valid():
            return self.again(form, ticket, status=422)
        if self.moved and not services.is_known(district=self.district, key=ticket.key):
            reason = _(
                "This date was moved while you were writing. What you typed is below: look at the "
                "new date, and send it again if it suits you."
            )
            return self.again(form, ticket, status=409, reason=reason)
        return self._told(form, ticket)

    def form(self, data: Any, **more: Any) -> RegistrationForm:
        consent = consenting.current(self.district)
        form = RegistrationForm(
            data, dates=self.open_dates, consent_version=consent.version, **more
        )
        form.consent = consent
        return form

    def again(
        self, form: RegistrationForm, ticket: Ticket, *, status: int, reason: str = ""
    ) -> HttpResponse:
        context = self._facts(form.dates[next(iter(form.dates))]) | {
            "form": form,
            "consent": form.consent,
            "ticket": str(ticket),
            "trap": TRAP,
            "reason": reason,
            # Where the date is by now.
            "action": self._address(),
        }
        return self.show("register", context, title=_("Register"), status=status)

    def closed(self, *, status: int = 200) -> HttpResponse:
        row = self.dates[0]
        context = self._facts(row) | {
            "reason": services.why_closed(row, self.now),
            "typed": typed(self.request.POST),
        }
        return self.show("closed", context, title=_("Register"), status=status)

    def _gone(self) -> HttpResponse:
        """It is a session of nobody's by now, or never was one: what was typed is not lost."""
        reason = _("This session takes no registrations at the moment. Nothing was sent.")
        context = {"reason": reason, "typed": typed(self.request.POST)}
        return self.show("closed", context, title=_("Register"), status=404)

    def _event(self, slug: str) -> Event:
        """A session that takes registrations and that everybody may read of; any other is none."""
        rows = Event.objects.for_district(self.district).public()
        rows = rows.filter(slug=slug, guarded=False, takes_registrations=True)
        event = rows.select_related("region__parent", "organiser").first()
        if event is None:
            raise Http404
        # With the site of this request, which nobody has to ask for again.
        event.district = self.district
        return event

    def _dates(self, day: str) -> tuple[list[Occurrence], bool]:
        """The dates of that day; else the one that it became, and True."""
        try:
            wanted = date.fromisoformat(day)
        except ValueError as error:
            raise Http404 from error
        try:
            rows, moved = dates_on(self.event, wanted)
        except Http404:
            if (there := elsewhere(self.event, wanted)) is None:
                raise
            # The series goes on at an address of its own.
            self.event = self._event(there.event.slug)
            rows, moved = [], [there]
        for row in [*rows, *moved]:
            row.event = self.event
        return (rows, False) if rows else (moved[:1], True)

    def _address(self) -> str:
        return reverse("event_register", args=[self.event.slug, f"{self.dates[0].day:%Y-%m-%d}"])

    def _facts(self, row: Occurrence) -> dict[str, Any]:
        words = public_wording(self.event)
        free = None if row.seats is None else max(row.seats - row.taken, 0)
        return {
            "date_title": row.title or words.title,
            "moment": moment_of(self.event, row),
            "place": row.venue or words.place,
            "free": free,
            "seats": row.seats,
            "several": len(self.open_dates) > 1,
            "back": public_path(self.event, row),
        }

    def _told(self, form: RegistrationForm, ticket: Ticket) -> HttpResponse:
        is_new = not services.is_known(district=self.district, key=ticket.key)
        if is_new and (wait := self._wait(form.values)):
            reason = _(
                "Many registrations came from here, so we paused. Nothing was sent yet; what you "
                "typed is below. Please try again later, or call the office."
            )
            return self.paused(self.again(form, ticket, status=429, reason=reason), wait)
        receipt = services.register(
            occurrence=form.occurrence,
            key=ticket.key,
            values=form.values,
            language_code=translation.get_language(),
            now=self.now,
        )
        if receipt.kept:
            return HttpResponseSeeOther(reverse("event_registration", args=[receipt.token]))
        reason = receipt.reason
        if services.is_known(district=self.district, key=ticket.key):
            # The first one stays; what was changed since becomes one of its own if sent.
            ticket = self.new_ticket()
            reason = _(
                "This form was sent before, with other words. The first registration stays; to "
                "register once more, send this one again."
            )
        response = self.again(form, ticket, status=receipt.http, reason=reason)
        return self.paused(response, receipt.retry_after) if receipt.retry_after else response

    def _repeated(self, ticket: Ticket | None) -> HttpResponse | None:
        """A form that was kept before the date was closed leads to its page, however late."""
        if ticket and services.is_known(district=self.district, key=ticket.key):
            token = LINK.token_of(ticket.key)
            return HttpResponseSeeOther(reverse("event_registration", args=[token]))
        return None

    def _wait(self, values: dict[str, Any]) -> int:
        contacts = (values["phone"], values["email"])
        return self.count("event-registration", contacts=contacts, about=self.event.pk)
