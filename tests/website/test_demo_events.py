"""The demo's calendar, planned through the services that real ones go through."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Q

from districts.models import District, Organisation, Region
from districts.services.regions import load_five_districts
from events.guarding import is_a_home
from events.models import (
    Attendance,
    CalendarDay,
    CalendarSettings,
    Event,
    EventChange,
    EventState,
    FeedEntry,
    Headcount,
    InvitedOrganisation,
    LocalDay,
    Occurrence,
    OrganisationAttendance,
    Participant,
    ReportFile,
    ReportState,
    SessionReport,
    Speaker,
    Status,
)
from safeguards import generation
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from website.demo import records
from website.demo.attendance import load_attendance
from website.demo.days import day_of, rule_of
from website.demo.events import entries, load_events
from website.demo.loader import set_ports
from website.demo.reports import load_reports
from website.demo.texts import read_data, read_site
from website.reference import load_reference, read_reference

pytestmark = pytest.mark.django_db
# A Wednesday, in Klaten at noon.
NOW = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
PUPILS = {"paud", "sd-mi", "smp-mts", "smk"}
TABLES = (Event, Occurrence, EventChange, FeedEntry, CalendarDay, Speaker, Organisation, LocalDay)


def rows() -> list[int]:
    return [model.objects.count() for model in TABLES]


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def offices(django_db_setup, django_db_blocker) -> Iterator[dict[str, District]]:
    """The demo's offices with all their sessions, planned once for these tests."""
    with django_db_blocker.unblock(), suppress(_Undo):
        around = transaction.atomic()
        # As Django marks its own: what must be durable may happen inside.
        around._from_testcase = True
        with around:
            found = _found_offices()
            organisations = records.load_organisations(found)
            assert load_events(found, organisations, now=NOW) == 191
            yield found
            raise _Undo
    generation.forget()


def _found_offices() -> dict[str, District]:
    """The demo's offices with its people, without its pages."""
    load_five_districts()
    load_reference()
    generation.forget()
    found = {"nasional": national()}
    for entry in read_data("districts")["districts"]:
        if entry["slug"] not in found:
            found[entry["slug"]] = make_district(entry["slug"])
    for entry in read_data("accounts")["accounts"]:
        if entry["role"] not in {"admin_nasional", "monev_nasional", "monev_provinsi"}:
            make_member(entry["role"], found[entry["district"]], email=entry["email"])
    administrator = {"email": "admin.nasional@contoh.invalid", "is_superuser": True}
    make_member("admin", found["nasional"], **administrator)
    return found


def test_a_year_of_sessions_over_all_offices(offices):
    assert Event.objects.count() == 191
    assert set(Event.objects.values_list("district__slug", flat=True)) == set(offices)
    kinds = {term["code"] for term in _terms("event_type")}
    assert set(Event.objects.values_list("kind", flat=True)) == kinds
    year = Occurrence.objects.filter(day__range=(date(2026, 7, 1), date(2027, 3, 31)))
    assert year.count() > 600
    assert year.filter(day__gt=NOW.date()).count() > 250


def test_two_persons_stand_behind_every_session(offices):
    trusted = Event.objects.filter(is_trusted=True)
    assert set(trusted.values_list("approved_by", flat=True)) == {None}
    waiting = Event.objects.filter(state__in=(EventState.PROPOSED, EventState.CHANGES))
    others = Event.objects.exclude(pk__in=trusted).exclude(pk__in=waiting)
    assert {event.proposed_by_id == event.approved_by_id for event in others} == {False}
    assert None not in {event.approved_by_id for event in others}


def test_every_state_is_there_in_every_district(offices):
    for slug, office in offices.items():
        states = set(Event.objects.for_district(office).values_list("state", flat=True))
        expected = set(EventState.values) if slug != "nasional" else {"usulan", "terbit"}
        assert states == expected, slug
    assert Occurrence.objects.filter(is_cancelled=True).exclude(note="").count() >= 10
    moved = [row for row in Occurrence.objects.filter(is_cancelled=False) if row.is_moved]
    assert len(moved) >= 8
    assert all(row.note for row in moved)


def test_all_twelve_kecamatan_of_belu_have_a_public_session(offices):
    shown = Occurrence.objects.for_district(offices["belu"]).shown()
    assert len(set(shown.values_list("event__region_id", flat=True)) & _kecamatan("53.04")) == 12


def test_the_five_meetings_are_on_their_days(offices):
    meetings = Event.objects.filter(title__startswith="Rapat koordinasi", rrule="")
    told = {
        (row.event.district.slug, row.day.isoformat(), row.event.venue)
        for row in Occurrence.objects.filter(event__in=meetings).select_related("event__district")
    }
    assert told == {
        ("klaten", "2025-11-25", "Aula DISSOSP3APPKB, Jalan Pemuda Selatan 151"),
        ("lebak", "2025-11-05", "Aula DP3AP2KB"),
        ("ppu", "2024-04-24", ""),
        ("belu", "2023-11-03", "Gedung Wanita Betelalenok, Atambua"),
        ("banjar", "2026-02-20", "Guest House Sultan Sulaiman, Martapura"),
    }
    assert {(event.state, event.guarded, event.is_national) for event in meetings} == {
        ("terbit", False, True)
    }
    assert InvitedOrganisation.objects.filter(event__in=meetings).count() == 34
    assert set(meetings.get(district__slug="klaten").indicator_codes) == {"21", "22", "23", "24"}


def test_nobody_is_named_whom_the_press_did_not_name(offices):
    named = {"Chairur Rozikin", "Agustinus Taolin", "Kanya Eka Santi", "H. Ikhwansyah"}
    named |= {"Andrian Anwary"}
    offices = {"Kepala", "Konselor", "Psikolog", "Jaksa", "Perwakilan"}
    for name in Speaker.objects.values_list("name", flat=True):
        assert name.partition(",")[0] in named or name.split()[0] in offices, name


def test_no_home_is_told(offices):
    told = Event.objects.values_list("venue", "address")
    assert [texts for texts in told if is_a_home(" ".join(texts))] == []
    assert set(Event.objects.filter(is_home=True).values_list("venue", flat=True)) == {""}


def test_a_proposal_waits_on_a_holiday_and_another_one_at_a_taken_place(offices):
    waiting = Event.objects.filter(state=EventState.PROPOSED)
    assert {event.starts_at.date() for event in waiting if "libur" in event.title} == {
        date(2026, 12, 25)
    }
    klaten = Occurrence.objects.filter(event__in=waiting, event__venue="Pendapa Kecamatan Cawas")
    same_day = [row for row in klaten if row.day == date(2026, 12, 16)]
    assert len(same_day) == 2
    assert same_day[0].start < same_day[1].start < same_day[0].end


def test_only_where_the_office_says_so_are_members_days_public(offices):
    public = Event.objects.public().filter(kind__in=("posyandu", "pertemuan-pkk", "sesi-kelas"))
    assert set(public.values_list("district__slug", flat=True)) == {"belu"}
    assert {event.guarded for event in public} == {True}
    assert CalendarSettings.objects.count() == 1


def test_lists_and_feeds_tell_what_the_dates_tell(offices):
    assert set(FeedEntry.objects.values_list("event_id", flat=True)) == set(
        Event.objects.public().values_list("pk", flat=True)
    )
    day = Occurrence.objects.shown().filter(event__district__slug="belu").first()
    counted = CalendarDay.objects.for_district(day.district).get(day=day.day)
    assert counted.number == (
        Occurrence.objects.for_district(day.district)
        .shown()
        .filter(day__lte=day.day, last_day__gte=day.day)
        .count()
    )


def test_another_port_stands_in_the_feeds(offices):
    set_ports(8123)
    body = FeedEntry.objects.filter(district=offices["belu"]).first().body
    assert ":8123/kalender/" in body.replace("\r\n ", "")


def test_loading_again_changes_nothing(offices):
    before = rows()
    organisations = records.load_organisations(offices)
    assert load_events(offices, organisations, now=NOW + timedelta(days=3)) == 0
    assert rows() == before


def test_what_somebody_changed_stays_changed(offices):
    Event.objects.filter(title__startswith="Posyandu").update(title="Posyandu baru")
    LocalDay.objects.exclude(district=offices["belu"]).delete()
    load_events(offices, records.load_organisations(offices), now=NOW)
    assert (
        Event.objects.filter(title__startswith="Posyandu").exclude(title="Posyandu baru").count()
        == 0
    )
    assert LocalDay.objects.count() == 1


def test_past_sessions_say_who_came_and_no_child_has_a_name(offices):
    dates = load_attendance(now=NOW)
    rows = (Headcount, Attendance, OrganisationAttendance)
    before = [model.objects.count() for model in rows]
    assert load_attendance(now=NOW) == 0
    assert [model.objects.count() for model in rows] == before
    told = Q(headcounts__isnull=False) | Q(attendance__isnull=False)
    assert Occurrence.objects.filter(told).distinct().count() == dates > 250
    assert set(Attendance.objects.values_list("status", flat=True)) == set(Status.values) - {
        Status.UNDONE,
        Status.ILL,
    }
    assert not Participant.objects.filter(is_minor=True).exists()
    assert set(OrganisationAttendance.objects.values_list("came", flat=True)) == {True, False}
    quiet = Occurrence.objects.filter(end__range=(NOW - timedelta(hours=20), NOW))
    assert not quiet.filter(told).exists()


def test_past_sessions_have_reports_in_every_state(offices):
    written = load_reports(now=NOW)
    assert load_reports(now=NOW) == 0
    reports = SessionReport.objects.all()
    assert reports.count() == written
    for office in offices.values():
        if not office.is_national:
            assert set(reports.filter(district=office).values_list("state", flat=True)) >= {
                ReportState.ACCEPTED
            }
    assert set(reports.values_list("state", flat=True)) == set(ReportState.values)
    past = Occurrence.objects.filter(end__lt=NOW - timedelta(days=1), is_cancelled=False)
    assert past.filter(reports__isnull=True, start__gt=NOW - timedelta(days=60)).exists()
    assert not reports.filter(minutes_html="").exists()
    shown = ReportFile.objects.values_list("shows_child_face", flat=True)
    assert set(shown) == {True, False}


@pytest.mark.parametrize("later", range(7))
def test_no_class_meets_on_a_sunday_whenever_the_demo_is_set_up(later):
    told, today = read_data("events"), NOW.date() + timedelta(days=later)
    first = {
        entry["id"]: day_of(entry["when"], today=today, holidays=told["holidays"])
        for entry in entries(told["sets"])
        if entry["kind"] == "sesi-kelas" or PUPILS & set(entry.get("audience") or ())
    }
    # Dates that follow are a week, a month or a day apart.
    assert {name for name, day in first.items() if day.weekday() == 6} == set()
    assert len(first) > 40


def test_every_office_has_a_calendar_page_in_both_languages():
    for entry in read_data("districts")["districts"]:
        pages = [text for text in read_site(entry["slug"]) if text.slug_path == "kalender"]
        assert [(text.language, text.meta["type"]) for text in pages] == [
            ("id", "calendar"),
            ("en", "calendar"),
        ]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ({"date": date(2025, 11, 25)}, date(2025, 11, 25)),
        ({"days": -4}, date(2026, 11, 21)),
        # No class meets on a Sunday.
        ({"days": -3}, date(2026, 11, 23)),
        ({"days": 4}, date(2026, 11, 30)),
        ({"weeks": 1, "day": "selasa"}, date(2026, 12, 1)),
        ({"weeks": -1, "day": "minggu"}, date(2026, 11, 22)),
        # Christmas; then New Year's Day.
        ({"weeks": 4, "day": "jumat"}, date(2027, 1, 8)),
        ({"month": -11, "week": 2, "day": "kamis"}, date(2025, 12, 11)),
        ({"month": 0, "week": 5, "day": "senin"}, date(2026, 11, 30)),
        ({"month": 1, "week": 5, "day": "senin"}, date(2026, 12, 28)),
        ({"yearly": "07-23"}, date(2026, 7, 23)),
        ({"yearly": "01-05"}, date(2027, 1, 5)),
        ({"holiday": 1}, date(2026, 12, 25)),
        ({"holiday": 2}, date(2027, 1, 1)),
    ],
)
def test_a_day_is_counted_from_today(when, day):
    holidays = read_data("events")["holidays"]
    assert day_of(when, today=NOW.date(), holidays=holidays) == day


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        (None, ""),
        ({"months": 12}, "FREQ=MONTHLY;BYDAY=2TH;COUNT=12"),
        ({"quarters": 4}, "FREQ=MONTHLY;BYDAY=2TH;INTERVAL=3;COUNT=4"),
        ({"weeks": 6}, "FREQ=WEEKLY;BYDAY=TH;COUNT=6"),
        ({"days": 2}, "FREQ=DAILY;COUNT=2"),
    ],
)
def test_a_repetition_is_a_rule(repeat, rule):
    assert rule_of(repeat, date(2026, 12, 10)) == rule


def _terms(vocabulary: str) -> list[dict]:
    every = read_reference("vocabularies")
    return next(one["terms"] for one in every if one["code"] == vocabulary)


def _kecamatan(district: str) -> set[str]:
    return set(Region.objects.filter(parent_id=district).values_list("code", flat=True))
