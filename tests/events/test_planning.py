"""A session from proposal to feed, its dates moved, cancelled and changed from one on."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import recurring_ical_events
from icalendar import Calendar

from events import ical
from events.models import (
    CalendarDay,
    Event,
    EventChange,
    EventState,
    FeedEntry,
    Occurrence,
    Reminder,
)
from events.services import deciding, moving, planning
from events.services.bookkeeping import NotPossible, Stale
from events.services.planning import Company
from tests.factories.events import NOW, START, event_values, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district, national

WEEK = timedelta(days=7)


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


def read_back(event) -> list[tuple[str, str]]:
    """(start in UTC, status) of what the stored feed says, expanded by another's code."""
    head = ical.head(name="x", description="", color="teal", url="", zones=[event.timezone])
    body = FeedEntry.objects.get(event=event).body
    text = head.to_ical().decode().replace("END:VCALENDAR", body + "END:VCALENDAR")
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(
        date(2026, 1, 1), date(2027, 12, 31)
    )
    return sorted(
        (f"{one['DTSTART'].dt.astimezone(UTC):%m-%d %H:%M}", str(one["STATUS"])) for one in found
    )


def ours(event) -> list[tuple[str, str]]:
    event.refresh_from_db()
    off = event.state == EventState.CANCELLED
    return [
        (f"{row.start:%m-%d %H:%M}", "CANCELLED" if off or row.is_cancelled else "CONFIRMED")
        for row in event.occurrences.order_by("start")
    ]


def test_a_proposal_waits_and_is_told_to_nobody(klaten):
    event = make_event(klaten, published=False)
    assert (event.state, event.published_at) == (EventState.PROPOSED, None)
    assert FeedEntry.objects.count() == CalendarDay.objects.count() == 0
    assert not Occurrence.objects.get().is_public


def test_the_same_key_is_one_event(klaten):
    key, kader = uuid4(), make_member("kader", klaten)
    first, again = (
        planning.propose(
            district=klaten, actor=kader, key=key, values=event_values(klaten), now=NOW
        )
        for _n in range(2)
    )
    assert (first[1], again[1]) == (True, False)
    assert first[0] == again[0] == Event.objects.get()


def test_approval_by_another_publishes_it_everywhere(klaten):
    event = make_event(klaten, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH", extra=[START + 5 * WEEK])
    assert event.state == EventState.PUBLISHED
    assert ours(event) == read_back(event)
    assert [row.number for row in CalendarDay.objects.all()] == [1, 1, 1, 1]
    verbs = list(event.changes.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["diusulkan", "disetujui", "diterbitkan"]


def test_a_trusted_kind_needs_no_approval_and_stays_among_members(klaten):
    event = make_event(klaten, kind="pertemuan-pkk", title="Dasawisma Melati", published=False)
    assert (event.state, event.guarded) == (EventState.APPROVED, True)
    assert "melati" not in event.slug
    assert not FeedEntry.objects.exists()


def test_nobody_approves_what_they_proposed(klaten):
    moderator = make_member("moderator", klaten)
    event = make_event(klaten, proposer=moderator, published=False)
    with pytest.raises(deciding.PermissionDenied):
        deciding.approve(event=event, actor=moderator, version=event.version, now=NOW)


def test_one_date_is_moved_another_cancelled(klaten):
    event = make_event(klaten, rrule="FREQ=WEEKLY;COUNT=4;BYDAY=TH")
    office = make_member("admin", klaten)
    first, second, third, _fourth = event.occurrences.all()
    moving.move_date(
        occurrence=first,
        actor=office,
        version=event.version,
        start=first.start + timedelta(days=1, hours=3),
        minutes=60,
        venue="Pendopo",
        now=NOW,
    )
    moving.cancel_date(
        occurrence=second, actor=office, version=event.version + 1, note="Banjir", now=NOW
    )
    moving.remove_date(occurrence=third, actor=office, version=event.version + 2, now=NOW)
    assert ours(event) == read_back(event)
    assert [status for _start, status in ours(event)] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    body = FeedEntry.objects.get().body
    assert ("Pendopo" in body, "Banjir" in body) == (True, True)
    assert Event.objects.get().sequence == 3


def test_a_series_that_has_begun_goes_on_as_another_event(klaten):
    event = make_event(klaten, rrule="FREQ=WEEKLY;COUNT=5;BYDAY=TH")
    kept = list(event.occurrences.values_list("key", flat=True))
    later = START + WEEK + timedelta(hours=5)
    values = event_values(
        klaten, starts_at=START + timedelta(hours=1), rrule="FREQ=WEEKLY;COUNT=5;BYDAY=TH"
    )
    office = make_member("admin", klaten)
    with pytest.raises(Stale):
        planning.edit(event=event, actor=office, version=99, values=values, now=later)
    follower = planning.edit(
        event=event,
        actor=office,
        version=event.version,
        values=values | {"starts_at": START + 2 * WEEK + timedelta(hours=1)},
        now=later,
    )
    assert follower.pk != event.pk
    assert ours(event) == read_back(event)
    assert ours(follower) == read_back(follower)
    assert [start for start, _ in ours(event)] == ["03-12 02:00", "03-19 02:00"]
    assert [start for start, _ in ours(follower)] == ["03-26 03:00", "04-02 03:00", "04-09 03:00"]
    rows = Occurrence.objects.order_by("start")
    assert [row.key for row in rows] == kept
    assert EventChange.objects.filter(verb="dipisah").count() == 1


@pytest.mark.parametrize("on_again", ["restored", "moved"])
def test_a_left_over_date_that_was_cancelled_by_hand_stays_off(klaten, on_again):
    office = make_member("moderator", klaten)
    event = make_event(klaten, rrule="FREQ=WEEKLY;COUNT=4")
    last = event.occurrences.order_by("start").last()
    # Somebody heard of it, so it is kept.
    Reminder.objects.create(
        district=klaten, occurrence=last, member=office, what="sebelum", due_at=NOW
    )

    def act(change, **more) -> None:
        event.refresh_from_db()
        change(actor=office, version=event.version, now=NOW, **more)
        last.refresh_from_db()

    act(planning.edit, event=event, values={"rrule": "FREQ=WEEKLY;COUNT=2"})
    assert (last.is_cancelled, last.was_left_over) == (True, True)
    if on_again == "moved":
        act(moving.move_date, occurrence=last, start=last.start + WEEK, minutes=90)
    else:
        act(moving.restore_date, occurrence=last)
    act(moving.cancel_date, occurrence=last, note="Aula banjir")
    act(planning.edit, event=event, values={"rrule": "FREQ=WEEKLY;COUNT=4"})
    assert (last.is_cancelled, last.note) == (True, "Aula banjir")


def test_words_change_everywhere_without_a_new_date(klaten):
    event = make_event(klaten, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH")
    kept = list(event.occurrences.values_list("key", flat=True))
    edited = planning.edit(
        event=event,
        actor=make_member("admin", klaten),
        version=event.version,
        values={"title": "Judul\r\nBEGIN:VEVENT; baru"},
        company=Company(speakers=[{"name": "Kepala UPTD", "topic": "Alur lapor"}]),
        now=START + WEEK,
    )
    assert edited.pk == event.pk
    assert list(event.occurrences.values_list("key", flat=True)) == kept
    assert FeedEntry.objects.get().body.count("BEGIN:VEVENT\r\n") == 1
    assert event.speakers.get().topic == "Alur lapor"


def test_a_cancelled_session_stays_visible_as_cancelled(klaten):
    event = make_event(klaten)
    deciding.cancel(
        event=event,
        actor=event.proposed_by,
        version=event.version,
        note="Aula dipakai",
        now=NOW,
    )
    assert ours(event) == read_back(event) == [("03-12 02:00", "CANCELLED")]
    assert event.is_public
    with pytest.raises(NotPossible):
        moving.add_date(
            event=event, actor=event.proposed_by, version=event.version, start=START, now=NOW
        )


def test_the_national_calendar_counts_what_is_told_nationally(klaten):
    nation = national()
    make_event(klaten)
    make_event(klaten, is_national=True)
    numbers = {row.district_id: row.number for row in CalendarDay.objects.all()}
    assert numbers == {klaten.pk: 2, nation.pk: 1}


def test_a_guarded_session_tells_its_day_alone(klaten):
    event = make_event(
        klaten,
        title="Kenali ajakan di SMPN 1 Delanggu",
        venue="SMPN 1 Delanggu",
        issue_codes=["ekstremisme"],
        rrule="FREQ=WEEKLY;COUNT=2;BYDAY=TH",
    )
    assert event.guarded
    for text in (FeedEntry.objects.get().body, FeedEntry.objects.get().flat):
        assert "VALUE=DATE:20260312" in text
        assert not [word for word in ("SMPN", "Ekstrem", "T0900", "Kenali") if word in text]
    assert datetime(2026, 3, 12, tzinfo=UTC).date() == event.occurrences.first().day
