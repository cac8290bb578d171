"""A person's rights: found, merged by a human, exported, erased for good, forgotten in time."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied

from events.attendance.duplicates import candidates_for, pairs_in
from events.models import Attendance, Participant
from events.services import attending, merging, participants
from events.services.attending import Source
from safeguards.facts import Refused
from safeguards.models import AuditEntry, Fact
from safeguards.services.persons import erase_person, erase_resurrected, export_person
from safeguards.services.retention import purge_expired
from tests.factories.attendance import allow_minors, dates_of, make_date, mark, person, source_of
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=1)


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def meeting(klaten):
    return make_date(klaten, rrule="FREQ=WEEKLY;COUNT=2")


def row_of(who) -> Participant:
    return Participant.objects.get(key=who.key)


def test_two_spellings_are_merged_by_a_human(klaten, meeting):
    first, second = person("Siti Aminah"), person("Ibu Siti Aminnah")
    other = dates_of(meeting.event)[1]
    mark(meeting, first, "tidak_hadir")
    mark(meeting, second)
    mark(other, second, now=other.start)
    [pair] = pairs_in(Participant.objects.all())
    assert {pair.first.key, pair.second.key} == {first.key, second.key}
    moderator = make_member("moderator", klaten)
    with pytest.raises(PermissionDenied):
        merging.merge(
            into=pair.first, other=pair.second, actor=make_member("kader", klaten), now=LATER
        )
    for _n in range(2):
        merging.merge(into=pair.first, other=pair.second, actor=moderator, now=LATER)
    kept = Attendance.objects.order_by("occurrence__start")
    assert [(row.participant.key, row.status) for row in kept] == [(first.key, "hadir")] * 2
    assert [row.key for row in Participant.objects.known()] == [first.key]
    # Who is told of under the other key is the one who stays.
    source = Source(member=moderator)
    attending.correct(
        occurrence=meeting, person=replace(second, name=""), status="izin", key=uuid4(),
        now=LATER, source=source,
    )  # fmt: skip
    assert Attendance.objects.get(occurrence=meeting).status == "izin"
    assert AuditEntry.objects.filter(verb="person.merged").count() == 1
    with pytest.raises(Refused):
        merging.merge(into=pair.second, other=pair.first, actor=moderator, now=LATER)


def test_nobody_of_another_office_is_merged(klaten, meeting):
    lebak = make_district("lebak")
    theirs, ours = person(), person()
    mark(make_date(lebak), theirs)
    mark(meeting, ours)
    with pytest.raises(PermissionDenied):
        merging.merge(
            into=row_of(theirs),
            other=row_of(ours),
            actor=make_member("moderator", lebak),
            now=LATER,
        )
    assert candidates_for(klaten, "siti aminah") == [row_of(ours)]


def test_a_person_reads_what_is_kept_of_them(meeting):
    who = person(phone="081234567890", position="Kader")
    mark(meeting, who)
    for subject in (who.key, "081234567890", str(who.key)):
        told = export_person(subject)
        assert told["events.Participant"]["rows"][0]["name"] == "Siti Aminah"
        [came] = told["events: sessions a person came to"]["rows"]
        assert (came["day"], came["status"]) == (date(2026, 3, 12), "hadir")


@pytest.mark.parametrize("by", ["key", "phone"])
def test_an_erased_person_does_not_come_back_with_a_late_sync(klaten, meeting, by):
    who, neighbour = person(phone="081234567890"), person("Ani")
    queue = Source(member=make_member("kader", klaten), is_queued=True, aside={"body": {"a": 1}})
    key = uuid4()
    mark(meeting, who, key=key)
    mark(meeting, neighbour)
    ahead = mark(meeting, who, source=queue, client_time=START + timedelta(days=3))
    assert ahead.status == "quarantined"
    erase_person(who.key if by == "key" else "+6281234567890", now=LATER)
    for again in (
        mark(meeting, who, key=key, now=LATER),
        mark(meeting, who, now=LATER),
        mark(meeting, replace(who, name="", phone=""), now=LATER),
        mark(meeting, replace(who, key=uuid4()), source=queue, now=LATER),
        mark(meeting, who, source=queue, client_time=LATER + timedelta(days=3), now=LATER),
    ):
        assert (again.status, again.http) == ("rejected", 410)
    row = row_of(who)
    assert (row.name, row.folded, row.phone, row.organisation_name) == ("", "", "", "")
    # The figures stay.
    assert (row.sex, row.age_group, Attendance.objects.came().count()) == ("P", "25-59", 2)
    assert row_of(neighbour).name == "Ani"
    assert not Fact.objects.filter(body__isnull=False, state="quarantined").exists()


def test_a_restored_person_is_erased_again(meeting):
    who = person()
    mark(meeting, who)
    erase_person(who.key, now=LATER)
    Participant.objects.filter(key=who.key).update(name="Siti", folded="siti")
    erase_resurrected(now=LATER)
    assert row_of(who).name == ""


def test_a_number_that_a_family_shares_erases_one_of_them(meeting):
    phone = "081234567890"
    wife, husband = person(phone=phone), person("Budi", sex="L", phone=phone)
    mark(meeting, wife)
    mark(meeting, husband)
    erase_person(wife.key, now=LATER)
    assert (row_of(wife).name, row_of(husband).name) == ("", "Budi")
    assert mark(meeting, husband, now=LATER).http == 200


def test_people_are_forgotten_in_time(klaten, meeting):
    allow_minors(klaten)
    adult, child = person(), person("Budi", sex="L", age_group="13-17", consent="Map 3")
    mark(meeting, adult)
    mark(meeting, child)
    purge_expired(START.replace(month=7, day=16))
    assert (row_of(adult).name, row_of(child).name) == ("Siti Aminah", "")
    other = dates_of(meeting.event)[1]
    mark(other, adult, now=other.start)
    assert row_of(adult).keep_until == date(2027, 3, 19)
    purge_expired(START.replace(year=2027, day=18))
    assert row_of(adult).name == "Siti Aminah"
    purge_expired(START.replace(year=2027, day=21))
    assert (row_of(adult).name, Attendance.objects.count()) == ("", 3)


def test_what_a_person_asked_to_be_written_otherwise(klaten, meeting):
    who = person("Siti Amina")
    mark(meeting, who)
    source = source_of(klaten)
    participants.correct(
        participant=row_of(who), person=person("Siti Aminah"), occurrence=meeting,
        actor=source.member, now=LATER,
    )  # fmt: skip
    assert row_of(who).name == "Siti Aminah"
    with pytest.raises(Refused):
        participants.correct(
            participant=row_of(who), person=person("3310054508900003"), occurrence=meeting,
            actor=source.member, now=LATER,
        )  # fmt: skip


def test_a_correction_of_a_person_holds_over_a_clock_that_is_ahead(klaten, meeting):
    who, ahead = person("Siti Amina"), START + timedelta(hours=20)
    queue = Source(member=make_member("kader", klaten), is_queued=True)
    assert mark(meeting, who, source=queue, client_time=ahead).status == "created"
    moderator = make_member("moderator", klaten)
    for number, name in enumerate(("Siti Aminah", "Siti Aminatun")):
        participants.correct(
            participant=row_of(who), person=person(name), occurrence=meeting, actor=moderator,
            now=START + timedelta(hours=1 + number),
        )  # fmt: skip
        assert row_of(who).name == name
    # What the same device told before still arrives, and changes nothing.
    mark(meeting, replace(who, name="Siti A."), source=queue, client_time=ahead, now=LATER)
    assert row_of(who).name == "Siti Aminatun"
    erase_person(who.key, now=LATER)
    with pytest.raises(Refused) as gone:
        participants.correct(
            participant=row_of(who), person=who, occurrence=meeting, actor=moderator, now=LATER
        )
    assert (gone.value.http, row_of(who).name) == (410, "")


def test_who_turns_out_to_be_a_child_is_kept_no_longer_than_one(klaten, meeting):
    allow_minors(klaten)
    who = person("Budi", sex="L")
    mark(meeting, who, source=source_of(klaten))
    assert row_of(who).keep_until == date(2027, 3, 12)
    participants.correct(
        participant=row_of(who), person=replace(who, age_group="13-17", consent="Map 3"),
        occurrence=meeting, actor=make_member("moderator", klaten), now=LATER,
    )  # fmt: skip
    assert (row_of(who).is_minor, row_of(who).keep_until) == (True, date(2026, 7, 15))
    participants.correct(
        participant=row_of(who), person=who, occurrence=meeting,
        actor=make_member("moderator", klaten), now=LATER + timedelta(hours=1),
    )  # fmt: skip
    assert (row_of(who).is_minor, row_of(who).keep_until) == (False, date(2027, 3, 12))


@pytest.mark.parametrize(
    ("into", "other", "expected"),
    [
        ("25-59", "25-59", date(2027, 3, 19)),
        ("13-17", "13-17", date(2026, 7, 15)),
        ("13-17", "25-59", date(2026, 7, 15)),
    ],
)
def test_who_is_merged_is_kept_as_long_as_their_last_session_asks(
    klaten, meeting, into, other, expected
):
    allow_minors(klaten)
    stays, goes = (
        person(name, age_group=group, consent="Map 3" if group == "13-17" else "")
        for name, group in (("Siti Aminah", into), ("Siti Aminnah", other))
    )
    last = dates_of(meeting.event)[1]
    mark(meeting, stays)
    mark(last, goes, now=last.start)
    merging.merge(
        into=row_of(stays), other=row_of(goes), actor=make_member("moderator", klaten), now=LATER
    )
    assert row_of(stays).keep_until == expected


def test_the_key_of_a_person_may_begin_like_a_telephone_number(meeting):
    who = person(key=UUID("0b1c2d3e-0000-4000-8000-000000000001"))
    mark(meeting, who)
    [row] = export_person(str(who.key))["events.Participant"]["rows"]
    assert row["name"] == "Siti Aminah"
