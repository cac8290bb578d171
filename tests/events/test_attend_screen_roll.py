"""`…/hadir/panggil/`: a tap a person, all at once, somebody new, corrections with a reason."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from events.attendance.order import CORRECTED
from events.models import Attendance, Occurrence, Participant, Status
from events.services.office import save_settings
from events.services.participants import no_consent
from safeguards.models import AuditEntry, Fact
from tests.factories.attendance import allow_minors, mark, person
from tests.factories.attending import held_now, key_of, known, put_together, walk_in, weekly
from tests.factories.forms import opened_of
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
NIK = "3310014507900001"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


def path(row, rest: str = "panggil/") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/{rest}"


def tap(client, row, person_key, status="hadir", *, key=None, json=True, **more):
    headers = {"Accept": "application/json"} if json else {}
    form = {"key": str(key or uuid4()), "tandai": f"{person_key}:{status}"} | more
    return client.post(path(row), form, headers=headers)


def test_weeks_ahead_the_roll_says_when_it_begins(klaten, kader):
    row = weekly(klaten, people=3, proposer=kader.user)
    begins = timezone.now() + timedelta(days=20)
    Occurrence.objects.filter(pk=row.pk).update(start=begins, end=begins + timedelta(hours=1))
    page = text_of(kader.get(path(row)))
    assert ("Kegiatan ini baru berlangsung" in page, 'value="semua"' in page) == (True, False)
    assert tap(kader, row, key_of("Peserta 01")).status_code == 409
    assert tap(kader, row, key_of("Peserta 01"), "izin").status_code == 201
    assert row.attendance.get().status == "izin"


def test_last_sessions_people_are_suggested_and_written_down_with_a_tap(klaten, kader):
    row = weekly(klaten, people=3, proposer=kader.user)
    page = kader.get(path(row))
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert [name in text_of(page) for name in ("Peserta 00", "Peserta 02")] == [True, True]
    assert row.attendance.count() == 0
    who, key = key_of("Peserta 01"), uuid4()
    answer = tap(kader, row, who, key=key)
    assert (answer.status_code, answer.json()["status"]) == (201, "hadir")
    # The same tap again, and another tap that says the same: nothing twice.
    assert tap(kader, row, who, key=key).status_code == 200
    assert tap(kader, row, who).status_code == 200
    [known] = row.attendance.all()
    assert (known.way, known.recorded_by, known.participant.key) == ("panggil", kader.user, who)
    # Undo, and another way of being there.
    assert tap(kader, row, who, "batal").json()["status"] == "batal"
    assert tap(kader, row, who, "terlambat").json()["status"] == "terlambat"
    assert [r.status for r in row.attendance.standing()] == ["terlambat"]
    assert AuditEntry.objects.filter(verb="attendance.corrected").count() == 2


def test_another_phone_is_told_what_holds_and_only_when_it_changed(klaten, kader):
    row = weekly(klaten, people=3, proposer=kader.user)
    here, gone = key_of("Peserta 00"), key_of("Peserta 01")
    state = f"{path(row)}keadaan.json"
    assert f'data-state="{state}"' in text_of(kader.get(path(row)))
    first = kader.get(state)
    assert (first.status_code, first.json()) == (200, {"people": {}, "merged": {}})
    tap(kader, row, here)
    tap(kader, row, gone)
    tap(kader, row, gone, "batal")
    told = kader.get(state, headers={"If-None-Match": first["ETag"]})
    assert told.json()["people"] == {str(here): "hadir", str(gone): ""}
    same = kader.get(state, headers={"If-None-Match": told["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", told["ETag"])
    assert {one["Cache-Control"] for one in (first, told, same)} == {"private, no-store"}
    assert "Peserta" not in text_of(told)
    # For those who may write there.
    assert client_of("kader", klaten).get(state).status_code == 403
    assert client_of("moderator", make_district("sleman")).get(state).status_code == 404
    assert kader.post(state).status_code == 405


def test_what_holds_takes_the_same_queries_for_one_and_for_three(klaten, kader):
    row, counts = held_now(klaten, proposer=kader.user), []
    kader.get(f"{path(row)}keadaan.json")
    for names in (("Ani",), ("Budi", "Cici")):
        for name in names:
            kader.post(path(row), walk_in(name=name))
        with CaptureQueriesContext(connection) as seen:
            assert len(kader.get(f"{path(row)}keadaan.json").json()["people"]) in {1, 3}
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_another_phone_is_told_as_whom_somebody_is_known_since_a_merge(klaten, kader):
    row, state = weekly(klaten, people=4, proposer=kader.user), "panggil/keadaan.json"
    first, second, stays, another = (key_of(f"Peserta {number:02}") for number in range(4))
    tap(kader, row, first)
    before = kader.get(path(row, state))
    with CaptureQueriesContext(connection) as few:
        kader.get(path(row, state))
    put_together(klaten, first, second)
    put_together(klaten, second, stays)
    with CaptureQueriesContext(connection) as many:
        told = kader.get(path(row, state), headers={"If-None-Match": before["ETag"]}).json()
    assert told["people"] == {str(stays): "hadir"}
    assert told["merged"] == {str(first): str(stays), str(second): str(stays)}
    assert len(few) == len(many)
    # Of those who are not on this roll nothing is said.
    put_together(klaten, another, known(klaten, "Ibu Lain"))
    assert kader.get(path(row, state)).json() == told


def test_a_closed_roll_call_looks_for_nothing(klaten, kader):
    row = weekly(klaten, people=1, proposer=kader.user)
    row.event.occurrences.filter(pk=row.pk).update(is_cancelled=True)
    page = text_of(kader.get(path(row)))
    assert ("data-roll=" in page, "data-state=" in page) == (True, False)


def test_without_a_script_a_tap_is_a_form(klaten, kader):
    row = weekly(klaten, people=1, proposer=kader.user)
    who = key_of("Peserta 00")
    answer = tap(kader, row, who, "izin", json=False)
    assert (answer.status_code, answer["Location"]) == (303, f"{path(row)}#orang-{who}")
    assert [r.status for r in row.attendance.all()] == ["izin"]
    # A page by the day of the date is the same.
    day = kader.get(f"/ruang/kalender/{row.event_id}/{row.day:%Y-%m-%d}/hadir/panggil/")
    assert 'data-status="izin"' in text_of(day)


def test_all_at_once_leaves_out_whom_something_was_said_of_and_can_be_taken_back(klaten, kader):
    row = weekly(klaten, people=4, proposer=kader.user)
    tap(kader, row, key_of("Peserta 00"), "sakit")
    key = str(uuid4())
    answer = kader.post(path(row), {"key": key, "do": "semua"})
    assert (answer.status_code, answer["Location"]) == (303, f"{path(row)}?semua={key}")
    assert sorted(r.status for r in row.attendance.all()) == ["hadir", "hadir", "hadir", "sakit"]
    # Sent twice, it is done once.
    facts = Fact.objects.count()
    kader.post(path(row), {"key": key, "do": "semua"})
    assert Fact.objects.count() == facts
    page = kader.get(answer["Location"])
    assert f'name="semua" value="{key}"' in text_of(page)
    tap(kader, row, key_of("Peserta 01"), "terlambat")
    undo = {"key": str(uuid4()), "do": "batal-semua", "semua": key}
    assert kader.post(path(row), undo).status_code == 303
    # What was said since stays.
    assert sorted(r.status for r in row.attendance.standing()) == ["sakit", "terlambat"]
    again = kader.post(path(row), undo)
    assert (again.status_code, row.attendance.standing().count()) == (409, 2)


def test_somebody_new_is_added_once(klaten, kader):
    row = held_now(klaten, proposer=kader.user)
    form = walk_in(organisation_name="PKK Desa", phone="0812 3456 7890", position="Ketua")
    answer = kader.post(path(row), form)
    assert (answer.status_code, answer["Location"]) == (303, f"{path(row)}#tambah")
    kader.post(path(row), form)
    [who] = Participant.objects.all()
    assert (who.name, who.organisation_name, who.phone) == (
        "Siti Aminah",
        "PKK Desa",
        "+6281234567890",
    )
    assert [(r.status, r.way) for r in row.attendance.all()] == [("hadir", "panggil")]


def test_somebody_with_a_name_that_is_known_is_asked_of_a_human(klaten, kader):
    known(klaten, organisation_name="PKK")
    row = held_now(klaten, proposer=kader.user)
    form = walk_in(name="Ibu Siti Amina")
    page = kader.post(path(row), form)
    assert page.status_code == 200
    assert f'value="{key_of("Siti Aminah")}">Siti Aminah, PKK' in text_of(page)
    assert row.attendance.count() == 0
    one = {"do": "dikenal", "key": str(uuid4()), "orang": str(key_of("Siti Aminah"))}
    assert kader.post(path(row), one).status_code == 303
    assert kader.post(path(row), form | {"baru": "ya"}).status_code == 303
    assert sorted(r.participant.name for r in row.attendance.all()) == [
        "Ibu Siti Amina",
        "Siti Aminah",
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": NIK}, "NIK"),
        ({"name": f"Siti {NIK}"}, "NIK"),
        ({"phone": NIK}, "NIK"),
        ({"name": "12 34"}, "l-error"),
        ({"name": ""}, "l-error"),
        ({"name": "x" * 121}, "l-error"),
        ({"sex": "X"}, "l-error"),
        ({"age_group": "99"}, "l-error"),
        ({"disability": "ya"}, "l-error"),
        ({"key": "bukan"}, "l-bad"),
        ({"person_key": "bukan"}, "l-bad"),
    ],
)
def test_what_may_not_be_written_down_is_refused_and_kept_in_the_form(
    klaten, kader, changed, words
):
    row = held_now(klaten, proposer=kader.user)
    answer = kader.post(path(row), walk_in(organisation_name="Kantor Camat", **changed))
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "key" not in changed:
        assert 'value="Kantor Camat"' in text_of(answer)
    assert (Participant.objects.count(), Attendance.objects.count()) == (0, 0)


def test_a_childs_name_needs_an_office_that_allows_it_and_the_guardians_consent(klaten, kader):
    row = held_now(klaten, proposer=kader.user)
    refused = kader.post(path(row), walk_in(age_group="13-17", guardian="Map 3"))
    assert refused.status_code == 422
    assert escape(no_consent().reason) in text_of(refused)
    allow_minors(klaten)
    without = kader.post(path(row), walk_in(age_group="13-17", guardian=""))
    assert without.status_code == 422
    assert escape(no_consent().reason) in text_of(without)
    assert not Participant.objects.exists()
    assert kader.post(path(row), walk_in(age_group="13-17", guardian="Map 3")).status_code == 303
    assert Participant.objects.get().consent == "Map 3"
    # Who is known by name is no longer called once the office stops that.
    save_settings(
        district=klaten, actor=make_member("admin", klaten), values={"names_minors": False}
    )
    other = held_now(klaten, proposer=kader.user, title="Lain")
    again = tap(kader, other, Participant.objects.get().key)
    assert (again.status_code, other.attendance.count()) == (422, 0)


def test_hidden_signs_are_left_out(klaten, kader):
    row = held_now(klaten, proposer=kader.user)
    kader.post(path(row), walk_in(name="Siti\u202e \u200bAminah"))
    assert Participant.objects.get().name == "Siti Aminah"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"tandai": "bukan:hadir"}, 422),
        ({"tandai": f"{uuid4()}:hadir"}, 404),
        ({"tandai": f"{uuid4()}:lulus"}, 422),
        ({"do": "terbang"}, 400),
        ({"do": "dikenal", "orang": "x"}, 422),
        ({"do": "batal-semua", "semua": "x"}, 409),
        ({"key": "", "do": "semua"}, 422),
        ({"do": "semua", "isi": "x" * 70_000}, 413),
    ],
)
def test_forms_of_nobody_change_nothing(klaten, kader, form, status):
    row = weekly(klaten, people=1, proposer=kader.user)
    facts = Fact.objects.count()
    answer = kader.post(path(row), {"key": str(uuid4())} | form)
    assert (answer.status_code, Fact.objects.count()) == (status, facts)
    assert 'id="periksa"' in text_of(answer)


def test_long_after_the_session_a_change_needs_a_reason_and_leaves_a_line(klaten, kader):
    row = held_now(klaten, hours_ago=30, proposer=kader.user)
    mark(row, person("Siti Aminah"), now=row.start)
    who = key_of("Siti Aminah")
    assert tap(kader, row, who, "batal").status_code == 409
    one = path(row, f"panggil/{who}/")
    assert one in text_of(kader.get(path(row)))
    form = {"key": str(uuid4()), "status": "sakit", "reason": "kabar-menyusul"}
    form["opened"] = opened_of(kader.get(one))
    for lacking in ({"reason": ""}, {"reason": "karangan"}, {"status": "lulus"}, {"key": ""}):
        assert kader.post(one, form | lacking).status_code == 422
    assert row.attendance.get().status == "hadir"
    assert kader.post(one, form).status_code == 303
    assert row.attendance.get().status == "sakit"
    entry = AuditEntry.objects.get(verb="attendance.corrected")
    assert (entry.actor_id, entry.details["before"], entry.details["reason"]) == (
        kader.user.pk,
        "hadir",
        "kabar-menyusul",
    )
    told = text_of(kader.get(one))
    assert "→" in told
    assert kader.get(path(row, f"panggil/{uuid4()}/")).status_code == 404


def test_somebody_who_was_merged_since_is_corrected_as_who_stays(klaten, kader):
    row = held_now(klaten, hours_ago=30, proposer=kader.user)
    mark(row, person("Siti Amina"), now=row.start)
    goes, stays = key_of("Siti Amina"), known(klaten, "Siti Aminah")
    put_together(klaten, goes, stays)
    one = path(row, f"panggil/{goes}/")
    opened = kader.get(one)
    assert (opened.status_code, "Siti Aminah" in text_of(opened)) == (200, True)
    form = {"key": str(uuid4()), "status": "sakit", "reason": "kabar-menyusul"}
    form["opened"] = opened_of(opened)
    assert kader.post(one, form)["Location"].endswith(f"#orang-{stays}")
    [held] = row.attendance.all()
    assert (held.status, held.participant.key) == ("sakit", stays)
    # Nobody of whom nothing was said, and no key at all.
    for other in (known(klaten, "Ani"), "0" * 36):
        assert kader.get(path(row, f"panggil/{other}/")).status_code == 404


def test_a_correction_that_does_not_hold_is_not_called_corrected(klaten, kader):
    row = held_now(klaten, proposer=kader.user)
    mark(row, person("Siti Aminah"), now=row.start)
    page = path(row, f"panggil/{key_of('Siti Aminah')}/")
    # As a device whose clock ran ahead told it.
    ahead = row.start + timedelta(hours=20)
    Attendance.objects.update(status="izin", rank=CORRECTED, told_at=ahead)
    form = {"key": str(uuid4()), "status": "sakit", "reason": "kabar-menyusul"}
    form["opened"] = opened_of(kader.get(page))
    assert kader.post(page, form).status_code == 303
    assert Attendance.objects.get().status == "sakit"
    Attendance.objects.update(told_at=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
    form |= {"key": str(uuid4()), "opened": opened_of(kader.get(page))}
    answer = kader.post(page, form | {"status": "izin"})
    assert (answer.status_code, Attendance.objects.get().status) == (409, "sakit")
    assert 'id="periksa"' in text_of(answer)


def test_a_correction_does_not_go_over_another_one_that_was_not_seen(klaten, kader):
    row = held_now(klaten, proposer=kader.user)
    mark(row, person("Siti Aminah"), now=row.start)
    page = path(row, f"panggil/{key_of('Siti Aminah')}/")
    form = {"status": "sakit", "reason": "kabar-menyusul", "opened": opened_of(kader.get(page))}
    office = client_of("moderator", klaten)
    theirs = form | {"key": str(uuid4()), "status": "izin"}
    assert office.post(page, theirs).status_code == 303
    mine = form | {"key": str(uuid4())}
    stale = kader.post(page, mine)
    assert (stale.status_code, row.attendance.get().status) == (409, "izin")
    [both] = stale.context["compared"]
    assert (both.theirs, both.mine) == (str(Status("izin").label), str(Status("sakit").label))
    assert f"{both.theirs}</td>" in text_of(stale)
    assert AuditEntry.objects.filter(verb="attendance.corrected").count() == 1
    # Whoever has seen it may say otherwise, and the same again is no loss.
    again = mine | {"opened": opened_of(stale)}
    assert [kader.post(page, again).status_code for _time in (1, 2)] == [303, 303]
    assert row.attendance.get().status == "sakit"


def test_a_slip_of_just_now_is_undone_with_a_tap_also_long_after(klaten, kader):
    row = held_now(klaten, hours_ago=30, proposer=kader.user)
    who = known(klaten)
    assert tap(kader, row, who).status_code == 201
    assert tap(kader, row, who, "batal").status_code == 201


def test_after_the_closing_day_and_of_what_was_cancelled_nothing_is_written(klaten, kader):
    closed = held_now(klaten, hours_ago=24 * 40, proposer=kader.user)
    mark(closed, person("Siti Aminah"), now=closed.start)
    page = kader.get(path(closed))
    assert 'name="tandai"' not in text_of(page)
    assert tap(kader, closed, key_of("Siti Aminah"), "batal").status_code == 409
    assert kader.post(path(closed), walk_in(name="Rina")).status_code == 409
    assert closed.attendance.get().status == "hadir"
    off = held_now(klaten, proposer=kader.user, title="Batal")
    off.is_cancelled = True
    off.save(update_fields=["is_cancelled"])
    assert tap(kader, off, key_of("Siti Aminah")).status_code == 409


def test_a_roll_is_for_who_planned_it_and_the_office(klaten, kader):
    row = weekly(klaten, people=1, proposer=kader.user)
    for role, status in (("moderator", 200), ("kader", 403), ("monev", 403)):
        answer = client_of(role, klaten).get(path(row))
        assert answer.status_code == status
        assert ("Peserta 00" in text_of(answer)) is (status == 200)
    hub = client_of("monev", klaten).get(path(row, ""))
    assert (hub.status_code, "panggil/" in text_of(hub)) == (200, False)
    foreign = client_of("moderator", make_district("lebak"))
    assert foreign.get(path(row)).status_code == 404
    assert foreign.post(path(row), walk_in()).status_code == 404


def test_a_roll_asks_as_often_for_three_people_as_for_one(klaten, kader):
    counts = []
    for people, title in ((1, "Satu"), (3, "Tiga"), (30, "Banyak")):
        row = weekly(klaten, people=people, proposer=kader.user, title=title)
        for number in range(people // 2):
            mark(row, person(f"Baru {number}", organisation_name="PKK"), now=row.start)
        kader.get(path(row))
        with CaptureQueriesContext(connection) as queries:
            assert kader.get(path(row)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
