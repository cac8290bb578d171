"""What all pages of a pupil share: no cache, no trace, and a code that opens a run or not."""

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from districts.models import District
from districts.pages import surroundings
from districts.scoping import district_for_request
from modules.codes import read_code
from modules.models import ClassRun, Participant
from modules.services.joining import Door, NoSuchRun, TooManyGuesses, carrier_of, find_run
from modules.views.pupil import device

DOOR_STATUS = {"locked": 423, "over": 410, "not_yet": 409}


class PupilView(View):
    """Kept by nobody, found by no search engine. A subclass names the methods that it answers."""

    http_method_names = ["get", "head"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method.lower() in self.http_method_names:
                self.prepare(**kwargs)
            response = super().dispatch(request, *args, **kwargs)
        except NoSuchRun:
            response = self.unknown()
            device.mark_guesser(request, response)
        except TooManyGuesses as guesses:
            response = self.paused()
            response["Retry-After"] = str(guesses.retry_after)
            device.mark_guesser(request, response)
        patch_cache_control(response, private=True, no_store=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def prepare(self, **kwargs: Any) -> None:
        """Look up what the address names; may raise NoSuchRun, TooManyGuesses."""

    @property
    def district(self) -> District:
        found = district_for_request(self.request)
        if found is None:
            raise Http404
        return found

    def find(self, typed: str) -> Door:
        return find_run(
            district=self.district,
            typed=typed,
            device=device.guesser(self.request),
            address=self.request.META.get("REMOTE_ADDR", ""),
            now=self.now,
            has_joined=bool(device.token_for(self.request, read_code(typed))),
        )

    def show(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=_("Class"))
        return render(
            self.request, f"modules/pupil/{template}.html", around | (context or {}), status=status
        )

    def shut(self, door: str, run: ClassRun) -> HttpResponse:
        """The class is there, but nobody can come in now."""
        response = self.show("shut", {"run": run, "door": door}, status=DOOR_STATUS[door])
        if door == "not_yet":
            response["Retry-After"] = "10"
        return response

    def unknown(self) -> HttpResponse:
        """The same bytes for a code of nobody and for one of another office."""
        return self.show("unknown", status=404)

    def paused(self) -> HttpResponse:
        return self.show("paused", status=429)


class RunView(PupilView):
    """A page of one run: `run`, what its door says, and who carries this phone's token."""

    run: ClassRun
    door: str
    participant: Participant | None

    def prepare(self, **kwargs: Any) -> None:
        found = self.find(kwargs["code"])
        self.run, self.door = found.run, found.state
        token = device.token_for(self.request, self.run.code)
        self.participant = carrier_of(run=self.run, token=token)

    def at_the_door(self, *, status: int = 0, reason: str = "") -> HttpResponse:
        """For a phone that is not in: the button that lets it in, or why it can't come in now."""
        if self.participant is not None:
            return self.show("sent_out", {"run": self.run}, status=403)
        if self.door == "open":
            return self.show(
                "join",
                {"run": self.run, "key": uuid4(), "reason": reason},
                status=status or 200,
            )
        return self.shut(self.door, self.run)

    @property
    def is_in(self) -> bool:
        return self.participant is not None and self.participant.removed_at is None
