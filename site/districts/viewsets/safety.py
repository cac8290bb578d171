"""Where the quick exit leads: the district's administrator sets it, on Wagtail's own screen."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.contrib.settings.registry import SettingMenuItem

from districts.admin_gate.addresses import allow
from districts.admin_gate.rules import site_setting
from safeguards.models import SafetySettings

allow("wagtailsettings:edit", site_setting(SafetySettings))


class SafetyMenuItem(SettingMenuItem):
    """For who does not see Wagtail's menu of settings, where the national office finds it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return not request.user.is_superuser and super().is_shown(request)


@hooks.register("register_admin_menu_item")
def safety_menu_item():
    return SafetyMenuItem(SafetySettings, icon="logout", order=330)
