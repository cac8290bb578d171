"""What a fact of a device says, in words, for whoever decides about one that was set aside.

Its body comes from outside and may hold anything: what can't be read is left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from districts.models import District
from events.attendance import ages
from events.models import Participant, Sex, Status

LONGEST = 4_000
Line = tuple[str, str]


def people_in(bodies: Mapping[int, dict[str, Any]], district: District) -> dict[str, str]:
    """Key → name of the persons whom devices told by their key alone; one query."""
    keys = {key for body in bodies.values() if (key := _uuid(_part(body, "person").get("key")))}
    known = Participant.objects.for_district(district).filter(key__in=keys)
    return {str(key): name for key, name in known.values_list("key", "name")}


def lines_of(kind: str, body: dict[str, Any], people: Mapping[str, str]) -> list[Line]:
    """(label, words) of what is told; `people` as of `people_in`."""
    said = _SAID.get(kind)
    found = said(body, people) if said else ()
    return [(label, text[:LONGEST]) for label, text in found if text]


def _person(body: dict[str, Any], people: Mapping[str, str]) -> Iterator[Line]:
    told = _part(body, "person")
    yield _("Name"), _text(told, "name") or people.get(_text(told, "key"), "")
    yield _("Status"), str(dict(Status.choices).get(_text(body, "status"), ""))
    yield _("L/P"), str(dict(Sex.choices).get(_text(told, "sex"), ""))
    yield _("Age"), ages.age_groups().get(_text(told, "age_group"), "")
    yield _("Organisation"), _text(told, "organisation_name")
    yield _("Function"), _text(told, "position")


def _count(body: dict[str, Any], _people: Mapping[str, str]) -> Iterator[Line]:
    labels, sexes = ages.age_groups(), dict(Sex.choices)
    for cell in _list(body, "cells"):
        age = labels.get(_text(cell, "age_group")) or _("age not asked")
        words = [str(sexes.get(_text(cell, "sex"), "")), str(age)]
        if cell.get("with_disability") is True:
            words.append(_("with a disability"))
        yield ", ".join(filter(None, words)), _number(cell, "number")


def _organisation(body: dict[str, Any], _people: Mapping[str, str]) -> Iterator[Line]:
    came = {True: _("came"), False: _("did not come")}
    yield _("Organisation"), _text(body, "label")
    yield (
        _("Status"),
        came.get(body.get("came") if isinstance(body.get("came"), bool) else None, ""),
    )
    yield _("Function"), _text(body, "represented_by")
    yield _("How many came"), _number(body, "people")


def _report(body: dict[str, Any], _people: Mapping[str, str]) -> Iterator[Line]:
    yield _("Minutes of the meeting"), _text(body, "minutes")
    yield _("Results"), _text(body, "results")
    yield _("Challenges"), _text(body, "challenges")
    yield _("Solutions"), _text(body, "solutions")
    for row in _list(body, "follow_ups"):
        words = (_text(row, name) for name in ("what", "owner", "due"))
        yield _("Follow-up"), ", ".join(filter(None, words))
    yield _("Cost"), _number(body, "cost")
    yield _("Paid from"), _text(body, "cost_source")


_SAID = {
    "hadir": _person,
    "hadir-ubah": _person,
    "hitung": _count,
    "hadir-lembaga": _organisation,
    "laporan": _report,
}


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _list(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = body.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(body: dict[str, Any], name: str) -> str:
    text = body.get(name)
    return text if isinstance(text, str) else ""


def _number(body: dict[str, Any], name: str) -> str:
    number = body.get(name)
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None
