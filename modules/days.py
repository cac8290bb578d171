"""Which day it is where a module is read or taught: the office's own, whatever the server says."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from districts.hours import day_ends, local_date
from districts.models import District


def day_at(office: District | None, now: datetime | None = None) -> date:
    """Today in the office's zone; in the server's where a site has no office."""
    if office is None:
        return timezone.localdate(now)
    return local_date(now or timezone.now(), office.timezone)


def ends_after(day: date | None, office: District | None) -> datetime | None:
    """The first moment after this day at the office; None for no day."""
    if day is None:
        return None
    if office is None:
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return day_ends(day, office.timezone)
