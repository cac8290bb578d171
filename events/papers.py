"""Papers of a session: the office's invitation as a letter, and a poster with the code to scan.

Both are set when asked for and kept nowhere: a letter names whom it goes to.
"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.models import District
from districts.paper import letterhead, qr_svg, typeset
from districts.paper.flow import plain as printable
from events.invite_words import place_of
from events.models import Event, Letter, Occurrence
from events.moments import moment_of, public_address
from events.words import kind_label, public_wording

# More addressees than these stand on a page of their own.
MOST_ON_LETTER = 4


def letter_pdf(letter: Letter, *, size: str = "a4") -> bytes:
    """The invitation to one date, in the office's own language, on A4 or F4. Raises PaperFault."""
    district = letter.occurrence.event.district
    with override(district.default_language):
        frame = _frame(district, _("Invitation")) | {"size": size}
        return typeset("events/letter", frame | _letter(letter))


def poster_pdf(row: Occurrence) -> bytes:
    """Title, day and place of a public date, and its address to scan. Raises PaperFault."""
    event = row.event
    address = public_address(event, row)
    with override(event.district.default_language):
        return typeset(
            "events/poster", _poster(event, row, address), pictures={"qr": qr_svg(address)}
        )


def _frame(district: District, title: str) -> dict[str, Any]:
    return {
        "language": district.default_language,
        "title": plain(title),
        "head": letterhead(district),
    }


def _letter(letter: Letter) -> dict[str, Any]:
    row = letter.occurrence
    event, district = row.event, row.event.district
    moment = moment_of(event, row)
    invited = [plain(name) for name in event.invited.values_list("label", flat=True)]
    apart = len(invited) > MOST_ON_LETTER
    facts = [
        (_("Day and date"), moment.day),
        (_("Time"), moment.hours),
        (_("Place"), place_of(event, row)),
        (_("Event"), row.title or event.title),
        (_("Agenda"), letter.agenda),
        (_("To bring"), event.materials),
    ]
    return {
        "place_and_day": f"{district.short_name}, {date_format(letter.day, 'j F Y')}",
        "references": [
            {"name": _("Number"), "text": plain(letter.reference)},
            {"name": _("Urgency"), "text": letter.get_urgency_display()},
            {"name": _("Enclosure"), "text": _("1 sheet") if apart else "–"},
            {"name": _("Subject"), "text": _("Invitation")},
        ],
        "to": _("To:"),
        "addressees": [_("(list enclosed)")] if apart else invited or [_("(addressee)")],
        "greeting": _("Dear Sir or Madam,"),
        "opening": _("We kindly ask you to attend this event (%(kind)s):")
        % {"kind": plain(kind_label(event.kind))},
        "facts": [{"name": name, "text": plain(text)} for name, text in facts if text],
        "closing": _("We thank you for your attention and for coming."),
        "signatory": plain(district.signatory),
        "under": _("NIP"),
        "enclosure": {
            "title": _("List of those invited"),
            "under": _("Enclosure to the letter %(number)s") % {"number": plain(letter.reference)},
            "rows": invited if apart else [],
        },
    }


def _poster(event: Event, row: Occurrence, address: str) -> dict[str, Any]:
    words, moment = public_wording(event), moment_of(event, row)
    return _frame(event.district, row.title or words.title) | {
        "kind": plain(words.kind),
        "day": moment.day,
        "hours": moment.hours,
        "place": plain(row.venue or words.place),
        "note": plain(row.note),
        "address": address.partition("://")[2],
        "scan": _("Scan to read more, to register and to put it into your calendar:")
        if event.takes_registrations
        else _("Scan to read more and to put it into your calendar:"),
    }


def plain(text: str) -> str:
    """One line of what a font can show; U+2028 would begin another one."""
    return printable(" ".join(text.split()))
