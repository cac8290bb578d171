"""A series that is parted while its change waits: each part has its own dates, whatever comes next.

No date goes from one event to another but where a series is parted, and none of those that somebody
registered for or came to is lost.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations
from random import Random

import pytest
from django.core import mail
from django.test import Client
from django.utils.dateparse import parse_datetime

from events import reminder_mail
from events.models import STANDING, Attendance, Event, EventState, Occurrence, Registration
from events.recurrence import BadRule, expand
from events.services import moving, planning
from events.services.bookkeeping import NotPossible
from events.stood import waits_again
from tests.events.read_back import body_of, dates_of, our_dates
from tests.factories import changing
from tests.factories.attendance import make_age_groups, mark, person
from tests.factories.changing import edited
from tests.factories.events import NOW, START, make_event
from tests.factories.joining import date_of, make_open_event, register
from tests.factories.people import make_member
from tests.factories.planning import client_of, fields_of

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEKLY = "FREQ=WEEKLY;BYDAY=TH;COUNT={}"
approved = partial(changing.approved, now=NOW + 9 * MINUTE)
cancelled = partial(changing.cancelled, now=NOW + 9 * MINUTE)


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def office(klaten):
    return make_member("moderator", klaten)


def series(klaten, kader, number: int = 4, **changed) -> Event:
    company = planning.Company(speakers=[{"name": "Bidan Contoh"}])
    return make_open_event(
        klaten, proposer=kader.user, seats=None, rrule=WEEKLY.format(number), company=company,
        **changed,
    )  # fmt: skip


def owners() -> dict[int, int]:
    """Date → event."""
    return dict(Occurrence.objects.values_list("pk", "event"))


def days_of(event) -> list[str]:
    return [f"{row.start:%m-%d %H}" for row in event.occurrences.order_by("start")]


def test_who_cancels_one_part_leaves_the_other_its_dates(klaten, kader):
    """As the forms do it."""
    first = datetime(2026, 12, 10, 2, tzinfo=UTC)
    event = make_event(klaten, proposer=kader.user, rrule=WEEKLY.format(4), starts_at=first)
    path = f"/ruang/kalender/{event.pk}/ubah/"
    kader.post(path, fields_of(kader.get(path).context["form"]) | {"title": "Lain"})
    path += f"?sejak={date_of(event, 2).pk}"
    kader.post(path, fields_of(kader.get(path).context["form"]) | {"hour": "10:00"})
    rest = Event.objects.exclude(pk=event.pk).get()
    answer = kader.post(
        f"/ruang/kalender/{rest.pk}/batal/", {"version": rest.version, "note": "Banjir"}
    )
    assert answer.status_code == 303
    event.refresh_from_db()
    rest.refresh_from_db()
    assert (event.state, days_of(event)) == (EventState.PROPOSED, ["12-10 02", "12-17 02"])
    # The dates of it that were approved are told as off, at the hour that was.
    assert (rest.state, days_of(rest)) == (EventState.CANCELLED, ["12-24 02", "12-31 02"])
    assert (rest.title, rest.starts_at, rest.rrule) == (
        "Mengasuh tanpa kekerasan", first + 14 * DAY, WEEKLY.format(2),
    )  # fmt: skip
    assert kader.get(f"/ruang/kalender/{event.pk}/undangan/").status_code == 200


def test_an_invitation_to_what_has_no_date_is_not_found(klaten, kader):
    event = make_event(klaten, proposer=kader.user)
    event.occurrences.all().delete()
    assert kader.get(f"/ruang/kalender/{event.pk}/undangan/").status_code == 404


@pytest.mark.parametrize("first_cancelled", [0, 1])
def test_nobody_else_is_told_off_a_date(klaten, kader, office, first_cancelled):
    event = series(klaten, kader)
    mine = [register(date_of(event, n), email=f"orang{n}@contoh.invalid") for n in range(4)]
    reminder_mail.send_due(NOW)
    edited(event, title="Lain")
    rest = edited(event, since=date_of(event, 2), title="Lain lagi")
    mail.outbox.clear()
    before = owners()
    parts = (event, rest)
    cancelled(parts[first_cancelled])
    reminder_mail.send_due(NOW + 10 * MINUTE)
    told = sorted(message.to[0][5] for message in mail.outbox)
    assert told == (["2", "3"] if first_cancelled else ["0", "1"])
    other = approved(parts[1 - first_cancelled], office)
    assert owners() == before
    assert [one.status for one in dates_of(feed())].count("CONFIRMED") == 2
    assert [one.occurrence_id for one in Registration.objects.order_by("pk")] == [
        one.occurrence_id for one in mine
    ]
    # The rule of each goes as far as its dates.
    for part in (*parts, other):
        part.refresh_from_db()
        starts = expand(part.rrule, start=part.starts_at, tz=part.timezone)
        assert starts == [row.recurrence_id for row in part.occurrences.order_by("start")]


def test_a_part_keeps_the_speakers_that_were_approved(klaten, kader):
    event = series(klaten, kader)
    edited(event, title="Lain")
    rest = edited(event, since=date_of(event, 2), title="Lain lagi")
    for part in (event, rest):
        assert list(cancelled(part).speakers.values_list("name", flat=True)) == ["Bidan Contoh"]


def test_an_address_says_no_word_that_nobody_approved(klaten, kader):
    event = series(klaten, kader)
    edited(event, title="Belum dibaca")
    rest = edited(event, since=date_of(event, 2), title="Belum dibaca pula")
    assert rest.slug.startswith("mengasuh-tanpa-kekerasan-")


def test_a_part_of_new_dates_alone_never_stood(klaten, kader):
    event = series(klaten, kader, 2)
    edited(event, rrule=WEEKLY.format(4))
    rest = edited(event, since=date_of(event, 2), title="Lain lagi")
    assert (rest.stood, rest.occurrences.count()) == (None, 2)
    rest = cancelled(rest)
    assert (rest.state, rest.is_public, rest.title) == (EventState.CANCELLED, False, "Lain lagi")
    assert days_of(cancelled(event)) == ["03-12 02", "03-19 02"]


def test_a_date_that_crosses_the_border_stays_with_its_series(klaten, kader, office):
    event = series(klaten, kader)
    edited(event, title="Lain")
    event.refresh_from_db()
    moved = date_of(event, 1)
    moving.move_date(
        occurrence=moved, actor=office, version=event.version, start=START + 30 * DAY, minutes=90,
        now=NOW + 2 * MINUTE,
    )  # fmt: skip
    third = event.occurrences.get(recurrence_id=START + 14 * DAY)
    rest = edited(event, since=third, title="Lain lagi")
    assert days_of(cancelled(rest)) == ["03-26 02", "04-02 02"]
    assert days_of(cancelled(event)) == ["03-12 02", "04-11 02"]
    moved.refresh_from_db()
    assert (moved.event_id, moved.is_moved) == (event.pk, True)


def test_a_date_that_the_change_left_out_comes_back_in_one_part(klaten, kader):
    event = series(klaten, kader, 6)
    edited(event, rrule=WEEKLY.format(4))
    rest = edited(event, since=date_of(event, 2), title="Lain lagi")
    for _twice in range(2):
        assert days_of(event) == ["03-12 02", "03-19 02"]
        if rest.state != EventState.CANCELLED:
            rest = cancelled(rest)
    assert days_of(rest) == ["03-26 02", "04-02 02", "04-09 02", "04-16 02"]
    assert rest.rrule == WEEKLY.format(4)


def test_what_was_parted_when_both_parts_kept_all_that_stood_takes_nothing_either(klaten, kader):
    event = series(klaten, kader)
    whole = edited(event, title="Lain").stood
    rest = edited(event, since=date_of(event, 2), title="Lain lagi")
    Event.objects.update(stood=whole)
    before = owners()
    for part in (rest, event):
        cancelled(part)
        assert owners() == before
    told = [one for event in Event.objects.all() for one in our_dates(event)]
    assert dates_of(feed()) == sorted(told)


def test_dates_that_passed_while_a_change_waited_stay_where_they_were_held(klaten, kader):
    make_age_groups()
    event = series(klaten, kader, 2)
    edited(event, starts_at=START + HOUR)
    event.refresh_from_db()
    moving.move_date(
        occurrence=date_of(event), actor=kader.user, version=event.version, minutes=90,
        start=START + HOUR, title="Belum dibaca", now=NOW + 2 * MINUTE,
    )  # fmt: skip
    mark(date_of(event), person(), now=START + 2 * HOUR)
    event = cancelled(event, now=START + 20 * DAY)
    assert date_of(event).title == ""
    assert (event.state, days_of(event)) == (EventState.PUBLISHED, ["03-12 03", "03-19 03"])
    assert dates_of(feed()) == our_dates(event)


def test_a_day_that_was_given_to_another_date_stays_where_it_was_held(klaten, kader):
    make_age_groups()
    event = make_event(klaten, proposer=kader.user)
    old = date_of(event)
    edited(event, starts_at=START + 7 * DAY)
    edited(event, starts_at=START, rrule=WEEKLY.format(2))
    held = date_of(event)
    assert held.pk != old.pk
    mark(held, person(), now=START)
    event = cancelled(event, now=START + DAY)
    assert event.state == EventState.PUBLISHED
    assert list(event.occurrences.order_by("start").values_list("pk", "is_cancelled")) == [
        (held.pk, False),
        (old.pk, True),
    ]


def feed() -> bytes:
    return body_of(Client(SERVER_NAME="klaten.localhost").get("/kalender.ics"))


# Every order, and any.


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_parts_are_decided_in_any_order(klaten, kader, office, order):
    event = series(klaten, kader, 6)
    for number in range(6):
        register(date_of(event, number))
    stood = days_of(event)
    edited(event, starts_at=START + HOUR)
    rest = edited(event, since=date_of(event, 2), title="Bagian kedua")
    last = edited(rest, since=date_of(rest, 2), title="Bagian ketiga")
    parts, before = [event, rest, last], owners()
    for turn, number in enumerate(order):
        (approved(parts[number], office) if turn == 1 else cancelled(parts[number]))
        assert owners() == before
    for part in parts:
        part.refresh_from_db()
    found = [day for part in parts for day in days_of(part)]
    new = days_of(parts[order[1]])
    assert [day for day in found if day not in new] == [
        day for number, day in enumerate(stood) if number // 2 != order[1]
    ]
    assert all(day.endswith("03") for day in new)
    assert Registration.objects.count() == 6


class Life:
    """A series and its parts, to which one thing happens after the other."""

    def __init__(self, klaten, kader, office, seed: int):
        self.draw, self.office, self.now = Random(seed), office, NOW
        number, begins = self.draw.randrange(2, 7), self.draw.choice([START, NOW - 8 * DAY])
        rule = self.draw.choice(["FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY"])
        self.event = make_open_event(
            klaten, proposer=kader.user, seats=None, starts_at=begins, now=NOW - 20 * DAY,
            rrule=f"{rule};COUNT={number}", extra=self.draw.choice([(), (START + 5 * HOUR,)]),
        )  # fmt: skip
        self.event_zone, self.told, self.was_approved = self.event.timezone, [seed], False
        self.keys = set(self.event.occurrences.values_list("key", flat=True))
        for row in self.event.occurrences.filter(start__gt=NOW):
            if self.draw.random() < 0.6:
                register(row)
        self.registered = set(Registration.objects.values_list("pk", "occurrence"))
        edited(self.event, title="Lain", now=NOW)

    def act(self) -> None:
        acts = (self.edit, self.edit, self.part, self.part, self.part, self.move, self.off)
        act = self.draw.choice((*acts, self.on, self.add, self.mark, self.wait, self.decide))
        event = self.draw.choice(list(Event.objects.exclude(state=EventState.CANCELLED)) or [None])
        if event is None:
            return
        self.told.append((act.__name__, event.pk))
        self.now += MINUTE
        before, known = owners(), set(Event.objects.values_list("pk", flat=True))
        try:
            act(event)
        except (NotPossible, BadRule):
            self.told[-1] += ("refused",)
        self.check(before, known)

    def check(self, before: dict[int, int], known: set[int]) -> None:
        after = owners()
        moved = {after[pk] for pk in before.keys() & after.keys() if after[pk] != before[pk]}
        # Only a new part takes dates.
        assert not moved & known, self.told
        assert set(Registration.objects.values_list("pk", "occurrence")) == self.registered
        assert set(Attendance.objects.values_list("occurrence", flat=True)) <= after.keys()
        stood: list[int] = []
        for event in Event.objects.all():
            assert event.pk in after.values(), self.told
            rows = event.occurrences.filter(is_extra=False)
            if event.state in STANDING or event.state == EventState.CANCELLED:
                starts = set(expand(event.rrule, start=event.starts_at, tz=event.timezone))
                assert {row.recurrence_id for row in rows} <= starts, self.told
            if not waits_again(event):
                continue
            told = event.stood
            mine = [one["pk"] for one in told["dates"]]
            assert {after.get(pk, event.pk) for pk in mine} == {event.pk}, self.told
            stood += mine
            begins = parse_datetime(told["starts_at"])
            starts = set(expand(told["rrule"], start=begins, tz=told["timezone"]))
            ruled = [one["recurrence_id"] for one in told["dates"] if not one["is_extra"]]
            assert {parse_datetime(one) for one in ruled} <= starts, self.told
        assert len(stood) == len(set(stood)), self.told

    def edit(self, event: Event) -> None:
        values = self.draw.choice(
            [
                {"title": f"Judul {self.draw.randrange(9)}"},
                {"starts_at": event.starts_at + self.draw.choice([-3, 1, 2, 24, 72]) * HOUR},
                {"rrule": f"FREQ=DAILY;COUNT={self.draw.randrange(2, 8)}"},
                {"rrule": f"FREQ=WEEKLY;COUNT={self.draw.randrange(2, 8)}"},
                {"rrule": ""},
                {"venue": "Pendopo", "minutes": 60},
            ]
        )
        actor = self.draw.choice([self.office, None, None])
        edited(event, now=self.now, actor=actor, **values)

    def part(self, event: Event) -> None:
        rows = list(event.occurrences.filter(is_extra=False).order_by("recurrence_id")[1:])
        if not rows:
            return
        since = self.draw.choice(rows)
        hours = self.draw.choice([0, 1, 30])
        edited(event, since=since, now=self.now, starts_at=since.recurrence_id + hours * HOUR)

    def move(self, event: Event) -> None:
        row = self._date(event)
        start = row.start + self.draw.choice([-200, -26, -1, 1, 26, 200]) * HOUR
        title = self.draw.choice(["", "Judul hari ini"])
        moving.move_date(
            occurrence=row, actor=event.proposed_by, version=event.version, start=start,
            minutes=90, title=title, now=self.now,
        )  # fmt: skip

    def off(self, event: Event) -> None:
        moving.cancel_date(
            occurrence=self._date(event), actor=self.office, version=event.version, note="",
            now=self.now,
        )  # fmt: skip

    def on(self, event: Event) -> None:
        if row := event.occurrences.filter(is_cancelled=True).first():
            moving.restore_date(
                occurrence=row, actor=self.office, version=event.version, now=self.now
            )

    def add(self, event: Event) -> None:
        start = self._date(event).start + self.draw.choice([2, 26, 100]) * HOUR
        moving.add_date(
            event=event, actor=event.proposed_by, version=event.version, start=start, now=self.now
        )

    def mark(self, event: Event) -> None:
        row = event.occurrences.filter(start__lte=self.now, is_cancelled=False).last()
        if row is not None:
            mark(row, person(), now=self.now)

    def wait(self, event: Event) -> None:
        self.now += self.draw.choice([1, 4, 8]) * DAY

    def decide(self, event: Event) -> None:
        if self.draw.random() < 0.5:
            self.was_approved = True
            approved(event, self.office, now=self.now)
        else:
            cancelled(event, now=self.now)

    def end(self) -> None:
        """Every part is cancelled, in any order."""
        rest = list(Event.objects.exclude(state=EventState.CANCELLED))
        self.draw.shuffle(rest)
        for event in rest:
            self.told.append(("end", event.pk))
            before = owners()
            cancelled(event, now=self.now)
            self.check(before, set(Event.objects.values_list("pk", flat=True)))
        found = set(Occurrence.objects.values_list("key", flat=True))
        assert self.was_approved or self.keys <= found or self.now > NOW + DAY, self.told
        public = [event for event in Event.objects.all() if event.is_public]
        ours = [date for event in public for date in our_dates(event)]
        assert dates_of(feed()) == sorted(ours), self.told

    def _date(self, event: Event) -> Occurrence:
        return self.draw.choice(list(event.occurrences.order_by("start")))


@pytest.mark.parametrize("seed", range(12))
def test_no_date_ever_changes_its_event(klaten, kader, office, seed):
    make_age_groups()
    live(klaten, kader, office, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 160))
def test_so_it_is_in_many_more_lives(klaten, kader, office, seed):
    make_age_groups()
    live(klaten, kader, office, seed)


def live(klaten, kader, office, seed: int) -> None:
    life = Life(klaten, kader, office, seed)
    for _act in range(10):
        life.act()
    life.end()
