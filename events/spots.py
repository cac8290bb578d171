"""Where a session is, as links to a map; nothing is asked of anybody before one is followed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from events.models import Event

OSM = "https://www.openstreetmap.org/"


@dataclass(frozen=True)
class Spot:
    """A point on a map: as text, for a map on the device, for a map in the browser."""

    text: str
    geo: str
    osm: str


def spot_of(event: Event) -> Spot | None:
    """Where it is; None where nobody said so or nobody must know."""
    if event.guarded or event.is_home or event.latitude is None or event.longitude is None:
        return None
    at = f"{event.latitude},{event.longitude}"
    return Spot(
        text=f"{event.latitude}, {event.longitude}",
        geo=f"geo:{at}",
        osm=f"{OSM}?{urlencode({'mlat': event.latitude, 'mlon': event.longitude})}"
        f"#map=17/{event.latitude}/{event.longitude}",
    )
