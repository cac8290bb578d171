"""Notula and berita acara: what was said at a session, and the record that it was held."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from districts.paper import typeset
from events.attendance.came import Came, who_came
from events.attendance.organisations import Line
from events.documents.frame import (
    facts_of,
    invitation_of,
    plain,
    reference_of,
    signed,
    speakers_of,
)
from events.documents.parts import (
    Part,
    follow_ups,
    minutes,
    numbered,
    organisations_in_words,
    paper_frame,
    part,
    people_in_words,
    text,
)
from events.documents.spelled import day_in_words as spelled_day
from events.documents.spelled import number_in_words
from events.invite_words import place_of
from events.models import Letter, Occurrence, SessionReport, Sex


def minutes_pdf(row: Occurrence, report: SessionReport | None, *, size: str = "a4") -> bytes:
    """Notula; what nobody wrote is left as lines to write on. Raises PaperFault."""
    with override(row.event.district.default_language):
        came = who_came(row)
        invitation = invitation_of(row)
        data = paper_frame(row, _("Minutes of the meeting"), size) | {
            "facts": facts_of(
                row,
                (_("Invitation"), invitation.reference if invitation else ""),
                (_("Agenda"), invitation.agenda if invitation else ""),
                (_("Chaired by"), "…………………………………"),
                (_("Minutes by"), "…………………………………"),
                (_("Speakers"), speakers_of(row.event)),
                (_("Who came"), _people_of_organisations(came) or people_in_words(came.totals)),
            ),
            "parts": [
                *_organisations(came.told),
                part(_("What was said"), *minutes(report)),
                part(_("Results"), *text(report, "results")),
                *follow_ups(report),
            ],
            "signing": [
                {"place": "", "function": _("Chaired by")},
                {
                    "place": signed(row.event.district, row.day)["place"],
                    "function": _("Minutes by"),
                },
            ],
        }
        return typeset("events/activity", data)


def record_pdf(row: Occurrence, report: SessionReport | None, *, size: str = "a4") -> bytes:
    """Berita acara: on which day what was done, with how many people. Raises PaperFault."""
    with override(row.event.district.default_language):
        came = who_came(row)
        number = reference_of(row, Letter.Kind.MINUTES)
        opening = _(
            "Today, %(day)s, at %(place)s, the event “%(event)s” took place, held by %(office)s."
        ) % {
            "day": spelled_day(row.day),
            "place": plain(place_of(row.event, row)) or "…………………",
            "event": plain(row.title or row.event.title),
            "office": plain(row.event.organiser or row.event.district.office_name),
        }
        people = (
            _people_of_organisations(came)
            or _people_by_sex(came)
            or _("……… people came: ……… male and ……… female.")
        )
        data = paper_frame(row, _("Official record"), size) | {
            "number": numbered(number),
            "facts": [],
            "opening": [opening, people],
            "parts": [
                *_organisations(came.told),
                part(_("Results"), *text(report, "results")),
                *follow_ups(report),
            ],
            "closing": _("This record was made truthfully, to be used where it is needed."),
            "signing": [
                {"place": "", "function": _("On behalf of those who came")},
                signed(row.event.district, row.day),
            ],
        }
        return typeset("events/activity", data)


def _spelled_people(number: int) -> str:
    words = number_in_words(number) if number < 10_000 else ""
    said = f"{number} ({words})" if words else str(number)
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": said}


def _people_by_sex(came: Came) -> str:
    found = came.totals
    if not found.number:
        return ""
    return _("%(people)s came: %(male)s male and %(female)s female.") % {
        "people": _spelled_people(found.number),
        "male": found.of_sex(Sex.MALE),
        "female": found.of_sex(Sex.FEMALE),
    }


def _people_of_organisations(came: Came) -> str:
    """How many came where organisations told of more than are named or counted, and of how many of
    them more is known; "" elsewhere."""
    found = came.totals
    if came.for_organisations <= found.number:
        return ""
    said = _("%(people)s came, of %(organisations)d organisations.") % {
        "people": _spelled_people(came.number),
        "organisations": came.organisations,
    }
    if not found.number:
        return said
    known = ngettext(
        "%(n)d of them is named or counted: %(male)d male and %(female)d female.",
        "%(n)d of them are named or counted: %(male)d male and %(female)d female.",
        found.number,
    ) % {
        "n": found.number,
        "male": found.of_sex(Sex.MALE),
        "female": found.of_sex(Sex.FEMALE),
    }
    return f"{said} {known}"


def _organisations(told: list[Line]) -> list[Part]:
    """Who was represented, by whom and by how many; and who was not."""
    came = [one for one in told if one.came]
    away = [plain(one.label) for one in told if one.came is False]
    lists = {
        _("Organisations that came"): organisations_in_words(came),
        _("Organisations that did not come"): away,
    }
    return [part(title, items=items) for title, items in lists.items() if items]
