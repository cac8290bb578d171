"""Pages of one person, opened without an account: by a form, or by a link that is told to them.

A view says in `templates` where its pages stand. Forms that anybody may send carry a ticket
(`TicketView`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from districts.models import District
from districts.pages import surroundings
from districts.scoping import district_for_request
from safeguards import rates
from safeguards.tickets import Pace, Ticket

# Of a form that is too large, so much of each field comes back.
LONGEST_KEPT = 2_000
# What is sent from one private page.
PER_PAGE, WINDOW = 30, timedelta(hours=1)
# In which one way to reach somebody is counted.
CONTACT_WINDOW = timedelta(days=1)
# The name of the field that people do not see and robots fill in.
TRAP = "alamat_situs"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PrivateView(View):
    """Answers nobody may keep; a token in the address is told to nobody as a referrer."""

    http_method_names = ["get", "head", "post"]
    templates = ""
    needs_district = True
    district: District
    now: datetime

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.district = district_for_request(request)
        if self.district is None and self.needs_district:
            raise Http404

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.answered(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the method answers; a view whose errors are pages of its own makes them here."""
        return super().dispatch(request, *args, **kwargs)

    def show(
        self, template: str, context: dict[str, Any], *, title: str, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=title)
        name = f"{self.templates}/{template}.html"
        return render(self.request, name, around | context, status=status)

    def of_an_office(self) -> District:
        """The office of this host; raises Http404 where it is the nation's or nobody's."""
        if self.district is None or self.district.is_national:
            raise Http404
        return self.district

    def client(self) -> str:
        return self.request.META.get("REMOTE_ADDR", "")

    def wait(self, scope: str, key: str) -> int:
        """Count something that was sent from a private page; seconds to wait, 0 for none."""
        verdict = rates.allow(scope=scope, key=key, limit=PER_PAGE, window=WINDOW)
        return 0 if verdict.allowed else verdict.retry_after

    def paused(self, response: HttpResponse, seconds: int) -> HttpResponse:
        response["Retry-After"] = str(seconds)
        return response


class TicketView(PrivateView):
    """A form that anybody may send: opened with a ticket, judged by it when it comes."""

    ticket: type[Ticket]
    # How many forms may come from one address in an hour, and with one contact in a day.
    per_address: int
    per_contact: int

    def new_ticket(self) -> Ticket:
        return self.ticket.new(office=self.district.pk, now=self.now)

    def posted_ticket(self) -> Ticket | None:
        return self.ticket.read(self.request.POST.get("ticket", ""), office=self.district.pk)

    def judge(self, form: Form, ticket: Ticket | None) -> Ticket:
        """Say in the form what is wrong with how it came; the ticket to go on with."""
        if self.request.POST.get(TRAP):
            form.add_error(None, _("A hidden field was filled in. It is empty now: send it again."))
        if ticket is None:
            form.add_error(None, _("This form was opened too long ago. Please send it once more."))
            return self.new_ticket()
        if ticket.pace(self.now) is Pace.TOO_OLD:
            form.add_error(None, _("This form was opened too long ago. Please send it once more."))
            return ticket.opened_again(self.now)
        if ticket.pace(self.now) is Pace.TOO_FAST:
            form.add_error(None, _("That was very fast. Please send it once more."))
        return ticket

    def count(self, scope: str, *, contacts: Iterable[str], about: int) -> int:
        """Count a form that comes; seconds to wait, 0 when it may.

        `contacts` are told in it, some perhaps empty; each is counted for what the form is `about`.
        """
        key = f"{self.district.pk} {self.client()}"
        verdict = rates.allow(scope=scope, key=key, limit=self.per_address, window=WINDOW)
        for contact in filter(None, contacts):
            if verdict.allowed:
                verdict = rates.allow(
                    scope=f"{scope}-contact",
                    key=f"{about} {contact.lower()}",
                    limit=self.per_contact,
                    window=CONTACT_WINDOW,
                )
        return 0 if verdict.allowed else verdict.retry_after


def shortened(data: Any) -> Any:
    """What was sent, with long texts cut to what a form may show again."""
    data = data.copy()
    for name in data:
        data.setlist(name, [text[:LONGEST_KEPT] for text in data.getlist(name)[:100]])
    return data


def too_often() -> str:
    return _("That was sent many times. Please wait an hour; what you typed is still here.")


def too_long() -> str:
    return _("That is more than fits. Long texts were shortened below; nothing was sent yet.")
