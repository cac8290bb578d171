from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from districts.admin_gate.addresses import allow
from website.guide.views import editor_guide

allow("editor_guide")


@hooks.register("register_admin_urls")
def guide_address():
    return [path("panduan/", editor_guide, name="editor_guide")]


@hooks.register("register_admin_menu_item")
def guide_menu_item():
    return MenuItem(
        _("Editor's guide"), reverse("editor_guide"), icon_name="help", name="guide", order=9000
    )
