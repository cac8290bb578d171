"""Checking in by oneself: codes that rotate, a window, and one row a person."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from events.attendance import codes
from events.models import Attendance, CheckInDoor, Occurrence, Participant
from events.services import doors
from events.services.attending import Source
from events.services.doors import CodeExpired, NoSuchDoor, TooManyGuesses
from safeguards.models import Fact
from safeguards.services.persons import erase_person, is_erased
from tests.factories.attendance import allow_minors, make_date, mark, person
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def meeting(klaten):
    return make_date(klaten)


@pytest.fixture
def door(klaten, meeting):
    return doors.open_door(occurrence=meeting, actor=make_member("kader", klaten), now=START)


def find(district, told, now=START, device="d", address="a"):
    return doors.find_door(district=district, told=told, device=device, address=address, now=now)


def test_a_code_is_six_clear_signs_or_128_bits_and_changes_every_minute(door):
    now, then = doors.current_code(door, START), doors.current_code(door, START + MINUTE)
    assert len(now.typed) == 6
    assert set(now.typed) <= set(codes.ALPHABET)
    # Base 32: five bits a sign.
    assert len(now.scanned.rpartition("-")[2]) * 5 >= 128
    assert (now.typed != then.typed, now.scanned != then.scanned) == (True, True)
    assert now.until == START + MINUTE
    stored = str(list(CheckInDoor.objects.values()))
    assert now.typed not in stored
    assert now.scanned.rpartition("-")[2] not in stored


@pytest.mark.parametrize("way", ["scanned", "typed"])
def test_a_code_opens_its_door_for_minutes_and_is_then_over(klaten, door, meeting, way):
    code = getattr(doors.current_code(door, START), way)
    for later in (0, 1, 2):
        entrance = find(klaten, code.lower(), START + later * MINUTE)
        assert (entrance.occurrence.pk, entrance.state) == (meeting.pk, "open")
    for later in (3, 50):
        with pytest.raises(CodeExpired):
            find(klaten, code, START + later * MINUTE)
    # Typed as people do.
    if way == "typed":
        assert find(klaten, f" {code[:3]}-{code[3:]} ").state == "open"


@pytest.mark.parametrize("way", ["scanned", "typed"])
def test_a_code_of_elsewhere_or_forged_is_nobodys(klaten, door, way):
    lebak = make_district("lebak")
    code = getattr(doors.current_code(door, START), way)
    with pytest.raises(NoSuchDoor):
        find(lebak, code)
    other = doors.open_door(
        occurrence=make_date(klaten, title="Lain"), actor=make_member("kader", klaten), now=START
    )
    swapped = code.replace(f"{codes.in_36(door.pk)}-", f"{codes.in_36(other.pk)}-", 1)
    forged = swapped if way == "scanned" else "AAAAAA"
    for wrong in (forged, "", "x" * 500, "AAAAA", "1-2-3", f"ZZZZZZZZZZZZZ-K-{'A' * 26}"):
        with pytest.raises(NoSuchDoor):
            find(klaten, wrong)


def test_a_door_is_open_in_its_window_alone(klaten, door, meeting):
    opens, closes = doors.window_of(door, meeting)
    assert (opens, closes) == (START - 60 * MINUTE, START + 150 * MINUTE)
    for moment, state in (
        (opens - MINUTE, "not_yet"),
        (opens, "open"),
        (closes - MINUTE, "open"),
        (closes, "over"),
    ):
        assert find(klaten, doors.current_code(door, moment).scanned, moment).state == state
    entrance = find(klaten, doors.current_code(door, closes).scanned, closes)
    late = doors.check_in(entrance=entrance, person=person(), key=uuid4(), now=closes)
    assert (late.status, late.http) == ("rejected", 410)
    early = replace(entrance, state="not_yet")
    assert doors.check_in(entrance=early, person=person(), key=uuid4(), now=opens).http == 409
    assert not Attendance.objects.exists()


def test_a_code_on_paper_is_for_doors_that_allow_it(klaten, door, meeting):
    assert doors.paper_code(door) is None
    forged = codes.code_at(door.pk, door.salt, codes.KERTAS)
    with pytest.raises(CodeExpired):
        find(klaten, forged.scanned)
    actor = make_member("kader", klaten)
    opened = doors.open_door(occurrence=meeting, actor=actor, now=START, allows_static=True)
    paper = doors.paper_code(opened)
    for told in (paper.scanned, paper.typed):
        assert find(klaten, told, START + timedelta(hours=2)).state == "open"
    assert find(klaten, paper.scanned, START + timedelta(hours=9)).state == "over"
    doors.renew_door(door=opened, actor=actor, now=START)
    with pytest.raises(NoSuchDoor):
        find(klaten, paper.scanned)
    assert CheckInDoor.objects.count() == 1


def test_a_closed_door_or_a_cancelled_session_lets_nobody_in(klaten, door, meeting):
    code = doors.current_code(door, START).scanned
    doors.close_door(door=door, actor=make_member("kader", klaten), now=START)
    assert find(klaten, code).state == "over"
    doors.open_door(occurrence=meeting, actor=make_member("kader", klaten), now=START)
    assert find(klaten, code).state == "open"
    Occurrence.objects.filter(pk=meeting.pk).update(is_cancelled=True)
    assert find(klaten, code).state == "over"


def test_wrong_codes_use_a_budget_up_and_right_ones_do_not(klaten, door):
    right = doors.current_code(door, START).scanned
    for _n in range(doors.WRONG_BY_DEVICE + 5):
        find(klaten, right)
    for _n in range(doors.WRONG_BY_DEVICE):
        with pytest.raises(NoSuchDoor):
            find(klaten, "AAAAAA")
    with pytest.raises(TooManyGuesses) as spent:
        find(klaten, right)
    assert spent.value.retry_after > 0
    # A colleague on the same address gets in.
    assert find(klaten, right, device="other").state == "open"


def test_somebody_checks_in_once_however_often_they_do(klaten, door):
    entrance = find(klaten, doors.current_code(door, START).typed)
    who = person("Siti Aminah", organisation_name="PKK Delanggu")
    told = {"entrance": entrance, "now": START}
    first = doors.check_in(person=who, key=uuid4(), **told)
    # The page was loaded anew: other keys, the same words.
    again = doors.check_in(person=replace(who, key=uuid4()), key=uuid4(), **told)
    remembered = Participant.objects.get().key
    once_more = doors.check_in(person=None, person_key=remembered, key=uuid4(), **told)
    assert (first.status, first.http) == ("created", 201)
    assert [(o.status, o.http) for o in (again, once_more)] == [("already", 200)] * 2
    row = Attendance.objects.get()
    assert (row.way, row.status, row.recorded_by) == ("mandiri", "hadir", None)
    # A telephone is lent to a neighbour.
    lent = doors.check_in(person=person("Ani"), person_key=remembered, key=uuid4(), **told)
    assert lent.http == 201
    assert Participant.objects.count() == 2
    assert doors.check_in(person=None, key=uuid4(), **told).http == 422


def test_somebody_is_known_again_by_number_and_name(klaten, door, meeting):
    who = person(phone="081234567890")
    mark(make_date(klaten, title="Minggu lalu"), who)
    entrance = find(klaten, doors.current_code(door, START).typed)
    again = person("SITI AMINAH", phone="+62 812-3456-7890")
    assert doors.check_in(entrance=entrance, person=again, key=uuid4(), now=START).http == 201
    assert Participant.objects.get().key == who.key
    spouse = person("Budi", sex="L", phone="081234567890")
    doors.check_in(entrance=entrance, person=spouse, key=uuid4(), now=START)
    assert Participant.objects.count() == 2


def test_who_was_erased_may_come_again_of_their_own_will(klaten, door):
    entrance = find(klaten, doors.current_code(door, START).typed)
    who = person(phone="081234567890")
    doors.check_in(entrance=entrance, person=who, key=uuid4(), now=START)
    erase_person("+6281234567890", now=START)
    gone = mark(entrance.occurrence, replace(who, key=uuid4()))
    assert gone.http == 410
    again = replace(who, position="Kader")
    assert doors.check_in(entrance=entrance, person=again, key=uuid4(), now=START).http == 201
    assert Participant.objects.exclude(name="").count() == 1


def test_a_child_does_not_write_its_own_consent(klaten, door):
    allow_minors(klaten)
    entrance = find(klaten, doors.current_code(door, START).typed)
    child = person("Budi", sex="L", age_group="13-17", consent="Ibu setuju")
    told = doors.check_in(entrance=entrance, person=child, key=uuid4(), now=START)
    assert (told.status, told.http) == ("rejected", 422)
    assert not Participant.objects.exists()


def test_a_ticket_lets_one_form_in_while_the_code_moves_on(klaten, door):
    entrance = find(klaten, doors.current_code(door, START).typed)
    key = uuid4()
    ticket = doors.ticket_for(entrance, key=key, now=START)
    later = START + 14 * MINUTE
    found, known, made = doors.find_by_ticket(district=klaten, ticket=ticket, now=later)
    assert (found.door.pk, known, made) == (door.pk, key, START)
    with pytest.raises(CodeExpired):
        doors.find_by_ticket(district=klaten, ticket=ticket, now=START + 16 * MINUTE)
    for wrong in (ticket[:-1], "", "x", ticket * 9):
        with pytest.raises(NoSuchDoor):
            doors.find_by_ticket(district=klaten, ticket=wrong, now=later)
    with pytest.raises(NoSuchDoor):
        doors.find_by_ticket(district=make_district("lebak"), ticket=ticket, now=later)
    doors.renew_door(door=door, actor=make_member("kader", klaten), now=START)
    with pytest.raises(CodeExpired):
        doors.find_by_ticket(district=klaten, ticket=ticket, now=later)


def test_one_ticket_is_one_person(klaten, door):
    entrance = find(klaten, doors.current_code(door, START).typed)
    key = uuid4()
    first = doors.check_in(entrance=entrance, person=person(), key=key, now=START)
    other = doors.check_in(entrance=entrance, person=person("Ani"), key=key, now=START)
    assert (first.http, other.status, other.http) == (201, "conflict", 422)
    assert Attendance.objects.count() == 1


def test_who_checks_in_by_themselves_wipes_nothing_that_staff_wrote(klaten, door, meeting):
    desa = meeting.event.region
    who = person(
        phone="081234567890", position="Ketua", region=desa.pk, organisation_name="PKK Delanggu",
        disability=True, disability_agreed=True,
    )  # fmt: skip
    earlier = make_date(klaten, title="Minggu lalu")
    mark(earlier, who, source=Source(member=make_member("kader", klaten)))
    entrance = find(klaten, doors.current_code(door, START).typed)
    short = person("Siti Aminah", phone="081234567890", organisation_name="PKK")
    later = START + MINUTE
    assert doors.check_in(entrance=entrance, person=short, key=uuid4(), now=later).http == 201
    row = Participant.objects.get()
    assert (row.position, row.region_id, row.organisation_name) == (
        "Ketua",
        desa.pk,
        "PKK Delanggu",
    )
    assert (row.disability, row.phone) == (True, "+6281234567890")
    # What is missing is filled in.
    Participant.objects.update(position="")
    more = replace(short, position="Kader")
    other = make_date(klaten, title="Minggu depan")
    opened = doors.open_door(occurrence=other, actor=make_member("kader", klaten), now=START)
    there = find(klaten, doors.current_code(opened, START).scanned)
    doors.check_in(entrance=there, person=more, key=uuid4(), now=later + MINUTE)
    assert Participant.objects.get().position == "Kader"


def test_a_child_that_is_known_stays_one_at_the_door(klaten, door, meeting):
    allow_minors(klaten)
    child = person("Budi", sex="L", age_group="13-17", consent="Map 3")
    mark(make_date(klaten, title="Minggu lalu"), child, source=Source(member=None))
    before = Participant.objects.get()
    entrance = find(klaten, doors.current_code(door, START).typed)
    grown = person("Budi", sex="L", phone="081234567890")
    doors.check_in(
        entrance=entrance, person=grown, person_key=child.key, key=uuid4(), now=START + MINUTE
    )
    row = Participant.objects.get()
    assert (row.is_minor, row.age_group, row.phone, row.consent) == (True, "13-17", "", "Map 3")
    assert row.keep_until == before.keep_until


def test_a_check_in_that_is_refused_lifts_no_tombstone(klaten, door, meeting):
    entrance = find(klaten, doors.current_code(door, START).typed)
    who = person(phone="081234567890")
    doors.check_in(entrance=entrance, person=who, key=uuid4(), now=START)
    erase_person("+6281234567890", now=START)
    Occurrence.objects.filter(pk=meeting.pk).update(is_cancelled=True)
    entrance.occurrence.is_cancelled = True
    again = replace(who, position="Kader")
    refused = doors.check_in(entrance=entrance, person=again, key=uuid4(), now=START)
    assert (refused.http, is_erased("+6281234567890")) == (409, True)
    entrance.occurrence.is_cancelled = False
    taken = doors.check_in(entrance=entrance, person=again, key=uuid4(), now=START)
    assert (taken.http, is_erased("+6281234567890")) == (201, False)


def test_what_was_told_at_the_door_before_an_erasure_stays_refused(klaten, door):
    entrance = find(klaten, doors.current_code(door, START).typed)
    who, key = person(phone="081234567890"), uuid4()
    doors.check_in(entrance=entrance, person=who, key=key, now=START)
    before = Fact.objects.get(key=key)
    assert before.subjects.count() == 2
    erase_person("+6281234567890", now=START)
    before.refresh_from_db()
    assert before.body is None
    again = replace(who, position="Kader")
    assert doors.check_in(entrance=entrance, person=again, key=uuid4(), now=START).http == 201
    # Its form is sent once more by a browser that was left open.
    late = doors.check_in(entrance=entrance, person=who, key=key, now=START)
    assert (late.status, late.http) == ("rejected", 410)
    assert Participant.objects.exclude(name="").count() == 1
