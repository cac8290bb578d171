"""Draws what learners see in a step, for a page, a phone and a projector alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from districts.addresses import language_prefix
from districts.directory import help_for_request
from modules.blocks.steps import LearnerBlock
from modules.editions import Frozen, Step
from modules.items import Item, is_question
from safeguards import generation

# "notes" is what stands beside the learner's text: only what is the facilitator's.
Audience = Literal["learner", "projector", "facilitator", "notes"]
REFERRAL = "referral"
DISCLOSURE = "disclosure"
WITH_NOTES = frozenset({"discussion", "card_sort", DISCLOSURE})
LEARNER = LearnerBlock()


@dataclass(frozen=True)
class Part:
    """Either drawn HTML, or a question that the caller draws with its own form."""

    kind: str
    html: SafeString | str = ""
    item: Item | None = None


def draw_step(
    step: Step, content: Frozen, request: HttpRequest | None, *, audience: Audience
) -> list[Part]:
    """The learner's blocks of a step in order.

    Expected and difficult answers, piles of cards and the card "if a child tells something" are
    drawn for the facilitator only. Without a request, the live channels are left out.
    """
    return draw_steps([step], content, request, audience=audience)[0]


def draw_steps(
    steps: Sequence[Step], content: Frozen, request: HttpRequest | None, *, audience: Audience
) -> list[list[Part]]:
    """As `draw_step` does, for many steps; pictures and files of all are read together.

    What an edition holds never changes, so each process draws it once; channels are always live.
    """
    if content.id:
        drawn = [
            generation.remembered(
                ("step", content.id, step.id, audience, get_language()),
                partial(_one, step, content, audience),
            )
            for step in steps
        ]
    else:
        drawn = _draw(steps, content, audience)
    return [_with_channels(parts, content, request) for parts in drawn]


def _one(step: Step, content: Frozen, audience: Audience) -> tuple[Part, ...]:
    return _draw([step], content, audience)[0]


def _draw(steps: Sequence[Step], content: Frozen, audience: Audience) -> list[tuple[Part, ...]]:
    raw = [[block for block in step.learner if _is_drawn(block, audience)] for step in steps]
    streams = LEARNER.bulk_to_python(raw)
    _read_renditions(streams)
    return [
        tuple(_parts(step, stream, content, audience))
        for step, stream in zip(steps, streams, strict=True)
    ]


def _parts(step: Step, stream: StreamValue, content: Frozen, audience: Audience) -> Iterable[Part]:
    known = {child.id: child for child in stream}
    for block in step.learner:
        kind = block["type"]
        if audience == "notes":
            if kind in WITH_NOTES and block["id"] in known:
                yield Part(kind, _html(known[block["id"]], content, audience))
        elif is_question(block):
            yield Part(kind, item=content.items[UUID(block["id"])])
        elif kind == REFERRAL:
            yield Part(kind)
        elif block["id"] in known and (kind != DISCLOSURE or audience == "facilitator"):
            yield Part(kind, _html(known[block["id"]], content, audience))


def _html(child: StreamValue.StreamChild, content: Frozen, audience: Audience) -> SafeString:
    return render_to_string(
        child.block.meta.template,
        {
            "value": child.value,
            "audience": audience,
            "disclosures": content.disclosures,
        },
    )


def _with_channels(
    parts: Iterable[Part], content: Frozen, request: HttpRequest | None
) -> list[Part]:
    found = []
    for part in parts:
        if part.kind == REFERRAL:
            if request is None:
                continue
            part = replace(part, html=draw_referral(request, issue=content.referral_issue))
        found.append(part)
    return found


def draw_referral(request: HttpRequest, *, issue: str) -> SafeString:
    """The channels of the reader's own district as they are now; `issue` is "" for all."""
    return render_to_string(
        "modules/blocks/referral.html",
        {
            "channels": help_for_request(request, issue=issue),
            "prefix": language_prefix(get_language() or ""),
        },
    )


def _read_renditions(streams: Iterable[StreamValue]) -> None:
    """One query for the sizes of all pictures, not one a picture."""
    images: list[Any] = [
        child.value["image"]
        for stream in streams
        for child in stream
        if child.block_type == "picture" and child.value.get("image") is not None
    ]
    if images:
        prefetch_related_objects(images, "renditions")


def _is_drawn(block: dict[str, Any], audience: Audience) -> bool:
    """Questions are drawn by the caller; what nobody will see needs no query."""
    if audience == "notes":
        return block["type"] in WITH_NOTES
    return not is_question(block)
