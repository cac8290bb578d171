"""Days of the demo, said as people say them: "Thursday of the second week, five months ago"."""

from calendar import monthcalendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from events.national_days import holiday_on
from events.recurrence import written

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
SUNDAY = WEEKDAYS.index("minggu")
# repeat → frequency of `written`, months or days between two dates
REPEATS = {
    "months": ("hari", 1),
    "quarters": ("hari", 3),
    "weeks": ("mingguan", 1),
    "days": ("harian", 1),
}


def day_of(when: dict[str, Any], *, today: date, holidays: Sequence[str]) -> date:
    """The day that `when` means today; `data/events.yaml` says how it is written."""
    if "date" in when:
        return when["date"]
    if "days" in when:
        return no_sunday(today + timedelta(days=when["days"]))
    if "weeks" in when:
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(weeks=when["weeks"], days=WEEKDAYS.index(when["day"]))
        while holiday_on(day):
            day += timedelta(weeks=1)
        return day
    if "month" in when:
        return _weekday_of_month(when, today)
    if "yearly" in when:
        return min(_every_year(when["yearly"], today), key=lambda day: abs(day - today))
    coming = sorted(day for one in holidays for day in _every_year(one, today) if day > today)
    return coming[when["holiday"] - 1]


def no_sunday(day: date) -> date:
    """The Monday after a Sunday: no class meets then, whenever the demo is set up."""
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day


def rule_of(repeat: dict[str, int] | None, first: date) -> str:
    """`{months: 12}` as a rule of RFC 5545 that begins on this day; "" for a single date."""
    if not repeat:
        return ""
    [(unit, count)] = repeat.items()
    frequency, interval = REPEATS[unit]
    return written(frequency, first, count=count, until=None, interval=interval)


def _weekday_of_month(when: dict[str, Any], today: date) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 + when["month"], 12)
    column = WEEKDAYS.index(when["day"])
    days = [week[column] for week in monthcalendar(years, month + 1) if week[column]]
    return date(years, month + 1, days[min(when["week"], len(days)) - 1])


def _every_year(month_and_day: str, today: date) -> list[date]:
    month, day = map(int, month_and_day.split("-"))
    return [date(today.year + years, month, day) for years in (-1, 0, 1)]
