"""Laporan kegiatan: the report of one date as a superior gets it, chapter by chapter.

Its chapters are those that offices expect (DOMAIN section 6). Where a chapter that every report has
was not written there are lines to write on before it is signed; any other is left out.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from districts.paper import typeset
from districts.regulations import by_rank, laws_named
from districts.terms import term_labels
from events.attendance.came import who_came
from events.documents.frame import (
    facts_of,
    invitation_of,
    lines_of,
    plain,
    reference_of,
    signed,
    speakers_of,
)
from events.documents.parts import (
    Part,
    follow_ups,
    minutes,
    organisations_in_words,
    paper_frame,
    part,
    people_table,
    text,
)
from events.documents.spelled import law_in_words
from events.models import CHAPTERS, Attendance, Letter, Occurrence, SessionReport
from events.outlines import Chapters, chapters_of
from events.report_reading import cost_in_words

MOST_PHOTOS = 12
SHORT_BLANK = 3
# Whatever came of it, a report says these.
NEEDED = frozenset({"background", "purpose", "evaluation", "conclusion", "suggestions"})


def activity_pdf(row: Occurrence, report: SessionReport | None, *, size: str = "a4") -> bytes:
    """With its photos; where a child could be recognised they are blurred. Raises PaperFault."""
    with override(row.event.district.default_language):
        chapters = chapters_of(row.event, report)
        photos, pictures = _photos(report)
        groups = [
            (_("Introduction"), _introduction(chapters)),
            (_("How it was held"), _held(row, report, chapters)),
            (_("What came of it"), _outcome(report, chapters)),
            (_("Closing"), _closing(report, chapters)),
        ]
        data = paper_frame(row, _("Activity report"), size) | {
            "facts": facts_of(
                row,
                (_("Organiser"), row.event.organiser or row.event.district.office_name),
                (_("For whom"), _labels("audience", row.event.audience_codes)),
            ),
            "parts": [one for title, parts in groups for one in [{"chapter": title}, *parts]],
            "closing": _("This report was made truthfully, to be used where it is needed."),
            "signing": [
                {
                    "place": _("Seen by"),
                    "function": signed(row.event.district)["function"],
                    "under": _("NIP"),
                },
                {
                    "place": signed(row.event.district)["place"],
                    "function": _("Reported by"),
                    "under": _("NIP"),
                },
            ],
            "enclosures": {
                "title": _("Enclosures"),
                "how": _("What is enclosed is ticked."),
                "rows": _enclosures(row, len(photos)),
            },
            "photos": {"title": _("Photos"), "rows": photos},
        }
        return typeset("events/activity", data, pictures=pictures)


def _introduction(chapters: Chapters) -> list[Part]:
    laws = [law_in_words(law) for law in laws_named(by_rank(chapters["laws"]))]
    basis = {"steps": [plain(law) for law in laws]} if laws else {"blank": SHORT_BLANK}
    return [
        *_chapter("background", chapters),
        part(_("Legal basis"), basis),
        *_chapter("purpose", chapters),
        *_chapter("scope", chapters),
    ]


def _held(row: Occurrence, report: SessionReport | None, chapters: Chapters) -> list[Part]:
    speakers = speakers_of(row.event)
    cost = cost_in_words(report) if report else ""
    return [
        part(_("Time and place"), lines=_time_and_place(row)),
        *_chapter("committee", chapters),
        *_came(row),
        *([part(_("Speakers"), lines=[plain(speakers)])] if speakers else []),
        *_materials(row, chapters),
        part(_("Course of the event"), *minutes(report, deeper=1)),
        *([part(_("Cost"), lines=[plain(cost)])] if cost else []),
    ]


def _outcome(report: SessionReport | None, chapters: Chapters) -> list[Part]:
    rows = list(report.commitments.all()) if report else []
    measures = [plain(f"{one.number} {one.measure}") for one in rows]
    return [
        part(_("Results"), *text(report, "results")),
        *([part(_("Measures of the action plan (RAD)"), items=measures)] if measures else []),
        *_optional(_("Challenges"), report, "challenges"),
        *_optional(_("Solutions"), report, "solutions"),
        *_chapter("evaluation", chapters),
    ]


def _closing(report: SessionReport | None, chapters: Chapters) -> list[Part]:
    return [
        *_chapter("conclusion", chapters),
        *_chapter("suggestions", chapters),
        *follow_ups(report),
    ]


def _chapter(name: str, chapters: Chapters) -> list[Part]:
    lines = lines_of(chapters[name])
    if lines:
        return [part(str(CHAPTERS[name]), lines=lines)]
    return [part(str(CHAPTERS[name]), {"blank": SHORT_BLANK})] if name in NEEDED else []


def _optional(title: str, report: SessionReport | None, name: str) -> list[Part]:
    lines = lines_of(getattr(report, name)) if report else []
    return [part(title, {"lines": lines})] if lines else []


def _came(row: Occurrence) -> list[Part]:
    came = who_came(row)
    organisations = organisations_in_words(one for one in came.told if one.came)
    if not came.totals.number and not organisations:
        return [part(_("Who came"), {"blank": SHORT_BLANK})]
    people = people_table(came) if came.totals.number else None
    return [part(_("Who came"), people=people, items=organisations or None)]


def _materials(row: Occurrence, chapters: Chapters) -> list[Part]:
    topics = [plain(f"{one.topic} ({one.name})") for one in row.event.speakers.all() if one.topic]
    pages = row.event.pages.order_by("position", "pk").values_list("page__title", flat=True)
    items = [*topics, *(plain(title) for title in pages)]
    lines = lines_of(chapters["materials"])
    if not lines and not items:
        return []
    title = str(CHAPTERS["materials"])
    return [part(title, lines=lines or None, items=items or None)]


def _enclosures(row: Occurrence, photos: int) -> list[dict[str, object]]:
    """What belongs to a report; what the office has here is ticked, the rest by hand."""
    named = Attendance.objects.for_district(row.district_id).filter(occurrence=row).came().count()
    invitation = invitation_of(row)
    known = [
        (_("Terms of reference (TOR/KAK)"), ""),
        (_("Decree (SK)"), ""),
        (_("Invitation"), invitation.reference if invitation else ""),
        (_("Letter of duty"), reference_of(row, Letter.Kind.DUTY)),
        (
            _("Attendance list"),
            ngettext("%(n)d name", "%(n)d names", named) % {"n": named} if named else "",
        ),
        (_("Minutes of the meeting"), ""),
        (_("Official record"), reference_of(row, Letter.Kind.MINUTES)),
        (pgettext("of a report", "Material"), ""),
        (_("Photos"), ngettext("%(n)d photo", "%(n)d photos", photos) % {"n": photos})
        if photos
        else (_("Photos"), ""),
        (_("Accounts (SPJ)"), ""),
    ]
    return [{"name": name, "text": plain(said), "ticked": bool(said)} for name, said in known]


def _time_and_place(row: Occurrence) -> list[str]:
    facts = {one["name"]: one["text"] for one in facts_of(row)}
    keys = (_("Day and date"), _("Time"), _("Place"))
    return [", ".join(facts[key] for key in keys if key in facts)]


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
