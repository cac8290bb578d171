"""One date of a series: moved, cancelled, back again, added, left out; each asks first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from events.lines import CHANGES_TOLD
from events.models import EventChange
from events.services import moving
from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def kader():
    make_terms()
    return client_of("kader", make_district("klaten"))


@pytest.fixture
def event(kader):
    district = kader.user.memberships.get().district
    return make_event(
        district, proposer=kader.user, starts_at=THURSDAY, rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TH"
    )


def path_of(event, row=None, act=""):
    return f"/ruang/kalender/{event.pk}/tanggal/" + (f"{row.pk}/{act}" if row else "")


def starts(event):
    return [f"{row.start:%m-%d %H:%M}" for row in event.occurrences.order_by("start")]


def test_one_date_moves_and_the_others_stay(kader, event):
    row = event.occurrences.all()[1]
    page = text_of(kader.get(path_of(event, row)))
    assert f"/ubah/?sejak={row.pk}" in page
    sent = {
        "version": event.version,
        "day": "2027-01-22",
        "hour": "10.30",
        "length": "60",
        "venue": "Pendopo",
        "note": "Balai dipakai",
    }
    assert kader.post(path_of(event, row), sent).status_code == 303
    assert starts(event) == ["01-14 02:00", "01-22 03:30", "01-28 02:00"]
    detail = text_of(kader.get(f"/ruang/kalender/{event.pk}/"))
    assert "Pendopo" in detail
    assert "Balai dipakai" in detail
    assert "10.30" in detail


def test_cancel_and_restore_ask_first(kader, event):
    row = event.occurrences.all()[1]
    assert kader.get(path_of(event, row, "batal/")).status_code == 200
    assert not EventChange.objects.filter(verb="tanggal_dibatalkan").exists()
    sent = {"version": event.version, "note": "Banjir"}
    assert kader.post(path_of(event, row, "batal/"), sent).status_code == 303
    row.refresh_from_db()
    assert (row.is_cancelled, row.note) == (True, "Banjir")
    event.refresh_from_db()
    kader.post(path_of(event, row, "pulih/"), {"version": event.version})
    row.refresh_from_db()
    assert not row.is_cancelled


def test_a_date_is_added_and_another_taken_out(kader, event):
    sent = {"version": event.version, "day": "2027-03-01", "hour": "08:00"}
    assert kader.post(path_of(event), sent).status_code == 303
    assert starts(event)[-1] == "03-01 01:00"
    event.refresh_from_db()
    twice = kader.post(path_of(event), sent | {"version": event.version})
    assert twice.status_code == 409
    assert 'value="2027-03-01"' in text_of(twice)
    row = event.occurrences.all()[0]
    kader.post(path_of(event, row, "hapus/"), {"version": event.version})
    assert starts(event) == ["01-21 02:00", "01-28 02:00", "03-01 01:00"]


def test_a_stale_move_and_a_stale_cancellation_show_both_versions(kader, event):
    row = event.occurrences.all()[0]
    moved = {"version": event.version, "day": "2027-01-16", "hour": "15:00", "length": "90"}
    place = {"venue": "Balai Desa"}
    assert kader.post(path_of(event, row), moved | place).status_code == 303
    mine = moved | {"day": "2027-01-15", "hour": "09:00", "venue": "Pendopo"}
    answer = kader.post(path_of(event, row), mine)
    assert answer.status_code == 409
    both = {one.label: (one.theirs, one.mine) for one in answer.context["compared"]}
    assert set(both.values()) == {
        ("Sabtu, 16 Januari 2027", "Jumat, 15 Januari 2027"),
        ("15.00", "09.00"),
        ("Balai Desa", "Pendopo"),
    }
    assert "Sabtu, 16 Januari 2027</td>" in text_of(answer)
    cancelled = kader.post(
        path_of(event, row, "batal/"), {"version": event.version, "note": "Sakit"}
    )
    [told] = cancelled.context["latest"]
    assert (cancelled.status_code, told.values[1][2]) == (409, "Balai Desa")
    page = text_of(cancelled)
    assert ("<strong>Balai Desa</strong>" in page, 'value="Sakit"' in page) == (True, True)
    assert starts(event)[0] == "01-16 08:00"


def test_all_that_was_changed_meanwhile_is_told(kader, event):
    first, second = event.occurrences.all()[:2]
    for row, note in ((first, "Banjir"), (second, "Listrik padam")):
        event.refresh_from_db()
        sent = {"version": event.version, "note": note}
        assert kader.post(path_of(event, row, "batal/"), sent).status_code == 303
    # At most some of them, and one for a version that there is not yet.
    for version, told in ((event.version - 1, 2), (0, CHANGES_TOLD), (10**9, 1)):
        answer = kader.post(path_of(event, first, "pulih/"), {"version": version})
        assert (answer.status_code, len(answer.context["latest"])) == (409, told)
    assert ("Banjir" in text_of(answer), "Listrik padam" in text_of(answer)) == (False, True)


def test_a_stale_move_keeps_what_was_typed(kader, event):
    first, second = event.occurrences.all()[:2]
    moving.cancel_date(
        occurrence=second,
        actor=kader.user,
        version=event.version,
        note="Banjir",
        now=timezone.now(),
    )
    sent = {"version": event.version, "day": "2027-01-15", "hour": "09:00", "length": "90"}
    answer = kader.post(path_of(event, first), sent | {"note": "Sekolah libur"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Banjir" in page
    assert 'value="Sekolah libur"' in page
    assert starts(event)[0] == "01-14 02:00"
    version = answer.context["form"]["version"].value()
    assert kader.post(path_of(event, first), sent | {"version": version}).status_code == 303
    assert starts(event)[0] == "01-15 02:00"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "99999-01-01"}, "day"),
        ({"hour": "9 pagi"}, "hour"),
        ({"length": "0"}, "length"),
        ({"note": "a" * 10_000}, "note"),
        ({"version": ""}, "version"),
    ],
)
def test_what_is_wrong_is_said_and_kept(kader, event, changed, field):
    row = event.occurrences.all()[0]
    sent = {"version": event.version, "day": "2027-01-15", "hour": "09:00", "length": "90"}
    answer = kader.post(path_of(event, row), sent | {"venue": "Pendopo"} | changed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert 'value="Pendopo"' in text_of(answer)


def test_the_whole_session_is_cancelled_after_asking(kader, event):
    path = f"/ruang/kalender/{event.pk}/batal/"
    assert kader.get(path).context["coming"] == 3
    assert kader.post(path, {"version": 99, "note": "Banjir"}).status_code == 409
    assert kader.post(path, {"version": event.version, "note": "Banjir"}).status_code == 303
    event.refresh_from_db()
    assert (event.state, event.cancel_note) == ("dibatalkan", "Banjir")
    again = kader.post(path, {"version": event.version, "note": ""})
    assert again.status_code == 403


def test_nobody_else_touches_a_date(event):
    district = event.district
    guru = client_of("guru", district)
    row = event.occurrences.all()[0]
    for act in ("", "batal/", "pulih/", "hapus/"):
        assert guru.get(path_of(event, row, act)).status_code == 403
    assert guru.get(path_of(event)).status_code == 403
    other = make_event(district, starts_at=THURSDAY + timedelta(days=1))
    office = client_of("moderator", district)
    assert office.get(path_of(other, row)).status_code == 404
