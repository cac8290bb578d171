"""A session with one date that was moved: its form shows the date as it stands, and changes it."""

from datetime import UTC, datetime, timedelta

import pytest

from events.services import moving
from events.services.bookkeeping import NotPossible
from events.services.planning import edit
from tests.factories.events import NOW, make_event
from tests.factories.joining import date_of
from tests.factories.people import make_member
from tests.factories.planning import client_of, fields_of, text_of

pytestmark = pytest.mark.django_db
PLANNED = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
MOVED = datetime(2027, 1, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def event(klaten, office):
    """Moved by a week, four hours and half an hour, with a title and a place of its own."""
    event = make_event(klaten, starts_at=PLANNED)
    moving.move_date(
        occurrence=date_of(event),
        actor=office.user,
        version=event.version,
        start=MOVED,
        minutes=120,
        title="Di pendopo",
        venue="Pendopo",
        note="Banjir",
        now=NOW,
    )
    event.refresh_from_db()
    return event


def opened(office, event) -> dict:
    return fields_of(office.get(path(event)).context["form"])


def path(event) -> str:
    return f"/ruang/kalender/{event.pk}/ubah/"


def test_the_form_shows_where_it_stands(office, event):
    form = opened(office, event)
    shown = [form[name] for name in ("day", "hour", "length", "title", "venue")]
    assert shown == ["2027-01-21", "13:00:00", "120", "Di pendopo", "Pendopo"]


def test_other_words_leave_it_moved(office, event):
    form = opened(office, event) | {"title": "Judul akhir", "materials": "Tikar"}
    assert office.post(path(event), form).status_code == 303
    row = date_of(event)
    event.refresh_from_db()
    assert (row.start, row.recurrence_id, row.title) == (MOVED, PLANNED, "")
    assert (event.title, event.venue, event.starts_at) == ("Judul akhir", "Pendopo", PLANNED)
    assert "Dipindah" in text_of(office.get(f"/kalender/{event.slug}/"))


def test_another_day_is_the_day(office, event):
    key = date_of(event).key
    form = opened(office, event) | {"day": "2027-01-28", "hour": "10:00"}
    assert office.post(path(event), form).status_code == 303
    row = date_of(event)
    event.refresh_from_db()
    start = datetime(2027, 1, 28, 3, 0, tzinfo=UTC)
    assert (row.key, row.start, row.recurrence_id, event.starts_at) == (key, start, start, start)
    assert (event.minutes, row.end - row.start) == (120, timedelta(hours=2))


def test_it_can_go_back_to_its_first_day(office, event):
    form = opened(office, event) | {"day": "2027-01-14", "hour": "09:00"}
    assert office.post(path(event), form).status_code == 303
    row = date_of(event)
    assert (row.start, row.recurrence_id) == (PLANNED, PLANNED)


def test_it_begins_to_repeat_where_it_stands(office, event):
    key = date_of(event).key
    form = opened(office, event) | {"repeat": "mingguan", "times": "3"}
    assert office.post(path(event), form).status_code == 303
    rows = list(event.occurrences.order_by("start"))
    assert [row.start for row in rows] == [MOVED + n * timedelta(days=7) for n in range(3)]
    assert rows[0].key == key


def test_two_dates_at_one_time_are_refused_and_nothing_is_lost(office, event):
    actor = make_member("admin", event.district)
    moving.add_date(event=event, actor=actor, version=event.version, start=MOVED, now=NOW)
    event.refresh_from_db()
    with pytest.raises(NotPossible):
        edit(
            event=event,
            actor=actor,
            version=event.version,
            values={"starts_at": MOVED + timedelta(days=1)},
            now=NOW,
        )
    form = opened(office, event) | {"hour": "16:00", "materials": "Tikar"}
    answer = office.post(path(event), form)
    assert (answer.status_code, "Tikar" in text_of(answer)) == (422, True)
