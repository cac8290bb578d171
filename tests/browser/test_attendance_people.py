"""What a person has a right to: found, corrected, taken along, one instead of two, erased."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Attendance, Participant
from safeguards.models import AuditEntry
from tests.browser.fitting import FITS
from tests.factories.attendance import mark, person
from tests.factories.attending import held_now, key_of, known
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_a_person_is_found_corrected_taken_along_and_erased(
    page, klaten, address, sign_in, axe, complaints
):
    complaints(page.context)
    row = held_now(klaten, hours_ago=1)
    known(klaten, "Siti Aminah", phone="081234567890")
    for name in ("Siti Aminnah", "Budi Santoso"):
        mark(row, person(name), now=timezone.now())
    sign_in(page, make_user("moderator", klaten), "/ruang/orang/")
    assert (axe(page), page.evaluate(FITS)) == ([], True)
    page.locator("[name=name]").fill("siti amin")
    page.locator("main form button").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    # A name never stands in an address.
    assert "siti" not in page.url
    page.get_by_role("link", name="Siti Aminah", exact=True).click()
    assert (axe(page), page.evaluate(FITS)) == ([], True)

    page.locator("main a[href$='/ubah/']").click()
    page.locator("[name=phone]").fill("abc")
    page.locator("[name=position]").fill("Ketua Dasawisma")
    page.locator("main form button.l-large").click()
    expect(page.locator("#id_phone_error")).to_be_visible()
    expect(page.locator("[name=position]")).to_have_value("Ketua Dasawisma")
    page.locator("[name=phone]").fill("")
    page.locator("main form button.l-large").click()
    expect(page.locator(".l-about")).to_contain_text("Ketua Dasawisma")
    expect(page.locator(".l-about")).not_to_contain_text("81234567890")

    # Written down twice: asked about, then one person with both sessions.
    other = key_of("Siti Aminnah")
    page.locator(f"main a[href$='/gabung/{other}/']").click()
    assert axe(page) == []
    assert Participant.objects.known().count() == 3
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Siti Aminah")
    expect(page.locator("main li", has_text="Hadir")).to_have_count(2)
    assert Participant.objects.known().count() == 2

    with page.expect_download() as taken:
        page.locator("main a[href$='/data.json']").click()
    told = json.loads(Path(taken.value.path()).read_text())
    sessions = [one.get("session") for part in told.values() for one in part["rows"]]
    assert {"Dulu", row.event.title} <= set(sessions)
    assert "Siti" not in taken.value.suggested_filename

    page.locator("main a[href$='/hapus/']").click()
    assert axe(page) == []
    page.locator("main form a.l-quiet").click()
    expect(page.locator("h1")).to_have_text("Siti Aminah")
    page.locator("main a[href$='/hapus/']").click()
    page.locator("main form button.l-danger").click()
    expect(page).to_have_url(address("klaten", "/ruang/orang/"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("Siti")
    # The numbers stay, the name is nowhere any more.
    assert Attendance.objects.filter(occurrence=row).came().count() == 2
    assert [one.name for one in Participant.objects.exclude(name="")] == ["Budi Santoso"]
    said = " ".join(map(str, AuditEntry.objects.values_list("details", flat=True)))
    assert "Siti" not in said
