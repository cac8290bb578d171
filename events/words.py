"""How a session reads to the public and to members: titles, places and days in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from districts.models import Region
from districts.terms import term_labels
from events.models import Event, EventState


@dataclass(frozen=True)
class Wording:
    """What may be said of an event to everybody."""

    title: str
    kind: str
    place: str
    summary: str
    organiser: str
    kecamatan: str


def kind_label(code: str) -> str:
    return term_labels("event_type").get(code, code)


def kecamatan_of(region: Region | None) -> str:
    """ "Kecamatan Delanggu" of a village or kecamatan; "" where nothing smaller than a district is
    known. The parent is expected with a village."""
    if region is None or len(region.code) < 8:
        return ""
    name = region.name if len(region.code) == 8 else region.parent.name
    return _("Kecamatan %(name)s") % {"name": name}


def public_wording(event: Event) -> Wording:
    """What everybody may read: of a guarded event its kind and its kecamatan alone."""
    return _neutral(event) if event.guarded else _whole(event, event.venue)


def door_wording(event: Event) -> Wording:
    """What whoever comes reads at the door: of a session that nobody approved its kind alone."""
    return public_wording(event) if is_told_at_the_door(event) else _neutral(event)


def is_told_at_the_door(event: Event) -> bool:
    """Whether more than its kind and its kecamatan is read there."""
    return event.state not in (EventState.PROPOSED, EventState.CHANGES) and not event.guarded


def member_wording(event: Event) -> Wording:
    """What members of the district read: all of it."""
    return _whole(event, event.venue, event.address)


def _whole(event: Event, *place: str) -> Wording:
    return Wording(
        title=event.title,
        kind=kind_label(event.kind),
        place=", ".join(filter(None, [*place, _where(event.region)])),
        summary=event.summary,
        organiser=event.organiser.name if event.organiser else "",
        kecamatan=kecamatan_of(event.region),
    )


def _neutral(event: Event) -> Wording:
    kind, kecamatan = kind_label(event.kind), kecamatan_of(event.region)
    return Wording(kind, kind, kecamatan, "", "", kecamatan)


def _where(region: Any) -> str:
    if region is None:
        return ""
    if len(region.code) > 8:
        kecamatan = _("Kecamatan %(name)s") % {"name": region.parent.name}
        return f"{region.name}, {kecamatan}"
    return kecamatan_of(region) if len(region.code) == 8 else region.name
