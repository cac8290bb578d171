"""`/ruang/kalender/<pk>/pendaftar/<date>/`: who comes, who waits, whom no mail reached."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.unsent_desk import said
from districts.workspace import READS, show
from events.forms.registration import ByHandForm
from events.models import Event, Occurrence, Registration
from events.moments import moment_of
from events.services import registering as services
from events.services.bookkeeping import NotPossible
from events.services.private_links import LINK
from events.sheets.registrations import registrations_of
from events.views.joining.hosting import date_of, hosted_event
from events.views.room.access import number_in, planner_page
from safeguards import audit
from safeguards.views import HttpResponseSeeOther

ON_A_PAGE = 50
State = Registration.State


@planner_page(*READS, "POST", sees_people=True)
def listing(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    event = hosted_event(request, pk)
    row = date_of(event, date)
    if request.method != "POST":
        return _page(request, row, _blank())
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _add(request, row)
    mine = get_object_or_404(row.registrations, pk=number_in(request.POST.get("who", "")))
    mine.occurrence = row
    try:
        act(request, mine)
    except NotPossible as error:
        return _page(request, row, _blank(), status=409, reason=error.message)
    return HttpResponseSeeOther(reverse("event_registrations", args=[event.pk, row.pk]))


def _cancel(request: HttpRequest, mine: Registration) -> None:
    now = timezone.now()
    services.cancel(registration=mine, actor=request.user, now=now)
    told = (
        _("The registration is cancelled. They get a mail that says so.")
        if services.hears_of_it(mine, now=now)
        else _("The registration is cancelled. Please tell them yourself.")
    )
    messages.success(request, told)


def _let_in(request: HttpRequest, mine: Registration) -> None:
    services.let_in(registration=mine, actor=request.user, now=timezone.now())
    messages.success(request, _("They have a place now."))


def _mails(request: HttpRequest, mine: Registration) -> None:
    """Send again what did not leave and still holds, or note that they were told otherwise."""
    do, now = request.POST["do"], timezone.now()
    services.settle_mails(registration=mine, again=do == "again", actor=request.user, now=now)
    messages.success(request, said(do))


ACTS = {"cancel": _cancel, "let_in": _let_in, "again": _mails, "told": _mails}


def _add(request: HttpRequest, row: Occurrence) -> HttpResponse:
    form = ByHandForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    key: UUID = form.cleaned_data["key"]
    receipt = services.register(
        occurrence=row,
        key=key,
        values=form.values,
        language_code=row.event.district.default_language,
        now=timezone.now(),
        actor=request.user,
    )
    if not receipt.kept:
        response = _page(request, row, form, status=receipt.http, reason=receipt.reason)
        if receipt.retry_after:
            response["Retry-After"] = str(receipt.retry_after)
        return response
    added = Registration.objects.select_related("district__site").get(occurrence=row, key=key)
    # Told once, on this answer alone: to hand on where no mail goes.
    return _page(request, row, _blank(), added=added, link=LINK.told_again(added))


def _blank() -> ByHandForm:
    return ByHandForm(initial={"key": uuid4()})


def _page(
    request: HttpRequest, row: Occurrence, form: ByHandForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    event: Event = row.event
    row.refresh_from_db(fields=["taken", "seats"])
    try:
        page = Paginator(registrations_of(row), ON_A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    counts = dict(
        row.registrations.order_by().values_list("state").annotate(Sum("seats")).order_by()
    )
    audit.record(
        verb="registrations.read",
        actor_id=request.user.pk,
        obj=row,
        site=request.district.site_id,
    )
    now = timezone.now()
    again = services.may_mail_again([mine for mine in page if mine.mail_failed], now=now)
    for mine in page:
        mine.may_mail_again = mine.pk in again
    context = {
        "event": event,
        "date": row,
        "moment": moment_of(event, row),
        "page_obj": page,
        "coming": counts.get(State.IN, 0),
        "waiting": counts.get(State.WAITING, 0),
        "cancelled": counts.get(State.CANCELLED, 0),
        "may_act": row.start > now,
        "closed": services.why_closed(row, now, by_office=True),
        "form": form,
        "district": request.district,
    }
    return show(request, "events/joining/listing.html", context | more, status=status)
