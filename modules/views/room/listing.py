"""`/ruang/kelas/`: what runs, what is unfinished, the groups, what comes next, and what was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from districts.workspace import READS, show
from modules.courses import begun, fresh, taught
from modules.days import day_at
from modules.finding import modules_to_teach
from modules.models import ClassRun, Group, Submission, SurveyAnswer, Tally
from modules.periods import period_of
from modules.services.groups import cells_of
from modules.services.runs import is_over
from modules.views.access import facilitator_page, own_groups, own_runs

ON_A_PAGE = 20
SHOWN_AT_MOST = 30
# A session without results is asked after for so long.
REMEMBERED = timedelta(days=60)
State = ClassRun.State


@facilitator_page(*READS)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    groups = list(own_groups(request).select_related("organisation").prefetch_related("counts"))
    active = [group for group in groups if group.archived_at is None]
    rows = taught(own_runs(request).select_related(None))
    modules = modules_to_teach(request.district, now)
    listed = list(_listed(own_runs(request), now))
    running = [run for run in listed if run.state == State.OPEN and not is_over(run, now)]
    planned = _page_of(request, _planned(own_runs(request)), "rencana")
    unfinished = [run for run in listed if is_over(run, now) and not run.has_results]
    wanted = Wanted.of(request, groups)
    page = _page_of(request, wanted.rows(_ended(own_runs(request), now)))
    today = day_at(request.district, now)
    suggested = fresh(active, rows, modules)
    return show(
        request,
        "modules/room/index.html",
        {
            "district": request.district,
            "running": running,
            "planned": planned.object_list,
            "planned_page": planned,
            "unfinished": unfinished,
            "today": today,
            "groups": [_card(group, suggested.get(group.pk), today) for group in active],
            "archived": [group for group in groups if group.archived_at is not None],
            "continued": begun(rows, modules)[:SHOWN_AT_MOST],
            "page_obj": page,
            "history": page.object_list,
            "wanted": wanted,
            "all_groups": groups,
            "is_new": not rows and not groups,
        },
    )


@dataclass(frozen=True)
class Wanted:
    """What the history is narrowed to; a word that we do not know is no page."""

    group: str
    mode: str

    @classmethod
    def of(cls, request: HttpRequest, groups: list[Group]) -> "Wanted":
        wanted = cls(request.GET.get("kelompok", ""), request.GET.get("cara", ""))
        if wanted.group and wanted.group not in {str(group.pk) for group in groups}:
            raise Http404
        if wanted.mode and wanted.mode not in ClassRun.Mode.values:
            raise Http404
        return wanted

    def rows(self, rows: QuerySet) -> QuerySet:
        if self.group:
            rows = rows.filter(group=self.group)
        return rows.filter(mode=self.mode) if self.mode else rows

    @property
    def query(self) -> str:
        asked = {"kelompok": self.group, "cara": self.mode}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def modes(self) -> list[tuple[str, str]]:
        return ClassRun.Mode.choices


def _light(rows: QuerySet) -> QuerySet:
    """Without what an edition and a module hold in full."""
    return rows.select_related(None).select_related("edition").defer("edition__content")


def _listed(rows: QuerySet, now: datetime) -> QuerySet:
    """What runs, or ended lately without results."""
    lately = Q(state=State.CLOSED, closed_at__gte=now - REMEMBERED)
    return (
        _light(rows)
        .filter(Q(state=State.OPEN) | lately)
        .annotate(
            has_results=Exists(Submission.objects.filter(run=OuterRef("pk")))
            | Exists(SurveyAnswer.objects.filter(run=OuterRef("pk")))
            | Exists(Tally.objects.filter(run=OuterRef("pk"))),
        )
        .exclude(lately & Q(has_results=True))[:SHOWN_AT_MOST]
    )


def _planned(rows: QuerySet) -> QuerySet:
    return _light(rows).filter(state=State.PLANNED).order_by("planned_for", "pk")


def _ended(rows: QuerySet, now: datetime) -> QuerySet:
    return (
        _light(rows)
        .filter(Q(state=State.CLOSED) | Q(state=State.OPEN, closes_at__lte=now))
        .annotate(joined=Count("participants", filter=Q(participants__removed_at__isnull=True)))
        .order_by("-created_at", "-pk")
    )


def _page_of(request: HttpRequest, rows: QuerySet, name: str = "page") -> Any:
    try:
        return Paginator(rows, ON_A_PAGE).page(request.GET.get(name, 1))
    except InvalidPage as error:
        raise Http404 from error


def _card(group: Group, module: Any, today: Any) -> dict[str, Any]:
    cells = cells_of(group)
    return {
        "group": group,
        "people": sum(cell.number for cell in cells),
        "female": sum(cell.number for cell in cells if cell.sex == "P"),
        "male": sum(cell.number for cell in cells if cell.sex == "L"),
        "disabled": sum(cell.number for cell in cells if cell.with_disability),
        "next": module,
        "is_past": bool(group.period) and group.period != period_of(group.kind, today),
        "next_period": period_of(group.kind, today),
    }
