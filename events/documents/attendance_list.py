"""Daftar hadir: a list to sign or to press a thumb on, blank or with the people who came."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.paper import qr_svg, typeset
from events.attendance import ages
from events.attendance.came import Came, who_came
from events.attendance.organisations import Line
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
        return _set(row, [], blank=rows, size=size, totals=_totals())


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
        came = who_came(row)
        unnamed = _without_names((one for one in came.told if one.came), persons)
        lines = [*_lines(persons), *unnamed]
        return _set(row, lines, blank=SPARE_ROWS, size=size, totals=_totals(came))


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
    totals: list[dict[str, str]],
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
        "rows": lines,
        "blank": blank,
        "how": _(
            "Please write clearly. L is male, P is female. Who does not write presses a thumb."
        ),
        "privacy": _(
            "Do not write NIK, NISN or telephone numbers here. Children are counted, not named, "
            "unless a guardian has agreed in writing."
        ),
        "totals": totals,
        "signing": signed(row.event.district, row.day),
        "address": address.partition("://")[2],
        "scan": _("For the office: enter this list"),
    }
    return typeset("events/attendance_list", data, pictures={"qr": qr_svg(address)})


def _totals(came: Came | None = None) -> list[dict[str, str]]:
    """What is known of how many came, and dots for what is not."""
    found = came.totals if came else None
    known = found is not None and found.number
    told: list[tuple[str, Any]] = [
        (_("Male (L)"), found.of_sex(Sex.MALE) if known else OPEN),
        (_("Female (P)"), found.of_sex(Sex.FEMALE) if known else OPEN),
    ]
    if came and came.unknown:
        told.append((_("L or P not noted"), came.unknown))
    told.append((_("Total"), (came and came.number) or OPEN))
    if came and came.organisations:
        told.append((_("Organisations"), came.organisations))
    return [{"name": name, "text": str(number)} for name, number in told]


def session_address(row: Occurrence) -> str:
    """Where the office enters the list of this date."""
    root = row.event.district.site.root_url
    return root + reverse("event_attendance_paper", args=[row.event_id, row.pk])
