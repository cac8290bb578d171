from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from districts.models import StandIn
from districts.services import channels as services
from tests.factories.channels import make_channel, make_office
from tests.factories.people import make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    return make_office("klaten")


@pytest.fixture
def change(klaten):
    channel = make_channel(
        klaten, label="UPTD Klaten", value="+622719990011", display="0271 9990011"
    )
    return services.propose_change(
        district=klaten,
        actor=make_member("editor", klaten),
        channel=channel,
        fields={"value": "0271 555 0199"},
    )


@pytest.fixture
def stand_in(klaten):
    today = timezone.localdate()
    person = make_person()
    StandIn.objects.create(
        district=klaten,
        user=person,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1),
    )
    return person


def desk_of(person) -> Client:
    client = Client(headers={"host": "klaten.localhost"})
    client.force_login(person)
    return client


def test_stand_in_decides_without_the_admin(stand_in, change):
    client = desk_of(stand_in)
    page = client.get(reverse("channel_desk"))
    assert "+622719990011" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    client.post(reverse("channel_desk"), {"change": change.pk, "act": "approve"})
    change.refresh_from_db()

    assert (change.status, change.decided_via) == ("approved", "stand_in")
    assert change.channel.value == "+622715550199"


def test_refusing_needs_a_reason(stand_in, change):
    client, desk = desk_of(stand_in), reverse("channel_desk")
    assert client.post(desk, {"change": change.pk, "act": "reject"}).status_code == 422
    assert client.post(desk, {"change": change.pk}).status_code == 400
    client.post(desk, {"change": change.pk, "act": "reject", "reason": "Bukan nomor kami"})
    change.refresh_from_db()

    assert (change.status, change.note) == ("rejected", "Bukan nomor kami")
    assert client.post(desk, {"change": change.pk, "act": "approve"}).status_code == 409


def test_proposer_does_not_decide_here_either(change):
    client = desk_of(change.proposed_by)
    assert "UPTD Klaten" not in client.get(reverse("channel_desk")).content.decode()
    answer = client.post(reverse("channel_desk"), {"change": change.pk, "act": "approve"})
    change.refresh_from_db()

    assert (answer.status_code, change.status) == (403, "waiting")


@pytest.mark.parametrize("role", ["guru", "mitra", "monev"])
def test_others_find_nothing_here(klaten, change, role):
    client = desk_of(make_member(role, klaten))

    assert client.get(reverse("channel_desk")).status_code == 404
    answer = client.post(reverse("channel_desk"), {"change": change.pk, "act": "approve"})
    assert answer.status_code == 404


def test_change_of_another_office_is_404_like_a_missing_one(stand_in, change):
    lebak = make_office("lebak")
    foreign = services.propose_change(
        district=lebak,
        actor=make_member("editor", lebak),
        channel=make_channel(lebak),
        fields={"cost": "Gratis"},
    )
    client = desk_of(stand_in)
    bodies = []
    for number in (foreign.pk, 999_999, "9" * 30, "x"):
        answer = client.post(reverse("channel_desk"), {"change": number, "act": "approve"})
        assert answer.status_code == 404
        bodies.append(answer.content)

    assert len(set(bodies)) == 1


def test_visitor_is_asked_to_sign_in(klaten, change):
    answer = Client(headers={"host": "klaten.localhost"}).get(reverse("channel_desk"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")
