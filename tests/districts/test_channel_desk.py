import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from districts.models import Membership, StandIn
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


def test_a_stand_in_whose_days_ended_is_told_so(stand_in, change):
    client = desk_of(stand_in)
    Membership.objects.create(user=stand_in, district=change.district, role="guru")
    assert 'value="approve"' in client.get(reverse("channel_desk")).content.decode()
    StandIn.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    answer = client.post(reverse("channel_desk"), {"change": change.pk, "act": "approve"})
    change.refresh_from_db()

    body = answer.content.decode()
    assert (answer.status_code, change.status) == (403, "waiting")
    assert 'role="alert"' in body
    assert ('value="approve"' in body, "+622719990011" in body) == (False, False)


LINK = re.compile(r'value="http://klaten\.localhost(/saluran/[\w-]{32,}/)"')


@pytest.mark.parametrize("role", ["guru", "kader", "mitra", "koordinator", "monev"])
def test_other_roles_neither_decide_nor_pass_the_question_on(klaten, change, role):
    client, desk = desk_of(make_member(role, klaten)), reverse("channel_desk")
    for answer in (
        client.get(desk),
        *(client.post(desk, {"change": change.pk, "act": act}) for act in ("approve", "link")),
    ):
        body = answer.content.decode()
        assert (answer.status_code, "+622715550199" in body) == (403, False)
        assert 'value="link"' not in body
    change.refresh_from_db()
    assert (change.status, change.owner_token_digest) == ("waiting", "")


def test_a_colleague_passes_the_question_on(klaten, change):
    client, desk = desk_of(make_member("moderator", klaten)), reverse("channel_desk")
    page = client.post(desk, {"change": change.pk, "act": "link"})
    link = LINK.search(page.content.decode())[1]
    assert page["Cache-Control"] == "private, no-store"
    assert link not in client.get(desk).content.decode()
    change.refresh_from_db()
    assert change.status == "waiting"

    # Nobody who had a part answers signed in; the owner has no account.
    for person in (client, desk_of(change.proposed_by)):
        assert person.post(link, {"answer": "yes"}).status_code == 403
    owner = Client(headers={"host": "klaten.localhost"})
    assert owner.post(link, {"answer": "yes"}).status_code == 200
    change.refresh_from_db()
    assert (change.status, change.decided_via) == ("approved", "owner")


def test_proposer_gets_no_link_here_either(change):
    client = desk_of(change.proposed_by)
    answer = client.post(reverse("channel_desk"), {"change": change.pk, "act": "link"})
    change.refresh_from_db()

    assert (answer.status_code, change.owner_token_digest) == (403, "")
    assert LINK.search(answer.content.decode()) is None


def test_workspace_leads_here_while_a_number_of_somebody_else_waits(klaten, change):
    client, room = desk_of(make_member("moderator", klaten)), f'href="{reverse("channel_desk")}"'
    others = desk_of(change.proposed_by), desk_of(make_member("guru", klaten))
    shown = [room in person.get("/ruang/").content.decode() for person in (client, *others)]
    services.withdraw(change=change, actor=change.proposed_by)
    shown.append(room in client.get("/ruang/").content.decode())

    assert shown == [True, False, False, False]


def test_where_a_second_factor_is_asked_for_it_comes_first(settings, klaten, stand_in, change):
    settings.SECOND_FACTOR_REQUIRED = True
    for person, act in ((stand_in, "approve"), (make_member("moderator", klaten), "link")):
        client = desk_of(person)
        for answer in (
            client.get(reverse("channel_desk")),
            client.post(reverse("channel_desk"), {"change": change.pk, "act": act}),
        ):
            assert answer.status_code == 302
            assert answer["Location"].startswith("/masuk/langkah-kedua/")
    change.refresh_from_db()
    assert (change.status, change.owner_token_digest) == ("waiting", "")


def test_whoever_holds_no_role_here_finds_nothing(change):
    for person in (make_person(), make_member("admin", make_office("lebak"))):
        client = desk_of(person)
        assert client.get(reverse("channel_desk")).status_code == 404
        for act in ("approve", "link"):
            answer = client.post(reverse("channel_desk"), {"change": change.pk, "act": act})
            assert answer.status_code == 404
    change.refresh_from_db()
    assert change.owner_token_digest == ""


def test_change_of_another_office_is_404_like_a_missing_one(stand_in, change):
    lebak = make_office("lebak")
    foreign = services.propose_change(
        district=lebak,
        actor=make_member("editor", lebak),
        channel=make_channel(lebak),
        fields={"cost": "Gratis"},
    )
    bodies = []
    for person, act in ((stand_in, "approve"), (stand_in, "link"), (change.proposed_by, "link")):
        for number in (foreign.pk, 999_999, "9" * 30, "x"):
            answer = desk_of(person).post(reverse("channel_desk"), {"change": number, "act": act})
            assert answer.status_code == 404
            bodies.append(answer.content)

    assert len(set(bodies)) == 1


def test_visitor_is_asked_to_sign_in(klaten, change):
    answer = Client(headers={"host": "klaten.localhost"}).get(reverse("channel_desk"))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")
