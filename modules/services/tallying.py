"""Hands and paper: how many gave which answer, told once, corrected by telling it again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from modules import agenda
from modules.editions import frozen
from modules.items import Item
from modules.late import ended_at
from modules.models import ClassRun, Tally
from modules.models.answers import Phase
from modules.models.groups import LARGEST_GROUP
from safeguards import facts

KIND = "modules.tally"
# The largest number of the column; milliseconds since 1970 would not fit.
LATEST = 2**31 - 1
# Answer sheets may lie on a desk for a while.
TALLIED_WITHIN = timedelta(days=30)


def question_of(run: ClassRun, phase: str, item: UUID) -> Item | None:
    """The question that hands can answer; None where there is no such one in this run."""
    if phase == Tally.QUIZ:
        found = agenda.question_of(run, item)
    else:
        asks = {Phase.BEFORE: run.asks_before, Phase.AFTER: run.asks_after}
        survey = frozen(run.edition_id).survey if asks.get(phase) else ()
        found = next((question for question in survey if question.id == item), None)
    return found if found is not None and found.is_counted else None


def may_be_tallied(run: ClassRun, now: datetime) -> bool:
    """Whether counts are taken still: until a month after the end of the run."""
    ended = ended_at(run)
    return ended is None or now - ended <= TALLIED_WITHIN


def people_of(run: ClassRun) -> int:
    """How many people the run was planned with."""
    return run.counts.aggregate(total=Sum("number"))["total"] or 0


def tally(
    *,
    run: ClassRun,
    key: UUID,
    phase: str,
    item: UUID,
    source: str,
    counts: Mapping[str, int],
    sequence: int,
    now: datetime,
    people: int | None = None,
    client_time: datetime | None = None,
) -> facts.Outcome:
    """Keep the counts of one question; `response` is {"item", "phase", "total"}.

    `counts` has the keys of `Item.counted_options`. A device numbers what it tells (`sequence`), so
    that the newest is true in whatever order they arrive. Counts over the number of people are
    refused with 422; fewer are fine, since anybody may keep their hand down.
    """
    question = question_of(run, phase, item)
    if question is None or source not in Tally.Source.values:
        return facts.Outcome("rejected", 422, reason=_("This question can't be counted here."))
    if not may_be_tallied(run, now) and not run.tallies.filter(key=key).exists():
        return facts.Outcome(
            "rejected",
            409,
            reason=_("The session ended over a month ago. Its counts stay as they are."),
        )
    known = {option for option, _text in question.counted_options}
    fits = set(counts) <= known and all(map(_is_count, counts.values()))
    if not fits or not 0 <= sequence <= LATEST:
        return facts.Outcome(
            "rejected", 422, reason=_("Please write whole numbers from 0 upwards, one an answer.")
        )
    there = people_of(run) if people is None else people
    most = max(counts.values(), default=0)
    total = most if question.kind == "multiple" else sum(counts.values())
    if there and total > there:
        return facts.Outcome(
            "rejected",
            422,
            reason=_(
                "%(total)d answers, but %(people)d people: please count again, or correct the "
                "number of people."
            )
            % {"total": total, "people": there},
        )
    kept = {option: counts.get(option, 0) for option in sorted(known)}

    def apply() -> dict[str, Any]:
        Tally.objects.create(
            run=run,
            key=key,
            phase=phase,
            item=item,
            source=source,
            counts=kept,
            sequence=sequence,
            at=now,
        )
        ClassRun.objects.filter(pk=run.pk).update(pulse=F("pulse") + 1)
        return {"item": str(item), "phase": phase, "total": total}

    return facts.accept(
        kind=KIND,
        key=key,
        body={
            "run": run.pk,
            "phase": phase,
            "item": str(item),
            "source": source,
            "counts": kept,
            "sequence": sequence,
        },
        site=run.district.site,
        apply=apply,
        client_time=client_time,
        now=now,
    )


def current_tallies(run: ClassRun) -> dict[tuple[str, UUID], Tally]:
    """The one that is true for each (phase, item); one query."""
    found: dict[tuple[str, UUID], Tally] = {}
    for row in run.tallies.all():
        known = found.get((row.phase, row.item))
        if known is None or (known.sequence, known.key.int) < (row.sequence, row.key.int):
            found[row.phase, row.item] = row
    return found


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= LARGEST_GROUP
