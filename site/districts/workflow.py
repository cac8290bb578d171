"""Two persons for every page: who wrote or submitted a version never lets it out.

Wagtail's group approval lets a moderator approve what he submitted, and a superuser publish what
he likes. Here a version goes live for somebody only when a second person approved exactly it.
Machines (scheduled publishing, aliases, founding) act without a user and are not asked.
"""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
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


def needs_second_person(page: Page) -> bool:
    """Say whether a workflow stands over this page."""
    return page.get_workflow() is not None


def latest_revision(page: Page) -> Revision | None:
    """The newest version as the database has it, whatever the instance in hand remembers."""
    # Told by its base type: specific types of one page share their revisions.
    base = ContentType.objects.get_for_model(Page, for_concrete_model=False)
    return (
        Revision.objects.filter(base_content_type=base, object_id=str(page.pk))
        .order_by("-created_at", "-pk")
        .first()
    )


def is_approved(revision: Revision | None) -> bool:
    """Say whether somebody who neither wrote nor submitted exactly this version approved it."""
    if revision is None:
        return False
    return (
        TaskState.objects.filter(
            revision=revision, status=TaskState.STATUS_APPROVED, finished_by__isnull=False
        )
        .filter(
            Q(workflow_state__requested_by__isnull=True)
            | ~Q(finished_by=F("workflow_state__requested_by"))
        )
        .exclude(finished_by=revision.user_id or 0)
        .exists()
    )


class TwoPersonsTester(PagePermissionTester):
    """Page permissions under which nobody, a superuser included, publishes unreviewed changes."""

    def can_publish(self) -> bool:
        if not super().can_publish():
            return False
        if not needs_second_person(self.page):
            return True
        latest = latest_revision(self.page)
        return (
            latest is not None and latest.pk != self.page.live_revision_id and is_approved(latest)
        )

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
    if needs_second_person(page) and not is_approved(latest_revision(page)):
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
