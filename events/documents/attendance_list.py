"""Daftar hadir: a list to sign or to press a thumb on, blank or with the people who came."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.paper import qr_svg, typeset
from events.attendance import ages
from events.attendance.organisations import Line, organisations_of, people_of
from events.attendance.totals import totals_of
from events.documents.frame import facts_of, frame_of, plain, signed
from events.models import Attendance, Occurrence, Sex

USUAL_ROWS, MOST_ROWS = 36, 300
# Somebody always comes whom nobody knew before.
SPARE_ROWS = 3
# A number that is written by hand.
OPEN = "………………"


def blank_list_pdf(row: Occurrence, *, rows: int = USUAL_ROWS, size: str = "a4") -> bytes:
    """Empty rows for a session that is to come. Raises PaperFault."""
    with override(row.event.district.default_language):
        return _set(row, [], blank=rows, size=size)


def filled_list_pdf(row: Occurrence, *, size: str = "a4") -> bytes:
    """Everybody who came, in the order of their names, then who stood for an organisation of which
    nobody is named. Raises PaperFault."""
    with override(row.event.district.default_language):
        people = (
            Attendance.objects.for_district(row.district_id)
            .filter(occurrence=row)
            .came()
            .select_related("participant__organisation", "participant__region__parent")
            .order_by("participant__folded", "participant__pk")
        )
        persons = [one.participant for one in people]
        told = [one for one in organisations_of(row) if one.came]
        unnamed = list(_without_names(told, persons))
        return _set(
            row, _lines(persons), blank=SPARE_ROWS, size=size, organisations=told, unnamed=unnamed
        )


def _lines(people: Iterable[Any]) -> list[dict[str, str]]:
    labels = ages.age_groups()
    return [
        {
            # Who asked to be forgotten still came.
            "name": plain(one.name) or _("(name removed)"),
            "sex": one.sex,
            "age": plain(labels.get(one.age_group, one.age_group)),
            "org": plain(", ".join(filter(None, [one.position, _organisation(one)]))),
            "place": plain(one.region.name) if one.region else "",
        }
        for one in people
    ]


def _organisation(person: Any) -> str:
    return person.organisation.name if person.organisation else person.organisation_name


def _without_names(told: Iterable[Line], people: Iterable[Any]) -> Iterable[dict[str, str]]:
    """A row to sign for each organisation that came and that no named person belongs to."""
    named = {_organisation(one).casefold() for one in people}
    for one in told:
        if one.label.casefold() not in named:
            who = ", ".join(filter(None, [one.represented_by, one.label]))
            yield {"name": "", "sex": "", "age": "", "org": plain(who), "place": ""}


def _set(
    row: Occurrence,
    lines: list[dict[str, str]],
    *,
    blank: int,
    size: str,
    organisations: Iterable[Line] = (),
    unnamed: Iterable[dict[str, str]] = (),
) -> bytes:
    address = session_address(row)
    data = frame_of(row, _("Attendance list"), size=size) | {
        "facts": facts_of(row),
        "columns": {
            "no": _("No."),
            "name": _("Name"),
            "sex": _("L/P"),
            "age": _("Age group"),
            "org": _("Organisation or function"),
            "place": _("Village or kecamatan"),
            "sign": _("Signature or thumbprint"),
        },
        "rows": [*lines, *unnamed],
        "blank": blank,
        "how": _(
            "Please write clearly. L is male, P is female. Who does not write presses a thumb."
        ),
        "privacy": _(
            "Do not write NIK, NISN or telephone numbers here. Children are counted, not named, "
            "unless a guardian has agreed in writing."
        ),
        "totals": _totals(row, lines, list(organisations)),
        "signing": signed(row.event.district, row.day),
        "address": address.partition("://")[2],
        "scan": _("For the office: enter this list"),
    }
    return typeset("events/attendance_list", data, pictures={"qr": qr_svg(address)})


def _totals(
    row: Occurrence, lines: list[dict[str, str]], organisations: list[Line]
) -> list[dict[str, str]]:
    names = (_("Male (L)"), _("Female (P)"), _("Total"))
    numbers: tuple[Any, ...] = (OPEN, OPEN, people_of(organisations) or OPEN)
    if lines:
        found = totals_of(row)
        numbers = (found.of_sex(Sex.MALE), found.of_sex(Sex.FEMALE), found.number)
    if organisations:
        names, numbers = (*names, _("Organisations")), (*numbers, len(organisations))
    return [
        {"name": name, "text": str(number)} for name, number in zip(names, numbers, strict=True)
    ]


def session_address(row: Occurrence) -> str:
    """Where the office enters the list of this date."""
    root = row.event.district.site.root_url
    return root + reverse("event_attendance_paper", args=[row.event_id, row.pk])
