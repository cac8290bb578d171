from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by a group of the district, never by the person who submitted or wrote the version.

    A second person who corrects a text becomes its author: they may still hand it back, and the
    first person, who submits it again, has then seen the correction.
    """

    district = models.ForeignKey("districts.District", models.CASCADE, related_name="+")

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "district"]

    class Meta:
        verbose_name = _("second person")
        verbose_name_plural = _("second persons")
        constraints = [
            models.UniqueConstraint(fields=["district"], name="second_person_task_once_a_district")
        ]

    def is_submitter(self, obj: Any, user: Any) -> bool:
        state = obj.current_workflow_state
        return state is not None and state.requested_by_id == user.pk

    def is_author(self, obj: Any, user: Any) -> bool:
        from districts.workflow import latest_revision

        latest = latest_revision(obj)
        return latest is not None and latest.user_id == user.pk

    def is_of_the_roles_asked(self, obj: Any, user: Any) -> bool:
        from districts.workflow import may_approve

        return may_approve(obj, user)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return super().user_can_access_editor(obj, user) and not self.is_submitter(obj, user)

    def get_actions(self, obj: Any, user: Any) -> list[tuple]:
        actions = super().get_actions(obj, user)
        if not actions or self.is_submitter(obj, user):
            return []
        if self.is_author(obj, user) or not self.is_of_the_roles_asked(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any):
        """Approve or hand back; PermissionDenied for who is not a second person.

        The approval is tied to the version it lets out.
        """
        page = task_state.workflow_state.content_object
        if user is not None and action_name not in {
            name for name, _label, _asks in self.get_actions(page, user)
        }:
            raise PermissionDenied
        if action_name == "approve":
            from districts.workflow import latest_revision

            task_state.revision = latest_revision(page)
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet:
        return (
            super()
            .get_task_states_user_can_moderate(user, **kwargs)
            .exclude(workflow_state__requested_by=user)
        )

    @classmethod
    def get_description(cls):
        return _("Somebody of the district other than the person who submitted it approves this")
