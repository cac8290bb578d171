"""The check-in door: staff opens it and shows its code; people write themselves on the list."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from districts.paper import qr_svg
from events.attendance import codes
from events.attendance.persons import Person
from events.models import Attendance, CheckInDoor, Occurrence, Participant
from events.services import attending, doors
from events.services.participants import no_consent
from events.services.private_links import LINK
from safeguards.models import Fact
from tests.factories.attendance import mark, person
from tests.factories.attending import check_in_form, held_now, key_of, known, put_together
from tests.factories.joining import register
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
NIK = "3310014507900001"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return held_now(klaten, proposer=kader.user)


@pytest.fixture
def door(row, kader):
    return doors.open_door(occurrence=row, actor=kader.user, now=timezone.now())


@pytest.fixture
def phone(klaten):
    return Client(SERVER_NAME=klaten.site.hostname)


def path(row, rest: str) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def here(door, *, ago: int = 0, typed: bool = False) -> str:
    code = doors.current_code(door, timezone.now() - timedelta(minutes=ago))
    return f"/hadir/{code.typed if typed else code.scanned}/"


def ticket_in(response) -> str:
    return text_of(response).partition('name="ticket" value="')[2].partition('"')[0]


def test_staff_opens_shows_renews_and_closes(klaten, kader, row):
    assert kader.get(path(row, "layar/qr.svg")).status_code == 404
    opened = kader.post(
        path(row, "pintu/"),
        {"do": "buka", "aturan": "ya", "ke": "layar", "sebelum": "30", "sesudah": "15"},
    )
    assert (opened.status_code, opened["Location"]) == (303, path(row, "layar/"))
    door = CheckInDoor.objects.get()
    assert (door.opens_before, door.closes_after, door.allows_static) == (30, 15, False)
    wall = kader.get(path(row, "layar/"))
    typed = doors.current_code(door, timezone.now()).typed
    assert f"{typed[:3]} {typed[3:]}" in text_of(wall)
    assert "klaten.localhost/hadir" in text_of(wall)
    picture = kader.get(path(row, "layar/qr.svg"))
    assert (picture["Content-Type"], picture["Cache-Control"]) == (
        "image/svg+xml",
        "private, no-store",
    )
    # What the QR says is the address of the check-in with the code of this minute.
    now = timezone.now()
    codes_now = [doors.current_code(door, now - timedelta(minutes=n)).scanned for n in (0, 1)]
    address = "http://klaten.localhost/hadir/{}/".format
    assert picture.content in [qr_svg(address(code)) for code in codes_now]
    assert kader.get(path(row, "layar/kertas/")).status_code == 404
    assert kader.get(path(row, "layar/qr.svg?kertas")).status_code == 404
    kader.post(path(row, "pintu/"), {"do": "buka", "aturan": "ya", "kertas": "ya"})
    door.refresh_from_db()
    paper = doors.paper_code(door).typed
    assert f"{paper[:3]} {paper[3:]}" in text_of(kader.get(path(row, "layar/kertas/")))
    assert kader.get(path(row, "layar/qr.svg?kertas")).status_code == 200
    kader.post(path(row, "pintu/"), {"do": "baru"})
    assert CheckInDoor.objects.get().salt != door.salt
    kader.post(path(row, "pintu/"), {"do": "tutup"})
    assert CheckInDoor.objects.get().closed_at is not None
    assert kader.get(path(row, "layar/qr.svg")).status_code == 404
    assert "att-code" not in text_of(kader.get(path(row, "layar/")))
    assert kader.post(path(row, "pintu/"), {"do": "terbang"}).status_code == 400
    kader.post(path(row, "pintu/"), {"do": "buka"})
    assert CheckInDoor.objects.get().closed_at is None
    for state in ("pintu/", ""):
        assert kader.get(path(row, state)).status_code == 200


def test_a_door_of_what_was_cancelled_is_not_opened(klaten, kader, row):
    row.is_cancelled = True
    row.save(update_fields=["is_cancelled"])
    answer = kader.post(path(row, "pintu/"), {"do": "buka"})
    assert (answer.status_code, CheckInDoor.objects.exists()) == (409, False)


def test_no_name_stands_on_the_wall(kader, row, door):
    mark(row, person("Siti Aminah"), now=row.start)
    wall = text_of(kader.get(path(row, "layar/")))
    assert ("Siti" in wall, "<b>1</b>" in wall) == (False, True)


def test_somebody_checks_in_once(klaten, row, door, phone):
    page = phone.get(here(door))
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page.cookies.keys() <= {"csrftoken"}
    form = check_in_form(ticket_in(page))
    answer = phone.post(here(door), form)
    assert (answer.status_code, answer.cookies["hadir"]["httponly"]) == (201, True)
    # The phone may be lent: nothing says who it was.
    assert "Budi" not in text_of(answer)
    [known] = row.attendance.all()
    assert (known.status, known.way, known.recorded_by) == ("hadir", "mandiri", None)
    # A reload, and the same person with a form of their own.
    assert phone.post(here(door), form).status_code == 200
    assert phone.get(here(door)).status_code == 200
    assert ticket_in(phone.get(here(door))) == ""
    other = Client(SERVER_NAME=klaten.site.hostname)
    again = check_in_form(ticket_in(other.get(here(door))))
    assert other.post(here(door), again).status_code == 200
    assert (Participant.objects.count(), Attendance.objects.count()) == (1, 1)
    # A lent phone writes down somebody else.
    lent = check_in_form(ticket_in(phone.get(f"{here(door)}?lain")), name="Ani", sex="P")
    assert phone.post(here(door), lent).status_code == 201
    assert sorted(r.participant.name for r in row.attendance.all()) == ["Ani", "Budi Santoso"]


def test_who_was_taken_back_is_not_welcomed_again(klaten, kader, row, door, phone):
    """Whoever leads the session is asked, and what was typed is still there."""
    assert (
        phone.post(here(door), check_in_form(ticket_in(phone.get(here(door))))).status_code == 201
    )
    attending.correct(
        occurrence=row, person=Person(row.attendance.get().participant.key), status="batal",
        key=uuid4(), now=timezone.now(), source=attending.Source(member=kader.user),
    )  # fmt: skip
    ticket = ticket_in(phone.get(here(door)))
    again = phone.post(here(door), check_in_form(ticket))

    assert (again.status_code, row.attendance.get().status) == (409, "batal")
    assert 'value="Budi Santoso"' in text_of(again)
    assert "pemandu kegiatan" in text_of(again)


def test_a_phone_is_known_when_its_person_was_merged(klaten, row, door, phone):
    phone.post(here(door), check_in_form(ticket_in(phone.get(here(door)))))
    put_together(klaten, key_of("Budi Santoso"), known(klaten, "Budi Susanto"))
    assert ticket_in(phone.get(here(door))) == ""
    row.attendance.update(status="batal")
    assert ticket_in(phone.get(here(door))) != ""


def test_a_form_tells_one_person_alone(row, door, phone):
    ticket = ticket_in(phone.get(here(door)))
    assert phone.post(here(door), check_in_form(ticket)).status_code == 201
    other = phone.post(here(door), check_in_form(ticket, name="Orang Lain"))
    assert (other.status_code, row.attendance.count()) == (422, 1)
    assert 'value="Orang Lain"' in text_of(other)
    fresh = phone.post(here(door), check_in_form(ticket_in(other), name="Orang Lain"))
    assert (fresh.status_code, row.attendance.count()) == (201, 2)


def test_no_ticket_outlives_the_code_that_it_was_given_for(klaten, row, door):
    """S-28: one phone scanned; those it passes its form on to have the same quarter of an hour."""
    entrance, opened = doors.Entrance(door, row, "open"), here(door, ago=14)
    scanned = timezone.now() - timedelta(minutes=14)
    ticket = doors.ticket_for(entrance, key=uuid4(), now=scanned)
    far = Client(SERVER_NAME=klaten.site.hostname)
    assert far.post(opened, check_in_form(ticket)).status_code == 201
    other = far.post(opened, check_in_form(ticket, name="Orang Lain"))
    assert other.status_code == 422
    _entrance, _key, made = doors.find_by_ticket(
        district=klaten, ticket=ticket_in(other), now=timezone.now()
    )
    assert made == scanned.replace(microsecond=0)
    # Taken back by whoever leads the session: what is handed out then is no newer either.
    attending.correct(
        occurrence=row, person=Person(key_of("Budi Santoso")), status="batal", key=uuid4(),
        now=timezone.now(), source=attending.Source(member=door.opened_by),
    )  # fmt: skip
    again = doors.ticket_for(entrance, key=uuid4(), now=scanned)
    refused = far.post(opened, check_in_form(again))
    assert refused.status_code == 409
    _entrance, _key, made = doors.find_by_ticket(
        district=klaten, ticket=ticket_in(refused), now=timezone.now()
    )
    assert made == scanned.replace(microsecond=0)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": NIK},
        {"name": ""},
        {"name": "..."},
        {"name": "x" * 200},
        {"phone": NIK},
        {"phone": "bukan nomor"},
        {"organisation_name": f"RT {NIK}"},
        {"sex": ""},
        {"age_group": "semua"},
        {"agrees": None},
        {"disability": "ya"},
    ],
)
def test_what_may_not_be_kept_is_refused_and_stays_in_the_form(row, door, phone, changed):
    ticket = ticket_in(phone.get(here(door)))
    answer = phone.post(here(door), check_in_form(ticket, **changed))
    assert answer.status_code == 422
    assert "l-error" in text_of(answer)
    assert ticket_in(answer) == ticket
    assert (Participant.objects.count(), Fact.objects.filter(kind="hadir").count()) == (0, 0)


def test_a_disability_is_kept_with_its_own_consent(row, door, phone):
    ticket = ticket_in(phone.get(here(door)))
    form = check_in_form(ticket, disability="ya", disability_agreed="on")
    assert phone.post(here(door), form).status_code == 201
    assert Participant.objects.get().disability is True


def test_a_child_is_counted_not_named(row, door, phone):
    ticket = ticket_in(phone.get(here(door)))
    form = check_in_form(ticket, age_group="13-17", guardian="Map 3", consent="Map 3")
    answer = phone.post(here(door), form)
    assert answer.status_code == 422
    assert escape(no_consent().reason) in text_of(answer)
    assert not Participant.objects.exists()


def test_a_code_that_is_old_says_so_and_one_of_nobody_says_nothing(klaten, kader, door, phone):
    for typed in (False, True):
        old = phone.get(here(door, ago=5, typed=typed))
        assert (old.status_code, "Mengasuh" in text_of(old)) == (410, False)
    made_up = f"/hadir/{codes.in_36(door.pk)}-AAAA-{'A' * 26}/"
    answers = [phone.get(told) for told in (made_up, "/hadir/AAAAAA/", "/hadir/x/")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1
    # Another office's code is nobody's here.
    lebak = make_district("lebak")
    other = held_now(lebak)
    theirs = doors.open_door(
        occurrence=other, actor=make_member("moderator", lebak), now=timezone.now()
    )
    foreign = phone.get(here(theirs))
    assert (foreign.status_code, foreign.content) == (404, answers[0].content)


def test_a_ticket_of_another_office_or_forged_writes_nothing(klaten, row, door, phone):
    lebak = make_district("lebak")
    theirs = doors.open_door(
        occurrence=held_now(lebak), actor=make_member("moderator", lebak), now=timezone.now()
    )
    entrance = doors.Entrance(theirs, theirs.occurrence, "open")
    ticket = doors.ticket_for(entrance, key=uuid4(), now=timezone.now())
    for wrong in (ticket, "", "x" * 500, ticket_in(phone.get(here(door)))[:-3] + "abc"):
        answer = phone.post(here(door), check_in_form(wrong))
        assert answer.status_code == 422
        assert 'value="Budi Santoso"' in text_of(answer)
    assert phone.post("/hadir/AAAAAA/", check_in_form("")).status_code == 404
    assert not Attendance.objects.exists()


def test_a_form_left_open_too_long_has_to_be_opened_again(row, door, phone):
    entrance = doors.Entrance(door, row, "open")
    long_ago = timezone.now() - timedelta(minutes=16)
    ticket = doors.ticket_for(entrance, key=uuid4(), now=long_ago)
    assert phone.post(here(door, ago=16), check_in_form(ticket)).status_code == 410
    # With a code that still opens it is sent once more.
    answer = phone.post(here(door), check_in_form(ticket))
    assert answer.status_code == 422
    assert phone.post(here(door), check_in_form(ticket_in(answer))).status_code == 201


def test_before_and_after_its_time_a_door_lets_nobody_in(klaten, kader, phone):
    early = held_now(klaten, hours_ago=-5, proposer=kader.user, title="Nanti")
    late = held_now(klaten, hours_ago=5, proposer=kader.user, title="Tadi")
    for row, status in ((early, 409), (late, 410)):
        door = doors.open_door(occurrence=row, actor=kader.user, now=timezone.now())
        answer = phone.get(here(door))
        assert (answer.status_code, row.event.title in text_of(answer)) == (status, True)
        assert ("Retry-After" in answer) is (status == 409)
        entrance = doors.Entrance(door, row, "open")
        ticket = doors.ticket_for(entrance, key=uuid4(), now=timezone.now())
        assert phone.post(here(door), check_in_form(ticket)).status_code == status
    assert not Attendance.objects.exists()


def test_a_door_that_is_closed_while_a_form_is_open_lets_nobody_in(kader, row, door, phone):
    ticket = ticket_in(phone.get(here(door)))
    doors.close_door(door=door, actor=kader.user, now=timezone.now())
    assert phone.post(here(door), check_in_form(ticket)).status_code == 410
    assert not Attendance.objects.exists()


def test_a_session_that_is_guarded_tells_no_more_at_its_door_than_elsewhere(klaten, kader, phone):
    row = held_now(klaten, proposer=kader.user, kind="pertemuan-pkk", title="Arisan rumah Bu RT")
    door = doors.open_door(occurrence=row, actor=kader.user, now=timezone.now())
    page = text_of(phone.get(here(door)))
    assert ("Arisan rumah" in page, "Pertemuan PKK" in page) == (False, True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [({}, True), ({"kind": "pertemuan-pkk", "title": "Arisan rumah Bu RT"}, False)],
)
def test_the_place_of_that_date_is_read_at_its_door(klaten, kader, phone, changed, told):
    row = held_now(klaten, proposer=kader.user, venue="Balai Desa Kanari", **changed)
    Occurrence.objects.filter(pk=row.pk).update(venue="Pendopo Kanari")
    door = doors.open_door(occurrence=row, actor=kader.user, now=timezone.now())
    page = text_of(phone.get(here(door)))
    assert ("Pendopo Kanari" in page, "Balai Desa Kanari" in page) == (told, False)


def test_a_code_is_typed(door, phone):
    assert phone.get("/hadir/").status_code == 200
    typed = doors.current_code(door, timezone.now()).typed
    answer = phone.post("/hadir/", {"kode": f" {typed[:3]}-{typed[3:].lower()} "})
    assert (answer.status_code, answer["Location"]) == (303, f"/hadir/{typed}/")
    assert phone.get(answer["Location"]).status_code == 200
    for told, status in (("", 422), ("salah", 404), ("x" * 70_000, 413)):
        wrong = phone.post("/hadir/", {"kode": told})
        assert (wrong.status_code, told[:12] in text_of(wrong)) == (status, True)
    old = doors.current_code(door, timezone.now() - timedelta(minutes=9)).typed
    assert phone.post("/hadir/", {"kode": old}).status_code == 410


def test_many_wrong_codes_pause_one_phone_and_not_its_neighbours(klaten, door, phone):
    for _n in range(doors.WRONG_BY_DEVICE + 1):
        answer = phone.get("/hadir/AAAAAA/")
        if answer.status_code == 429:
            break
    paused = phone.get(here(door))
    assert (paused.status_code, int(paused["Retry-After"]) > 0) == (429, True)
    neighbour = Client(SERVER_NAME=klaten.site.hostname)
    assert neighbour.get(here(door)).status_code == 200


def test_staff_scans_a_person_and_a_registration(klaten, kader, row):
    other = held_now(klaten, hours_ago=48, proposer=kader.user, title="Dulu")
    mark(other, person("Siti Aminah"), now=other.start)
    scan = path(row, "pindai/")

    def told(text):
        return kader.post(scan, {"key": str(uuid4()), "kode": text})

    assert told(str(key_of("Siti Aminah"))).status_code == 303
    assert [(r.status, r.way) for r in row.attendance.all()] == [("hadir", "pindai")]
    assert "Siti Aminah" in text_of(kader.get(scan))
    for text, status in (
        (str(uuid4()), 404),
        ("x" * 32, 404),
        ("", 422),
        ("x" * 500, 422),
        ("https://contoh.id/", 422),
    ):
        assert told(text).status_code == status
    soon = held_now(
        klaten, hours_ago=-2, proposer=kader.user, title="Besok", takes_registrations=True
    )
    token = LINK.token_of(register(soon, now=timezone.now()).key)
    address = f"http://klaten.localhost/kalender/pendaftaran/{token}/"
    assert told(address).status_code == 404
    answer = kader.post(path(soon, "pindai/"), {"key": str(uuid4()), "kode": address})
    roll, _hash, _anchor = answer["Location"].partition("#")
    assert answer.status_code == 303
    mine = soon.registrations.get()
    assert f'value="{mine.name}"' in text_of(kader.get(roll))
    # That page of theirs shows what is scanned.
    assert 'class="j-code"' in text_of(Client(SERVER_NAME="klaten.localhost").get(address))


def test_a_check_in_page_asks_little_and_as_often_for_many(row, door, phone):
    counts = []
    for people in (1, 3):
        for number in range(people):
            mark(row, person(f"Orang {people} {number}"), now=row.start)
        phone.get(here(door))
        with CaptureQueriesContext(connection) as queries:
            assert phone.get(here(door)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_a_wall_whose_time_is_over_says_until_when_it_was_open(kader, row, door):
    ended = timezone.now() - timedelta(hours=5)
    Occurrence.objects.filter(pk=row.pk).update(start=ended - timedelta(hours=2), end=ended)
    closed = doors.window_of(door, Occurrence.objects.get(pk=row.pk))[1]
    shown = closed.astimezone(ZoneInfo(row.event.timezone))
    assert f"{shown:%H.%M}" in text_of(kader.get(path(row, "layar/")))
    doors.close_door(door=door, actor=kader.user, now=timezone.now())
    assert f"{shown:%H.%M}" not in text_of(kader.get(path(row, "layar/")))
