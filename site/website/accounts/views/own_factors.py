"""What stands before every change of one's own ways to sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters

from website.accounts.access import READS, member_page
from website.accounts.factors.rules import factors_of, is_fresh
from website.accounts.models import User


def own_factors(*methods: str) -> Callable:
    """For the member's own factors: a first one after the password, others with two just given.

    Otherwise a stolen password alone would be enough to add a factor of the thief's.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.person = User.objects.get(pk=request.user.pk)
            if factors_of(request.person) and not is_fresh(request):
                reads = request.method in READS
                back = request.get_full_path() if reads else reverse("devices")
                query = urlencode({"next": back})
                return HttpResponseRedirect(f"{reverse('second_step')}?{query}")
            return view(request, *args, **kwargs)

        return member_page(*methods)(sensitive_post_parameters()(guarded))

    return decorate
