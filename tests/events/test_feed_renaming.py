"""Stored feed entries follow the names that they repeat, and others' calendars take the new one."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from districts.models import Organisation, Region, Term, Vocabulary
from districts.services.regions import import_regions
from districts.tables import TableRow
from events.models import CalendarSettings, Event, FeedEntry, FeedRewrite
from events.services import deciding, rewriting
from safeguards import generation
from tests.events.read_back import calendar_of
from tests.factories.events import NOW, make_event, make_terms
from tests.factories.places import make_district, make_user, national

LATER = NOW + timedelta(days=1)


@pytest.fixture
def klaten(db):
    national()
    make_terms()
    return make_district("klaten")


def told(event) -> dict:
    [component] = Calendar.from_ical(calendar_of(event)).walk("VEVENT")
    names = ("summary", "location", "description", "url")
    return {name: str(component.get(name, "")) for name in names} | {
        "categories": [str(one) for one in component["categories"].cats],
        "sequence": int(component["sequence"]),
        "modified": component["last-modified"].dt,
    }


def rename(kind: str, row, **values) -> int:
    """Rename, and do what the background does a day later."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    generation.forget()
    rewriting.begin(kind=kind, keys=[str(row.pk)], now=LATER)
    return rewriting.go_on(LATER)


def test_a_term_an_organisation_a_region_and_a_host_are_told_anew(klaten):
    pkk = Organisation.objects.create(district=klaten, kind="pkk_kecamatan", name="TP PKK Lama")
    event = make_event(klaten, organiser=pkk, kind="rakor")
    village = event.region
    before = told(event)
    kind = Term.objects.get(code="rakor")
    changes = [
        ("term", kind, {"label_id": "Rapat bersama"}),
        ("term", Term.objects.get(code="umum"), {"label_id": "Siapa saja"}),
        ("organisation", pkk, {"name": "TP PKK Baru"}),
        ("region", village, {"name": "Nama Baru"}),
        ("site", klaten.site, {"hostname": "anak.klaten.example"}),
    ]
    assert [rename(kind, row, **values) for kind, row, values in changes] == [1] * 5
    after = told(event)
    assert after["categories"] == ["Rapat bersama", "Kekerasan terhadap anak", "Siapa saja"]
    assert "TP PKK Baru" in after["description"]
    assert "Nama Baru" in after["location"]
    assert after["url"].startswith("http://anak.klaten.example/kalender/")
    assert after["sequence"] == before["sequence"] + 5
    assert after["modified"] >= LATER
    assert Event.objects.get().uid == event.uid
    assert FeedRewrite.objects.count() == 0


def test_a_form_that_is_open_is_not_stale_after_a_renaming(klaten):
    event = make_event(klaten)
    assert rename("term", Term.objects.get(code="sosialisasi"), label_id="Penyuluhan") == 1
    assert Event.objects.get().version == event.version


def test_what_reads_the_same_keeps_its_sequence(klaten):
    event = make_event(klaten)
    before = FeedEntry.objects.values().get()
    term = Term.objects.get(code="sosialisasi")
    assert rename("term", term, label_en="Talk", position=7) == 0
    assert rename("term", Term.objects.get(code="rakor"), label_id="Rapat") == 0
    assert FeedEntry.objects.values().get() == before
    assert Event.objects.get().modified_at == event.modified_at


def test_a_guarded_session_stays_guarded_when_its_kind_is_renamed(klaten):
    CalendarSettings.objects.create(district=klaten, publishes_guarded=True)
    event = make_event(klaten, kind="pertemuan-pkk", title="Arisan di rumah Bu Canary")
    if not event.is_public:
        office = make_user("moderator", klaten)
        deciding.publish(event=event, actor=office, version=event.version, now=NOW)
    assert rename("term", Term.objects.get(code="pertemuan-pkk"), label_id="Temu PKK") == 1
    entry = FeedEntry.objects.get()
    assert "Temu PKK" in entry.body
    assert "Canary" not in entry.body + entry.flat


def test_a_run_stops_in_time_says_how_far_it_is_and_goes_on(klaten, monkeypatch):
    monkeypatch.setattr(rewriting, "BATCH", 2)
    for _n in range(5):
        make_event(klaten)
    Term.objects.filter(code="sosialisasi").update(label_id="Penyuluhan")
    key = [str(Term.objects.get(code="sosialisasi").pk)]
    assert rewriting.begin(kind="term", keys=key, now=LATER) == 1
    assert rewriting.begin(kind="term", keys=key, now=LATER) == 1
    generation.forget()
    assert rewriting.go_on(LATER, seconds=0) == 2
    assert rewriting.unfinished(klaten) == {"done": 2, "total": 5}
    assert rewriting.go_on(LATER) == 3
    assert rewriting.unfinished(klaten) == {}
    assert FeedEntry.objects.filter(body__contains="Penyuluhan").count() == 5


def test_the_office_sees_how_far_it_is(klaten, client):
    make_event(klaten)
    FeedRewrite.objects.create(
        district=klaten, kind="term", named="1", total=40, done=17, created_at=NOW
    )
    client.force_login(make_user("admin", klaten))
    page = client.get("/ruang/kalender/pengaturan/", headers={"host": "klaten.localhost"})
    assert "17" in page.content.decode()
    assert "40" in page.content.decode()


def test_another_offices_feed_is_not_touched(klaten):
    lebak = make_district("lebak")
    make_event(klaten)
    theirs = make_event(lebak)
    before = FeedEntry.objects.filter(event=theirs).values().get()
    assert rename("site", klaten.site, hostname="anak.klaten.example") == 1
    assert FeedEntry.objects.filter(event=theirs).values().get() == before


@pytest.mark.parametrize(
    "act",
    [
        lambda: Term.objects.get(code="sosialisasi").save(),
        lambda: Vocabulary.objects.get(code="event_type").save(),
        lambda: Region.objects.get(name="Delanggu Baru").save(),
    ],
)
def test_saving_begins_it_by_itself_once_committed(klaten, act, django_capture_on_commit_callbacks):
    event = make_event(klaten)
    Term.objects.filter(code="sosialisasi").update(label_id="Penyuluhan")
    Region.objects.filter(pk=event.region_id).update(name="Delanggu Baru")
    with django_capture_on_commit_callbacks(execute=True):
        act()
    assert "Delanggu Baru" in told(event)["location"]
    assert told(event)["categories"][0] == "Penyuluhan"


def test_an_import_of_regions_begins_it_too(klaten, django_capture_on_commit_callbacks):
    event = make_event(klaten)
    row = TableRow(2, {"kode": event.region_id, "nama": "Nama Impor"})
    with django_capture_on_commit_callbacks(execute=True):
        import_regions([row])
    assert "Nama Impor" in told(event)["location"]
