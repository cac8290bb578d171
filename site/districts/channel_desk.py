"""Where keepers of an office's channels, stand-ins too, decide on a number without the admin."""

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
from districts.channel_reach import changes_within_reach
from districts.channel_words import differences
from districts.models import ChannelChange
from districts.owner_link import new_owner_link
from districts.scoping import district_for_request
from districts.services import channels as services
from districts.services.channel_values import snapshot
from districts.services.memberships import active_memberships
from districts.services.second_person import standing
from districts.workspace import Room, kept_out, register_room

MOST_SHOWN = 20
WAITING = ChannelChange.Status.WAITING


class ChannelDesk(LoginRequiredMixin, View):
    """The changes that wait for this person, with what was and what would be.

    Whoever keeps no channels of this office gets 404, or 403 with the reason if they hold another
    role in it; the proposer of a change gets 403.
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
        change = get_object_or_404(changes_within_reach(request), pk=int(number))
        act = request.POST.get("act")
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
        """The answer to who decides on no numbers here; where the second factor asks, its own."""
        office, person = district_for_request(self.request), self.request.user
        if office is None:
            raise Http404
        if standing(person, office):
            return kept_out(self.request)
        if not active_memberships(person, office).exists():
            raise Http404
        # A stand-in's days may have ended while the page stood open.
        fault = _(
            "You do not decide on numbers today; nothing was changed. Whoever stands in "
            "does so for certain days. Ask the administrator of the office to add some."
        )
        return render(self.request, self.template_name, {"fault": fault}, status=403)

    def _show(self, status: int = 200, fault: str = "", **context: Any) -> HttpResponse:
        waiting = (
            changes_within_reach(self.request)
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
        context |= {"cards": cards, "fault": fault}
        return render(self.request, self.template_name, context, status=status)


def waits(request: HttpRequest) -> bool:
    """Say whether a number that somebody else proposed waits for this person in this office."""
    changes = ChannelChange.objects.for_district(request.district).filter(status=WAITING)
    return changes.exclude(proposed_by=request.user).exists() and bool(
        standing(request.user, request.district)
    )


register_room(Room(45, "channel_desk", gettext_lazy("Numbers to confirm"), waits))
