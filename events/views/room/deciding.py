"""`/ruang/kalender/usulan/` and the decisions about one session: two persons, one service."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.workspace import READS, member_page, show
from events.forms.room.dates import NoteForm, ReturnForm, VersionForm
from events.lines import changes_since, shown
from events.models import Event, Occurrence
from events.services import deciding
from events.services.bookkeeping import NotPossible, Stale
from events.services.planning import settings_of
from events.sessions import waiting
from events.unusual import REASONS, USUAL, reasons_of
from events.views.room import detail
from events.views.room.access import approver_page, event_here, own_event
from events.warnings import warnings_of
from safeguards.views import HttpResponseSeeOther

MOST_SHOWN = 100
TITLES_TOLD = 8


@approver_page(*READS, "POST")
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, grouped by what is unusual; many are approved at once."""
    if request.method == "POST":
        return _approve_many(request)
    return _desk(request)


def _desk(request: HttpRequest) -> HttpResponse:
    rows = waiting(request.district)
    number = rows.count()
    events = list(rows[:MOST_SHOWN])
    dates = list(
        Occurrence.objects.for_district(request.district)
        .filter(event__in=events)
        .select_related("event__organiser", "event__region__parent", "event__proposed_by")
        .order_by("start", "pk")
    )
    warnings = warnings_of(dates, district=request.district)
    reasons = reasons_of(events, dates, warnings, district=request.district)
    lines = [_line(event, dates, warnings, reasons) for event in events]
    others = [line for line in lines if line["event"].proposed_by_id != request.user.pk]
    groups = [
        {
            "name": name,
            "title": title,
            "lines": [line for line in others if next(iter(line["reasons"]), USUAL) == name],
        }
        for name, title in ((USUAL, _("Nothing unusual")), *REASONS.items())
    ]
    context = {
        "district": request.district,
        "groups": [group for group in groups if group["lines"]],
        "own": [line for line in lines if line["event"].proposed_by_id == request.user.pk],
        "number": number,
        "is_cut": number > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return show(request, "events/room/desk.html", context)


def _line(event: Event, dates: list, warnings: dict, reasons: dict) -> dict[str, Any]:
    own = [row for row in dates if row.event_id == event.pk]
    # Each sentence once, with how many of the dates it is true of.
    said: dict[str, int] = {}
    for row in own:
        for warning in warnings.get(row.pk, ()):
            said[warning.text] = said.get(warning.text, 0) + 1
    return {
        "event": event,
        "first": shown(own[:1])[0] if own else None,
        "last": shown(own[-1:])[0] if len(own) > 1 else None,
        "number": len(own),
        "warnings": list(said.items())[:5],
        "reasons": reasons[event.pk],
        "labels": [REASONS[name] for name in reasons[event.pk]],
        "value": f"{event.pk}:{event.version}",
    }


def _approve_many(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen, so nothing changed."))
        return HttpResponseSeeOther(reverse("event_desk"))
    now = timezone.now()
    wanted = "terbit" in request.POST
    guarded_too = settings_of(request.district).publishes_guarded
    done: list[Event] = []
    left: list[Event] = []
    for publish in (True, False):
        part = [
            (event, version)
            for event, version in chosen
            if (wanted and (guarded_too or not event.guarded)) is publish
        ]
        one, two = deciding.approve_all(chosen=part, actor=request.user, now=now, publish=publish)
        done, left = done + one, left + two
    if done:
        text = ngettext(
            "%(number)s session is approved: %(titles)s",
            "%(number)s sessions are approved: %(titles)s",
            len(done),
        )
        messages.success(request, text % {"number": len(done), "titles": _titles(done)})
    if left:
        text = ngettext(
            "%(number)s was left, because somebody changed or decided it meanwhile, or it is your "
            "own: %(titles)s",
            "%(number)s were left, because somebody changed or decided them meanwhile, or they "
            "are your own: %(titles)s",
            len(left),
        )
        messages.warning(request, text % {"number": len(left), "titles": _titles(left)})
    return HttpResponseSeeOther(reverse("event_desk"))


def _chosen(request: HttpRequest) -> list[tuple[Event, int]]:
    """What was ticked, as it was shown; another district's is as if it did not exist."""
    wanted: dict[int, int] = {}
    for text in request.POST.getlist("pilih")[:MOST_SHOWN]:
        pk, _colon, version = text.partition(":")
        if not (f"{pk}{version}".isascii() and pk.isdecimal() and version.isdecimal()):
            raise Http404
        if len(pk) > 18 or len(version) > 9:
            raise Http404
        wanted[int(pk)] = int(version)
    rows = Event.objects.for_district(request.district).filter(pk__in=wanted)
    return [(event, wanted[event.pk]) for event in rows.select_related("district__site")]


def _titles(events: list[Event]) -> str:
    titles = [event.title for event in events[:TITLES_TOLD]]
    return "; ".join(titles) + ("; …" if len(events) > TITLES_TOLD else "")


@member_page("POST")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, send back, publish or hide one session."""
    event = event_here(request, pk)
    acts = {"setujui": _approve, "kembalikan": _return, "terbitkan": _publish, "tarik": _hide}
    act = acts.get(request.POST.get("act", ""))
    version = VersionForm(request.POST, event=event)
    if act is None or not version.is_valid():
        reason = _("We did not understand this. Nothing changed.")
        return detail.page(request, event, status=400, reason=reason)
    note = ReturnForm(request.POST, event=event)
    if act is _return and not note.is_valid():
        return detail.page(request, event, status=422, return_form=note)
    try:
        said = act(request, event, version.cleaned_data["version"], note)
    except Stale as stale:
        known = version.cleaned_data["version"]
        return _changed(request, stale.event, known, note if act is _return else None)
    except NotPossible as error:
        event.refresh_from_db()
        return detail.page(request, event, status=409, reason=str(error.message))
    messages.success(request, said)
    return HttpResponseSeeOther(reverse("event_detail", args=[event.pk]))


def _changed(
    request: HttpRequest, event: Event, version: int, note: ReturnForm | None
) -> HttpResponse:
    """Somebody changed the session: what they did is shown, and what was typed stays."""
    latest = changes_since(event, version)
    again = None
    if note is not None:
        data = request.POST.copy()
        data["version"] = str(event.version)
        again = ReturnForm(data, event=event)
    return detail.page(request, event, status=409, latest=latest, return_form=again)


def _approve(request: HttpRequest, event: Event, version: int, _note: ReturnForm) -> str:
    publish = "terbit" in request.POST
    deciding.approve(
        event=event, actor=request.user, version=version, now=timezone.now(), publish=publish
    )
    if publish:
        return _("Approved. It stands in the public calendar.")
    return _("Approved. Members of this office see it.")


def _return(request: HttpRequest, event: Event, version: int, note: ReturnForm) -> str:
    deciding.send_back(
        event=event,
        actor=request.user,
        version=version,
        note=note.cleaned_data["note"],
        now=timezone.now(),
    )
    return _("Sent back, with what has to be changed.")


def _publish(request: HttpRequest, event: Event, version: int, _note: ReturnForm) -> str:
    deciding.publish(event=event, actor=request.user, version=version, now=timezone.now())
    return _("It stands in the public calendar.")


def _hide(request: HttpRequest, event: Event, version: int, _note: ReturnForm) -> str:
    deciding.hide(event=event, actor=request.user, version=version, now=timezone.now())
    return _("It is out of the public calendar. Members still see it.")


@member_page(*READS, "POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then cancel all dates to come."""
    event = own_event(request, pk)
    if request.method != "POST":
        form = NoteForm(initial={"version": event.version}, event=event)
        return _cancel_page(request, event, form)
    form = NoteForm(request.POST, event=event)
    if not form.is_valid():
        return _cancel_page(request, event, form, status=422)
    try:
        deciding.cancel(
            event=event,
            actor=request.user,
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except Stale as stale:
        data = request.POST.copy()
        data["version"] = str(stale.event.version)
        latest = changes_since(stale.event, form.cleaned_data["version"])
        again = NoteForm(data, event=stale.event)
        return _cancel_page(request, stale.event, again, latest=latest, status=409)
    except NotPossible as error:
        return detail.page(request, event, status=409, reason=str(error.message))
    messages.success(request, _("Cancelled. Whoever registered is told."))
    return HttpResponseSeeOther(reverse("event_detail", args=[event.pk]))


def _cancel_page(
    request: HttpRequest, event: Event, form: NoteForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    coming = event.occurrences.filter(end__gt=timezone.now(), is_cancelled=False).count()
    context = {"district": request.district, "event": event, "form": form, "coming": coming}
    return show(request, "events/room/cancel.html", context | more, status=status)
