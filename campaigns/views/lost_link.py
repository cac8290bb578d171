"""`/minta/tautan/`: the link to a request, once more."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from campaigns.forms.session_request import LostLinkForm
from campaigns.services import session_requests as services
from campaigns.views.personal import LONGEST_KEPT, PersonalView
from safeguards import rates
from safeguards.identifiers import contains_identity_number

PER_ADDRESS, PER_MAILBOX, WINDOW = 10, 3, timedelta(hours=1)


class LostLink(PersonalView):
    """Mails the link again. Says the same whether we know the address or not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LostLinkForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        district = self.of_an_office()
        form = LostLinkForm(request.POST)
        if contains_identity_number(request.POST.get("email", "")[:LONGEST_KEPT]):
            form.add_error("email", ValidationError(_("This is not an e-mail address.")))
        if not form.is_valid():
            return self.page(form, status=422)
        email = form.cleaned_data["email"]
        budgets = ((self.client(), PER_ADDRESS), (email.lower(), PER_MAILBOX))
        for key, limit in budgets:
            verdict = rates.allow(scope="session-request-link", key=key, limit=limit, window=WINDOW)
            if not verdict.allowed:
                reason = _("That was asked for several times. Please wait an hour.")
                response = self.page(form, status=429, reason=reason)
                response["Retry-After"] = str(verdict.retry_after)
                return response
        services.mail_links(district=district, email=email)
        return self.page(LostLinkForm(), sent=True)

    def page(self, form: LostLinkForm, *, status: int = 200, **context: Any) -> HttpResponse:
        self.of_an_office()
        title = _("The link is lost?")
        return self.show("lost_link", {"form": form} | context, title=title, status=status)
