"""What the pages at the door share: kept by nobody, told to no search engine, neutral in name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from districts.private_pages import PrivateView
from events.services.doors import CodeExpired, Entrance, NoSuchDoor, TooManyGuesses, find_door
from events.views.checkin import device

# What an entrance that lets nobody in answers with.
SHUT = {"over": 410, "not_yet": 409}


class DoorView(PrivateView):
    templates = "events/checkin"

    def answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().answered(request, *args, **kwargs)
        except NoSuchDoor:
            # The same bytes for a code of nobody and for one of another office.
            response = self.unknown()
            device.mark_guesser(request, response)
        except CodeExpired:
            response = self.page("expired", status=410)
        except TooManyGuesses as guesses:
            response = self.page("paused", status=429)
            response["Retry-After"] = str(guesses.retry_after)
            device.mark_guesser(request, response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def find(self, told: str) -> Entrance:
        return find_door(
            district=self.district,
            told=told,
            device=device.guesser(self.request),
            address=self.client(),
            now=self.now,
        )

    def unknown(self) -> HttpResponse:
        return self.page("unknown", status=404)

    def page(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        return self.show(template, context or {}, title=_("Attendance list"), status=status)
