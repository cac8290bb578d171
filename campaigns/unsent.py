"""Answers to requests that no mail brought to who asked, for the office's list of such mails."""

from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import AnswerMail, SessionRequest
from campaigns.request_mail import ANSWERS, answers
from campaigns.services.session_requests import ANSWERERS
from districts.models import District
from districts.unsent import Unsent, UnsentSource, register_unsent, shown


def given_up(district: District) -> QuerySet:
    return answers().for_district(district).filter(state=AnswerMail.State.FAILED)


def unsent_of(request: SessionRequest) -> list[Unsent]:
    """The answers to this request that did not leave."""
    rows = given_up(request.district_id).filter(step__request=request)
    return shown(SOURCE, rows.order_by("pk"))


def _told(owed: AnswerMail) -> tuple[Any, str, str]:
    request = owed.step.request
    try:
        url = reverse("request_detail", args=[request.pk])
    except NoReverseMatch:
        # Where requests are answered is the project's own.
        url = ""
    about = _("Request %(number)s") % {"number": request.number}
    return owed.step.get_state_display(), about, url


SOURCE = UnsentSource("answer", ANSWERERS, given_up, _told, ANSWERS)
register_unsent(SOURCE)
