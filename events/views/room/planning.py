"""`/ruang/kalender/usul/` and `…/ubah/`: a session is proposed, copied and changed."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, roles_of, show
from events.forms.room import prefill
from events.forms.room.comparing import compared
from events.forms.room.plan import PlanForm
from events.lines import changes_since
from events.models import Event, EventState, Occurrence
from events.origins import Origin, origin_of
from events.recurrence import BadRule
from events.services import planning
from events.services.bookkeeping import NotPossible, Stale
from events.services.returning import needs_approval
from events.sessions import last_of
from events.views.room.access import (
    may_approve,
    memberships_of,
    number_in,
    own_date,
    own_event,
    planner_page,
    sessions_here,
)
from events.views.room.gone import words_kept
from safeguards.views import HttpResponseSeeOther

LAST = "terakhir"
OFFICE_ROLES = frozenset({*planning.APPROVERS, "editor"})


@planner_page(*READS, "POST")
def propose(request: HttpRequest) -> HttpResponse:
    """A new session: empty, copied (`?salin=`), or from somewhere else (`?permintaan=`)."""
    now = timezone.now()
    origin = origin_of(request)
    if origin is not None and origin.known is not None:
        messages.info(request, _("This was made into a session already. Here it is."))
        return HttpResponseSeeOther(reverse("event_detail", args=[origin.known.pk]))
    if request.method != "POST":
        form = _form(request, now, initial=_initial(request, origin, now))
        return _page(request, form, origin=origin)
    form = _form(request, now, initial=_initial(request, origin, now), data=request.POST)
    if form.grows:
        return _page(request, form, origin=origin)
    if not form.is_valid():
        return _page(request, form, origin=origin, status=422)
    key = origin.key if origin else form.cleaned_data["key"] or uuid4()
    values, company = form.values(), form.company()
    event, is_new = planning.propose(
        district=request.district,
        actor=request.user,
        key=key,
        values=values,
        now=now,
        company=company,
        request_key=origin.request_key if origin else None,
    )
    if not is_new and origin is None and _is_another(event, values, request.user):
        return _sent_before(request, form, event, now)
    if is_new:
        messages.success(request, _told(event))
    return HttpResponseSeeOther(reverse("event_detail", args=[event.pk]))


def _replanned(request: HttpRequest, event: Event) -> PlanForm:
    """What somebody typed from a date on that is gone."""
    return _form(request, timezone.now(), initial={}, event=event, data=request.POST)


@planner_page(*READS, "POST")
@words_kept(_replanned)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a session, or with `?sejak=<date>` a series from that date on."""
    now = timezone.now()
    event, since = own_event(request, pk), None
    if wanted := request.GET.get("sejak", ""):
        event, since = own_date(request, pk, number_in(wanted))
        if since.is_extra:
            raise Http404
    base = since or _begun(event, now)
    initial = prefill.to_change(event, since=base)
    if request.method != "POST":
        form = _form(request, now, initial=initial, event=event)
        return _page(request, form, event=event, since=since, base=base)
    form = _form(request, now, initial=initial, event=event, data=request.POST)
    if event.pk != pk:
        # Another editor took the date into a session of its own.
        return _stale(request, form, event, since, now)
    if form.grows:
        return _page(request, form, event=event, since=since, base=base)
    if not form.is_valid():
        return _page(request, form, event=event, since=since, base=base, status=422)
    values = form.values()
    if base is not None and event.rrule:
        moves = _moves(event, base, values)
        values = prefill.as_whole(event, base, values)
        if since is None and not moves:
            # Only words change: they change for the dates that were as well.
            values = {name: values[name] for name in values if name not in planning.SCHEDULE}
    try:
        edited = planning.edit(
            event=event,
            actor=request.user,
            version=form.cleaned_data["version"] or 0,
            values=values,
            now=now,
            company=form.company(),
            since=since,
        )
    except Stale as stale:
        return _stale(request, form, stale.event, since, now)
    except (NotPossible, BadRule) as error:
        form.add_error(None, error.message)
        return _page(request, form, event=event, since=since, base=base, status=422)
    messages.success(request, _edited_words(event, edited))
    return HttpResponseSeeOther(reverse("event_detail", args=[edited.pk]))


def _form(
    request: HttpRequest,
    now: datetime,
    *,
    initial: dict[str, Any],
    event: Event | None = None,
    data: Any = None,
) -> PlanForm:
    return PlanForm(
        data,
        initial=initial,
        district=request.district,
        own=prefill.own_organisations(memberships_of(request)),
        today=today_of(request, now),
        event=event,
        is_office=bool(roles_of(request) & OFFICE_ROLES),
        grows=data is not None and data.get("tambah") == "pembicara",
    )


def today_of(request: HttpRequest, now: datetime) -> date:
    return timezone.localdate(now, ZoneInfo(request.district.timezone))


def _initial(request: HttpRequest, origin: Origin | None, now: datetime) -> dict[str, Any]:
    last = last_of(request.user, request.district)
    initial = prefill.for_member(request.district, memberships_of(request), last)
    if origin is not None:
        return initial | origin.initial | {"key": origin.key}
    wanted = request.GET.get("salin", "")
    if wanted == LAST and last is not None:
        return prefill.copied(last, today_of(request, now))
    if wanted and wanted != LAST:
        rows = sessions_here(request).prefetch_related("speakers", "invited", "pages")
        return prefill.copied(get_object_or_404(rows, pk=number_in(wanted)), today_of(request, now))
    return initial


def _page(request: HttpRequest, form: PlanForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "district": request.district, "may_approve": may_approve(request)}
    if event := more.get("event"):
        context["goes_back"] = needs_approval(event, request.user)
    if since := more.get("since"):
        context["address"] = f"{reverse('event_edit', args=[since.event_id])}?sejak={since.pk}"
    return show(request, "events/room/plan.html", context | more, status=status)


def _begun(event: Event, now: datetime) -> Occurrence | None:
    """The first date to come of a series that has begun: its dates before stay as they were."""
    rows = event.occurrences.filter(is_extra=False)
    if not event.rrule or not rows.filter(recurrence_id__lt=now).exists():
        return None
    return rows.filter(recurrence_id__gte=now).order_by("recurrence_id").first()


def _moves(event: Event, base: Occurrence, values: dict[str, Any]) -> bool:
    shown = {
        "starts_at": base.recurrence_id,
        "minutes": event.minutes,
        "timezone": event.timezone,
        "rrule": prefill.rest_of(event, base),
    }
    return any(values[name] != shown[name] for name in planning.SCHEDULE)


def _is_another(event: Event, values: dict[str, Any], user: Any) -> bool:
    return event.proposed_by_id != user.pk or bool(planning.differences(event, values))


def _sent_before(request: HttpRequest, form: PlanForm, event: Event, now: datetime) -> HttpResponse:
    """The page was gone back to: what it had sent is kept, so this would be another session."""
    data = request.POST.copy()
    data["key"] = str(uuid4())
    again = _form(request, now, initial=form.initial, data=data)
    reason = _(
        "The session you sent from this page before is kept. If you want another one, send this "
        "again."
    )
    mine = event if event.proposed_by_id == request.user.pk else None
    return _page(request, again, reason=reason, before=mine, status=422)


def _stale(
    request: HttpRequest, form: PlanForm, theirs: Event, since: Occurrence | None, now: datetime
) -> HttpResponse:
    """Both versions side by side; what was typed goes on, with the version that now stands."""
    version = (form.cleaned_data["version"] or 0) if form.is_valid() else 0
    base = since if since is not None and since.event_id == theirs.pk else _begun(theirs, now)
    fresh = prefill.to_change(theirs, since=base)
    data = request.POST.copy()
    data["version"] = str(theirs.version)
    again = _form(request, now, initial=fresh, event=theirs, data=data)
    return _page(
        request,
        again,
        event=theirs,
        since=since,
        base=base,
        compared=compared(again, fresh),
        latest=changes_since(theirs, version),
        status=409,
    )


def _told(event: Event) -> str:
    if event.state == EventState.PUBLISHED:
        return _("The session stands in the calendar.")
    if event.state == EventState.APPROVED:
        return _("The session is planned. It needs nobody's approval.")
    return _("The session is proposed. The office reads it.")


def _edited_words(before: Event, edited: Event) -> str:
    if edited.pk != before.pk:
        return _("Changed from this date on. The dates before stay as they were.")
    if edited.state == EventState.PROPOSED and before.state != EventState.PROPOSED:
        return _("Changed. The office reads it again.")
    return _("The change is saved.")
