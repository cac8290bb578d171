from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from website.accounts.access import may_answer_requests, member_page


def answerer_page(*methods: str) -> Callable:
    """For those who answer requests, behind the second factor: a request names who asks.

    Any other member is refused before a row is looked for.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may_answer_requests(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_page(*methods, sees_people=True)(guarded)

    return decorate
