"""Which sheets of a survey may be told, where somebody has read others before.

All parts of a course tell one survey, and each of them shows it when it has ended, and again when
it was opened once more and has ended then. Here these looks are gone through in their order: a
question is told of other sheets than before only where at least five answers make the difference to
whatever could be read of it. What is fewer waits.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from modules.figures import SMALL
from modules.late import ended_at, ends_before
from modules.models import ClassRun, SurveyAnswer
from modules.models.answers import Phase
from modules.services.runs import is_running

# Sheets and pairs of them, (before, after), by their keys.
Sheets = frozenset[int]
Pair = tuple[int, int]
# (phase, item) of a question.
Asked = tuple[str, UUID]
NEVER = datetime.max.replace(tzinfo=UTC)
# So many pairs are left out at most: where more would have to be, these are no pairs.
MOST_LEFT_OUT = 40


@dataclass
class Told:
    """What may be told: the sheets of each (phase, item), or nothing of it where it is missing.

    `paired`: these are pairs. `waits`: there are others. `is_empty`: there is no sheet at all.
    """

    sheets: dict[Asked, Sheets] = field(default_factory=dict)
    paired: bool = False
    waits: bool = False
    is_empty: bool = True
    by_key: dict[int, SurveyAnswer] = field(default_factory=dict)

    def answers(self, phase: str, item: UUID) -> list[dict[str, Any]]:
        return [self.by_key[key].answers for key in self.sheets.get((phase, item), ())]


def sheets_of(run: ClassRun) -> list[SurveyAnswer]:
    """The sheets of the whole course, each with what tells when it could be read; one query."""
    rows = SurveyAnswer.objects.filter(series=run.series, run__district=run.district_id)
    ends = [f"run__{name}" for name in ("state", "closes_at", "closed_at", "earlier_ends")]
    own = ("run", "phase", "pair_code", "answers", "sitting")
    return list(rows.select_related("run").only(*own, *ends))


def told_of(
    run: ClassRun, sheets: Iterable[SurveyAnswer], items: Iterable[UUID], *, now: datetime | None
) -> Told:
    """What the results of `run` may tell. `now`: what others of the course are just being told
    stays out."""
    asked = [(str(phase), item) for phase in Phase for item in items]
    found, there, read = Told(), _There(), _Read()
    settled: set[Pair] = set()
    paired: set[Pair] = set()
    for look in _looks(run, sheets, now):
        there.add(look)
        pairs = _pairs(there.sheets)
        for some in (asked, there.without_rare(asked)):
            if some and (chosen := _paired(pairs, paired, some, there, read)):
                sides, stays = _sides(chosen), found.sheets if found.paired else {}
                found.sheets = stays | {one: sides[one[0]] for one in some}
                settled = set(pairs) if some == asked else set()
                found.paired, paired = True, set(chosen)
                break
        if found.paired:
            found.waits = settled != set(pairs)
        else:
            totals = {one: there.of_phase[one[0]] for one in asked}
            found.sheets |= {
                one: total for one, total in totals.items() if read.allows(total, one, there)
            }
            found.waits = any(found.sheets.get(one, frozenset()) != totals[one] for one in asked)
        for one, shown in found.sheets.items():
            read.add(shown, one)
    found.by_key = {sheet.pk: sheet for sheet in there.sheets}
    found.is_empty = not there.sheets
    return found


class _There:
    """The sheets up to a look: those of a phase, and those of them that answer a question."""

    def __init__(self) -> None:
        self.sheets: list[SurveyAnswer] = []
        self.of_phase: dict[str, Sheets] = defaultdict(frozenset)
        self.answering: dict[str, Sheets] = defaultdict(frozenset)

    def add(self, look: list[SurveyAnswer]) -> None:
        self.sheets += look
        of_phase, answering = defaultdict(set), defaultdict(set)
        for sheet in look:
            of_phase[sheet.phase].add(sheet.pk)
            for item in sheet.answers:
                answering[item].add(sheet.pk)
        for kept, more in ((self.of_phase, of_phase), (self.answering, answering)):
            for name, keys in more.items():
                kept[name] |= keys

    def without_rare(self, asked: list[Asked]) -> list[Asked]:
        """Without what so few have answered, before or after, that pairs can never tell it."""
        rare = {
            item
            for phase, item in asked
            if 0 < len(self.of_phase[phase] & self.answering[str(item)]) < SMALL
        }
        return [one for one in asked if one[1] not in rare]


class _Read:
    """What could be read of each question; of fewer than five sheets nothing could."""

    def __init__(self) -> None:
        self.sheets: dict[Asked, set[Sheets]] = defaultdict(set)

    def add(self, shown: Sheets, one: Asked) -> None:
        if len(shown) >= SMALL:
            self.sheets[one].add(shown)

    def allows(self, sheets: Sheets, one: Asked, there: _There) -> bool:
        """Whether no difference to what could be read speaks for fewer than five sheets, or fewer
        than five that answered among some that skipped."""
        answering = there.answering[str(one[1])]
        for earlier in self.sheets[one]:
            rows = earlier ^ sheets
            if 0 < len(rows) < SMALL or 0 < len(rows & answering) < SMALL:
                return False
        return True


def _looks(
    run: ClassRun, sheets: Iterable[SurveyAnswer], now: datetime | None
) -> list[list[SurveyAnswer]]:
    """The sheets by what could be read at once, in the order in which it could."""
    found: dict[tuple[datetime, int, int], list[SurveyAnswer]] = defaultdict(list)
    for sheet in sheets:
        ends = ends_before(sheet.run)
        is_last = sheet.sitting >= len(ends)
        if is_last and now is not None and sheet.run_id != run.pk and is_running(sheet.run, now):
            continue
        end = (ended_at(sheet.run) or NEVER) if is_last else ends[sheet.sitting]
        found[end, sheet.run_id, sheet.sitting].append(sheet)
    return [found[key] for key in sorted(found)]


def _pairs(sheets: Iterable[SurveyAnswer]) -> list[Pair]:
    """Sheets whose code stands once before and once after; a code that two picked pairs nobody.

    They stand in no order that says anything.
    """
    by_code: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        if sheet.pair_code:
            by_code[sheet.pair_code][sheet.phase].append(sheet.pk)
    return sorted(
        (found[Phase.BEFORE][0], found[Phase.AFTER][0])
        for found in by_code.values()
        if len(found[Phase.BEFORE]) == len(found[Phase.AFTER]) == 1
    )


def _paired(
    pairs: list[Pair], told: set[Pair], asked: list[Asked], there: _There, read: _Read
) -> list[Pair]:
    """The pairs that may be told; none where these are fewer than five.

    Where sheets were read before, some pairs are left out together with the few sheets that are
    none, for whom the difference would speak. What was `told` stays, and five more come at least.
    """
    pairs = sorted(pairs, key=lambda pair: pair not in told)
    fewest = max(len(told) + SMALL, len(pairs) - MOST_LEFT_OUT)
    for count in (len(pairs), *range(len(pairs) - 1, fewest - 1, -1)):
        sides = _sides(pairs[:count])
        if count >= SMALL and all(read.allows(sides[one[0]], one, there) for one in asked):
            return pairs[:count]
    return []


def _sides(pairs: list[Pair]) -> dict[str, Sheets]:
    return {str(phase): frozenset(pair[at] for pair in pairs) for at, phase in enumerate(Phase)}
