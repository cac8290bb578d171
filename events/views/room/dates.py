"""`/ruang/kalender/<pk>/tanggal/…`: one date is moved, cancelled, restored, added, left out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import compared
from districts.workspace import READS, show
from events.forms.room.dates import MoveForm, NoteForm, StartForm, VersionForm, of_date
from events.lines import changes_since, shown
from events.models import Event, EventState, Occurrence
from events.services import moving
from events.services.bookkeeping import NotPossible, Stale
from events.services.returning import needs_approval
from events.views.room.access import DateGone, date_here, own_date, own_event, planner_page
from events.views.room.gone import words_kept
from events.views.room.planning import today_of
from safeguards.views import HttpResponseSeeOther


def _moved(request: HttpRequest, event: Event) -> MoveForm:
    """What somebody typed for a date that is gone."""
    initial = {"length": event.minutes}
    today = today_of(request, timezone.now())
    return MoveForm(request.POST, event=event, today=today, initial=initial)


def _noted(request: HttpRequest, event: Event) -> NoteForm:
    return NoteForm(request.POST, event=event)


@planner_page(*READS, "POST")
@words_kept(_moved)
def date(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    """Only this date, this and the following ones, or all: this one is changed here."""
    event, row = own_date(request, pk, date_pk)
    now = timezone.now()
    fixed = {"event": event, "today": today_of(request, now), "initial": of_date(row)}
    form = MoveForm(request.POST if request.method == "POST" else None, **fixed)
    if request.method != "POST":
        return _date_page(request, row, form)

    def act() -> None:
        moving.move_date(
            occurrence=row,
            actor=request.user,
            version=words["version"],
            start=words["start"],
            minutes=int(words["length"]),
            title=words["title"],
            venue=words["venue"],
            note=words["note"],
            now=now,
        )

    def again(status: int, event: Event, **more: Any) -> HttpResponse:
        fresh = date_here(request, event, date_pk)
        stands = of_date(fresh)
        typed = MoveForm(
            _with_version(request, event), **(fixed | {"event": event, "initial": stands})
        )
        if "latest" in more:
            more["compared"] = compared(typed, stands)
        return _date_page(request, fresh, typed, status=status, **more)

    if event.pk != pk:
        # Another editor took it into a session of its own.
        return again(409, event, latest=changes_since(event, 0))
    if not form.is_valid():
        return _date_page(request, row, form, status=422)
    words = form.cleaned_data
    said = _("This date is changed. The others stay.")
    return _done(request, event, words["version"], act, again, said)


@planner_page(*READS, "POST")
@words_kept(_noted)
def cancel(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    def act(row: Occurrence, words: dict[str, Any], now: datetime) -> None:
        moving.cancel_date(
            occurrence=row,
            actor=request.user,
            version=words["version"],
            note=words["note"],
            now=now,
        )

    said = _("This date is cancelled, and stays visible as such.")
    return _asked(request, pk, date_pk, "batal", NoteForm, act, said)


@planner_page(*READS, "POST")
@words_kept(_noted)
def restore(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    def act(row: Occurrence, words: dict[str, Any], now: datetime) -> None:
        moving.restore_date(occurrence=row, actor=request.user, version=words["version"], now=now)

    said = _("This date takes place after all.")
    return _asked(request, pk, date_pk, "pulih", VersionForm, act, said)


@planner_page(*READS, "POST")
@words_kept(_noted)
def remove(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    def act(row: Occurrence, words: dict[str, Any], now: datetime) -> None:
        moving.remove_date(occurrence=row, actor=request.user, version=words["version"], now=now)

    said = _("This date is taken out.")
    return _asked(request, pk, date_pk, "hapus", VersionForm, act, said)


@planner_page(*READS, "POST")
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """One date more."""
    event = own_event(request, pk)
    now = timezone.now()
    last = event.occurrences.order_by("-start").first()
    hour = of_date(last)["hour"] if last else None
    fixed = {
        "event": event,
        "today": today_of(request, now),
        "initial": {"version": event.version, "hour": hour},
    }
    form = StartForm(request.POST if request.method == "POST" else None, **fixed)
    if request.method != "POST":
        return _add_page(request, event, form)
    if not form.is_valid():
        return _add_page(request, event, form, status=422)

    def act() -> None:
        moving.add_date(
            event=event,
            actor=request.user,
            version=form.cleaned_data["version"],
            start=form.cleaned_data["start"],
            now=now,
        )

    def again(status: int, event: Event, **more: Any) -> HttpResponse:
        typed = StartForm(_with_version(request, event), **(fixed | {"event": event}))
        return _add_page(request, event, typed, status=status, **more)

    version = form.cleaned_data["version"]
    return _done(request, event, version, act, again, _("The date is added."))


def _asked(
    request: HttpRequest,
    pk: int,
    date_pk: int,
    name: str,
    form_class: type[forms.Form],
    act: Callable[[Occurrence, dict[str, Any], datetime], None],
    said: str,
) -> HttpResponse:
    """A page that asks first, and does it when it is sent."""
    event, row = own_date(request, pk, date_pk)
    if request.method != "POST":
        return _ask(request, row, form_class(initial={"version": event.version}, event=event), name)
    form = form_class(request.POST, event=event)

    def again(status: int, event: Event, **more: Any) -> HttpResponse:
        fresh = date_here(request, event, date_pk)
        typed = form_class(_with_version(request, event), event=event)
        return _ask(request, fresh, typed, name, status=status, **more)

    if event.pk != pk:
        return again(409, event, latest=changes_since(event, 0))
    if not form.is_valid():
        return _ask(request, row, form, name, status=422)
    words = form.cleaned_data
    return _done(
        request, event, words["version"], lambda: act(row, words, timezone.now()), again, said
    )


def _done(
    request: HttpRequest,
    event: Event,
    version: int,
    act: Callable[[], None],
    again: Callable[..., HttpResponse],
    said: str,
) -> HttpResponse:
    """Do it and go back to the session; else the form once more, with the version that stands."""
    before = event.state
    try:
        act()
    except Stale as stale:
        latest = changes_since(stale.event, version)
        return again(409, own_event(request, stale.event.pk), latest=latest)
    except NotPossible as error:
        return again(409, own_event(request, event.pk), reason=str(error.message))
    except Occurrence.DoesNotExist as error:
        raise DateGone(event) from error
    event.refresh_from_db(fields=["state"])
    if event.state == EventState.PROPOSED != before:
        said = _("Changed. The office reads it again.")
    messages.success(request, said)
    return HttpResponseSeeOther(reverse("event_detail", args=[event.pk]) + "#tanggal")


def _with_version(request: HttpRequest, event: Event) -> Any:
    data = request.POST.copy()
    data["version"] = str(event.version)
    return data


def _date_page(
    request: HttpRequest, row: Occurrence, form: MoveForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "district": request.district,
        "event": row.event,
        "date": shown([row])[0],
        "form": form,
        "goes_back": needs_approval(row.event, request.user),
        "is_series": bool(row.event.rrule) and not row.is_extra,
    }
    return show(request, "events/room/date.html", context | more, status=status)


def _ask(
    request: HttpRequest,
    row: Occurrence,
    form: forms.Form,
    name: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "district": request.district,
        "event": row.event,
        "date": shown([row])[0],
        "form": form,
        "act": name,
    }
    return show(request, "events/room/ask_date.html", context | more, status=status)


def _add_page(
    request: HttpRequest, event: Event, form: StartForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "district": request.district,
        "event": event,
        "form": form,
        "goes_back": needs_approval(event, request.user),
    }
    return show(request, "events/room/add_date.html", context | more, status=status)
