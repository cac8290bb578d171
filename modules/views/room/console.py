"""`/ruang/kelas/<pk>/`: the facilitator's console, its second screen, its state and its QR code."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from districts.paper import qr_svg
from districts.workspace import READS, show
from modules.agenda import Kind
from modules.console import Numbers, Place, Question, numbers_of, place_of, questions_of, told
from modules.days import day_at
from modules.downloads import papers_of_run
from modules.drawing import draw_step
from modules.late import ended_at
from modules.models import ClassRun
from modules.papers.frame import source_of
from modules.review import was_taken_back
from modules.services.runs import REOPEN_WITHIN, is_over, is_running
from modules.services.tallying import people_of
from modules.views.access import facilitator_page, own_runs

# A wall shows so many nicknames at once; the newest stand first.
ON_THE_WALL = 60
Mode, State = ClassRun.Mode, ClassRun.State


@facilitator_page(*READS)
def console(request: HttpRequest, pk: int) -> HttpResponse:
    return console_page(request, get_object_or_404(own_runs(request), pk=pk))


def console_page(
    request: HttpRequest, run: ClassRun, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    """The console as the run is now; `trouble` says why the last tap changed nothing."""
    now = timezone.now()
    place = place_of(run)
    context = _shared(request, place, now) | {"trouble": trouble}
    if is_running(run, now):
        context |= {
            "parts": _parts(request, place, context["questions"], "facilitator"),
            "people": run.participants.filter(removed_at__isnull=True).order_by("-pk"),
            "disclosures": place.content.disclosures,
            "is_waiting": place.point.kind == Kind.WAITING,
        }
        if context["is_waiting"] and not context["with_phones"]:
            context["papers"] = papers_of_run(run, source_of(run))
        return show(request, "modules/room/console.html", context, status=status)
    if is_over(run, now):
        ended = ended_at(run)
        context["taken_back"] = was_taken_back(run)
        context["may_reopen"] = (
            ended is not None
            and now - ended <= REOPEN_WITHIN
            and run.edition.page.may_be_held(day_at(run.district, now))
        )
        return show(request, "modules/room/ended.html", context, status=status)
    context["lessons"] = [place.content.lessons[number] for number in run.lessons]
    context["papers"] = papers_of_run(run, source_of(run))
    context["may_open"] = run.edition.page.may_be_held(day_at(run.district, now))
    return show(request, "modules/room/planned.html", context, status=status)


@facilitator_page(*READS)
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody in the room sees: no key, no answer, nicknames in the waiting room only."""
    run = get_object_or_404(own_runs(request), pk=pk)
    now = timezone.now()
    place = place_of(run)
    context = _shared(request, place, now)
    context |= {
        "kind": str(place.point.kind),
        "parts": _parts(request, place, context["questions"], "projector"),
        "is_running": is_running(run, now),
        "is_over": is_over(run, now),
        "taken_back": was_taken_back(run),
    }
    if place.point.kind == Kind.WAITING and run.mode == Mode.PHONES:
        there = run.participants.filter(removed_at__isnull=True).exclude(nickname="")
        context["nicknames"] = list(
            there.order_by("-pk").values_list("nickname", flat=True)[:ON_THE_WALL]
        )
        context["more"] = max(0, context["numbers"].participants - ON_THE_WALL)
    return show(request, "modules/room/screen.html", context)


@facilitator_page(*READS)
def state(request: HttpRequest, pk: int) -> JsonResponse:
    """Counts, asked for every few seconds; as many queries for 500 as for one."""
    run = get_object_or_404(own_runs(request).select_related(None), pk=pk)
    now = timezone.now()
    place = place_of(run)
    return JsonResponse(told(place, numbers_of(place), now=now))


@facilitator_page(*READS)
def qr(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(own_runs(request), pk=pk)
    if run.state != State.OPEN or not run.code or run.mode != Mode.PHONES:
        raise Http404
    return HttpResponse(qr_svg(_door(request, run)), content_type="image/svg+xml")


def _door(request: HttpRequest, run: ClassRun) -> str:
    return request.build_absolute_uri(reverse("join_code", args=[run.code]))


def _shared(request: HttpRequest, place: Place, now: datetime) -> dict[str, Any]:
    """What the console and the second screen both show."""
    run = place.run
    numbers: Numbers = numbers_of(place)
    return {
        "district": request.district,
        "run": run,
        "place": place,
        "point": place.point,
        "numbers": numbers,
        "questions": questions_of(place, numbers),
        "now": now,
        "with_phones": run.mode == Mode.PHONES,
        "counts_hands": run.mode == Mode.DEVICE,
        "counts_paper": run.mode == Mode.PAPER,
        "code": f"{run.code[:3]} {run.code[3:]}",
        "address": f"{request.get_host()}{reverse('join')}".rstrip("/"),
        "planned_people": people_of(run),
    }


def _parts(
    request: HttpRequest, place: Place, questions: list[Question], audience: Any
) -> list[dict[str, Any]]:
    """What learners see, in order: drawn HTML, or a question; the survey is questions alone."""
    if place.is_survey:
        return [{"html": "", "item": one.item, "question": one} for one in questions]
    if place.point.step is None:
        return []
    known = {one.item.id: one for one in questions}
    return [
        {
            "html": part.html,
            "item": part.item,
            "question": known.get(part.item.id) if part.item else None,
        }
        for part in draw_step(place.point.step, place.content, request, audience=audience)
    ]
