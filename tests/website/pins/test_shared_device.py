"""Several people on one device, up to eight: nobody is shut out by another."""

import pytest

from tests.factories.pins import (
    OTHER_PIN,
    PIN,
    at_the_door,
    link_in,
    phone,
    reset,
    set_up,
    signed_in,
)
from tests.factories.places import make_user
from website.accounts.device_cookie import COOKIE
from website.accounts.factors import devices
from website.accounts.models import SignInDevice

pytestmark = pytest.mark.django_db


def test_several_people_share_a_device(her_phone, lebak, coordinator, school):
    colleague = make_user("guru", lebak, organisation=school, name="Wati Kartika")
    set_up(link_in(reset(signed_in(coordinator), colleague)), OTHER_PIN, her_phone)
    her_phone.post("/masuk/selesai/")
    door = her_phone.get("/masuk/pin/").text
    assert "Budi" in door
    assert "Wati" in door
    assert "Santoso" not in door
    rows = {device.user_id: device.pk for device in SignInDevice.objects.all()}
    assert at_the_door(her_phone).status_code == 422
    assert at_the_door(her_phone, person=rows[colleague.pk]).status_code == 422
    assert at_the_door(her_phone, OTHER_PIN, person=987654).status_code == 422
    answer = at_the_door(her_phone, OTHER_PIN, person=rows[colleague.pk])
    assert answer["Location"] == "/ruang/"
    assert "Wati" in her_phone.get("/ruang/").text


@pytest.fixture
def full_tablet(lebak, school, teacher):
    """A browser with the PINs of eight colleagues; the first is the teacher."""
    client, token = phone(), ""
    for number in range(devices.PEOPLE_PER_DEVICE):
        person = make_user("guru", lebak, organisation=school) if number else teacher
        _device, token = devices.set_pin(
            user=person, district=lebak, pin=PIN, device_token=token, label="Tablet"
        )
    client.cookies[COOKIE] = token
    return client


def working_here(client, district):
    return devices.on_device(client.cookies[COOKIE].value, district).count()


def test_changing_a_pin_on_a_full_tablet_shuts_nobody_out(full_tablet, lebak, teacher):
    token = full_tablet.cookies[COOKIE].value
    full_tablet.force_login(teacher)
    row = SignInDevice.objects.get(user=teacher).pk
    at_the_door(full_tablet, person=row)
    confirmed = full_tablet.post("/masuk/langkah-kedua/", {"pin": PIN})
    assert confirmed["Location"] == "/ruang/"
    changed = full_tablet.post("/ruang/perangkat/pin/", {"pin": OTHER_PIN, "again": OTHER_PIN})
    assert changed["Location"] == "/ruang/perangkat/"
    assert full_tablet.cookies[COOKIE].value == token
    assert working_here(full_tablet, lebak) == devices.PEOPLE_PER_DEVICE
    full_tablet.post("/masuk/selesai/")
    assert full_tablet.get("/masuk/pin/").text.count('name="person"') == devices.PEOPLE_PER_DEVICE
    new = SignInDevice.objects.get(user=teacher, revoked_at=None).pk
    assert at_the_door(full_tablet, OTHER_PIN, person=new)["Location"] == "/ruang/"


def test_a_ninth_person_is_told_that_the_tablet_is_full(full_tablet, lebak, school, coordinator):
    token = full_tablet.cookies[COOKIE].value
    ninth = make_user("guru", lebak, organisation=school)
    chosen = {"pin": OTHER_PIN, "again": OTHER_PIN}
    full_tablet.force_login(ninth)
    own = full_tablet.post("/ruang/perangkat/pin/?next=/ruang/tim/", chosen)
    assert "8 " in own.text
    assert 'name="next" value="/ruang/tim/"' in own.text
    full_tablet.post("/masuk/selesai/")
    link = link_in(reset(signed_in(coordinator), ninth))
    by_link = full_tablet.post(link, chosen)
    assert [own.status_code, by_link.status_code] == [422, 422]
    assert 'id="id_pin_error"' in own.text
    assert 'id="id_pin_error"' in by_link.text
    assert not SignInDevice.objects.filter(user=ninth).exists()
    assert full_tablet.cookies[COOKIE].value == token
    assert working_here(full_tablet, lebak) == devices.PEOPLE_PER_DEVICE
    # The link is not used up by it.
    assert set_up(link)[1].status_code == 302


def test_an_invitation_opened_on_a_full_tablet_stays_open(full_tablet, lebak):
    from districts.services.invitations import invite

    admin = make_user("admin", lebak)
    _made, token = invite(actor=admin, district=lebak, role="kader", name="Siti")
    told = {"name": "Siti Aminah", "email": "siti@contoh.id", "pin": OTHER_PIN}
    answer = full_tablet.post(f"/undangan/{token}/", told)
    assert answer.status_code == 422
    assert 'id="id_pin_error"' in answer.text
    assert 'value="Siti Aminah"' in answer.text
    assert 'value="siti@contoh.id"' in answer.text
    assert OTHER_PIN not in answer.text
    assert not type(admin).objects.filter(email="siti@contoh.id").exists()
    assert full_tablet.get("/ruang/").status_code == 302
    assert working_here(full_tablet, lebak) == devices.PEOPLE_PER_DEVICE
    assert phone().post(f"/undangan/{token}/", told)["Location"] == "/ruang/"
