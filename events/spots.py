"""Where a session is, as links to a map; nothing is asked of anybody before one is followed."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from events.models import Event, Occurrence

OSM = "https://www.openstreetmap.org/"


@dataclass(frozen=True)
class Spot:
    """A point on a map: as text, for a map on the device, for a map in the browser."""

    text: str
    geo: str
    osm: str


def is_elsewhere(event: Event, date: Occurrence) -> bool:
    """Whether this date is not where the session usually is."""
    return date.is_changed and date.venue not in ("", event.venue)


def spot_of(event: Event, dates: Iterable[Occurrence] = ()) -> Spot | None:
    """Where it is; None where nobody said so or nobody must know, and where `dates` are not."""
    if event.guarded or event.is_home or event.latitude is None or event.longitude is None:
        return None
    if any(is_elsewhere(event, date) for date in dates):
        return None
    at = f"{event.latitude},{event.longitude}"
    return Spot(
        text=f"{event.latitude}, {event.longitude}",
        geo=f"geo:{at}",
        osm=f"{OSM}?{urlencode({'mlat': event.latitude, 'mlon': event.longitude})}"
        f"#map=17/{event.latitude}/{event.longitude}",
    )
