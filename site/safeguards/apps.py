from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SafeguardsConfig(AppConfig):
    name = "safeguards"
    label = "safeguards"
    verbose_name = _("Safeguards")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from safeguards import checks, personal_data  # noqa: F401
