"""`/ruang/kalender/usulan/`: two persons, many at once, and what is unusual first."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from districts.models import Organisation, Region
from districts.panels import tasks_of
from events.models import CalendarSettings, Event, EventState
from events.services import planning
from events.workspace import tasks
from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district, make_user
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
DESK = "/ruang/kalender/usulan/"
MONDAY = datetime(2027, 2, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def known(klaten):
    """A cadre of whom the office knows a session already."""
    kader = make_user("kader", klaten)
    make_event(klaten, proposer=kader, starts_at=MONDAY + 30 * DAY, region=None)
    return kader


def proposal(klaten, proposer, **changed):
    values = {"starts_at": MONDAY, "region": None, "venue": "", "published": False} | changed
    return make_event(klaten, proposer=proposer, **values)


def groups(client):
    return {
        group["name"]: [line["event"].title for line in group["lines"]]
        for group in client.get(DESK).context["groups"]
    }


def value(event):
    event.refresh_from_db()
    return f"{event.pk}:{event.version}"


def test_proposals_stand_by_what_is_unusual(klaten, office, known):
    inside, outside = (Region.objects.get(pk=f"{klaten.region_id}.{n}") for n in ("01", "05"))
    group = Organisation.objects.create(district=klaten, name="PKK 01", kind="pkk", region=inside)
    member = make_user("kader", klaten, organisation=group)
    make_event(klaten, proposer=member, starts_at=MONDAY + 31 * DAY, region=inside)
    proposal(klaten, known, title="Biasa")
    proposal(klaten, known, title="Sabtu", starts_at=MONDAY - 2 * DAY)
    proposal(klaten, known, title="Malam", starts_at=MONDAY + timedelta(hours=9))
    proposal(klaten, known, title="Natal", starts_at=datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    proposal(klaten, known, title="Di rumah", starts_at=MONDAY + DAY, is_home=True)
    proposal(klaten, make_user("kader", klaten), title="Baru", starts_at=MONDAY + 2 * DAY)
    proposal(klaten, member, title="Kecamatan lain", region=outside)
    proposal(klaten, member, title="Kecamatan sendiri", region=inside)
    proposal(klaten, known, title="A", venue="Aula", starts_at=MONDAY + 3 * DAY)
    proposal(klaten, known, title="B", venue="Aula", starts_at=MONDAY + 3 * DAY)
    mine = proposal(klaten, office.user, title="Punya sendiri", starts_at=MONDAY + 4 * DAY)
    found = groups(office)
    assert found == {
        "": ["Biasa", "Kecamatan sendiri"],
        "bentrok": ["A", "B"],
        "libur": ["Natal"],
        "rumah": ["Di rumah"],
        "luar": ["Kecamatan lain"],
        "baru": ["Baru"],
        "jam": ["Sabtu", "Malam"],
    }
    assert list(found)[0] == ""
    own = office.get(DESK).context["own"]
    assert [line["event"] for line in own] == [mine]


def test_all_that_is_usual_is_approved_at_once(klaten, office, known):
    events = [
        proposal(klaten, known, title=f"Sesi {n}", starts_at=MONDAY + n * DAY) for n in (1, 2)
    ]
    chosen = [value(event) for event in events]
    answer = office.post(DESK, {"pilih": chosen, "terbit": "ya"}, follow=True)
    assert {event.state for event in Event.objects.filter(title__startswith="Sesi")} == {
        EventState.PUBLISHED
    }
    page = text_of(answer)
    assert "Sesi 1; Sesi 2" in page
    assert groups(office) == {}


def test_what_changed_meanwhile_and_what_is_ones_own_is_left_and_named(klaten, office, known):
    changed = proposal(klaten, known, title="Diubah")
    own = proposal(klaten, office.user, title="Sendiri", starts_at=MONDAY + DAY)
    fine = proposal(klaten, known, title="Beres", starts_at=MONDAY + 2 * DAY)
    foreign = proposal(make_district("lebak"), None, title="Lebak")
    chosen = [value(event) for event in (changed, own, fine, foreign)]
    planning.edit(
        event=changed,
        actor=known,
        version=changed.version,
        values={"venue": "Lain"},
        now=timezone.now(),
    )
    page = text_of(office.post(DESK, {"pilih": chosen, "terbit": "ya"}, follow=True))
    states = dict(Event.objects.values_list("title", "state"))
    assert (states["Beres"], states["Diubah"], states["Sendiri"], states["Lebak"]) == (
        "terbit",
        "usulan",
        "usulan",
        "usulan",
    )
    assert "Diubah; Sendiri" in page
    assert "Lebak" not in page


def test_a_guarded_one_is_approved_for_members(klaten, office, known):
    event = proposal(klaten, known, title="Di rumah", is_home=True)
    office.post(DESK, {"pilih": [value(event)], "terbit": "ya"})
    event.refresh_from_db()
    assert (event.state, event.published_at) == (EventState.APPROVED, None)
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    event = proposal(klaten, known, title="Di rumah", is_home=True, starts_at=MONDAY + DAY)
    office.post(DESK, {"pilih": [value(event)], "terbit": "ya"})
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED


@pytest.mark.parametrize("chosen", ["x", "1", "1:", ":1", "²:1", "1:1:1", "9" * 30 + ":1"])
def test_a_choice_that_is_none_is_no_page(office, chosen):
    assert office.post(DESK, {"pilih": [chosen]}).status_code == 404


def test_nothing_chosen_changes_nothing(klaten, office, known):
    event = proposal(klaten, known)
    assert office.post(DESK, {}).status_code == 303
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


@pytest.mark.parametrize("role", ["kader", "guru", "mitra", "koordinator", "editor", "monev"])
def test_others_neither_see_the_desk_nor_decide(klaten, known, role):
    client = client_of(role, klaten)
    event = make_event(klaten, starts_at=MONDAY)
    assert client.get(DESK).status_code == 403
    assert client.post(DESK, {"pilih": [value(event)]}).status_code == 403
    sent = {"act": "tarik", "version": event.version}
    assert client.post(f"/ruang/kalender/{event.pk}/keputusan/", sent).status_code == 403


def decide(client, event, act, **more):
    event.refresh_from_db()
    sent = {"act": act, "version": event.version} | more
    return client.post(f"/ruang/kalender/{event.pk}/keputusan/", sent)


def test_one_is_sent_back_changed_approved_published_and_hidden(klaten, office, known):
    event = proposal(klaten, known)
    empty = decide(office, event, "kembalikan", note="")
    assert (empty.status_code, "note" in empty.context["return_form"].errors) == (422, True)
    assert decide(office, event, "kembalikan", note="Tambah tempat").status_code == 303
    event.refresh_from_db()
    assert event.state == EventState.CHANGES
    assert groups(office) == {}
    planning.edit(
        event=event,
        actor=known,
        version=event.version,
        values={"venue": "Aula"},
        now=timezone.now(),
    )
    assert decide(office, event, "setujui").status_code == 303
    event.refresh_from_db()
    assert (event.state, event.approved_by) == (EventState.APPROVED, office.user)
    assert decide(office, event, "terbitkan").status_code == 303
    assert decide(office, event, "tarik").status_code == 303
    assert decide(office, event, "setujui").status_code == 409
    assert decide(office, event, "apa").status_code == 400


def test_nobody_decides_about_their_own(klaten, office):
    event = proposal(klaten, office.user)
    assert 'value="setujui"' not in text_of(office.get(f"/ruang/kalender/{event.pk}/"))
    assert decide(office, event, "setujui").status_code == 403
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


def test_a_stale_decision_shows_what_changed_and_keeps_the_note(klaten, office, known):
    event = proposal(klaten, known)
    old = event.version
    planning.edit(
        event=event, actor=known, version=old, values={"venue": "Aula"}, now=timezone.now()
    )
    sent = {"act": "kembalikan", "version": old, "note": "Terlalu malam"}
    answer = office.post(f"/ruang/kalender/{event.pk}/keputusan/", sent)
    assert answer.status_code == 409
    assert 'value="Terlalu malam"' in text_of(answer)
    [told] = answer.context["latest"]
    assert (told.change.actor, [after for _what, _before, after in told.values]) == (
        known,
        ["Aula"],
    )
    assert "<strong>Aula</strong>" in text_of(answer)
    event.refresh_from_db()
    assert event.state == EventState.PROPOSED


def test_the_desk_costs_the_same_for_one_and_for_three(klaten, office, known):
    counts = []
    for number in (1, 3):
        while Event.objects.filter(state="usulan").count() < number:
            proposal(klaten, known, venue="Aula", rrule="FREQ=DAILY;COUNT=3")
        office.get(DESK)
        with CaptureQueriesContext(connection) as queries:
            office.get(DESK)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_first_panel_and_the_door_say_what_waits(klaten, office, known, rf):
    proposal(klaten, known)
    proposal(klaten, office.user)
    request = rf.get("/admin/", SERVER_NAME=klaten.site.hostname)
    request.user = office.user
    assert [(task.url, task.is_urgent) for task in tasks(request, klaten)] == [(DESK, True)]
    assert DESK in {task.url for task in tasks_of(request, klaten)}
    request.user = make_user("editor", klaten)
    assert list(tasks(request, klaten)) == []
    page = text_of(office.get("/ruang/"))
    assert DESK in page
    assert 'class="l-label"' in page
