"""Surat tugas: whom the office sends to a session, on which basis. Its names are kept nowhere."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from districts.paper import typeset
from districts.regulations import by_rank, laws_named
from events.documents.frame import facts_of, frame_of, plain, reference_of, signed
from events.documents.spelled import law_in_words
from events.models import Letter, Occurrence
from events.outlines import outline_for

BLANK_ROWS = 4


def duty_pdf(
    row: Occurrence, people: list[tuple[str, str]], *, day: date | None = None, size: str = "a4"
) -> bytes:
    """`people` are (name, function); none leaves rows to write on. Raises PaperFault."""
    district = row.event.district
    with override(district.default_language):
        laws = laws_named(by_rank(outline_for(district, row.event.kind).laws))
        number = reference_of(row, Letter.Kind.DUTY)
        data = frame_of(row, _("Letter of duty"), size=size) | {
            "number": _("Number: %(number)s") % {"number": number or "…………………………"},
            "basis": {
                "name": pgettext("of a letter of duty", "Basis"),
                "rows": [plain(law_in_words(law)) for law in laws],
            },
            "opening": _("%(office)s gives this duty to:")
            % {"office": plain(district.office_name)},
            "columns": {"no": _("No."), "name": _("Name"), "position": _("Function")},
            "people": [
                {"name": plain(name), "position": plain(position)} for name, position in people
            ],
            "rows": 0 if people else BLANK_ROWS,
            "order": _("to take part in and to carry out this event:"),
            "facts": facts_of(row),
            "closing": _(
                "Please carry out this duty responsibly, and report on it when it is done."
            ),
            "signing": signed(district, day),
        }
        return typeset("events/duty", data)
