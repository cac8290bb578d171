"""From a code on the board to a seat: one field, one tap, no name."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from modules.forms.pupil import uuid_of
from modules.services.joining import join
from modules.services.runs import is_running
from modules.views.pupil import device
from modules.views.pupil.frame import PupilView, RunView
from modules.views.pupil.room import class_context
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther

LONGEST_KEPT = 12


class TypeCode(PupilView):
    """The one field. What was typed stays in it."""

    http_method_names = ["get", "head", "post"]
    typed = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.again()

    def post(self, request: HttpRequest) -> HttpResponse:
        self.typed = request.POST.get("kode", "").strip()
        if too_large(request):
            return self.again(_("That is longer than any code."), status=413)
        if not self.typed:
            return self.again(_("Please type the code first. It is on the board."), status=422)
        found = self.find(self.typed)
        if found.state != "open" and not device.token_for(request, found.run.code):
            return self.shut(found.state, found.run)
        return HttpResponseSeeOther(reverse("join_code", args=[found.run.code]))

    def again(self, reason: str = "", *, status: int = 200) -> HttpResponse:
        kept = self.typed[:LONGEST_KEPT]
        return self.show("code", {"typed": kept, "reason": reason}, status=status)

    def unknown(self) -> HttpResponse:
        reason = _("We know no class with this code. Please compare it with the board once more.")
        return self.again(reason, status=404)

    def paused(self) -> HttpResponse:
        reason = _("Many wrong codes came from here, so we pause for a moment. Try again later.")
        return self.again(reason, status=429)


class ClassPage(RunView):
    """Where the class is now, for who is in; the way in for others."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if code != self.run.code:
            return HttpResponseSeeOther(self.address)
        if not self.is_in:
            return self.at_the_door()
        context = class_context(request, self.run, self.participant, now=self.now)
        response = self.show("room", context)
        if is_running(self.run, self.now):
            # A class may go on for several days; whoever looks in is known at the next one.
            device.remember(request, response, code=self.run.code, key=self.participant.key)
        return response

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Join. Whoever is in already goes on."""
        if self.is_in:
            return HttpResponseSeeOther(self.address)
        if self.participant is not None:
            return self.at_the_door()
        key = uuid_of(request.POST.get("key", ""))
        if too_large(request) or key is None:
            reason = _("That did not work. Please tap the button once more.")
            return self.at_the_door(status=413 if too_large(request) else 422, reason=reason)
        return self._joined(key)

    def _joined(self, key: UUID) -> HttpResponse:
        outcome = join(run=self.run, key=key, now=self.now)
        if outcome.status not in {"created", "already"}:
            response = self.at_the_door(status=outcome.http, reason=outcome.reason)
            if outcome.retry_after:
                response["Retry-After"] = str(outcome.retry_after)
            return response
        response = HttpResponseSeeOther(self.address)
        device.remember(self.request, response, code=self.run.code, key=key)
        return response

    @property
    def address(self) -> str:
        return reverse("join_code", args=[self.run.code])


class Leave(PupilView):
    """Take the class off this phone. Nothing is looked up, so nothing can be guessed here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        response = HttpResponseSeeOther(reverse("join"))
        device.forget(response)
        return response
