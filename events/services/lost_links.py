"""The links to somebody's registrations, mailed once more to the address they gave."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import District
from events import tasks
from events.models import Registration
from events.moments import moment_of
from events.services.private_links import LINK
from events.words import public_wording
from safeguards.owed_mails import hand_over_once

MOST_LINKS = 10


def mail_links(*, district: District, email: str, now: datetime) -> None:
    """Mail the private pages of this address for dates that are not over, if there are any.

    Takes the same way for every address, so that nobody learns who registered.
    """
    rows = Registration.objects.for_district(district).filter(
        email__iexact=email, occurrence__end__gt=now
    )
    found = rows.exclude(state=Registration.State.CANCELLED).order_by("occurrence__start", "pk")
    tasks.send_links.enqueue(list(found.values_list("pk", flat=True)[:MOST_LINKS]))


def send(registrations: list[int]) -> int:
    """Write one mail with the links to these registrations, all of one address; 1 when it left."""
    mine = list(
        Registration.objects.filter(pk__in=registrations)
        .exclude(email="")
        .select_related("district__site", "occurrence__event__region__parent")
        .select_related("occurrence__event__district")
        .order_by("occurrence__start", "pk")
    )
    if not mine:
        return 0
    with translation.override(mine[0].language_code):
        context = {
            "rows": [(*_told(one), LINK.renewed(one)) for one in mine],
            "office": mine[0].district.office_name,
        }
        body = render_to_string("events/mail/lost_links.txt", context)
        subject = _("The link to your registration")
        return hand_over_once(EmailMessage(subject, body, to=[mine[0].email]))


def _told(registration: Registration) -> tuple[str, str]:
    row, event = registration.occurrence, registration.occurrence.event
    title = row.title if row.title and not event.guarded else public_wording(event).title
    return title, moment_of(event, row).day
