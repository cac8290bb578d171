"""A month as a table of weeks."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.http import Http404
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, ngettext

from events.national_days import holiday_on

# Months further away lead nowhere, and crawlers would follow them for ever.
EARLIEST, YEARS_AHEAD = 2015, 10


@dataclass(frozen=True)
class Cell:
    """A day of the table; `said` is what its link says aloud."""

    day: date
    number: int
    said: str
    url: str
    is_today: bool
    holiday: str = ""


@dataclass(frozen=True)
class Shown:
    """All that a month's table follows from: `numbers` are (day, how many sessions)."""

    first: date
    numbers: tuple[tuple[date, int], ...]
    today: date

    @property
    def name(self) -> str:
        return month_in_words(self.first)


@dataclass(frozen=True)
class Month:
    """`weeks` hold None for days of other months; `before` and `after` are their first days."""

    first: date
    last: date
    name: str
    url: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[Cell | None]]
    before: date | None
    after: date | None

    @property
    def holidays(self) -> list[Cell]:
        """The national holidays of the month."""
        return [cell for week in self.weeks for cell in week if cell and cell.holiday]


def first_of(year: int, month: int, *, today: date, day: int = 1) -> date:
    """The day, where the calendar has it; raises Http404."""
    if not EARLIEST <= year <= today.year + YEARS_AHEAD:
        raise Http404
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Http404 from error


def last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_of(shown: Shown, *, base: str, query: str = "") -> Month:
    """The table of a month; `base` is the calendar's own address."""
    first, today, numbers = shown.first, shown.today, dict(shown.numbers)
    begins = (get_format("FIRST_DAY_OF_WEEK") - 1) % 7
    weeks = Weeks(begins).monthdatescalendar(first.year, first.month)
    tail = f"?{query}" if query else ""
    order = [(begins + n) % 7 for n in range(7)]
    earlier, later = first - timedelta(days=1), last_of(first) + timedelta(days=1)
    return Month(
        first=first,
        last=last_of(first),
        name=shown.name,
        url=month_url(base, first),
        weekdays=[(str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in order],
        weeks=[
            [
                _cell(day, numbers.get(day, 0), today, base, tail)
                if day.month == first.month
                else None
                for day in week
            ]
            for week in weeks
        ],
        before=earlier.replace(day=1) if earlier.year >= EARLIEST else None,
        after=later if later.year <= today.year + YEARS_AHEAD else None,
    )


def _cell(day: date, number: int, today: date, base: str, tail: str) -> Cell:
    said = number_in_words(number) if number else ""
    url = day_url(base, day) + tail if number else ""
    return Cell(day, number, said, url, day == today, holiday_on(day))


def month_url(base: str, first: date) -> str:
    return f"{base}{first:%Y/%m}/"


def day_url(base: str, day: date) -> str:
    return f"{base}{day:%Y/%m/%d}/"


def number_in_words(number: int) -> str:
    """ "3 sessions"."""
    return _number_in_words(number, get_language())


@lru_cache(maxsize=1_024)
def _number_in_words(number: int, _language: str | None) -> str:
    return ngettext("%(number)s session", "%(number)s sessions", number) % {"number": number}


def month_in_words(first: date) -> str:
    """ "November 2026"."""
    return date_format(first, "F Y")


def day_in_words(day: date) -> str:
    """ "Kamis, 26 November 2026"."""
    return _day_in_words(day, get_language())


@lru_cache(maxsize=4_096)
def _day_in_words(day: date, _language: str | None) -> str:
    return date_format(day, "l, j F Y")


def midnight_after(now: datetime) -> datetime:
    """The first moment of the next day in the zone of `now`."""
    return datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
