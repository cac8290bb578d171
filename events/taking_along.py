"""Links by which a reader takes a session into a calendar of their own.

Nothing is asked of anybody before the reader follows a link.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from urllib.parse import urlencode

from events.models import Event, EventState, Occurrence
from events.words import Wording

STAMP = "%Y%m%dT%H%M%SZ"
GOOGLE = "https://calendar.google.com/calendar/render"
# What others take of a text in an address.
LONGEST_TEXT = 500


@dataclass(frozen=True)
class Calendars:
    """`ics` and `webcal` are the whole series, and say too what is off.

    `google` is "" where the session is guarded, and for what does not take place.
    """

    ics: str
    webcal: str
    google: str


def calendars_of(
    event: Event, words: Wording, *, home: str, url: str, date: Occurrence | None = None
) -> Calendars:
    """For the series, or for one of its dates. `home` is the host's address, `url` the page's."""
    is_off = event.state == EventState.CANCELLED or (date is not None and date.is_cancelled)
    ics = f"/kalender/{event.slug}.ics"
    return Calendars(
        ics=ics,
        webcal=f"webcal://{home.partition('://')[2]}{ics}",
        google="" if event.guarded or is_off else _google(event, words, url, date),
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
