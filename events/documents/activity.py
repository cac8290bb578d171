"""Notula, berita acara and laporan kegiatan: a report as the papers that an office files."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from districts.paper import typeset
from districts.paper.flow import rich_nodes
from districts.terms import term_labels
from events.attendance import ages
from events.attendance.totals import Totals, totals_of
from events.documents.frame import (
    facts_of,
    frame_of,
    lines_of,
    plain,
    reference_of,
    signed,
    speakers_of,
)
from events.documents.spelled import day_in_words as spelled_day
from events.documents.spelled import number_in_words
from events.invite_words import place_of
from events.models import Letter, Occurrence, SessionReport, Sex
from events.report_reading import cost_in_words, day_in_words

MOST_PHOTOS = 12
BLANK_LINES = 5
Part = dict[str, Any]


def minutes_pdf(row: Occurrence, report: SessionReport | None, *, size: str = "a4") -> bytes:
    """Notula; what nobody wrote is left as lines to write on. Raises PaperFault."""
    with override(row.event.district.default_language):
        found = totals_of(row)
        data = _frame(row, _("Minutes of the meeting"), size) | {
            "facts": facts_of(
                row,
                (_("Chaired by"), "…………………………………"),
                (_("Minutes by"), "…………………………………"),
                (_("Speakers"), speakers_of(row.event)),
                (_("Who came"), _people_in_words(found)),
            ),
            "parts": [
                _part(_("What was said"), *_minutes(report)),
                _part(_("Results"), *_text(report, "results")),
                *_follow_ups(report),
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
        found = totals_of(row)
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
            else _("……… people came: ……… male and ……… female.")
        )
        data = _frame(row, _("Official record"), size) | {
            "number": _numbered(number),
            "facts": [],
            "opening": [opening, came],
            "parts": [
                _part(_("Results"), *_text(report, "results")),
                *_follow_ups(report),
            ],
            "closing": _("This record was made truthfully, to be used where it is needed."),
            "signing": [
                {"place": "", "function": _("On behalf of those who came")},
                signed(row.event.district, row.day),
            ],
        }
        return typeset("events/activity", data)


def activity_pdf(row: Occurrence, report: SessionReport | None, *, size: str = "a4") -> bytes:
    """Laporan kegiatan, with its photos; where a child could be recognised they are blurred."""
    with override(row.event.district.default_language):
        found = totals_of(row)
        photos, pictures = _photos(report)
        parts = [
            _part(_("Time and place"), lines=_time_and_place(row)),
            *([_part(_("Who came"), people=_table(found))] if found.number else []),
            _part(_("Course of the event"), *_minutes(report)),
            _part(_("Results"), *_text(report, "results")),
            *_optional(_("Challenges"), report, "challenges"),
            *_optional(_("Solutions"), report, "solutions"),
            *_follow_ups(report),
            *_commitments(report),
            *_cost(report),
            *([_part(_("Photos"), photos=photos)] if photos else []),
        ]
        data = _frame(row, _("Activity report"), size) | {
            "facts": facts_of(
                row,
                (_("Organiser"), row.event.organiser or row.event.district.office_name),
                (_("For whom"), _labels("audience", row.event.audience_codes)),
                (_("Speakers"), speakers_of(row.event)),
            ),
            "lettered": True,
            "parts": parts,
            "signing": [signed(row.event.district)],
        }
        return typeset("events/activity", data, pictures=pictures)


def _frame(row: Occurrence, title: str, size: str) -> dict[str, Any]:
    return frame_of(row, title, size=size) | {
        "number": "",
        "opening": [],
        "closing": "",
        "lettered": False,
        "words": {
            "no": _("No."),
            "age": _("Age group"),
            "male": _("Male (L)"),
            "female": _("Female (P)"),
            "total": _("Total"),
            "what": _("What is to be done"),
            "owner": _("Who does it"),
            "due": _("Until when"),
        },
    }


def _part(title: str, content: Part | None = None, **more: Any) -> Part:
    return {"title": title} | (content or {}) | {k: v for k, v in more.items() if v is not None}


def _minutes(report: SessionReport | None) -> tuple[Part]:
    nodes = rich_nodes(report.minutes_html) if report else []
    return ({"nodes": nodes} if nodes else {"blank": BLANK_LINES},)


def _text(report: SessionReport | None, name: str) -> tuple[Part]:
    lines = lines_of(getattr(report, name)) if report else []
    return ({"lines": lines} if lines else {"blank": BLANK_LINES},)


def _optional(title: str, report: SessionReport | None, name: str) -> list[Part]:
    lines = lines_of(getattr(report, name)) if report else []
    return [_part(title, {"lines": lines})] if lines else []


def _follow_ups(report: SessionReport | None) -> list[Part]:
    rows = list(report.follow_ups.all()) if report else []
    if not rows:
        return []
    told = [
        {"what": plain(one.what), "owner": plain(one.owner), "due": day_in_words(one.due)}
        for one in rows
    ]
    return [_part(_("Follow-up"), follow_ups=told)]


def _commitments(report: SessionReport | None) -> list[Part]:
    rows = list(report.commitments.all()) if report else []
    items = [plain(f"{one.number} {one.measure}") for one in rows]
    return [_part(_("Measures of the action plan (RAD)"), items=items)] if items else []


def _cost(report: SessionReport | None) -> list[Part]:
    cost = cost_in_words(report) if report else ""
    return [_part(_("Cost"), lines=[plain(cost)])] if cost else []


def _time_and_place(row: Occurrence) -> list[str]:
    facts = {one["name"]: one["text"] for one in facts_of(row)}
    keys = (_("Day and date"), _("Time"), _("Place"))
    return [", ".join(facts[key] for key in keys if key in facts)]


def _table(found: Totals) -> dict[str, Any]:
    labels = ages.age_groups()
    rows = []
    for age in dict.fromkeys(group.age_group for group in found.groups):
        by_sex = {group.sex: group.number for group in found.groups if group.age_group == age}
        male, female = by_sex.get(Sex.MALE, 0), by_sex.get(Sex.FEMALE, 0)
        name = plain(labels.get(age, age)) or _("age not asked")
        rows.append(
            {"name": name, "male": str(male), "female": str(female), "total": str(male + female)}
        )
    total = [
        _("Total"),
        str(found.of_sex(Sex.MALE)),
        str(found.of_sex(Sex.FEMALE)),
        str(found.number),
    ]
    note = (
        ngettext(
            "%(n)d of them has a disability.", "%(n)d of them have a disability.", found.disabled
        )
        % {"n": found.disabled}
        if found.disabled
        else ""
    )
    return {"rows": rows, "sum": total, "note": note}


def _people_in_words(found: Totals) -> str:
    if not found.number:
        return ""
    return _("%(total)s (%(male)s male, %(female)s female)") % {
        "total": found.number,
        "male": found.of_sex(Sex.MALE),
        "female": found.of_sex(Sex.FEMALE),
    }


def _spelled_people(number: int) -> str:
    words = number_in_words(number) if number < 10_000 else ""
    said = f"{number} ({words})" if words else str(number)
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": said}


def _numbered(reference: str) -> str:
    return _("Number: %(number)s") % {"number": reference or "…………………………"}


def _labels(vocabulary: str, codes: list[str] | None) -> str:
    known = term_labels(vocabulary)
    return ", ".join(known.get(code, code) for code in codes or ())


def _photos(report: SessionReport | None) -> tuple[list[dict[str, str]], dict[str, bytes]]:
    """The photos with their words, and their pictures by name; a lost file spoils no report."""
    files = [one for one in (report.files.all() if report else ()) if one.kind == "foto"]
    found, pictures = [], {}
    for number, file in enumerate(files[:MOST_PHOTOS], start=1):
        name = f"foto{number}"
        try:
            # What a page shows is enough on paper, and blurred where a child is seen.
            with file.shown.open("rb") as source:
                pictures[name] = source.read()
        except OSError:
            continue
        caption = plain(file.caption)
        if file.shows_child_face:
            caption = " ".join(filter(None, [caption, _("(blurred, a child is seen)")]))
        said = _("Photo %(number)d") % {"number": number}
        alt = f"{said}: {caption}" if caption else said
        found.append({"name": name, "alt": alt, "caption": caption or said})
    return found, pictures
