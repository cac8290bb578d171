"""Public holidays of Indonesia and Ramadan, by day; nothing here asks the database.

The holidays are those of PyPI `holidays` with the days off that the government adds (cuti bersama).
Ramadan is taken as the thirty days before Idul Fitri; the moon decides, so it is said to be near.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import get_language

_EID = "Hari Raya Idul Fitri"
_FAST = timedelta(days=30)


def holiday_on(day: date) -> str:
    """The name of the holiday, in the language being read; "" on any other day."""
    language = "id" if (get_language() or "id").startswith("id") else "en_US"
    return _year(day.year, language).get(day, "")


def in_ramadan(day: date) -> bool:
    """Whether the day is within the thirty days before an Idul Fitri."""
    return any(eid - _FAST <= day < eid for year in (day.year, day.year + 1) for eid in _eids(year))


@lru_cache(maxsize=64)
def _year(year: int, language: str) -> dict[date, str]:
    return dict(
        holidays.country_holidays(
            "ID", years=year, language=language, categories=("public", "government")
        )
    )


@lru_cache(maxsize=32)
def _eids(year: int) -> tuple[date, ...]:
    """The first day of each Idul Fitri of a year; there are two in 2033."""
    return tuple(
        day
        for day, names in _year(year, "id").items()
        if any(name.startswith(_EID) for name in names.split("; "))
    )
