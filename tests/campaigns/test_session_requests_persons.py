"""What is kept about who asked for a session: found, erased, purged."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from campaigns.models import SessionRequest, SessionRequestStep
from campaigns.services import session_requests as services
from safeguards.models import Fact, Tombstone
from safeguards.services.persons import erase_person, erase_resurrected, export_person, is_erased
from safeguards.services.retention import purge_expired
from tests.factories.places import make_district, make_user
from tests.factories.requests import NOW, WORDS, bring, make_request

pytestmark = pytest.mark.django_db
MOBILE = "8" + "1" * 9
PHONE = f"+62{MOBILE}"


@pytest.fixture
def lebak():
    return make_district("lebak")


@pytest.fixture
def moderator(lebak):
    return make_user("moderator", lebak)


@pytest.mark.parametrize("by", [PHONE, f"0{MOBILE}", "TU@contoh.id"])
def test_a_person_is_exported_and_erased_by_number_or_address(lebak, moderator, by):
    mine = bring(make_request(lebak, contact_email="tu@contoh.id"), "ditanya", moderator)
    other = make_request(lebak, contact_phone=f"{PHONE[:-1]}2")
    told = export_person(by)
    assert [row["id"] for row in told["campaigns.SessionRequest"]["rows"]] == [mine.pk]
    assert "Kata" in str(told["campaigns.SessionRequestStep"])
    erase_person(by)
    assert list(SessionRequest.objects.all()) == [other]
    assert set(SessionRequestStep.objects.values_list("request_id", flat=True)) == {other.pk}
    mine_fact = Fact.objects.get(key=mine.key)
    assert (mine_fact.body, mine_fact.response) == (None, None)
    assert is_erased(by)
    assert PHONE not in str(list(Tombstone.objects.values()))


def test_the_commands_take_a_telephone_number(lebak, capsys):
    make_request(lebak)
    call_command("export_person", PHONE)
    assert "SMP Contoh" in capsys.readouterr().out
    call_command("erase_person", PHONE, "--yes")
    assert not SessionRequest.objects.exists()
    with pytest.raises(CommandError):
        call_command("export_person", "+62")


def test_a_restored_request_of_an_erased_number_goes_again(lebak):
    request = make_request(lebak)
    erase_person(PHONE)
    SessionRequest.objects.create(
        district=lebak,
        number=request.number,
        key=request.key,
        token_digest=request.token_digest,
        created_at=NOW,
        **WORDS,
    )
    erase_resurrected()
    assert not SessionRequest.objects.exists()
    # Who writes anew stays.
    make_request(lebak)
    erase_resurrected()
    assert SessionRequest.objects.count() == 1


def test_a_restored_request_of_an_erased_address_goes_again(lebak):
    asked = {"contact_kind": "email", "contact_phone": "", "contact_email": "tu@contoh.id"}
    request = make_request(lebak, **asked)
    erase_person("tu@contoh.id")
    told = WORDS | asked | {"district": lebak, "created_at": NOW}
    SessionRequest.objects.create(
        number=request.number,
        key=request.key,
        token_digest=request.token_digest,
        **told | {"contact_email": " TU@contoh.id"},
    )
    other = make_request(lebak, **asked | {"contact_email": "lain@contoh.id"})
    erase_resurrected()
    assert list(SessionRequest.objects.all()) == [other]
    # Who writes anew stays.
    make_request(lebak, **asked)
    erase_resurrected()
    assert SessionRequest.objects.count() == 2


def test_an_erased_number_is_known_again_with_a_request_that_was_kept_alone(lebak):
    first = make_request(lebak)
    erase_person(PHONE)
    told = {"district": lebak, "language_code": "id", "now": NOW}
    assert services.submit(key=first.key, values=WORDS, **told).http == 410
    with pytest.raises(IntegrityError):
        services.submit(key=uuid4(), values=WORDS | {"place": None}, **told)
    assert is_erased(PHONE)
    assert services.submit(key=uuid4(), values=WORDS, **told).kept
    assert not is_erased(PHONE)


@pytest.mark.parametrize(
    ("state", "age", "goes"),
    [
        ("selesai", 364, False),
        ("selesai", 366, True),
        ("ditarik", 366, True),
        ("baru", 700, False),
        ("ditanya", 731, True),
        ("diterima", 731, True),
    ],
)
def test_closed_and_abandoned_requests_are_purged(lebak, moderator, state, age, goes):
    request = bring(make_request(lebak), state, moderator)
    purge_expired(NOW + timedelta(days=age))
    assert SessionRequest.objects.filter(pk=request.pk).exists() is not goes
    assert SessionRequestStep.objects.filter(request_id=request.pk).exists() is not goes
