"""`/ruang/permintaan/<pk>/`: one request and the office's answer."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import RequestState, SessionRequest
from campaigns.request_view import shown
from campaigns.services import session_requests as services
from campaigns.unsent import unsent_of
from safeguards import audit
from website.accounts.access import READS, show
from website.requests.access import answerer_page
from website.requests.forms import OfficeAnswerForm, seen_step
from website.requests.listing import requests_of
from website.requests.sessions import date_of, session_of


@answerer_page(*READS, "POST")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(
        requests_of(request).select_related("region__parent", "district__site"), pk=pk
    )
    now = timezone.now()
    if request.method != "POST":
        form = OfficeAnswerForm(asked=asked, now=now, initial=_initial(asked, now))
        return _page(request, asked, form)
    form = OfficeAnswerForm(request.POST, asked=asked, now=now)
    try:
        seen = seen_step(request.POST.get("seen_step", ""))
    except ValidationError as error:
        raise PermissionDenied from error
    if not form.is_valid():
        # Somebody else's step may be why this one is not offered any more.
        latest = asked.steps.select_related("author").order_by("-pk").first()
        if latest is not None and latest.pk != seen:
            return _page(request, asked, form, status=409, theirs=latest)
        return _page(request, asked, form, status=422)
    try:
        form.take(asked=asked, actor=request.user, seen_step=seen)
    except services.Changed as error:
        asked.refresh_from_db(fields=["state", "agreed_at", "closed_at"])
        return _page(request, asked, form, status=409, theirs=error.latest)
    except services.NotPossible:
        form.add_error(None, _("This request is closed, so nothing can be answered any more."))
        return _page(request, asked, form, status=409)
    except ValidationError as error:
        form.add_error("message", error)
        return _page(request, asked, form, status=422)
    messages.success(request, _("The answer stands on the private page of who asked."))
    return redirect("request_detail", pk=asked.pk)


def _initial(asked: SessionRequest, now: datetime) -> dict[str, Any]:
    """The wished day; once the session of the calendar is over, that it took place."""
    initial: dict[str, Any] = {"agreed_day": next(iter(asked.wished_dates), None)}
    event = session_of(asked)
    last = date_of(event, now) if event is not None else None
    if last is not None and last.end <= now:
        initial["act"] = RequestState.DONE
    return initial


def _page(
    request: HttpRequest, asked: SessionRequest, form: OfficeAnswerForm, **more: Any
) -> HttpResponse:
    """The request with its contact, which leaves a trace; `theirs` is a step taken meanwhile."""
    status = more.pop("status", 200)
    audit.record(
        verb="request.read", actor_id=request.user.pk, obj=asked, site=request.district.site_id
    )
    steps = list(asked.steps.select_related("author").order_by("pk"))
    context = {
        "asked": shown(asked),
        "steps": steps,
        "last_step": steps[-1].pk if steps else 0,
        "form": form,
        "may_answer": bool(services.STEPS.get(asked.state)),
        "session": session_of(asked),
        "may_plan": asked.is_open,
        "unsent": unsent_of(asked),
        "whatsapp": f"https://wa.me/{asked.contact_phone.removeprefix('+')}",
    }
    return show(request, "ruang/requests/detail.html", context | more, status=status)
