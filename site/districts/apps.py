from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "districts"
    label = "districts"
    verbose_name = _("Districts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from districts import checks, personal_data, renaming, signals, unsent_desk  # noqa: F401
        from districts.admin_gate import mails  # noqa: F401
        from districts.content_languages import tell_django
        from districts.paper import stock  # noqa: F401

        tell_django()
