"""`/ruang/kalender/<pk>/ubah/`: all dates, this and the following, and two who save at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from events.models import Event, EventState
from events.services import planning
from events.services.planning import Company
from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district
from tests.factories.planning import client_of, fields_of, text_of

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
WEEKLY = "FREQ=WEEKLY;COUNT=4;BYDAY=TH"


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


def edit_path(event, since=None):
    return f"/ruang/kalender/{event.pk}/ubah/" + (f"?sejak={since.pk}" if since else "")


def days(event):
    return [f"{row.start:%m-%d %H:%M}" for row in event.occurrences.order_by("start")]


def test_words_of_all_dates_change_and_no_date_moves(klaten, kader):
    company = Company(
        speakers=[{"name": "Bidan", "topic": "Gizi"}],
        invited=[{"organisation": None, "label": "Polsek"}],
    )
    event = make_event(
        klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY, company=company
    )
    keys = list(event.occurrences.values_list("key", flat=True))
    form = fields_of(kader.get(edit_path(event)).context["form"])
    assert (form["repeat"], form["times"], form["invited_more"]) == ("mingguan", "4", "Polsek")
    answer = kader.post(edit_path(event), form | {"title": "Judul baru"})
    assert answer.status_code == 303
    event.refresh_from_db()
    assert (event.title, event.rrule) == ("Judul baru", "FREQ=WEEKLY;BYDAY=TH;COUNT=4")
    assert list(event.occurrences.values_list("key", flat=True)) == keys
    assert (event.speakers.get().topic, event.invited.get().label) == ("Gizi", "Polsek")
    # Its proposer changed what the office had approved.
    assert (event.state, event.published_at) == (EventState.PROPOSED, None)


def test_this_one_and_the_following_go_on_elsewhere(klaten, kader):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    second = event.occurrences.all()[1]
    form = fields_of(kader.get(edit_path(event, second)).context["form"])
    assert (form["day"], form["times"]) == ("2027-01-21", "3")
    kader.post(edit_path(event, second), form | {"hour": "14:00", "venue": "Pendopo"})
    event.refresh_from_db()
    rest = Event.objects.exclude(pk=event.pk).get()
    assert (days(event), event.venue) == (["01-14 02:00"], "Balai Desa")
    assert days(rest) == ["01-21 07:00", "01-28 07:00", "02-04 07:00"]
    assert (rest.venue, rest.chain) == ("Pendopo", event.chain)


def test_the_following_ones_move_back_a_day(klaten, kader):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    second = event.occurrences.all()[1]
    form = fields_of(kader.get(edit_path(event, second)).context["form"])
    answer = kader.post(edit_path(event, second), form | {"day": "2027-01-16"})
    assert answer.status_code == 303
    rest = Event.objects.exclude(pk=event.pk).get()
    assert days(rest) == ["01-16 02:00", "01-23 02:00", "01-30 02:00"]


def test_a_series_that_has_begun_shows_its_next_date(klaten, kader):
    start = (timezone.now() - WEEK - timedelta(days=1)).replace(
        hour=2, minute=0, second=0, microsecond=0
    )
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[start.weekday()]
    event = make_event(
        klaten, proposer=kader.user, starts_at=start, rrule=f"FREQ=WEEKLY;COUNT=5;BYDAY={day}"
    )
    form = fields_of(kader.get(edit_path(event)).context["form"])
    assert (form["day"], form["times"]) == (f"{start + 2 * WEEK:%Y-%m-%d}", "3")
    kader.post(edit_path(event), form | {"title": "Kata baru"})
    assert Event.objects.get().title == "Kata baru"
    form = fields_of(kader.get(edit_path(event)).context["form"])
    kader.post(edit_path(event), form | {"hour": "15:00"})
    event.refresh_from_db()
    rest = Event.objects.exclude(pk=event.pk).get()
    assert (len(days(event)), len(days(rest))) == (2, 3)
    assert {row.start.hour for row in rest.occurrences.all()} == {8}


def test_a_stale_save_shows_both_versions_and_loses_nothing(klaten, kader):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, published=False)
    form = fields_of(kader.get(edit_path(event)).context["form"])
    office = client_of("moderator", klaten, name="Bu Sekretaris")
    planning.edit(
        event=event,
        actor=office.user,
        version=event.version,
        values={"venue": "Aula Dinas", "summary": "Kata kantor"},
        now=timezone.now(),
    )
    mine = form | {"venue": "Pendopo", "materials": "Tikar"}
    answer = kader.post(edit_path(event), mine)
    page = text_of(answer)
    assert answer.status_code == 409
    told = {(row.theirs, row.mine) for row in answer.context["compared"]}
    assert {("Aula Dinas", "Pendopo"), ("–", "Tikar")} <= told
    assert ("Kata kantor", "Bersama bidan desa.") in told
    assert "Bu Sekretaris" in page
    assert 'value="Pendopo"' in page
    assert Event.objects.get().venue == "Aula Dinas"
    again = fields_of(answer.context["form"])
    assert kader.post(edit_path(event), again).status_code == 303
    event.refresh_from_db()
    assert (event.venue, event.materials) == ("Pendopo", "Tikar")


def test_who_may_not_change_a_session(klaten, kader):
    standing = make_event(klaten, starts_at=THURSDAY)
    waiting = make_event(klaten, starts_at=THURSDAY, published=False)
    assert kader.get(edit_path(standing)).status_code == 403
    assert kader.post(edit_path(standing), {"title": "x"}).status_code == 403
    # What others propose is as if it did not exist.
    assert kader.get(edit_path(waiting)).status_code == 404
    lebak = client_of("admin", make_district("lebak"))
    assert lebak.get(edit_path(standing)).status_code == 404
    assert lebak.get(f"/ruang/kalender/{standing.pk}/").status_code == 404


def test_faults_of_an_edit_keep_what_was_typed(klaten, kader):
    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY, rrule=WEEKLY)
    form = fields_of(kader.get(edit_path(event)).context["form"])
    wrong = form | {"repeat": "aturan", "rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "venue": "Baru"}
    answer = kader.post(edit_path(event), wrong)
    assert answer.status_code == 422
    assert "rule" in answer.context["form"].errors
    assert 'value="Baru"' in text_of(answer)
    event.refresh_from_db()
    assert event.venue == "Balai Desa"


def test_a_cancelled_session_is_copied_and_not_changed(klaten, kader):
    from events.services import deciding

    event = make_event(klaten, proposer=kader.user, starts_at=THURSDAY)
    deciding.cancel(
        event=event, actor=kader.user, version=event.version, note="", now=timezone.now()
    )
    assert kader.get(edit_path(event)).status_code == 403
    page = text_of(kader.get(f"/ruang/kalender/{event.pk}/"))
    assert f"?salin={event.pk}" in page
    assert "/ubah/" not in page
