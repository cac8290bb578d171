"""What a module's review days mean: states, and who is to be told how long before."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from wagtail.models import Page

from districts.hours import local_date
from districts.models import District
from districts.scoping import OFFICE_DEPTH, office_of_page
from districts.services.permissions import root_pages
from modules.models import ClassRun, ModulePage, ReviewWarning

WARN_DAYS = (90, 30, 7)
SOON = timedelta(days=max(WARN_DAYS))
WITHDRAWN, PAST, DUE, UNREVIEWED = "ditarik", "lewat", "segera", "belum"
STATES = (WITHDRAWN, PAST, DUE, UNREVIEWED)


def own_modules(office: District) -> QuerySet:
    """The modules that this office answers for, in all its languages; no aliases."""
    return ModulePage.objects.filter(_trees(office), alias_of__isnull=True)


def shown_modules(office: District) -> QuerySet:
    """The modules that this office shows, in all its languages: its own and aliases."""
    return ModulePage.objects.filter(_trees(office)).select_related("locale", "alias_of")


def in_state(
    pages: QuerySet, state: str, today: date, *, reviewed: Collection[int] = ()
) -> QuerySet:
    """Those of the modules in one of `STATES`; the first that is true is the module's state.

    `reviewed`: those whose words a specialist has signed.
    """
    past = Q(review_due__lt=today) | Q(retire_on__lt=today)
    if state == WITHDRAWN:
        return pages.filter(withdrawn_at__isnull=False)
    pages = pages.filter(withdrawn_at__isnull=True)
    if state == PAST:
        return pages.filter(past)
    pages = pages.exclude(pk__in=ModulePage.objects.filter(past).values("pk"))
    due = Q(review_due__lte=today + SOON) | Q(retire_on__lte=today + SOON)
    if state == DUE:
        return pages.filter(due)
    pages = pages.exclude(pk__in=ModulePage.objects.filter(due).values("pk"))
    return pages.exclude(pk__in=reviewed)


def state_of(page: ModulePage, today: date, *, is_reviewed: bool) -> str:
    """One of `STATES`, or "" for a reviewed module whose day is far off."""
    if page.withdrawn_at is not None:
        return WITHDRAWN
    if page.last_day is not None and page.last_day < today:
        return PAST
    if page.last_day is not None and page.last_day <= today + SOON:
        return DUE
    return "" if is_reviewed else UNREVIEWED


def _trees(office: District) -> Q:
    trees = Q(pk__in=[])
    for root in root_pages(office):
        trees |= Q(path__startswith=root.path)
    return trees


def was_taken_back(run: ClassRun) -> bool:
    """Whether the run ended because its module was withdrawn; one query, once it is closed."""
    if run.state != ClassRun.State.CLOSED or run.closed_at is None:
        return False
    withdrawn = ModulePage.objects.filter(withdrawn_at__lte=run.closed_at)
    return withdrawn.filter(editions=run.edition_id).exists()


@dataclass(frozen=True)
class Warned:
    """A module whose review is near: the threshold it has crossed, and the days that are left."""

    page: ModulePage
    days: int
    left: int


def untold(now: datetime) -> Iterator[tuple[District, list[Warned]]]:
    """The offices that are to be told of reviews ahead, each with the modules.

    Of the thresholds a module has crossed, the nearest counts. A day is the office's own.
    """
    near = list(_near(now).order_by("review_due", "path"))
    told = set(ReviewWarning.objects.filter(page__in=near).values_list("page_id", "due", "days"))
    for office, pages in _by_office(near):
        today = local_date(now, office.timezone)
        found = [
            warned
            for page in pages
            if (warned := _warned(page, today))
            and (page.pk, page.review_due, warned.days) not in told
        ]
        if found:
            yield office, found


def _near(now: datetime) -> QuerySet:
    # A day of slack on both sides: it is another day in the offices' zones than in UTC.
    slack = timedelta(days=1)
    return ModulePage.objects.filter(
        live=True,
        alias_of__isnull=True,
        withdrawn_at__isnull=True,
        review_due__gte=(now - slack).date(),
        review_due__lte=(now + SOON + slack).date(),
    ).defer_streamfields()


def _by_office(pages: list[ModulePage]) -> Iterator[tuple[District, list[ModulePage]]]:
    trees: dict[str, list[ModulePage]] = {}
    for page in pages:
        trees.setdefault(page.path[: OFFICE_DEPTH * Page.steplen], []).append(page)
    offices: dict[District, list[ModulePage]] = {}
    for found in trees.values():
        office = office_of_page(found[0])
        if office is not None:
            # An office has a tree in each language.
            offices.setdefault(office, []).extend(found)
    yield from offices.items()


def _warned(page: ModulePage, today: date) -> Warned | None:
    left = (page.review_due - today).days
    days = min((days for days in WARN_DAYS if left <= days), default=0)
    retired = page.retire_on is not None and page.retire_on < today
    return Warned(page, days, left) if days and left >= 0 and not retired else None
