from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "website.search"
    label = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from safeguards.ticks import register_tick
        from website.search import (  # noqa: F401
            house_sources,
            indexing,
            session_source,
            signals,
        )

        register_tick("website.search.bring_up_to_date", indexing.bring_up_to_date)
