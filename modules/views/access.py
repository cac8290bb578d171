"""Who may open a facilitator's pages: members who teach, and only their own runs and groups."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from districts.models import Role
from districts.workspace import member_page, roles_of
from modules.models import ClassRun, Group

TEACHES = frozenset(
    {
        *(Role.GURU, Role.KADER, Role.MITRA, Role.KOORDINATOR),
        *(Role.EDITOR, Role.MODERATOR, Role.ADMIN),
    }
)


def may_teach(request: HttpRequest) -> bool:
    return bool(roles_of(request) & TEACHES)


def facilitator_page(*methods: str) -> Callable:
    """For members who teach; any other member is refused before a row is looked for."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_teach(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods)(guarded)

    return decorate


def own_runs(request: HttpRequest) -> QuerySet:
    """The runs of whoever asks, in this district; another's answer 404 like one that is not."""
    return (
        ClassRun.objects.for_district(request.district)
        .filter(facilitator=request.user)
        .select_related("district__site", "edition__page", "group")
    )


def own_groups(request: HttpRequest) -> QuerySet:
    return Group.objects.for_district(request.district).filter(facilitator=request.user)
