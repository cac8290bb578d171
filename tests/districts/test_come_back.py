"""A form that was sent after its session ended comes back with what was typed, but no secret."""

import re

import pytest
from django.test import Client

from events.models import Event
from tests.factories.events import make_terms
from tests.factories.places import PASSWORD, make_district, make_user
from tests.factories.planning import client_of, typed_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]
PLAN = "/ruang/kalender/usul/"
OURS = {"Origin": "http://klaten.localhost"}


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


def fields_in(page: str) -> list[tuple[str, str]]:
    form = re.search(rf'<form[^>]*action="{PLAN}".*?</form>', page, re.DOTALL)[0]
    return re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)


def test_it_comes_back_whole_and_can_be_sent_again(klaten):
    kader = client_of("kader", klaten)
    form = typed_plan(title="Kelas <ayah> & ibu", audience_codes=["umum", "guru"])
    kader.logout()
    answer = kader.post(PLAN, form)
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (403, "private, no-store")
    assert 'href="/masuk/?next=/ruang/"' in page
    assert "Kelas &lt;ayah&gt; &amp; ibu" in page
    sent = [pair for pair in fields_in(page) if pair[0] != "csrfmiddlewaretoken"]
    assert [value for name, value in sent if name == "audience_codes"] == ["umum", "guru"]
    assert {name for name, _value in sent} == set(form)
    kader.force_login(kader.user)
    assert kader.post(PLAN, form).status_code == 303
    assert Event.objects.get().title == "Kelas <ayah> & ibu"


def test_a_form_of_another_tab_comes_back_with_a_token_that_holds(klaten):
    browser = Client(SERVER_NAME="klaten.localhost", enforce_csrf_checks=True)
    browser.force_login(make_user("kader", klaten))
    old = typed_plan() | {"csrfmiddlewaretoken": "b" * 64}
    browser.get(PLAN)
    answer = browser.post(PLAN, old, headers=OURS)
    assert answer.status_code == 403
    [token] = [v for name, v in fields_in(answer.content.decode()) if name == "csrfmiddlewaretoken"]
    again = old | {"csrfmiddlewaretoken": token}
    assert browser.post(PLAN, again, headers=OURS).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://lain.invalid"}, {"Origin": "null"}])
def test_what_another_host_sent_is_repeated_nowhere(klaten, headers):
    browser = Client(SERVER_NAME="klaten.localhost", enforce_csrf_checks=True)
    browser.force_login(make_user("kader", klaten))
    answer = browser.post(PLAN, typed_plan(title="Jebakan"), headers=headers)
    assert (answer.status_code, b"Jebakan" in answer.content) == (403, False)


def test_no_password_comes_back(klaten):
    browser = Client(SERVER_NAME="klaten.localhost", enforce_csrf_checks=True)
    answer = browser.post("/masuk/", {"login": "a@b.invalid", "password": PASSWORD}, headers=OURS)
    assert (answer.status_code, PASSWORD.encode() in answer.content) == (403, False)


def test_who_sent_nothing_is_led_to_the_door(klaten):
    answer = Client(SERVER_NAME="klaten.localhost").post(PLAN)
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/?next=/ruang/")
