"""The session that answers a request: only what stands above the sibling apps knows of both.

register_source(source)     # source(request) -> RequestedSession or None
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaigns.models import SessionRequest


@dataclass(frozen=True)
class RequestedSession:
    """When it is, in the office's zone, and its public page; "" where the public has none."""

    start: datetime
    zone: str
    url: str
    is_settled: bool


Source = Callable[[SessionRequest], RequestedSession | None]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Ask this source for sessions of requests; a second time changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def session_of(request: SessionRequest) -> RequestedSession | None:
    """The session of a request, if one is planned."""
    found = (source(request) for source in _sources)
    return next((session for session in found if session is not None), None)
