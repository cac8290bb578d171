"""Authenticator app, recovery codes, and what stands behind the second factor."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from events.services import devices as senders
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person
from tests.factories.places import PASSWORD, make_district, make_user, national
from website.accounts import throttle
from website.accounts.factors import codes
from website.accounts.factors.codes import add_app, new_secret
from website.accounts.factors.links import make_link
from website.accounts.factors.resetting import reset_factors
from website.accounts.models import SignInDevice

pytestmark = pytest.mark.django_db
PIN = "730519"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def editor(lebak):
    return make_user("editor", lebak)


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def browser(host="lebak.localhost", **options):
    return Client(SERVER_NAME=host, **options)


def sign_in(client, user, **more):
    return client.post("/masuk/", {"login": user.email, "password": PASSWORD, **more})


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def with_app(editor):
    """(editor, secret, recovery codes); the code of this half minute is used up already."""
    secret = new_secret()
    _app, spare = add_app(user=editor, secret=secret, code=code_of(secret, -1), site=None)
    return editor, secret, spare


def scanned(page):
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def test_setting_an_app_up_and_signing_in_with_it(editor, strict):
    client = browser()
    assert sign_in(client, editor)["Location"] == "/ruang/"
    refused = client.get("/ruang/permintaan/")
    assert refused["Location"] == "/masuk/langkah-kedua/?next=%2Fruang%2Fpermintaan%2F"
    choice = client.get(refused["Location"])
    assert "/ruang/perangkat/aplikasi/" in choice.text
    # Staff hold no PIN.
    assert "/ruang/perangkat/pin/" not in choice.text
    assert client.get("/ruang/perangkat/pin/").status_code == 404
    page = client.get("/ruang/perangkat/aplikasi/")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    secret = scanned(page)
    assert scanned(client.get("/ruang/perangkat/aplikasi/")) == secret
    assert 'src="data:image/svg+xml' in page.text
    assert "style=" not in page.text
    assert client.post("/ruang/perangkat/aplikasi/", {"code": "000000"}).status_code == 422
    done = client.post("/ruang/perangkat/aplikasi/", {"code": code_of(secret, -1)})
    assert done.status_code == 201
    spare = re.findall(r"<li>(\d{4} \d{4})</li>", done.text)
    assert len(spare) == 10
    assert client.get("/ruang/permintaan/").status_code == 200
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    client.post("/masuk/selesai/")

    assert sign_in(client, editor, next="/ruang/permintaan/")["Location"] == "/masuk/kode/"
    assert client.get("/ruang/").status_code == 302
    assert client.get("/masuk/kode/").status_code == 200
    assert client.post("/masuk/kode/", {"code": "123456"}).status_code == 422
    answer = client.post("/masuk/kode/", {"code": code_of(secret)})
    assert answer["Location"] == "/ruang/permintaan/"
    assert client.get("/ruang/permintaan/").status_code == 200
    told = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"factor.added", "factor.recovery_codes_made"} <= told


def test_a_code_works_once(with_app):
    editor, secret, _spare = with_app
    code = code_of(secret)
    first, second = browser(), browser()
    sign_in(first, editor)
    sign_in(second, editor)
    assert first.post("/masuk/kode/", {"code": code})["Location"] == "/ruang/"
    assert second.post("/masuk/kode/", {"code": code}).status_code == 422
    # Nor one of before it.
    assert second.post("/masuk/kode/", {"code": code_of(secret, -1)}).status_code == 422


def test_a_recovery_code_works_once_and_is_told(with_app):
    editor, _secret, spare = with_app
    for expected in (302, 422):
        client = browser()
        sign_in(client, editor)
        typed = f"{spare[0][:4]} {spare[0][4:]}"
        assert client.post("/masuk/kode/", {"code": typed}).status_code == expected
    assert codes.recovery_codes_left(editor) == 9
    assert AuditEntry.objects.filter(verb="factor.recovery_code_used").count() == 1


def test_the_step_can_be_begun_again_and_needs_the_first(with_app):
    editor, _secret, _spare = with_app
    assert browser().get("/masuk/kode/")["Location"] == "/masuk/"
    client = browser()
    sign_in(client, editor)
    assert client.post("/masuk/kode/", {"stop": "1"})["Location"] == "/masuk/"
    assert client.get("/masuk/kode/")["Location"] == "/masuk/"


def test_guessing_codes_is_stopped_and_the_owners_device_spared(with_app):
    editor, secret, _spare = with_app
    owner, thief = browser(), browser()
    sign_in(owner, editor)
    owner.post("/masuk/kode/", {"code": code_of(secret)})
    owner.post("/masuk/selesai/")
    sign_in(thief, editor)
    tried = [
        thief.post("/masuk/kode/", {"code": f"{number:06}"}).status_code
        for number in range(throttle.PER_CODE)
    ]
    assert tried == [422] * throttle.PER_CODE
    stopped = thief.post("/masuk/kode/", {"code": code_of(secret, 1)})
    assert stopped.status_code == 429
    assert int(stopped["Retry-After"]) > 0
    sign_in(owner, editor)
    assert owner.post("/masuk/kode/", {"code": code_of(secret, 1)})["Location"] == "/ruang/"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": ""},
        {"code": "x" * 5000},
        {"code": "٧٣٠٥١٩"},
        {"credential": ""},
        {"credential": "[]"},
        {"credential": "{}"},
        {"credential": "[" * 9000},
        {"credential": '{"id": "x", "rawId": "x", "response": {}, "type": "public-key"}'},
    ],
)
def test_nonsense_is_refused_at_the_step_and_at_the_door(with_app, sent):
    editor, _secret, _spare = with_app
    client = browser()
    sign_in(client, editor)
    assert client.post("/masuk/kode/", sent).status_code == 422
    assert client.get("/ruang/").status_code == 302
    stranger = browser()
    assert stranger.get("/masuk/kunci/").status_code == 200
    assert stranger.post("/masuk/kunci/", sent).status_code == 422
    assert stranger.get("/ruang/").status_code == 302


def test_a_challenge_is_of_this_host_and_asks_for_the_lock(lebak):
    asked = browser().post("/masuk/kunci/soal/").json()["publicKey"]
    assert asked["rpId"] == "lebak.localhost"
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")


def test_screens_with_names_and_the_admin_need_it(lebak, strict):
    admin = make_user("admin", lebak)
    client = browser()
    sign_in(client, admin)
    for path in ("/ruang/tim/", "/ruang/tim/undang/", "/ruang/permintaan/", "/admin/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (
            302,
            "/masuk/langkah-kedua/",
        )
    sent = client.post("/ruang/tim/undang/", {"name": "Bu Kanari"})
    # What was typed comes back, with the way to the second step.
    assert (sent.status_code, b"Bu Kanari" in sent.content) == (403, True)
    assert b'href="/masuk/langkah-kedua/' in sent.content
    for path in ("/ruang/", "/ruang/perangkat/", "/bantuan/"):
        assert client.get(path).status_code == 200
    superuser = make_user("superuser")
    client = browser()
    sign_in(client, superuser)
    assert client.get("/ruang/tim/").status_code == 302


def test_without_the_setting_a_password_will_do(lebak):
    client = browser()
    sign_in(client, make_user("admin", lebak))
    assert client.get("/ruang/tim/").status_code == 200


def test_a_teacher_sets_a_pin_before_the_first_name(lebak, strict):
    from districts.models import Organisation

    school = Organisation.objects.create(district=lebak, name="SDN 1", kind="sekolah")
    coordinator = make_user("koordinator", lebak, organisation=school)
    client = browser()
    sign_in(client, coordinator)
    choice = client.get("/ruang/tim/", follow=True)
    assert "/ruang/perangkat/pin/" in choice.text
    client.post("/ruang/perangkat/pin/", {"pin": PIN, "again": PIN})
    assert client.get("/ruang/tim/").status_code == 200
    client.post("/masuk/selesai/")
    client.post("/masuk/pin/", {"pin": PIN})
    assert client.get("/ruang/tim/").status_code == 200


def test_a_password_alone_changes_no_factor(with_app, strict):
    editor, _secret, _spare = with_app
    client = browser()
    client.force_login(editor)
    for path in ("aplikasi/", "aplikasi/lepas/", "kode-cadangan/", "kunci/"):
        for method in (client.get, client.post):
            answer = method(f"/ruang/perangkat/{path}")
            assert "/masuk/langkah-kedua/" in answer["Location"]
    assert Authenticator.objects.filter(user=editor).count() == 2


def test_confirming_leads_back_and_old_confirmations_count_no_more(with_app, monkeypatch):
    editor, secret, spare = with_app
    client = browser()
    client.force_login(editor)
    step = client.get("/ruang/perangkat/kode-cadangan/")["Location"]
    assert client.get(step).status_code == 200
    answer = client.post(step, {"code": code_of(secret), "next": "/ruang/perangkat/kode-cadangan/"})
    assert answer["Location"] == "/ruang/perangkat/kode-cadangan/"
    made = client.post("/ruang/perangkat/kode-cadangan/")
    assert made.status_code == 201
    assert spare[0][:4] not in made.text
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 21 * 60)
    assert client.post("/ruang/perangkat/aplikasi/lepas/").status_code == 302
    assert Authenticator.objects.filter(user=editor, type="totp").exists()


def test_taking_the_app_away_takes_the_codes_along(with_app):
    editor, secret, _spare = with_app
    client = browser()
    sign_in(client, editor)
    client.post("/masuk/kode/", {"code": code_of(secret)})
    assert client.get("/ruang/perangkat/aplikasi/lepas/").status_code == 200
    assert client.post("/ruang/perangkat/aplikasi/lepas/")["Location"] == "/ruang/perangkat/"
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(verb="factor.removed").exists()


def test_an_admin_resets_a_colleague_and_never_oneself(with_app, lebak):
    editor, secret, _spare = with_app
    theirs = browser()
    sign_in(theirs, editor)
    theirs.post("/masuk/kode/", {"code": code_of(secret)})
    admin, fellow = make_user("admin", lebak), make_user("admin", lebak)
    office = browser()
    office.force_login(admin)
    address = f"/ruang/tim/{editor.memberships.get().pk}/masuk/"
    assert editor.name in office.get(address).text
    assert office.post(address)["Location"] == "/ruang/tim/"
    assert not Authenticator.objects.exists()
    assert theirs.get("/ruang/").status_code == 302
    assert sign_in(theirs, editor)["Location"] == "/ruang/"
    assert AuditEntry.objects.get(verb="factor.reset").actor_id == admin.pk
    assert office.post(f"/ruang/tim/{fellow.memberships.get().pk}/masuk/").status_code == 302
    assert office.post(f"/ruang/tim/{admin.memberships.get().pk}/masuk/").status_code == 403


def test_the_owner_is_told_by_mail_and_nothing_secret_is_in_it(
    lebak, django_capture_on_commit_callbacks, mailoutbox
):
    editor, secret = make_user("editor", lebak), new_secret()
    with django_capture_on_commit_callbacks(execute=True):
        _app, spare = add_app(user=editor, secret=secret, code=code_of(secret, -1), site=None)
        codes.use_code(user=editor, code=spare[0], site=None)
    assert [message.to for message in mailoutbox] == [[editor.email]] * 2
    for message in mailoutbox:
        assert secret not in message.body
        assert spare[0] not in message.body
    nobody = make_user("guru", lebak, email="siti-4821@tanpa-surel.invalid")
    with django_capture_on_commit_callbacks(execute=True):
        reset_factors(actor=None, user=nobody, district=None)
    assert len(mailoutbox) == 2


def test_a_reset_reaches_nobody_of_another_office(lebak):
    klaten = make_district("klaten")
    admin, stranger = make_user("admin", lebak), make_user("editor", klaten)
    both = make_user("editor", lebak)
    both.memberships.create(district=klaten, role="admin")
    office = browser()
    office.force_login(admin)
    foreign = f"/ruang/tim/{stranger.memberships.get().pk}/masuk/"
    assert office.post(foreign).status_code == 404
    # Who also answers for another office is reset by a national administrator.
    own = f"/ruang/tim/{both.memberships.get(district=lebak).pk}/masuk/"
    assert office.post(own).status_code == 403
    national_office = browser()
    national_office.force_login(make_user("superuser"))
    assert national_office.post(own).status_code == 302


def test_a_command_helps_where_no_colleague_can(with_app, capsys):
    editor, _secret, _spare = with_app
    call_command("reset_second_factor", editor.email)
    assert "2" in capsys.readouterr().out
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.get(verb="factor.reset").actor_id is None
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "tidak-ada")


def test_an_old_pin_holds_up_nobody_who_became_staff(lebak, strict):
    from website.accounts.factors.devices import set_pin

    person = make_user("guru", lebak)
    set_pin(user=person, district=lebak, pin=PIN)
    person.memberships.create(district=lebak, role="editor")
    client = browser()
    sign_in(client, person)
    assert client.get("/ruang/perangkat/aplikasi/").status_code == 200
    assert SignInDevice.objects.exists()


def test_the_first_enrolment_leads_on_to_where_one_was_going(lebak, strict):
    wanted = "/ruang/permintaan/?keadaan=baru&urut=nama"
    client = browser()
    sign_in(client, make_user("admin", lebak))
    step = client.get(client.get(wanted)["Location"])
    carried = "?next=/ruang/permintaan/%3Fkeadaan%3Dbaru%26urut%3Dnama"
    for way in ("aplikasi", "kunci"):
        assert f'href="/ruang/perangkat/{way}/{carried}"' in step.text
    hidden = 'name="next" value="/ruang/permintaan/?keadaan=baru&amp;urut=nama"'
    assert hidden in client.get(f"/ruang/perangkat/kunci/{carried}").text
    page = client.get(f"/ruang/perangkat/aplikasi/{carried}")
    assert hidden in page.text
    done = client.post(
        "/ruang/perangkat/aplikasi/", {"code": code_of(scanned(page)), "next": wanted}
    )
    assert 'class="l-button" href="/ruang/permintaan/?keadaan=baru&amp;urut=nama"' in done.text
    # A second way needs no codes and leads on at once.
    again = client.post("/ruang/perangkat/aplikasi/", {"next": "/ruang/tim/"})
    assert again["Location"] == "/ruang/tim/"


def test_a_first_pin_leads_on_too(lebak, strict):
    client = browser()
    sign_in(client, make_user("koordinator", lebak))
    step = client.get(client.get("/ruang/tim/")["Location"])
    assert 'href="/ruang/perangkat/pin/?next=/ruang/tim/"' in step.text
    page = client.get("/ruang/perangkat/pin/?next=/ruang/tim/")
    assert 'name="next" value="/ruang/tim/"' in page.text
    chosen = {"pin": PIN, "again": PIN, "next": "/ruang/tim/"}
    assert client.post("/ruang/perangkat/pin/", chosen)["Location"] == "/ruang/tim/"


@pytest.mark.parametrize(
    "wanted", ["//jahat.example/", "https://jahat.example/", "javascript:alert(1)", "x", "http:x"]
)
def test_an_enrolment_leads_to_no_other_host(lebak, wanted):
    person = make_user("guru", lebak)
    client = browser()
    client.force_login(person)
    page = client.get("/ruang/perangkat/aplikasi/", {"next": wanted})
    assert 'name="next"' not in page.text
    done = client.post(
        "/ruang/perangkat/aplikasi/", {"code": code_of(scanned(page)), "next": wanted}
    )
    assert 'class="l-button" href="/ruang/"' in done.text
    chosen = {"pin": PIN, "again": PIN, "next": wanted}
    assert client.post("/ruang/perangkat/pin/", chosen)["Location"] == "/ruang/perangkat/"


def test_the_step_keeps_the_query_and_where_it_was_to_lead(lebak, strict):
    client = browser()
    asked = client.get("/masuk/langkah-kedua/?next=/ruang/tim/")
    door = "/masuk/?next=/masuk/langkah-kedua/%3Fnext%3D/ruang/tim/"
    assert asked["Location"] == door
    admin = make_user("admin", lebak)
    wanted = "/masuk/langkah-kedua/?next=/ruang/tim/"
    assert sign_in(client, admin, next=wanted)["Location"] == wanted
    shown = client.get("/ruang/tim/?cari=a%20b")
    assert shown["Location"] == "/masuk/langkah-kedua/?next=%2Fruang%2Ftim%2F%3Fcari%3Da%2520b"
    # What only takes a form has no page to come back to.
    sent = client.post("/ruang/tim/undang-banyak/buat/")
    assert sent["Location"] == "/masuk/langkah-kedua/?next=%2Fruang%2F"


def test_a_confirmation_keeps_what_stood_behind_the_page(with_app):
    editor, _secret, _spare = with_app
    client = browser()
    client.force_login(editor)
    step = client.get("/ruang/perangkat/kunci/?next=/ruang/permintaan/")["Location"]
    assert step.endswith("?next=%2Fruang%2Fperangkat%2Fkunci%2F%3Fnext%3D%2Fruang%2Fpermintaan%2F")


def test_a_reset_ends_open_links_for_devices(lebak):
    person, fellow = make_user("guru", lebak), make_user("guru", lebak)
    _link, token = make_link(actor=person, user=person, district=lebak)
    _link, theirs = make_link(actor=fellow, user=fellow, district=lebak)
    assert browser().get(f"/masuk/perangkat/{token}/").status_code == 200
    reset_factors(actor=None, user=person, district=None)
    chosen = {"pin": PIN, "again": PIN}
    assert browser().post(f"/masuk/perangkat/{token}/", chosen).status_code == 404
    assert not SignInDevice.objects.exists()
    assert browser().get(f"/masuk/perangkat/{theirs}/").status_code == 200


def test_a_reset_ends_what_sends_entries_for_the_person(lebak):
    now = timezone.now()
    person, fellow = make_user("moderator", lebak), make_user("moderator", lebak)
    _device, token = senders.register(member=person, district=lebak, label="HP", now=now)
    _device, theirs = senders.register(member=fellow, district=lebak, label="HP", now=now)
    reset_factors(actor=None, user=person, district=None)
    assert senders.find(district=lebak, token=token, now=now) is None
    assert senders.find(district=lebak, token=theirs, now=now) is not None
    assert AuditEntry.objects.get(verb="device.revoked").actor_id is None


def test_a_changed_secret_key_opens_nothing_and_breaks_nothing(with_app, settings):
    editor, secret, _spare = with_app
    client = browser()
    settings.SECRET_KEY = "another-one"
    sign_in(client, editor)
    assert client.post("/masuk/kode/", {"code": code_of(secret)}).status_code == 422
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests"]
    assert client.post("/masuk/kode/", {"code": code_of(secret)}).status_code == 302


def test_export_and_erasure_reach_the_factors(with_app):
    editor, secret, spare = with_app
    told = json.dumps(export_person(editor), default=str)
    assert "mfa.Authenticator" in told
    assert secret not in told
    assert spare[0] not in told
    erase_person(editor)
    assert not Authenticator.objects.exists()


def test_the_page_of_devices_costs_the_same_with_many(lebak, django_assert_max_num_queries):
    from website.accounts.factors.devices import set_pin

    person = make_user("guru", lebak)
    client = browser()
    client.force_login(person)
    client.get("/ruang/perangkat/")
    counts = []
    for more in (1, 2):
        for _device in range(more):
            set_pin(user=person, district=lebak, pin=PIN)
        with django_assert_max_num_queries(12) as told:
            assert client.get("/ruang/perangkat/").status_code == 200
        counts.append(len(told))
    assert counts[0] == counts[1]


def test_only_the_demo_and_the_tests_go_without():
    from website.settings import base, dev

    assert base.SECOND_FACTOR_REQUIRED is True
    assert dev.SECOND_FACTOR_REQUIRED is False
