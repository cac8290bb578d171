"""Rule, hour, zone and dates of a series change in any order: all of it tells what paper does.

`tests/conformance/test_series_histories.py` asks programs of others the same.
"""

import pytest
from django.test import Client

from events.models import Event
from safeguards import generation
from tests.events.histories import History, played
from tests.events.read_back import body_of, dates_of, our_dates
from tests.events.read_lines import dates_of_lines
from tests.events.read_pages import counted, months, read_months
from tests.factories.events import make_terms
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


def test_after_any_history_rows_pages_and_feed_tell_the_same(klaten):
    compare(played(klaten, seed=213, number=2, moves=5))


@pytest.mark.slow
def test_so_they_do_after_many_long_ones(klaten):
    compare(played(klaten, seed=1_000, number=60, moves=10))


def compare(histories: list[History]) -> None:
    every = [series for history in histories for series in history.series]
    for history in histories:
        for series in history.series:
            ours = our_dates(Event.objects.get(pk=series.event))
            assert ours == sorted(series.shown), history.told
    generation.forget()
    client = Client(SERVER_NAME="klaten.localhost")
    spans = [span for series in every for span in series.spans]
    seen, numbers = read_months(client, months(day for span in spans for day in span))
    assert seen == sorted(one for series in every for one in series.seen)
    assert numbers == counted(spans)
    shown = sorted(date for history in histories for date in history.shown)
    for path in ("/kalender.ics", "/kalender.ics?datar=1"):
        body = body_of(client.get(path))
        assert dates_of(body) == shown
        assert dates_of_lines(body) == shown
