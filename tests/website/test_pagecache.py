from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from safeguards import generation
from safeguards.cacheable import mark_cacheable
from tests.factories.pages import make_campaign
from website.pagecache import PageCacheMiddleware

HOST = {"host": "klaten.localhost"}


@pytest.fixture
def cache():
    """A cache over a view that counts how often it is asked."""

    class Counting:
        asked = 0
        fresh_until = None
        cookie = False

        def __call__(self, request):
            self.asked += 1
            response = mark_cacheable(HttpResponse(f"{self.asked}"), fresh_until=self.fresh_until)
            if self.cookie:
                response.set_cookie("a", "b")
            return response

    view = Counting()
    middleware = PageCacheMiddleware(view)
    middleware.view = view
    return middleware


def ask(cache, path="/", **headers):
    return cache(RequestFactory().get(path, headers=headers))


@pytest.mark.django_db
def test_a_page_is_made_once(cache):
    assert [ask(cache).content for _time in range(3)] == [b"1", b"1", b"1"]


@pytest.mark.django_db
def test_a_new_generation_makes_it_anew(cache, django_capture_on_commit_callbacks):
    ask(cache)
    with django_capture_on_commit_callbacks(execute=True):
        generation.bump("test")

    assert ask(cache).content == b"2"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "second"), [("/a/", "/b/"), ("/?kec=1", "/?kec=2"), ("/", "/?page=2")]
)
def test_another_address_is_another_page(cache, first, second):
    ask(cache, first)

    assert ask(cache, second).content == b"2"


@pytest.mark.django_db
def test_a_query_that_no_page_knows_is_answered_but_not_kept(cache):
    assert [ask(cache, "/?x=1").content for _time in range(2)] == [b"1", b"2"]


@pytest.mark.django_db
def test_an_entry_ends_when_the_page_stops_being_true(cache):
    cache.view.fresh_until = timezone.now() - timedelta(seconds=1)

    assert [ask(cache).content for _time in range(2)] == [b"1", b"2"]


@pytest.mark.django_db
def test_a_response_with_a_cookie_is_never_kept(cache):
    cache.view.cookie = True

    assert [ask(cache).content for _time in range(2)] == [b"1", b"2"]


@pytest.mark.django_db
def test_the_same_page_again_is_not_modified(cache):
    etag = ask(cache)["ETag"]
    response = ask(cache, **{"if-none-match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_publishing_reaches_readers_at_once(klaten, django_capture_on_commit_callbacks):
    client = Client()
    page = make_campaign(klaten, title="Judul lama", slug="a")
    assert "Judul lama" in client.get("/kampanye/a/", headers=HOST).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        page.title = "Judul baru"
        page.save_revision().publish()

    assert "Judul baru" in client.get("/kampanye/a/", headers=HOST).content.decode()


def test_help_is_kept_by_us_and_never_by_the_browser(klaten):
    client = Client()
    first = client.get("/bantuan/", headers=HOST)

    assert first["Cache-Control"] == "no-store"
    assert first["Surrogate-Control"] == "max-age=60"
    assert not first.cookies


def test_other_public_pages_may_be_kept_and_checked(klaten):
    response = Client().get("/kampanye/", headers=HOST)

    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


@pytest.mark.django_db
def test_what_was_kept_over_https_is_not_handed_out_in_clear_text(klaten, settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers=HOST)
    kept = client.get("/kampanye/", secure=True)
    assert (kept.status_code, "must-revalidate" in kept["Cache-Control"]) == (200, True)
    assert client.get("/kampanye/", secure=True).content == kept.content
    plain = client.get("/kampanye/")

    assert (plain.status_code, plain["Location"]) == (301, "https://klaten.localhost/kampanye/")


@pytest.mark.django_db
def test_a_page_names_the_scheme_it_was_asked_by(cache):
    factory = RequestFactory()
    assert cache(factory.get("/")).content == b"1"
    assert cache(factory.get("/", secure=True)).content == b"2"
