"""Staff scans at the door: Chromium films codes of ours, and there is no BarcodeDetector."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.services import doors, registering
from events.services.private_links import LINK
from tests.browser import camera
from tests.browser.conftest import FLAGS
from tests.factories.attending import held_now, key_of, known
from tests.factories.joining import register
from tests.factories.places import make_user

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.y4m"
    camera.hold(path, None)
    return path


@pytest.fixture
def door(browser_type, browser_type_launch_args, browser_context_args, film, complaints):
    """A page on a telephone whose camera shows the film."""
    options = browser_type_launch_args | {"args": [*FLAGS, *camera.flags(film)]}
    browser = browser_type.launch(**options)
    yield complaints(browser.new_context(**browser_context_args)).new_page()
    browser.close()


@pytest.fixture
def staff(klaten):
    return make_user("kader", klaten)


@pytest.fixture
def row(klaten, staff):
    return held_now(klaten, proposer=staff, takes_registrations=True)


def pass_by(page, film, picture) -> None:
    """The code before the camera goes, and another one comes."""
    here = page.url.partition("#")[0]
    camera.hold(film, None)
    page.goto(here)
    expect(page.locator("[data-camera]:not([data-sent])")).to_be_visible()
    camera.hold(film, picture)
    page.goto(here)


def link_of(registration, address) -> str:
    return address("klaten", f"/kalender/pendaftaran/{LINK.token_of(registration.key)}/")


def test_who_registered_is_scanned_from_their_own_page(
    door, page, film, row, staff, address, sign_in, axe
):
    guest = register(row, now=row.start - HOUR)
    page.goto(link_of(guest, address))
    camera.hold(film, page.locator(".j-code").screenshot())
    scan = f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/pindai/"
    sign_in(door, staff, scan)
    assert door.evaluate("'BarcodeDetector' in window") is False
    door.locator("[data-start]").click()
    # Half is written down already; what is missing is asked for.
    expect(door.locator("#id_name")).to_have_value("Ibu Contoh")
    door.locator("label:has([name=sex][value=P])").click()
    door.locator("label:has([name=age_group][value='25-59'])").click()
    door.locator("#baru button.l-large").click()
    # Back at the camera, which passes over the code that is still there.
    expect(door).to_have_url(re.compile(scan))
    expect(door.locator("[data-camera]")).to_be_visible()
    expect(door.locator("main li", has_text="Ibu Contoh")).to_have_count(1)
    assert [(one.status, one.way) for one in row.attendance.all()] == [("hadir", "pindai")]
    door.wait_for_timeout(700)
    expect(door.locator("[data-camera][data-sent]")).to_be_visible()
    expect(door.locator("[role=status]", has_text="sudah")).to_have_count(0)
    assert axe(door) == []
    # Shown once more they are there already.
    pass_by(door, film, page.locator(".j-code").screenshot())
    expect(door.locator("[role=status]")).to_contain_text("Ibu Contoh")
    assert row.attendance.count() == 1


@pytest.mark.slow
def test_what_does_not_belong_here_is_refused_in_words(
    door, film, klaten, row, staff, address, sign_in
):
    now = timezone.now()
    known(klaten, "Siti Aminah")
    other = held_now(klaten, hours_ago=-2, proposer=staff, title="Lain", takes_registrations=True)
    cancelled = register(row, now=now - HOUR, name="Tidak Jadi", email="", phone="")
    registering.cancel(registration=cancelled, now=now - HOUR)
    wall = doors.open_door(occurrence=row, actor=staff, now=now)
    entrance = f"/hadir/{doors.current_code(wall, now).scanned}/"
    refused = [
        link_of(register(other, now=now), address),
        link_of(cancelled, address),
        address("klaten", entrance),
        "https://contoh.invalid/",
    ]
    camera.hold(film, camera.code(str(key_of("Siti Aminah"))))
    sign_in(door, staff, f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/pindai/")
    door.locator("[data-start]").click()
    # A person's own code says all: it is written down at once.
    expect(door.locator("main li", has_text="Siti Aminah")).to_have_count(1)
    why = []
    for text in refused:
        pass_by(door, film, camera.code(text))
        expect(door.locator("#periksa")).to_be_visible()
        why.append(door.locator("#periksa").inner_text())
    assert "kegiatan lain" in why[0]
    assert len(set(why)) == len(refused)
    assert [one.participant.name for one in row.attendance.all()] == ["Siti Aminah"]
