from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

import safeguards
from safeguards.models import SafetySettings
from safeguards.views import quick_exit
from tests.safeguards.factories import make_site

WEATHER = "https://cuaca.example/klaten"


@pytest.fixture
def site(db):
    site = make_site("localhost")
    SafetySettings.objects.update_or_create(site=site, defaults={"exit_url": WEATHER})
    return site


def ask(method="get", **options):
    request = getattr(RequestFactory(), method)(
        "/keluar/", headers={"host": "localhost"}, **options
    )
    return quick_exit(request)


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_quick_exit_leads_to_the_neutral_page_of_the_site(site, method):
    response = ask(method)
    assert (response.status_code, response["Location"]) == (303, WEATHER)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "Clear-Site-Data" not in response


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_quick_exit_knows_no_other_method(site, method):
    response = ask(method)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert "Location" not in response


def test_quick_exit_answers_at_its_address_without_token_or_session(site):
    found = resolve("/keluar/", urlconf="safeguards.urls")
    request = RequestFactory().post("/keluar/", headers={"host": "localhost"})
    guard = CsrfViewMiddleware(found.func)
    guard.process_request(request)
    assert guard.process_view(request, found.func, (), {}) is None
    assert found.func(request)["Location"] == WEATHER
    assert not hasattr(request, "session")


@pytest.mark.django_db
def test_quick_exit_without_settings_leads_away_and_writes_nothing(settings):
    make_site("localhost")
    SafetySettings.objects.all().delete()
    settings.SAFEGUARDS_EXIT_URL = "https://berita.example/"
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert ask()["Location"] == "https://berita.example/"
    assert not [q for q in asked.captured_queries if not q["sql"].startswith("SELECT")]
    assert not SafetySettings.objects.exists()


@pytest.mark.parametrize("url", ["http://a.example/", "javascript:alert(1)", "//a.example", "x"])
def test_exit_url_is_an_https_address(site, url):
    with pytest.raises(ValidationError) as refused:
        SafetySettings(site=site, exit_url=url).clean_fields()
    assert "exit_url" in refused.value.message_dict


@pytest.mark.parametrize("url", ["https://localhost/", "https://LocalHost.:8443/a?b#c"])
def test_exit_url_leads_to_no_site_of_this_installation(site, url):
    with pytest.raises(ValidationError) as refused:
        SafetySettings(site=site, exit_url=url).clean()
    assert list(refused.value.message_dict) == ["exit_url"]


def test_exit_url_that_is_no_address_is_refused_once(site):
    with pytest.raises(ValidationError) as refused:
        SafetySettings(site=make_site("lain.localhost"), exit_url="https://[").full_clean()
    assert list(refused.value.message_dict) == ["exit_url"]


def test_exit_script_is_small_and_leaves_the_queue_alone():
    script = Path(safeguards.__file__).parent / "static/safeguards/exit.js"
    text = script.read_text()
    assert script.stat().st_size < 2048
    assert not [
        name for name in ("eval(", "innerHTML", "indexedDB", "localStorage.clear") if name in text
    ]
