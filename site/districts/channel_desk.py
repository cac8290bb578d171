"""Where a second person decides without the admin: stand-ins, on a phone."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from districts.channel_forms import ReasonForm
from districts.channel_reach import changes_within_reach, office_of
from districts.channel_words import differences
from districts.models import ChannelChange
from districts.services import channels as services
from districts.services.channel_values import snapshot

MOST_SHOWN = 20


class ChannelDesk(LoginRequiredMixin, View):
    """The changes that wait for this person, with what was and what would be.

    Whoever keeps no channels of this office gets 404; the proposer of a change gets 403.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "districts/channel_desk.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        office_of(request)
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        office_of(request)
        number = request.POST.get("change", "")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Http404
        change = get_object_or_404(changes_within_reach(request), pk=int(number))
        try:
            if request.POST.get("act") == "approve":
                services.approve(change=change, actor=request.user)
            elif request.POST.get("act") == "reject":
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

    def _show(self, status: int = 200, fault: str = "") -> HttpResponse:
        waiting = (
            changes_within_reach(self.request)
            .filter(status=ChannelChange.Status.WAITING)
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
        context = {"cards": cards, "fault": fault}
        return render(self.request, self.template_name, context, status=status)
