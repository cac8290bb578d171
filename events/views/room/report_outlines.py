"""`/ruang/laporan/kerangka/`: what the office has its activity reports begin with, by kind."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.terms import term_labels
from districts.workspace import READS, show
from events.forms.room.outline import OutlineForm
from events.models import ReportOutline
from events.outlines import outline_for, outline_of, words_of
from events.services.outlining import save_outline
from events.views.room.access import settler_page
from safeguards.lost_updates import Outdated, imprint
from safeguards.views import HttpResponseSeeOther

# In addresses: the outline of every kind that has none of its own.
OTHERS = "semua"


@settler_page(*READS)
def outlines(request: HttpRequest) -> HttpResponse:
    rows = ReportOutline.objects.for_district(request.district)
    written = set(rows.values_list("kind", flat=True))
    context = {
        "district": request.district,
        "lines": [
            {"kind": kind or OTHERS, "title": title, "written": kind in written}
            for kind, title in _kinds().items()
        ],
    }
    return show(request, "events/room/report_outlines.html", context)


@settler_page(*READS, "POST")
def outline(request: HttpRequest, kind: str) -> HttpResponse:
    kind = "" if kind == OTHERS else kind
    if kind not in _kinds():
        raise Http404
    stands = words_of(outline_of(request.district, kind))
    initial = {"opened": imprint(stands)}
    if request.method != "POST":
        # A kind that has none begins with what holds for it until now.
        words = words_of(outline_for(request.district, kind))
        return _page(request, kind, OutlineForm(stands=words, initial=initial))
    form = OutlineForm(request.POST, stands=stands)
    if not form.is_valid():
        return _page(request, kind, form, status=422, faulty=form)
    words = dict(form.cleaned_data)
    who = {"district": request.district, "actor": request.user, "opened": words.pop("opened")}
    try:
        save_outline(**who, kind=kind, values=words)
    except Outdated:
        # Read anew: what stands may be younger than what the form was checked against.
        stands = words_of(outline_of(request.district, kind))
        form = OutlineForm(again(request.POST, stands), stands=stands)
        both = compared(form, stands)
        return _page(request, kind, form, status=409, outdated=True, compared=both)
    messages.success(request, _("Kept. Reports that are written from now on begin with it."))
    return HttpResponseSeeOther(reverse("report_outlines"))


def _kinds() -> dict[str, Any]:
    return {"": _("All other kinds of session")} | term_labels("event_type")


def _page(
    request: HttpRequest, kind: str, form: OutlineForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"district": request.district, "form": form, "title": _kinds()[kind]} | more
    return show(request, "events/room/report_outline.html", context, status=status)
