"""The days that a rule of RFC 5545 section 3.3.10 gives, period by period until a last day.

A search that is bounded by days, not by matches: `dateutil` looks for 30 February until the year
9999. A test compares the two.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Rule:
    """A rule as numbers; `weekdays` are (place in the period or 0, weekday from 0 for Monday)."""

    frequency: str
    interval: int
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    places: tuple[int, ...]
    week_start: int

    @classmethod
    def of(cls, parts: dict[str, str]) -> "Rule":
        """From the parts of a checked rule."""

        def numbers(name: str) -> tuple[int, ...]:
            return tuple(int(number) for number in parts.get(name, "").split(",") if number)

        days = [day for day in parts.get("BYDAY", "").split(",") if day]
        return cls(
            frequency=parts["FREQ"],
            interval=int(parts.get("INTERVAL", 1)),
            months=numbers("BYMONTH"),
            month_days=numbers("BYMONTHDAY"),
            weekdays=tuple((int(day[:-2] or 0), WEEKDAYS.index(day[-2:])) for day in days),
            places=numbers("BYSETPOS"),
            week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        )


def days_of(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Every day of the rule from `first` to `last`, in order."""
    periods = {"DAILY": _days, "WEEKLY": _weeks, "MONTHLY": _months, "YEARLY": _years}
    for found in periods[rule.frequency](rule, first, last):
        for day in _placed(sorted(set(found)), rule.places):
            if first <= day <= last:
                yield day


def _placed(days: list[date], places: tuple[int, ...]) -> list[date]:
    if not places:
        return days
    size = len(days)
    wanted = {place - 1 if place > 0 else size + place for place in places}
    return [days[place] for place in sorted(wanted) if 0 <= place < size]


def _days(rule: Rule, first: date, last: date) -> Iterator[Iterable[date]]:
    for number in range(0, (last - first).days + 1, rule.interval):
        yield _limited(rule, [first + timedelta(days=number)])


def _weeks(rule: Rule, first: date, last: date) -> Iterator[Iterable[date]]:
    back = (first.weekday() - rule.week_start) % 7
    wanted = {day for _place, day in rule.weekdays} or {first.weekday()}
    for number in range(-back, (last - first).days + 1, 7 * rule.interval):
        week = [first + timedelta(days=number + day) for day in range(7)]
        yield [
            day
            for day in week
            if day.weekday() in wanted and (not rule.months or day.month in rule.months)
        ]


def _months(rule: Rule, first: date, last: date) -> Iterator[Iterable[date]]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    for number in range(begin, end + 1, rule.interval):
        year, month = divmod(number, 12)
        if not rule.months or month + 1 in rule.months:
            yield _in_month(rule, _month(year, month + 1), first)


def _years(rule: Rule, first: date, last: date) -> Iterator[Iterable[date]]:
    for year in range(first.year, last.year + 1, rule.interval):
        if rule.weekdays and not rule.months and not rule.month_days:
            whole = [day for month in range(1, 13) for day in _month(year, month)]
            yield _on_weekdays(rule, whole)
            continue
        months = rule.months or (range(1, 13) if rule.month_days else (first.month,))
        yield [day for month in months for day in _in_month(rule, _month(year, month), first)]


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day + 1) for day in range(monthrange(year, month)[1])]


def _in_month(rule: Rule, month: list[date], first: date) -> list[date]:
    if not rule.month_days and not rule.weekdays:
        return [day for day in month if day.day == first.day]
    found = month
    if rule.month_days:
        found = [day for day in month if _is_month_day(day, rule.month_days)]
    if rule.weekdays:
        fits = set(_on_weekdays(rule, month))
        found = [day for day in found if day in fits]
    return found


def _on_weekdays(rule: Rule, period: list[date]) -> list[date]:
    """Days of a period (a month, or a year) that BYDAY names, such as TH, 2TH or -1TH."""
    found: list[date] = []
    for place, weekday in rule.weekdays:
        days = [day for day in period if day.weekday() == weekday]
        found += _placed(days, (place,)) if place else days
    return found


def _limited(rule: Rule, days: list[date]) -> list[date]:
    wanted = {day for _place, day in rule.weekdays}
    return [
        day
        for day in days
        if (not rule.months or day.month in rule.months)
        and (not wanted or day.weekday() in wanted)
        and (not rule.month_days or _is_month_day(day, rule.month_days))
    ]


def _is_month_day(day: date, wanted: tuple[int, ...]) -> bool:
    size = monthrange(day.year, day.month)[1]
    return day.day in wanted or day.day - size - 1 in wanted
