"""`/kalender/pendaftaran/<token>/ubah|hapus|data.json`: what is kept is mended, taken, erased."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.private_pages import shortened, too_long, too_often
from events.forms.registration import OwnWordsForm
from events.services import registered
from events.views.joining.registration import FollowRegistration
from safeguards.bodies import too_large
from safeguards.lost_updates import Outdated, imprint
from safeguards.views import HttpResponseSeeOther

RATE = "event-registration-page"


class CorrectRegistration(FollowRegistration):
    """The words of who registered, told anew."""

    http_method_names = ["get", "head", "post"]

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        words = registered.words_of(self.mine)
        form = OwnWordsForm(mine=self.mine, initial=words | {"opened": imprint(words)})
        told = self.facts() | {"form": form} | context
        return self.show("correct", told, title=_("Correct the registration"), status=status)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if too_large(request):
            form = OwnWordsForm(mine=self.mine, initial=shortened(request.POST).dict())
            return self.page(status=413, form=form, reason=too_long())
        form = OwnWordsForm(request.POST, mine=self.mine)
        if not form.is_valid():
            return self.page(status=422, form=form)
        if wait := self.wait(RATE, token):
            return self.paused(self.page(status=429, form=form, reason=too_often()), wait)
        words = dict(form.cleaned_data)
        opened = words.pop("opened")
        try:
            registered.correct(registration=self.mine, values=words, now=self.now, opened=opened)
        except Outdated:
            self.mine.refresh_from_db(fields=list(registered.WORDS))
            stands = registered.words_of(self.mine)
            form = OwnWordsForm(again(request.POST, stands), mine=self.mine)
            both = compared(form, stands)
            return self.page(status=409, form=form, outdated=True, compared=both)
        return HttpResponseSeeOther(self.address("event_registration"))


class TakeRegistration(FollowRegistration):
    """Everything that is kept of it, as a file that programs read too."""

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        told = registered.told_of(self.mine)
        response = JsonResponse(told, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="pendaftaran.json"'
        return response


class ForgetRegistration(FollowRegistration):
    """Asks first; a POST erases it, and its link leads nowhere any more."""

    http_method_names = ["get", "head", "post"]

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        title = _("Erase the registration")
        return self.show("forget", self.facts() | context, title=title, status=status)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if wait := self.wait(RATE, token):
            return self.paused(self.page(status=429, reason=too_often()), wait)
        registered.forget(registration=self.mine, now=self.now)
        return self.show("forgotten", {}, title=_("Erased"))
