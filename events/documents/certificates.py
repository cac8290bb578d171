"""Certificates as one PDF, a page for each person, with a serial and a code to verify it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from districts.models import District
from districts.paper import letterhead, typeset
from events.documents.drawn_codes import codes_for
from events.documents.frame import plain
from events.models import Certificate, Event
from events.serials import serial_of, spaced

MOST_AT_ONCE = 200


class NothingToPrint(LookupError):
    """None of the certificates can be printed: revoked, or our secret was changed since."""


def certificates_pdf(
    event: Event, certificates: Sequence[Certificate], *, size: str = "a4"
) -> bytes:
    """Those that hold, in the order given, each on a sheet of its own, "a4" or "f4".

    `event` comes with its district and site.

    Raises NothingToPrint, and PaperFault.
    """
    district = event.district
    printed = [(one, serial_of(one)) for one in certificates if one.revoked_at is None]
    printed = [(one, serial) for one, serial in printed if serial]
    if not printed:
        raise NothingToPrint
    with override(district.default_language):
        data = data_of(district, printed) | {"size": size}
        prefix, suffix = verification_address(district)
    codes = codes_for(prefix, [serial for _one, serial in printed], suffix)
    pictures = {f"qr{number}": code for number, code in enumerate(codes)}
    return typeset("events/certificate", data, pictures=pictures)


def verification_address(district: District) -> tuple[str, str]:
    """What stands before and after a serial."""
    mark = "A" * 28
    before, _mark, after = reverse("event_certificate_verify", args=[mark]).partition(mark)
    return district.site.root_url + before, after


def data_of(district: District, printed: Sequence[tuple[Certificate, str]]) -> dict[str, Any]:
    first = printed[0][0]
    prefix, _suffix = verification_address(district)
    return {
        "language": district.default_language,
        "title": plain(_("Certificate") + f": {first.title}"),
        "name": _("Certificate"),
        "head": letterhead(district),
        "given": _("is given to"),
        "event": plain(first.title),
        "signatory": plain(district.signatory) or _("(function of who signs)"),
        "check": _("Verify it here"),
        "address": prefix.partition("://")[2],
        "serial_name": _("Serial"),
        "people": [_person(district, one, serial) for one, serial in printed],
    }


def _person(district: District, one: Certificate, serial: str) -> dict[str, str]:
    return {
        "name": plain(one.name),
        "words": plain(
            _("for taking part in “%(title)s”, %(days)s, %(hours)s.")
            % {"title": one.title, "days": days_of(one), "hours": hours_of(one.minutes)}
        ),
        "place": plain(f"{district.short_name}, {date_format(one.issued_at, 'j F Y')}"),
        "serial": spaced(serial),
    }


def days_of(one: Certificate) -> str:
    if one.first_day == one.last_day:
        return date_format(one.first_day, "j F Y")
    return _("%(first)s to %(last)s") % {
        "first": date_format(one.first_day, "j F Y"),
        "last": date_format(one.last_day, "j F Y"),
    }


def hours_of(minutes: int) -> str:
    """ "1,5 hours" as the language writes it, to the quarter of an hour below."""
    quarters = max(minutes // 15, 1)
    whole, rest = divmod(quarters, 4)
    text = f"{whole}" + ("", ",25", ",5", ",75")[rest]
    return ngettext("%(number)s hour", "%(number)s hours", whole + bool(rest)) % {"number": text}
