"""Mails about requests for a session, sent in the background.

A task is given numbers of rows alone: whoever reads the queue learns nobody's address.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.models import SessionRequest, SessionRequestStep
from campaigns.services.request_links import renewed, told_again
from districts.models import Role
from safeguards.tasks import task

TOLD = (Role.MODERATOR, Role.ADMIN)


@task()
def tell_asker(step_id: int) -> int:
    """Mail the office's answer to who asked; return how many mails went out."""
    step = (
        SessionRequestStep.objects.select_related("request__district__site")
        .filter(pk=step_id)
        .first()
    )
    if step is None or not step.request.contact_email:
        return 0
    request = step.request
    with translation.override(request.language_code):
        subject = _("Your request %(number)s: %(state)s") % {
            "number": request.number,
            "state": step.get_state_display(),
        }
        return _send(
            subject,
            "campaigns/mail/request_answered.txt",
            {"request": request, "step": step, "link": told_again(request)},
            request.contact_email,
        )


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
        rows = [(row.number, renewed(row)) for row in requests]
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


def _send(subject: str, template: str, context: dict[str, Any], address: str) -> int:
    return send_mail(subject, render_to_string(template, context), None, [address])
