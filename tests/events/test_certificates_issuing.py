"""Certificates: for adults who came, once, printed together, verified by anybody, revoked."""

import io
import random
import subprocess
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import segno
from django.test import Client
from django.utils import timezone

from events.documents import drawn_codes
from events.models import Certificate, Participant
from events.serials import LETTERS, serial_of, spaced, typed
from events.services import certifying, participants
from events.services.merging import merge
from safeguards.models import AuditEntry
from safeguards.services.persons import erase_person, export_person
from tests.factories.attendance import allow_minors, dates_of, make_date, mark, person
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of
from tests.papers import info_of

pytestmark = pytest.mark.django_db
SITI = "Siti Aminah Kanari"


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(klaten, now):
    """Two days of 90 minutes; one adult was there on both, one ill, one child there."""
    allow_minors(klaten)
    noon = timezone.localtime(now, ZoneInfo(klaten.timezone)).replace(hour=12)
    first = make_date(klaten, starts_at=noon - timedelta(days=2), rrule="FREQ=DAILY;COUNT=2")
    siti, budi = person(SITI), person("Budi Santoso", sex="L")
    for row in dates_of(first.event):
        mark(row, siti, now=now)
        mark(row, budi, "sakit", now=now)
        mark(row, person("Ani", age_group="13-17", consent="Map 3"), now=now)
    return first.event


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def path(event, rest: str = "") -> str:
    return f"/ruang/kalender/{event.pk}/sertifikat/{rest}"


def verify(district, serial: str):
    return Client(SERVER_NAME=district.site.hostname).get(f"/verifikasi/{serial}/")


def test_adults_who_came_get_one_and_only_one(office, event):
    assert office.post(path(event)).status_code == 303
    assert office.post(path(event)).status_code == 303
    [one] = Certificate.objects.all()
    assert (one.name, one.minutes, (one.last_day - one.first_day).days) == (SITI, 180, 1)
    assert AuditEntry.objects.filter(verb="certificates.issued").count() == 1


def test_nobody_gets_one_before_the_session_is_over(klaten, now):
    row = make_date(klaten, starts_at=now - timedelta(minutes=30))
    mark(row, person(SITI), now=now)
    moderator = make_member("moderator", klaten)
    assert certifying.issue(event=row.event, actor=moderator, now=now) == 0
    later = now + timedelta(hours=2)
    assert certifying.issue(event=row.event, actor=moderator, now=later) == 1


def test_who_was_merged_gets_no_second_one(klaten, event, now):
    moderator = make_member("moderator", klaten)
    certifying.issue(event=event, actor=moderator, now=now)
    other = person("Siti Aminah K.")
    mark(dates_of(event)[0], other, now=now)
    siti = Participant.objects.get(name=SITI)
    merge(into=Participant.objects.get(key=other.key), other=siti, actor=moderator, now=now)
    assert certifying.issue(event=event, actor=moderator, now=now) == 0


def merged_in_line(event, *names: str, by, now) -> list[Participant]:
    """Siti and who she was written down as besides, each merged into the next."""
    line = [Participant.objects.get(name=SITI)]
    for name in names:
        other = person(name)
        mark(dates_of(event)[0], other, now=now)
        line.append(Participant.objects.get(key=other.key))
    for goes, stays in pairwise(line):
        goes.refresh_from_db()
        merge(into=stays, other=goes, actor=by, now=now)
    return line


def test_nor_who_was_merged_into_somebody_who_was_merged(klaten, event, now):
    moderator = make_member("moderator", klaten)
    certifying.issue(event=event, actor=moderator, now=now)
    merged_in_line(event, "Siti Aminah K.", "Siti A. Kanari", "Siti Kanari", by=moderator, now=now)
    assert certifying.issue(event=event, actor=moderator, now=now) == 0
    assert Certificate.objects.get().name == SITI


def test_a_corrected_name_stands_on_those_of_everybody_who_was_merged(klaten, event, now):
    moderator = make_member("moderator", klaten)
    certifying.issue(event=event, actor=moderator, now=now)
    line = merged_in_line(event, "Siti Aminah K.", "Siti Kanari", by=moderator, now=now)
    row = dates_of(event)[0]
    participants.correct(
        participant=line[0], person=person("Siti Aminah Kenari"), occurrence=row, actor=moderator,
        now=now,
    )  # fmt: skip
    assert Certificate.objects.get().name == "Siti Aminah Kenari"


def test_a_serial_can_not_be_guessed_and_only_its_digest_is_kept(office, event):
    office.post(path(event))
    one = Certificate.objects.get()
    serial = serial_of(one)
    assert len(LETTERS) ** len(serial) > 2**128
    assert serial not in str(Certificate.objects.values().get())
    assert typed(spaced(serial).lower()) == serial


def test_a_changed_secret_does_not_end_what_was_printed(office, event, klaten, settings):
    office.post(path(event))
    one = Certificate.objects.get()
    serial = serial_of(one)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 60
    assert serial_of(one) == ""
    assert verify(klaten, serial).status_code == 200
    settings.SECRET_KEY_FALLBACKS = [old]
    assert serial_of(one) == serial


def test_the_public_page_tells_the_minimum(office, event, klaten):
    office.post(path(event))
    one = Certificate.objects.get()
    answer = verify(klaten, serial_of(one))
    text = text_of(answer)
    assert answer.status_code == 200
    assert "S. A. K." in text
    assert event.title in text
    assert "Kanari" not in text
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_guarded_session_is_not_named_to_the_public(office, event, klaten):
    office.post(path(event))
    event.guarded = True
    event.save(update_fields=["guarded"])
    text = text_of(verify(klaten, serial_of(Certificate.objects.get())))
    assert event.title not in text


def test_a_changed_serial_and_another_offices_are_not_found(office, event, klaten):
    office.post(path(event))
    serial = serial_of(Certificate.objects.get())
    other = "A" if serial[0] != "A" else "B"
    for told in (other + serial[1:], "x", "A" * 28):
        answer = verify(klaten, told)
        assert answer.status_code == 404
        assert "S. A. K." not in text_of(answer)
    assert verify(make_district("sleman"), serial).status_code == 404


def test_a_revoked_one_is_told_at_once_and_is_not_printed(office, event, klaten):
    office.post(path(event))
    one = Certificate.objects.get()
    address = path(event, f"{one.key}/cabut/")
    assert office.get(address).status_code == 200
    assert Certificate.objects.get().revoked_at is None
    assert office.post(address).status_code == 303
    answer = verify(klaten, serial_of(one))
    assert answer.status_code == 404
    assert event.title in text_of(answer)
    assert "S. A. K." not in text_of(answer)
    assert office.get(path(event, "semua.pdf")).status_code == 404
    assert office.post(path(event)).status_code == 303
    assert Certificate.objects.count() == 1


def test_what_is_typed_from_a_paper_leads_to_the_same_page(office, event, klaten):
    office.post(path(event))
    serial = serial_of(Certificate.objects.get())
    client = Client(SERVER_NAME=klaten.site.hostname)
    answer = client.post("/verifikasi/", {"nomor": f" {spaced(serial).lower()} "})
    assert (answer.status_code, answer["Location"]) == (303, f"/verifikasi/{serial}/")
    assert client.post("/verifikasi/", {"nomor": "salah"}).status_code == 422


def test_all_are_printed_in_one_pdf_with_name_and_serial(office, event, tmp_path):
    office.post(path(event))
    answer = office.get(path(event, "semua.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    target = tmp_path / "a.pdf"
    target.write_bytes(answer.content)
    text = subprocess.run(
        ["pdftotext", "-layout", target, "-"], capture_output=True
    ).stdout.decode()
    assert SITI in text
    assert spaced(serial_of(Certificate.objects.get())) in text
    assert AuditEntry.objects.filter(verb="certificates.printed").count() == 1


@pytest.mark.parametrize(
    ("asked", "sheet"),
    [("", (841.89, 595.276)), ("a4", (841.89, 595.276)), ("f4", (935.433, 609.449))],
)
def test_certificates_lie_on_the_sheet_that_is_asked_for(office, event, asked, sheet):
    office.post(path(event))
    key = Certificate.objects.get().key
    query = f"?kertas={asked}" if asked else ""
    for rest in ("semua.pdf", f"{key}.pdf"):
        told = info_of(office.get(path(event, rest) + query).content)
        width, height = (float(side) for side in told["Page size"].split(" pts")[0].split(" x "))
        assert (told["Tagged"], told["Pages"], (width, height)) == ("yes", "1", sheet)
    assert f"{path(event, 'semua.pdf')}?kertas=f4" in text_of(office.get(path(event)))
    assert office.get(path(event, "semua.pdf") + "?kertas=a3").status_code == 404


def test_only_those_who_write_down_who_came(klaten, event):
    guru = client_of("guru", klaten)
    assert guru.post(path(event)).status_code in {403, 404}
    elsewhere = client_of("moderator", make_district("sleman"))
    assert elsewhere.get(path(event)).status_code == 404
    assert Certificate.objects.count() == 0


def test_the_page_of_a_session_leads_there_once_a_date_is_over(klaten, event, now):
    coming = make_date(klaten, starts_at=now + timedelta(days=3), title="Nanti").event
    link = 'href="/ruang/kalender/{}/sertifikat/"'

    def is_led(member, to):
        page = text_of(member.get(f"/ruang/kalender/{to.pk}/"))
        assert to.title in page
        return link.format(to.pk) in page

    members = {role: client_of(role, klaten) for role in ("moderator", "monev", "guru")}
    assert {role: is_led(member, event) for role, member in members.items()} == {
        "moderator": True, "monev": False, "guru": False,
    }  # fmt: skip
    assert not is_led(members["moderator"], coming)
    planner = client_of("kader", klaten)
    event.proposed_by = planner.user
    event.save(update_fields=["proposed_by"])
    assert is_led(planner, event)


def test_a_person_takes_it_along_and_has_it_erased(office, event):
    office.post(path(event))
    key = Participant.objects.get(name=SITI).key
    assert export_person(key)["events.Certificate"]["rows"][0]["name"] == SITI
    erase_person(key)
    assert Certificate.objects.count() == 0


def test_codes_put_together_are_those_that_an_encoder_makes():
    made = random.Random(7)
    serials = ["".join(made.choices(LETTERS, k=28)) for _n in range(150)]
    prefix = "https://klaten.contoh.invalid/verifikasi/"
    codes = drawn_codes.codes_for(prefix, serials, "/")
    for serial, code in zip(serials[:5], codes, strict=False):
        plain = segno.make(f"{prefix}{serial}/", error="m", mask=2, mode="byte", boost_error=False)
        assert code == drawn_codes._svg(*drawn_codes._encoded(f"{prefix}{serial}/"))
        out = io.StringIO()
        plain.save(out, kind="txt", border=0)
        rows = out.getvalue().split()
        assert drawn_codes._encoded(f"{prefix}{serial}/")[1] == int("".join(rows), 2)
