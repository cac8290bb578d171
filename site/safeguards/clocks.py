"""What the clock of a device says, as a moment that has a date in every time zone."""

from datetime import UTC, datetime, timedelta

# Where a calendar begins and ends, one zone has a date and the next has none.
_EDGE = timedelta(days=2)
FIRST = datetime.min.replace(tzinfo=UTC) + _EDGE
LAST = datetime.max.replace(tzinfo=UTC) - _EDGE


def told_moment(client_time: datetime | None) -> datetime | None:
    """The moment in UTC, which a clock that tells no zone means; None for one that told nothing,
    or nothing that every calendar has."""
    if client_time is None:
        return None
    told = client_time if client_time.tzinfo else client_time.replace(tzinfo=UTC)
    try:
        told = told.astimezone(UTC)
    except OverflowError:
        return None
    return told if FIRST <= told <= LAST else None
