"""What a session looks like as text: folded, escaped, growing, and nothing slips in (S-17)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from districts.models import Organisation, Region
from events import ical
from events.models import Event, FeedEntry
from events.services import deciding, moving, planning
from tests.events.read_back import calendar_of, dates_of, our_dates
from tests.factories.events import NOW, START, make_event, make_terms
from tests.factories.people import make_member
from tests.factories.places import make_district

WEEKLY = "FREQ=WEEKLY;COUNT=4;BYDAY=TH"
EVIL = (
    "a\r\nX-EVIL:1",
    "a\nBEGIN:VEVENT\nEND:VEVENT",
    "a\rSTATUS:CANCELLED",
    "a\u2028X-EVIL:1\u2029X-EVIL:2",
    "a\x85X-EVIL:1\x0bX-EVIL:2\x0cX-EVIL:3\x1eX-EVIL:4",
    "a\r\n X-EVIL:1",
    "a\\nX-EVIL:1\\",
    'a";X-EVIL=1:b,c;d',
    "👩‍👩‍👧‍👦" * 30,
    "é" * 200,
    "x" * 10_000,
    "-" * 74 + "\u2028",
    "\ufeffa\u202eb",
)


@pytest.fixture
def klaten(db):
    make_terms()
    return make_district("klaten")


def properties(event: Event) -> list[str]:
    """The names of all lines of the stored entry, unfolded as RFC 5545 section 3.1 says."""
    body = FeedEntry.objects.get(event=event).body
    lines = body.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    return [line.partition(":")[0].partition(";")[0] for line in lines]


def unsaved(**values) -> Event:
    """An event that no database has seen, with one place's words."""
    return Event(
        uid="a@klaten.localhost",
        state="terbit",
        starts_at=START,
        minutes=90,
        timezone="Asia/Jakarta",
        created_at=NOW,
        modified_at=NOW,
        **values,
    )


def told(text: str) -> ical.Told:
    return ical.Told(text, text, "https://klaten.localhost/kalender/a/", (text, "b"), text)


def test_a_line_is_75_octets_and_no_letter_is_cut(klaten):
    make_event(klaten, title="Ngobrol " + "é🌱" * 60, summary="kata " * 380)
    for line in FeedEntry.objects.get().body.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@pytest.mark.parametrize("text", EVIL)
def test_no_field_makes_a_new_property(klaten, text):
    plain = make_event(klaten, latitude=Decimal("-7.7"), longitude=Decimal("110.6"))
    event = make_event(
        klaten,
        title=text[:160],
        summary=text[:2_000],
        venue=text[:160],
        latitude=Decimal("-7.7"),
        longitude=Decimal("110.6"),
    )
    assert properties(event) == properties(plain)
    one = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert str(one["SUMMARY"]) == ical.plain(text[:160])
    assert str(one["DESCRIPTION"]) == ical.plain(text[:2_000])


def test_nor_does_a_field_of_one_date(klaten):
    event = make_event(klaten, rrule=WEEKLY)
    row = event.occurrences.first()
    office = make_member("admin", klaten)
    held = {"actor": office, "start": row.start, "minutes": 90, "now": NOW}
    names = set()
    for text in ("a", *EVIL):
        event.refresh_from_db()
        moving.move_date(
            occurrence=row,
            version=event.version,
            title=text[:160],
            venue=text[:160],
            note=text[:200],
            **held,
        )
        names.add(tuple(properties(event)))
    assert len(names) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
@example("\r\n\r\nEND:VCALENDAR")
def test_any_text_is_read_back_as_one_property(text):
    event = unsaved()
    row = ical.Occurrence(
        event=event, recurrence_id=START, start=START, end=START + timedelta(minutes=90)
    )
    component = ical.components(event, [row], told(text))[0].to_ical()
    again = Calendar.from_ical(b"BEGIN:VEVENT\r\n" + component.split(b"\r\n", 1)[1])
    assert str(again["SUMMARY"]) == str(again.get("LOCATION") or "") == ical.plain(text)
    assert [str(one) for one in again["CATEGORIES"].cats] == [ical.plain(text), "b"]
    assert all(len(line) <= 75 for line in component.split(b"\r\n"))


def test_versions_grow_with_every_change(klaten):
    event, seen = make_event(klaten, rrule=WEEKLY), []
    office = make_member("admin", klaten)

    def note() -> None:
        event.refresh_from_db()
        ones = Calendar.from_ical(calendar_of(event)).events
        seen.append({(int(one["SEQUENCE"]), one["LAST-MODIFIED"].dt) for one in ones})
        assert len(seen[-1]) == 1

    note()
    row = event.occurrences.first()
    # The clock of the machine stands still, and once goes back.
    moving.cancel_date(occurrence=row, actor=office, version=event.version, note="Banjir", now=NOW)
    note()
    back = NOW - timedelta(days=2)
    moving.restore_date(occurrence=row, actor=office, version=event.version, now=back)
    note()
    planning.edit(
        event=event, actor=office, version=event.version, values={"title": "Baru"}, now=back
    )
    note()
    pairs = [one for versions in seen for one in versions]
    assert pairs == sorted(set(pairs))


def test_names_of_the_standard_say_where_and_what_kind(klaten):
    event = make_event(klaten, latitude=Decimal("-7.7"), longitude=Decimal("110.6"))
    one = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert one["GEO"].to_ical() == "-7.7;110.6"
    assert [str(name) for name in one["CATEGORIES"].cats] == [
        *("Sosialisasi", "Kekerasan terhadap anak", "Umum")
    ]
    assert one["URL"] == f"{klaten.site.root_url}/kalender/{event.slug}/"
    assert one["DTSTART"].to_ical() == b"20260312T090000"
    assert one["DTSTART"].params["TZID"] == "Asia/Jakarta"
    assert one["DTSTAMP"].dt.tzinfo is not None
    assert "@klaten.localhost" in one["UID"]
    assert ":" not in one["UID"]


def test_a_date_that_is_elsewhere_has_not_the_place_of_the_series(klaten):
    event = make_event(klaten, rrule=WEEKLY, latitude=Decimal("-7.7"), longitude=Decimal("110.6"))
    row = event.occurrences.first()
    moving.move_date(
        occurrence=row,
        actor=make_member("admin", klaten),
        version=event.version,
        start=row.start,
        minutes=90,
        venue="Pendopo",
        now=NOW,
    )
    master, override = Calendar.from_ical(calendar_of(event)).events
    assert (master["LOCATION"][:10], override["LOCATION"]) == ("Balai Desa", "Pendopo")
    assert ("GEO" in master, "GEO" in override) == (True, False)


def test_the_same_wall_time_in_two_zones_is_an_hour_apart(klaten):
    belu = make_district("belu")
    west = make_event(klaten)
    east = make_event(belu, starts_at=START - timedelta(hours=1))
    texts = [calendar_of(event) for event in (west, east)]
    assert ["20260312T090000" in text for text in texts] == [True, True]
    starts = [dates_of(text)[0].start for text in texts]
    assert starts[0] - starts[1] == timedelta(hours=1)
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Makassar" in texts[1]


@pytest.mark.parametrize("hour", [16, 17, 18])
def test_around_midnight_the_day_is_that_of_the_place(klaten, hour):
    start = datetime(2026, 3, 11, hour, tzinfo=UTC)
    event = make_event(klaten, starts_at=start, minutes=60, rrule="FREQ=DAILY;COUNT=3")
    assert dates_of(calendar_of(event)) == our_dates(event)
    row = event.occurrences.first()
    assert (row.day.day, row.last_day.day) == ((11, 11) if hour == 16 else (12, 12))


def test_a_first_date_that_was_left_out_is_not_told_as_an_exception(klaten):
    event = make_event(klaten, rrule=WEEKLY)
    office, rows = make_member("admin", klaten), list(event.occurrences.all())
    for version, row in enumerate((rows[0], rows[2])):
        moving.remove_date(occurrence=row, actor=office, version=event.version + version, now=NOW)
    master = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert master["DTSTART"].dt == rows[1].start
    assert master["RRULE"]["COUNT"] == [3]
    assert master["EXDATE"].params["TZID"] == "Asia/Jakarta"
    assert dates_of(calendar_of(event)) == our_dates(event)


def test_a_date_of_its_own_is_an_event_of_its_own(klaten):
    event = make_event(klaten, rrule=WEEKLY, extra=[START + timedelta(days=1)])
    text = calendar_of(event)
    assert "RDATE" not in text
    assert len(Calendar.from_ical(text).events) == 2
    assert dates_of(text) == our_dates(event)


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYMONTHDAY=11,12;BYSETPOS=-1;COUNT=3", "FREQ=DAILY;BYMONTH=3;COUNT=5"]
)
def test_a_rule_that_readers_read_differently_is_told_date_by_date(klaten, rule):
    event = make_event(klaten, rrule=rule)
    assert "RRULE" not in calendar_of(event)
    assert dates_of(calendar_of(event)) == our_dates(event)


def test_until_is_told_in_utc(klaten):
    event = make_event(klaten, rrule="FREQ=WEEKLY;BYDAY=TH;UNTIL=20260326")
    assert "UNTIL=20260326T165959Z" in calendar_of(event)
    assert len(dates_of(calendar_of(event))) == 3


def test_a_cancelled_session_says_why_and_frees_the_time(klaten):
    event = make_event(klaten, rrule=WEEKLY)
    deciding.cancel(
        event=event, actor=event.proposed_by, version=event.version, note="Wabah", now=NOW
    )
    one = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert (one["STATUS"], one["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert one["DESCRIPTION"].startswith("Wabah\n")


def test_the_organiser_is_named_by_its_name_alone(klaten):
    group = Organisation.objects.create(district=klaten, name="Puskesmas Delanggu", kind="lainnya")
    event = make_event(klaten, organiser=group)
    one = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert one["DESCRIPTION"] == "Bersama bidan desa.\n\nPenyelenggara: Puskesmas Delanggu"
    assert not {"ORGANIZER", "ATTENDEE", "CONTACT"} & set(one)


@pytest.mark.parametrize(
    ("accent", "name"), [("#008080", "teal"), ("#1f5a5e", "darkslategray"), ("#ff0001", "red")]
)
def test_the_colour_has_the_name_that_is_nearest(accent, name):
    assert ical.colour_name(accent) == name


def test_a_guarded_date_is_a_whole_day_of_the_place(klaten):
    place = Region.objects.get(code="33.10.05.2001")
    event = make_event(
        klaten, title="SMPN 1", issue_codes=["ekstremisme"], audience_codes=["guru"], region=place
    )
    one = next(iter(Calendar.from_ical(calendar_of(event)).events))
    assert one["DTSTART"].dt.isoformat() == "2026-03-12"
    assert one["DTEND"].dt.isoformat() == "2026-03-13"
    assert one["LOCATION"] == "Kecamatan Kecamatan 05"
    # Neither for whom it is nor about what.
    assert one["CATEGORIES"].cats == ["Sosialisasi"]
    entry = FeedEntry.objects.get()
    assert (entry.timezone, entry.facets) == ("", "|jenis:sosialisasi|kec:33.10.05|")
    assert sorted(one) == [
        *("CATEGORIES", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "LOCATION"),
        *("SEQUENCE", "STATUS", "SUMMARY", "TRANSP", "UID", "URL"),
    ]
