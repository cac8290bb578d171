"""What the pages at the door share: kept by nobody, told to no search engine, neutral in name."""

from typing import Any

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
from events.services.doors import CodeExpired, Entrance, NoSuchDoor, TooManyGuesses, find_door
from events.views.checkin import device

# What an entrance that lets nobody in answers with.
SHUT = {"over": 410, "not_yet": 409}


@method_decorator(sensitive_post_parameters(), name="dispatch")
class DoorView(View):
    http_method_names = ["get", "head", "post"]
    district: District

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        district = district_for_request(request)
        if district is None:
            raise Http404
        self.district = district

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NoSuchDoor:
            # The same bytes for a code of nobody and for one of another office.
            response = self.unknown()
            device.mark_guesser(request, response)
        except CodeExpired:
            response = self.show("expired", status=410)
        except TooManyGuesses as guesses:
            response = self.show("paused", status=429)
            response["Retry-After"] = str(guesses.retry_after)
            device.mark_guesser(request, response)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def find(self, told: str) -> Entrance:
        return find_door(
            district=self.district,
            told=told,
            device=device.guesser(self.request),
            address=self.request.META.get("REMOTE_ADDR", ""),
            now=self.now,
        )

    def unknown(self) -> HttpResponse:
        return self.show("unknown", status=404)

    def show(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=_("Attendance list"))
        return render(
            self.request, f"events/checkin/{template}.html", around | (context or {}), status=status
        )
