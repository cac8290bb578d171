"""A correction holds over doors and lists, and whoever marks somebody again is told so."""

from datetime import timedelta
from uuid import uuid4

import pytest

from events.attendance.duplicates import candidates_for
from events.documents.records import minutes_pdf, record_pdf
from events.models import Attendance, Certificate, OrganisationAttendance, Participant, Way
from events.services import attending, doors, entering, participants
from events.sheets.layout import READ
from events.sheets.reading import Line
from tests.factories.attendance import make_date, mark, person, source_of
from tests.factories.events import START
from tests.papers import text_of

pytestmark = pytest.mark.django_db
LATER = START + timedelta(hours=1)


@pytest.fixture
def meeting(klaten):
    return make_date(klaten)


def row_of(who) -> Participant:
    return Participant.objects.get(key=who.key)


def take_back(meeting, who, status="batal"):
    source = source_of(meeting.event.district)
    told = {"occurrence": meeting, "person": who, "key": uuid4(), "now": LATER}
    return attending.correct(**told, status=status, source=source)


@pytest.mark.parametrize(
    ("status", "otherwise"), [("batal", True), ("izin", True), ("terlambat", False)]
)
def test_who_is_marked_after_a_correction_is_not_called_present(meeting, status, otherwise):
    who = person()
    mark(meeting, who)
    take_back(meeting, who, status)
    again = mark(meeting, who)

    assert Attendance.objects.get().status == status
    assert attending.stands_otherwise(again, "hadir") is otherwise


def test_the_paper_list_keeps_the_line_of_who_was_taken_back(klaten, meeting):
    who = person()
    mark(meeting, who)
    take_back(meeting, who)
    told = dict.fromkeys(READ, "") | {
        "nama": "Siti Aminah", "l/p": "P", "kelompok umur": "25-59", "status": "hadir"
    }  # fmt: skip
    moderator = source_of(klaten).member
    recorded, already, left = entering.enter(
        occurrence=meeting, lines=[Line(2, told)], choices={2: str(who.key)}, actor=moderator,
        now=LATER,
    )  # fmt: skip

    assert (recorded, already, [one.number for one in left]) == (0, 0, [1])
    assert Attendance.objects.get().status == "batal"


@pytest.mark.parametrize("name", ["Sitti Aminah", "Bu Haji Siti Aminah", "Siti Aminahh"])
def test_another_spelling_of_any_word_is_asked_about(klaten, meeting, name):
    who = person()
    mark(meeting, who)
    assert candidates_for(klaten, name) == [row_of(who)]
    assert candidates_for(klaten, "Bambang Pamungkas") == []


def test_the_same_telephone_under_another_name_is_asked_about(klaten, meeting):
    who = person(phone="081234567890")
    mark(meeting, who)
    assert candidates_for(klaten, "Bambang", phone=row_of(who).phone) == [row_of(who)]


def test_a_corrected_name_stands_on_the_certificate_too(klaten, meeting):
    who = person("Siti Aminha")
    mark(meeting, who)
    actor = source_of(klaten).member
    made = {
        "district": klaten, "event": meeting.event, "participant": row_of(who),
        "name": "Siti Aminha", "title": "Pelatihan", "first_day": meeting.day,
        "last_day": meeting.day, "minutes": 90, "issued_at": START,
    }  # fmt: skip
    Certificate.objects.create(**made)
    participants.correct(
        participant=row_of(who), person=person("Siti Aminah"), occurrence=meeting, actor=actor,
        now=LATER,
    )  # fmt: skip

    assert Certificate.objects.get().name == "Siti Aminah"


def test_papers_name_the_organisations_that_came(klaten, meeting):
    for label, came, people in (("Polsek", True, 2), ("Puskesmas", True, 3), ("BNN", False, None)):
        OrganisationAttendance.objects.create(
            district=klaten, occurrence=meeting, label=label, came=came, people=people,
            represented_by="Kanit PPA" if came else "", told_at=START, key=uuid4(),
            server_time=START,
        )  # fmt: skip
    for paper in (minutes_pdf, record_pdf):
        words = " ".join(text_of(paper(meeting, None)).split())
        assert "5 (lima) orang dari 2 lembaga" in words
        assert "Polsek (Kanit PPA), 2 orang" in words
        assert "Lembaga yang tidak hadir" in words
        assert "BNN" in words


def test_a_door_does_not_welcome_who_was_taken_back(klaten, meeting):
    door = doors.open_door(occurrence=meeting, actor=source_of(klaten).member, now=START)
    entrance = doors.Entrance(door, meeting, "open")
    who = person("Budi", sex="L")
    told = {"entrance": entrance, "person": who, "now": START}
    first = doors.check_in(**told, key=uuid4())
    row = Attendance.objects.get(way=Way.SELF)
    take_back(meeting, person(key=row.participant.key))
    again = doors.check_in(**told, key=uuid4())

    assert attending.stands_otherwise(first, "hadir") is False
    assert (again.http, attending.stands_otherwise(again, "hadir")) == (200, True)
