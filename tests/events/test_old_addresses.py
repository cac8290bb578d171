"""What was printed and passed on leads to the session, whatever became of its days."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events.models import CalendarSettings, Event, InvitedOrganisation, Registration
from events.services import inviting, moving, planning
from tests.factories.joining import date_of, make_open_event, typed
from tests.factories.people import make_member
from tests.factories.planning import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def anyone(klaten):
    return Client(SERVER_NAME=klaten.site.hostname)


@pytest.fixture
def office(klaten):
    return make_member("admin", klaten)


def planned(klaten, **more) -> Event:
    now = timezone.now()
    start = (now + 20 * DAY).replace(hour=2, minute=0, second=0, microsecond=0)
    return make_open_event(klaten, **{"starts_at": start, "now": now} | more)


def address(event, row) -> str:
    return f"/kalender/{event.slug}/{row.day}/"


def edited(event, office, since=None, **values) -> Event:
    event.refresh_from_db()
    return planning.edit(
        event=event,
        actor=office,
        version=event.version,
        values=values,
        since=since,
        now=timezone.now(),
    )


def test_after_a_series_was_split_its_later_days_are_found(klaten, anyone, office):
    event = planned(klaten, rrule="FREQ=WEEKLY;COUNT=4")
    late = date_of(event, 3)
    printed = address(event, late)
    rest = edited(event, office, date_of(event, 2), venue="Pendopo")
    answer = anyone.get(printed)
    assert (answer.status_code, answer["Location"]) == (302, address(rest, late))
    door = anyone.get(f"{printed}daftar/")
    assert (door.status_code, door["Location"]) == (303, f"{address(rest, late)}daftar/")
    # A form that was open meanwhile keeps what was typed, and says where the date is.
    sent = anyone.post(f"{printed}daftar/", typed(klaten))
    assert (sent.status_code, "Ibu Contoh" in text_of(sent)) == (409, True)
    assert f'action="{address(rest, late)}daftar/' in text_of(sent)
    assert Registration.objects.count() == 0
    assert anyone.get(f"/kalender/{event.slug}/2031-01-01/").status_code == 404


def test_a_single_session_that_is_planned_anew_keeps_its_first_address(klaten, anyone, office):
    event = planned(klaten)
    row = date_of(event)
    printed = address(event, row)
    edited(event, office, starts_at=row.start + 3 * DAY)
    assert anyone.get(f"{printed}daftar/").status_code == 303
    event.refresh_from_db()
    moving.move_date(
        occurrence=date_of(event), actor=office, version=event.version, minutes=90,
        start=row.start + 5 * DAY, now=timezone.now(),
    )  # fmt: skip
    edited(event, office, starts_at=row.start + 5 * DAY + timedelta(hours=2))
    answer = anyone.get(printed)
    page = text_of(answer)
    now_on = date_of(event).day
    assert answer.status_code == 200
    assert re.search(rf"Semula \w+, {row.day.day} .*Tanggal baru: \w+, {now_on.day} ", page)
    assert f"{now_on}/" in page


def test_a_feed_of_a_series_goes_on_while_a_part_is_read_again(klaten, anyone, office):
    event = planned(klaten, rrule="FREQ=WEEKLY;COUNT=4")
    rest = edited(event, office, date_of(event, 2), venue="Pendopo")
    feed = f"/kalender/{event.slug}.ics"
    assert anyone.get(feed).status_code == 200
    edited(event, event.proposed_by, summary="Belum dibaca")
    answer = anyone.get(feed)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, rest.slug.encode() in body) == (200, True)


@pytest.mark.parametrize("homely", ["rest", "first"])
def test_nothing_leads_from_a_part_with_a_name_to_a_guarded_one(klaten, anyone, office, homely):
    """A group that goes on in a home, and one that came out of it."""
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    values = {"is_home": True, "venue": "Rumah Bu Siti"} if homely == "first" else {}
    event = planned(klaten, title="Kelompok Melati", rrule="FREQ=WEEKLY;COUNT=4", **values)
    outdoors = {"is_home": False, "venue": "Balai Desa"}
    indoors = {"is_home": True, "venue": "Rumah Bu Siti"}
    changed = outdoors if homely == "first" else indoors
    rest = edited(event, office, date_of(event, 2), **changed)
    event.refresh_from_db()
    assert (event.guarded, rest.guarded) == (homely == "first", homely == "rest")
    assert event.chain == rest.chain
    parts = {event: date_of(event, 0), rest: date_of(rest, 0)}
    told, keys = {}, {str(row.key) for row in parts.values()}
    for one, row in parts.items():
        [other] = [another for another in parts if another != one]
        paths = [f"/kalender/{one.slug}{end}" for end in ("/", ".ics", ".ics?datar=1")]
        told[one] = "".join(map(body_of_all(anyone), [*paths, address(one, row)]))
        assert other.slug not in told[one]
        assert anyone.get(f"/kalender/{one.slug}/{parts[other].day}/").status_code == 404
    guarded, named = (event, rest) if event.guarded else (rest, event)
    assert ("Melati" in told[named], "Melati" in told[guarded]) == (True, False)
    # Nor does any sign that both would have.
    uids = {one: set(re.findall(r"UID:(.*)", told[one])) for one in parts}
    assert all(uids.values())
    assert not uids[event] & uids[rest]
    assert str(event.chain) not in "".join(told.values())
    # The feed of single dates told each with its name before; what it is now is not found by that.
    assert keys & set(re.findall(r"UID:(.*)@", told[guarded])) == set()


def test_parts_that_are_guarded_alike_stay_one_series(klaten, anyone, office):
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    event = planned(klaten, is_home=True, rrule="FREQ=WEEKLY;COUNT=4")
    late = date_of(event, 3)
    rest = edited(event, office, date_of(event, 2), minutes=60)
    event.refresh_from_db()
    assert (event.guarded, rest.guarded) == (True, True)
    assert anyone.get(address(event, late))["Location"] == address(rest, late)
    assert rest.slug in body_of_all(anyone)(f"/kalender/{event.slug}.ics")


def body_of_all(anyone):
    def read(path: str) -> str:
        answer = anyone.get(path)
        assert answer.status_code == 200, path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return content.decode().replace("\r\n ", "")

    return read


def test_an_answer_is_not_lost_with_a_line_of_the_form(klaten, office):
    company = planning.Company(invited=[{"organisation": None, "label": "Polsek"}])
    event = planned(klaten, company=company)
    event.invited.update(answer="hadir")
    other = planning.Company(invited=[{"organisation": None, "label": "Polsek Delanggu"}])
    with pytest.raises(planning.NotPossible, match="Polsek"):
        planning.edit(
            event=event,
            actor=office,
            version=event.version,
            values={},
            company=other,
            now=timezone.now(),
        )
    assert event.invited.get().answer == "hadir"
    event.invited.update(answer="")
    planning.edit(
        event=event, actor=office, version=event.version, values={}, company=other,
        now=timezone.now(),
    )  # fmt: skip
    assert event.invited.get().label == "Polsek Delanggu"


def test_a_link_goes_on_with_what_its_series_became(anyone, klaten, office):
    """Also after the first part is over, and with the answer that was given."""
    now = timezone.now()
    start = (now - timedelta(days=1)).replace(microsecond=0)
    event = planned(klaten, starts_at=start, rrule="FREQ=DAILY;COUNT=5", now=now - 20 * DAY)
    mine, host = _asked(event), event.proposed_by
    token = inviting.renew_link(invited=mine, actor=host, now=now)
    mine.refresh_from_db()
    inviting.answer(invited=mine, answer="hadir", people=2, role="Kepala sekolah", now=now)
    event.refresh_from_db()
    rest = planning.edit(
        event=event,
        actor=office,
        version=event.version,
        values={"venue": "Pendopo"},
        since=date_of(event, 2),
        now=now,
    )
    heir = rest.invited.get()
    assert (heir.answer, heir.people, heir.role) == ("hadir", 2, "Kepala sekolah")
    link = f"/kalender/undangan/{token}/"
    assert "Balai Desa" in text_of(anyone.get(link))
    event.occurrences.update(start=start, end=start + timedelta(minutes=90))
    page = text_of(anyone.get(link))
    assert ("Pendopo" in page, "Kepala sekolah" in page) == (True, True)
    assert anyone.post(link, {"answer": "berhalangan"}).status_code == 303
    heir.refresh_from_db()
    assert heir.answer == "berhalangan"
    # Who was asked before stays in the list of what took place, with the link.
    first = event.invited.get()
    assert (first.answer, first.token_digest != "", heir.token_digest) == ("hadir", True, "")


def test_what_is_answered_to_the_first_part_holds_for_the_rest(klaten, office):
    now = timezone.now()
    event = planned(klaten, rrule="FREQ=WEEKLY;COUNT=4")
    mine = _asked(event)
    token = inviting.renew_link(invited=mine, actor=event.proposed_by, now=now)
    event.refresh_from_db()
    rest = planning.edit(
        event=event, actor=office, version=event.version,
        values={"venue": "Pendopo"}, since=date_of(event, 2), now=now,
    )  # fmt: skip
    found = inviting.find(district=klaten, token=token, now=now)
    assert found.event == event
    inviting.answer(invited=found, answer="hadir", people=3, role="Guru", now=now)
    assert (rest.invited.get().answer, rest.invited.get().people) == ("hadir", 3)
    inviting.withdraw(invited=found, now=now)
    assert (rest.invited.get().answer, rest.invited.get().role) == ("", "")
    inviting.answer(invited=found, answer="hadir", people=3, role="Guru", now=now)
    # All of the first part is off; the link goes on with the rest.
    event.occurrences.update(is_cancelled=True)
    assert inviting.find(district=klaten, token=token, now=now).event == rest
    inviting.revoke_link(invited=mine, actor=event.proposed_by, now=now)
    with pytest.raises(InvitedOrganisation.DoesNotExist):
        inviting.find(district=klaten, token=token, now=now)


def _asked(event) -> InvitedOrganisation:
    return inviting.invite(
        event=event, actor=event.proposed_by, label="SMP Contoh", now=timezone.now()
    )
