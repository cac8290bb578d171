"""`/ruang/tim/pengganti/`: who is the second person for help channels while others are away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.hours import local_date
from districts.services import stand_ins
from website.accounts.access import READS, appointer_page, show
from website.accounts.forms import StandInForm, plain_line
from website.accounts.views.team import FOUND_AT_MOST, LONGEST_SEARCH


@appointer_page(*READS, "POST")
def listed(request: HttpRequest) -> HttpResponse:
    """Those of today and later. A search is a POST that changes nothing, as in the team."""
    rows = list(stand_ins.stand_ins_of(request.district)[:FOUND_AT_MOST])
    today = local_date(timezone.now(), request.district.timezone)
    for row in rows:
        row.is_now = row.starts_on <= today
    context: dict[str, Any] = {"stand_ins": rows}
    if request.method == "POST":
        asked = plain_line(request.POST.get("q", ""))[:LONGEST_SEARCH]
        rows = (
            stand_ins.candidates(request.district, request.user)
            .filter(user__name__icontains=asked)
            .select_related("user", "organisation", "district")
            .order_by("user__name", "user", "role", "pk")[: FOUND_AT_MOST + 1]
        )
        # Somebody with two roles is one person.
        found = list({row.user_id: row for row in rows}.values())
        context |= {
            "asked": asked,
            "searched": True,
            "members": found[:FOUND_AT_MOST],
            "too_many": len(rows) > FOUND_AT_MOST,
        }
    return show(request, "ruang/stand_ins.html", context)


@appointer_page(*READS, "POST")
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(
        stand_ins.candidates(request.district, request.user).select_related("user"), pk=pk
    )
    today = local_date(timezone.now(), request.district.timezone)
    form = StandInForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            stand_ins.appoint(
                district=request.district,
                actor=request.user,
                user=member.user,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("%(name)s is appointed. Tell them: proposed numbers wait in their workspace.")
                % {"name": member.user.get_full_name()},
            )
            return redirect("stand_ins")
    status = 422 if form.is_bound else 200
    return show(request, "ruang/stand_in.html", {"form": form, "member": member}, status=status)


@appointer_page(*READS, "POST")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    stand_in = get_object_or_404(stand_ins.stand_ins_of(request.district), pk=pk)
    if request.method != "POST":
        return show(request, "ruang/stand_in_end.html", {"stand_in": stand_in})
    stand_ins.end(stand_in=stand_in, actor=request.user)
    messages.success(
        request,
        _("%(name)s is no stand-in any more.") % {"name": stand_in.user.get_full_name()},
    )
    return redirect("stand_ins")
