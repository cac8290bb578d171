"""`/ruang/perangkat/` also lists what sends entries for the member; taking one away asks first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Device
from events.services import devices
from safeguards.models import AuditEntry
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
MINE = "/ruang/perangkat/"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


def registered(member, district, label="Ponsel kader") -> tuple[Device, str]:
    return devices.register(member=member, district=district, label=label, now=timezone.now())


def test_a_member_sees_what_sends_for_them_and_nothing_of_others(klaten, kader):
    device, token = registered(kader.user, klaten)
    registered(make_member("kader", klaten), klaten, "Tablet orang lain")
    page = text_of(kader.get(MINE))
    assert ("Ponsel kader" in page, "Tablet orang lain" in page) == (True, False)
    assert f'href="{MINE}kirim/{device.pk}/lepas/"' in page
    assert token not in page


def test_taking_one_away_asks_first_and_ends_it_at_once(klaten, kader):
    device, token = registered(kader.user, klaten)
    path = f"{MINE}kirim/{device.pk}/lepas/"
    asked = kader.get(path)
    assert (asked.status_code, "Ponsel kader" in text_of(asked)) == (200, True)
    found = devices.find(district=klaten, token=token, now=timezone.now())
    assert found == device
    done = kader.post(path)
    assert (done.status_code, done["Location"]) == (302, MINE)
    assert devices.find(district=klaten, token=token, now=timezone.now()) is None
    assert "Ponsel kader" not in text_of(kader.get(MINE))
    [entry] = AuditEntry.objects.filter(verb="device.revoked")
    assert (entry.actor_id, entry.object_id) == (kader.user.pk, str(device.pk))
    # A second tap finds nothing to take away.
    assert kader.post(path).status_code == 404


def test_nobody_takes_away_what_sends_for_another(klaten, kader):
    device, _token = registered(make_member("kader", klaten), klaten)
    path = f"{MINE}kirim/{device.pk}/lepas/"
    sleman = client_of("moderator", make_district("sleman"))
    for client, status in ((kader, 404), (client_of("monev", klaten), 404), (sleman, 404)):
        assert [client.get(path).status_code, client.post(path).status_code] == [status] * 2
    device.refresh_from_db()
    assert device.revoked_at is None


def test_whoever_decides_takes_away_what_was_lost_and_is_led_back(klaten, kader):
    device, _token = registered(make_member("kader", klaten), klaten)
    office, path = client_of("moderator", klaten), f"{MINE}kirim/{device.pk}/lepas/?dari=kirim"
    assert "Ponsel kader" in text_of(office.get(path))
    device.refresh_from_db()
    assert device.revoked_at is None
    done = office.post(path)
    assert (done.status_code, done["Location"]) == (302, f"{MINE}kirim/")
    assert AuditEntry.objects.get(verb="device.revoked").actor_id == office.user.pk


def test_who_sends_nothing_is_not_told_of_it(klaten):
    page = text_of(client_of("monev", klaten).get(MINE))
    assert ('id="passkeys"' in page, 'id="senders"' in page) == (True, False)


def test_the_same_queries_for_one_and_for_three(klaten, kader):
    kader.get(MINE)
    counts = []
    for labels in (("Satu",), ("Dua", "Tiga")):
        for label in labels:
            registered(kader.user, klaten, label)
        with CaptureQueriesContext(connection) as seen:
            kader.get(MINE)
        counts.append(len(seen))
    assert counts[0] == counts[1]
