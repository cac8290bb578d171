"""Sessions of the calendar that come next, as search finds them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from districts.addresses import language_prefix
from events.calendar import next_sessions
from events.listing import Told, row_of
from events.month_grid import day_in_words
from safeguards import generation
from website.search.house_sources import ABOUT, ASIDE, LABEL
from website.search.sources import Reader, Record, Source, register

AHEAD = timedelta(days=92)


def sessions(reader: Reader) -> list[Record]:
    """The next date of each public session; remembered for a minute."""
    key = ("search sessions", reader.district.pk, reader.language)
    return generation.remembered(key, lambda: _records(reader))


def _records(reader: Reader) -> list[Record]:
    prefix = language_prefix(reader.language)
    today = reader.now.astimezone(ZoneInfo(reader.district.timezone)).date()
    found = []
    for row in next_sessions(reader.district, reader.now, today, today + AHEAD):
        told = Told(*row)
        shown = row_of(
            told, district_id=reader.district.pk, base=f"{prefix}/kalender/", prefix=prefix
        )
        found.append(
            Record.of(
                {"row": shown, "day": day_in_words(told.day)},
                order=(told.start,),
                language=reader.language,
                texts=[(shown.title, LABEL), (shown.kind, ABOUT), (shown.place, ASIDE)],
            )
        )
    return found


register(
    Source(
        name="kegiatan",
        heading=_("Sessions in the calendar"),
        position=50,
        records=sessions,
        template="website/search/sessions.html",
    )
)
