"""The page behind a one-time link: the owner of a number says whether it is right."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from districts.channel_words import differences
from districts.services import channels as services
from districts.services.channel_values import snapshot
from safeguards import rates

ASKS_PER_ADDRESS = 30
WINDOW = timedelta(minutes=10)
NUMBER = {"value", "display"}
INTERNAL = {"source", "position"}
OF_A_NEW_ONE = {"kind", "organisation", "hours", "cost", "region"}


class OwnerAnswer(View):
    """Shows the number and who asks; a POST confirms or refuses it, once.

    A change stands below what readers have now. An unknown link is 404, an expired or used one
    410; guessing is slowed down by address. Whoever is signed in as the proposer is refused: the
    owner is the second person.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "districts/owner_answer.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verdict = rates.allow(
            scope="channel-owner",
            key=request.META.get("REMOTE_ADDR", ""),
            limit=ASKS_PER_ADDRESS,
            window=WINDOW,
        )
        if verdict.allowed:
            response = self._answered(request, *args, **kwargs)
        else:
            response = self._say(
                429, _("Too many tries. Please wait a few minutes and open the link again.")
            )
            response["Retry-After"] = str(verdict.retry_after)
        patch_cache_control(response, private=True, no_store=True)
        response["Referrer-Policy"] = "same-origin"
        return response

    def _answered(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except services.LinkUnknown:
            return self._say(404, _("This link is not known. Please ask the office for a new one."))
        except (services.LinkSpent, services.AlreadyDecided):
            return self._say(
                410,
                _("This link was used or has expired. Please ask the office for a new one."),
            )

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        change = services.change_of_link(token)
        before = snapshot(change.channel) if change.channel else {}
        values = before | change.fields
        # Where a number stands already, one that was swapped is seen only beside it.
        has_number = bool(before.get("value"))
        rows = [
            row
            for row in differences(before, change.fields)
            if (row.name not in INTERNAL if has_number else row.name in OF_A_NEW_ONE)
        ]
        swaps = has_number and bool(NUMBER & change.fields.keys())
        return render(
            request,
            self.template_name,
            {
                "office": change.district.office_name,
                "edits": has_number and bool(rows),
                "label": before.get("label") or values.get("label", ""),
                "display": "" if swaps else values.get("display") or values.get("value", ""),
                "rows": rows,
            },
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        answer = request.POST.get("answer")
        try:
            if answer == "yes":
                services.approve_as_owner(token=token, reader=request.user)
                return self._say(200, _("Thank you. The number is on the help pages now."))
            if answer == "no":
                change = services.refuse_as_owner(token=token, reader=request.user)
                if change.channel_id is not None:
                    return self._say(
                        200, _("Thank you. The help pages stay as they are; the office is told.")
                    )
                return self._say(
                    200, _("Thank you. The number stays off the help pages; the office is told.")
                )
        except ValidationError:
            return self._say(
                422, _("This can no longer be confirmed. Please tell the office that asked you.")
            )
        except PermissionDenied:
            return self._say(
                403,
                _(
                    "You proposed this number or made this link, so somebody else has to answer. "
                    "Please send the link to the owner of the number."
                ),
            )
        return self._say(400, _("Please choose one of the two answers."))

    def _say(self, status: int, sentence: str) -> HttpResponse:
        return render(self.request, self.template_name, {"sentence": sentence}, status=status)
