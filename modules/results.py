"""What a run says, for its facilitator: counts, change, and nobody.

Numbers below five are hidden (`modules.figures`). Change is told of pairs, found by the code of
three pictures, where there are at least five; of hands and paper only totals are compared, and
that is said (`Change.paired`).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from modules.agenda import Kind, agenda
from modules.editions import Frozen, frozen
from modules.figures import SMALL, Cell, percent, suppress
from modules.items import Item
from modules.models import ClassRun, Submission, SurveyAnswer, Tally
from modules.models.answers import Phase
from modules.services.tallying import current_tallies


@dataclass(frozen=True)
class Bar:
    """One answer: its text, how many gave it, and whether it is the right one."""

    text: str
    cell: Cell
    share: int | None
    right: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """A question of the quiz. `answered` and `right_share` are None where they are too few."""

    item: Item
    number: int
    bars: tuple[Bar, ...]
    answered: Cell
    right_share: int | None
    skipped: Cell


@dataclass(frozen=True)
class Change:
    """A question of the survey, before and after, as the share who are where the module leads.

    Knowledge: the right answer; attitude and intention: agreement (4, 5) in the wanted direction.
    """

    item: Item
    before: int | None
    after: int | None
    paired: bool
    people: Cell
    before_bars: tuple[Bar, ...] = ()
    after_bars: tuple[Bar, ...] = ()

    @property
    def points(self) -> int | None:
        """Percentage points gained; None where one side is too small to say."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Results:
    participants: Cell
    people: int
    passed: Cell
    passed_share: int | None
    questions: tuple[QuestionResult, ...]
    changes: tuple[Change, ...]
    paired: bool
    is_empty: bool
    sources: tuple[str, ...] = field(default=())


def results_of(run: ClassRun) -> Results:
    """Everything the facilitator may see; six queries however many took part."""
    content = frozen(run.edition_id)
    tallies = current_tallies(run)
    submissions = list(
        Submission.objects.filter(run=run, participant__removed_at__isnull=True).order_by(
            "participant", "item", "attempt"
        )
    )
    sheets = list(SurveyAnswer.objects.filter(series=run.series, run__district=run.district_id))
    first = _first_attempts(submissions)
    asked = [item for point in agenda(run) for item in point.items]
    questions = [
        _question(content.items[item], number, first.get(item, []), tallies)
        for number, item in enumerate([i for i in asked if content.items[i].is_answered], start=1)
    ]
    changes, paired = _changes(run, content, sheets, tallies)
    joined = run.participants.filter(removed_at__isnull=True).count()
    passed = _passed(content, asked, first)
    scored = len({row.participant_id for rows in first.values() for row in rows})
    return Results(
        participants=Cell(joined),
        people=sum(row.number for row in run.counts.all()),
        passed=_alone(passed),
        passed_share=percent(passed, scored),
        questions=tuple(questions),
        changes=tuple(changes),
        paired=paired,
        is_empty=not (submissions or sheets or tallies),
        sources=tuple(sorted({row.source for row in tallies.values()})),
    )


def _first_attempts(submissions: list[Submission]) -> dict[UUID, list[Submission]]:
    found: dict[UUID, list[Submission]] = defaultdict(list)
    for row in submissions:
        if row.attempt == 1:
            found[row.item].append(row)
    return found


def _question(item: Item, number: int, rows: list[Submission], tallies: dict) -> QuestionResult:
    counted = tallies.get((Tally.QUIZ, item.id))
    if counted is not None and not rows:
        counts = {key: counted.counts.get(key, 0) for key, _text in item.counted_options}
        answered = sum(counts.values())
        right = sum(counts[str(n)] for n, choice in enumerate(item.choices) if choice.right)
        return QuestionResult(
            item=item,
            number=number,
            bars=_bars(item, counts),
            answered=_alone(answered),
            right_share=percent(right, answered) if item.choices else None,
            skipped=Cell(0),
        )
    given = [row for row in rows if not row.answer.get("skipped")]
    judged = [row for row in given if row.is_right is not None]
    return QuestionResult(
        item=item,
        number=number,
        bars=_bars(item, _counts(item, given)) if item.is_counted else (),
        answered=_alone(len(given)),
        right_share=percent(sum(row.is_right for row in judged), len(judged)),
        skipped=_alone(len(rows) - len(given)),
    )


def _counts(item: Item, rows: list[Submission]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        answer = row.answer
        if "choices" in answer:
            counts.update(str(n) for n in answer["choices"])
        else:
            counts[str(answer.get("choice", answer.get("value")))] += 1
    return {key: counts[key] for key, _text in item.counted_options}


def _bars(item: Item, counts: dict[str, int]) -> tuple[Bar, ...]:
    cells = suppress(counts, total_is_known=item.kind != "multiple")
    whole = sum(counts.values())
    return tuple(
        Bar(
            text=text,
            cell=cells[key],
            share=None if cells[key].hidden else percent(counts[key], whole),
            right=bool(item.choices) and item.choices[int(key)].right,
        )
        for key, text in item.counted_options
    )


def _changes(
    run: ClassRun, content: Frozen, sheets: list[SurveyAnswer], tallies: dict
) -> tuple[list[Change], bool]:
    kinds = {point.kind for point in agenda(run)}
    if not content.survey or not ({Kind.BEFORE, Kind.AFTER} & kinds or sheets):
        return [], False
    pairs = _pairs(sheets)
    paired = len(pairs) >= SMALL
    changes = []
    for item in content.survey:
        if paired:
            before = [a.get(str(item.id)) for a, _b in pairs]
            after = [b.get(str(item.id)) for _a, b in pairs]
            both = [(x, y) for x, y in zip(before, after, strict=True) if None not in (x, y)]
            changes.append(_change(item, [x for x, _ in both], [y for _, y in both], True))
            continue
        values = {
            phase: _values(item, [s for s in sheets if s.phase == phase], tallies, phase)
            for phase in (Phase.BEFORE, Phase.AFTER)
        }
        changes.append(_change(item, values[Phase.BEFORE], values[Phase.AFTER], False))
    return changes, paired


def _pairs(sheets: list[SurveyAnswer]) -> list[tuple[dict, dict]]:
    """Sheets whose code stands once before and once after; a code that two picked pairs nobody."""
    by_code: dict[str, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        if sheet.pair_code:
            by_code[sheet.pair_code][sheet.phase].append(sheet.answers)
    return [
        (found[Phase.BEFORE][0], found[Phase.AFTER][0])
        for found in by_code.values()
        if len(found[Phase.BEFORE]) == len(found[Phase.AFTER]) == 1
    ]


def _values(item: Item, sheets: list[SurveyAnswer], tallies: dict, phase: str) -> list[int]:
    found = [sheet.answers[str(item.id)] for sheet in sheets if str(item.id) in sheet.answers]
    counted = tallies.get((str(phase), item.id))
    if counted is not None and not found:
        for key, number in counted.counts.items():
            found += [int(key)] * number
    return found


def _change(item: Item, before: list[int], after: list[int], paired: bool) -> Change:
    return Change(
        item=item,
        before=percent(sum(_wanted(item, v) for v in before), len(before)),
        after=percent(sum(_wanted(item, v) for v in after), len(after)),
        paired=paired,
        people=_alone(len(before) if paired else max(len(before), len(after))),
        before_bars=_bars(item, _spread(item, before)),
        after_bars=_bars(item, _spread(item, after)),
    )


def _spread(item: Item, values: list[int]) -> dict[str, int]:
    counts = Counter(map(str, values))
    return {key: counts[key] for key, _text in item.counted_options}


def _wanted(item: Item, value: int) -> bool:
    if item.kind == "likert":
        return value >= 4 if item.direction > 0 else value <= 2
    return item.choices[value].right


def _passed(content: Frozen, asked: list[UUID], first: dict[UUID, list[Submission]]) -> int:
    """How many reached the pass mark over the scored questions of the run."""
    scored = [item for item in asked if content.items[item].scored]
    points: Counter[int] = Counter()
    for item in scored:
        for row in first.get(item, []):
            points[row.participant_id] += row.points
    if not scored:
        return 0
    return sum(100 * got / len(scored) >= content.pass_mark for got in points.values())


def _alone(number: int) -> Cell:
    """A number that stands by itself."""
    return Cell(None if 0 < number < SMALL else number)
