"""What a run says, for its facilitator: counts, change, and nobody.

Small numbers are hidden (`modules.figures`). A share is of all who responded, whoever skipped
among them, so that no number of skips can be computed. Change is told of pairs, found by the code
of three pictures, where there are at least five; of hands and paper only totals are compared, and
that is said (`Change.paired`).
"""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from modules.agenda import agenda
from modules.editions import Frozen, frozen
from modules.figures import SMALL, Cell, Share, part, roughly, share_of, suppress
from modules.items import Item
from modules.late import submissions_of, told, told_people
from modules.late_sheets import Told, sheets_of, told_of
from modules.models import ClassRun, Submission, Tally
from modules.models.answers import Phase
from modules.summary import Bar, Change, QuestionResult, Results, Side

SKIPPED, RIGHT, WRONG = "skipped", "right", "wrong"


def results_of(run: ClassRun, *, now: datetime | None = None) -> Results:
    """Everything the facilitator may see; six queries however many took part.

    `now`: sheets that another run of the series is taking then stay out, because whoever looks
    twice would see what a single pupil answered in between.
    """
    content = frozen(run.edition_id)
    tallies = _tallies(run)
    rows = submissions_of(run)
    asked = [item for point in agenda(run) for item in point.items]
    answerable = [item for item in asked if content.items[item].is_answered]
    by_item = {item: [row for row in rows if row.item == item] for item in answerable}
    told_by_item = {item: told(run, by_item[item]) for item in answerable}
    waits = any(len(told_by_item[item]) < len(by_item[item]) for item in answerable)
    survey = told_of(run, sheets_of(run), [item.id for item in content.survey], now=now)
    questions = [
        _question(content.items[item], number, told_by_item[item], tallies)
        for item, number in _numbers(run, content, answerable).items()
    ]
    return Results(
        # Who joined late waits for others who did; that somebody answered may be told before.
        participants=Cell.open(max([told_people(run), *map(len, told_by_item.values())])),
        people=sum(row.number for row in run.counts.all()),
        passed=_passed(run, content, asked, rows),
        pass_mark=content.pass_mark,
        questions=tuple(questions),
        changes=tuple(_changes(content, survey, tallies)),
        paired=survey.paired,
        is_empty=not (rows or tallies) and survey.is_empty,
        late_ones_wait=survey.waits or waits,
        sources=tuple(sorted({row.source for row in tallies.values()})),
    )


def _numbers(run: ClassRun, content: Frozen, asked: list[UUID]) -> dict[UUID, int]:
    """Of hands and sheets, those of the answer sheet; phones, which have none, count through."""
    if run.mode == ClassRun.Mode.PHONES:
        return {item: number for number, item in enumerate(asked, start=1)}
    return {item: content.numbers[item] for item in asked if item in content.numbers}


def _tallies(run: ClassRun) -> dict[tuple[str, UUID], Tally]:
    """The true tally of each (phase, item); those of the survey from the whole series."""
    rows = Tally.objects.filter(run__series=run.series, run__district=run.district_id)
    found: dict[tuple[str, UUID], Tally] = {}
    for row in sorted(rows, key=lambda row: (row.run_id == run.pk, row.sequence, row.key.int)):
        if row.run_id == run.pk or row.phase != Tally.QUIZ:
            found[row.phase, row.item] = row
    return found


def _question(item: Item, number: int, rows: list[Submission], tallies: dict) -> QuestionResult:
    counted = tallies.get((Tally.QUIZ, item.id))
    if item.kind == "multiple":
        return _several(item, number, rows, counted)
    if rows or counted is None:
        counts = _counts(item, rows)
    else:
        counts = {key: counted.counts.get(key, 0) for key, _text in item.counted_options}
    whole = sum(counts.values())
    right = {str(n) for n, choice in enumerate(item.choices) if choice.right} or {RIGHT}
    cells = suppress(counts, last=right)
    skipped = cells.get(SKIPPED, Cell.open(0))
    return QuestionResult(
        item=item,
        number=number,
        bars=_bars(item, cells, whole) if item.is_counted and whole >= SMALL else (),
        answered=_alone(whole),
        right=share_of(cells, right, whole) if item.kind != "likert" else None,
        skipped=skipped if whole >= SMALL else Cell(None, 0, whole),
    )


def _several(
    item: Item, number: int, rows: list[Submission], counted: Tally | None
) -> QuestionResult:
    """A question with several answers each: every answer stands for itself."""
    if rows or counted is None:
        chosen = Counter(str(n) for row in rows for n in row.answer.get("choices", ()))
        whole = len(rows)
        cells = {key: part(chosen[key], whole) for key, _text in item.counted_options}
        right = roughly(sum(row.is_right is True for row in rows), whole)
        answered = _alone(whole)
    else:
        # Who kept every hand down is not known, nor who raised it for all that fits.
        counts = {key: counted.counts.get(key, 0) for key, _text in item.counted_options}
        cells = suppress(counts, total_is_known=False)
        whole, right, answered = 0, None, None
    is_enough = answered is None or whole >= SMALL
    return QuestionResult(
        item=item,
        number=number,
        bars=_bars(item, cells, whole) if is_enough else (),
        answered=answered,
        right=right,
        skipped=Cell.open(0),
    )


def _counts(item: Item, rows: list[Submission]) -> dict[str, int]:
    """How many gave which answer, or skipped; of a kind without single answers: right or wrong."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.answer.get("skipped"):
            counts[SKIPPED] += 1
        elif item.is_counted:
            counts[str(row.answer.get("choice", row.answer.get("value")))] += 1
        else:
            counts[RIGHT if row.is_right else WRONG] += 1
    keys = [key for key, _text in item.counted_options] if item.is_counted else [WRONG, RIGHT]
    return {key: counts[key] for key in [*keys, SKIPPED]}


def _bars(item: Item, cells: dict[str, Cell], whole: int) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            key=key,
            text=text,
            cell=cells[key],
            share=None if cells[key].hidden or not whole else round(100 * cells[key].low / whole),
            right=bool(item.choices) and item.choices[int(key)].right,
        )
        for key, text in item.counted_options
    )


def _changes(content: Frozen, survey: Told, tallies: dict) -> list[Change]:
    changes = []
    for item in content.survey:
        earlier, later = (
            _side(item, survey.answers(phase, item.id), tallies.get((phase, item.id)))
            for phase in map(str, Phase)
        )
        if earlier or later:
            changes.append(
                Change(item, content.survey_numbers[item.id], earlier, later, survey.paired)
            )
    return changes


def _side(item: Item, answers: list[dict[str, Any]], counted: Tally | None) -> Side | None:
    """What the sheets say of the question, or the tally where there is none; None for neither."""
    if answers:
        values = [sheet.get(str(item.id)) for sheet in answers]
    elif counted is not None:
        values = [int(key) for key, number in counted.counts.items() for _ in range(number)]
    else:
        return None
    whole = len(values)
    wanted = sum(_wanted(item, value) for value in values if value is not None)
    if whole < SMALL:
        return Side(Cell(None, 0, whole), _alone(whole), None)
    cells = suppress({WRONG: whole - wanted, RIGHT: wanted}, last={RIGHT})
    return Side(cells[RIGHT], _alone(whole), share_of(cells, {RIGHT}, whole))


def _wanted(item: Item, value: int) -> bool:
    if item.kind == "likert":
        return value >= 4 if item.direction > 0 else value <= 2
    return item.choices[value].right


def _passed(
    run: ClassRun, content: Frozen, asked: list[UUID], rows: list[Submission]
) -> Share | None:
    """The share who reached the pass mark over the scored questions of the run."""
    scored = {item for item in asked if content.items[item].scored}
    points: Counter[int] = Counter()
    for row in told(run, [row for row in rows if row.item in scored]):
        points[row.participant_id] += row.points
    passed = sum(100 * got / len(scored) >= content.pass_mark for got in points.values())
    return roughly(passed, len(points))


def _alone(number: int) -> Cell:
    """A number that stands by itself."""
    return Cell(None) if 0 < number < SMALL else Cell.open(number)
