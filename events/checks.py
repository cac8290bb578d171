"""What a project forgets when it takes only this app, said before a reader meets it."""

from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError
from django.urls import NoReverseMatch, reverse

from districts.models import Term
from events.models import CalendarPage


@register(Tags.urls)
def addresses_are_included(app_configs, **kwargs):
    """E001: pages of the calendar link to addresses that the project has not."""
    try:
        reverse("calendar_feed")
    except NoReverseMatch:
        return [
            Error(
                "The calendar's own addresses are missing.",
                hint='Put path("", include("events.urls")) before Wagtail\'s own addresses.',
                id="events.E001",
            )
        ]
    return []


@register(Tags.database)
def kinds_are_known(app_configs, databases=None, **kwargs):
    """W001: there is a calendar, and no kind of session that anybody could choose."""
    try:
        if not databases or not CalendarPage.objects.exists():
            return []
        kinds = Term.objects.filter(vocabulary__code="event_type", vocabulary__is_current=True)
        if kinds.exists():
            return []
    except DatabaseError:
        # Not migrated yet.
        return []
    return [
        Warning(
            "The vocabulary event_type is empty, so no session can be proposed.",
            hint="Load it with districts.services.vocabularies.load_vocabulary().",
            id="events.W001",
        )
    ]
