"""What this app's admin screens share: few addresses, and permission by membership."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BasePermissionPolicy, ModelPermissionPolicy

from districts.admin_gate.scope import scope_of
from districts.models import District


class NationalPolicy(BasePermissionPolicy):
    """Shared reference data: everybody in the admin reads it, the national office writes it.

    Nobody deletes: what is stored may be pointed at. It ends by a date or a status.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not user.is_authenticated or not user.is_active or action == "delete":
            return False
        if action == "view":
            return user.has_perm("wagtailadmin.access_admin")
        return user.is_superuser

    def users_with_any_permission(self, actions: Any) -> QuerySet:
        from django.contrib.auth import get_user_model

        return get_user_model().objects.filter(is_superuser=True, is_active=True)


class NationalOnlyPolicy(NationalPolicy):
    """What only the national office may see."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return super().user_has_permission(user, "change") and action != "delete"


class RecordPolicy(ModelPermissionPolicy):
    """Records of a district: what the groups grant, and nobody deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class PlainViewSet(ModelViewSet):
    """A list, a form for a new one and a form for a change; `screens` names the addresses.

    No copies, deletions, usage counts (they reach over districts) or reordering.
    """

    screens = ("index", "index_results", "add", "edit")
    add_to_reference_index = False
    copy_view_enabled = False
    add_to_admin_menu = False

    def get_common_view_kwargs(self, **kwargs):
        names = super().get_common_view_kwargs(**kwargs)
        for screen in ("add", "edit", "history", "usage", "delete"):
            if screen not in self.screens:
                names[f"{screen}_url_name"] = None
        return names

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.screens]

    def get_permissions_to_register(self):
        # Groups follow memberships; no screen edits them.
        from django.contrib.auth.models import Permission

        return Permission.objects.none()


class ScopedIndexView(generic.IndexView):
    """The records of the districts the reader works for."""

    def get_base_queryset(self):
        return scope_of(self.request).records(super().get_base_queryset())


class ScopedEditView(generic.EditView):
    """A record of another district is not found, like one that does not exist."""

    def get_queryset(self):
        return scope_of(self.request).records(super().get_queryset())


class ScopedCreateView(generic.CreateView):
    """A new record belongs to the office on whose host the writer is signed in."""

    def district(self) -> District:
        district = getattr(self.request, "district", None)
        scope = scope_of(self.request)
        if district is not None and scope.works_for(district):
            return district
        if len(scope.districts) == 1:
            return scope.districts[0]
        raise Http404

    def get_initial_form_instance(self):
        return self.model(district=self.district())
