"""The demo's reports: what past sessions came to, written, sent and decided through the services.

Which state a report is in follows from the key of its date, so that every state is there; the last
days are not all reported yet. To repeat is harmless: once there are reports, nothing is added.
"""

import io
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from PIL import Image, ImageDraw

from districts.models import Commitment, Membership, Role
from districts.regulations import by_rank
from events.models import OUTLINED, Occurrence, ReportOutline, SessionReport
from events.services import outlining, report_decisions, report_files, reporting
from website.demo.outcomes import kept
from website.demo.texts import read_data

BACK = timedelta(days=270)
# Whoever reports does so the next day; the office reads it two days later.
WRITTEN_AFTER, DECIDED_AFTER = timedelta(hours=20), timedelta(days=2)
FRESH = timedelta(days=10)
DRAFT, SENT, RETURNED, MISSING = 0, 1, 2, 3


def load_reports(*, now: datetime, unfinished: bool = False) -> int:
    """Write the reports of the past nine months; return how many. As `load_attendance`."""
    if SessionReport.objects.exists() and not unfinished:
        return 0
    told = read_data("reports")
    deciders = _deciders()
    _outlines(told["outlines"])
    dates = [row for row in _past(now) if _fate(row, now) != MISSING]
    for number, row in enumerate(dates):
        _report(row, told, deciders.get(row.district_id, []), number=number, now=now)
    return len(dates)


def _outlines(told: dict[str, Any]) -> None:
    """What each office with an administrator has its reports begin with."""
    if ReportOutline.objects.exists():
        return
    admins = Membership.objects.filter(role=Role.ADMIN, ended_at__isnull=True)
    for one in admins.select_related("district", "user").order_by("pk"):
        for kind, words in told.items():
            texts = {name: words.get(name, "").strip() for name in OUTLINED}
            outlining.save_outline(
                district=one.district,
                actor=one.user,
                kind="" if kind == "umum" else kind,
                values=texts | {"laws": by_rank(words["laws"])},
            )


def _past(now: datetime) -> QuerySet:
    return (
        Occurrence.objects.filter(
            start__gt=now - BACK,
            end__lt=now - WRITTEN_AFTER,
            is_cancelled=False,
            event__approved_at__isnull=False,
            event__proposed_by__isnull=False,
        )
        .select_related("event__district__site", "event__proposed_by")
        .order_by("start", "pk")
    )


def _key(row: Occurrence, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"contoh-laporan-{what}-{row.event.key}-{row.original_day}")


def _fate(row: Occurrence, now: datetime) -> int:
    """DRAFT, SENT, RETURNED or MISSING; any other number is accepted."""
    number = _key(row, "nasib").int
    if now - row.end < FRESH:
        return (SENT, DRAFT, MISSING)[number % 3]
    return (RETURNED, MISSING, MISSING, *range(4, 25))[number % 24]


def _deciders() -> dict[int, list[Any]]:
    """Who decides in each office, moderators before administrators."""
    rows = Membership.objects.filter(
        role__in=(Role.MODERATOR, Role.ADMIN), ended_at__isnull=True
    ).select_related("user")
    found: dict[int, list[Any]] = {}
    for row in sorted(rows, key=lambda one: (one.role != Role.MODERATOR, one.pk)):
        found.setdefault(row.district_id, []).append(row.user)
    return found


def _report(
    row: Occurrence, told: dict[str, Any], deciders: list[Any], *, number: int, now: datetime
) -> None:
    fate, actor = _fate(row, now), row.event.proposed_by
    written = row.end + WRITTEN_AFTER
    texts = told["reports"].get(row.event.kind) or told["reports"]["umum"]
    if number % 12 == 0:
        _photo(row, actor, number, written)
    outcome = reporting.save_report(
        occurrence=row,
        actor=actor,
        key=_key(row, "kata"),
        values=_values(texts[number % len(texts)], row),
        now=written,
        send=fate != DRAFT,
    )
    kept(outcome)
    if outcome.status != "created" or fate in {DRAFT, SENT}:
        return
    report = SessionReport.objects.select_related("occurrence__event__district").get(occurrence=row)
    decider = next((one for one in deciders if one.pk != actor.pk), None)
    if decider is None:
        return
    deal = {"report": report, "actor": decider, "version": report.version}
    decided = min(written + DECIDED_AFTER, now)
    if fate == RETURNED:
        note = told["return_notes"][number % len(told["return_notes"])]
        report_decisions.send_back(**deal, reason=note, now=decided)
    else:
        report_decisions.accept(**deal, now=decided)


def _values(text: dict[str, Any], row: Occurrence) -> dict[str, Any]:
    owed = Commitment.objects.for_district(row.district_id).order_by("number")
    touched = list(owed.values_list("pk", flat=True)[:1]) if row.event.kind == "rakor" else []
    return {
        **{name: text.get(name, "").strip() for name in reporting.TEXTS},
        "cost": text.get("cost"),
        "follow_ups": [
            {"what": one["what"], "owner": one["owner"], "due": _due(row.day, one["days"])}
            for one in text["follow_ups"]
        ],
        "commitments": touched,
    }


def _due(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _photo(row: Occurrence, actor: Any, number: int, now: datetime) -> None:
    """A drawn picture of a room; every other one stands for a photo with a child in it."""
    shows_child = number % 24 == 12
    report_files.add_file(
        occurrence=row,
        actor=actor,
        form_key=_key(row, "foto"),
        upload=SimpleUploadedFile("contoh.png", _drawn(number), content_type="image/png"),
        kind="foto",
        caption="Suasana kegiatan (gambar contoh)",
        shows_child_face=shows_child,
        consent_reference="Map persetujuan wali (contoh)" if shows_child else "",
        now=now,
    )


def _drawn(number: int) -> bytes:
    """Mats and seats before a board: nobody in particular."""
    image = Image.new("RGB", (960, 640), "#f4ecdf")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 470, 960, 640), fill="#c9b899")
    draw.rectangle((300, 90, 660, 290), fill="#ffffff", outline="#4d4438", width=6)
    for line in range(3):
        draw.rectangle((340, 130 + line * 46, 560 - line * 50, 144 + line * 46), fill="#0b4d55")
    for seat in range(5 + number % 3):
        x = 90 + seat * 120
        draw.ellipse((x, 360, x + 62, 422), fill="#8a6f4e")
        draw.rounded_rectangle((x - 16, 430, x + 78, 560), 30, fill="#0b4d55")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
