"""How the admin saves: one at a time on a page, and with a status that says whether it did."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.models import Page

EDIT_PAGE = "wagtailadmin_pages:edit"


class AdminSavesMiddleware:
    """Stands after the gate.

    Wagtail compares and saves a page in two steps; whoever saves in the same moment waits here for
    both, and is then asked about the newer version. A form that comes back because of its faults is
    a 422: Wagtail says 200, which to a program is a success.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if request.method != "POST" or request.resolver_match.view_name != EDIT_PAGE:
            return None
        with transaction.atomic():
            held = Page.objects.select_for_update(of=("self",)).filter(pk=kwargs["page_id"])
            list(held.values_list("pk"))
            return view(request, *args, **kwargs)

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        is_admins = request.path_info.startswith(reverse("wagtailadmin_home"))
        if request.method == "POST" and response.status_code == 200 and is_admins:
            form = (response.context_data or {}).get("form")
            if getattr(form, "is_bound", False) and form.errors:
                response.status_code = 422
        return response
