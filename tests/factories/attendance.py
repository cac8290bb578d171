"""People at sessions, told through the services."""

from datetime import datetime
from uuid import UUID, uuid4

from districts.models import District
from districts.services.vocabularies import load_vocabulary
from events.attendance.persons import Person
from events.models import CalendarSettings, Occurrence
from events.services import attending
from safeguards import generation
from tests.factories.events import START, make_event, make_terms
from tests.factories.people import make_member

GROUPS = ("0-5", "6-12", "13-17", "18-24", "25-59", "60+")


def make_age_groups() -> None:
    load_vocabulary(
        code="age_group",
        version="1",
        name="Kelompok umur",
        terms=[
            {"code": code, "label_id": f"{code} tahun", "label_en": f"{code} years"}
            | ({"minor": True} if code in GROUPS[:3] else {})
            for code in GROUPS
        ],
    )
    generation.forget()


def make_date(district: District, **changed) -> Occurrence:
    """The one date of a session that stands, with its event and district."""
    make_terms()
    make_age_groups()
    event = make_event(district, **changed)
    return dates_of(event)[0]


def dates_of(event) -> list[Occurrence]:
    return list(
        Occurrence.objects.filter(event=event)
        .select_related("event__district__site", "event__organiser")
        .order_by("start")
    )


def person(name: str = "Siti Aminah", /, **fields) -> Person:
    return Person(**{"key": uuid4(), "name": name, "sex": "P", "age_group": "25-59"} | fields)


def mark(occurrence: Occurrence, who: Person, status: str = "hadir", /, **fields):
    """Somebody is marked by a member at the hour of the session, unless told otherwise."""
    values = {"way": "panggil", "key": uuid4(), "now": START} | fields
    return attending.mark(occurrence=occurrence, person=who, status=status, **values)


def source_of(district: District, role: str = "moderator") -> attending.Source:
    return attending.Source(member=make_member(role, district))


def allow_minors(district: District) -> None:
    CalendarSettings.objects.update_or_create(district=district, defaults={"names_minors": True})


def told(kind: str, body: dict, /, *, key: UUID | None = None, at: datetime | None = None) -> dict:
    """One fact as a device sends it."""
    return {
        "kind": kind,
        "key": str(key or uuid4()),
        "client_time": (at or START).isoformat(),
        "body": body,
    }
