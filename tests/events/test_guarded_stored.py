"""What was stored of a session before it had to be guarded, or before a rule became stricter."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events import feeds
from events.ical import hidden_id
from events.models import CalendarSettings, Event, FeedEntry, Occurrence
from events.services import judging
from safeguards import generation, ticks
from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
# What the feed and the filters said of every session, guarded or not.
FACETS = "|jenis:sosialisasi|kec:33.10.01|sasaran:guru|tema:ekstremisme|"


@pytest.fixture
def klaten():
    make_terms()
    national()
    office = make_district("klaten")
    CalendarSettings.objects.create(district=office, publishes_guarded=True)
    return office


@pytest.fixture(autouse=True)
def _at_that_time(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def read(path: str) -> str:
    generation.forget()
    answer = Client(SERVER_NAME="klaten.localhost").get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode().replace("\r\n ", "")


def guarded(klaten, **changed) -> Event:
    return make_event(
        klaten, title="SMPN 1 Kanari", issue_codes=["ekstremisme"], audience_codes=["guru"],
        **changed,
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/kalender/", "/kalender/2026/03/", "/kalender/2026/03/12/"])
def test_no_filter_finds_a_guarded_session_by_whom_it_is_for(klaten, path):
    hidden, shown = guarded(klaten), make_event(klaten, title="Rapat guru", audience_codes=["guru"])
    assert hidden.slug in read(f"{path}?jenis=sosialisasi")
    found = read(f"{path}?sasaran=guru")
    assert (shown.slug in found, hidden.slug in found) == (True, False)


def test_no_feed_says_for_whom_a_guarded_session_is(klaten):
    hidden, shown = guarded(klaten), make_event(klaten, title="Rapat", audience_codes=["guru"])
    assert "CATEGORIES:Sosialisasi,Kekerasan terhadap anak,Guru" in read(
        f"/kalender/{shown.slug}.ics"
    )
    for path in (f"/kalender/{hidden.slug}.ics", "/kalender.ics", "/kalender.ics?datar=1"):
        dates = read(path).split("BEGIN:VEVENT")[1:]
        told = next(one for one in dates if hidden.slug in one)
        assert "CATEGORIES:Sosialisasi\r\n" in told, path
    assert hidden.slug not in read("/kalender.ics?sasaran=guru")
    entry = next(one for one in read("/kalender/feed.atom").split("<entry>") if hidden.slug in one)
    assert "Guru" not in entry


def test_what_was_told_of_guarded_sessions_is_taken_back(klaten):
    """As stored before: the filters and the feed said for whom they are."""
    old, spared = guarded(klaten, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH"), guarded(klaten)
    Occurrence.objects.filter(event=old).update(facets=FACETS)
    entry = FeedEntry.objects.get(event=old)
    told = entry.body.replace("CATEGORIES:Sosialisasi", "CATEGORIES:Sosialisasi,Guru")
    FeedEntry.objects.filter(event=old).update(facets=FACETS, body=told, flat=told)
    assert old.slug in read("/kalender/?sasaran=guru")
    stamp = feeds.Feed(klaten).stamp()
    assert "events.retell_guarded" in [one.name for one in ticks.registered()]
    assert judging.retell_guarded(NOW) == 1
    assert old.slug in read("/kalender/?jenis=sosialisasi")
    assert old.slug not in read("/kalender/?sasaran=guru")
    assert "Guru" not in read("/kalender.ics") + read("/kalender.ics?datar=1")
    # Others' calendars learn that it is another feed.
    assert feeds.Feed(klaten).stamp().etag != stamp.etag
    was, now = old.sequence, Event.objects.get(pk=old.pk)
    assert (now.sequence, now.version) == (was + 1, old.version)
    assert Event.objects.get(pk=spared.pk).sequence == spared.sequence
    assert judging.retell_guarded(NOW) == 0


def test_a_school_in_another_spelling_is_guarded_once_it_is_known(klaten):
    """Stored when nobody read "SMPN1" as a school."""
    event = make_event(klaten, title="Sosialisasi di SMPN1 Kanari", audience_codes=["guru"])
    Event.objects.filter(pk=event.pk).update(issue_codes=["ekstremisme"])
    Occurrence.objects.filter(event=event).update(facets=FACETS)
    FeedEntry.objects.filter(event=event).update(facets=FACETS)
    everywhere = ["/kalender/", "/kalender/2026/03/", "/kalender.ics", "/kalender/feed.atom"]
    assert [path for path in everywhere if "Kanari" not in read(path)] == []
    assert judging.judge_again(NOW) == 1
    assert [path for path in everywhere if "Kanari" in read(path)] == []
    event.refresh_from_db()
    left = f"|jenis:sosialisasi|kec:{event.region_id[:8]}|"
    assert [entry.facets for entry in FeedEntry.objects.all()] == [left]
    assert list(event.occurrences.values_list("facets", flat=True)) == [left]
    assert event.slug in read("/kalender/?jenis=sosialisasi")
    for query in ("sasaran=guru", "tema=ekstremisme"):
        assert event.slug not in read(f"/kalender/?{query}")
        assert event.slug not in read(f"/kalender.ics?{query}")


@pytest.mark.parametrize("rule", ["", "FREQ=WEEKLY;COUNT=3;BYDAY=TH"])
def test_the_uid_of_when_it_was_open_is_taken_out_of_the_feed(klaten, rule):
    """As stored before: guarded, with nothing that a filter finds, and the UID of its dates."""
    hidden, spared = make_event(klaten, venue="Rumah Bu Siti", rrule=rule), guarded(klaten)
    keys = {str(row.key): str(hidden_id(row.key)) for row in hidden.occurrences.all()}
    entry = FeedEntry.objects.get(event=hidden)
    right, told = (entry.body, entry.flat), entry.flat
    for key, shown in keys.items():
        told = told.replace(shown, key)
    FeedEntry.objects.filter(event=hidden).update(body=told, flat=told)
    assert [key for key in keys if key not in read("/kalender.ics")] == []
    assert judging.retell_guarded(NOW) == 1
    assert [key for key in keys if key in read("/kalender.ics")] == []
    entry.refresh_from_db()
    uids = [[line for line in text.split("\r\n") if "UID" in line] for text in right]
    stand = (entry.body, entry.flat)
    assert [[line for line in text.split("\r\n") if "UID" in line] for text in stand] == uids
    assert Event.objects.get(pk=hidden.pk).sequence == hidden.sequence + 1
    assert Event.objects.get(pk=spared.pk).sequence == spared.sequence
    assert judging.retell_guarded(NOW) == 0


def test_a_date_with_long_words_is_looked_at_as_a_whole(klaten, monkeypatch):
    make_event(klaten, venue="Rumah Bu Siti")
    monkeypatch.setattr(judging, "FIRST_DATE", 20)
    assert judging.retell_guarded(NOW) == 0


def test_many_guarded_sessions_are_looked_at_with_the_queries_of_one(klaten):
    counts = []
    for _n in range(2):
        make_event(klaten, venue="Rumah Bu Siti")
        with CaptureQueriesContext(connection) as seen:
            assert judging.retell_guarded(NOW) == 0
        counts.append(len(seen))
    assert counts == [2, 2]
