"""Histories of series drawn by a seed, played through the services, and written down on paper.

The paper is what somebody would keep who writes each change down: it expands rules with `dateutil`,
a zone is so many hours, and which date becomes which is said in plain loops.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dateutil.rrule import rrulestr

from districts.models import District
from events.forms.room.prefill import as_whole
from events.ical import plain
from events.models import Event, Occurrence
from events.services import moving, planning
from tests.events.read_back import Date
from tests.events.read_pages import Seen
from tests.factories.events import NOW, event_values, make_event
from tests.factories.people import make_member

# Hours before UTC; Indonesia knows no summer time.
ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# A quarter of them on the other side of some midnight.
HOURS = (
    time(0, 30),
    time(6, 15),
    time(9, 0),
    time(13, 0),
    time(15, 30),
    time(22, 15),
    time(23, 30),
)
LENGTHS = (45, 90, 240)
TITLES = (
    "Mengasuh tanpa kekerasan",
    "Kelas ayah, tahap 2; lanjut",
    "Aman \U0001f331\u2028di rumah",
)


@dataclass
class Line:
    """One date on paper: where the rule put it, where it is, and what is said of it alone."""

    planned: datetime
    start: datetime
    minutes: int
    off: bool = False
    title: str = ""
    is_extra: bool = False
    touched: bool = False


@dataclass
class Series:
    """A series on paper. `starts` are all that its rule gives, whether they have a line or not."""

    event: int
    zone: str
    rule: str
    starts: list[datetime]
    lines: list[Line]
    minutes: int = 90
    title: str = TITLES[0]

    @property
    def ruled(self) -> list[Line]:
        return [line for line in self.lines if not line.is_extra]

    @property
    def only(self) -> Line | None:
        """The date of what does not repeat."""
        ruled = self.ruled
        return ruled[0] if not self.rule and len(ruled) == 1 else None

    def stays(self, form: "Form") -> bool:
        """Whether a form leaves the only date where it stands."""
        line = self.only
        same = (form.zone, form.rule, form.minutes) == (self.zone, "", line.minutes)
        return same and form.starts == [line.start]

    def clashes_with(self, form: "Form") -> bool:
        """Whether the only date would become the plan where an added one was planned."""
        line = self.only
        added = {other.planned for other in self.lines if other is not line}
        return bool(line) and not self.stays(form) and line.start in added

    def settle(self, form: "Form") -> None:
        """Of what does not repeat the date is the plan, where a form changes it."""
        line = self.only
        if line is None:
            return
        line.title = ""
        if self.stays(form):
            form.wall, form.minutes = wall_of(line.planned, self.zone), self.minutes
        else:
            line.planned, self.starts, self.minutes = line.start, [line.start], line.minutes

    @property
    def seen(self) -> list[Seen]:
        """The same as a month shows it, in the zone of the series."""
        return [
            Seen(
                wall_of(line.start, self.zone).date(),
                f"{wall_of(line.start, self.zone):%H.%M} {NAMES[self.zone]}",
                plain(line.title or self.title),
                "Dibatalkan" if line.off else "Dipindah" if line.start != line.planned else "",
            )
            for line in self.lines
        ]

    @property
    def spans(self) -> list[tuple[date, date]]:
        """First and last day of each; what ends at midnight belongs to the day before."""
        edges = [
            (line.start, line.start + timedelta(minutes=line.minutes, seconds=-1))
            for line in self.lines
        ]
        return [tuple(wall_of(edge, self.zone).date() for edge in both) for both in edges]

    @property
    def shown(self) -> list[Date]:
        return [
            Date(
                line.start,
                line.start + timedelta(minutes=line.minutes),
                "CANCELLED" if line.off else "CONFIRMED",
                plain(line.title or self.title),
            )
            for line in self.lines
        ]


@dataclass
class Form:
    """What a form says of a series, or of the rest of one."""

    wall: datetime
    zone: str
    rule: str
    number: int
    minutes: int
    title: str
    until: bool = False

    @property
    def starts(self) -> list[datetime]:
        return expanded(self.rule, self.wall, self.number, self.zone)

    @property
    def rrule(self) -> str:
        if not self.rule:
            return ""
        last = wall_of(self.starts[-1], self.zone)
        return (
            f"{self.rule};UNTIL={last:%Y%m%d}" if self.until else f"{self.rule};COUNT={self.number}"
        )


def utc_of(wall: datetime, zone: str) -> datetime:
    return (wall - timedelta(hours=ZONES[zone])).replace(tzinfo=UTC)


def wall_of(moment: datetime, zone: str) -> datetime:
    return (moment + timedelta(hours=ZONES[zone])).replace(tzinfo=None)


def expanded(rule: str, wall: datetime, number: int, zone: str) -> list[datetime]:
    found = rrulestr(f"{rule};COUNT={number}", dtstart=wall) if rule else [wall]
    return [utc_of(one, zone) for one in found]


def rules_from(day: date) -> list[str]:
    """Ways to repeat that begin on this day."""
    name, later = (WEEKDAYS[(day.weekday() + n) % 7] for n in (0, 2))
    return [
        *("", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", f"FREQ=DAILY;BYDAY={name},{later}"),
        *(f"FREQ=WEEKLY;BYDAY={name}", f"FREQ=WEEKLY;INTERVAL=2;BYDAY={name},{later}"),
        *(f"FREQ=MONTHLY;BYDAY={(day.day + 6) // 7}{name}", f"FREQ=MONTHLY;BYMONTHDAY={day.day}"),
        # Not every reader takes this one: its dates are told one by one.
        f"FREQ=DAILY;BYMONTH={day.month},{day.month % 12 + 1}",
    ]


class History:
    """One series and what became of it; `told` are the moves, for whoever looks for a fault."""

    def __init__(self, district: District, office, seed: int):
        self.draw, self.district, self.office = Random(seed), district, office
        self.told: list[tuple] = [("seed", seed)]
        day = date(2026, 3, 16) + timedelta(days=self.draw.randrange(20))
        form = self._form(day, self.draw.choice(list(ZONES)))
        event = make_event(district, proposer=office[0], approver=office[1], **self._values(form))
        self.series = [
            Series(
                event.pk,
                form.zone,
                form.rule,
                form.starts,
                [Line(start, start, form.minutes) for start in form.starts],
                form.minutes,
                form.title,
            )
        ]

    @property
    def shown(self) -> list[Date]:
        return sorted(date for series in self.series for date in series.shown)

    def play(self, moves: int) -> "History":
        acts = (self.edit, self.edit, self.edit, self.move, self.cancel, self.add, self.restore)
        for _move in range(moves):
            self.draw.choice((*acts, self.remove))(self.draw.choice(self.series))
        return self

    # One date.

    def move(self, series: Series) -> None:
        line = self.draw.choice(series.lines)
        start = line.start + timedelta(hours=self.draw.choice([-26, -3, -1, 1, 2, 15, 48]))
        minutes, title = self.draw.choice(LENGTHS), self.draw.choice(("", *TITLES))
        values = {"start": start, "minutes": minutes, "title": title}
        moving.move_date(**self._of(series, line, "move", values), **values)
        line.start, line.minutes, line.title = start, minutes, title
        line.off, line.touched = False, True

    def cancel(self, series: Series) -> None:
        if standing := [line for line in series.lines if not line.off]:
            line = self.draw.choice(standing)
            moving.cancel_date(**self._of(series, line, "cancel"), note="Banjir")
            line.off = line.touched = True

    def restore(self, series: Series) -> None:
        if cancelled := [line for line in series.lines if line.off]:
            line = self.draw.choice(cancelled)
            moving.restore_date(**self._of(series, line, "restore"))
            line.off, line.touched = False, True

    def remove(self, series: Series) -> None:
        if len(series.lines) > 1:
            line = self.draw.choice(series.lines)
            moving.remove_date(**self._of(series, line, "remove"))
            series.lines.remove(line)

    def add(self, series: Series) -> None:
        start = self.draw.choice(series.lines).planned + timedelta(
            hours=self.draw.choice([-26, -3, 1, 24, 100])
        )
        if start not in {line.planned for line in series.lines}:
            event = Event.objects.get(pk=series.event)
            self.told.append(("add", series.event, start))
            moving.add_date(
                event=event, actor=self.office[1], version=event.version, start=start, now=NOW
            )
            series.lines.append(Line(start, start, series.minutes, is_extra=True))

    def _of(self, series: Series, line: Line, name: str, values: dict | None = None) -> dict:
        self.told.append((name, series.event, line.planned, values))
        row = self._row(series, line)
        return {
            "occurrence": row,
            "actor": self.office[1],
            "version": row.event.version,
            "now": NOW,
        }

    def _row(self, series: Series, line: Line) -> Occurrence:
        rows = Occurrence.objects.select_related("event")
        return rows.get(event=series.event, recurrence_id=line.planned)

    # All of them, or this one and the following.

    def edit(self, series: Series) -> None:
        since = None
        if series.rule and series.ruled and self.draw.random() < 0.5:
            since = self.draw.choice(series.ruled)
        at = since.planned if since else series.starts[0]
        form = self._changed(series, at, only=series.only if since is None else None)
        if series.clashes_with(form):
            return
        event = Event.objects.get(pk=series.event)
        values = event_values(self.district, **self._values(form))
        row = self._row(series, since) if since else None
        self.told.append(("edit", series.event, row and since.planned, form, form.rrule))
        after = planning.edit(
            event=event,
            actor=self.office[1],
            version=event.version,
            values=as_whole(event, row, values) if row else values,
            since=row,
            now=NOW,
        )
        if at > series.starts[0] and any(line.planned < at for line in series.lines):
            assert after.pk != event.pk
            series = self._cut(series, at, after.pk)
        assert after.pk == series.event
        if since is None:
            series.settle(form)
        self._write(series, form, at)

    def _cut(self, series: Series, at: datetime, event: int) -> Series:
        rest = Series(
            event,
            series.zone,
            series.rule,
            [start for start in series.starts if start >= at],
            [line for line in series.lines if line.planned >= at],
            series.minutes,
        )
        series.starts = [start for start in series.starts if start < at]
        series.lines = [line for line in series.lines if line.planned < at]
        if len(series.starts) == 1:
            series.rule = ""
        self.series.append(rest)
        return rest

    def _changed(self, series: Series, at: datetime, only: Line | None) -> Form:
        """A form as it opens, with something changed in it; an `only` date opens as it stands."""
        wall = wall_of(only.start if only else at, series.zone)
        number = sum(start >= at for start in series.starts)
        minutes, title = only.minutes if only else series.minutes, only and only.title
        form = Form(wall, series.zone, series.rule, number, minutes, title or series.title)
        what = self.draw.choice(["rule", "time", "zone", "words", "all"])
        if what == "rule":
            day = wall.date() + timedelta(days=self.draw.randrange(-2, 5))
            form.wall = datetime.combine(day, wall.time())
            form.rule = self.draw.choice(rules_from(day))
            form.number = self.draw.randrange(2, 7) if form.rule else 1
        elif what == "time":
            form.wall = datetime.combine(wall.date(), self.draw.choice(HOURS))
            form.minutes = self.draw.choice(LENGTHS)
        elif what == "zone":
            form.zone = self.draw.choice(list(ZONES))
        elif what == "words":
            form.title = self.draw.choice(TITLES)
        else:
            form = self._form(
                wall.date() + timedelta(days=self.draw.randrange(3)),
                self.draw.choice(list(ZONES)),
            )
        form.until = self.draw.random() < 0.3
        return form

    def _form(self, day: date, zone: str) -> Form:
        rule = self.draw.choice(rules_from(day))
        number = self.draw.randrange(2, 7) if rule else 1
        wall = datetime.combine(day, self.draw.choice(HOURS))
        title, minutes = self.draw.choice(TITLES), self.draw.choice(LENGTHS)
        return Form(wall, zone, rule, number, minutes, title, self.draw.random() < 0.3)

    def _values(self, form: Form) -> dict:
        return {
            "starts_at": utc_of(form.wall, form.zone),
            "timezone": form.zone,
            "rrule": form.rrule,
            "minutes": form.minutes,
            "title": form.title,
        }

    def _write(self, series: Series, form: Form, at: datetime) -> None:
        """What a new schedule makes of the lines; those that were left out stay out."""
        places: list[Line | datetime] = [
            start
            for start in series.starts
            if start >= at and start not in {line.planned for line in series.lines}
        ]
        places += series.ruled
        places.sort(key=_planned)
        extras = [line for line in series.lines if line.is_extra]
        free = [start for start in form.starts if start not in {line.planned for line in extras}]
        pairs = []

        def day(moment: datetime, zone: str) -> date:
            return wall_of(moment, zone).date()

        for alike in (
            lambda place, start: _planned(place) == start,
            lambda place, start: day(_planned(place), series.zone) == day(start, form.zone),
            lambda place, start: True,
        ):
            for place in list(places):
                start = next((one for one in free if alike(place, one)), None)
                if start is not None:
                    pairs.append((place, start))
                    places.remove(place)
                    free.remove(start)
        if not free and not extras and not any(isinstance(place, Line) for place, _start in pairs):
            # Nothing but dates that were left out: whoever writes that wants them after all.
            pairs, free = [], list(form.starts)
        for line, start in pairs:
            if isinstance(line, Line):
                if line.start == line.planned:
                    line.start = start
                line.planned = start
                if line.minutes == series.minutes:
                    line.minutes = form.minutes
        for line in extras:
            if line.minutes == series.minutes and not line.touched:
                line.minutes = form.minutes
        for line in places:
            if isinstance(line, Line):
                if line.off:
                    line.is_extra = True
                else:
                    series.lines.remove(line)
        series.lines += [Line(start, start, form.minutes) for start in free]
        series.zone, series.rule, series.starts = form.zone, form.rule, form.starts
        series.minutes, series.title = form.minutes, form.title


def _planned(place: Line | datetime) -> datetime:
    return place.planned if isinstance(place, Line) else place


def played(district: District, *, seed: int, number: int, moves: int) -> list[History]:
    """So many histories of one office, one seed after another."""
    office = [make_member("editor", district), make_member("admin", district)]
    return [History(district, office, seed + n).play(moves) for n in range(number)]
