"""`/ruang/kalender/pengaturan/`: what the office decides about its calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from events.forms.room.office import AttendanceSettingsForm, LocalDayForm, SettingsForm
from events.models import LocalDay
from events.services import office
from events.services.planning import settings_of
from events.services.rewriting import unfinished
from events.views.room.access import settler_page
from events.views.room.planning import today_of
from safeguards.views import HttpResponseSeeOther


@settler_page(*READS, "POST")
def settings(request: HttpRequest) -> HttpResponse:
    """The settings, those of attendance, and the office's own days; each is a form of its own."""
    now = timezone.now()
    today = today_of(request, now)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    row = settings_of(request.district)
    form = SettingsForm(request.POST if sent == "atur" else None, instance=row)
    day_form = LocalDayForm(request.POST if sent == "hari" else None, today=today)
    if sent == "atur" and form.is_valid():
        office.save_settings(
            district=request.district, actor=request.user, values=form.cleaned_data
        )
        messages.success(request, _("The settings are saved."))
        return HttpResponseSeeOther(reverse("event_settings"))
    attendance = AttendanceSettingsForm(
        request.POST if sent == "hadir" else None, instance=row, today=today
    )
    if sent == "hadir" and attendance.is_valid():
        office.save_settings(
            district=request.district, actor=request.user, values=attendance.cleaned_data
        )
        messages.success(request, _("The settings are saved."))
        return HttpResponseSeeOther(reverse("event_settings") + "#hadir")
    if sent == "hari" and day_form.is_valid():
        office.keep_day(district=request.district, actor=request.user, **day_form.cleaned_data)
        messages.success(request, _("The day is kept. Planners are told of it."))
        return HttpResponseSeeOther(reverse("event_settings") + "#hari")
    forms: dict[str, Any] = {"atur": form, "hadir": attendance, "hari": day_form}
    faulty = forms.get(sent)
    context = {
        "district": request.district,
        "form": form,
        "attendance": attendance,
        "day_form": day_form,
        "faulty": faulty,
        "rewriting": unfinished(request.district),
        "days": LocalDay.objects.for_district(request.district).filter(day__gte=today),
    }
    status = 200 if request.method != "POST" else 422 if faulty else 400
    return show(request, "events/room/settings.html", context, status=status)


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
