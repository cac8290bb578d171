"""`/verifikasi/<serial>/`: whether a certificate holds, and no more than is needed for that."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from districts.private_pages import PrivateView
from districts.workspace import READS
from events.documents.certificates import days_of, hours_of
from events.models import Certificate
from events.serials import spaced, typed
from events.services.certifying import verified
from events.words import public_wording
from safeguards.views import HttpResponseSeeOther

LONGEST_SERIAL = 80


class VerifyCertificate(PrivateView):
    """Answered anew each time, so that a revoked certificate stops to hold at once.

    404 for one that is not known and for one that was revoked; the page says which.
    """

    templates = "events/joining"
    http_method_names = [*(method.lower() for method in READS), "post"]

    def get(self, request: HttpRequest, serial: str = "") -> HttpResponse:
        if not serial:
            return self._answer(None, "")
        return self._answer(verified(self.district, typed(serial)), serial)

    def post(self, request: HttpRequest, serial: str = "") -> HttpResponse:
        """What was typed from a paper; leads to the address that the code has."""
        told = typed(request.POST.get("nomor", "")[:LONGEST_SERIAL])
        if not told:
            reason = _("A serial has 28 letters, as in ABCD-EFGH-…. Please look at it again.")
            return self._answer(None, "", status=422, reason=reason)
        return HttpResponseSeeOther(reverse("event_certificate_verify", args=[told]))

    def _answer(
        self, found: Certificate | None, serial: str, *, status: int = 200, reason: str = ""
    ) -> HttpResponse:
        holds = found is not None and found.revoked_at is None
        if serial and not holds:
            status = 404
        context: dict[str, Any] = {
            "asked": bool(serial),
            "found": found,
            "holds": holds,
            "reason": reason,
        }
        if found is not None:
            words = public_wording(found.event)
            context |= {
                "event_title": words.title if found.event.guarded else found.title,
                "days": days_of(found),
                "hours": hours_of(found.minutes),
                "initials": initials_of(found.name),
                "serial": spaced(typed(serial)),
                "office": self.district.office_name,
            }
        response = self.show_verification(context, status)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def show_verification(self, context: dict[str, Any], status: int) -> HttpResponse:
        return self.show("verify", context, title=_("Verify a certificate"), status=status)


def initials_of(name: str) -> str:
    """ "S. A." of Siti Aminah."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha())
