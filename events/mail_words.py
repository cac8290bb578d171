"""A mail about one date: words in the reader's language, and the date as a calendar file."""

from copy import copy
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from events import ical
from events.models import Event, Occurrence, Registration, Reminder
from events.moments import moment_of, public_address
from events.services.feed_entries import public_told
from events.services.private_links import LINK
from events.stood import as_it_stood
from events.words import member_wording, public_wording

What = Reminder.What


def made_mail(reminder: Reminder) -> EmailMultiAlternatives:
    """The message of a row, to one person; who proposed a session reads all of it."""
    registration, row = reminder.registration, as_it_stood(reminder.occurrence)
    event = row.event
    if registration is None:
        to, language = reminder.member.email, event.district.default_language
    else:
        to, language = registration.email, registration.language_code
    with translation.override(language):
        words = public_wording(event) if registration else member_wording(event)
        is_member = registration is None
        title = _shown(row.title, words.title, event, is_member)
        context = {
            "what": reminder.what,
            "title": title,
            "moment": moment_of(event, row),
            "place": _shown(row.venue, words.place, event, is_member),
            "note": _shown(row.note, "", event, is_member),
            "office": event.district.office_name,
            "registration": registration,
            "waits": registration is not None and registration.state == Registration.State.WAITING,
            "link": LINK.told_again(registration) if registration else "",
            "public": public_address(event, row) if row.is_public else "",
        }
        text = render_to_string("events/mail/reminder.txt", context)
        message = EmailMultiAlternatives(
            subject=_one_line(_subject(reminder, registration) % {"title": title}),
            body=text,
            to=[to],
        )
        if not context["waits"] and reminder.what != What.REMOVED:
            calendar = date_file(event, row, full=is_member)
            message.attach("kegiatan.ics", calendar, "text/calendar")
    return message


def date_file(event: Event, row: Occurrence, *, full: bool = False) -> str:
    """One date as a calendar of its own, without METHOD: nobody is asked to answer it.

    `full` is for who proposed it: of a guarded session others get its day alone. Guarded or open,
    it is the same entry of their calendar.
    """
    told = public_told(event)
    if full and event.guarded:
        event = copy(event)
        event.guarded = False
        words = member_wording(event)
        told = ical.Told(words.title, words.place, told.url, (words.kind,), words.summary)
    head = ical.head(
        name=event.district.office_name,
        description="",
        color="teal",
        url=event.district.site.root_url,
        zones=[] if event.guarded else [event.timezone],
    )
    for component in ical.flat_components(event, [row], told, keeps_uid=True):
        head.add_component(component)
    return head.to_ical().decode()


def _shown(own: str, usual: str, event: Event, is_member: bool) -> str:
    """What is different on this date comes before what the event says, unless it is guarded."""
    return own if own and (is_member or not event.guarded) else usual


def _subject(reminder: Reminder, registration: Any) -> str:
    waits = registration is not None and registration.state == Registration.State.WAITING
    return {
        What.SOON: _("Soon: %(title)s"),
        What.MOVED: _("Changed: %(title)s"),
        What.CANCELLED: _("Cancelled: %(title)s"),
        What.PROMOTED: _("A place became free: %(title)s"),
        What.REMOVED: _("Your registration was cancelled: %(title)s"),
        What.REGISTERED: _("On the waiting list: %(title)s")
        if waits
        else _("You are registered: %(title)s"),
    }[reminder.what]


def _one_line(text: str) -> str:
    return " ".join(text.split())
