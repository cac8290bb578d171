"""How a series repeats, in words: "Setiap bulan pada Kamis kedua, 12 kali"."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.month_grid import day_in_words

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_in_words(rule: str, *, tz: str) -> str:
    """One sentence for a rule of RFC 5545 as `events.recurrence` writes it; "" for no rule.

    What no short sentence can say is "It repeats"; the dates stand beside it anyway.
    """
    if not rule:
        return ""
    parts = dict(piece.split("=", 1) for piece in rule.split(";"))
    said = _often(parts) if _is_plain(parts) else _("It repeats on the dates below")
    return capfirst(", ".join(filter(None, [said, _how_long(parts, tz)])))


def _is_plain(parts: dict[str, str]) -> bool:
    allowed = {
        "DAILY": set(),
        "WEEKLY": {"BYDAY"},
        "MONTHLY": {"BYDAY", "BYMONTHDAY"},
        "YEARLY": set(),
    }[parts["FREQ"]]
    used = {name for name in parts if name.startswith("BY")}
    if parts["FREQ"] == "MONTHLY" and len(used) > 1:
        return False
    if parts["FREQ"] == "MONTHLY" and "BYDAY" in parts:
        return all(day[0] in "-123456789" for day in parts["BYDAY"].split(","))
    return used <= allowed


def _often(parts: dict[str, str]) -> str:
    number = int(parts.get("INTERVAL", 1))
    # No plural forms: Indonesian has one for both, and "every 1 days" is nobody's sentence.
    once, many = {
        "DAILY": (_("every day"), _("every %(number)s days")),
        "WEEKLY": (_("every week"), _("every %(number)s weeks")),
        "MONTHLY": (_("every month"), _("every %(number)s months")),
        "YEARLY": (_("every year"), _("every %(number)s years")),
    }[parts["FREQ"]]
    every = once if number == 1 else many % {"number": number}
    on = ""
    if "BYDAY" in parts:
        on = _joined([_weekday(day) for day in parts["BYDAY"].split(",")])
    elif "BYMONTHDAY" in parts:
        on = _joined([_month_day(int(day)) for day in parts["BYMONTHDAY"].split(",")])
    return _("%(every)s on %(days)s") % {"every": every, "days": on} if on else every


def _weekday(text: str) -> str:
    """ "TH" is Thursday, "2TH" the second Thursday, "-1TH" the last one."""
    day = str(WEEKDAYS[CODES.index(text[-2:])])
    order = {
        "1": _("the first %(day)s"),
        "2": _("the second %(day)s"),
        "3": _("the third %(day)s"),
        "4": _("the fourth %(day)s"),
        "5": _("the fifth %(day)s"),
        "-1": _("the last %(day)s"),
        "-2": _("the last %(day)s but one"),
        "-3": _("the last %(day)s but two"),
    }.get(text[:-2], "%(day)s")
    return order % {"day": day}


def _month_day(number: int) -> str:
    if number == -1:
        return _("the last day of the month")
    if number < 0:
        return _("the %(number)s. day before the end of the month") % {"number": -number}
    return pgettext("day of a month", "day %(number)s") % {"number": number}


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def _how_long(parts: dict[str, str], tz: str) -> str:
    if "COUNT" in parts:
        number = int(parts["COUNT"])
        return _("once") if number == 1 else _("%(number)s times") % {"number": number}
    if "UNTIL" in parts:
        return _("until %(day)s") % {"day": day_in_words(_last_day(parts["UNTIL"], tz))}
    return ""


def _last_day(text: str, tz: str) -> date:
    moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(tz)).date()
