"""`/ruang/kelas/<pk>/langkah/`: what the facilitator does with a session, one tap at a time."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import show
from modules.models import ClassRun, Participant
from modules.services import runs
from modules.views.access import facilitator_page, own_runs
from modules.views.room.console import console_page
from safeguards.views import HttpResponseSeeOther

LARGEST = 2**31 - 1


class Unreadable(Exception):
    """A field of the tap holds nothing that this page sends."""


@facilitator_page("POST")
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do it and show the console again; 409 with where the session is when it can't be done."""
    run = get_object_or_404(own_runs(request), pk=pk)
    do = request.POST.get("do", "")
    now = timezone.now()
    try:
        if do in ASKS and request.POST.get("yes") != "1":
            return ASKS[do](request, run)
        ACTS[do](request, run, now)
    except (KeyError, Unreadable):
        trouble = _("This tap can't be understood. Nothing was changed.")
        return console_page(request, run, trouble=trouble, status=400)
    except runs.NotNow as error:
        run.refresh_from_db()
        return console_page(request, run, trouble=str(error), status=409)
    return HttpResponseSeeOther(reverse("module_run", args=[run.pk]))


def _open(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    runs.open_run(run=run, now=now)


def _go(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    runs.go_to(run=run, step=_number(request, "step"), now=now, seen=_seen(request))


def _by(difference: int) -> Callable[[HttpRequest, ClassRun, datetime], None]:
    def move(request: HttpRequest, run: ClassRun, now: datetime) -> None:
        # From what was seen, so that a tap sent twice moves once.
        seen = _number(request, "seen")
        runs.go_to(run=run, step=seen + difference, now=now, seen=seen)

    return move


def _lock(locked: bool) -> Callable[[HttpRequest, ClassRun, datetime], None]:
    def turn(request: HttpRequest, run: ClassRun, now: datetime) -> None:
        runs.lock_run(run=run, locked=locked, now=now)

    return turn


def _extend(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    before = run.closes_at
    after = runs.extend_run(run=run, now=now).closes_at
    if after - before == runs.EXTENDED_BY:
        messages.success(request, _("Half an hour more."))
        return
    messages.success(request, _("A little was added: the session now ends after twelve hours."))


def _close(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    runs.close_run(run=run, now=now)


def _reopen(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    runs.reopen_run(run=run, now=now)


def _remove(request: HttpRequest, run: ClassRun, now: datetime) -> None:
    there = _participant(request, run)
    if runs.remove_participant(run=run, participant=there.pk, actor=request.user, now=now):
        said = (
            _("%(nickname)s is out. What it answered before still counts.")
            if run.first_ended_at
            else _("%(nickname)s is out. Its answers to the questions do not count.")
        )
        messages.success(request, said % {"nickname": there.nickname})


def _ask_remove(request: HttpRequest, run: ClassRun) -> HttpResponse:
    return show(
        request, "modules/room/remove.html", {"run": run, "person": _participant(request, run)}
    )


def _ask_close(request: HttpRequest, run: ClassRun) -> HttpResponse:
    return show(request, "modules/room/close.html", {"run": run})


def _participant(request: HttpRequest, run: ClassRun) -> Participant:
    return get_object_or_404(run.participants, pk=_number(request, "participant"))


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdecimal() and int(text[:12]) <= LARGEST and len(text) <= 12):
        raise Unreadable(name)
    return int(text)


def _seen(request: HttpRequest) -> int:
    return _number(request, "seen")


ASKS = {"remove": _ask_remove, "close": _ask_close}
ACTS = {
    "open": _open,
    "next": _by(1),
    "back": _by(-1),
    "go": _go,
    "lock": _lock(True),
    "unlock": _lock(False),
    "extend": _extend,
    "close": _close,
    "reopen": _reopen,
    "remove": _remove,
}
