"""Texts to paste into a group chat: an invitation and a reminder for one date."""

from django.utils.translation import gettext as _

from events.ical import plain
from events.models import Event, Occurrence
from events.moments import moment_of, public_address
from events.services.registering import why_closed
from events.words import member_wording, public_wording


def invitation_text(event: Event, row: Occurrence, now) -> str:
    """What a host sends to those they invite; stars make bold letters there."""
    lines = [_("You are invited:"), f"*{_title(event, row)}*", "", *_facts(event, row)]
    if event.materials:
        lines.append(_("Please bring: %(things)s") % {"things": plain(event.materials)})
    if _is_open_to_all(event, row):
        lines += ["", _("More about it:"), public_address(event, row)]
        if not why_closed(row, now):
            lines += [_("Register here:"), f"{public_address(event, row)}daftar/"]
    return "\n".join([*lines, "", event.district.office_name])


def reminder_text(event: Event, row: Occurrence) -> str:
    """A short word before the day."""
    lines = [_("A reminder:"), f"*{_title(event, row)}*", *_facts(event, row)]
    if row.note:
        lines.append(plain(row.note))
    if _is_open_to_all(event, row):
        lines += ["", public_address(event, row)]
    return "\n".join(lines)


def place_of(event: Event, row: Occurrence) -> str:
    """Where the date is held: as everybody reads it, or of a guarded session as members do."""
    words = member_wording(event) if event.guarded else public_wording(event)
    return row.venue or words.place


def _title(event: Event, row: Occurrence) -> str:
    return " ".join(plain(row.title or event.title).split())


def _facts(event: Event, row: Occurrence) -> list[str]:
    moment = moment_of(event, row)
    lines = [
        _("Day: %(day)s") % {"day": moment.day},
        _("Time: %(hours)s") % {"hours": moment.hours},
    ]
    if place := place_of(event, row):
        lines.append(_("Place: %(place)s") % {"place": " ".join(plain(place).split())})
    return lines


def _is_open_to_all(event: Event, row: Occurrence) -> bool:
    return row.is_public and not event.guarded
