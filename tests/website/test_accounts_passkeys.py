"""Passkeys without a browser: right ones, stolen answers, other hosts."""

import hashlib
import json

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client
from fido2.utils import websafe_decode, websafe_encode

from safeguards.models import AuditEntry
from tests.factories.passkeys import SoftKey
from tests.factories.places import PASSWORD, make_district, make_user, national

pytestmark = pytest.mark.django_db
HOST = "lebak.localhost"
ADD = "/ruang/perangkat/kunci/"


@pytest.fixture
def editor():
    national()
    return make_user("editor", make_district("lebak"))


def browser(host=HOST):
    return Client(SERVER_NAME=host)


def add(client, key, **more):
    return client.post(ADD, {"credential": key.make(client.post(f"{ADD}soal/").json(), **more)})


def show(client, key, address="/masuk/kunci/", **more):
    asked = client.post("/masuk/kunci/soal/").json()
    return client.post(address, {"credential": key.show(asked, **more)})


@pytest.fixture
def key(editor):
    client = browser()
    client.force_login(editor)
    made = SoftKey(HOST)
    answer = add(client, made)
    assert answer.status_code == 201
    return made


def test_a_passkey_signs_in_alone_and_counts_as_two_factors(editor, key, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    assert show(client, key)["Location"] == "/ruang/"
    assert client.get("/ruang/permintaan/").status_code == 200
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None
    assert AuditEntry.objects.filter(verb="factor.added").exists()


def test_it_is_the_second_step_after_the_password(editor, key):
    client = browser()
    client.post("/masuk/", {"login": editor.email, "password": PASSWORD})
    asked = client.post("/masuk/kunci/soal/").json()["publicKey"]
    assert len(asked["allowCredentials"]) == 1
    assert show(client, key, "/masuk/kode/")["Location"] == "/ruang/"


def test_next_stays_on_the_host(key):
    client = browser()
    asked = client.post("/masuk/kunci/soal/").json()
    answer = client.post("/masuk/kunci/", {"credential": key.show(asked), "next": "//jahat.id/"})
    assert answer["Location"] == "/ruang/"


def test_an_answer_works_once(key):
    client = browser()
    sent = {"credential": key.show(client.post("/masuk/kunci/soal/").json())}
    assert client.post("/masuk/kunci/", sent)["Location"] == "/ruang/"
    client.post("/masuk/selesai/")
    assert client.post("/masuk/kunci/", sent).status_code == 422
    client.post("/masuk/kunci/soal/")
    assert client.post("/masuk/kunci/", sent).status_code == 422


@pytest.mark.parametrize(
    "lie",
    ["origin", "host", "unlocked", "stranger", "anothers", "inactive", "elsewhere"],
)
def test_a_passkey_that_does_not_fit_opens_nothing(editor, key, lie):
    client, more = browser(), {}
    if lie == "origin":
        more["origin"] = "https://jahat.example"
    elif lie == "host":
        key.host = "klaten.localhost"
    elif lie == "unlocked":
        key.verified = False
    elif lie == "stranger":
        key.user = b"77777"
    elif lie == "anothers":
        other = make_user("editor", editor.memberships.get().district)
        key.user = str(other.pk).encode()
    elif lie == "inactive":
        get_user_model().objects.filter(pk=editor.pk).update(is_active=False)
    elif lie == "elsewhere":
        make_district("klaten")
        client = browser("klaten.localhost")
    assert show(client, key, **more).status_code == 422
    assert client.get("/ruang/").status_code == 302


def test_one_without_a_lock_is_not_taken(editor):
    client = browser()
    client.force_login(editor)
    assert add(client, SoftKey(HOST, verified=False)).status_code == 422
    assert add(client, SoftKey(HOST), origin="https://jahat.example").status_code == 422
    assert client.post(
        ADD, {"credential": SoftKey(HOST).make({"publicKey": {"challenge": "AAAA"}})}
    )
    assert not Authenticator.objects.exists()


NESTED = b"\x81" * 9000


@pytest.mark.parametrize("tail", [b"", b"\x18", b"\x19\x01", NESTED, b"\xa1\x01"])
@pytest.mark.parametrize("flags", [0x45, 0x85, 0xC5])
def test_bytes_that_nobody_can_read_are_refused(editor, key, tail, flags):
    data = hashlib.sha256(HOST.encode()).digest() + bytes([flags]) + bytes(4)
    if flags & 0x40:
        data += bytes(16) + b"\0\x10" + key.id
    client = browser()
    sent = json.loads(key.show(client.post("/masuk/kunci/soal/").json()))
    sent["response"]["authenticatorData"] = websafe_encode(data + tail)
    assert client.post("/masuk/kunci/", {"credential": json.dumps(sent)}).status_code == 422
    owner = browser()
    show(owner, key)
    made = json.loads(SoftKey(HOST).make(owner.post(f"{ADD}soal/").json()))
    for said in (tail, websafe_decode(made["response"]["attestationObject"])[:20] + tail):
        made["response"]["attestationObject"] = websafe_encode(said)
        assert owner.post(ADD, {"credential": json.dumps(made)}).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


@pytest.mark.parametrize("said", [b"[" * 9000, b"[]", b"0", b"\xff", b"{}"])
@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "userHandle", "signature"])
def test_any_part_may_be_nonsense(key, part, said):
    client = browser()
    sent = json.loads(key.show(client.post("/masuk/kunci/soal/").json()))
    sent["response"][part] = websafe_encode(said)
    assert client.post("/masuk/kunci/", {"credential": json.dumps(sent)}).status_code == 422
    assert client.get("/ruang/").status_code == 302


def test_a_further_one_needs_two_factors_first(editor, key):
    thief = browser()
    thief.force_login(editor)
    assert "/masuk/langkah-kedua/" in thief.post(f"{ADD}soal/")["Location"]
    assert "/masuk/langkah-kedua/" in thief.post(ADD, {"credential": "{}"})["Location"]
    assert show(thief, key, "/masuk/langkah-kedua/")["Location"] == "/ruang/"
    assert add(thief, SoftKey(HOST))["Location"] == "/ruang/perangkat/"
    assert Authenticator.objects.filter(type="webauthn").count() == 2


def test_anothers_passkey_is_not_found(editor, key):
    other = make_user("editor", editor.memberships.get().district)
    client = browser()
    client.force_login(other)
    pk = Authenticator.objects.get(type="webauthn").pk
    assert client.post(f"{ADD}{pk}/lepas/").status_code == 404
    assert Authenticator.objects.filter(pk=pk).exists()


def test_one_of_another_host_is_told_of(editor, key):
    Authenticator.objects.filter(type="webauthn").update(
        data=Authenticator.objects.get(type="webauthn").data | {"host": "klaten.localhost"}
    )
    client = browser()
    client.force_login(editor)
    assert "klaten.localhost" in client.get("/ruang/perangkat/").text
    assert show(browser(), key).status_code == 422
