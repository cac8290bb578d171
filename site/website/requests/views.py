"""`/ruang/permintaan/`: the office reads and answers who asks for a session."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import RequestState, SessionRequest
from campaigns.models.session_request import OPEN_STATES
from campaigns.request_view import labels, place_name, shown
from campaigns.services import session_requests as services
from districts.models import Region
from safeguards import audit
from safeguards.cells import write_xlsx
from safeguards.uploads import XLSX
from website.accounts.access import READS, may_answer_requests, member_page, show
from website.accounts.views.team import page_of
from website.requests.forms import OfficeAnswerForm, seen_step

OPEN, ALL = "", "semua"
LONGEST_NUMBER = 12


def answerer_page(*methods: str) -> Callable:
    """For those who answer requests; any other member is refused before a row is looked for."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_answer_requests(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods)(guarded)

    return decorate


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; a word that we do not know is no page."""

    status: str
    kecamatan: str
    number: str

    @classmethod
    def of(cls, request: HttpRequest, kecamatan: dict[str, str]) -> "Wanted":
        wanted = cls(
            request.GET.get("status", OPEN),
            request.GET.get("kec", ""),
            request.GET.get("nomor", "").strip(),
        )
        if wanted.status not in {OPEN, ALL, *RequestState.values}:
            raise Http404
        if wanted.kecamatan and wanted.kecamatan not in kecamatan:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.number:
            # A number is asked for as such: whatever its state, wherever it is.
            if len(self.number) > LONGEST_NUMBER or not self.number.isprintable():
                return rows.none()
            return rows.filter(number__contains=self.number)
        if self.status != ALL:
            rows = rows.filter(state__in=[self.status] if self.status else OPEN_STATES)
        if self.kecamatan:
            rows = rows.filter(
                Q(region_id=self.kecamatan) | Q(region__code__startswith=f"{self.kecamatan}.")
            )
        return rows

    def query(self, **changed: str) -> str:
        asked = {"status": self.status, "kec": self.kecamatan, "nomor": self.number} | changed
        return urlencode({name: value for name, value in asked.items() if value})


def requests_of(request: HttpRequest) -> QuerySet:
    return SessionRequest.objects.for_district(request.district)


def kecamatan_of(request: HttpRequest) -> dict[str, str]:
    code = request.district.region_id
    return dict(Region.objects.kecamatan_of(code).values_list("code", "name")) if code else {}


@answerer_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    kecamatan = kecamatan_of(request)
    wanted = Wanted.of(request, kecamatan)
    counts = dict(
        requests_of(request).order_by().values_list("state").annotate(Count("pk")).order_by()
    )
    page = page_of(
        request,
        wanted.rows(requests_of(request)).select_related("region__parent", "district"),
    )
    open_ones = sum(counts.get(state, 0) for state in OPEN_STATES)
    tabs = [(OPEN, _("Still open"), open_ones), (ALL, _("All"), sum(counts.values()))]
    tabs += [(state.value, state.label, counts.get(state, 0)) for state in RequestState]
    return show(
        request,
        "ruang/requests/index.html",
        {
            "page_obj": page,
            "rows": [shown(row) for row in page.object_list],
            "tabs": [
                {
                    "query": wanted.query(status=value, nomor=""),
                    "label": label,
                    "count": count,
                    "current": value == wanted.status and not wanted.number,
                }
                for value, label, count in tabs
            ],
            "wanted": wanted,
            "query": wanted.query(),
            "kecamatan": kecamatan.items(),
            "is_empty": not counts,
        },
    )


@answerer_page(*READS, "POST")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(
        requests_of(request).select_related("region__parent", "district__site"), pk=pk
    )
    now = timezone.now()
    if request.method != "POST":
        day = asked.wished_dates[0] if asked.wished_dates else None
        form = OfficeAnswerForm(asked=asked, now=now, initial={"agreed_day": day})
        return _page(request, asked, form)
    form = OfficeAnswerForm(request.POST, asked=asked, now=now)
    try:
        seen = seen_step(request.POST.get("seen_step", ""))
    except ValidationError as error:
        raise PermissionDenied from error
    if not form.is_valid():
        # Somebody else's step may be why this one is not offered any more.
        latest = asked.steps.select_related("author").order_by("-pk").first()
        if latest is not None and latest.pk != seen:
            return _page(request, asked, form, status=409, theirs=latest)
        return _page(request, asked, form, status=422)
    try:
        form.take(asked=asked, actor=request.user, seen_step=seen)
    except services.Changed as error:
        asked.refresh_from_db(fields=["state", "agreed_at", "closed_at"])
        return _page(request, asked, form, status=409, theirs=error.latest)
    except services.NotPossible:
        form.add_error(None, _("This request is closed, so nothing can be answered any more."))
        return _page(request, asked, form, status=409)
    except ValidationError as error:
        form.add_error("message", error)
        return _page(request, asked, form, status=422)
    messages.success(request, _("The answer stands on the private page of who asked."))
    return redirect("request_detail", pk=asked.pk)


def _page(
    request: HttpRequest, asked: SessionRequest, form: OfficeAnswerForm, **more: Any
) -> HttpResponse:
    """The request with its contact, which leaves a trace; `theirs` is a step taken meanwhile."""
    status = more.pop("status", 200)
    audit.record(
        verb="request.read", actor_id=request.user.pk, obj=asked, site=request.district.site_id
    )
    steps = list(asked.steps.select_related("author").order_by("pk"))
    context = {
        "asked": shown(asked),
        "steps": steps,
        "last_step": steps[-1].pk if steps else 0,
        "form": form,
        "may_answer": bool(services.STEPS.get(asked.state)),
        "whatsapp": f"https://wa.me/{asked.contact_phone.removeprefix('+')}",
    }
    return show(request, "ruang/requests/detail.html", context | more, status=status)


@answerer_page(*READS)
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, with contacts, for the office's own planning."""
    wanted = Wanted.of(request, kecamatan_of(request))
    rows = wanted.rows(requests_of(request)).select_related("region__parent", "district")
    body = io.BytesIO()
    count = write_xlsx(body, _header(), _lines(rows), title=_("Requests"))
    audit.record(
        verb="request.exported",
        actor_id=request.user.pk,
        obj=None,
        site=request.district.site_id,
        rows=count,
    )
    response = HttpResponse(body.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="permintaan-sosialisasi.xlsx"'
    return response


def _header() -> list[str]:
    return [
        _("Number of the request"),
        _("State"),
        _("Came on"),
        _("Who asks"),
        _("Name"),
        _("Role"),
        _("Answer by"),
        _("Telephone"),
        _("E-mail"),
        _("Kecamatan and village"),
        _("Place"),
        _("For whom"),
        _("People"),
        _("About what"),
        _("Wished days"),
        _("Agreed"),
        _("What else"),
    ]


def _lines(rows: QuerySet) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=500):
        zone = ZoneInfo(row.district.timezone)
        yield [
            row.number,
            row.get_state_display(),
            row.created_at.astimezone(zone),
            row.get_asker_kind_display(),
            row.asker,
            row.asker_role,
            row.get_contact_kind_display(),
            row.contact_phone,
            row.contact_email,
            place_name(row.region),
            row.place,
            ", ".join(labels("audience", row.audience_codes)),
            row.people,
            ", ".join(labels("issue_area", row.issue_codes)),
            ", ".join(row.wished_dates),
            row.agreed_at and row.agreed_at.astimezone(zone),
            row.note,
        ]
