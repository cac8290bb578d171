"""Who came, by name: one row a person and date, whatever is told in what order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from events.models import Attendance, CalendarSettings, Occurrence, Participant
from events.services import attending
from events.services.attending import Source
from events.services.office import save_settings
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import allow_minors, make_date, mark, person, source_of
from tests.factories.events import START
from tests.factories.people import make_member
from tests.factories.places import make_district

pytestmark = pytest.mark.django_db
NIK = "3310054508900003"


@pytest.fixture
def klaten():
    return make_district("klaten")


@pytest.fixture
def meeting(klaten):
    return make_date(klaten)


def test_somebody_comes_once_however_often_it_is_told(meeting):
    who = person(phone="0812 3456 7890")
    key = uuid4()
    first = mark(meeting, who, key=key)
    again = mark(meeting, who, key=key)
    other = mark(meeting, who, way="pindai", now=START + timedelta(minutes=1))
    assert (first.status, first.http, first.response["already"]) == ("created", 201, False)
    assert (again.status, again.http) == ("already", 200)
    assert (other.status, other.http) == ("already", 200)
    row = Attendance.objects.select_related("participant").get()
    assert (row.status, row.way, row.key) == ("hadir", "panggil", key)
    assert (row.participant.name, row.participant.phone) == ("Siti Aminah", "+6281234567890")
    assert row.participant.keep_until == date(2027, 3, 12)
    # Facts name nobody.
    assert "Siti" not in str(list(Fact.objects.values_list("body", flat=True)))


def test_another_body_under_the_same_key_is_refused(meeting):
    who, key = person(), uuid4()
    mark(meeting, who, key=key)
    other = mark(meeting, who, "izin", key=key)
    assert (other.status, other.http) == ("conflict", 422)
    assert Attendance.objects.get().status == "hadir"


@pytest.mark.parametrize(
    ("status", "http"), [("terlambat", 201), ("izin", 201), ("batal", 422), ("datang", 422)]
)
def test_statuses_that_may_be_marked(meeting, status, http):
    assert mark(meeting, person(), status).http == http
    kept = Attendance.objects.values_list("status", flat=True)
    assert list(kept) == ([status] if http == 201 else [])


@pytest.mark.parametrize("field", ["name", "phone", "organisation_name", "position", "consent"])
def test_identity_numbers_are_refused_wherever_they_are_typed(meeting, field):
    name = NIK if field == "name" else "Siti"
    wrong = mark(meeting, person(name, **({} if field == "name" else {field: NIK})))
    assert (wrong.status, wrong.http) == ("rejected", 422)
    assert "NIK" in wrong.reason
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"sex": "X"}, "(L)"),
        ({"age_group": "99"}, "umur"),
        ({"age_group": ""}, "umur"),
        ({"phone": "12"}, "telepon"),
        ({"disability": True}, "isab"),
        ({"region": "99.99"}, ""),
        ({"organisation": 77_777}, ""),
        ({"name": "..."}, ""),
        ({"name": "a" * 200}, "120"),
    ],
)
def test_what_does_not_fit_a_person_is_refused(meeting, changed, word):
    name = changed.pop("name", "Siti")
    wrong = mark(meeting, person(name, **changed))
    assert (wrong.status, wrong.http) == ("rejected", 422)
    assert wrong.reason
    assert not Participant.objects.exists()


def test_an_organisation_of_another_office_is_unknown(meeting):
    from districts.models import Organisation

    lebak = make_district("lebak")
    theirs = Organisation.objects.create(district=lebak, name="Dinas", kind="dinas")
    assert mark(meeting, person(organisation=theirs.pk)).http == 422


def test_marks_that_turn_the_writing_are_taken_out(meeting):
    mark(meeting, person("Siti \u202eAminah\u200b\n "))
    assert Participant.objects.get().name == "Siti Aminah"


def test_a_child_is_named_only_with_consent_where_the_office_allows_it(klaten, meeting):
    child = person("Budi", sex="L", age_group="13-17", consent="Map 3/2026")
    refused = mark(meeting, child)
    assert (refused.status, refused.http) == ("rejected", 422)
    assert refused.reason == "Persetujuan orang tua/wali belum tercatat."
    allow_minors(klaten)
    assert mark(meeting, replace(child, consent="")).http == 422
    assert mark(meeting, replace(child, phone="081234567890")).http == 422
    assert mark(meeting, child).http == 201
    row = Participant.objects.get()
    # The school year ends in July.
    assert (row.is_minor, row.consent, row.keep_until) == (True, "Map 3/2026", date(2026, 7, 15))
    CalendarSettings.objects.update(names_minors=False)
    assert mark(meeting, person("", key=row.key, sex="", age_group="")).http == 422


def test_the_latest_correction_holds_and_leaves_an_audit_line(klaten, meeting):
    who, source = person(), source_of(klaten)
    mark(meeting, who)
    late, early = START + timedelta(minutes=9), START + timedelta(minutes=3)
    told = {"occurrence": meeting, "person": who, "source": source, "now": START}
    izin = attending.correct(**told, status="izin", key=uuid4(), client_time=late)
    sakit = attending.correct(**told, status="sakit", key=uuid4(), client_time=early)
    assert (izin.response["applied"], sakit.response["applied"]) == (True, False)
    # The door does not undo what somebody corrected.
    assert mark(meeting, who, client_time=late + timedelta(hours=1)).response["status"] == "izin"
    row = Attendance.objects.get()
    assert (row.status, row.recorded_by) == ("izin", source.member)
    lines = AuditEntry.objects.filter(verb="attendance.corrected").order_by("pk")
    assert [(a.details["before"], a.details["after"]) for a in lines] == [
        ("hadir", "izin"),
        ("izin", "sakit"),
    ]
    undone = attending.correct(
        **told, status="batal", key=uuid4(), client_time=late + timedelta(minutes=1)
    )
    assert undone.http == 201
    assert not Attendance.objects.standing().exists()


def test_a_correction_told_live_holds_over_a_clock_that_is_ahead(klaten, meeting):
    who, ahead = person(), START + timedelta(hours=20)
    mark(meeting, who)
    told = {"occurrence": meeting, "person": who, "source": source_of(klaten), "now": START}
    attending.correct(**told, status="izin", key=uuid4(), client_time=ahead)
    key = uuid4()
    live = attending.correct(**told, status="sakit", key=key)
    assert live.response["applied"] is True
    row = Attendance.objects.get()
    assert (row.status, row.key) == ("sakit", key)
    assert row.told_at == ahead + timedelta(microseconds=1)
    # Told again it is a repeat; a queue that is late stays late.
    assert attending.correct(**told, status="sakit", key=key).response == live.response
    queued = told | {"source": Source(is_queued=True)}
    late = attending.correct(**queued, status="hadir", key=uuid4())
    assert (late.response["applied"], late.response["status"]) == (False, "sakit")
    # After the last moment of all calendars nothing comes, and the answer says so.
    last = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    Attendance.objects.update(told_at=last)
    assert attending.correct(**told, status="izin", key=uuid4()).response["applied"] is False


def test_somebody_who_came_is_not_absent_because_the_roll_call_did_not_see_them(meeting):
    who = person()
    mark(meeting, who, "tidak_hadir", client_time=START - timedelta(minutes=5))
    mark(meeting, who, "hadir", client_time=START)
    mark(meeting, who, "tidak_hadir", client_time=START + timedelta(minutes=5))
    assert Attendance.objects.get().status == "hadir"


def test_the_latest_words_about_a_person_hold(meeting):
    who = person("Siti Aminh")
    mark(meeting, replace(who, name="Siti Aminah"), client_time=START + timedelta(minutes=1))
    mark(meeting, who, client_time=START)
    assert Participant.objects.get().name == "Siti Aminah"


def test_a_closed_or_cancelled_session_takes_nothing(klaten, meeting):
    after = START + timedelta(days=31)
    assert mark(meeting, person(), now=START + timedelta(days=30)).http == 201
    closed = mark(meeting, person("Ani"), now=after)
    assert (closed.status, closed.http) == ("rejected", 409)
    admin = make_member("admin", klaten)
    save_settings(district=klaten, actor=admin, values={"corrects_days": 60})
    assert mark(meeting, person("Ani"), now=after).http == 201
    save_settings(district=klaten, actor=admin, values={"closed_until": date(2026, 3, 12)})
    assert mark(meeting, person("Ida"), now=START + timedelta(days=1)).http == 409
    Occurrence.objects.filter(pk=meeting.pk).update(is_cancelled=True)
    meeting.refresh_from_db(fields=["is_cancelled"])
    assert mark(meeting, person("Ida")).http == 409
    assert Attendance.objects.count() == 2


def test_a_queue_sets_aside_what_is_doubtful(meeting):
    queue = Source(is_queued=True, aside={"body": {"x": 1}})
    ahead = mark(
        meeting, person(), key=uuid4(), source=queue, client_time=START + timedelta(days=2)
    )
    unknown = mark(meeting, person("", sex="", age_group=""), source=queue)
    assert [ahead.status, unknown.status] == ["quarantined", "quarantined"]
    assert ahead.reason != unknown.reason
    assert {str(f.body) for f in Fact.objects.all()} == {"{'body': {'x': 1}}"}
    # Somebody who looked at it wants it recorded.
    insists = Source(is_queued=True, insists=True)
    told = mark(meeting, person(), source=insists, client_time=START + timedelta(days=2))
    assert told.http == 201


def test_clocks_are_both_kept_and_a_skew_is_flagged(meeting):
    mark(meeting, person(), client_time=START - timedelta(minutes=6))
    mark(meeting, person("Ani"), client_time=START - timedelta(minutes=4))
    rows = Attendance.objects.order_by("client_time")
    assert [(r.skewed, r.server_time) for r in rows] == [(True, START), (False, START)]


def test_a_person_nobody_told_of_is_unknown(meeting):
    stranger = person("", key=UUID(int=7), sex="", age_group="")
    assert mark(meeting, stranger).http == 404
    known = person()
    mark(meeting, known)
    other = make_date(make_district("lebak"))
    assert mark(other, person("", key=known.key, sex="", age_group="")).http == 404


def test_a_mark_costs_few_queries(meeting, django_assert_max_num_queries):
    who = person()
    mark(meeting, person("Ani"))
    with django_assert_max_num_queries(9):
        mark(meeting, who)
    known = person("", key=who.key, sex="", age_group="")
    with django_assert_max_num_queries(10):
        mark(meeting, known, "terlambat", now=START + timedelta(minutes=5))
