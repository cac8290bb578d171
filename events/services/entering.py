"""Lines of a paper list as somebody types them: what is right is recorded, the rest stays typed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from events.models import Occurrence, Way
from events.services import attending
from events.sheets.judging import Judged, decided, judge
from events.sheets.reading import Line


def enter(
    *,
    occurrence: Occurrence,
    lines: Iterable[Line],
    choices: Mapping[int, str],
    actor: Any,
    now: datetime,
) -> tuple[int, list[Judged]]:
    """(how many are recorded, lines that are not, with their faults or who may be meant).

    Safe to repeat: the same line is the same fact.
    """
    recorded, left = 0, []
    for one in judge(list(lines), occurrence):
        meant = decided(one, choices.get(one.number, "")) if one.is_good else None
        if meant is None:
            left.append(one)
            continue
        outcome = attending.mark(
            occurrence=occurrence,
            person=meant.person,
            status=meant.status,
            way=Way.PAPER,
            key=meant.fact_key(occurrence),
            now=now,
            source=attending.Source(member=actor),
        )
        if outcome.http in {200, 201}:
            recorded += 1
        else:
            one.faults["nama"] = outcome.reason
            left.append(one)
    return recorded, left
