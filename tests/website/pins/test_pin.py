"""PINs on devices: set by a link, used at the door, shut out again."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from districts.models import Membership, Organisation
from events.services import devices as senders
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person
from safeguards.services.retention import purge_expired
from tests.factories.pins import (
    OTHER_PIN,
    PHONE,
    PIN,
    at_the_door,
    link_in,
    phone,
    reset,
    set_up,
    signed_in,
)
from tests.factories.places import PASSWORD, make_district, make_user
from website.accounts import throttle
from website.accounts.device_cookie import COOKIE
from website.accounts.factors import devices
from website.accounts.factors.codes import new_secret
from website.accounts.factors.labels import label_of
from website.accounts.factors.pins import WAITS, is_guessable, wait_after
from website.accounts.models import DeviceLink, SignInDevice

pytestmark = pytest.mark.django_db


def test_two_taps_of_the_coordinator_make_a_link_that_sets_a_pin(coordinator, teacher):
    office = signed_in(coordinator)
    team = office.get("/ruang/tim/").text
    address = f"/ruang/tim/{teacher.memberships.get().pk}/masuk/"
    assert address in team
    assert "Budi Santoso" in office.get(address).text
    assert not DeviceLink.objects.exists()
    made = office.post(address)
    assert (made.status_code, made["Cache-Control"]) == (201, "private, no-store")
    assert "https://wa.me/?text=" in made.text
    link = link_in(made)
    assert DeviceLink.objects.get().token_digest not in link
    client = phone()
    opened = client.get(link)
    assert (opened.status_code, opened["Cache-Control"]) == (200, "private, no-store")
    assert DeviceLink.objects.get().used_at is None
    client, answer = set_up(link, client=client)
    assert (answer.status_code, answer["Location"]) == (302, "/ruang/")
    assert client.get("/ruang/").status_code == 200
    cookie = client.cookies[COOKIE]
    assert len(cookie.value) >= 32
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    device = SignInDevice.objects.get()
    assert cookie.value not in (device.token_digest, device.pin)
    assert PIN not in device.pin
    assert device.label == "Android, Chrome"
    told = list(AuditEntry.objects.values_list("verb", flat=True))
    assert {"device_link.made", "sign_in.reset", "device.added"} <= set(told)
    assert PIN not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_the_pin_alone_signs_in_on_its_device(her_phone, teacher):
    door = her_phone.get("/masuk/", {"next": "/ruang/perangkat/"})
    assert door["Location"] == "/masuk/pin/?next=%2Fruang%2Fperangkat%2F"
    assert "Budi" not in her_phone.get("/masuk/pin/").text
    answer = at_the_door(her_phone, next="/ruang/perangkat/")
    assert answer["Location"] == "/ruang/perangkat/"
    assert her_phone.get("/ruang/").status_code == 200
    assert at_the_door(her_phone)["Location"] == "/ruang/"
    her_phone.post("/masuk/selesai/")
    assert at_the_door(her_phone, next="//jahat.example/")["Location"] == "/ruang/"
    her_phone.post("/masuk/selesai/")
    assert at_the_door(her_phone, next="tim")["Location"] == "/ruang/"
    her_phone.post("/masuk/selesai/")
    assert phone().get("/masuk/").status_code == 200
    assert her_phone.get("/masuk/?cara=sandi").status_code == 200


def test_wrong_unknown_and_ended_are_answered_alike(her_phone):
    def seen(client, pin):
        answer = at_the_door(client, pin)
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)

    forged = phone()
    forged.cookies[COOKIE] = "x" * 32
    answers = [seen(her_phone, OTHER_PIN), seen(phone(), PIN), seen(forged, PIN)]
    SignInDevice.objects.update(revoked_at=timezone.now(), pin="")
    answers.append(seen(her_phone, PIN))
    assert answers[0][0] == 422
    assert len(set(answers)) == 1


def test_five_wrong_tries_lock_the_device_for_growing_time_and_never_the_account(
    her_phone, teacher
):
    for _try in range(5):
        assert at_the_door(her_phone, OTHER_PIN).status_code == 422
    stopped = at_the_door(her_phone)
    assert stopped.status_code == 429
    assert 0 < int(stopped["Retry-After"]) <= WAITS[0].total_seconds()
    assert AuditEntry.objects.filter(verb="device.locked").exists()
    # The account itself still signs in elsewhere.
    other = phone()
    answer = other.post("/masuk/", {"login": teacher.email, "password": PASSWORD})
    assert answer["Location"] == "/ruang/"
    SignInDevice.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert at_the_door(her_phone, OTHER_PIN).status_code == 422
    assert int(at_the_door(her_phone)["Retry-After"]) > WAITS[0].total_seconds()
    SignInDevice.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert at_the_door(her_phone)["Location"] == "/ruang/"
    assert SignInDevice.objects.get().wrong_tries == 0


def test_waits_grow_to_a_day():
    waits = [wait_after(tries) for tries in range(1, 12)]
    assert waits[:4] == [None] * 4
    assert waits[4:9] == sorted(waits[4:9])
    assert waits[-1] == timedelta(days=1)


def test_a_colleague_at_the_same_address_is_not_stopped(her_phone, lebak, coordinator, school):
    colleague = make_user("guru", lebak, organisation=school)
    own, _answer = set_up(link_in(reset(signed_in(coordinator), colleague)), OTHER_PIN)
    own.post("/masuk/selesai/")
    for _try in range(8):
        at_the_door(her_phone, OTHER_PIN)
    assert at_the_door(own, OTHER_PIN)["Location"] == "/ruang/"


def test_a_hundred_people_behind_one_address_sign_in(lebak, teacher, django_user_model):
    """A school has one address; only wrong PINs from it count, and it takes hundreds of them."""
    device, token = devices.set_pin(user=teacher, district=lebak, pin=PIN)
    for _person in range(100):
        client = phone(REMOTE_ADDR="10.0.0.7")
        client.cookies[COOKIE] = token
        assert at_the_door(client)["Location"] == "/ruang/"
    assert throttle.address_may_go_on("10.0.0.7").allowed


def test_an_address_that_tries_device_after_device_is_stopped(lebak, monkeypatch):
    monkeypatch.setattr(throttle, "PER_ADDRESS", 3)
    assert [at_the_door(phone()).status_code for _try in range(4)] == [422, 422, 422, 429]


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "121212", "123123", "112233"])
def test_what_everybody_tries_first_is_no_pin(coordinator, teacher, pin):
    assert is_guessable(pin)
    link = link_in(reset(signed_in(coordinator), teacher))
    _client, answer = set_up(link, pin)
    assert answer.status_code == 422
    assert pin not in answer.text
    assert not SignInDevice.objects.exists()
    assert set_up(link)[1].status_code == 302


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"pin": PIN},
        {"pin": PIN, "again": OTHER_PIN},
        {"pin": "12345", "again": "12345"},
        {"pin": "7305190", "again": "7305190"},
        {"pin": "٧٣٠٥١٩", "again": "٧٣٠٥١٩"},
        {"pin": "x" * 5000, "again": "x"},
    ],
)
def test_a_faulty_pin_leaves_the_link_as_it_was(coordinator, teacher, form):
    link = link_in(reset(signed_in(coordinator), teacher))
    assert phone().post(link, form).status_code == 422
    assert set_up(link)[1].status_code == 302


def test_a_replayed_an_old_and_another_offices_link_are_gone_alike(coordinator, teacher):
    make_district("klaten")
    office = signed_in(coordinator)
    replaced = link_in(reset(office, teacher))
    used = link_in(reset(office, teacher))
    set_up(used)
    expired = link_in(reset(office, teacher))
    DeviceLink.objects.filter(used_at=None, revoked_at=None).update(expires_at=timezone.now())
    elsewhere = link_in(reset(office, teacher))
    answers = [phone().get(link) for link in (replaced, used, expired, "/masuk/perangkat/x/")]
    answers.append(phone("klaten.localhost").get(elsewhere))
    assert [answer.status_code for answer in answers] == [404] * 5
    assert len({answer.text for answer in answers[:4]}) == 1
    posted = [set_up(link)[1] for link in (replaced, used, expired, "/masuk/perangkat/x/")]
    assert [answer.status_code for answer in posted] == [404] * 4
    assert SignInDevice.objects.filter(revoked_at__isnull=True).count() == 0


def test_guessing_at_one_link_is_stopped(coordinator, teacher):
    link = link_in(reset(signed_in(coordinator), teacher))
    answers = {phone().post(link, {"pin": "1"}).status_code for _try in range(21)}
    assert answers == {422, 429}


def test_a_reset_shuts_the_lost_phone_out(her_phone, coordinator, teacher):
    at_the_door(her_phone)
    assert her_phone.get("/ruang/").status_code == 200
    new = link_in(reset(signed_in(coordinator), teacher))
    assert her_phone.get("/ruang/").status_code == 302
    assert at_the_door(her_phone).status_code == 422
    assert set_up(new)[1].status_code == 302


def test_a_reset_ends_what_the_lost_phone_sends_and_nothing_else(coordinator, teacher, lebak):
    now = timezone.now()
    elsewhere = make_district("klaten")
    Membership.objects.create(user=teacher, district=elsewhere, role="kader")
    lost, token = senders.register(member=teacher, district=lebak, label="Ponsel", now=now)
    _other, others = senders.register(member=coordinator, district=lebak, label="Ponsel", now=now)
    _there, theirs = senders.register(member=teacher, district=elsewhere, label="HP", now=now)
    known = ((lebak, token), (lebak, others), (elsewhere, theirs))

    def send() -> list[bool]:
        return [senders.find(district=at, token=one, now=now) is not None for at, one in known]

    assert send() == [True, True, True]
    hers = teacher.memberships.get(district=lebak)
    assert signed_in(coordinator).post(f"/ruang/tim/{hers.pk}/masuk/").status_code == 201
    # What sends to another office is that office's.
    assert send() == [False, True, True]
    [entry] = AuditEntry.objects.filter(verb="device.revoked")
    assert (entry.actor_id, entry.object_id) == (coordinator.pk, str(lost.pk))


def test_a_link_ends_with_the_role_of_who_made_it(coordinator, teacher):
    link = link_in(reset(signed_in(coordinator), teacher))
    coordinator.memberships.update(ended_at=timezone.now())
    assert phone().get(link).status_code == 404


def test_a_link_never_reaches_staff_nor_more_than_its_maker_may(lebak, coordinator, school):
    klaten = make_district("klaten")
    office, admin = signed_in(coordinator), make_user("admin", lebak)
    both = make_user("guru", lebak, organisation=school)
    other_school = Organisation.objects.create(district=lebak, name="SDN 2", kind="sekolah")
    both.memberships.create(district=lebak, role="guru", organisation=other_school)
    own = both.memberships.get(organisation=school)
    assert office.post(f"/ruang/tim/{own.pk}/masuk/").status_code == 403
    assert signed_in(admin).post(f"/ruang/tim/{own.pk}/masuk/").status_code == 201
    staff_elsewhere = make_user("guru", lebak, organisation=school)
    staff_elsewhere.memberships.create(district=klaten, role="editor")
    pk = staff_elsewhere.memberships.get(role="guru").pk
    assert office.post(f"/ruang/tim/{pk}/masuk/").status_code == 403
    assert DeviceLink.objects.filter(user=staff_elsewhere).count() == 0


def test_who_became_staff_signs_in_by_pin_no_more(her_phone, teacher, lebak):
    teacher.memberships.create(district=lebak, role="editor")
    assert at_the_door(her_phone).status_code == 422


def test_a_foreign_member_is_not_found_and_oneself_refused(lebak, coordinator):
    stranger = make_user("guru", make_district("klaten"))
    office = signed_in(coordinator)
    address = f"/ruang/tim/{stranger.memberships.get().pk}/masuk/"
    assert [office.get(address).status_code, office.post(address).status_code] == [404, 404]
    admin = make_user("admin", lebak)
    assert reset(signed_in(admin), admin).status_code == 403


def test_a_pins_session_stays_with_its_office(her_phone, teacher):
    klaten = make_district("klaten")
    teacher.memberships.create(district=klaten, role="guru")
    at_the_door(her_phone)
    carried = phone("klaten.localhost")
    carried.cookies["sessionid"] = her_phone.cookies["sessionid"].value
    carried.cookies[COOKIE] = her_phone.cookies[COOKIE].value
    assert carried.get("/ruang/").status_code == 302
    assert at_the_door(carried).status_code == 422
    password = phone("klaten.localhost")
    password.post("/masuk/", {"login": teacher.email, "password": PASSWORD})
    assert password.get("/ruang/").status_code == 200


def test_my_devices_are_listed_and_taken_away(her_phone, teacher):
    at_the_door(her_phone)
    device = SignInDevice.objects.get()
    listed = her_phone.get("/ruang/perangkat/")
    assert listed.status_code == 200
    assert "Android, Chrome" in listed.text
    address = f"/ruang/perangkat/{device.pk}/lepas/"
    assert her_phone.get(address).status_code == 200
    assert SignInDevice.objects.get().revoked_at is None
    assert her_phone.post(address)["Location"] == "/ruang/perangkat/"
    # It was the device in hand: the session went with it.
    assert her_phone.get("/ruang/perangkat/").status_code == 302
    assert at_the_door(her_phone).status_code == 422
    assert AuditEntry.objects.filter(verb="device.removed").exists()


def test_anothers_device_is_not_found(her_phone, lebak, school):
    other = make_user("guru", lebak, organisation=school)
    theirs, _token = devices.set_pin(user=other, district=lebak, pin=OTHER_PIN)
    at_the_door(her_phone)
    for pk in (theirs.pk, 987654):
        assert her_phone.post(f"/ruang/perangkat/{pk}/lepas/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_one_more_device_by_a_link_of_ones_own(her_phone, teacher):
    at_the_door(her_phone)
    link = link_in(her_phone.post("/ruang/perangkat/lain/", {"make": "1"}))
    tablet, answer = set_up(link, OTHER_PIN)
    assert answer.status_code == 302
    # The first phone is as it was.
    her_phone.post("/masuk/selesai/")
    assert at_the_door(her_phone)["Location"] == "/ruang/"


def test_a_stolen_password_adds_no_device(her_phone, teacher, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    thief = phone()
    thief.post("/masuk/", {"login": teacher.email, "password": PASSWORD})
    for path in ("pin/", "aplikasi/", "kunci/"):
        assert "/masuk/langkah-kedua/" in thief.get(f"/ruang/perangkat/{path}")["Location"]
    made = thief.post("/ruang/perangkat/lain/", {"make": "1"})
    assert "/masuk/langkah-kedua/" in made["Location"]
    assert thief.post("/masuk/langkah-kedua/", {"pin": PIN}).status_code == 422
    assert DeviceLink.objects.filter(used_at=None, revoked_at=None).count() == 0


def test_a_revoked_devices_session_leaves_the_next_sign_in_nothing(her_phone, teacher, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    teacher.memberships.update(role="koordinator")
    at_the_door(her_phone)
    assert her_phone.get("/ruang/tim/").status_code == 200
    devices.revoke(actor=teacher, device=SignInDevice.objects.get())
    her_phone.post("/masuk/", {"login": teacher.email, "password": PASSWORD})
    assert her_phone.get("/ruang/").status_code == 200
    kept_out = her_phone.get("/ruang/tim/")
    assert kept_out["Location"] == "/masuk/langkah-kedua/?next=%2Fruang%2Ftim%2F"


def test_a_session_by_pin_is_weak_once_its_owner_is_staff(her_phone, teacher, lebak, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    at_the_door(her_phone)
    teacher.memberships.create(district=lebak, role="admin")
    assert her_phone.get("/ruang/").status_code == 200
    for path in ("/ruang/tim/", "/ruang/permintaan/"):
        assert "/masuk/langkah-kedua/" in her_phone.get(path)["Location"]
    # The old PIN is not offered as a way on.
    step = her_phone.get("/masuk/langkah-kedua/").text
    assert 'name="pin"' not in step
    assert "/ruang/perangkat/aplikasi/" in step
    # With a factor of staff in the same session it goes on.
    secret = new_secret()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    session = her_phone.session
    session["factor_app"] = secret
    session.save()
    assert her_phone.post("/ruang/perangkat/aplikasi/", {"code": code}).status_code == 201
    assert her_phone.get("/ruang/tim/").status_code == 200
    assert 'name="pin"' not in her_phone.get("/masuk/langkah-kedua/").text


def test_an_invited_cadre_needs_no_password(lebak):
    from districts.services.invitations import invite

    admin = make_user("admin", lebak)
    _made, token = invite(actor=admin, district=lebak, role="kader", name="Siti")
    client = phone()
    address = f"/undangan/{token}/"
    assert 'name="pin"' in client.get(address).text
    neither = client.post(address, {"name": "Siti"})
    assert neither.status_code == 422
    assert client.post(address, {"name": "Siti", "pin": "123456"}).status_code == 422
    assert client.post(address, {"name": "Siti", "pin": PIN})["Location"] == "/ruang/"
    user = SignInDevice.objects.get().user
    assert not user.has_usable_password()
    client.post("/masuk/selesai/")
    assert at_the_door(client)["Location"] == "/ruang/"
    _made, token = invite(actor=admin, district=lebak, role="editor", name="Ani")
    assert 'name="pin"' not in phone().get(f"/undangan/{token}/").text
    assert phone().post(f"/undangan/{token}/", {"name": "Ani", "pin": PIN}).status_code == 422


def test_signing_out_empties_what_may_go_and_keeps_the_device(her_phone):
    at_the_door(her_phone)
    # Never the store as a whole: an answer may wait there in another tab.
    assert her_phone.post("/masuk/selesai/")["Clear-Site-Data"] == '"cache"'
    assert her_phone.cookies[COOKIE].value
    assert "Clear-Site-Data" not in her_phone.get("/keluar/")


def test_a_device_of_half_a_year_ago_is_forgotten(her_phone, teacher):
    SignInDevice.objects.update(used_on=timezone.now().date() - timedelta(days=181))
    assert at_the_door(her_phone).status_code == 422
    purge_expired(timezone.now())
    assert not SignInDevice.objects.exists()
    purge_expired(timezone.now() + timedelta(days=40))
    assert not DeviceLink.objects.exists()


def test_export_and_erasure_reach_devices(her_phone, teacher):
    told = str(export_person(teacher))
    assert "accounts.SignInDevice" in told
    assert SignInDevice.objects.get().pin not in told
    erase_person(teacher)
    assert not SignInDevice.objects.exists()
    assert not DeviceLink.objects.exists()


@pytest.mark.parametrize("methods", [("put", "delete", "patch")])
def test_forms_need_their_token_and_their_method(lebak, methods):
    strict = Client(SERVER_NAME="lebak.localhost", enforce_csrf_checks=True)
    for path in ("/masuk/pin/", "/masuk/kunci/", "/masuk/kunci/soal/", "/masuk/perangkat/x/"):
        assert strict.post(path).status_code == 403
        for method in methods:
            assert getattr(phone(), method)(path).status_code in (405, 302)


def test_a_device_says_no_more_than_its_kind():
    assert label_of(PHONE) == "Android, Chrome"
    assert label_of("") == "?"
    assert label_of("x" * 5000) == "?"
