"""The demo writes through the services of real people, which answer instead of raising."""

from typing import Any

from safeguards.facts import Outcome


def kept(outcome: Outcome) -> dict[str, Any]:
    """What a service answered; a demo whose own words are refused is broken, and says so."""
    if outcome.status not in {"created", "already"}:
        raise ValueError(f"{outcome.http} {outcome.reason}")
    return outcome.response
