"""`…/hadir/pintu/` and `…/layar/`: the check-in door, its code on the wall and on paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.paper import qr_svg
from districts.workspace import READS
from events.attendance.codes import Code
from events.models import Attendance, Occurrence
from events.services import doors
from events.views.room.attendance.frame import page, people_page, why_not
from events.views.room.attendance.hub import door_context
from events.views.room.report_access import own_date
from safeguards.views import HttpResponseSeeOther

# Minutes before and after that can be chosen.
BEFORE, AFTER = (0, 15, 30, 60, 120), (0, 15, 30, 60, 120)


@people_page(*READS, "POST", notes=False)
def door(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """Open, close, renew; and from when until when it lets people in."""
    row, now = own_date(request, pk, date), timezone.now()
    context = door_context(row)
    if request.method != "POST":
        return _page(request, row, context)
    act, known = request.POST.get("do", ""), context["door"]
    if reason := why_not(row, now):
        return _page(request, row, context, status=409, reason=reason)
    if act == "buka":
        doors.open_door(
            occurrence=row,
            actor=request.user,
            now=now,
            allows_static="kertas" in request.POST if "aturan" in request.POST else None,
            opens_before=_minutes(request, "sebelum", BEFORE),
            closes_after=_minutes(request, "sesudah", AFTER),
        )
        messages.success(request, _("The door is open in its time."))
    elif act == "tutup" and known:
        doors.close_door(door=known, actor=request.user, now=now)
        messages.success(request, _("The door is closed. Nobody can check in now."))
    elif act == "baru" and known:
        doors.renew_door(door=known, actor=request.user, now=now)
        messages.success(request, _("All codes of before have ended, the printed one too."))
    else:
        reason = _("We did not understand this. Nothing changed.")
        return _page(request, row, context, status=400, reason=reason)
    to = "event_wall" if request.POST.get("ke") == "layar" else "event_door"
    return HttpResponseSeeOther(reverse(to, args=[row.event_id, row.pk]))


def _page(request: HttpRequest, row: Occurrence, context: dict, **more: object) -> HttpResponse:
    return page(request, row, "door", context | {"before": BEFORE, "after": AFTER}, **more)


def _minutes(request: HttpRequest, name: str, known: tuple[int, ...]) -> int | None:
    told = request.POST.get(name, "")
    return int(told) if told in {str(number) for number in known} else None


@people_page(*READS, notes=False)
def wall(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """For the whole room: no name stands here. A script swaps the code when its minute is over."""
    row, now = own_date(request, pk, date), timezone.now()
    context = door_context(row)
    if context["door_state"] == "open":
        code = doors.current_code(context["door"], now)
        context |= {
            "typed": _spaced(code.typed),
            "step": code.scanned.split("-")[1],
            "seconds": max(int((code.until - now).total_seconds()), 1),
            "number": Attendance.objects.filter(occurrence=row).came().count(),
        }
    return page(request, row, "wall", context | {"address": _address(request)})


@people_page(*READS, notes=False)
def paper(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """The code that may be printed; it opens the door in its window alone."""
    row = own_date(request, pk, date)
    context = door_context(row)
    code = doors.paper_code(context["door"]) if context["door"] else None
    if code is None:
        raise Http404
    return page(
        request,
        row,
        "paper",
        context | {"typed": _spaced(code.typed), "address": _address(request)},
    )


@people_page(*READS, notes=False)
def qr(request: HttpRequest, pk: str, date: str) -> HttpResponse:
    """The code of this minute as a picture; `?kertas` the one on paper."""
    row, now = own_date(request, pk, date), timezone.now()
    context = door_context(row)
    code: Code | None = None
    if context["door"] and "kertas" in request.GET:
        code = doors.paper_code(context["door"])
    elif context["door_state"] == "open":
        code = doors.current_code(context["door"], now)
    if code is None:
        raise Http404
    address = request.build_absolute_uri(reverse("check_in_code", args=[code.scanned]))
    return HttpResponse(qr_svg(address), content_type="image/svg+xml")


def _spaced(typed: str) -> str:
    return f"{typed[:3]} {typed[3:]}"


def _address(request: HttpRequest) -> str:
    return f"{request.get_host()}{reverse('check_in')}".rstrip("/")
