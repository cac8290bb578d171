"""`…/daftar.xlsx|csv`: the lists of the workspace to take along."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS, kept_out, member_page
from events.lines import shown
from events.sheets import figures
from events.sheets.tables import TYPES, Table, written
from events.views.room.access import dates_here, event_here, only_judges
from events.views.room.attendance.frame import people_page
from events.views.room.listing import ALL, Wanted, kecamatan_of
from safeguards import audit


@people_page(*READS, notes=False)
def organisations(request: HttpRequest, form: str) -> HttpResponse:
    only_judges(request)
    table = figures.organisations_table(request.district, timezone.now())
    return taken(request, table, form, name="lembaga")


@people_page(*READS, notes=False)
def facilitators(request: HttpRequest, form: str) -> HttpResponse:
    only_judges(request)
    table = figures.facilitators_table(request.district, timezone.now())
    return taken(request, table, form, name="fasilitator")


@people_page(*READS, notes=False)
def series(request: HttpRequest, pk: str, form: str) -> HttpResponse:
    """The people of a series, or with `?bagian=lembaga` its organisations."""
    only_judges(request)
    event = event_here(request, int(pk))
    makes = {"": figures.series_table, "lembaga": figures.organisations_of_series}
    part = request.GET.get("bagian", "")
    if part not in makes:
        raise Http404
    return taken(request, makes[part](event), form, name="-".join(filter(None, ["seri", part])),
                 obj=event)  # fmt: skip


@member_page(*READS)
def dates(request: HttpRequest, form: str) -> HttpResponse:
    """The list of sessions as it is narrowed."""
    wanted = Wanted.of(request, kecamatan_of(request))
    rows = wanted.rows(dates_here(request), request.user, timezone.now())
    names = kept_out(request) is None

    def planner_of(member: Any) -> str:
        return str(member) if member and (names or member == request.user) else ""

    whose = {"planner_of": planner_of} if wanted.whose == ALL else {}
    return taken(request, figures.dates_table(shown(rows), **whose), form, name="kegiatan")


def taken(
    request: HttpRequest, table: Table, form: str, *, name: str, obj: Model | None = None,
    verb: str = "list.exported",
) -> HttpResponse:  # fmt: skip
    """The file to be kept, and a line in the audit trail that somebody took it."""
    content, number = written(table, form)
    audit.record(
        verb=verb, actor_id=request.user.pk, obj=obj, site=request.district.site_id,
        rows=number, form=form, list=name,
    )  # fmt: skip
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
