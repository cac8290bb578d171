"""A full calendar: thousands of events over a year, written by the thousand.

What services would write one by one is written here in bulk, feed entries included; a test compares
the two (`tests/events/test_public_many.py`). The same seed gives the same calendar, keys apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import translation
from icalendar import Event as VEvent
from icalendar import vRecur

from districts.models import District, Organisation, Region
from districts.terms import terms_of
from events.ical import hidden_id
from events.models import Event, EventState, FeedEntry, Occurrence
from events.recurrence import expand
from events.services.bookkeeping import count_days, facets_of, is_national
from events.services.dates import new_row, placed
from events.services.feed_entries import public_told
from safeguards import generation

AT_ONCE = 2_000
# Days before and after `today` on which events begin.
BACK, AHEAD = 120, 245
TITLES = (
    "Mengasuh tanpa kekerasan",
    "Aman di dunia maya",
    "Rapat koordinasi gugus tugas",
    "Cegah perkawinan anak",
    "Guru sebagai pendengar",
    "Posko aduan keliling",
    "Anak bicara, kita mendengar",
)
VENUES = ("Balai Desa", "Aula Kecamatan", "Pendopo Kabupaten", "Gedung Serbaguna")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Stock:
    """What the events of one office are made of."""

    district: District
    kinds: list[str]
    members: list[str]
    audiences: list[str]
    issues: list[str]
    regions: list[Region]
    organisers: list[Organisation]

    @classmethod
    def of(cls, district: District) -> "Stock":
        kinds = terms_of("event_type")
        return cls(
            district=District.objects.select_related("site").get(pk=district.pk),
            kinds=[term.code for term in kinds if not term.details.get("members")],
            members=[term.code for term in kinds if term.details.get("members")],
            audiences=[term.code for term in terms_of("audience")],
            issues=[
                term.code for term in terms_of("issue_area") if not term.details.get("sensitive")
            ],
            regions=list(
                Region.objects.filter(parent_id=district.region_id, level="kecamatan")
                if district.region_id
                else Region.objects.filter(level="kabupaten")
            ),
            organisers=list(
                Organisation.objects.for_district(district).filter(kind=Organisation.Kind.DINAS)
            ),
        )


def make_many(district: District, number: int, *, today: date, seed: int = 5) -> None:
    """Add `number` events to the office's calendar, about three dates to each.

    Two thirds are single dates, the rest weekly or monthly series; of a hundred, two are still
    proposals, two are cancelled, three stand in the national calendar and five are guarded. The
    vocabularies must be there.
    """
    begin, stock = Event.objects.for_district(district).count(), Stock.of(district)
    # Keys differ between offices, and between a first and a second thousand.
    rng = Random(f"{seed} {district.slug} {begin}")
    spans: list[tuple[date, date, bool]] = []
    with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        for first in range(begin, begin + number, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, begin + number))
            events = Event.objects.bulk_create([_event(n, stock, today, rng) for n in numbers])
            dates = [row for event in events for row in _dates(event, rng)]
            _insert(Occurrence, dates)
            by_event: dict[int, list[Occurrence]] = {}
            for row in dates:
                by_event.setdefault(row.event_id, []).append(row)
                if row.is_public:
                    spans.append((row.day, row.last_day, row.is_national))
            told = [_entry(event, by_event[event.pk]) for event in events if event.is_public]
            _insert(FeedEntry, told)
    if spans:
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        count_days(stock.district, [(low, high, any(span[2] for span in spans))])
    generation.bump("event")


def _insert(model: type[Model], rows: list[Model]) -> None:
    """`bulk_create` spends most of its time on asking fields what to do; these have plain ones."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns, slots = ", ".join(quote(f.column) for f in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({slots})",
            [[_stored(getattr(row, field.attname)) for field in fields] for row in rows],
        )


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _event(n: int, stock: Stock, today: date, rng: Random) -> Event:
    day = today + timedelta(days=rng.randint(-BACK, AHEAD))
    day -= timedelta(days=max(0, day.weekday() - rng.choice((4, 4, 4, 5, 6))))
    wall = datetime.combine(day, time(rng.randint(8, 15), rng.choice((0, 30))))
    zone = ZoneInfo(stock.district.timezone)
    made = datetime.combine(today, time(2), UTC) - timedelta(days=BACK + rng.randint(1, 60))
    guarded = bool(stock.members) and rng.random() < 0.05
    kind = rng.choice(stock.members if guarded else stock.kinds)
    state = rng.choices(
        (EventState.PUBLISHED, EventState.CANCELLED, EventState.PROPOSED), (96, 2, 2)
    )
    off, told = state[0] == EventState.CANCELLED, state[0] != EventState.PROPOSED
    key = UUID(int=rng.getrandbits(128), version=4)
    has_place = rng.random() < 0.3
    return Event(
        district=stock.district,
        key=key,
        uid=f"{key}@{stock.district.site.hostname}",
        slug=f"{kind[:12]}-{n}",
        state=state[0],
        kind=kind,
        title=f"{rng.choice(TITLES)} {n}",
        summary="Bersama bidan desa.",
        organiser=rng.choice(stock.organisers) if stock.organisers and not guarded else None,
        audience_codes=rng.sample(stock.audiences, min(len(stock.audiences), rng.randint(1, 2))),
        issue_codes=[rng.choice(stock.issues)],
        indicator_codes=[],
        region=rng.choice(stock.regions) if stock.regions else None,
        venue=rng.choice(VENUES),
        latitude=f"{rng.uniform(-9, 1):.5f}" if has_place else None,
        longitude=f"{rng.uniform(106, 125):.5f}" if has_place else None,
        starts_at=wall.replace(tzinfo=zone).astimezone(UTC),
        # Three in a hundred last over several days.
        minutes=3 * 1440 - 960 if rng.random() < 0.03 else rng.choice((60, 90, 120, 180)),
        timezone=stock.district.timezone,
        rrule=_rule(day, rng),
        guarded=guarded,
        is_national=not guarded and rng.random() < 0.03,
        created_at=made,
        modified_at=made,
        approved_at=made if told else None,
        published_at=made if told else None,
        cancelled_at=made if off else None,
        cancel_note="Aula dipakai" if off else "",
    )


def _rule(day: date, rng: Random) -> str:
    chance, weekday = rng.random(), WEEKDAYS[day.weekday()]
    if chance < 0.67:
        return ""
    if chance < 0.84 or day.day > 28:
        return f"FREQ=WEEKLY;BYDAY={weekday};COUNT={rng.randint(4, 10)}"
    return f"FREQ=MONTHLY;BYDAY={(day.day - 1) // 7 + 1}{weekday};COUNT={rng.randint(6, 12)}"


def _dates(event: Event, rng: Random) -> Iterator[Occurrence]:
    public, facets = event.is_public, facets_of(event)
    for start in expand(event.rrule, start=event.starts_at, tz=event.timezone):
        row = new_row(event, start)
        row.key = UUID(int=rng.getrandbits(128), version=4)
        row.is_public, row.facets = public, facets
        row.is_national = public and is_national(event)
        chance = rng.random()
        if event.rrule and chance < 0.04:
            row.changed_at = event.modified_at
            row.note = "Banjir" if chance < 0.02 else "Menunggu narasumber"
            row.is_cancelled = chance < 0.02
            if not row.is_cancelled:
                later = start + timedelta(days=1, hours=1)
                placed(row, start=later, minutes=event.minutes, tz=event.timezone)
        yield row


def _entry(event: Event, rows: list[Occurrence]) -> FeedEntry:
    told = public_told(event)
    flat = "".join(_component(event, row, told, uid=_own_uid(event, row)) for row in rows)
    body = flat
    if not event.guarded:
        changed = [_component(event, row, told, uid=event.uid, of=row) for row in rows]
        kept = [text for row, text in zip(rows, changed, strict=True) if row.is_changed]
        body = _component(event, None, told, uid=event.uid) + "".join(kept)
    return FeedEntry(
        district_id=event.district_id,
        event=event,
        is_national=is_national(event),
        facets=facets_of(event),
        timezone="" if event.guarded else event.timezone,
        last_day=max(row.last_day for row in rows),
        body=body,
        flat=flat,
        modified_at=event.modified_at,
    )


def _component(
    event: Event, row: Occurrence | None, told: Any, *, uid: str, of: Occurrence | None = None
) -> str:
    """One VEVENT in the order of lines that `icalendar` writes."""
    off = event.state == EventState.CANCELLED or (row is not None and row.is_cancelled)
    stamp = f"{event.modified_at:{STAMP}}"
    changed = row is not None and row.is_changed
    lines = [f"SUMMARY:{told.summary}".replace(",", "\\,")]
    if event.guarded:
        lines += [
            f"DTSTART;VALUE=DATE:{row.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{row.last_day + timedelta(days=1):%Y%m%d}",
        ]
    else:
        begin = row.start if row else event.starts_at
        lines += [
            f"DTSTART;{_wall(begin, event)}",
            f"DTEND;{_wall(row.end if row else begin + timedelta(minutes=event.minutes), event)}",
        ]
    lines += [f"DTSTAMP:{stamp}", f"UID:{uid}"]
    if of is not None:
        lines.append(f"RECURRENCE-ID;{_wall(of.recurrence_id, event)}")
    lines.append(f"SEQUENCE:{event.sequence}")
    if row is None and event.rrule:
        # The order of parts is the reader's own.
        lines.append(_line("rrule", event.rrule))
    lines.append(_line("categories", told.categories))
    if not event.guarded:
        lines.append(f"CREATED:{event.created_at:{STAMP}}")
        notes = [event.cancel_note, row.note if changed else "", told.description]
        lines.append(_line("description", "\n\n".join(filter(None, notes))))
        if event.latitude is not None:
            lines.append(f"GEO:{float(event.latitude)};{float(event.longitude)}")
    lines.append(f"LAST-MODIFIED:{stamp}")
    if told.location:
        lines.append(_line("location", told.location))
    lines += [
        f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}",
        f"TRANSP:{'TRANSPARENT' if off or event.guarded else 'OPAQUE'}",
        f"URL:{told.url}",
    ]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def _wall(moment: datetime, event: Event) -> str:
    return f"TZID={event.timezone}:{moment.astimezone(ZoneInfo(event.timezone)):%Y%m%dT%H%M%S}"


def _own_uid(event: Event, row: Occurrence) -> str:
    known = hidden_id(row.key) if event.guarded else row.key
    return f"{known}@{event.uid.partition('@')[2]}"


@cache
def _line(name: str, value: Any) -> str:
    """A property that many events share, escaped and folded by the library."""
    one = VEvent()
    one.add(name, vRecur.from_ical(value) if name == "rrule" else value)
    return one.to_ical().decode().split("BEGIN:VEVENT\r\n")[1].split("\r\nEND:VEVENT")[0]
