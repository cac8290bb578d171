"""`/minta/tautan/`: the link to a request, once more."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from campaigns.services import session_requests as services
from districts.lost_links import LostLinkView


class LostLink(LostLinkView):
    templates = "campaigns/minta"
    scope = "session-request-link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.of_an_office()
        return super().dispatch(request, *args, **kwargs)

    def mail_links(self, email: str) -> None:
        services.mail_links(district=self.district, email=email)
