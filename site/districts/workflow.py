"""Two persons for every page: who wrote or submitted a version never lets it out.

Wagtail's group approval lets a moderator approve what he submitted, and a superuser publish what
he likes. Here a version goes live for somebody only when a second person approved exactly it.
Machines (aliases, founding) act without a user and are not asked; what goes out by itself on its
day was approved before, and `districts.held_back` looks whether it still is.

A page may ask for a second person who holds certain roles (`DistrictPage.approver_roles`); that
binds superusers and administrators too.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import (
    Page,
    PagePermissionTester,
    Revision,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from districts.scoping import held_at, office_of_page


def required_roles(page: Page) -> frozenset[str] | None:
    """The roles of which the second person must hold one; None where the workflow's groups do."""
    asked = getattr(page.specific, "approver_roles", None)
    return asked() if asked else None


def may_approve(page: Page, user: Any) -> bool:
    """Whether the user holds a role that the page asks of its second person."""
    roles = required_roles(page)
    return roles is None or held_at(timezone.now(), office_of_page(page), roles, user=user).exists()


def needs_second_person(page: Page) -> bool:
    """Whether it is a page of an office, or a workflow or the page itself asks for somebody.

    A workflow can be switched off by one person.
    """
    return (
        page.get_workflow() is not None
        or required_roles(page) is not None
        or office_of_page(page) is not None
    )


def latest_revision(page: Page) -> Revision | None:
    """The newest version as the database has it, whatever the instance in hand remembers."""
    # Told by its base type: specific types of one page share their revisions.
    base = ContentType.objects.get_for_model(Page, for_concrete_model=False)
    return (
        Revision.objects.filter(base_content_type=base, object_id=str(page.pk))
        .order_by("-created_at", "-pk")
        .first()
    )


def versions_of(page: Page) -> Iterator[Page]:
    """The page in hand, as readers have it, and in its newest and its scheduled versions.

    Who takes a mark away that asks for more is bound by it as well, and so is who adds it.
    """
    yield page
    if page.pk is None:
        return
    yield from type(page)._base_manager.filter(pk=page.pk)
    latest = latest_revision(page)
    if latest is not None:
        yield latest.as_object()
        for revision in page.revisions.exclude(approved_go_live_at=None).exclude(pk=latest.pk):
            yield revision.as_object()


def approvals(
    revisions: Iterable[int], roles: Collection[str] | None = None, office: Any = None
) -> QuerySet:
    """The approvals of these versions by people who neither wrote nor submitted them, by date.

    With `roles`, by people who held one of them in the office when they approved.
    """
    wrote, submitted = F("revision__user"), F("workflow_state__requested_by")
    found = TaskState.objects.filter(
        Q(revision__user__isnull=True) | ~Q(finished_by=wrote),
        Q(workflow_state__requested_by__isnull=True) | ~Q(finished_by=submitted),
        revision__in=revisions,
        status=TaskState.STATUS_APPROVED,
        finished_by__isnull=False,
    )
    if roles is not None:
        held = held_at(OuterRef("finished_at"), office, roles, user=OuterRef("finished_by"))
        found = found.filter(Exists(held))
    return found.order_by("finished_at", "pk")


def approval_of(
    revision: Revision | None, roles: Collection[str] | None = None
) -> TaskState | None:
    """The last approval of exactly this version; its `finished_at` is the date."""
    if revision is None:
        return None
    office = office_of_page(Page.objects.get(pk=revision.object_id)) if roles is not None else None
    return approvals([revision.pk], roles, office).last()


def is_approved(revision: Revision | None, roles: Collection[str] | None = None) -> bool:
    """Say whether a second person, of one of these roles where some are asked, approved it."""
    return approval_of(revision, roles) is not None


class TwoPersonsTester(PagePermissionTester):
    """Page permissions under which nobody, a superuser included, publishes unreviewed changes."""

    def can_publish(self) -> bool:
        if not super().can_publish():
            return False
        if not needs_second_person(self.page):
            return True
        latest = latest_revision(self.page)
        return (
            latest is not None
            and latest.pk != self.page.live_revision_id
            and is_approved(latest, required_roles(self.page))
        )

    def can_move_to(self, destination: Page) -> bool:
        """What readers have of a page, or will have on its day, is approved as its new place asks.

        Else it does not come to where a second person is asked, or one of another role.
        """
        if not super().can_move_to(destination):
            return False
        if self.page.is_child_of(destination):
            return True
        roles = required_roles(destination)
        comes_in = needs_second_person(destination) and not needs_second_person(self.page)
        if not (roles or comes_in):
            return True
        going_out = [*self.page.revisions.exclude(approved_go_live_at=None)]
        if self.page.live:
            going_out.append(self.page.live_revision)
        return all(is_approved(revision, roles) for revision in going_out)

    def can_publish_subpage(self) -> bool:
        # What is published while it is created has been seen by nobody else.
        return super().can_publish_subpage() and not needs_second_person(self.page)

    # Closing a page to readers and stopping a scheduled publication need no second person.
    def can_set_view_restrictions(self) -> bool:
        return super().can_publish()

    def can_unschedule(self) -> bool:
        return super().can_publish()


@hooks.register("before_publish_page")
def refuse_unreviewed_changes(request, page) -> None:
    """The editor saves a new version and then publishes it: that version is unreviewed."""
    if needs_second_person(page) and not is_approved(latest_revision(page), required_roles(page)):
        raise PermissionDenied


@transaction.atomic
def ensure_workflow(district: Any) -> Workflow:
    """Put a workflow with a second person over the district's pages of every language.

    Moderators and administrators of the district are its second persons. Safe to repeat.
    """
    from districts.models import Role, SecondPersonTask
    from districts.services.permissions import ensure_groups, root_pages

    groups = ensure_groups(district)
    with translation.override(settings.LANGUAGE_CODE):
        task_name = _("A second person in %(district)s looks at it") % {
            "district": district.short_name
        }
        workflow_name = _("Second person, %(district)s") % {"district": district.short_name}
    task, _created = SecondPersonTask.objects.get_or_create(
        district=district, defaults={"name": task_name}
    )
    if not task.active:
        task.active = True
        task.save(update_fields=["active"])
    task.groups.set([groups[Role.MODERATOR], groups[Role.ADMIN]])
    workflow = Workflow.objects.filter(workflow_tasks__task=task, active=True).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=workflow_name)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in root_pages(district):
        WorkflowPage.objects.update_or_create(page=page, defaults={"workflow": workflow})
    return workflow
