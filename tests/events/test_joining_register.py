"""Registering as a visitor meets it: the form, each bad input, the private page, cancelling."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from events.forms.registration import RegistrationTicket
from events.models import ConsentText, Occurrence, Registration
from events.services import consenting, deciding, moving, planning
from events.views.joining.register import RegisterForDate
from safeguards.models import Fact
from tests.factories.events import make_event
from tests.factories.joining import E164, NIK, PHONE, date_of, make_open_event, token_in, typed
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
HOST = {"host": "klaten.localhost"}
SOON = timedelta(days=20)


@pytest.fixture
def client():
    return Client()


@pytest.fixture
def event(klaten):
    return open_event(klaten)


def open_event(district, **changed):
    now = timezone.now()
    start = (now + SOON).replace(hour=2, minute=0, second=0, microsecond=0)
    return make_open_event(district, **{"starts_at": start, "now": now} | changed)


def address(event, number: int = 0) -> str:
    return f"/kalender/{event.slug}/{date_of(event, number).day:%Y-%m-%d}/daftar/"


def send(client, event, **changed):
    return client.post(address(event), typed(event.district, **changed), headers=HOST)


def text_of(response) -> str:
    return response.content.decode()


def test_the_form_opens_without_being_kept_by_anybody(client, event, django_assert_max_num_queries):
    client.get(address(event), headers=HOST)
    with django_assert_max_num_queries(8):
        response = client.get(address(event), headers=HOST)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    text = text_of(response)
    for part in ("csrfmiddlewaretoken", "Mengasuh tanpa kekerasan", 'name="consent" value="1"'):
        assert part in text
    assert "<script" not in text.replace('<script type="module" src=', "")
    # A GET keeps nothing, the office's first consent text neither.
    assert ConsentText.objects.count() == 0


def test_a_registration_has_a_private_page_and_a_place(client, event):
    response = send(client, event, phone=PHONE)
    assert response.status_code == 303
    mine = Registration.objects.get()
    assert (mine.state, mine.phone, mine.seats, mine.language_code) == (
        "terdaftar",
        E164,
        1,
        "id",
    )
    page = client.get(response["Location"], headers=HOST)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert page["Referrer-Policy"] == "same-origin"
    text = text_of(page)
    assert ("noindex" in text, "09.00–10.30 WIB" in text, mine.name in text) == (True,) * 3
    assert (E164 in text, mine.email in text) == (False, False)
    calendar = client.get(f"{response['Location']}kegiatan.ics", headers=HOST)
    [vevent] = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert vevent["DTSTART"].dt == date_of(event).start
    assert calendar["Cache-Control"] == "private, no-store"


def test_in_english_it_stays_english(client, event):
    response = client.post(f"/en{address(event)}", typed(event.district), headers=HOST)
    assert response["Location"].startswith("/en/kalender/pendaftaran/")
    assert Registration.objects.get().language_code == "en"


def test_the_same_form_again_gives_the_same_page_and_one_row(client, event):
    form = typed(event.district)
    answers = [client.post(address(event), form, headers=HOST) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Registration.objects.count() == 1
    other = client.post(address(event), form | {"name": "Orang Lain"}, headers=HOST)
    assert other.status_code == 422
    text = text_of(other)
    assert ('value="Orang Lain"' in text, "Ibu Contoh" in text) == (True, False)
    ticket = re.search(r'name="ticket" value="([^"]+)"', text)[1]
    assert ticket != form["ticket"]
    assert Registration.objects.get().name == "Ibu Contoh"


def test_the_link_of_a_date_that_was_moved_leads_to_where_it_is(client, event):
    row, member = date_of(event), make_member("moderator", event.district)
    old = address(event)
    form = typed(event.district, name="Ibu Sari")
    moving.move_date(
        occurrence=row, actor=member, version=event.version, start=row.start + timedelta(days=3),
        minutes=event.minutes, now=timezone.now(),
    )  # fmt: skip
    asked = client.get(old, headers=HOST)
    assert (asked.status_code, asked["Location"]) == (303, address(event))

    # Whoever was writing meanwhile is told, and keeps what they wrote.
    late = client.post(old, form, headers=HOST)
    assert (late.status_code, Registration.objects.count()) == (409, 0)
    assert 'value="Ibu Sari"' in text_of(late)
    assert f'action="{address(event)}#periksa"' in text_of(late)
    assert client.post(address(event), form, headers=HOST).status_code == 303
    # A form that was kept before leads to its page, whichever address it comes by.
    assert client.post(old, form, headers=HOST).status_code == 303
    assert Registration.objects.get().name == "Ibu Sari"
    assert client.get(old.replace("daftar/", "x/"), headers=HOST).status_code == 404


def test_a_form_that_was_kept_leads_to_its_page_also_after_the_date_was_cancelled(client, event):
    form = typed(event.district)
    first = client.post(address(event), form, headers=HOST)
    deciding.cancel(
        event=event,
        actor=make_member("admin", event.district),
        version=event.version,
        note="Banjir",
        now=timezone.now(),
    )
    again = client.post(address(event), form, headers=HOST)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    fresh = send(client, event)
    assert (fresh.status_code, Registration.objects.count()) == (409, 1)
    assert client.get(address(event), headers=HOST).status_code == 200
    page = text_of(client.get(first["Location"], headers=HOST))
    assert "tautan" in page


LONG = "x" * 10_000


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": LONG}, "name"),
        ({"name": f"NIK {NIK}"}, "name"),
        ({"name": "\u2028\u2029"}, "name"),
        ({"name": "lihat https://contoh.invalid"}, "name"),
        ({"kind": "hantu"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "lembaga", "seats": "4"}, "organisation_name"),
        ({"organisation_name": LONG}, "organisation_name"),
        ({"organisation_name": "NISN 00" + "12345678"}, "organisation_name"),
        ({"seats": "3"}, "seats"),
        ({"seats": "0"}, "seats"),
        ({"seats": "-1"}, "seats"),
        ({"seats": "٣"}, "seats"),
        ({"seats": "banyak"}, "seats"),
        ({"kind": "lembaga", "organisation_name": "SMP", "seats": "201"}, "seats"),
        ({"seats": LONG}, "seats"),
        ({"email": "bukan alamat"}, "email"),
        ({"email": f"{NIK}@contoh.invalid"}, "email"),
        ({"email": f"{LONG}@contoh.invalid"}, "email"),
        ({"email": "", "phone": ""}, "email"),
        ({"phone": "12"}, "phone"),
        ({"phone": NIK}, "phone"),
        ({"phone": LONG}, "phone"),
        ({"agrees": ""}, "agrees"),
        ({"adult": ""}, "adult"),
        ({"consent": "7"}, "agrees"),
        ({"consent": ""}, "agrees"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(client, event, changed, field):
    response = send(client, event, **changed)
    assert response.status_code == 422
    text = text_of(response)
    assert f'id="id_{field}_error"' in text
    assert f'href="#id_{field}"' in text
    assert 'id="periksa"' in text
    if "name" not in changed:
        assert 'value="Ibu Contoh"' in text
    assert (Registration.objects.count(), Fact.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["Ibu 😀", "<b>Ibu</b>", "O’Ibu \u2028 Baris", "=1+1", "Ibu\x00"])
def test_odd_words_are_kept_as_words(client, event, name):
    response = send(client, event, name=name)
    text = text_of(client.get(response["Location"], headers=HOST))
    assert "<b>Ibu</b>" not in text
    stored = Registration.objects.get().name
    assert not {"\u2028", "\x00"} & set(stored)
    assert stored.startswith(name[:3])


@pytest.mark.parametrize("opened", [timedelta(0), timedelta(hours=25), None])
def test_a_form_of_no_human_pace_is_asked_to_come_again(client, event, opened):
    ticket = "palsu"
    if opened is not None:
        now = timezone.now()
        ticket = str(RegistrationTicket.new(office=event.district.pk, now=now - opened))
    response = send(client, event, ticket=ticket)
    assert (response.status_code, Registration.objects.count()) == (422, 0)
    assert 'value="Ibu Contoh"' in text_of(response)


def test_what_nobody_sees_must_stay_empty(client, event):
    response = send(client, event, alamat_situs="http://spam.invalid")
    assert (response.status_code, Registration.objects.count()) == (422, 0)
    assert "spam.invalid" not in text_of(response)


def test_too_much_is_shortened_and_nothing_is_sent(client, event):
    response = send(client, event, name="x" * 70_000)
    assert (response.status_code, Registration.objects.count()) == (413, 0)
    assert "x" * 2_000 in text_of(response)
    assert "x" * 2_001 not in text_of(response)


def test_too_many_are_asked_to_wait(client, event, monkeypatch):
    monkeypatch.setattr(RegisterForDate, "per_address", 2)
    for number in range(2):
        assert send(client, event, email=f"a{number}@contoh.invalid").status_code == 303
    response = send(client, event, email="a3@contoh.invalid")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600
    assert 'value="a3@contoh.invalid"' in text_of(response)
    assert Registration.objects.count() == 2


def test_one_contact_registers_a_few_times_only(client, event):
    answers = [send(client, event).status_code for _n in range(RegisterForDate.per_contact + 1)]
    assert answers == [303] * RegisterForDate.per_contact + [429]


def test_a_new_consent_text_is_shown_before_it_is_agreed_to(client, event):
    send(client, event)
    consenting.new_version(
        district=event.district,
        actor=make_member("admin", event.district),
        text_id="Kata-kata baru dari kantor tentang data ini.",
        text_en="",
        now=timezone.now(),
    )
    response = send(client, event)
    assert response.status_code == 422
    text = text_of(response)
    assert ("Kata-kata baru" in text, 'name="consent" value="2"' in text) == (True, True)
    assert send(client, event, consent="2").status_code == 303
    versions = Registration.objects.order_by("pk").values_list("consent__version", flat=True)
    assert list(versions) == [1, 2]


def test_of_two_dates_on_one_day_one_is_chosen(client, klaten):
    event = open_event(klaten)
    first = date_of(event)
    moving.add_date(
        event=event,
        actor=make_member("admin", klaten),
        version=event.version,
        start=first.start + timedelta(hours=5),
        now=timezone.now(),
    )
    second = date_of(event, 1)
    text = text_of(client.get(address(event), headers=HOST))
    assert (f'value="{first.key}"' in text, f'value="{second.key}"' in text) == (True, True)
    assert send(client, event).status_code == 422
    assert send(client, event, date=str(second.key)).status_code == 303
    assert Registration.objects.get().occurrence == second


def words_of(response) -> str:
    return re.sub(r'action="[^"]*"|href="[^"]*"', "", text_of(response))


def test_what_was_typed_is_not_lost_where_the_session_is_planned_anew(client, klaten):
    event = open_event(klaten)
    planning.edit(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        values={"title": "Judul baru"},
        now=timezone.now(),
    )
    response = send(client, event, phone=PHONE)
    assert response.status_code == 404
    for part in ("Ibu Contoh", "ibu@contoh.invalid", PHONE, "sedang tidak menerima pendaftaran"):
        assert part in text_of(response)
    assert "Judul baru" not in text_of(response)
    assert Registration.objects.count() == 0


def test_a_form_that_is_sent_again_finds_its_registration_wherever_the_session_went(client, klaten):
    event = open_event(klaten)
    form = typed(klaten)
    first = client.post(address(event), form, headers=HOST)
    event.refresh_from_db()
    moderator = make_member("moderator", klaten)
    deciding.hide(event=event, actor=moderator, version=event.version, now=timezone.now())
    again = client.post(address(event), form, headers=HOST)
    assert (again.status_code, again["Location"]) == (303, first["Location"])


def test_what_takes_no_registrations_is_no_page(client, klaten):
    now = timezone.now()
    later = {"starts_at": now + SOON, "now": now}
    open_one = open_event(klaten)
    hidden = [
        make_event(klaten, **later),
        open_event(klaten, kind="pertemuan-pkk"),
        make_event(klaten, published=False, takes_registrations=True, **later),
    ]
    nowhere = "/kalender/tidak-ada/2026-01-01/daftar/"
    missing = client.get(nowhere, headers=HOST)
    unsent = client.post(nowhere, typed(klaten), headers=HOST)
    assert "Ibu Contoh" in text_of(unsent)
    for event in hidden:
        opened, sent = client.get(address(event), headers=HOST), send(client, event)
        assert (opened.status_code, opened.content) == (404, missing.content)
        # What was typed comes back, and nothing tells this address from any other.
        assert (sent.status_code, words_of(sent)) == (404, words_of(unsent))
    for path in (
        f"/kalender/{open_one.slug}/2026-01-01/daftar/",
        f"/kalender/{open_one.slug}/2026-02-31/daftar/",
        f"/kalender/{open_one.slug}/99999-01-01/daftar/",
    ):
        assert client.get(path, headers=HOST).status_code == 404
    other = client.get(address(open_one), headers={"host": "localhost"})
    assert other.status_code == 404


def test_cancelling_asks_first_and_lets_the_next_one_in(client, klaten):
    event = open_event(klaten, seats=1)
    first = send(client, event)["Location"]
    second = send(client, event, email="dua@contoh.invalid")["Location"]
    assert "1" in re.search(r"nomor (\d)|number (\d)", text_of(client.get(second, headers=HOST)))[0]
    asked = client.get(f"{first}batal/", headers=HOST)
    assert (asked.status_code, asked["Cache-Control"]) == (200, "private, no-store")
    assert Registration.objects.filter(state="batal").count() == 0
    for _again in range(2):
        done = client.post(f"{first}batal/", headers=HOST)
        assert (done.status_code, done["Location"]) == (303, first)
    states = Registration.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["batal", "terdaftar"]
    assert Occurrence.objects.get(event=event).taken == 1
    assert "kegiatan.ics" in text_of(client.get(second, headers=HOST))
    assert "kegiatan.ics" not in text_of(client.get(first, headers=HOST))


def test_cancelling_needs_a_token_of_this_office_and_csrf(client, event):
    path = send(client, event)["Location"]
    make_district("lebak")
    token = token_in(path)
    missing = client.get("/kalender/tidak-ada-sama-sekali/", headers=HOST)
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    for host, wanted in (("klaten", other), ("lebak", token)):
        for act in (client.get, client.post):
            response = act(
                f"/kalender/pendaftaran/{wanted}/batal/", headers={"host": f"{host}.localhost"}
            )
            assert response.status_code == 404
            if host == "klaten":
                assert response.content == missing.content
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{path}batal/", headers=HOST).status_code == 403
    assert Registration.objects.get().state == "terdaftar"


def test_a_private_page_that_is_sent_to_too_often_pauses(client, event, monkeypatch):
    path = send(client, event)["Location"]
    monkeypatch.setattr("districts.private_pages.PER_PAGE", 1)
    assert client.post(f"{path}batal/", headers=HOST).status_code == 303
    response = client.post(f"{path}batal/", headers=HOST)
    assert (response.status_code, int(response["Retry-After"]) > 0) == (429, True)


def test_a_session_that_became_guarded_tells_no_more(client, event):
    path = send(client, event)["Location"]
    event.guarded, event.title = True, "SMPN Rahasia"
    event.save()
    text = text_of(client.get(path, headers=HOST))
    assert ("Rahasia" in text, "Balai Desa" in text, "Sosialisasi" in text) == (False, False, True)
