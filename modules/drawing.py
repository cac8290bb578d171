"""Draws what learners see in a step, for a page, a phone and a projector alike."""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.safestring import SafeString

from modules.editions import Frozen, Step
from modules.items import Item

Audience = Literal["learner", "projector", "facilitator"]


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

    Expected and difficult answers, piles of cards and keys are drawn for the facilitator only.
    Without a request, the live channels are left out.
    """
    raise LookupError(audience)
