"""What others do when an event changes: a link between sibling apps lives above both of them.

A listener is called in the transaction of the change, perhaps several times for one decision, so
it has to be idempotent::

    register(follow)        # follow(event, verb=…, actor=…, now=…)
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from events.models import Event

_listeners: list[Callable[..., None]] = []


def register(listener: Callable[..., None]) -> Callable[..., None]:
    """Have `listener` hear of every change; a second time changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(event: Event, *, verb: str, actor: Any, now: datetime) -> None:
    """Tell all listeners what `actor` did."""
    for listener in _listeners:
        listener(event, verb=verb, actor=actor, now=now)
