"""Links by which a reader takes a session into a calendar of their own, and finds the place.

Nothing is asked of anybody before the reader follows a link.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import urlencode

from events.models import Event, Occurrence
from events.words import Wording

STAMP = "%Y%m%dT%H%M%SZ"
GOOGLE = "https://calendar.google.com/calendar/render"
OSM = "https://www.openstreetmap.org/"
# What others take of a text in an address.
LONGEST_TEXT = 500


@dataclass(frozen=True)
class Calendars:
    """`ics` and `webcal` are the whole series; `google` is "" where the session is guarded."""

    ics: str
    webcal: str
    google: str


@dataclass(frozen=True)
class Spot:
    """A point on a map: as text, for a map on the device, for a map in the browser."""

    text: str
    geo: str
    osm: str


def calendars_of(
    event: Event, words: Wording, *, home: str, url: str, date: Occurrence | None = None
) -> Calendars:
    """For the series, or for one of its dates. `home` is the host's address, `url` the page's."""
    ics = f"/kalender/{event.slug}.ics"
    return Calendars(
        ics=ics,
        webcal=f"webcal://{home.partition('://')[2]}{ics}",
        google="" if event.guarded else _google(event, words, url, date),
    )


def _google(event: Event, words: Wording, url: str, date: Occurrence | None) -> str:
    start = date.start if date else event.starts_at
    end = date.end if date else start + timedelta(minutes=event.minutes)
    title = date.title if date and date.title else words.title
    place = date.venue if date and date.venue else words.place
    asked = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{start.astimezone(UTC):{STAMP}}/{end.astimezone(UTC):{STAMP}}",
        "ctz": event.timezone,
        "location": place,
        "details": f"{words.summary[:LONGEST_TEXT]}\n\n{url}".strip(),
    }
    if event.rrule and date is None:
        asked["recur"] = f"RRULE:{event.rrule}"
    return f"{GOOGLE}?{urlencode(asked)}"


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
