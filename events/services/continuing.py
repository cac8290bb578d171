"""What a change of a whole series means for the dates of it that are still to come."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.models import Event
from events.recurrence import BadRule, count_of, counted, expand


def the_rest(
    event: Event, values: dict[str, Any], *, starts: list[datetime], at: datetime, now: datetime
) -> dict[str, Any]:
    """`values` of the whole series, as values of what goes on from the date `at`.

    `starts` are all starts of the series until now. A form shows the first of them and the whole
    COUNT: the time of day, the weekday and the rule of it go on, what has passed is taken off. A
    start that is nearer to `at` is meant for that date itself. Raises BadRule.
    """
    old, new = ZoneInfo(event.timezone), ZoneInfo(values.get("timezone", event.timezone))
    typed = values.get("starts_at", event.starts_at)
    first, here = _wall(event.starts_at, old), _wall(at, old)
    wanted = _wall(typed, new)
    passed = sum(start < at for start in starts)
    rule, whole = values["rrule"], count_of(event.rrule)
    rest = _shortened(rule, passed) if whole else rule
    if abs(wanted - here) < abs(wanted - first):
        return values | {"rrule": rest}
    moved = (here + (wanted - first)).replace(tzinfo=new).astimezone(event.starts_at.tzinfo)
    try:
        expand(rest, start=moved, tz=str(new))
    except BadRule:
        # Another way to repeat: the series as it would have been from its first date on.
        after = [
            start
            for start in expand(rule, start=typed, tz=str(new))
            if start > max(now, starts[passed - 1])
        ]
        if not after:
            raise
        rest = counted(rule, len(after)) if count_of(rule) else rule
        moved = after[0]
    return values | {"starts_at": moved, "rrule": rest}


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _shortened(rule: str, passed: int) -> str:
    count = count_of(rule)
    if count is None:
        return rule
    if count <= passed:
        raise BadRule(_("So many dates are behind you already. Give a larger number."))
    return counted(rule, count - passed)
