"""Two people who were put together by mistake are two again, with all that was ever recorded."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Attendance, MergedAttendance, Participant, PersonMerge, Status, Way
from events.models.merge import UNDO_DAYS
from events.services import attending, merging
from events.services.attending import Source
from safeguards.facts import Refused
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person
from safeguards.services.retention import purge_expired
from tests.factories.attendance import allow_minors, dates_of, make_date, mark, person
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=1)
SITI, BUDI = (person(name, key=UUID(int=n, version=4)) for n, name in ((7, "Siti"), (8, "Sitti")))


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def dates(klaten):
    """Two dates of a series, a week from each other."""
    return dates_of(make_date(klaten, rrule="FREQ=WEEKLY;COUNT=2").event)


@pytest.fixture
def moderator(klaten):
    return make_member("moderator", klaten)


def row_of(who, district=None) -> Participant:
    rows = Participant.objects.filter(key=who.key)
    return rows.get(district=district) if district else rows.get()


def merge(into, other, actor, now=LATER) -> None:
    merging.merge(into=row_of(into), other=row_of(other), actor=actor, now=now)


def part(into, other, actor, now=LATER) -> Participant:
    return merging.part(into=row_of(into), other=row_of(other), actor=actor, now=now)


def held(district) -> dict:
    """What holds: {(day, key of the person): (status, key of the telling, rank)}."""
    rows = Attendance.objects.for_district(district).select_related("occurrence", "participant")
    return {
        (row.occurrence.day, row.participant.key): (row.status, row.key, row.rank) for row in rows
    }


def test_each_has_their_own_sessions_back(klaten, dates, moderator):
    first, second = dates
    both, source = second.start, Source(member=moderator)
    mark(first, SITI, "tidak_hadir", source=source)
    mark(first, BUDI, source=source)
    mark(second, BUDI, "sakit", now=both, source=source)
    before = held(klaten)
    rows = dict(Attendance.objects.values_list("key", "recorded_by"))
    merge(SITI, BUDI, moderator)
    assert len(held(klaten)) == 2
    for _n in range(2):
        assert part(SITI, BUDI, moderator) == row_of(BUDI)
    assert held(klaten) == before
    assert dict(Attendance.objects.values_list("key", "recorded_by")) == rows
    assert sorted(Participant.objects.known().values_list("name", flat=True)) == ["Siti", "Sitti"]
    assert (PersonMerge.objects.count(), MergedAttendance.objects.count()) == (0, 0)
    [entry] = AuditEntry.objects.filter(verb="person.parted")
    assert (entry.actor_id, entry.object_id, entry.details) == (
        moderator.pk, str(row_of(SITI).pk), {"other": row_of(BUDI).pk},
    )  # fmt: skip
    # Told of again, each is who they are.
    mark(second, SITI, now=both)
    assert held(klaten)[second.day, SITI.key][0] == "hadir"
    assert held(klaten)[second.day, BUDI.key][0] == "sakit"


def test_what_was_told_since_is_theirs_under_whose_key_it_was_told(klaten, dates, moderator):
    first, second = dates
    mark(first, SITI)
    mark(first, BUDI)
    merge(SITI, BUDI, moderator)
    now, source = second.start, Source(member=moderator)
    # Of two who are taken for one, the second arrival changes nothing of the row.
    mark(second, SITI, now=now)
    late = now + timedelta(minutes=5)
    answer = mark(second, replace(BUDI, name=""), "terlambat", now=late)
    assert (answer.status, answer.response["status"]) == ("already", "hadir")
    attending.correct(
        occurrence=first, person=replace(SITI, name=""), status="izin", key=uuid4(), now=now,
        source=source,
    )  # fmt: skip
    part(SITI, BUDI, moderator, now)
    assert {place: told[0] for place, told in held(klaten).items()} == {
        (first.day, SITI.key): "izin",
        (first.day, BUDI.key): "hadir",
        (second.day, SITI.key): "hadir",
        (second.day, BUDI.key): "terlambat",
    }


@pytest.mark.parametrize("seed", range(8))
def test_it_is_as_if_they_had_never_been_one(klaten, seed):
    lebak, chance = make_district("lebak"), Random(seed)
    dates = {
        office.pk: dates_of(make_date(office, rrule="FREQ=WEEKLY;COUNT=2").event)
        for office in (klaten, lebak)
    }
    members = {office.pk: make_member("moderator", office) for office in (klaten, lebak)}
    for office in (klaten, lebak):
        for who in (SITI, BUDI):
            mark(dates[office.pk][0], who, "tidak_hadir", key=UUID(int=who.key.int + 100))
    merged_at = chance.randrange(9)
    for number in range(10):
        now = START + timedelta(minutes=number)
        if number == merged_at:
            merging.merge(
                into=row_of(SITI, klaten), other=row_of(BUDI, klaten), actor=members[klaten.pk],
                now=now,
            )  # fmt: skip
        who, date, key = chance.choice((SITI, BUDI)), chance.randrange(2), UUID(int=number + 1000)
        corrects, is_live = chance.random() < 0.5, chance.random() < 0.5
        ahead = None if is_live else now + timedelta(minutes=chance.randint(-300, 300))
        status = chance.choice([*Status.values] if corrects else sorted(attending.MARKS))
        for office in (klaten, lebak):
            # A queue tells when; somebody at a screen tells now.
            source = Source(member=members[office.pk], is_queued=not is_live, insists=True)
            [attending.mark, attending.correct][corrects](
                occurrence=dates[office.pk][date], person=who, status=status, way=Way.ROLL_CALL,
                key=key, now=now, source=source, client_time=ahead,
            )  # fmt: skip
    merging.part(
        into=row_of(SITI, klaten), other=row_of(BUDI, klaten), actor=members[klaten.pk], now=LATER
    )
    assert held(klaten) == held(lebak)


def test_the_last_merge_is_undone_first(klaten, dates, moderator):
    third = person("Siti A.")
    for who in (SITI, BUDI, third):
        mark(dates[0], who)
    before = held(klaten)
    merge(SITI, BUDI, moderator)
    merge(SITI, third, moderator)
    with pytest.raises(Refused) as later:
        part(SITI, BUDI, moderator)
    assert later.value.http == 409
    part(SITI, third, moderator)
    merge(third, SITI, moderator)
    with pytest.raises(Refused):
        part(SITI, BUDI, moderator)
    part(third, SITI, moderator)
    part(SITI, BUDI, moderator)
    assert held(klaten) == before


def test_nobody_who_was_erased_comes_back(klaten, dates, moderator):
    mark(dates[0], SITI)
    mark(dates[1], BUDI, now=dates[1].start)
    merge(SITI, BUDI, moderator)
    erase_person(SITI.key, now=LATER)
    assert PersonMerge.objects.count() == 0
    with pytest.raises(Refused) as gone:
        part(SITI, BUDI, moderator)
    assert gone.value.http == 410
    assert {row.name for row in Participant.objects.all()} == {""}
    # The figures stay with the one who stayed.
    assert row_of(SITI).attendance.count() == 2


def test_it_can_be_undone_for_so_many_days(klaten, dates, moderator):
    mark(dates[0], SITI)
    mark(dates[0], BUDI)
    merge(SITI, BUDI, moderator)
    over = LATER + timedelta(days=UNDO_DAYS)
    assert merging.undoable(row_of(SITI), over - timedelta(seconds=1)).count() == 1
    with pytest.raises(Refused) as refused:
        part(SITI, BUDI, moderator, over)
    assert refused.value.http == 410
    purge_expired(over + timedelta(seconds=1))
    assert (PersonMerge.objects.count(), MergedAttendance.objects.count()) == (0, 0)
    assert row_of(BUDI).merged_into == row_of(SITI)


def test_who_was_kept_longer_for_the_other_is_not_any_more(klaten, dates, moderator):
    allow_minors(klaten)
    first, second = dates
    mark(first, SITI)
    mark(second, BUDI, now=second.start)
    own = row_of(SITI).keep_until
    for comes_again, expected in ((False, own), (True, own + timedelta(days=7))):
        merge(SITI, BUDI, moderator)
        assert row_of(SITI).keep_until == own + timedelta(days=7)
        if comes_again:
            mark(second, SITI, now=second.start)
        part(SITI, BUDI, moderator)
        assert row_of(SITI).keep_until == expected


def test_who_comes_under_the_key_of_the_other_is_kept_as_long(klaten, dates, moderator):
    first, second = dates
    third = person("Siti A.")
    for who in (SITI, BUDI, third):
        mark(first, who)
    own = row_of(SITI).keep_until
    merge(BUDI, third, moderator)
    merge(SITI, BUDI, moderator)
    mark(second, replace(third, name=""), now=second.start)
    assert row_of(SITI).keep_until == own + timedelta(days=7)
    part(SITI, BUDI, moderator)
    assert [row_of(who).keep_until - own for who in (SITI, BUDI)] == [
        timedelta(0), timedelta(days=7),
    ]  # fmt: skip
    part(BUDI, third, moderator)
    assert [row_of(who).keep_until - own for who in (BUDI, third)] == [
        timedelta(0), timedelta(days=7),
    ]  # fmt: skip


def test_a_child_is_not_kept_as_an_adult_for_what_comes_under_another_key(klaten, dates, moderator):
    allow_minors(klaten)
    first, second = dates
    child = person("Sari", age_group="13-17", consent="Map 3")
    for who in (child, BUDI):
        mark(first, who)
    Participant.objects.filter(key=BUDI.key).update(keep_until=row_of(child).keep_until)
    until = row_of(child).keep_until
    merge(child, BUDI, moderator)
    assert mark(second, BUDI, now=second.start).status == "created"
    assert row_of(BUDI).keep_until > until
    assert row_of(child).keep_until == until


def test_what_stands_with_the_other_although_they_were_one_is_no_trouble(klaten, dates, moderator):
    first, second = dates
    source = Source(member=moderator)
    for who in (SITI, BUDI):
        mark(first, who, "tidak_hadir", source=source)
    merge(SITI, BUDI, moderator)
    mark(first, BUDI, source=source)
    mark(second, BUDI, "sakit", now=second.start, source=source)
    # As a mark that passed a merge by left it.
    Attendance.objects.update(participant=row_of(BUDI))
    mark(second, SITI, now=second.start)
    part(SITI, BUDI, moderator)
    assert {place: told[0] for place, told in held(klaten).items()} == {
        (first.day, SITI.key): "tidak_hadir",
        (first.day, BUDI.key): "hadir",
        (second.day, SITI.key): "hadir",
        (second.day, BUDI.key): "sakit",
    }
    of_other = Attendance.objects.filter(participant=row_of(BUDI))
    assert set(of_other.values_list("recorded_by", flat=True)) == {moderator.pk}


def test_the_long_read_is_done_before_anybody_is_held(klaten, dates, moderator):
    for who in (SITI, BUDI):
        mark(dates[0], who)
    merge(SITI, BUDI, moderator)
    with CaptureQueriesContext(connection) as seen:
        part(SITI, BUDI, moderator)
    told = [one["sql"] for one in seen]
    begun = next(n for n, sql in enumerate(told) if sql.startswith("SAVEPOINT"))
    reads = [(n, sql) for n, sql in enumerate(told) if 'FROM "safeguards_fact"' in sql]
    assert [(n > begun, '"server_time" >=' in sql) for n, sql in reads] == [
        (False, False), (True, True),
    ]  # fmt: skip


def test_who_does_not_decide_parts_nobody(klaten, dates, moderator):
    mark(dates[0], SITI)
    mark(dates[0], BUDI)
    merge(SITI, BUDI, moderator)
    for stranger in (
        make_member("kader", klaten),
        make_member("moderator", make_district("sleman")),
    ):
        with pytest.raises(PermissionDenied):
            part(SITI, BUDI, stranger)
    assert row_of(BUDI).merged_into == row_of(SITI)


def test_the_page_of_a_person_leads_there_and_asks_first(klaten, dates):
    office = client_of("moderator", klaten)
    mark(dates[0], SITI)
    mark(dates[1], BUDI, now=dates[1].start)
    page, address = (f"/ruang/orang/{SITI.key}/", f"/ruang/orang/{SITI.key}/pisah/{BUDI.key}/")
    asked = text_of(office.get(f"/ruang/orang/{SITI.key}/gabung/{BUDI.key}/"))
    assert f"{UNDO_DAYS} " in asked
    assert office.get(address).status_code == 404
    office.post(f"/ruang/orang/{SITI.key}/gabung/{BUDI.key}/")
    assert f'href="{address}"' in text_of(office.get(page))
    assert "Sitti" in text_of(office.get(address))
    assert Participant.objects.known().count() == 1
    for _n in range(2):
        assert office.post(address)["Location"] == page
    assert Participant.objects.known().count() == 2
    assert f'href="{address}"' not in text_of(office.get(page))
    assert client_of("kader", klaten).post(address).status_code == 403
    assert client_of("moderator", make_district("sleman")).post(address).status_code == 404


def test_the_page_says_why_it_is_too_late(klaten, dates):
    office = client_of("moderator", klaten)
    mark(dates[0], SITI)
    mark(dates[0], BUDI)
    merge(SITI, BUDI, office.user, now=START)
    address = f"/ruang/orang/{SITI.key}/pisah/{BUDI.key}/"
    assert office.get(address).status_code == 404
    refused = office.post(address)
    assert (refused.status_code, 'id="periksa"' in text_of(refused)) == (410, True)


def test_the_page_takes_the_same_queries_for_one_and_for_three_merges(klaten, dates):
    office, page = client_of("moderator", klaten), f"/ruang/orang/{SITI.key}/"
    mark(dates[0], SITI)
    office.get(page)
    counts = []
    for number in (1, 2):
        for n in range(number):
            who = person(f"Budi {'ABC'[number + n - 1]}")
            mark(dates[0], who)
            office.post(f"{page}gabung/{who.key}/")
        with CaptureQueriesContext(connection) as seen:
            office.get(page)
        counts.append(len(seen))
    assert counts[0] == counts[1]
