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

Sheets = frozenset[SurveyAnswer]
Pair = tuple[SurveyAnswer, SurveyAnswer]
# (phase, item) of a question.
Asked = tuple[str, UUID]
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Told:
    """What may be told: the sheets of each (phase, item), or nothing of it where it is missing.

    `paired`: these are pairs. `waits`: there are others. `is_empty`: there is no sheet at all.
    """

    sheets: dict[Asked, Sheets] = field(default_factory=dict)
    paired: bool = False
    waits: bool = False
    is_empty: bool = True

    def answers(self, phase: str, item: UUID) -> list[dict[str, Any]]:
        return [sheet.answers for sheet in self.sheets.get((phase, item), ())]


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
    found = Told()
    read: dict[Asked, list[Sheets]] = defaultdict(list)
    there: list[SurveyAnswer] = []
    settled: set[Pair] = set()
    for look in _looks(run, sheets, now):
        there += look
        pairs = _pairs(there)
        if (chosen := _paired(pairs, asked, read, may_leave_out=not found.paired)) is not None:
            found.sheets, found.paired, settled = chosen, True, set(pairs)
        if found.paired:
            found.waits = settled != set(pairs)
        else:
            totals = {one: _of_phase(there, one[0]) for one in asked}
            found.sheets |= {one: totals[one] for one in asked if _may_follow(totals, one, read)}
            found.waits = any(found.sheets.get(one, frozenset()) != totals[one] for one in asked)
        for one, shown in found.sheets.items():
            read[one].append(shown)
    found.is_empty = not there
    return found


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
    by_code: dict[str, dict[str, list[SurveyAnswer]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        if sheet.pair_code:
            by_code[sheet.pair_code][sheet.phase].append(sheet)
    both = (
        (found[Phase.BEFORE][0], found[Phase.AFTER][0])
        for found in by_code.values()
        if len(found[Phase.BEFORE]) == len(found[Phase.AFTER]) == 1
    )
    return sorted(both, key=lambda pair: pair[0].pk)


def _paired(
    pairs: list[Pair],
    asked: list[Asked],
    read: dict[Asked, list[Sheets]],
    *,
    may_leave_out: bool,
) -> dict[Asked, Sheets] | None:
    """The sheets of as many pairs as may be told; None where these are fewer than five.

    Where totals were read before, some pairs are left out together with the few sheets that are
    none, for whom the difference would speak.
    """
    for count in range(len(pairs), SMALL - 1, -1):
        sides = {
            str(phase): frozenset(pair[at] for pair in pairs[:count])
            for at, phase in enumerate((Phase.BEFORE, Phase.AFTER))
        }
        chosen = {one: sides[one[0]] for one in asked}
        if all(_may_follow(chosen, one, read) for one in asked):
            return chosen
        if not may_leave_out:
            break
    return None


def _may_follow(sheets: dict[Asked, Sheets], one: Asked, read: dict[Asked, list[Sheets]]) -> bool:
    """Whether no difference to what could be read of a question speaks for fewer than five.

    Of fewer than five sheets nothing could be read.
    """
    differences = (earlier ^ sheets[one] for earlier in read[one] if len(earlier) >= SMALL)
    return not any(_is_small(rows, str(one[1])) for rows in differences)


def _is_small(rows: Sheets, item: str) -> bool:
    """Fewer than five sheets, or fewer than five that answered among some that skipped."""
    return 0 < len(rows) < SMALL or 0 < sum(item in row.answers for row in rows) < SMALL


def _of_phase(sheets: Iterable[SurveyAnswer], phase: str) -> Sheets:
    return frozenset(sheet for sheet in sheets if sheet.phase == phase)
