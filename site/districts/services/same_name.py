"""Who waits already under a name that is typed anew: one-word names are usual here.

A name does not say whether it is the same person; a human does.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from districts.models import District, Invitation
from districts.services.memberships import visible_invitations

# The answer that it is another person; else it is the number of the invitation that waits.
ANOTHER = "another"


class SameNameWaits(Exception):
    """Somebody of this name and role waits already: the same person, or another one?"""

    def __init__(self, waiting: Sequence[Invitation]):
        super().__init__()
        self.waiting = waiting


def of_these_names(
    invitations: QuerySet, *, actor: Any, district: District, names: Iterable[str]
) -> list[Invitation]:
    """Those of the invitations within the actor's reach that are for one of these names."""
    wanted = {name for name in names if name}
    here = invitations.for_district(district).annotate(folded=Lower("name"))
    # A database may fold fewer letters than Python does.
    named = Q(name__in=wanted) | Q(folded__in={name.casefold() for name in wanted})
    return list(
        visible_invitations(here.filter(named), actor, district).select_related(
            "organisation", "region"
        )
    )


def alike(
    waiting: Iterable[Invitation],
    *,
    role: str,
    name: str,
    email: str = "",
    organisation: Any = None,
    region: Any = None,
) -> list[Invitation]:
    """The waiting ones of this name and role that nothing tells apart from who is typed.

    An address, an organisation or a place tells two people apart where both have one.
    """
    return [
        one
        for one in waiting
        if one.role == role
        and one.name.casefold() == name.casefold()
        and not _differ(one.email.lower(), email.strip().lower())
        and not _differ(one.organisation_id, getattr(organisation, "pk", None))
        and not _differ(one.region_id, getattr(region, "pk", None))
    ]


def _differ(one: Any, other: Any) -> bool:
    return bool(one and other and one != other)
