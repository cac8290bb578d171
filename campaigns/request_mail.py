"""Mails about requests for a session, sent in the background.

A task is given numbers of rows alone: whoever reads the queue learns nobody's address.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.models import AnswerMail, SessionRequest
from campaigns.services.request_links import LINK
from districts.models import Role
from safeguards import owed_mails
from safeguards.tasks import task
from safeguards.ticks import register_tick

TOLD = (Role.MODERATOR, Role.ADMIN)


def answers() -> QuerySet:
    """Mails with answers, what their words need, and whether a later answer was told (`is_old`)."""
    told = AnswerMail.objects.filter(
        step__request=OuterRef("step__request"),
        step__gt=OuterRef("step"),
        state__in=(AnswerMail.State.SENDING, AnswerMail.State.SENT),
    )
    rows = AnswerMail.objects.select_related("step__request__district__site")
    return rows.annotate(is_old=Exists(told))


def still_true(owed: AnswerMail, _now: datetime) -> bool:
    """Whether a row of `answers` is to be sent: not after a later answer, which it contradicts.

    Who asked may have taken the address back meanwhile.
    """
    return bool(owed.step.request.contact_email) and not owed.is_old


def answer_mail(owed: AnswerMail) -> EmailMessage:
    """The office's answer to who asked, in the language they asked in."""
    step, request = owed.step, owed.step.request
    with translation.override(request.language_code):
        subject = _("Your request %(number)s: %(state)s") % {
            "number": request.number,
            "state": step.get_state_display(),
        }
        return _made(
            subject,
            "campaigns/mail/request_answered.txt",
            {"request": request, "step": step, "link": LINK.told_again(request)},
            request.contact_email,
        )


ANSWERS = owed_mails.Post(answers, still_true, answer_mail)


@task()
def tell_asker(step_id: int) -> int:
    """Mail the office's answer to who asked, at once; return how many mails went out.

    What does not leave now is sent by the clock.
    """
    owed = AnswerMail.objects.filter(step=step_id).first()
    if owed is None:
        return 0
    try:
        return owed_mails.send_one(ANSWERS, owed.pk, max(timezone.now(), owed.due_at))
    except owed_mails.NotSent:
        return 0


def send_answers(now: datetime) -> int:
    """Send the answers that are due; return how many mails went out."""
    return owed_mails.send_due(ANSWERS, now)


@task()
def tell_office(request_id: int, news: str) -> int:
    """Mail those who moderate that a request came, was answered or withdrawn."""
    request = (
        SessionRequest.objects.select_related("district__site", "region__parent")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        return 0
    colleagues = get_user_model().objects.filter(
        memberships__district=request.district_id,
        memberships__role__in=TOLD,
        memberships__ended_at__isnull=True,
        is_active=True,
    )
    with translation.override(request.district.default_language):
        subject = _("Request %(number)s for a session") % {"number": request.number}
        context = {"request": request, "news": news, "link": _desk_address(request)}
        return sum(
            _send(subject, "campaigns/mail/request_came.txt", context, colleague.email)
            for colleague in colleagues.distinct()
            if getattr(colleague, "has_email", bool(colleague.email))
        )


@task()
def send_links(request_ids: list[int]) -> int:
    """Mail the addresses of these requests' status pages, all to the one who asked."""
    requests = list(
        SessionRequest.objects.filter(pk__in=request_ids)
        .exclude(contact_email="")
        .select_related("district__site")
    )
    if not requests:
        return 0
    with translation.override(requests[0].language_code):
        rows = [(row.number, LINK.renewed(row)) for row in requests]
        return _send(
            _("The link to your request"),
            "campaigns/mail/request_links.txt",
            {"rows": rows, "office": requests[0].district.office_name},
            requests[0].contact_email,
        )


def _desk_address(request: SessionRequest) -> str:
    # Where requests are answered is the project's own; another project may have it elsewhere.
    try:
        return request.district.site.root_url + reverse("request_detail", args=[request.pk])
    except NoReverseMatch:
        return ""


def _made(subject: str, template: str, context: dict[str, Any], address: str) -> EmailMessage:
    return EmailMessage(subject, render_to_string(template, context), to=[address])


def _send(subject: str, template: str, context: dict[str, Any], address: str) -> int:
    return owed_mails.hand_over_once(_made(subject, template, context, address))


register_tick("campaigns.send_answers", send_answers)
