"""Reads a second factor from a form: a code, a passkey or the PIN of this device."""

import json
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from website.accounts import throttle
from website.accounts.device_cookie import device_token
from website.accounts.factor_forms import CodeForm, PinForm
from website.accounts.factors.codes import CodeRefused, use_code
from website.accounts.factors.devices import on_device
from website.accounts.factors.guesses import PinLocked, WrongPin, try_pin
from website.accounts.factors.mfa_adapter import passkeys_here
from website.accounts.factors.passkeys import LONGEST_ANSWER, PasskeyRefused, shown_passkey
from website.accounts.factors.rules import RECOVERY, TOTP, factors_of
from website.accounts.models import User
from website.accounts.session import bind_to_device

WRONG_CODE = _("This code does not fit, or was used before. Wait for the next one and try again.")
WRONG_PIN = _(
    "PIN and device do not belong together. After five wrong tries the device waits a while."
)
WRONG_PASSKEY = _("This passkey does not open this account here. Try again, or take another way.")
TOO_MANY = _("That was too many tries. Wait a while, then try again.")


class Proof:
    """What a user may prove themselves with here, the forms for it, and how the answer was."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request, self.user = request, user
        self.held = factors_of(user)
        self.code_form = CodeForm() if self.held & {TOTP, RECOVERY} else None
        self.has_app = TOTP in self.held
        self.has_passkey = bool(passkeys_here(user))
        here = on_device(device_token(request), request.district).filter(user=user)
        # Who became staff has no use of an old PIN.
        self.device = here.first() if "pin" in self.held else None
        self.pin_form = PinForm() if self.device else None
        self.retry_after = 0
        self.fault: Any = ""

    @property
    def status(self) -> int:
        return 429 if self.retry_after else 422

    def given(self, *, pin_counts: bool = True) -> bool:
        """Whether the form that was sent holds a right proof, which the session then knows of."""
        sent = self.request.POST
        if "credential" in sent:
            return self._passkey(sent["credential"])
        if "pin" in sent and pin_counts and self.device:
            return self._pin()
        return self._code()

    def _known(self, authenticator: Any) -> bool:
        record_authentication(
            self.request, self.user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )
        return True

    def _passkey(self, sent: str) -> bool:
        try:
            return self._known(shown_passkey(read_answer(sent), self.user))
        except PasskeyRefused:
            self.fault = WRONG_PASSKEY
            return False

    def _code(self) -> bool:
        if self.code_form is None:
            self.fault = WRONG_CODE
            return False
        form = self.code_form = CodeForm(self.request.POST)
        if not form.is_valid():
            return False
        verdict = throttle.may_try_code(self.request, self.user.email)
        if not verdict.allowed:
            self.retry_after = verdict.retry_after
            form.add_error("code", TOO_MANY)
            return False
        code = form.cleaned_data["code"]
        try:
            used = use_code(user=self.user, code=code, site=self.request.district.site_id)
        except CodeRefused:
            form.add_error("code", WRONG_CODE)
            return False
        throttle.code_succeeded(self.request, self.user.email)
        return self._known(used)

    def _pin(self) -> bool:
        form = self.pin_form = PinForm(self.request.POST)
        if not form.is_valid():
            return False
        try:
            device = try_pin(
                token=device_token(self.request),
                district=self.request.district,
                pin=form.cleaned_data["pin"],
                person=self.device.pk,
            )
        except PinLocked as locked:
            self.retry_after = locked.retry_after
            form.add_error("pin", TOO_MANY)
            return False
        except WrongPin:
            form.add_error("pin", WRONG_PIN)
            return False
        bind_to_device(self.request, self.user, device)
        return True


def read_answer(sent: str) -> dict:
    """What a browser said of a passkey. Raises PasskeyRefused for anything but a small object."""
    try:
        answer = json.loads(sent) if len(sent) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused from error
    if not isinstance(answer, dict):
        raise PasskeyRefused
    return answer
