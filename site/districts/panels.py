"""The first panel of the admin: what needs an editor's attention in this office."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UpgradeNotificationPanel, WhatsNewInWagtailVersionPanel
from wagtail.models import Page, WorkflowState

from districts.admin_gate.scope import scope_of
from districts.channel_reach import changes_within_reach, in_state, serving
from districts.commitment_view import OVERDUE
from districts.held_back import held_back
from districts.hours import local_date
from districts.models import Channel, ChannelChange, Commitment, District
from districts.regulations import pages_citing_revoked
from districts.scoping import district_for_request
from districts.services.aliases import in_the_way
from districts.services.commitments import keeps_commitments
from districts.services.second_person import second_persons, standing

# Reviews that fall due within this time are named before they are overdue.
SOON = timedelta(days=30)
# A commitment past its due date about which nothing was written for so long is forgotten.
QUIET = timedelta(days=90)
MOST_PAGES = 10
NOT_OURS = (UpgradeNotificationPanel, WhatsNewInWagtailVersionPanel)


@dataclass(frozen=True)
class Task:
    """One thing to do, with the screen where it is done; urgent ones come first."""

    text: str
    url: str
    is_urgent: bool = False


TaskSource = Callable[[HttpRequest, District], Iterable[Task]]
_sources: list[TaskSource] = []


def register_tasks(source: TaskSource) -> TaskSource:
    """Have `source(request, office)` add its tasks to the panel: for apps above this one."""
    if source not in _sources:
        _sources.append(source)
    return source


class AttentionPanel(Component):
    """What is overdue, empty or waiting, and what to do about it."""

    name = "attention"
    order = 50
    template_name = "districts/attention_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = parent_context["request"]
        office = district_for_request(request)
        return {
            "office": office,
            "tasks": sorted(tasks_of(request, office), key=lambda task: not task.is_urgent),
            "alone": not second_persons(office, request.user).exists(),
        }


def tasks_of(request: HttpRequest, office: District) -> list[Task]:
    """The tasks of the person in this office."""
    own = Channel.objects.for_district(office)
    today = local_date(timezone.now(), office.timezone)
    soon = in_state(own, "verified", office).filter(review_due__lte=today + SOON)
    waiting = changes_within_reach(request).filter(status=ChannelChange.Status.WAITING)
    mine = waiting.filter(proposed_by=request.user).count()
    others = waiting.exclude(proposed_by=request.user).count()
    listed, decided = reverse("channels:index"), reverse("channels:waiting")
    counted = [
        (
            in_state(own, "overdue", office).count(),
            lambda n: ngettext(
                "%(n)d number is overdue for a check.", "%(n)d numbers are overdue for a check.", n
            ),
            f"{listed}?status=overdue",
            True,
        ),
        (
            others,
            lambda n: ngettext(
                "%(n)d change waits for your decision.", "%(n)d changes wait for your decision.", n
            ),
            decided,
            True,
        ),
        (
            in_state(own, "unverified", office).count(),
            lambda n: ngettext(
                "%(n)d channel has no confirmed number yet.",
                "%(n)d channels have no confirmed number yet.",
                n,
            ),
            f"{listed}?status=unverified",
            False,
        ),
        (
            soon.count(),
            lambda n: ngettext(
                "%(n)d number is due for a check within 30 days.",
                "%(n)d numbers are due for a check within 30 days.",
                n,
            ),
            f"{listed}?status=verified",
            False,
        ),
        (
            mine,
            lambda n: ngettext(
                "%(n)d change of yours waits for a second person.",
                "%(n)d changes of yours wait for a second person.",
                n,
            ),
            decided,
            False,
        ),
        (
            _pages_in_moderation(request),
            lambda n: ngettext(
                "%(n)d page waits for moderation.", "%(n)d pages wait for moderation.", n
            ),
            reverse("wagtailadmin_home") + "#awaiting-review-content",
            False,
        ),
    ]
    tasks = [
        Task(text(count) % {"n": count}, url, urgent)
        for count, text, url, urgent in counted
        if count
    ]
    tasks += _held_back(request)
    tasks += _in_the_way(office)
    for source in _sources:
        tasks += source(request, office)
    if keeps_commitments(request.user, office):
        tasks += _of_the_plan(request, office, today)
    if not _has_emergency_line(office):
        tasks.append(
            Task(gettext("No verified emergency line is shown to readers."), listed, is_urgent=True)
        )
    return tasks


def _of_pages(
    said: str, pages: Sequence[Page] | QuerySet, *, is_urgent: bool = False
) -> list[Task]:
    """A task for each of the first pages, with its title in the words."""
    return [
        Task(
            said % {"page": page.title},
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            is_urgent,
        )
        for page in pages[:MOST_PAGES]
    ]


def _held_back(request: HttpRequest) -> list[Task]:
    """Pages that did not go out on their day."""
    said = gettext("“%(page)s” did not go out on its day: it needs a new approval first.")
    pages = held_back(scope_of(request).pages(Page.objects.all())).order_by("path")
    return _of_pages(said, pages, is_urgent=True)


def _in_the_way(office: District) -> list[Task]:
    said = gettext(
        "“%(page)s” keeps a national page of the same address from your readers. Publish it, or "
        "give it another address."
    )
    return _of_pages(said, in_the_way(office), is_urgent=True)


def _of_the_plan(request: HttpRequest, office: District, today: date) -> list[Task]:
    """Commitments nobody speaks of any more, and pages that cite what is no longer the law."""
    late = Commitment.objects.for_district(office).overdue(today)
    quiet = late.exclude(steps__day__gt=today - QUIET).count()
    tasks = []
    if quiet:
        text = ngettext(
            "%(n)d commitment is past its due date, without a step in 90 days.",
            "%(n)d commitments are past their due date, without a step in 90 days.",
            quiet,
        )
        address = f"{reverse('commitments:index')}?status={OVERDUE}"
        tasks.append(Task(text % {"n": quiet}, address, is_urgent=True))
    citing = pages_citing_revoked(scope_of(request).pages(Page.objects.all()))
    said = gettext("“%(page)s” cites a regulation that was revoked.")
    tasks += _of_pages(said, citing.order_by("path"))
    return tasks


def _has_emergency_line(office: District) -> bool:
    today = local_date(timezone.now(), office.timezone)
    lines = Channel.objects.shown().filter(
        serving(today), is_emergency=True, last_verified__isnull=False, kind=Channel.Kind.PHONE
    )
    offices = District.objects.filter(level=District.Level.NASIONAL)
    return lines.filter(district__in=offices | District.objects.filter(pk=office.pk)).exists()


def _pages_in_moderation(request: HttpRequest) -> int:
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        base_content_type__app_label="wagtailcore",
        base_content_type__model="page",
    )
    numbers = [int(number) for number in states.values_list("object_id", flat=True)]
    return scope_of(request).pages(Page.objects.filter(pk__in=numbers)).count()


@hooks.register("construct_homepage_panels", order=900)
def attention_first(request: HttpRequest, panels: list) -> None:
    panels[:] = [panel for panel in panels if not isinstance(panel, NOT_OURS)]
    office = district_for_request(request)
    if office is not None and standing(request.user, office):
        panels.append(AttentionPanel())
