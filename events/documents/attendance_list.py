"""Daftar hadir: a list to sign or to press a thumb on, blank or with the people who came."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from districts.paper import qr_svg, typeset
from events.attendance import ages
from events.attendance.totals import totals_of
from events.documents.frame import facts_of, frame_of, plain, signed
from events.models import Attendance, Occurrence, Sex

USUAL_ROWS, MOST_ROWS = 36, 300
# Somebody always comes whom nobody knew before.
SPARE_ROWS = 3


def blank_list_pdf(row: Occurrence, *, rows: int = USUAL_ROWS, size: str = "a4") -> bytes:
    """Empty rows for a session that is to come. Raises PaperFault."""
    with override(row.event.district.default_language):
        return _set(row, [], blank=rows, size=size)


def filled_list_pdf(row: Occurrence, *, size: str = "a4") -> bytes:
    """Everybody who came, in the order of their names. Raises PaperFault."""
    with override(row.event.district.default_language):
        people = (
            Attendance.objects.for_district(row.district_id)
            .filter(occurrence=row)
            .came()
            .select_related("participant__organisation", "participant__region__parent")
            .order_by("participant__folded", "participant__pk")
        )
        return _set(row, _lines(one.participant for one in people), blank=SPARE_ROWS, size=size)


def _lines(people: Iterable[Any]) -> list[dict[str, str]]:
    labels = ages.age_groups()
    return [
        {
            # Who asked to be forgotten still came.
            "name": plain(one.name) or _("(name removed)"),
            "sex": one.sex,
            "age": plain(labels.get(one.age_group, one.age_group)),
            "org": plain(
                ", ".join(
                    filter(
                        None,
                        [
                            one.position,
                            one.organisation.name if one.organisation else one.organisation_name,
                        ],
                    )
                )
            ),
            "place": plain(one.region.name) if one.region else "",
        }
        for one in people
    ]


def _set(row: Occurrence, lines: list[dict[str, str]], *, blank: int, size: str) -> bytes:
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
        "totals": _totals(row, lines),
        "signing": signed(row.event.district, row.day),
        "address": address.partition("://")[2],
        "scan": _("For the office: enter this list"),
    }
    return typeset("events/attendance_list", data, pictures={"qr": qr_svg(address)})


def _totals(row: Occurrence, lines: list[dict[str, str]]) -> list[dict[str, str]]:
    names = (_("Male (L)"), _("Female (P)"), _("Total"))
    if not lines:
        return [{"name": name, "text": "………………"} for name in names]
    found = totals_of(row)
    numbers = (found.of_sex(Sex.MALE), found.of_sex(Sex.FEMALE), found.number)
    return [
        {"name": name, "text": str(number)} for name, number in zip(names, numbers, strict=True)
    ]


def session_address(row: Occurrence) -> str:
    """Where the office enters the list of this date."""
    root = row.event.district.site.root_url
    return root + reverse("event_attendance_paper", args=[row.event_id, row.pk])
