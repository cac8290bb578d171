"""The first page of the admin: what is mine, where I still work."""

from wagtail.admin.views import home
from wagtail.models import Page

from districts.admin_gate.scope import scope_of


def _is_own(request, thing) -> bool:
    return isinstance(thing, Page) and scope_of(request).has_path(thing.path)


class ObjectsToModerate(home.WorkflowObjectsToModeratePanel):
    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        request = parent_context["request"]
        context["states"] = [s for s in context["states"] if _is_own(request, s["obj"])]
        return context


class ObjectsInModeration(home.UserObjectsInWorkflowModerationPanel):
    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        request = parent_context["request"]
        context["workflow_states"] = [
            s for s in context["workflow_states"] if _is_own(request, s.content_object)
        ]
        return context


class RecentEdits(home.RecentEditsPanel):
    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        request = parent_context["request"]
        context["last_edits"] = [
            (at, page) for at, page in context["last_edits"] if _is_own(request, page)
        ]
        return context


class LockedPages(home.LockedPagesPanel):
    def get_context_data(self, parent_context):
        context = super().get_context_data(parent_context)
        scope = scope_of(parent_context["request"])
        context["locked_pages"] = scope.pages(context["locked_pages"])
        return context


OWN = {
    home.WorkflowObjectsToModeratePanel: ObjectsToModerate,
    home.UserObjectsInWorkflowModerationPanel: ObjectsInModeration,
    home.RecentEditsPanel: RecentEdits,
    home.LockedPagesPanel: LockedPages,
}
