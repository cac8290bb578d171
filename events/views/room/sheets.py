"""`…/daftar.xlsx|csv`: the lists of the workspace to take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS, kept_out, member_page
from events.sheets.offered import EVENT, NAMED, Offer
from events.views.room.access import event_here, only_judges
from events.views.room.attendance.frame import people_page
from events.views.room.exporting import taken
from events.views.room.listing import kecamatan_of, wanted_in

PARTS = {"": "seri", "lembaga": "seri-lembaga"}


@people_page(*READS, notes=False)
def organisations(request: HttpRequest, form: str) -> HttpResponse:
    only_judges(request)
    return taken(request, _offer(request, "lembaga"), form)


@people_page(*READS, notes=False)
def facilitators(request: HttpRequest, form: str) -> HttpResponse:
    only_judges(request)
    return taken(request, _offer(request, "fasilitator"), form)


@people_page(*READS, notes=False)
def series(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """The people of a series, or with `?bagian=lembaga` its organisations."""
    only_judges(request)
    event = event_here(request, int(pk))
    what = PARTS.get(request.GET.get("bagian", ""))
    if what is None:
        raise Http404
    return taken(request, _offer(request, what, {EVENT: str(event.pk)}), form)


@member_page(*READS)
def dates(request: HttpRequest, form: str) -> HttpResponse:
    """The list of sessions as it is narrowed."""
    asked = wanted_in(request, kecamatan_of(request)).asked
    if kept_out(request) is None:
        asked[NAMED] = "1"
    return taken(request, _offer(request, "kegiatan", asked), form)


def _offer(request: HttpRequest, what: str, asked: dict[str, str] | None = None) -> Offer:
    return Offer(what, request.district, request.user, timezone.now(), asked or {})
