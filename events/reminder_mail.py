"""Sends the mails that are owed about dates, once a minute, each at most once."""

from datetime import datetime

from django.db.models import QuerySet

from events.mail_words import made_mail
from events.services.reminding import judged, still_true, waits
from safeguards import owed_mails
from safeguards.ticks import register_tick


def rows() -> QuerySet:
    """Reminders with what their words need."""
    return (
        judged()
        .select_related("registration__district__site", "member")
        .select_related("occurrence__event__district__site", "occurrence__event__organiser")
        .select_related("occurrence__event__region__parent")
    )


POST = owed_mails.Post(rows, still_true, made_mail, waits)


def send_due(now: datetime) -> int:
    """Send what is due; return how many mails went out."""
    return owed_mails.send_due(POST, now)


register_tick("events.send_reminders", send_due)
