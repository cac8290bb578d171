from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from website.accounts import throttle
from website.accounts.session import PIN_DEVICE


class TooManyTries(ValidationError):
    """Raised for a password tried too often; `retry_after` in seconds."""

    def __init__(self, retry_after: int):
        super().__init__(
            _("That was too many tries. Wait a quarter of an hour, then try again."),
            code="too_many_login_attempts",
        )
        self.retry_after = retry_after


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come from invitations only: nobody signs up by himself."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "E-mail or sign-in name and password do not belong together. Nothing was changed."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """A redirect stays on the host it was asked on; other districts are other hosts."""
        return url_has_allowed_host_and_scheme(
            url,
            allowed_hosts={context.request.get_host()},
            require_https=context.request.is_secure(),
        )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        verdict = throttle.may_try(
            request, credentials.get("email", ""), self.get_client_ip(request)
        )
        if not verdict.allowed:
            raise TooManyTries(verdict.retry_after)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # An account that was switched off answers like one that never was.
        if user is None or not user.is_active:
            return None
        throttle.succeeded(request, credentials.get("email", ""))
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        # This sign-in is by something else than the PIN of before.
        request.session.pop(PIN_DEVICE, None)
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        throttle.remember_device(request, response, user.email)
        return response
