from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    verbose_name = _("Calendar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from events import (  # noqa: F401
            checks,
            personal_data,
            reminder_mail,
            report_sync,
            unsent,
            workspace,
        )
        from events.services import rewriting, syncing  # noqa: F401
