"""Where the channel screens stand in the admin."""

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

import districts.panels  # noqa: F401
from districts.admin_gate.addresses import allow
from districts.channel_reach import changes_within_reach, channels_within_reach
from districts.scoping import district_for_request
from districts.services.second_person import standing
from districts.viewsets.channel_screens import (
    ActOnChannel,
    ChannelDetail,
    ChannelList,
    DecideChange,
    HideChannel,
    ProposeChannel,
    WaitingList,
)

urlpatterns = [
    path("", ChannelList.as_view(), name="index"),
    path("tambah/", ProposeChannel.as_view(), name="add"),
    path("menunggu/", WaitingList.as_view(), name="waiting"),
    path("menunggu/<int:pk>/", DecideChange.as_view(), name="change"),
    path("<int:pk>/", ChannelDetail.as_view(), name="detail"),
    path("<int:pk>/ubah/", ProposeChannel.as_view(), name="edit"),
    path("<int:pk>/sembunyikan/", HideChannel.as_view(), name="hide"),
    path("<int:pk>/tampilkan/", ActOnChannel.as_view(act="show"), name="show"),
    path("<int:pk>/diperiksa/", ActOnChannel.as_view(act="verify"), name="verify"),
]


def _channel_within_reach(request: HttpRequest, scope, kwargs: dict) -> bool:
    return channels_within_reach(request).filter(pk=kwargs["pk"]).exists()


def _change_within_reach(request: HttpRequest, scope, kwargs: dict) -> bool:
    return changes_within_reach(request).filter(pk=kwargs["pk"]).exists()


for _name in ("index", "add", "waiting"):
    allow(f"channels:{_name}")
for _name in ("detail", "edit", "hide", "show", "verify"):
    allow(f"channels:{_name}", _channel_within_reach)
allow("channels:change", _change_within_reach)


class ChannelsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        office = district_for_request(request)
        return office is not None and bool(standing(request.user, office))


@hooks.register("register_admin_urls")
def channel_addresses():
    return [path("saluran/", include((urlpatterns, "channels"), namespace="channels"))]


@hooks.register("register_admin_menu_item")
def channels_in_the_menu() -> MenuItem:
    return ChannelsMenuItem(
        _("Help channels"),
        reverse("channels:index"),
        name="help-channels",
        icon_name="help",
        order=250,
    )
