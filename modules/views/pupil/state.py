"""What a phone asks every few seconds: where the class is. One query, and a few bytes."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from modules.models import ClassRun
from modules.services.runs import is_over
from modules.views.pupil import device
from modules.views.pupil.frame import PupilView


class State(PupilView):
    """{pulse, step, state, locked}, for phones that joined; to others there is no such address."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        # The signature alone is looked at: who asks has been in, so no code is guessed here.
        if not device.token_for(request, code):
            raise Http404
        run = (
            ClassRun.objects.for_district(self.district)
            .filter(code=code)
            .only("pulse", "step", "state", "locked", "closes_at")
            .first()
        )
        if run is None:
            raise Http404
        state = ClassRun.State.CLOSED if is_over(run, self.now) else run.state
        return JsonResponse(
            {"pulse": run.pulse, "step": run.step, "state": state, "locked": run.locked}
        )
