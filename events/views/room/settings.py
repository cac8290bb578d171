"""`/ruang/kalender/pengaturan/`: what the office decides about its calendar."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.workspace import READS, show
from events.forms.room.office import AttendanceSettingsForm, LocalDayForm, SettingsForm
from events.models import LocalDay
from events.services import office
from events.services.planning import settings_of
from events.services.rewriting import unfinished
from events.views.room.access import settler_page
from events.views.room.planning import today_of
from safeguards.lost_updates import Outdated, imprint
from safeguards.views import HttpResponseSeeOther

# The parts of the page, as its forms name them.
CALENDAR, ATTENDANCE, DAY = "atur", "hadir", "hari"


@settler_page(*READS, "POST")
def settings(request: HttpRequest) -> HttpResponse:
    """The settings, those of attendance, and the office's own days; each is a form of its own."""
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    forms = _forms(request, sent, request.POST)
    if sent not in forms:
        return _page(request, forms, status=400 if request.method == "POST" else 200)
    if not forms[sent].is_valid():
        return _page(request, forms, forms[sent], status=422)
    try:
        said, anchor = _keep(request, sent, dict(forms[sent].cleaned_data))
    except Outdated:
        return _outdated(request, sent, forms)
    messages.success(request, said)
    return HttpResponseSeeOther(reverse("event_settings") + anchor)


def _forms(request: HttpRequest, sent: str, data: Any) -> dict[str, Any]:
    """Of each part its form; the one that was sent holds what was typed."""
    today = today_of(request, timezone.now())
    kept = {}
    for part, kind, more in (
        (CALENDAR, SettingsForm, {}),
        (ATTENDANCE, AttendanceSettingsForm, {"today": today}),
    ):
        row = settings_of(request.district)
        initial = {"opened": imprint(office.settled(row, kind.Meta.fields))}
        kept[part] = kind(data if sent == part else None, instance=row, initial=initial, **more)
    kept[DAY] = LocalDayForm(data if sent == DAY else None, today=today)
    return kept


def _keep(request: HttpRequest, part: str, words: dict[str, Any]) -> tuple[str, str]:
    """Keep what one form says; (what to tell, where on the page). Raises Outdated."""
    who = {"district": request.district, "actor": request.user, "opened": words.pop("opened")}
    if part == DAY:
        office.keep_day(**who, **words)
        return _("The day is kept. Planners are told of it."), f"#{DAY}"
    office.save_settings(**who, values=words)
    return _("The settings are saved."), f"#{ATTENDANCE}" if part == ATTENDANCE else ""


def _outdated(request: HttpRequest, part: str, forms: dict[str, Any]) -> HttpResponse:
    """What stands now beside what was typed, which is kept when it is sent once more."""
    typed = forms[part]
    stands: Mapping[str, Any]
    if part == DAY:
        days = LocalDay.objects.for_district(request.district)
        stands = office.words_of_day(get_object_or_404(days, day=typed.cleaned_data["day"]))
    else:
        stands = office.settled(settings_of(request.district), typed.Meta.fields)
    typed.data = again(request.POST, stands)
    both = compared(typed, stands)
    return _page(request, forms, outdated=part, compared=both, status=409)


def _page(
    request: HttpRequest,
    forms: dict[str, Any],
    faulty: Any = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    days = LocalDay.objects.for_district(request.district)
    context = {
        "district": request.district,
        "form": forms[CALENDAR],
        "attendance": forms[ATTENDANCE],
        "day_form": forms[DAY],
        "faulty": faulty,
        "rewriting": unfinished(request.district),
        "days": days.filter(day__gte=today_of(request, timezone.now())),
    }
    return show(request, "events/room/settings.html", context | more, status=status)


@settler_page(*READS, "POST")
def drop_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then forget a special day."""
    day = get_object_or_404(
        LocalDay.objects.for_district(request.district).select_related("district"), pk=pk
    )
    if request.method != "POST":
        context = {"district": request.district, "day": day}
        return show(request, "events/room/drop_day.html", context)
    office.drop_day(day=day, actor=request.user)
    messages.success(request, _("The day is an ordinary one again."))
    return HttpResponseSeeOther(reverse("event_settings") + "#hari")
