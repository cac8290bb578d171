"""No public page or feed says in whose home it is, or which school has a session on extremism.

Whatever is written, and wherever: in the session, by its speakers, on one of its dates, or as the
reason of a cancellation.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Organisation, Term
from events.guarding import is_guarded, tells_a_home
from events.models import CalendarSettings, Event, EventState, Occurrence, Speaker
from events.services import deciding, judging, moving, planning
from events.services.bookkeeping import NotPossible
from events.services.feed_entries import write_entry
from events.services.planning import Company
from safeguards import generation, ticks
from tests.factories.events import START, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WEEKLY = "FREQ=WEEKLY;COUNT=3;BYDAY=TH"
# Stands in every word that must not be read; the rest of the sentence makes it a home or a school.
CANARY = "Kanari"
HOME, SCHOOL = f"Pindah ke rumah Bu {CANARY}", f"Pindah ke SMPN 1 {CANARY}"
SENSITIVE = {"issue_codes": ["ekstremisme"]}


@pytest.fixture
def klaten():
    make_terms()
    national()
    office = make_district("klaten")
    CalendarSettings.objects.create(district=office, publishes_guarded=True)
    return office


@pytest.fixture
def at_that_time(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def read_by_everybody(klaten, event: Event) -> str:
    """Every page, feed and link that tells of the event, in one text."""
    generation.forget()
    event.refresh_from_db()
    anyone, base = Client(SERVER_NAME=klaten.site.hostname), f"/kalender/{event.slug}"
    days = {f"{row.day:%Y-%m-%d}" for row in event.occurrences.all()}
    paths = ["/kalender/", "/kalender/2026/03/", f"{base}/", f"{base}.ics", "/kalender.ics"]
    paths += ["/kalender.ics?datar=1", "/kalender/feed.atom"]
    paths += [f"{base}/{day}/" for day in days]
    paths += [f"/kalender/{day.replace('-', '/')}/" for day in days]
    told = []
    for path in paths:
        answer = anyone.get(path)
        assert answer.status_code == 200, path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        # The session is there, whatever is said of it.
        assert event.slug.encode() in content, path
        told.append(unquote_plus(content.decode().replace("\r\n ", "")))
    return "\n".join(told)


def planned(klaten, **changed) -> Event:
    return make_event(klaten, rrule=WEEKLY, is_national=False, **changed)


def in_title(klaten, words, **more):
    return planned(klaten, title=words, **more)


def in_summary(klaten, words, **more):
    return planned(klaten, summary=f"Kita bertemu.\n{words}.", **more)


def in_materials(klaten, words, **more):
    return planned(klaten, materials=words, **more)


def by_speaker(klaten, words, **more):
    return planned(klaten, company=Company(speakers=[{"name": "Nara", "topic": words}]), **more)


def of_speakers_office(klaten, words, **more):
    speaker = {"name": "Nara", "organisation_name": words}
    return planned(klaten, company=Company(speakers=[speaker]), **more)


def approved_again(event):
    event.refresh_from_db()
    office = make_member("moderator", event.district)
    return deciding.approve(event=event, actor=office, version=event.version, now=NOW)


def moved(field):
    def make(klaten, words, **more):
        event = planned(klaten, **more)
        row = event.occurrences.order_by("start")[1]
        moving.move_date(
            occurrence=row, actor=event.proposed_by, version=event.version, minutes=90, now=NOW,
            start=row.start + timedelta(hours=1), **{field: words},
        )  # fmt: skip
        # Another title is read by the office first.
        return approved_again(event) if field == "title" else event

    return make


def one_cancelled(klaten, words, **more):
    event = planned(klaten, **more)
    row = event.occurrences.order_by("start")[1]
    moving.cancel_date(
        occurrence=row, actor=event.proposed_by, version=event.version, note=words, now=NOW
    )
    return event


def all_cancelled(klaten, words, **more):
    event = planned(klaten, **more)
    deciding.cancel(
        event=event, actor=event.proposed_by, version=event.version, note=words, now=NOW
    )
    return event


def edited_in(klaten, words, **more):
    event = planned(klaten, **more)
    values = {"summary": words}
    planning.edit(
        event=event, actor=event.proposed_by, version=event.version, values=values, now=NOW
    )
    return approved_again(event)


EVERYWHERE = [
    *(in_title, in_summary, in_materials, by_speaker, of_speakers_office, one_cancelled),
    *(all_cancelled, edited_in, moved("title"), moved("venue"), moved("note")),
]


@pytest.mark.usefixtures("at_that_time")
@pytest.mark.parametrize("write", EVERYWHERE)
def test_a_home_is_read_nowhere(klaten, write):
    event = write(klaten, HOME)
    assert CANARY not in read_by_everybody(klaten, event)


@pytest.mark.usefixtures("at_that_time")
@pytest.mark.parametrize("write", EVERYWHERE)
def test_a_school_is_not_read_with_extremism_and_with_anything_else_it_is(klaten, write):
    event = write(klaten, SCHOOL, **SENSITIVE)
    assert CANARY not in read_by_everybody(klaten, event)
    # The same words of another topic could be read.
    event = write(klaten, SCHOOL)
    assert CANARY in read_by_everybody(klaten, event)


@pytest.mark.usefixtures("at_that_time")
def test_a_school_without_the_word_school_speaks_of_extremism(klaten):
    office = Organisation.objects.create(district=klaten, name=f"Al-{CANARY}", kind="sekolah")
    company = Company(speakers=[{"name": "Nara", "organisation": office}])
    assert CANARY in read_by_everybody(klaten, planned(klaten, company=company))
    assert CANARY not in read_by_everybody(klaten, planned(klaten, company=company, **SENSITIVE))


@pytest.mark.usefixtures("at_that_time")
def test_a_topic_that_becomes_sensitive_takes_the_dates_words_along(klaten):
    event = moved("venue")(klaten, f"SMPN 1 {CANARY}")
    event.refresh_from_db()
    before = event.slug
    planning.edit(
        event=event, actor=make_member("admin", klaten), version=event.version, values=SENSITIVE,
        now=NOW,
    )  # fmt: skip
    assert CANARY not in read_by_everybody(klaten, event)
    assert event.slug != before
    # Changed once more it keeps its address; without its words it may be read again.
    slug = event.slug
    row = event.occurrences.order_by("start")[1]
    moving.move_date(
        occurrence=row, actor=event.proposed_by, version=event.version, minutes=90, now=NOW,
        start=row.start,
    )  # fmt: skip
    event.refresh_from_db()
    values = {"materials": "Alat tulis"}
    planning.edit(
        event=event, actor=make_member("admin", klaten), version=event.version, values=values,
        now=NOW,
    )  # fmt: skip
    event.refresh_from_db()
    assert (event.guarded, event.slug) == (False, slug)


@pytest.mark.usefixtures("at_that_time")
def test_what_was_stored_before_is_judged_again(klaten):
    """As rows of before the rule are: written past the services, told by the feed already."""
    dated, spoken, harmless = planned(klaten), planned(klaten, **SENSITIVE), planned(klaten)
    Occurrence.objects.filter(pk=dated.occurrences.first().pk).update(
        venue=f"Rumah {CANARY}", changed_at=NOW
    )
    Speaker.objects.create(
        district=klaten, event=spoken, name="Nara", organisation_name=f"SD {CANARY}"
    )
    write_entry(dated)
    assert CANARY in read_by_everybody(klaten, dated)
    assert "events.judge_again" in [one.name for one in ticks.registered()]
    assert judging.judge_again(NOW) == 2
    for event in (dated, spoken):
        assert CANARY not in read_by_everybody(klaten, event)
    assert Event.objects.get(guarded=False) == harmless
    assert judging.judge_again(NOW) == 0


@pytest.mark.usefixtures("at_that_time")
@pytest.mark.parametrize(
    ("code", "details"), [("KtA", {"sensitive": True}), ("sosialisasi", {"members": True})]
)
def test_a_word_of_the_vocabulary_that_becomes_stricter_holds_for_what_is_planned(
    klaten, code, details
):
    event = planned(klaten, title=SCHOOL)
    assert CANARY in read_by_everybody(klaten, event)
    Term.objects.filter(code=code).update(details=details)
    generation.forget()
    assert judging.judge_again(NOW) == 1
    assert CANARY not in read_by_everybody(klaten, event)


def test_judging_again_asks_as_often_for_one_as_for_three(klaten):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            judging.judge_again(NOW)
        return len(queries)

    planned(klaten)
    one = asked()
    planned(klaten), planned(klaten)
    assert asked() == one


@pytest.mark.parametrize(
    ("text", "is_home"),
    [
        ("Arisan di rumah Bu Siti", True),
        ("Kumpul di Rumah Pak RT", True),
        ("di rumah Siti", True),
        ("Rumah biru, RT 02 RW 05", True),
        ("Bertempat di kediaman ketua", True),
        ("di rumahnya Mbak Ani", True),
        ("Kekerasan dalam rumah tangga", False),
        ("Pola asuh di Rumah Ramah Anak", False),
        ("Kembali ke rumah sakit", False),
        ("Aman di rumah", False),
        ("di rumah dinas Bupati", False),
        ("Kunjungan rumah oleh kader", False),
        ("", False),
    ],
)
def test_which_sentences_tell_a_home(text, is_home):
    assert tells_a_home(text) is is_home


def test_a_degree_is_no_school(klaten):
    values = {"kind": "sosialisasi", **SENSITIVE}
    speaker = Speaker(name="Siti Aminah, M.A.", organisation_name="Densus 88")
    assert is_guarded(values, speakers=[speaker]) is False
    speaker = Speaker(name="Kepala MA Negeri 1")
    assert is_guarded(values, speakers=[speaker]) is True


@pytest.mark.parametrize(
    ("words", "issues"),
    [(HOME, ["KtA"]), (SCHOOL, ["ekstremisme"])],
)
def test_whoever_writes_it_is_told_and_nothing_changes(klaten, words, issues):
    kader = client_of("kader", klaten)
    event = make_event(
        klaten, proposer=kader.user, rrule=WEEKLY, issue_codes=issues,
        starts_at=START.replace(year=2027, month=1, day=14),
    )  # fmt: skip
    row = event.occurrences.order_by("start")[1]
    date = f"/ruang/kalender/{event.pk}/tanggal/{row.pk}/"
    stays = {"version": event.version, "day": "2027-01-22", "hour": "10.30", "length": "60"}
    off = {"version": event.version}
    for path, form, name in (
        *((date, stays, name) for name in ("title", "venue", "note")),
        (f"{date}batal/", off, "note"),
        (f"/ruang/kalender/{event.pk}/batal/", off, "note"),
    ):
        answer = kader.post(path, form | {name: words})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
        # What was typed stays.
        assert words in text_of(answer)
    event.refresh_from_db()
    assert (event.version, event.state, event.guarded) == (off["version"], "terbit", False)


def test_a_meeting_of_members_may_move_into_a_home(klaten):
    kader = client_of("kader", klaten)
    event = make_event(
        klaten, proposer=kader.user, rrule=WEEKLY, kind="pertemuan-pkk",
        starts_at=START.replace(year=2027, month=1, day=14),
    )  # fmt: skip
    row = event.occurrences.order_by("start")[1]
    form = {"version": event.version, "day": "2027-01-22", "hour": "10.30", "length": "60"}
    path = f"/ruang/kalender/{event.pk}/tanggal/{row.pk}/"
    assert kader.post(path, form | {"venue": f"Rumah Bu {CANARY}"}).status_code == 303
    row.refresh_from_db()
    assert row.venue == f"Rumah Bu {CANARY}"


@pytest.mark.usefixtures("at_that_time")
def test_an_office_that_shows_no_such_sessions_shows_none_that_became_one(klaten):
    CalendarSettings.objects.update(publishes_guarded=False)
    event = moved("venue")(klaten, HOME)
    event.refresh_from_db()
    assert (event.guarded, event.state, event.published_at) == (True, EventState.APPROVED, None)
    anyone = Client(SERVER_NAME=klaten.site.hostname)
    assert anyone.get(f"/kalender/{event.slug}/").status_code == 404
    office = make_member("moderator", klaten)
    with pytest.raises(NotPossible):
        deciding.publish(event=event, actor=office, version=event.version, now=NOW)
    CalendarSettings.objects.update(publishes_guarded=True)
    deciding.publish(event=event, actor=office, version=event.version, now=NOW)
    assert event.slug in read_by_everybody(klaten, event)
