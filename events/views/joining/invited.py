"""`/kalender/undangan/<token>/`: an invited organisation says whether somebody comes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.private_pages import PrivateView, shortened, too_long, too_often
from events.forms.registration import AnswerForm
from events.models import InvitedOrganisation
from events.moments import moment_of
from events.services import inviting as services
from events.services.bookkeeping import NotPossible
from events.words import member_wording
from safeguards.bodies import too_large
from safeguards.views import HttpResponseSeeOther

MOST_DATES = 6


class AnswerInvitation(PrivateView):
    """Who has the link reads what members read, and answers for the organisation."""

    templates = "events/joining"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.token: str = kwargs["token"]
        try:
            self.invited = services.find(district=self.district, token=self.token, now=self.now)
        except InvitedOrganisation.DoesNotExist as error:
            raise Http404 from error
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if too_large(request):
            form = AnswerForm(initial=shortened(request.POST).dict())
            return self.page(form=form, status=413, reason=too_long())
        if request.POST.get("do") == "tarik":
            return self._withdraw(token)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        if wait := self.wait("event-invitation-page", token):
            return self.paused(self.page(form=form, status=429, reason=too_often()), wait)
        try:
            services.answer(invited=self.invited, now=self.now, **form.values)
        except NotPossible as error:
            return self.page(form=form, status=409, reason=error.message)
        return HttpResponseSeeOther(reverse("event_invited", args=[token]))

    def _withdraw(self, token: str) -> HttpResponse:
        if wait := self.wait("event-invitation-page", token):
            return self.paused(self.page(status=429, reason=too_often()), wait)
        try:
            services.withdraw(invited=self.invited, now=self.now)
        except NotPossible as error:
            return self.page(status=409, reason=error.message)
        return HttpResponseSeeOther(reverse("event_invited", args=[token]))

    def page(
        self, *, form: AnswerForm | None = None, status: int = 200, reason: str = ""
    ) -> HttpResponse:
        invited, event = self.invited, self.invited.event
        rows = list(event.occurrences.filter(end__gt=self.now).order_by("start")[:MOST_DATES])
        last = services.last_date(event)
        closed = services.why_closed(invited, last, self.now)
        if not rows and last is not None:
            rows = [last]
        initial = {
            "answer": invited.answer,
            "people": "" if invited.people is None else invited.people,
            "role": invited.role,
        }
        context = {
            "invited": invited,
            "words": member_wording(event),
            "dates": [(row, moment_of(event, row)) for row in rows],
            "form": form or AnswerForm(initial=initial),
            "closed": closed,
            "reason": reason,
            "token": self.token,
        }
        return self.show("invited", context, title=_("Invitation"), status=status)
