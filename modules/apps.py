from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModulesConfig(AppConfig):
    name = "modules"
    label = "modules"
    verbose_name = _("Learning modules")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from modules import (  # noqa: F401
            class_sync,
            personal_data,
            review_mail,
            signals,
            workspace,
        )
        from modules.services import reviewing, upkeep  # noqa: F401
