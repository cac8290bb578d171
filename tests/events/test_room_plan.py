"""`/ruang/kalender/usul/`: a session is proposed, copied, sent twice, and refused with reasons."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from districts.models import Organisation, Region
from events.forms.room.people import MOST_SPEAKERS
from events.forms.room.prefill import next_day
from events.models import Event, EventState
from events.services.planning import Company
from tests.factories.events import make_event, make_terms
from tests.factories.places import make_district
from tests.factories.planning import client_of, fields_of, text_of, typed_plan

pytestmark = pytest.mark.django_db
PLAN = "/ruang/kalender/usul/"
THURSDAY = datetime(2027, 1, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def klaten():
    make_terms()
    return make_district("klaten")


@pytest.fixture
def kader(klaten):
    region = Region.objects.get(pk=f"{klaten.region_id}.01.2001")
    group = Organisation.objects.create(
        district=klaten, name="Dasawisma Melati", kind="pkk", pkk_level="dasawisma", region=region
    )
    client = client_of("kader", klaten, organisation=group)
    client.group = group
    return client


def test_a_cadre_gets_a_form_that_knows_her_group_and_village(kader, klaten):
    answer = kader.get(PLAN)
    form = answer.context["form"]
    assert answer["Cache-Control"] == "private, no-store"
    assert form["organiser"].value() == kader.group.pk
    assert form["region"].value() == f"{klaten.region_id}.01.2001"
    assert form["timezone"].value() == "Asia/Jakarta"
    assert "is_national" not in form.fields


def test_a_proposal_waits_and_a_pkk_meeting_does_not(kader, klaten):
    answer = kader.post(PLAN, typed_plan(seats="40", region=f"{klaten.region_id}.05"))
    event = Event.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/ruang/kalender/{event.pk}/")
    assert (event.state, event.seats, event.minutes) == (EventState.PROPOSED, 40, 90)
    assert event.starts_at == datetime(2027, 2, 1, 2, 0, tzinfo=UTC)
    assert event.region_id == f"{klaten.region_id}.05"
    kader.post(PLAN, typed_plan(kind="pertemuan-pkk", title="", organiser=kader.group.pk))
    meeting = Event.objects.get(kind="pertemuan-pkk")
    assert (meeting.state, meeting.is_trusted) == (EventState.APPROVED, True)
    assert meeting.title == "Pertemuan PKK/arisan Dasawisma Melati"


def test_the_same_form_sent_twice_is_one_session(kader):
    form = typed_plan()
    first, again = kader.post(PLAN, form), kader.post(PLAN, form)
    assert first["Location"] == again["Location"]
    assert Event.objects.count() == 1
    other = kader.post(PLAN, form | {"title": "Yang lain"})
    assert other.status_code == 422
    assert 'value="Yang lain"' in text_of(other)
    assert Event.objects.count() == 1
    key = other.context["form"]["key"].value()
    assert kader.post(PLAN, form | {"title": "Yang lain", "key": key}).status_code == 303
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "rule", "days"),
    [
        ({"repeat": "mingguan", "times": "3"}, "FREQ=WEEKLY;BYDAY=MO;COUNT=3", [1, 8, 15]),
        ({"repeat": "hari", "times": "2"}, "FREQ=MONTHLY;BYDAY=1MO;COUNT=2", [1, 1]),
        ({"repeat": "tanggal", "times": "2"}, "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2", [1, 1]),
        (
            {"repeat": "mingguan", "until": "2027-02-10"},
            "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270210T165959Z",
            [1, 8],
        ),
        (
            {"repeat": "aturan", "rule": "FREQ=DAILY;BYDAY=MO,TU;COUNT=3"},
            "FREQ=DAILY;BYDAY=MO,TU;COUNT=3",
            [1, 2, 8],
        ),
    ],
)
def test_it_repeats(kader, sent, rule, days):
    assert kader.post(PLAN, typed_plan(**sent)).status_code == 303
    event = Event.objects.get()
    assert event.rrule == rule
    assert [row.day.day for row in event.occurrences.all()] == days


def test_without_a_number_it_repeats_twelve_times(kader):
    kader.post(PLAN, typed_plan(repeat="tanggal"))
    assert Event.objects.get().occurrences.count() == 12


LONG = "a" * 10_000


WRONG = [
    ({"kind": ""}, "kind"),
    ({"kind": "<b>"}, "kind"),
    ({"day": ""}, "day"),
    ({"day": "99999-01-01"}, "day"),
    ({"day": "9999-12-31"}, "day"),
    ({"day": "2027-02-30"}, "day"),
    ({"day": "2020-01-01"}, "day"),
    ({"hour": "25:00"}, "hour"),
    ({"length": "lain"}, "end_hour"),
    ({"length": "lain", "end_hour": "08:00"}, "end_hour"),
    ({"length": "lain", "end_hour": "08:00", "end_day": "2027-01-31"}, "end_day"),
    ({"length": "lain", "end_hour": "08:00", "end_day": "2027-03-31"}, "end_day"),
    ({"length": "99999"}, "length"),
    ({"length": "٣٠"}, "length"),
    ({"title": LONG}, "title"),
    ({"venue": LONG}, "venue"),
    ({"summary": LONG}, "summary"),
    ({"invited_more": LONG}, "invited_more"),
    ({"repeat": "aturan", "rule": LONG}, "rule"),
    ({"repeat": "aturan", "rule": "FREQ=SECONDLY;COUNT=3"}, "rule"),
    ({"repeat": "aturan", "rule": "FREQ=DAILY"}, "rule"),
    ({"repeat": "aturan", "rule": "FREQ=WEEKLY;BYDAY=TH;COUNT=3"}, "rule"),
    ({"repeat": "aturan", "rule": ""}, "rule"),
    ({"repeat": "mingguan", "times": "1001"}, "times"),
    ({"repeat": "mingguan", "times": "²"}, "times"),
    ({"repeat": "mingguan", "times": "600"}, "times"),
    ({"repeat": "mingguan", "times": "3", "until": "2027-03-01"}, "until"),
    ({"repeat": "mingguan", "until": "2027-01-01"}, "until"),
    ({"seats": "-1"}, "seats"),
    ({"seats": "5001"}, "seats"),
    ({"coordinates": "utara"}, "coordinates"),
    ({"coordinates": "NaN, 1"}, "coordinates"),
    ({"coordinates": "123, 456"}, "coordinates"),
    ({"region": "99.99"}, "region"),
    ({"organiser": "77777777"}, "organiser"),
    ({"timezone": "Mars/Olympus"}, "timezone"),
    ({"title": "NIK 3310015505900001"}, "title"),
]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(kader):
    faults = []
    for sent, field in WRONG:
        form = typed_plan(summary="Jangan hilang", title="Judul saya") | sent
        answer = kader.post(PLAN, form)
        page = text_of(answer)
        lost = [name for name in ("title", "summary", "venue") if form[name] not in page]
        said = field in answer.context["form"].errors and 'class="l-error"' in page
        if answer.status_code != 422 or not said or lost:
            faults.append((field, str(sent)[:60], answer.status_code, lost))
    assert faults == []
    assert not Event.objects.exists()


def test_every_character_is_taken_and_none_breaks_a_line(kader):
    text = "Kelas\u2028A; b, c\r\n\U0001f469\u200d\U0001f469\u200d\U0001f467 \u202eabc\x00"
    answer = kader.post(PLAN, typed_plan(title=text, summary=text, venue=text, materials=text))
    if answer.status_code == 422:
        # A NUL byte is refused as such; the rest is taken.
        text = text.replace("\x00", "")
        kader.post(PLAN, typed_plan(title=text, summary=text, venue=text, materials=text))
    event = Event.objects.get()
    assert event.title == "Kelas A; b, c \U0001f469\u200d\U0001f469\u200d\U0001f467 abc"
    assert event.summary == "Kelas\nA; b, c\n\U0001f469\u200d\U0001f469\u200d\U0001f467 abc"
    assert "\u2028" not in event.venue + event.materials


def test_speakers_and_invited_organisations_are_kept_in_order(kader, klaten):
    office = Organisation.objects.create(district=klaten, name="Dinas Kesehatan", kind="dinas")
    form = typed_plan(
        **{
            "s0-name": "Kepala UPTD PPA",
            "s0-org": "dinas kesehatan",
            "s0-topic": "Alur lapor",
            "s4-name": "Bidan desa",
            "invited": [str(office.pk)],
            "invited_more": "Polsek Delanggu\nDinas Kesehatan\n\nPolsek Delanggu",
        }
    )
    assert kader.post(PLAN, form).status_code == 303
    event = Event.objects.get()
    assert [(one.name, one.organisation) for one in event.speakers.all()] == [
        ("Kepala UPTD PPA", office),
        ("Bidan desa", None),
    ]
    assert [(one.label, one.organisation) for one in event.invited.all()] == [
        ("Dinas Kesehatan", office),
        ("Polsek Delanggu", None),
    ]
    lost = kader.post(PLAN, typed_plan(**{"s0-name": "", "s0-topic": "Alur"}))
    assert lost.status_code == 422
    assert 'value="Alur"' in text_of(lost)


def test_the_last_one_is_copied_to_its_next_date(kader, klaten):
    event = make_event(
        klaten,
        proposer=kader.user,
        kind="pertemuan-pkk",
        title="Arisan Melati",
        starts_at=THURSDAY,
        venue="Balai RW",
        company=Company(speakers=[{"name": "Bidan", "topic": "Gizi"}]),
    )
    form = kader.get(PLAN, {"salin": "terakhir"}).context["form"]
    assert form["day"].value() == date(2027, 2, 11)
    assert form["venue"].value() == "Balai RW"
    assert kader.post(PLAN, fields_of(form)).status_code == 303
    copy = Event.objects.exclude(pk=event.pk).get()
    assert copy.starts_at == datetime(2027, 2, 11, 2, 0, tzinfo=UTC)
    assert (copy.title, copy.speakers.get().topic) == ("Arisan Melati", "Gizi")
    assert copy.key != event.key
    # What she did last is where the next form begins.
    plain = kader.get(PLAN).context["form"]
    assert (plain["kind"].value(), plain["venue"].value()) == ("pertemuan-pkk", "Balai RW")


@pytest.mark.parametrize(
    ("rule", "today", "day"),
    [
        ("", date(2027, 1, 15), date(2027, 2, 11)),
        ("", date(2027, 4, 1), date(2027, 4, 8)),
        ("FREQ=WEEKLY;BYDAY=TH;COUNT=3", date(2027, 1, 1), date(2027, 2, 4)),
        ("FREQ=MONTHLY;BYMONTHDAY=14;COUNT=2", date(2027, 1, 1), date(2027, 3, 14)),
    ],
)
def test_the_next_day_keeps_the_rhythm(klaten, rule, today, day):
    event = make_event(klaten, starts_at=THURSDAY, rrule=rule)
    assert next_day(event, today) == day


@pytest.mark.parametrize(
    ("start", "rule", "days"),
    [
        # The last day of the month, which is not always the 31st.
        ((2027, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["04-30", "05-31", "06-30"]),
        # The last Thursday, which is the fourth one now and then.
        ((2027, 7, 29), "FREQ=MONTHLY;BYDAY=-1TH;COUNT=1", ["08-26"]),
        ((2027, 1, 28), "FREQ=MONTHLY;BYDAY=4TH;COUNT=2", ["03-25", "04-22"]),
        ((2027, 1, 30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;COUNT=1", ["02-28"]),
        ((2027, 1, 14), "FREQ=WEEKLY;BYDAY=TH;UNTIL=20270121", ["01-28", "02-04"]),
        # So far ahead that no sixty more of them fit into ten years.
        ((2027, 1, 14), "FREQ=MONTHLY;INTERVAL=6;COUNT=1", ["07-14"]),
    ],
)
def test_a_series_is_copied_with_its_rhythm(kader, klaten, start, rule, days):
    event = make_event(
        klaten, proposer=kader.user, starts_at=datetime(*start, 2, 0, tzinfo=UTC), rrule=rule
    )
    form = kader.get(PLAN, {"salin": event.pk}).context["form"]
    assert kader.post(PLAN, fields_of(form)).status_code == 303
    copy = Event.objects.exclude(pk=event.pk).get()
    found = copy.occurrences.order_by("start").values_list("day", flat=True)
    assert [f"{day:%m-%d}" for day in found] == days


def test_a_series_that_is_long_over_is_copied_to_a_day_to_come(kader, klaten):
    event = make_event(
        klaten, starts_at=datetime(2026, 3, 12, 2, tzinfo=UTC), rrule="FREQ=DAILY;COUNT=2"
    )
    assert next_day(event, date(2027, 1, 2)) == date(2027, 1, 3)


def test_another_members_proposal_cannot_be_copied(kader, klaten):
    theirs = make_event(klaten, published=False)
    assert kader.get(PLAN, {"salin": theirs.pk}).status_code == 404
    assert kader.get(PLAN, {"salin": "²"}).status_code == 404
    told = make_event(klaten)
    assert kader.get(PLAN, {"salin": told.pk}).status_code == 200


def test_monitoring_reads_and_does_not_plan(klaten):
    monev = client_of("monev", klaten)
    assert monev.get(PLAN).status_code == 403
    assert monev.post(PLAN, typed_plan()).status_code == 403
    assert monev.get("/ruang/kalender/").status_code == 200
    assert not Event.objects.exists()


def test_a_strangers_key_makes_no_event_of_theirs_mine(kader, klaten):
    theirs = make_event(klaten, key=uuid4(), published=False, title="Rahasia")
    answer = kader.post(PLAN, typed_plan(key=str(theirs.key)))
    assert answer.status_code == 422
    assert "Rahasia" not in text_of(answer)


def test_one_more_speaker_keeps_all_that_was_typed_and_judges_nothing(kader):
    names = [f"s{n}-{part}" for n in range(3) for part in ("name", "org", "topic")]
    sent = typed_plan(title="", day="", audience_codes=["guru"]) | dict.fromkeys(names, "")
    sent |= {"s0-name": "Bidan Desa", "s2-topic": "Gizi", "tambah": "pembicara"}
    answer = kader.post(PLAN, sent)
    form = answer.context["form"]
    assert (answer.status_code, len(form.speakers), Event.objects.count()) == (200, 4, 0)
    assert (form.is_valid(), form.errors, form.speakers[2].errors) == (False, {}, {})
    text = text_of(answer)
    assert ("l-error" in text, "aria-invalid" in text) == (False, False)
    assert f'data-more="{MOST_SPEAKERS}"' in text
    assert 'value="Bidan Desa"' in text
    assert form["audience_codes"].value() == ["guru"]
    assert [group.is_open for group in form.groups() if group.name == "undang"] == [True]
    # The empty row stays when it is sent again, and one comes to it.
    sent |= {"s3-name": "", "s3-org": "", "s3-topic": ""}
    assert len(kader.post(PLAN, sent).context["form"].speakers) == 5


def test_twelve_speakers_are_kept_and_no_more_are_offered(kader):
    names = {f"s{n}-name": f"Pembicara {n}" for n in range(12)}
    full = kader.post(PLAN, typed_plan() | names | {"tambah": "pembicara"})
    assert len(full.context["form"].speakers) == 12
    assert 'name="tambah"' not in text_of(full)
    kader.post(PLAN, typed_plan() | names)
    assert Event.objects.get().speakers.count() == 12


def test_one_more_speaker_while_changing_changes_nothing_yet(kader, klaten):
    kader.post(PLAN, typed_plan())
    event = Event.objects.get()
    path = f"/ruang/kalender/{event.pk}/ubah/"
    answer = kader.post(
        path, fields_of(kader.get(path).context["form"]) | {"title": "X", "tambah": "pembicara"}
    )
    assert (answer.status_code, Event.objects.get().title) == (200, event.title)
    assert 'value="X"' in text_of(answer)
