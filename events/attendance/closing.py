"""Until when attendance of a date may be told and corrected, and what has to be looked at."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.attendance import order
from events.models import EventState, Occurrence
from events.services.planning import settings_of

# Doors open an hour before; whoever excuses themselves does so days before.
BEFORE_AT_MOST = timedelta(days=1)


def closes_on(occurrence: Occurrence) -> date:
    """The last day on which attendance of this date may be changed; one query.

    It may lie before the date itself, where the office has closed its books until later.
    """
    settings = settings_of(occurrence.event.district)
    if settings.closed_until is not None and occurrence.last_day <= settings.closed_until:
        return occurrence.last_day - timedelta(days=1)
    return occurrence.last_day + timedelta(days=settings.corrects_days)


def is_closed(occurrence: Occurrence, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(occurrence.event.timezone)).date()
    # Nothing is closed before a date is over, and that needs no query.
    return today > occurrence.last_day and today > closes_on(occurrence)


def is_early(occurrence: Occurrence, moment: datetime) -> bool:
    """Whether nobody can have come yet."""
    return moment < occurrence.start - BEFORE_AT_MOST


def doubt(occurrence: Occurrence, told: order.Telling, now: datetime, *, came: bool) -> str:
    """Why a person has to look before this is recorded; "" for nothing. `came`: it says so."""
    if occurrence.is_cancelled or occurrence.event.state == EventState.CANCELLED:
        return _("This session was cancelled. Was it held after all?")
    if order.is_far_ahead(told, now):
        return _("The clock of the device is more than a day ahead.")
    if came and is_early(occurrence, told.at):
        return _("By the clock of the device this was a day or more before the session.")
    if is_closed(occurrence, now):
        return _("The attendance of this session is closed already.")
    return ""
