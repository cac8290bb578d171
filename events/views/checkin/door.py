"""`/hadir/<KODE>/`: somebody writes themselves on the attendance list, once."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.attendance.places import places_of
from events.forms.checkin import CheckInForm
from events.moments import moment_of
from events.services import attending, doors, participants
from events.services.doors import CodeExpired, Entrance, NoSuchDoor
from events.services.participants import person_days
from events.views.checkin import device
from events.views.checkin.frame import SHUT, DoorView
from events.words import door_wording, is_told_at_the_door
from safeguards.bodies import too_large
from safeguards.facts import Outcome

KEPT = frozenset({"created", "already"})


class CheckIn(DoorView):
    """The code opens the form, and the form's ticket lets it in whatever the code is by then."""

    entrance: Entrance
    # When the code was asked for; a ticket for another person is of that moment too.
    asked: datetime | None = None

    def get(self, request: HttpRequest, door_code: str) -> HttpResponse:
        self.entrance = self.find(door_code)
        if self.entrance.state != "open":
            return self.shut(self.entrance.state)
        if "lain" not in request.GET and self._is_there():
            return self.done(Outcome("already", 200))
        return self.again(self.form())

    def post(self, request: HttpRequest, door_code: str) -> HttpResponse:
        ticket = request.POST.get("ticket", "")
        try:
            self.entrance, key, self.asked = doors.find_by_ticket(
                district=self.district, ticket=ticket, now=self.now
            )
        except NoSuchDoor:
            # No ticket, or somebody else's: the code alone decides, and a wrong one is counted.
            self.entrance = self.find(door_code)
            return self.again(self.form(request.POST), status=422, reason=_once_more())
        except CodeExpired:
            if ticket and not self._still_opens(door_code):
                raise
            return self.again(self.form(request.POST), status=422, reason=_once_more())
        if self.entrance.state != "open":
            return self.shut(self.entrance.state)
        if too_large(request):
            reason = _("That was more than fits here. Nothing was sent.")
            return self.again(self.form(), status=413, reason=reason, ticket=ticket)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.again(form, status=422, ticket=ticket)
        outcome = doors.check_in(
            entrance=self.entrance,
            person=form.person(uuid4()),
            person_key=device.person(request),
            key=key,
            now=self.now,
        )
        if outcome.status in KEPT and attending.stands_otherwise(outcome, "hadir"):
            # Whoever leads the session took it back: that holds over any door.
            reason = _("Your attendance was changed. Please ask whoever leads the session.")
            return self.again(form, status=409, reason=reason)
        if outcome.status in KEPT:
            return self.done(outcome)
        if outcome.http == 410 and self.entrance.state != "open":
            return self.shut(self.entrance.state)
        # Another person with the same form has to have a ticket of their own.
        fresh = "" if outcome.status == "conflict" and not outcome.retry_after else ticket
        response = self.again(form, status=outcome.http, reason=outcome.reason, ticket=fresh)
        if outcome.retry_after:
            response["Retry-After"] = str(outcome.retry_after)
        return response

    def form(self, data: Any = None) -> CheckInForm:
        return CheckInForm(data, places=places_of(self.district))

    def again(
        self, form: CheckInForm, *, status: int = 200, reason: str = "", ticket: str = ""
    ) -> HttpResponse:
        ticket = ticket or doors.ticket_for(self.entrance, key=uuid4(), now=self.asked or self.now)
        context = self._facts() | {
            "form": form,
            "ticket": ticket,
            "reason": reason,
            "days": person_days(self.district),
        }
        return self.page("form", context, status=status)

    def done(self, outcome: Outcome) -> HttpResponse:
        context = self._facts() | {"is_new": outcome.http == 201}
        response = self.page("done", context, status=outcome.http)
        if person := outcome.response.get("person"):
            device.remember(self.request, response, person)
        return response

    def shut(self, state: str) -> HttpResponse:
        door, row = self.entrance.door, self.entrance.occurrence
        opens, closes = doors.window_of(door, row)
        context = self._facts() | {"state": state, "opens": opens, "closes": closes}
        response = self.page("shut", context, status=SHUT[state])
        if state == "not_yet":
            wait = min(max(int((opens - self.now).total_seconds()), 10), 3_600)
            response["Retry-After"] = str(wait)
        return response

    def _facts(self) -> dict[str, Any]:
        """What everybody may read of the session, and no more."""
        row = self.entrance.occurrence
        event, words = row.event, door_wording(row.event)
        return {
            "words": words,
            "place": (is_told_at_the_door(event) and row.venue) or words.place,
            "moment": moment_of(event, row),
            "timezone": event.timezone,
            "zone": event.zone_suffix,
        }

    def _is_there(self) -> bool:
        """Whether this phone checked in at this very date."""
        key = device.person(self.request)
        if key is None:
            return False
        row = self.entrance.occurrence
        known = participants.known_as(row.district_id, key)
        return known is not None and known.attendance.filter(occurrence=row).came().exists()

    def _still_opens(self, door_code: str) -> bool:
        """A form left open for long: the code may still be good, as one on paper is."""
        try:
            self.entrance = self.find(door_code)
        except (NoSuchDoor, CodeExpired):
            return False
        return self.entrance.state == "open"


def _once_more() -> str:
    return _("This form was opened too long ago. Please send it once more.")
