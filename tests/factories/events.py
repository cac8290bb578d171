"""Sessions of an office, planned through the services."""

from datetime import UTC, datetime
from uuid import uuid4

from districts.models import District, Region
from districts.services.vocabularies import load_vocabulary
from events.models import CalendarSettings, Event
from events.services import deciding, planning
from safeguards import generation
from tests.factories.people import make_member

# A Monday, 09:00 in Klaten.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
START = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


def make_terms() -> None:
    """The kinds and issues that tests need, once."""
    load_vocabulary(
        code="event_type",
        version="1",
        name="Jenis kegiatan",
        terms=[
            {"code": "rakor", "label_id": "Rapat koordinasi", "label_en": "Coordination meeting"},
            {"code": "sosialisasi", "label_id": "Sosialisasi", "label_en": "Information session"},
            {"code": "pertemuan-pkk", "label_id": "Pertemuan PKK/arisan", "members": True},
            {"code": "sesi-kelas", "label_id": "Sesi kelas", "members": True},
        ],
    )
    load_vocabulary(
        code="issue_area",
        version="1",
        name="Bidang isu",
        terms=[
            {"code": "KtA", "label_id": "Kekerasan terhadap anak"},
            {"code": "ekstremisme", "label_id": "Ekstremisme", "sensitive": True},
        ],
    )
    load_vocabulary(
        code="audience",
        version="1",
        name="Sasaran",
        terms=[
            {"code": "guru", "label_id": "Guru", "label_en": "Teachers"},
            {"code": "umum", "label_id": "Umum", "label_en": "Everybody"},
        ],
    )
    generation.forget()


def event_values(district: District, **changed) -> dict:
    """Fields of an event that is open to everybody, 90 minutes long."""
    region = Region.objects.filter(parent_id=district.region_id).order_by("code").first()
    return {
        "kind": "sosialisasi",
        "title": "Mengasuh tanpa kekerasan",
        "summary": "Bersama bidan desa.",
        "organiser": None,
        "audience_codes": ["umum"],
        "issue_codes": ["KtA"],
        "indicator_codes": [],
        "region": region,
        "venue": "Balai Desa",
        "starts_at": START,
        "minutes": 90,
        "timezone": district.timezone,
        "rrule": "",
    } | changed


def make_event(district: District, *, proposer=None, approver=None, published=True, **changed):
    """A session of the office; approved by another person and published, unless told otherwise."""
    extra = changed.pop("extra", ())
    company = changed.pop("company", planning.Company(extra=extra))
    now = changed.pop("now", NOW)
    event, _new = planning.propose(
        district=district,
        actor=proposer or make_member("kader", district),
        key=changed.pop("key", uuid4()),
        values=event_values(district, **changed),
        now=now,
        company=company,
    )
    if published and event.guarded:
        # Its office is one that shows such sessions.
        CalendarSettings.objects.update_or_create(
            district=district, defaults={"publishes_guarded": True}
        )
    if published and event.state == "usulan":
        event = deciding.approve(
            event=event,
            actor=approver or make_member("moderator", district),
            version=event.version,
            now=now,
        )
    return Event.objects.select_related("district__site", "region__parent", "organiser").get(
        pk=event.pk
    )
