"""What is sent in parts is too large to keep; that nothing changed is known all the same."""

import pytest
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from safeguards import generation
from safeguards.cacheable import mark_cacheable
from website.pagecache import PageCacheMiddleware

CHANGED = "Mon, 02 Mar 2026 02:00:00 GMT"


@pytest.fixture
def cache():
    """A cache over a view that sends parts, and counts how often it is asked."""

    def view(request):
        view.asked += 1
        response = StreamingHttpResponse([b"a", b"b"])
        response["ETag"], response["Last-Modified"] = '"one"', CHANGED
        return mark_cacheable(response)

    view.asked = 0
    middleware = PageCacheMiddleware(view)
    middleware.view = view
    return middleware


def ask(cache, **headers):
    return cache(RequestFactory().get("/kalender.ics", headers=headers))


@pytest.mark.django_db
def test_the_parts_are_made_each_time(cache):
    assert [b"".join(ask(cache)) for _time in range(2)] == [b"ab", b"ab"]
    assert (cache.view.asked, cache.size) == (2, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": '"one"'}, 304),
        ({"If-None-Match": 'W/"one"'}, 304),
        ({"If-Modified-Since": CHANGED}, 304),
        ({"If-Modified-Since": "Sun, 01 Mar 2026 02:00:00 GMT"}, 200),
        ({"If-None-Match": '"two"', "If-Modified-Since": CHANGED}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ],
)
def test_who_has_it_already_is_told_so_without_asking_the_view(cache, headers, status):
    ask(cache)
    answer = ask(cache, **headers)
    assert answer.status_code == status
    assert cache.view.asked == (1 if status == 304 else 2)
    assert answer["ETag"] == '"one"'


@pytest.mark.django_db
def test_a_new_generation_asks_the_view(cache, django_capture_on_commit_callbacks):
    ask(cache)
    with django_capture_on_commit_callbacks(execute=True):
        generation.bump("test")
    assert ask(cache, **{"If-None-Match": '"one"'}).status_code == 200
