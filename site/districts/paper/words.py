"""What every paper says of its office: letterhead, verified channels, the code to scan."""

import io
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from districts.channel_view import HERE, ChannelView
from districts.directory import directory, urgent
from districts.models import District

NEAR = {0: "near", 1: "district", 2: "province", 3: "nation"}
# What layouts print of a chosen channel; more would make papers anew for nothing.
PRINTED = ("label", "display", "organisation", "hours", "cost", "urgent")


def letterhead(district: District) -> dict[str, Any]:
    """Cloth, accent and names of the office, for `house.typ`."""
    return {
        "cloth": district.cloth,
        "accent": district.accent,
        "office_name": district.office_name,
        "short_name": district.short_name,
        "lines": district.letterhead_lines,
        "is_national": district.is_national,
    }


def channel_lines(
    district: District,
    *,
    kecamatan: str = "",
    desa: str = "",
    issue: str = "",
    language: str = "id",
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """The verified channels that serve the area, urgent ones first, then near before far.

    Those for `issue` (the code of an issue area) come before others that are not urgent.
    Never says "open now": paper is read at another hour. `area` is near, district, province or
    nation; `region` is the code of a kecamatan or desa, or empty.
    """
    code = desa or kecamatan
    with override(language or settings.LANGUAGE_CODE):
        views = [view for view in directory(district, now or timezone.now()) if view.verified]
        reaching = [view for view in views if _reaches(view, code)]
        # Danger first, whatever the hour; `urgent` would put those that are closed now last.
        lines = sorted(urgent(reaching, code), key=_urgency)
        ids = {view.id for view in lines}
        others = sorted((view for view in reaching if view.id not in ids), key=_nearness)
        others.sort(key=lambda view: bool(issue) and issue not in view.issues)
        seen: set[str] = set()
        return [_line(view, view.id in ids) for view in (*lines, *others) if _first(view, seen)]


def chosen_channels(lines: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """At most so many: half of them urgent, the rest from as near as there is."""
    urgent = [line for line in lines if line["urgent"]]
    others = [line for line in lines if not line["urgent"]]
    kept = urgent[: max(most - len(others), (most + 1) // 2)]
    kept += others[: most - len(kept)]
    return [{name: line[name] for name in PRINTED} for line in kept]


def qr_svg(text: str) -> bytes:
    """A QR code of `text` as SVG, with its quiet zone, black on white."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()


def _reaches(view: ChannelView, code: str) -> bool:
    """What serves everybody, and what serves the place itself or the kecamatan it lies in."""
    return not view.region_code or (
        bool(code) and (code == view.region_code or code.startswith(view.region_code + "."))
    )


def _first(view: ChannelView, seen: set[str]) -> bool:
    key = view.href or f"#{view.id}"
    if key in seen:
        return False
    seen.add(key)
    return True


def _urgency(view: ChannelView) -> tuple:
    return (not view.emergency, view.position, view.label, view.id)


def _nearness(view: ChannelView) -> tuple:
    return (view.distance != HERE, view.distance, view.position, view.label, view.id)


def _line(view: ChannelView, is_urgent: bool) -> dict[str, Any]:
    return {
        "label": view.label,
        "display": view.display,
        "organisation": view.organisation,
        "kind": view.kind,
        "hours": view.hours_text,
        "cost": view.cost_text,
        "note": view.note,
        "checked": view.verified_text,
        "emergency": view.emergency,
        "urgent": is_urgent,
        "area": NEAR[view.distance],
        "region": view.region_code,
    }
