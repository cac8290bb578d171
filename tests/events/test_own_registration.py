"""What people reach by the link of their registration: all that is kept, mended, taken, erased."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Registration
from events.services import registering
from events.services.private_links import LINK
from safeguards.models import AuditEntry
from safeguards.phones import masked
from safeguards.services.persons import erase_resurrected
from tests.factories.forms import opened_of
from tests.factories.joining import E164, NIK, PHONE, date_of, make_open_event, register, words
from tests.factories.places import make_district, national
from tests.factories.planning import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def date(klaten):
    soon = timezone.now().replace(microsecond=0) + timedelta(days=3)
    return date_of(make_open_event(klaten, seats=1, starts_at=soon))


@pytest.fixture
def mine(date) -> Registration:
    return register(date, now=timezone.now(), phone=E164)


@pytest.fixture
def guest(klaten) -> Client:
    return Client(SERVER_NAME=klaten.site.hostname)


def path(mine: Registration, rest: str = "") -> str:
    return f"/kalender/pendaftaran/{LINK.token_of(mine.key)}/{rest}"


def test_the_page_says_all_that_is_kept_and_until_when(guest, mine):
    page = text_of(guest.get(path(mine)))
    until = timezone.localtime(mine.ends_at).strftime("%Y")
    for said in (mine.name, "i…@contoh.invalid", masked(E164), until):
        assert said in page
    # Whole they stand only where somebody asks for them: the page is glanced at by others.
    assert [whole in page for whole in (mine.email, E164)] == [False, False]
    for rest in ("ubah/", "data.json", "hapus/"):
        assert path(mine, rest) in page


def test_wrong_words_are_corrected_by_who_wrote_them(guest, mine):
    here = path(mine, "ubah/")
    opened = opened_of(guest.get(here))
    sent = {"name": "Ibu Betul", "organisation_name": "", "email": "betul@contoh.invalid"}
    sent |= {"phone": PHONE, "opened": opened}
    faulty = guest.post(here, sent | {"name": f"Ibu {NIK}"})
    assert (faulty.status_code, f"Ibu {NIK}" in text_of(faulty)) == (422, True)
    assert guest.post(here, sent | {"email": "", "phone": ""}).status_code == 422
    answer = guest.post(here, sent)
    assert (answer.status_code, answer["Location"]) == (303, path(mine))
    mine.refresh_from_db()
    assert (mine.name, mine.email, mine.phone) == ("Ibu Betul", "betul@contoh.invalid", E164)
    [line] = AuditEntry.objects.filter(verb="registration.corrected")
    assert (line.actor_id, "Betul" in json.dumps(line.details)) == (None, False)
    stale = guest.post(here, sent | {"name": "Ibu Lain", "phone": E164})
    assert stale.status_code == 409
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [
        ("Ibu Betul", "Ibu Lain")
    ]


def test_everything_kept_can_be_taken_as_a_file_and_nothing_of_others(guest, date, mine):
    register(date, now=timezone.now(), name="Ibu Lain", email=mine.email)
    answer = guest.get(path(mine, "data.json"))
    told = json.loads(answer.content)
    [row] = told["events.Registration"]["rows"]
    assert (row["name"], row["phone"], told["registration"]["state"]) == (
        "Ibu Contoh", E164, "terdaftar",
    )  # fmt: skip
    assert ("Ibu Lain" in answer.content.decode(), answer["Cache-Control"]) == (
        False, "private, no-store",
    )  # fmt: skip


def test_erased_it_is_gone_its_place_is_free_and_no_backup_brings_it_back(guest, date, mine):
    waits = register(date, now=timezone.now(), name="Ibu Lain", email="lain@contoh.invalid")
    here = path(mine, "hapus/")
    assert guest.get(here).status_code == 200
    key, kept = mine.key, Registration.objects.filter(pk=mine.pk).values().get()
    assert "200" in str(guest.post(here).status_code)
    assert [guest.get(one).status_code for one in (here, path(mine))] == [404, 404]
    waits.refresh_from_db()
    assert (Registration.objects.count(), waits.state) == (1, "terdaftar")
    again = registering.register(
        occurrence=date, key=key, values=words(phone=E164), language_code="id", now=timezone.now()
    )
    assert (again.http, again.kept) == (410, False)
    Registration.objects.create(**kept)
    erase_resurrected(now=timezone.now())
    assert list(Registration.objects.values_list("pk", flat=True)) == [waits.pk]


def test_the_links_of_another_office_open_nothing(mine):
    other = Client(SERVER_NAME=make_district("lebak").site.hostname)
    for rest in ("ubah/", "data.json", "hapus/"):
        assert other.get(path(mine, rest)).status_code == 404
