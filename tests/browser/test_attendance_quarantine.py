"""A device sends what is unusual: it waits until somebody of the office says what becomes of it."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Attendance
from tests.browser.fitting import FITS
from tests.factories.attendance import told
from tests.factories.attending import held_now
from tests.factories.places import make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def came(row, name: str, *, at=None) -> dict:
    who = {"key": str(uuid4()), "name": name, "sex": "P", "age_group": "25-59"}
    body = {"occurrence": str(row.key), "person": who, "status": "hadir", "way": "panggil"}
    return told("hadir", body, at=at or timezone.now())


def send(token: str, *facts: dict) -> list[dict]:
    """As the device does: no browser, no cookie."""
    answer = Client(SERVER_NAME="klaten.localhost").post(
        "/api/v1/sync",
        json.dumps({"facts": facts}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {token}",
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_what_a_device_sent_is_looked_at_and_resolved(
    page, klaten, address, sign_in, axe, complaints
):
    complaints(page.context)
    kader = make_user("kader", klaten)
    row = held_now(klaten, hours_ago=1, proposer=kader)
    foreign = held_now(klaten, hours_ago=1, proposer=kader, title="Bukan untuk ponsel ini")
    # The device is registered on the screen, for one session alone.
    sign_in(page, kader, "/ruang/perangkat/kirim/")
    page.locator("[name=label]").fill("Ponsel posko")
    page.locator(f"[name=sessions][value='{row.event_id}']").check()
    page.locator("main form button[value=daftar]").click()
    token = page.locator("#periksa input[readonly]").input_value()
    assert axe(page) == []

    late = timezone.now() + timedelta(days=2)
    odd = [came(row, "Siti Aminah", at=late), came(row, "Budi Santoso", at=late)]
    sent = send(token, came(row, "Ani Lestari"), came(foreign, "Orang Asing"), *odd)
    assert [one["status"] for one in sent] == [
        *("created", "rejected", "quarantined", "quarantined"),
    ]
    assert sent[1]["reason"]
    page.goto(address("klaten", "/ruang/karantina/"))
    # Not for whoever sent it.
    expect(page.locator("main")).not_to_contain_text("Siti Aminah")
    complaints.said.clear()

    sign_in(page, make_user("moderator", klaten), "/ruang/karantina/")
    waiting = page.locator("main .plan-list > li")
    expect(waiting).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("Orang Asing")
    assert (axe(page), page.evaluate(FITS)) == ([], True)
    siti, budi = (waiting.filter(has_text=name) for name in ("Siti Aminah", "Budi Santoso"))
    siti.locator("button[value=catat]").click()
    expect(waiting).to_have_count(1)
    budi.locator("[name=note]").fill("Bukan 3310014507900001")
    budi.locator("button[value=singkirkan]").click()
    # A number of a person is no reason; it stays typed.
    expect(page.locator("#periksa")).to_be_visible()
    expect(budi.locator("[name=note]")).to_have_value("Bukan 3310014507900001")
    budi.locator("[name=note]").fill("Tidak ada di ruangan.")
    budi.locator("button[value=singkirkan]").click()
    expect(waiting).to_have_count(0)
    names = Attendance.objects.order_by("participant__name").values_list(
        "participant__name", flat=True
    )
    assert list(names) == ["Ani Lestari", "Siti Aminah"]
    # Asked again, the device hears what became of it.
    again = send(token, *odd)
    assert [one["status"] for one in again] == ["already", "rejected"]
    assert again[1]["reason"] == "Tidak ada di ruangan."
