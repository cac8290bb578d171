"""Lines of a sheet or a paper list, one by one: what is right is recorded, the rest waits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.attendance.persons import Person
from events.models import Occurrence, Way
from events.services import attending
from events.sheets.judging import Judged, decided, judge
from events.sheets.reading import Line
from safeguards.facts import Outcome


def recorded_lines(
    *,
    occurrence: Occurrence,
    lines: Iterable[Line],
    choices: Mapping[int, str],
    way: str,
    actor: Any,
    now: datetime,
) -> Iterator[tuple[Judged, Outcome | None]]:
    """Each line with what became of it; None for one with faults or of which nobody decided.

    `choices` say by number of the line who is meant where that was asked. A line that means one
    above waits with it. Safe to repeat: the same line is the same fact.
    """
    became: dict[UUID, UUID] = {}
    unrecorded: set[UUID] = set()
    for one in judge(list(lines), occurrence):
        meant = decided(one, choices.get(one.number, "")) if one.is_good else None
        if meant is not None:
            # Who was a row above may have turned out to be somebody known.
            known = became.get(meant.person.key, meant.person.key)
            if known != meant.person.key:
                meant = replace(meant, person=Person(known))
            elif known in unrecorded and not meant.person.is_told:
                meant = None
        outcome = None
        if meant is not None:
            outcome = attending.mark(
                occurrence=occurrence,
                person=meant.person,
                status=meant.status,
                way=way,
                key=meant.fact_key(occurrence),
                now=now,
                source=attending.Source(member=actor),
            )
        if outcome is not None and attending.stands_otherwise(outcome, meant.status):
            reason = _("Something else was recorded of this person. Correct it in the roll call.")
            outcome = Outcome("rejected", 409, reason=reason)
        if outcome is not None and outcome.http in {200, 201}:
            became.setdefault(one.person.key, meant.person.key)
        elif one.person is not None and not one.is_known:
            unrecorded.add(one.person.key)
        yield one, outcome


def enter(
    *,
    occurrence: Occurrence,
    lines: Iterable[Line],
    choices: Mapping[int, str],
    actor: Any,
    now: datetime,
) -> tuple[int, int, list[Judged]]:
    """(how many are recorded, how many of them were already, lines that are not, with their faults
    or who may be meant; these count from one)."""
    recorded, already, left, just = 0, 0, [], set()
    for one, outcome in recorded_lines(
        occurrence=occurrence, lines=lines, choices=choices, way=Way.PAPER, actor=actor, now=now
    ):
        if outcome is not None and outcome.http in {200, 201}:
            recorded += 1
            already += outcome.http == 200
            just.add(outcome.response.get("person"))
            continue
        if outcome is not None:
            one.faults["nama"] = outcome.reason
        left.append(one)
    return recorded, already, _anew(left, occurrence, just)


def _anew(left: list[Judged], occurrence: Occurrence, just: set[str]) -> list[Judged]:
    """What is left, once the lines above that are recorded are gone: `just` recorded people."""
    for number, one in enumerate(left, start=1):
        one.line = Line(number, one.line.cells, one.faults, one.line.repeat)
    asks = any(one.needs_deciding for one in left)
    found = judge([one.line for one in left], occurrence) if asks else []
    for one, before in zip(found, left, strict=False):
        one.proposed = [
            replace(known, label=_("%(name)s, of a row above") % {"name": known.label})
            if str(known.key) in just
            else known
            for known in one.proposed
        ] or before.proposed
    return found or left


def in_words(recorded: int, already: int) -> str:
    """What was recorded, for whoever did it."""
    said = ngettext("%(number)d row is recorded.", "%(number)d rows are recorded.", recorded)
    said %= {"number": recorded}
    if not already:
        return said
    known = ngettext(
        "%(number)d of them is of somebody who was on the list already.",
        "%(number)d of them are of people who were on the list already.",
        already,
    )
    return f"{said} {known % {'number': already}}"
