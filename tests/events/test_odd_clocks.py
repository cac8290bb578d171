"""A device whose clock stands where the calendars end: told as if it had none, and shown safely."""

import io
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from events.attendance import order
from events.models import Attendance, Headcount, SessionReport
from events.services import devices
from safeguards.clocks import FIRST, LAST
from safeguards.models import Fact
from tests.factories.attendance import make_date, mark, person, told
from tests.factories.planning import client_of, text_of

pytestmark = pytest.mark.django_db
ENDS = [
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T20:00:00Z",
    "9999-12-31T23:59:59-12:00",
]
LAST_EVENING = datetime(9999, 12, 31, 20, tzinfo=UTC)


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


@pytest.fixture
def row(klaten):
    return make_date(klaten, starts_at=timezone.now() - timedelta(hours=3))


@pytest.fixture
def send(klaten, office):
    _device, token = devices.register(
        member=office.user, district=klaten, label="Ponsel", now=timezone.now()
    )

    def send(*facts):
        answer = Client(SERVER_NAME=klaten.site.hostname).post(
            "/api/v1/sync",
            json.dumps({"facts": facts}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 200
        return [one["status"] for one in answer.json()["results"]]

    return send


def facts_at(row, clock: str) -> list[dict]:
    here = {"occurrence": str(row.key)}
    who = {"key": str(uuid4()), "name": "Siti Aminah", "sex": "P", "age_group": "25-59"}
    found = [
        told("hadir", here | {"person": who, "status": "hadir"}),
        told("hitung", here | {"cells": [{"sex": "P", "age_group": "25-59", "number": 2}]}),
        told("laporan", here | {"results": "Jadi"}),
    ]
    return [one | {"client_time": clock} for one in found]


@pytest.mark.parametrize("clock", ENDS)
def test_it_counts_as_told_when_it_arrived(send, row, office, clock):
    batch = facts_at(row, clock)
    before = timezone.now()
    assert send(*batch) == ["created"] * 3
    assert send(*batch) == ["already"] * 3
    kept = [*Attendance.objects.all(), *Headcount.objects.all()]
    assert [(one.client_time, one.skewed) for one in kept] == [(None, True)] * 2
    moments = [one.told_at for one in (*kept, SessionReport.objects.get())]
    assert all(before <= moment <= timezone.now() for moment in moments)
    assert set(Fact.objects.values_list("client_time", "skewed")) == {(None, True)}


@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_every_zone_has_a_date_for_what_is_kept(moment):
    for hours in (-12, 14):
        moment.astimezone(tz=timezone.get_fixed_timezone(hours * 60))
    assert order.telling(uuid4(), moment, timezone.now()).at == moment


def test_what_stands_with_such_a_clock_already_is_shown_without_it(send, row, office):
    unknown = told("hadir", {"occurrence": str(row.key), "person": {"key": str(uuid4())},
                             "status": "hadir"}, at=timezone.now())  # fmt: skip
    assert send(unknown) == ["quarantined"]
    aside = office.get("/ruang/karantina/")
    assert "Menurut perangkat" in text_of(aside)
    mark(row, person("Budi Santoso", sex="L"), now=timezone.now())
    Fact.objects.update(client_time=LAST_EVENING)
    Attendance.objects.update(client_time=LAST_EVENING)
    aside = office.get("/ruang/karantina/")
    assert (aside.status_code, "Menurut perangkat" in text_of(aside)) == (200, False)
    path = f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/daftar."
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(path + "xlsx").content)).worksheets[0]
    header, budi = sheet.values
    noted = dict(zip(header, budi, strict=True))["dicatat"]
    assert abs(noted - timezone.now().replace(tzinfo=None)) < timedelta(days=1)
    assert "Budi Santoso" in office.get(path + "csv").content.decode()
