"""Where a proposal may come from, besides a member's own thought: a request, a campaign.

An origin turns a word of the form's address (`?permintaan=…`) into a form that is filled already::

    register("permintaan", source)      # source(request, value) -> Origin, or raises Http404
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from events.models import Event


@dataclass(frozen=True)
class Origin:
    """`initial` are values of the form's fields, `key` is the form's; one key is one event.

    `known` is the event that was made of it already.
    """

    title: str
    key: UUID
    request_key: UUID
    initial: dict[str, Any] = field(default_factory=dict)
    known: Event | None = None


Source = Callable[[HttpRequest, str], Origin]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Let proposals come from here; a second one of the same name replaces the first."""
    _sources[name] = source


def origin_of(request: HttpRequest) -> Origin | None:
    """The origin that the address names, if it names one."""
    for name, source in _sources.items():
        if value := request.GET.get(name, ""):
            return source(request, value)
    return None
