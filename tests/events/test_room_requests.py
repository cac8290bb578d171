"""A request for a session becomes a session in one step, and follows what becomes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.services import session_requests
from campaigns.services.request_links import LINK
from districts.models import Region
from events.models import Event, EventState
from events.services import deciding, moving
from tests.factories.events import make_terms
from tests.factories.places import make_district
from tests.factories.planning import client_of, fields_of, text_of
from tests.factories.requests import make_request

pytestmark = pytest.mark.django_db
PLAN = "/ruang/kalender/usul/"


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def editor(klaten):
    return client_of("editor", klaten)


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def asked(klaten):
    return make_request(
        klaten,
        region=Region.objects.get(pk=f"{klaten.region_id}.01.2001"),
        wished_dates=["2027-02-03", "2027-02-10"],
    )


def propose(client, asked):
    path = f"{PLAN}?permintaan={asked.pk}"
    form = fields_of(client.get(path).context["form"])
    assert client.post(path, form | {"hour": "09:00"}).status_code == 303
    return Event.objects.latest("pk")


def status_page(asked):
    host = asked.district.site.hostname
    return text_of(Client(SERVER_NAME=host).get(f"/minta/{LINK.token_of(asked.key)}/"))


def test_the_form_is_filled_from_the_request(klaten, editor, asked):
    page = text_of(editor.get(f"/ruang/permintaan/{asked.pk}/"))
    assert f"{PLAN}?permintaan={asked.pk}" in page
    event = propose(editor, asked)
    assert event.request_key == asked.key
    assert (event.kind, event.seats, event.venue) == ("sosialisasi", 40, "Aula")
    assert (event.audience_codes, event.issue_codes) == (["guru"], ["KtA"])
    assert event.starts_at == datetime(2027, 2, 3, 2, 0, tzinfo=UTC)
    assert event.region_id == f"{klaten.region_id}.01.2001"
    assert event.invited.get().label == "SMP Contoh"
    asked.refresh_from_db()
    assert asked.state == "baru"
    assert f"/ruang/kalender/{event.pk}/" in text_of(editor.get(f"/ruang/permintaan/{asked.pk}/"))


def test_one_request_is_one_proposal(editor, office, asked):
    path = f"{PLAN}?permintaan={asked.pk}"
    mine = fields_of(editor.get(path).context["form"]) | {"hour": "09:00"}
    theirs = fields_of(office.get(path).context["form"]) | {"hour": "10:00"}
    first, second = editor.post(path, mine), office.post(path, theirs)
    assert Event.objects.count() == 1
    assert first["Location"] == second["Location"]
    assert editor.get(path)["Location"] == first["Location"]


def test_the_request_follows_its_session(editor, office, asked):
    event = propose(editor, asked)
    assert "/kalender/" + event.slug not in status_page(asked)
    deciding.approve(
        event=event, actor=office.user, version=event.version, now=timezone.now(), publish=True
    )
    asked.refresh_from_db()
    assert (asked.state, asked.agreed_at) == ("diterima", event.starts_at)
    # Approved and published is one step for who asked.
    assert asked.steps.count() == 2
    page = status_page(asked)
    assert f"/kalender/{event.slug}/" in page
    assert "09.00 WIB" in page
    event.refresh_from_db()
    row = event.occurrences.get()
    moving.move_date(
        occurrence=row,
        actor=editor.user,
        version=event.version,
        start=row.start + timedelta(days=1),
        minutes=90,
        now=timezone.now(),
    )
    asked.refresh_from_db()
    assert asked.agreed_at == event.starts_at + timedelta(days=1)
    event.refresh_from_db()
    deciding.cancel(
        event=event,
        actor=office.user,
        version=event.version,
        note="Gedung dipakai",
        now=timezone.now(),
    )
    asked.refresh_from_db()
    assert (asked.state, asked.agreed_at) == ("ditanya", None)
    assert "Gedung dipakai" in status_page(asked)
    again = propose(editor, asked)
    assert again.pk != event.pk
    assert again.state == EventState.PROPOSED


def test_a_cancelled_only_date_is_told_as_well(editor, office, asked):
    event = propose(editor, asked)
    event = deciding.approve(
        event=event, actor=office.user, version=event.version, now=timezone.now()
    )
    moving.cancel_date(
        occurrence=event.occurrences.get(),
        actor=editor.user,
        version=event.version,
        note="Banjir",
        now=timezone.now(),
    )
    asked.refresh_from_db()
    assert asked.state == "ditanya"
    assert "Banjir" in status_page(asked)


def test_a_session_of_nobodys_request_moves_none(klaten, office, asked):
    from tests.factories.events import make_event

    make_event(klaten)
    asked.refresh_from_db()
    assert asked.state == "baru"


def test_a_closed_request_stays_closed(editor, office, asked):
    event = propose(editor, asked)
    session_requests.withdraw(request=asked, now=timezone.now())
    deciding.approve(event=event, actor=office.user, version=event.version, now=timezone.now())
    asked.refresh_from_db()
    assert asked.state == "ditarik"


def test_who_does_not_answer_requests_learns_nothing_of_them(klaten, asked):
    path = f"{PLAN}?permintaan={asked.pk}"
    assert client_of("kader", klaten).get(path).status_code == 404
    assert client_of("admin", make_district("lebak")).get(path).status_code == 404
    editor = client_of("editor", klaten)
    assert editor.get(f"{PLAN}?permintaan=²").status_code == 404
    assert editor.get(f"{PLAN}?permintaan=999999").status_code == 404
    session_requests.withdraw(request=asked, now=timezone.now())
    assert editor.get(path).status_code == 404
    assert f"?permintaan={asked.pk}" not in text_of(editor.get(f"/ruang/permintaan/{asked.pk}/"))
