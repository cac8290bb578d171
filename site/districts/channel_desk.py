"""Where people act on a proposed number without the admin, on a phone.

A stand-in decides; whoever holds any other role of the office passes the question on to the
number's owner.
"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from districts.channel_forms import ReasonForm
from districts.channel_reach import changes_to_pass_on
from districts.channel_words import differences
from districts.models import ChannelChange
from districts.owner_link import new_owner_link
from districts.scoping import district_for_request
from districts.services import channels as services
from districts.services.channel_values import snapshot
from districts.services.second_person import may_ask_owner, standing
from districts.workspace import Room, kept_out, register_room

MOST_SHOWN = 20
WAITING = ChannelChange.Status.WAITING
DECISIONS = {"approve", "reject"}


class ChannelDesk(LoginRequiredMixin, View):
    """The changes that wait for this person, with what was and what would be.

    Whoever holds no role in this office, and keeps no channels of it, gets 404; the proposer of a
    change, and who decides on none, gets 403.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "districts/channel_desk.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._kept_out() or self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        if (answer := self._kept_out()) is not None:
            return answer
        number = request.POST.get("change", "")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Http404
        change = get_object_or_404(changes_to_pass_on(request), pk=int(number))
        act = request.POST.get("act")
        if act in DECISIONS and not self.decides:
            # A stand-in's days may have ended while the page stood open.
            return self._show(
                403,
                _(
                    "You do not decide on numbers today; nothing was changed. Whoever stands in "
                    "does so for certain days. Ask the administrator of the office to add some."
                ),
            )
        try:
            if act == "link":
                return self._show(asked=change, **new_owner_link(request, change))
            if act == "approve":
                services.approve(change=change, actor=request.user)
            elif act == "reject":
                form = ReasonForm(request.POST)
                if not form.is_valid():
                    return self._show(422, form.errors["reason"][0])
                services.reject(change=change, actor=request.user, note=form.cleaned_data["reason"])
            else:
                return self._show(400, _("Please choose one of the two answers."))
        except services.NotAllowed:
            return self._show(403, _("You proposed this, so another person has to decide."))
        except services.AlreadyDecided:
            return self._show(409, _("Somebody decided this a moment ago; nothing was changed."))
        except ValidationError as error:
            return self._show(422, " ".join(error.messages))
        return redirect("channel_desk")

    def _kept_out(self) -> HttpResponse | None:
        """Where the second factor asks first, its answer."""
        office = district_for_request(self.request)
        if office is None or not may_ask_owner(self.request.user, office):
            raise Http404
        self.decides = bool(standing(self.request.user, office))
        return kept_out(self.request)

    def _show(self, status: int = 200, fault: str = "", **context: Any) -> HttpResponse:
        waiting = (
            changes_to_pass_on(self.request)
            .filter(status=WAITING)
            .exclude(proposed_by=self.request.user)
            .order_by("proposed_at", "pk")[:MOST_SHOWN]
        )
        cards = [
            {
                "change": change,
                "rows": differences(
                    snapshot(change.channel) if change.channel else {}, change.fields
                ),
            }
            for change in waiting
        ]
        context |= {"cards": cards, "fault": fault, "decides": self.decides}
        return render(self.request, self.template_name, context, status=status)


def waits(request: HttpRequest) -> bool:
    """Say whether a number that somebody else proposed waits in this office."""
    changes = ChannelChange.objects.for_district(request.district).filter(status=WAITING)
    return changes.exclude(proposed_by=request.user).exists()


register_room(Room(45, "channel_desk", gettext_lazy("Numbers to confirm"), waits))
