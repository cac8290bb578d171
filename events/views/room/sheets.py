"""`…/daftar.xlsx|csv`: the lists of the workspace to take along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS, kept_out, member_page
from events.models import Occurrence
from events.sheets.offered import EVENT, NAMED, SOUGHT, Offer
from events.sheets.reports import WantedReports
from events.views.room.access import event_here, only_judges
from events.views.room.attendance.frame import people_page
from events.views.room.exporting import taken
from events.views.room.listing import kecamatan_of, wanted_in
from events.views.room.people import sought_in
from events.views.room.report_access import own_date

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


@people_page(*READS, "POST", notes=False)
def people(request: HttpRequest, form: str) -> HttpResponse:
    """Everybody, or who has a name that is sent, not asked for by an address."""
    only_judges(request)
    _form, name = sought_in(request)
    return taken(request, _offer(request, "orang", {SOUGHT: name} if name else {}), form)


@people_page(*READS, notes=False)
def date_organisations(request: HttpRequest, pk: str, date: str, form: str) -> HttpResponse:
    offer = _offer(request, "lembaga-hadir", occurrence=own_date(request, pk, date))
    return taken(request, offer, form)


@people_page(*READS, notes=False)
def date_headcount(request: HttpRequest, pk: str, date: str, form: str) -> HttpResponse:
    offer = _offer(request, "hitung-hadir", occurrence=own_date(request, pk, date))
    return taken(request, offer, form)


@member_page(*READS)
def dates(request: HttpRequest, form: str) -> HttpResponse:
    """The list of sessions as it is narrowed."""
    asked = wanted_in(request, kecamatan_of(request)).asked
    return taken(request, _offer(request, "kegiatan", asked | _named(request)), form)


@member_page(*READS)
def reports(request: HttpRequest, form: str) -> HttpResponse:
    """The list of reports as it is narrowed."""
    asked = WantedReports.of(request.GET, kecamatan_of(request)).asked
    return taken(request, _offer(request, "laporan", asked | _named(request)), form)


def _named(request: HttpRequest) -> dict[str, str]:
    """That names of planners may be read, once the second factor is given."""
    return {NAMED: "1"} if kept_out(request) is None else {}


def _offer(
    request: HttpRequest,
    what: str,
    asked: dict[str, str] | None = None,
    occurrence: Occurrence | None = None,
) -> Offer:
    return Offer(what, request.district, request.user, timezone.now(), asked or {}, occurrence)
