"""Day and hours of a date as people say them, in the event's own zone."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import Event, Occurrence


@dataclass(frozen=True)
class Moment:
    """`day` is "Selasa, 25 November 2025", `hours` "09.00–10.30 WIB"."""

    day: str
    hours: str


def moment_of(event: Event, row: Occurrence) -> Moment:
    zone = ZoneInfo(event.timezone)
    start, end = row.start.astimezone(zone), row.end.astimezone(zone)
    suffix = event.zone_suffix
    if row.day == row.last_day:
        day = date_format(start, "l, j F Y")
        hours = f"{start:%H.%M}–{end:%H.%M} {suffix}"
    else:
        day = _("%(first)s to %(last)s") % {
            "first": date_format(start, "l, j F Y"),
            "last": date_format(row.last_day, "l, j F Y"),
        }
        hours = _("from %(start)s") % {"start": f"{start:%H.%M} {suffix}"}
    return Moment(day, hours)


def public_path(event: Event, row: Occurrence) -> str:
    """The public page of one date, on the event's own host."""
    return f"/kalender/{event.slug}/{row.day:%Y-%m-%d}/"


def public_address(event: Event, row: Occurrence) -> str:
    return f"{event.district.site.root_url}{public_path(event, row)}"
