"""What the table of sessions holds of people, and for how long."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from safeguards.services.persons import erase_person
from safeguards.ticks import registered
from tests.factories.places import PASSWORD, make_district, make_user, national
from website.accounts.factors.codes import add_app, new_secret

pytestmark = pytest.mark.django_db
ADDRESS = "editor@contoh.id"


@pytest.fixture
def editor():
    national()
    return make_user("editor", make_district("lebak"), email=ADDRESS)


def browser():
    return Client(SERVER_NAME="lebak.localhost")


def sign_in(client):
    return client.post("/masuk/", {"login": ADDRESS, "password": PASSWORD})


def kept() -> list[dict]:
    """All sessions, as they can be read."""
    return [row.get_decoded() for row in Session.objects.order_by("expire_date")]


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_session_knows_the_account_and_no_address(editor):
    assert sign_in(browser())["Location"] == "/ruang/"
    (session,) = kept()
    assert session["_auth_user_id"] == str(editor.pk)
    assert [told["method"] for told in session["account_authentication_methods"]] == ["password"]
    assert "@" not in str(session)


def test_a_sign_in_that_waits_for_its_second_step_knows_no_address(editor):
    secret = new_secret()
    add_app(user=editor, secret=secret, code=code_of(secret, -1), site=None)
    client = browser()
    assert sign_in(client)["Location"].startswith("/masuk/kode/")
    (waiting,) = kept()
    assert "account_login" in waiting
    assert "@" not in str(waiting)
    assert client.post("/masuk/kode/", {"code": code_of(secret)}).status_code == 302
    (session,) = kept()
    assert [told["method"] for told in session["account_authentication_methods"]] == [
        "password",
        "mfa",
    ]
    assert "@" not in str(session)


def test_a_link_for_a_new_password_leaves_no_address_in_a_session(editor):
    client = browser()
    client.post("/masuk/lupa/", {"email": ADDRESS})
    link = re.search(r"http://lebak\.localhost(/masuk/lupa/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    new = "tikar-anyam-pandan"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.session.session_key is not None
    assert "@" not in str(kept())


def test_what_stays_of_an_erased_person_in_a_session_is_a_number(editor):
    client = browser()
    sign_in(client)
    erase_person(ADDRESS)
    (session,) = kept()
    assert "@" not in str(session)
    assert editor.name not in str(session)
    assert client.get("/ruang/").status_code == 302


def test_the_clock_clears_expired_sessions_once_a_day():
    for days in (-3_000, -1, 1):
        session = SessionStore()
        session["days"] = days
        session.create()
        Session.objects.filter(pk=session.session_key).update(
            expire_date=timezone.now() + timedelta(days=days)
        )
    (tick,) = [tick for tick in registered() if tick.name == "website.clear_sessions"]
    assert tick.every == timedelta(days=1)
    tick.run(timezone.now())
    assert [session["days"] for session in kept()] == [1]
