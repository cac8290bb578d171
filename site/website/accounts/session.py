"""Sessions of this house: what a PIN opened ends with its device, and stays with its office."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from districts.workspace import READS
from website.accounts.factors import rules
from website.accounts.models import SignInDevice, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PIN_DEVICE = "pin_device"
FREE_IN_ADMIN = ("/admin/logout/", "/admin/sprite/", "/admin/jsi18n/")


def sign_in_by_pin(request: HttpRequest, device: SignInDevice) -> None:
    login(request, device.user, backend=BACKEND)
    bind_to_device(request, device.user, device)


def bind_to_device(request: HttpRequest, user: User, device: SignInDevice) -> None:
    """Note in the session that a PIN on this device was given."""
    request.session[PIN_DEVICE] = device.pk
    record_authentication(request, user, "pin", device=device.pk)


def own_device(request: HttpRequest) -> int | None:
    """The number of the device whose PIN opened this session."""
    return request.session.get(PIN_DEVICE)


class MemberSessionMiddleware:
    """Reads the user with the device in mind, and keeps the admin behind the second factor.

    The user stays lazy: a page that doesn't ask for one opens no session.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _user_of(request))
        if request.path_info.startswith("/admin/") and rules.is_required():
            refused = _before_the_admin(request)
            if refused is not None:
                return refused
        return self.get_response(request)


def _user_of(request: HttpRequest) -> Any:
    user = get_user(request)
    if not user.is_authenticated or own_device(request) is None:
        return user
    valid = (
        SignInDevice.objects.for_district(request.district)
        .working()
        .filter(pk=own_device(request), user=user)
        .exists()
    )
    if valid:
        return user
    # What the PIN proved goes with it: the next sign-in must not inherit the second factor.
    request.session.flush()
    return AnonymousUser()


def _before_the_admin(request: HttpRequest) -> HttpResponse | None:
    if request.path_info in FREE_IN_ADMIN or not request.user.is_authenticated:
        return None
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return None
    return gate(request)


def gate(request: HttpRequest) -> HttpResponse | None:
    """Lead who signed in with a password alone to the second step; None for who may go on."""
    if not rules.is_required() or rules.is_strong(request):
        return None
    # What was sent is lost on the way, and its address may show nothing.
    back = request.get_full_path() if request.method in READS else reverse("ruang")
    query = urlencode({"next": back})
    return HttpResponseRedirect(f"{reverse('second_step')}?{query}")
