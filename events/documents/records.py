"""Notula and berita acara: what was said at a session, and the record that it was held."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from districts.paper import typeset
from events.attendance.organisations import Line, organisations_of, people_of
from events.attendance.totals import totals_of
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
        found, told = totals_of(row), organisations_of(row)
        invitation = invitation_of(row)
        data = paper_frame(row, _("Minutes of the meeting"), size) | {
            "facts": facts_of(
                row,
                (_("Invitation"), invitation.reference if invitation else ""),
                (_("Agenda"), invitation.agenda if invitation else ""),
                (_("Chaired by"), "…………………………………"),
                (_("Minutes by"), "…………………………………"),
                (_("Speakers"), speakers_of(row.event)),
                (_("Who came"), people_in_words(found) or _people_of_organisations(told)),
            ),
            "parts": [
                *_organisations(told),
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
        found, told = totals_of(row), organisations_of(row)
        number = reference_of(row, Letter.Kind.MINUTES)
        opening = _(
            "Today, %(day)s, at %(place)s, the event “%(event)s” took place, held by %(office)s."
        ) % {
            "day": spelled_day(row.day),
            "place": plain(place_of(row.event, row)) or "…………………",
            "event": plain(row.title or row.event.title),
            "office": plain(row.event.organiser or row.event.district.office_name),
        }
        came = (
            _("%(people)s came: %(male)s male and %(female)s female.")
            % {
                "people": _spelled_people(found.number),
                "male": found.of_sex(Sex.MALE),
                "female": found.of_sex(Sex.FEMALE),
            }
            if found.number
            else _people_of_organisations(told) or _("……… people came: ……… male and ……… female.")
        )
        data = paper_frame(row, _("Official record"), size) | {
            "number": numbered(number),
            "facts": [],
            "opening": [opening, came],
            "parts": [
                *_organisations(told),
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


def _people_of_organisations(told: list[Line]) -> str:
    """How many came where nobody was written down by name or counted by group."""
    people = people_of(told)
    if not people:
        return ""
    return _("%(people)s came, of %(organisations)d organisations.") % {
        "people": _spelled_people(people),
        "organisations": sum(bool(one.came) for one in told),
    }


def _organisations(told: list[Line]) -> list[Part]:
    """Who was represented, by whom and by how many; and who was not."""
    came = [one for one in told if one.came]
    away = [plain(one.label) for one in told if one.came is False]
    lists = {
        _("Organisations that came"): organisations_in_words(came),
        _("Organisations that did not come"): away,
    }
    return [part(title, items=items) for title, items in lists.items() if items]
