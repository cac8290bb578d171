"""The link to a private page, once more, for who lost it: by mail to the address she gave.

The page says the same whether the address is known or not, and everybody may ask only so often.
"""

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from districts.private_pages import LONGEST_KEPT, PrivateView
from safeguards import rates
from safeguards.identifiers import contains_identity_number

# A whole town may stand behind one address; each office has a budget of its own for it.
PER_ADDRESS, PER_MAILBOX, WINDOW = 60, 3, timedelta(hours=1)


class LostLinkForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("The e-mail address you gave us"),
        max_length=254,
        widget=forms.EmailInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )


class LostLinkView(PrivateView, ABC):
    """Mails the links again; `scope` names the budgets. Its template is `lost_link`."""

    scope = ""

    @abstractmethod
    def mail_links(self, email: str) -> None:
        """Mail what there is, later and in the same way for every address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LostLinkForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LostLinkForm(request.POST)
        if contains_identity_number(request.POST.get("email", "")[:LONGEST_KEPT]):
            form.add_error("email", ValidationError(_("This is not an e-mail address.")))
        if not form.is_valid():
            return self.page(form, status=422)
        email = form.cleaned_data["email"].lower()
        here = f"{self.district.pk}:{self.client()}"
        for key, limit in ((here, PER_ADDRESS), (email, PER_MAILBOX)):
            verdict = rates.allow(scope=self.scope, key=key, limit=limit, window=WINDOW)
            if not verdict.allowed:
                reason = _("That was asked for several times. Please wait an hour.")
                return self.paused(self.page(form, status=429, reason=reason), verdict.retry_after)
        self.mail_links(email)
        return self.page(LostLinkForm(), sent=True)

    def page(self, form: LostLinkForm, *, status: int = 200, **context: Any) -> HttpResponse:
        title = _("The link is lost?")
        return self.show("lost_link", {"form": form} | context, title=title, status=status)
