"""Pages that are opened by a link alone, without an account."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
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
from safeguards import rates

# Of a form that is too large, so much of each field comes back.
LONGEST_KEPT = 2_000
# What is sent from one private page.
PER_PAGE, WINDOW = 30, timedelta(hours=1)


class SeeOther(HttpResponseRedirect):
    status_code = 303


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonalView(View):
    """Answers nobody may keep; a token in the address is told to nobody as a referrer."""

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
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def show(
        self, template: str, context: dict[str, Any], *, title: str, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=title)
        return render(
            self.request, f"events/joining/{template}.html", around | context, status=status
        )

    def client(self) -> str:
        return self.request.META.get("REMOTE_ADDR", "")

    def wait(self, scope: str, key: str) -> int:
        """Count something that was sent from a private page; seconds to wait, 0 for none."""
        verdict = rates.allow(scope=scope, key=key, limit=PER_PAGE, window=WINDOW)
        return 0 if verdict.allowed else verdict.retry_after

    def paused(self, response: HttpResponse, seconds: int) -> HttpResponse:
        response["Retry-After"] = str(seconds)
        return response


def shortened(data: Any) -> Any:
    """What was sent, with long texts cut to what a form may show again."""
    data = data.copy()
    for name in data:
        data.setlist(name, [text[:LONGEST_KEPT] for text in data.getlist(name)[:100]])
    return data


def too_often() -> str:
    return _("That was sent many times. Please wait an hour; what you typed is still here.")


def too_long() -> str:
    return _("That is more than fits. Long texts were shortened below; nothing was sent yet.")
