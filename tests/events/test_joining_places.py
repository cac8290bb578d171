"""Places of a date: taken, freed, given to who waits, never more than there are."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from events.models import ConsentText, Occurrence, Registration, Reminder
from events.services import (
    consenting,
    deciding,
    moving,
    planning,
    registered,
    registering,
)
from events.services.bookkeeping import NotPossible
from events.services.places import keep_as_decided, recount
from events.services.private_links import LINK
from safeguards.models import Fact
from safeguards.services.persons import erase_person, export_person, is_erased
from safeguards.services.retention import purge_expired
from tests.factories.events import NOW, START, make_event, make_terms
from tests.factories.joining import E164, date_of, make_open_event, register, words
from tests.factories.people import make_member
from tests.factories.places import make_district

State = Registration.State
DAY = timedelta(days=1)


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


def states(date) -> list[str]:
    return list(date.registrations.order_by("pk").values_list("state", flat=True))


def taken(date) -> int:
    return Occurrence.objects.get(pk=date.pk).taken


def test_the_same_form_again_is_the_same_registration(klaten):
    date, key = date_of(make_open_event(klaten)), uuid4()
    answers = [
        registering.register(occurrence=date, key=key, values=words(), language_code="id", now=NOW)
        for _n in range(2)
    ]
    assert [answer.http for answer in answers] == [201, 200]
    assert answers[0].token == answers[1].token
    other = registering.register(
        occurrence=date, key=key, values=words(name="Lain"), language_code="id", now=NOW
    )
    assert (other.http, other.token) == (422, "")
    assert (states(date), taken(date)) == (["terdaftar"], 1)


def test_no_token_and_no_word_of_it_is_stored(klaten):
    date = date_of(make_open_event(klaten))
    mine = register(date, name="Ibu Rahasia")
    token = LINK.token_of(mine.key)
    assert len(token) == 32
    assert token not in str(Registration.objects.values())
    assert "Rahasia" not in str(Fact.objects.values())
    # A form that an identity number can't be read from, whatever the words are.
    assert UUID(Fact.objects.get().body["words"])
    assert registering.find(district=klaten, token=token) == mine
    with pytest.raises(Registration.DoesNotExist):
        registering.find(district=make_district("lebak"), token=token)


def test_a_freed_place_goes_to_the_first_who_waits(klaten):
    date = date_of(make_open_event(klaten, seats=2))
    first, _second, third, fourth = (register(date) for _n in range(4))
    assert states(date) == ["terdaftar", "terdaftar", "menunggu", "menunggu"]
    assert [registering.place_in_queue(one) for one in (first, third, fourth)] == [0, 1, 2]
    for _again in range(2):
        registering.cancel(registration=first, now=NOW)
    assert states(date) == ["batal", "terdaftar", "terdaftar", "menunggu"]
    assert taken(date) == 2


def test_a_group_moves_up_as_a_whole_and_nobody_overtakes_it(klaten):
    date = date_of(make_open_event(klaten, seats=4))
    first = register(date, kind="lembaga", seats=3)
    register(date, kind="lembaga", seats=3)
    # One place is free, but a number in the queue never gets worse.
    register(date)
    assert states(date) == ["terdaftar", "menunggu", "menunggu"]
    registering.cancel(registration=first, now=NOW)
    assert states(date) == ["batal", "terdaftar", "terdaftar"]
    assert taken(date) == 4


def test_the_office_lets_somebody_in_where_a_large_group_blocks_the_queue(klaten):
    date = date_of(make_open_event(klaten, seats=4))
    register(date, kind="lembaga", seats=3)
    group, single = register(date, kind="lembaga", seats=4), register(date)
    office = make_member("admin", klaten)
    registering.let_in(registration=single, actor=office, now=NOW)
    assert states(date) == ["terdaftar", "menunggu", "terdaftar"]
    with pytest.raises(NotPossible):
        registering.let_in(registration=group, actor=office, now=NOW)
    with pytest.raises(NotPossible):
        registering.let_in(registration=single, actor=office, now=NOW)
    assert taken(date) == 4


def test_who_waits_first_and_cancels_makes_room_for_who_fits(klaten):
    date = date_of(make_open_event(klaten, seats=4))
    register(date, kind="lembaga", seats=3)
    group, _single = register(date, kind="lembaga", seats=2), register(date)
    registering.cancel(registration=group, now=NOW)
    assert states(date) == ["terdaftar", "batal", "terdaftar"]


def test_more_places_move_people_up_and_too_few_are_refused(klaten):
    event = make_open_event(klaten, seats=1)
    date, office = date_of(event), make_member("admin", klaten)
    for _n in range(3):
        register(date)
    event = planning.edit(
        event=event, actor=office, version=event.version, values={"seats": 2}, now=NOW
    )
    assert states(date) == ["terdaftar", "terdaftar", "menunggu"]
    with pytest.raises(NotPossible) as refusal:
        planning.edit(
            event=event, actor=office, version=event.version, values={"seats": 1}, now=NOW
        )
    assert "2" in str(refusal.value.message)
    event.refresh_from_db()
    assert (event.seats, taken(date)) == (2, 2)
    planning.edit(event=event, actor=office, version=event.version, values={"seats": None}, now=NOW)
    assert set(states(date)) == {"terdaftar"}


def test_what_is_over_keeps_its_places_when_the_series_gets_fewer(klaten):
    event = make_open_event(klaten, seats=5, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH")
    first, second = date_of(event), date_of(event, 1)
    register(first, kind="lembaga", seats=4)
    later = START + 2 * DAY
    event = planning.edit(
        event=event,
        actor=make_member("admin", klaten),
        version=event.version,
        values={"seats": 3},
        now=later,
    )
    rows = Occurrence.objects.order_by("start")
    assert [row.seats for row in rows] == [5, 3, 3]
    assert registering.why_closed(second, later) == ""


def test_more_people_than_there_are_places_are_refused_at_once(klaten):
    date = date_of(make_open_event(klaten, seats=10))
    answer = registering.register(
        occurrence=date,
        key=uuid4(),
        values=words(kind="lembaga", seats=11),
        language_code="id",
        now=NOW,
    )
    assert (answer.http, answer.token) == (422, "")
    assert "10" in answer.reason
    assert states(date) == []


def test_nobody_registers_for_what_takes_nobody(klaten):
    office = make_member("admin", klaten)
    guarded = make_open_event(klaten, kind="pertemuan-pkk")
    not_asked = make_event(klaten)
    waiting = make_event(klaten, published=False, takes_registrations=True)
    cancelled = make_open_event(klaten)
    deciding.cancel(
        event=cancelled, actor=office, version=cancelled.version, note="Banjir", now=NOW
    )
    one_date = make_open_event(klaten)
    moving.cancel_date(
        occurrence=date_of(one_date), actor=office, version=one_date.version, note="", now=NOW
    )
    for event in (guarded, not_asked, waiting, cancelled, one_date):
        answer = registering.register(
            occurrence=date_of(event), key=uuid4(), values=words(), language_code="id", now=NOW
        )
        assert (answer.http, bool(answer.reason)) == (409, True)
    over = registering.register(
        occurrence=date_of(make_open_event(klaten)),
        key=uuid4(),
        values=words(),
        language_code="id",
        now=START,
    )
    assert over.http == 409
    assert (Registration.objects.count(), Fact.objects.count()) == (0, 0)


def test_the_office_writes_down_who_called_also_for_members(klaten):
    guarded = make_event(klaten, kind="pertemuan-pkk")
    answer = registering.register(
        occurrence=date_of(guarded),
        key=uuid4(),
        values=words(email="", phone=E164),
        language_code="id",
        now=NOW,
        actor=make_member("admin", klaten),
    )
    assert (answer.http, Registration.objects.get().state) == (201, "terdaftar")


def test_after_the_session_has_begun_nothing_is_cancelled(klaten):
    mine = register(date_of(make_open_event(klaten)))
    with pytest.raises(NotPossible):
        registering.cancel(registration=mine, now=START)
    assert states(mine.occurrence) == ["terdaftar"]


def test_a_consent_stays_what_was_agreed_to(klaten):
    event = make_open_event(klaten, seats=None)
    assert ConsentText.objects.count() == 0
    first = register(date_of(event)).consent
    assert (first.version, bool(first.text_id)) == (1, True)
    office = make_member("admin", klaten)
    words_id = "Kantor menyimpan nama saya untuk kegiatan ini saja."
    for _n in range(2):
        consenting.new_version(district=klaten, actor=office, text_id=words_id, text_en="", now=NOW)
    second = register(date_of(event)).consent
    first.refresh_from_db()
    assert (first.version, second.version, second.text_id) == (1, 2, words_id)
    assert first.text_id != words_id
    with translation.override("en"):
        assert second.text == words_id
    lebak = make_district("lebak")
    assert consenting.current(lebak).version == 1


def test_erasing_somebody_frees_the_place(klaten):
    now = timezone.now()
    event = make_open_event(klaten, seats=1, starts_at=now + 10 * DAY, now=now)
    date = date_of(event)
    register(date, email="hapus@contoh.invalid", now=now)
    register(date, email="", phone=E164, now=now)
    told = export_person("hapus@contoh.invalid")["events.Registration"]["rows"]
    assert [row["email"] for row in told] == ["hapus@contoh.invalid"]
    erase_person("Hapus@contoh.invalid", now=now)
    assert (states(date), taken(date)) == (["terdaftar"], 1)
    told = export_person(E164)["events.Registration"]["rows"]
    assert [row["phone"] for row in told] == [E164]
    erase_person(E164, now=now)
    assert (states(date), taken(date)) == ([], 0)


def test_who_waited_behind_somebody_erased_moves_up(klaten):
    now = timezone.now()
    fixed = {"starts_at": now + 10 * DAY, "now": now}
    date = date_of(make_open_event(klaten, seats=4, **fixed))
    register(date, kind="lembaga", seats=3, now=now)
    group = register(date, kind="lembaga", seats=2, now=now)
    single = register(date, now=now)
    assert (states(date), taken(date)) == (["terdaftar", "menunggu", "menunggu"], 3)
    registered.forget(registration=group, now=now)
    assert (states(date), taken(date)) == (["terdaftar", "terdaftar"], 4)
    assert Reminder.objects.get(what="naik").registration == single


def test_counting_again_costs_the_same_however_many_wait_in_vain(klaten):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert recount(NOW) == 0
        return len(queries)

    def full() -> Occurrence:
        date = date_of(make_open_event(klaten, seats=4))
        # Its one free place is too few for who waits first.
        for seats in (3, 2, 1):
            register(date, kind="lembaga", seats=seats)
        return date

    full()
    one = asked()
    # A session that does not take place lets nobody move up.
    off = full()
    event = off.event
    event.refresh_from_db()
    moving.cancel_date(
        occurrence=off, actor=event.proposed_by, version=event.version, note="", now=NOW
    )
    Occurrence.objects.filter(pk=off.pk).update(taken=0)
    off.registrations.filter(state="terdaftar").delete()
    full()
    assert asked() == one
    assert states(off) == ["menunggu", "menunggu"]


def test_who_was_erased_and_comes_back_is_welcome(klaten):
    date = date_of(make_open_event(klaten, seats=5))
    mine = register(date)
    erase_person(mine.email, now=NOW)
    again = registering.register(
        occurrence=date, key=mine.key, values=words(), language_code="id", now=NOW
    )
    assert (again.http, again.token) == (410, "")
    assert register(date).state == "terdaftar"
    assert not is_erased(mine.email)


@pytest.mark.parametrize(("seats", "http"), [(6, 422), (1, 409)])
def test_who_was_erased_stays_so_where_the_registration_is_refused(klaten, seats, http):
    date = date_of(make_open_event(klaten, seats=5))
    mine = register(date, phone=E164)
    erase_person(mine.email, now=NOW)
    erase_person(E164, now=NOW)
    now = NOW if http == 422 else date.start
    refused = registering.register(
        occurrence=date, key=uuid4(), values=words(seats=seats, phone=E164), language_code="id",
        now=now,
    )  # fmt: skip
    assert (refused.http, refused.token) == (http, "")
    assert [is_erased(who) for who in (mine.email, E164)] == [True, True]


def test_registrations_go_when_the_office_decided(klaten):
    event = make_open_event(klaten, seats=None)
    mine = register(date_of(event))
    end = date_of(event).end
    assert mine.ends_at == end + 30 * DAY
    moving.move_date(
        occurrence=date_of(event),
        actor=make_member("admin", klaten),
        version=event.version,
        start=START + 10 * DAY,
        minutes=90,
        now=NOW,
    )
    mine.refresh_from_db()
    assert mine.ends_at == end + 40 * DAY
    settings = planning.settings_of(klaten)
    settings.registration_days = 5
    settings.save()
    assert keep_as_decided(NOW) == 1
    assert keep_as_decided(NOW) == 0
    mine.refresh_from_db()
    assert mine.ends_at == end + 15 * DAY
    purge_expired(end + 15 * DAY)
    assert Registration.objects.count() == 1
    purge_expired(end + 15 * DAY + timedelta(seconds=1))
    assert Registration.objects.count() == 0
    assert taken(date_of(event)) == 1
