"""Tells editors, once for each threshold, that a module's review is near."""

import logging
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import ngettext

from districts.models import District, Role
from modules.models import ReviewWarning
from modules.review import Warned, untold
from safeguards.ticks import register_tick

logger = logging.getLogger(__name__)

TOLD = (Role.EDITOR, Role.MODERATOR)


def warn_editors(now: datetime) -> int:
    """Mail what is due; return how many warnings went out.

    What was not sent is not written down, so the next round tries again; one office whose mail
    fails holds up no other.
    """
    sent = 0
    for office, warned in untold(now):
        try:
            if not _mail(office, warned):
                continue
        except OSError:
            # SMTP errors and lost connections alike.
            logger.exception("The review warning of %s was not sent", office.slug)
            continue
        ReviewWarning.objects.bulk_create(
            [
                ReviewWarning(page=one.page, due=one.page.review_due, days=one.days, sent_at=now)
                for one in warned
            ],
            ignore_conflicts=True,
        )
        sent += len(warned)
    return sent


def _mail(office: District, warned: list[Warned]) -> int:
    colleagues = get_user_model().objects.filter(
        memberships__district=office,
        memberships__role__in=TOLD,
        memberships__ended_at__isnull=True,
        is_active=True,
    )
    addresses = [
        colleague.email
        for colleague in colleagues.distinct().order_by("pk")
        if getattr(colleague, "has_email", bool(colleague.email))
    ]
    if not addresses:
        return 0
    with translation.override(office.default_language):
        subject = ngettext(
            "%(n)d module is to be reviewed", "%(n)d modules are to be reviewed", len(warned)
        ) % {"n": len(warned)}
        body = render_to_string(
            "modules/mail/review_due.txt",
            {"office": office, "warned": warned, "link": _overview(office)},
        )
    # One message, so that it is sent or not sent as a whole; nobody sees the others' addresses.
    return EmailMessage(subject, body, bcc=addresses).send()


def _overview(office: District) -> str:
    try:
        return office.site.root_url + reverse("module_review:index")
    except NoReverseMatch:
        return ""


# Every hour rather than once a day, so that a mail server that was away delays little.
register_tick("modules.warn_editors", warn_editors, every=timedelta(hours=1))
