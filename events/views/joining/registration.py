"""`/kalender/pendaftaran/<token>/`: how a registration stands, and giving the place back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.private_pages import PrivateView, too_often
from districts.sharing.share import qr_squares
from events.mail_words import date_file
from events.models import EventState, Registration
from events.moments import moment_of, public_path
from events.services import registering as services
from events.services.bookkeeping import NotPossible
from events.stood import WAITING, as_it_stood
from events.words import public_wording
from safeguards.phones import masked
from safeguards.views import HttpResponseSeeOther

State = Registration.State


class FollowRegistration(PrivateView):
    """The private page of a registration."""

    templates = "events/joining"

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.token: str = kwargs["token"]
        try:
            self.mine = services.find(district=self.district, token=self.token)
        except Registration.DoesNotExist as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        link = self.request.build_absolute_uri(self.address("event_registration"))
        told = self.facts() | {
            "queue": services.place_in_queue(self.mine),
            "link": link,
            # What staff scans at the door.
            "qr": qr_squares(link) if self.mine.state == State.IN else None,
        }
        title = _("Your registration")
        return self.show("registration", told | context, title=title, status=status)

    def facts(self) -> dict[str, Any]:
        # While the office reads a change, people go by what they were told.
        row = as_it_stood(self.mine.occurrence)
        event = row.event
        words, shown = public_wording(event), not event.guarded
        is_off = row.is_cancelled or event.state == EventState.CANCELLED
        return {
            "mine": self.mine,
            "contacts": [hinted(one) for one in (self.mine.email, self.mine.phone) if one],
            "token": self.token,
            "date_title": (shown and row.title) or words.title,
            "moment": moment_of(event, row),
            "place": (shown and row.venue) or words.place,
            "note": row.note if shown else "",
            "is_off": is_off,
            "is_read_again": event.state in WAITING and not is_off,
            "is_over": row.start <= self.now,
            "is_moved": row.is_moved and not is_off,
            "may_cancel": self.mine.state != State.CANCELLED and row.start > self.now,
            "public": public_path(event, row) if row.is_public else "",
        }

    def address(self, name: str) -> str:
        return reverse(name, args=[self.token])


def hinted(contact: str) -> str:
    """Enough of an address or a number to know one's own, for a page that others may glance at."""
    name, at, host = contact.rpartition("@")
    return f"{name[:1]}…@{host}" if at else masked(contact)


class RegistrationCalendar(FollowRegistration):
    """The date as a calendar file."""

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        row = as_it_stood(self.mine.occurrence)
        response = HttpResponse(date_file(row.event, row), content_type="text/calendar")
        response["Content-Disposition"] = 'attachment; filename="kegiatan.ics"'
        return response


class CancelRegistration(FollowRegistration):
    """Asks first; a POST gives the place back."""

    http_method_names = ["get", "head", "post"]

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        title = _("Cancel the registration")
        return self.show("cancel", self.facts() | context, title=title, status=status)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if wait := self.wait("event-registration-page", token):
            return self.paused(self.page(status=429, reason=too_often()), wait)
        try:
            services.cancel(registration=self.mine, now=self.now)
        except NotPossible as error:
            return self.page(status=409, reason=error.message)
        return HttpResponseSeeOther(self.address("event_registration"))
