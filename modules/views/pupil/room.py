"""What a pupil sees at a point of the agenda."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict

from modules.agenda import Kind, Point, agenda
from modules.drawing import draw_step
from modules.editions import Frozen, frozen
from modules.forms.pupil import Offer, offer, sheet
from modules.items import Item
from modules.models import ClassRun, Participant, Submission
from modules.review import was_taken_back
from modules.scoring import judge
from modules.services.answering import MOST_ATTEMPTS, in_order, survey_order
from modules.services.runs import is_over

OVER = "over"
# Phase → when this participant told that they had answered its sheet.
SHEETS = {str(Kind.BEFORE): "before_at", str(Kind.AFTER): "after_at"}


@dataclass(frozen=True)
class Told:
    """What somebody hears about the answer they gave: never the right one of what is scored."""

    right: bool | None
    skipped: bool
    mine: tuple[str, ...]
    value: int | None
    said: tuple[str, ...]
    explain: str
    ending: str


@dataclass(frozen=True)
class Question:
    """A question on a phone: its fields where it may be answered, what is told where it was."""

    item: Item
    key: UUID
    offer: Offer | None = None
    told: Told | None = None
    fault: str = ""
    # Whether an answer would still be kept.
    open: bool = True


@dataclass(frozen=True)
class Sent:
    """A form that was not kept: it is shown again with what was in it."""

    data: QueryDict
    item: UUID | None = None
    key: UUID | None = None
    reason: str = ""


def class_context(
    request: HttpRequest,
    run: ClassRun,
    participant: Participant,
    *,
    now: datetime,
    sent: Sent | None = None,
) -> dict[str, Any]:
    """The context of `pupil/room.html`; one query, one more at the end, however many take part."""
    content = frozen(run.edition_id)
    points = agenda(run)
    point = points[min(run.step, len(points) - 1)]
    over = is_over(run, now)
    maker = _Maker(content, participant, over, sent)
    parts = []
    if point.step is not None and not over:
        drawn = draw_step(point.step, content, request, audience="learner")
        parts = [(part, maker.make(part.item) if part.item else None) for part in drawn]
    missed = [] if over else _missed(points[: point.number], content, maker)
    return {
        "run": run,
        "content": content,
        "participant": participant,
        "kind": OVER if over else str(point.kind),
        "taken_back": was_taken_back(run),
        "point": point,
        "coming": list(dict.fromkeys(one.lesson_title for one in points if one.step)),
        "state": ClassRun.State.CLOSED if over else run.state,
        "parts": parts,
        "missed": missed,
        "pinned": maker.pinned(),
        # What is wrong with a question stands beside it.
        "reason": sent.reason if sent is not None and sent.item not in maker.made else "",
        **_survey(str(point.kind), content, participant, sent, over),
    }


def _missed(past: list[Point], content: Frozen, maker: "_Maker") -> list[Question]:
    """Scored questions of earlier steps that a late one has not answered yet."""
    items = (content.items[one] for point in past for one in point.items)
    waiting = [item for item in items if item.scored and item.id not in maker.answered]
    return [maker.make(item) for item in waiting]


def _survey(
    phase: str, content: Frozen, participant: Participant, sent: Sent | None, over: bool
) -> dict[str, Any]:
    """The sheet of this phase, or of the one that was sent and not kept."""
    again = sent if sent is not None and sent.data.get("fase") in SHEETS else None
    phase = again.data["fase"] if again else phase
    if phase not in SHEETS or (over and again is None):
        return {}
    if getattr(participant, SHEETS[phase]) is not None:
        return {"survey_done": True}
    items = in_order(content.survey, survey_order(participant))
    return {
        "phase": phase,
        # Filled in already: the script keeps it where the class moves on.
        "sheet_begun": again is not None,
        "sheet": sheet(items, seed=str(participant.key), data=again.data if again else None),
        # Drawn by lot each time: the answers must not lead back to who gave them.
        "survey_key": (again.key if again else None) or uuid4(),
    }


class _Maker:
    """Makes the questions of one page, and remembers which of them it made."""

    def __init__(
        self, content: Frozen, participant: Participant, over: bool, sent: Sent | None
    ) -> None:
        self.content, self.over, self.sent = content, over, sent
        self.seed = str(participant.key)
        rows = Submission.objects.filter(participant=participant).order_by("attempt")
        self.answered = {row.item: row for row in rows}
        self.made: set[UUID] = set()

    def make(self, item: Item) -> Question:
        self.made.add(item.id)
        row = self.answered.get(item.id)
        sent = self.sent if self.sent is not None and self.sent.item == item.id else None
        told = told_of(item, row) if row is not None else None
        may_answer = item.is_answered and not self.over and _may_answer(item, row)
        shown = None
        if may_answer or (sent is not None and row is None):
            shown = offer(item, seed=self.seed, data=sent.data if sent else None)
        return Question(
            item=item,
            key=(sent.key if sent else None) or uuid4(),
            offer=shown,
            told=told,
            fault=sent.reason if sent else "",
            open=may_answer,
        )

    def pinned(self) -> Question | None:
        """The question of a form that was not kept, where the page has moved on without it."""
        item = self.content.items.get(self.sent.item) if self.sent and self.sent.item else None
        return self.make(item) if item is not None and item.id not in self.made else None


def _may_answer(item: Item, row: Submission | None) -> bool:
    if row is None:
        return True
    if item.scored or row.attempt >= MOST_ATTEMPTS:
        return False
    return row.is_right is False or row.answer.get("skipped") is True


def told_of(item: Item, row: Submission) -> Told:
    verdict = judge(item, row.answer)
    skipped = row.answer.get("skipped") is True
    ways = row.answer.get("ways")
    return Told(
        right=verdict.right,
        skipped=skipped,
        mine=() if skipped else _mine(item, row.answer),
        value=row.answer.get("value"),
        said=verdict.said,
        # Where it was wrong, the explanation would give the right one away.
        explain="" if verdict.right is False else verdict.explain,
        ending=item.nodes[item.path(ways)[-1]].text if ways is not None else "",
    )


def _mine(item: Item, answer: dict[str, Any]) -> tuple[str, ...]:
    """The own answer in words."""
    if "choice" in answer:
        return (item.choices[answer["choice"]].text,)
    if "choices" in answer:
        return tuple(item.choices[number].text for number in answer["choices"])
    if "order" in answer:
        return tuple(item.sequence[number] for number in answer["order"])
    if "piles" in answer:
        pairs = zip(item.cards, answer["piles"], strict=True)
        return tuple(f"{card.text} → {item.piles[pile]}" for card, pile in pairs)
    if "ways" in answer:
        places = item.path(answer["ways"])
        pairs = zip(places, answer["ways"], strict=False)
        return tuple(item.nodes[place].ways[way].text for place, way in pairs)
    return ()
