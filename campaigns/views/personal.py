"""Pages of one person, opened without an account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from districts.models import District
from districts.pages import surroundings
from districts.scoping import district_for_request

# Of a form that is too large, so much of each field comes back.
LONGEST_KEPT = 2_000


class SeeOther(HttpResponseRedirect):
    status_code = 303


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PersonalView(View):
    """Answers nobody may keep; a token in the address is told to nobody as a referrer."""

    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.district: District | None = district_for_request(request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def show(
        self, template: str, context: dict[str, Any], *, title: str, status: int = 200
    ) -> HttpResponse:
        around = surroundings(self.request, title=title)
        return render(
            self.request, f"campaigns/minta/{template}.html", around | context, status=status
        )

    def of_an_office(self) -> District:
        if self.district is None or self.district.is_national:
            raise Http404
        return self.district

    def client(self) -> str:
        return self.request.META.get("REMOTE_ADDR", "")
