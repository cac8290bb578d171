from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    """The composition itself: commands, template tags and admin screens over all apps."""

    name = "website"
    label = "website"
    verbose_name = _("Lindungi")

    def ready(self):
        from website import clock, front_cache  # noqa: F401
        from website.requests import sessions, table  # noqa: F401
