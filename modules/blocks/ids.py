"""The ids of steps and questions, by which answers and drawn steps are kept."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from modules.items import is_question

Raw = dict[str, Any]
NewIds = defaultdict[str, str]


def new_ids() -> NewIds:
    """Old id → new one, the same whenever it is asked for."""
    return defaultdict(lambda: str(uuid4()))


def renewed(raw: Any, ids: NewIds) -> Any:
    """Raw StreamField data in which every block, however deep, has its id from `ids`."""
    if isinstance(raw, list):
        return [renewed(one, ids) for one in raw]
    if not isinstance(raw, dict):
        return raw
    new = {name: renewed(value, ids) for name, value in raw.items()}
    if raw.get("id") and {"type", "value"} <= raw.keys():
        new["id"] = ids[raw["id"]]
    return new


def kept_by_id(steps: list[Raw]) -> Iterator[Raw]:
    """The raw steps of a lesson, and the questions in them."""
    for step in steps:
        yield step
        yield from filter(is_question, step["value"].get("learner") or ())


def twice(steps: list[Raw], others: set[str]) -> Raw | None:
    """The first block whose id stands before it in `steps`, or among `others`."""
    seen = set(others)
    for block in kept_by_id(steps):
        if block["id"] in seen:
            return block
        seen.add(block["id"])
    return None
