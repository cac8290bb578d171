"""Mails about dates to come that were given up, for the office's list of such mails."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from districts.models import District
from districts.unsent import Unsent, UnsentSource, register_unsent, shown
from events.models import Event, Reminder
from events.reminder_mail import POST
from events.services.planning import APPROVERS
from events.services.reminding import judged


def given_up(district: District) -> QuerySet:
    """What is over needs no mail any more."""
    rows = judged().for_district(district)
    return rows.filter(state=Reminder.State.FAILED, occurrence__end__gt=timezone.now())


def unsent_to_proposer(event: Event) -> list[Unsent]:
    """The mails to who proposed this session that did not leave."""
    rows = given_up(event.district_id).filter(occurrence__event=event, registration=None)
    return shown(SOURCE, rows.order_by("due_at", "pk")[:10])


def _told(owed: Reminder) -> tuple[Any, str, str]:
    row, event = owed.occurrence, owed.occurrence.event
    about = f"{row.title or event.title}, {date_format(row.day, 'j F Y')}"
    if owed.registration_id is None:
        return owed.get_what_display(), about, reverse("event_detail", args=[event.pk])
    url = reverse("event_registrations", args=[event.pk, row.pk])
    return owed.get_what_display(), about, url


SOURCE = UnsentSource("reminder", APPROVERS, given_up, _told, POST)
register_unsent(SOURCE)
