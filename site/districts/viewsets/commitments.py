"""Where the commitment screens stand in the admin."""

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from districts.admin_gate.addresses import allow
from districts.admin_gate.scope import as_id
from districts.models import Commitment
from districts.scoping import district_for_request
from districts.services.commitments import keeps_commitments
from districts.viewsets.commitment_screens import (
    AddCommitment,
    CommitmentDetail,
    CommitmentList,
    EditCommitment,
    ImportPlan,
    ShowCommitment,
    TakeStep,
)
from districts.viewsets.screens import RecordPolicy

register_permission_policy(Commitment, RecordPolicy(Commitment))

urlpatterns = [
    path("", CommitmentList.as_view(), name="index"),
    path("tambah/", AddCommitment.as_view(), name="add"),
    path("impor/", ImportPlan.as_view(), name="import"),
    path("<int:pk>/", CommitmentDetail.as_view(), name="detail"),
    path("<int:pk>/ubah/", EditCommitment.as_view(), name="edit"),
    path("<int:pk>/langkah/", TakeStep.as_view(), name="step"),
    path("<int:pk>/tampil/", ShowCommitment.as_view(), name="show"),
]


def _keeps(request: HttpRequest) -> bool:
    return keeps_commitments(request.user, district_for_request(request))


def _office(request: HttpRequest, scope, kwargs: dict) -> bool:
    return _keeps(request)


def _commitment(request: HttpRequest, scope, kwargs: dict) -> bool:
    number = as_id(kwargs["pk"])
    own = Commitment.objects.for_district(district_for_request(request))
    return number is not None and _keeps(request) and own.filter(pk=number).exists()


for _name in ("index", "add", "import"):
    allow(f"commitments:{_name}", _office)
for _name in ("detail", "edit", "step", "show"):
    allow(f"commitments:{_name}", _commitment)


class CommitmentsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return _keeps(request)


@hooks.register("register_admin_urls")
def commitment_addresses():
    return [path("komitmen/", include((urlpatterns, "commitments"), namespace="commitments"))]


@hooks.register("register_admin_menu_item")
def commitments_in_the_menu() -> MenuItem:
    return CommitmentsMenuItem(
        _("Commitments"),
        reverse("commitments:index"),
        name="commitments",
        icon_name="tasks",
        order=260,
    )
