"""Signing in and out: django-allauth's views under our addresses, rules and status codes."""

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from website.accounts.access import READS, private
from website.accounts.adapter import TooManyTries
from website.accounts.device_cookie import device_token
from website.accounts.factors.devices import on_device
from website.accounts.forms import ChoosePasswordForm, NewPasswordForm, SignInForm
from website.accounts.next_step import asked_next, next_for


def _refused(view: Any, form: Any) -> HttpResponse:
    """The form again, with what was typed: 422, or 429 after too many tries."""
    for error in form.errors.as_data().get("__all__", []):
        if isinstance(error, TooManyTries):
            response = view.render_to_response(view.get_context_data(form=form), status=429)
            response["Retry-After"] = str(error.retry_after)
            return response
    return view.render_to_response(view.get_context_data(form=form), status=422)


class SignInView(allauth_views.LoginView):
    """`/masuk/`. `next` leads to an address of the same host only."""

    def get_form_class(self) -> type:
        return SignInForm

    @method_decorator(sensitive_post_parameters("password"))
    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Skips allauth's own dispatch: it counts by network address, and a school has one.
        return super(allauth_views.LoginView, self).dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # On a device with a PIN the PIN comes first; `?cara=sandi` asks for the password.
        if "cara" not in request.GET and on_device(device_token(request), request.district):
            wanted = asked_next(request)
            query = f"?{urlencode({'next': wanted})}" if wanted else ""
            return redirect(f"{reverse('pin_sign_in')}{query}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": asked_next(self.request)}

    def get_authenticated_redirect_url(self) -> str:
        return next_for(self.request, self.request.user, super().get_authenticated_redirect_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return _refused(self, form)


class SignOutView(allauth_views.LogoutView):
    """Also empties the browser's cache; what waits to be sent and the device's PIN stay.

    The page's own script takes along what else this site kept: the whole store at once would take
    answers that wait in another tab, which no page can see.
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class AskForPasswordView(allauth_views.PasswordResetView):
    def get_form_class(self) -> type:
        return NewPasswordForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return _refused(self, form)


class ChoosePasswordView(allauth_views.PasswordResetFromKeyView):
    def get_form_class(self) -> type:
        return ChoosePasswordForm

    def form_invalid(self, form: Any) -> HttpResponse:
        return _refused(self, form)


def _door(view: type, *methods: str) -> Any:
    """Django's form views would take a PUT for a POST."""
    return private(require_http_methods([*READS, *methods])(view.as_view()))


sign_in = _door(SignInView, "POST")
sign_out = _door(SignOutView, "POST")
ask_for_password = _door(AskForPasswordView, "POST")
asked_for_password = _door(allauth_views.PasswordResetDoneView)
choose_password = _door(ChoosePasswordView, "POST")
chose_password = _door(allauth_views.PasswordResetFromKeyDoneView)
