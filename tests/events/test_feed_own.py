"""A member's own calendar by its private address: what is in it, and when it ends."""

from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from districts.models import Membership, Organisation, Term
from events.models import CalendarLink, Event
from events.services import deciding
from events.services.calendar_links import make, revoke
from tests.events.read_back import body_of, dates_of
from tests.factories.events import make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return make_member("kader", klaten)


def soon() -> datetime:
    """The feed forgets what is long over, by the clock on the wall."""
    return (timezone.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)


def ask(token: str, *, host: str = "klaten.localhost", **headers):
    return Client().get(f"/ruang/kalender/{token}.ics", headers={"host": host} | headers)


def titles(response) -> list[str]:
    return sorted(str(one["SUMMARY"]) for one in Calendar.from_ical(body_of(response)).events)


def test_it_holds_what_the_member_plans_and_what_stands(klaten, kader):
    group = Organisation.objects.create(district=klaten, name="Dasawisma Melati", kind="lainnya")
    Membership.objects.filter(user=kader).update(organisation=group)
    at = {"starts_at": soon()}
    make_event(klaten, proposer=kader, published=False, title="Usulan saya", **at)
    make_event(klaten, organiser=group, published=False, title="Usulan kelompok saya", **at)
    make_event(klaten, published=False, title="Usulan orang lain", **at)
    make_event(klaten, kind="pertemuan-pkk", title="Arisan RT 3", is_home=True, **at)
    make_event(klaten, title="Terbit", **at)
    make_event(klaten, title="Sudah lama", starts_at=timezone.now() - timedelta(days=200))
    make_event(make_district("belu"), title="Di Belu", **at)
    off = make_event(klaten, title="Batal", **at)
    deciding.cancel(
        event=off, actor=off.proposed_by, version=off.version, note="Banjir", now=timezone.now()
    )
    token = make(member=kader, district=klaten, now=NOW)
    response = ask(token)
    assert titles(response) == [
        *("Arisan RT 3", "Batal", "Terbit", "Usulan kelompok saya", "Usulan saya")
    ]
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Disposition"] == 'inline; filename="kalender-saya.ics"'


def test_members_read_all_of_a_guarded_session_but_no_name_of_a_person(klaten, kader):
    proposer = make_member("kader", klaten, name="Ratna Wulandari")
    event = make_event(
        klaten,
        proposer=proposer,
        kind="pertemuan-pkk",
        title="Dasawisma Melati",
        venue="Rumah kader",
        address="RT 3, sebelah musala",
        starts_at=soon(),
        rrule="FREQ=WEEKLY;COUNT=3",
    )
    text = body_of(ask(make(member=kader, district=klaten, now=NOW)))
    told = text.replace(b"\r\n ", b"").decode()
    assert "Dasawisma Melati" in told
    assert "sebelah musala" in told
    assert not [word for word in ("Ratna", "Wulandari", proposer.email, "@contoh") if word in told]
    assert [date.start for date in dates_of(text)] == list(
        event.occurrences.values_list("start", flat=True)
    )
    one = next(iter(Calendar.from_ical(text).events))
    assert one["URL"] == f"{klaten.site.root_url}/ruang/kalender/{event.pk}/"


def test_a_proposal_is_tentative(klaten, kader):
    make_event(klaten, proposer=kader, published=False, starts_at=soon())
    text = body_of(ask(make(member=kader, district=klaten, now=NOW)))
    assert [date.status for date in dates_of(text)] == ["TENTATIVE"]


def test_a_revoked_address_is_gone_at_once(klaten, kader):
    token = make(member=kader, district=klaten, now=NOW)
    first = ask(token)
    revoke(link=CalendarLink.objects.get(), now=NOW)
    assert first.status_code == 200
    assert ask(token, **{"If-None-Match": first["ETag"]}).status_code == 404


def test_a_new_address_ends_the_old_one(klaten, kader):
    old, new = (make(member=kader, district=klaten, now=NOW) for _time in range(2))
    assert (ask(old).status_code, ask(new).status_code) == (404, 200)
    assert CalendarLink.objects.filter(revoked_at=None).count() == 1


def test_the_token_is_kept_nowhere_and_long_enough(klaten, kader):
    token = make(member=kader, district=klaten, now=NOW)
    assert len(token) == 32
    assert token not in str(CalendarLink.objects.values())


@pytest.mark.parametrize("how", ["role ended", "account closed", "another host", "guessed"])
def test_it_opens_for_nobody_else(klaten, kader, how):
    token, host = make(member=kader, district=klaten, now=NOW), "klaten.localhost"
    if how == "role ended":
        Membership.objects.filter(user=kader).update(ended_at=NOW)
    elif how == "account closed":
        type(kader).objects.filter(pk=kader.pk).update(is_active=False)
    elif how == "another host":
        make_district("belu")
        host = "belu.localhost"
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert ask(token, host=host).status_code == 404


def test_unchanged_it_is_answered_with_304_changed_it_is_sent(klaten, kader):
    event = make_event(klaten, starts_at=soon())
    token = make(member=kader, district=klaten, now=NOW)
    tag = ask(token)["ETag"]
    assert ask(token, **{"If-None-Match": tag}).status_code == 304
    office = make_member("admin", klaten)
    deciding.hide(event=event, actor=office, version=event.version, now=timezone.now())
    assert ask(token, **{"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("condition", ["ETag", "Last-Modified"])
def test_a_renaming_is_told_at_once(klaten, kader, condition, django_capture_on_commit_callbacks):
    group = Organisation.objects.create(district=klaten, name="PKK Lama", kind="pkk")
    make_event(klaten, proposer=kader, organiser=group, starts_at=soon())
    token = make(member=kader, district=klaten, now=NOW)
    kind = Term.objects.get(code="sosialisasi")
    for row, field, old, new in (
        (kind, "label_id", b"Sosialisasi", b"Penyuluhan"),
        (group, "name", b"PKK Lama", b"PKK Baru"),
    ):
        before = ask(token)
        header = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[condition]
        known = {header: before[condition]}
        assert old in body_of(before)
        assert ask(token, **known).status_code == 304
        # The second is over: HTTP knows no finer time.
        sleep(1.1 if condition == "Last-Modified" else 0)
        setattr(row, field, new.decode())
        with django_capture_on_commit_callbacks(execute=True):
            row.save()
        after = ask(token, **known)
        assert (after.status_code, new in body_of(after)) == (200, True)


def test_three_sessions_cost_the_queries_of_one(klaten, kader):
    token, spent = make(member=kader, district=klaten, now=NOW), []
    # Host and terms are remembered from here on.
    body_of(ask(token))
    for number in (1, 2):
        for _session in range(number):
            make_event(klaten, starts_at=soon(), rrule="FREQ=WEEKLY;COUNT=3")
        with CaptureQueriesContext(connection) as queries:
            body_of(ask(token))
        spent.append(len(queries))
    assert Event.objects.count() == 3
    assert spent[0] == spent[1] <= 12
