"""What a class sees whose module is withdrawn while it is taught."""

import pytest
from django.test import Client
from django.utils import timezone

from modules.models import ClassRun
from modules.services import runs
from modules.services.reviewing import lift, withdraw
from tests.factories.modules import ITEM, RIGHT, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.pupils import joined_phone, text

pytestmark = pytest.mark.django_db
TEACHER_READS = "Modul ini baru saja ditarik. Ini bukan kesalahan Anda."
WALL_READS = "Kita berhenti di sini dulu"
PUPIL_READS = "Modul ini sedang diperiksa lagi, jadi kita berhenti di sini dulu. Ini bukan salahmu."


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def run(lebak):
    return make_run(lebak, facilitator=make_member("guru", lebak), now=timezone.now())


@pytest.fixture
def phone(run):
    return joined_phone(run)


@pytest.fixture
def desk(run):
    client = Client(headers={"host": "lebak.localhost"})
    client.force_login(run.facilitator)
    return client


@pytest.fixture
def editor():
    return make_member("editor", national())


def take_back(run, editor):
    withdraw(page=run.edition.page, actor=editor, reason="Isinya salah.", now=timezone.now())


def test_every_screen_says_why_it_ended(run, phone, desk, editor):
    screens = (
        (desk, f"/ruang/kelas/{run.pk}/", TEACHER_READS),
        (desk, f"/ruang/kelas/{run.pk}/layar/", WALL_READS),
        (phone, f"/gabung/{run.code}/", PUPIL_READS),
    )
    for client, path, words in screens:
        assert words not in text(client.get(path))
    take_back(run, editor)
    for client, path, words in screens:
        answer = client.get(path)
        assert answer.status_code == 200
        assert words in text(answer)
    # Reasons are the office's own.
    assert "Isinya salah." not in "".join(text(client.get(path)) for client, path, _w in screens)


def test_a_class_that_ended_before_reads_the_usual_words(run, phone, desk, editor):
    runs.close_run(run=run, now=timezone.now())
    take_back(run, editor)
    assert TEACHER_READS not in text(desk.get(f"/ruang/kelas/{run.pk}/"))
    assert PUPIL_READS not in text(phone.get(f"/gabung/{run.code}/"))


def test_it_is_opened_again_only_after_the_lift(run, desk, editor):
    take_back(run, editor)
    assert "Isinya salah." not in text(desk.get(f"/ruang/kelas/{run.pk}/"))
    send = {"do": "reopen"}
    desk.post(f"/ruang/kelas/{run.pk}/langkah/", send)
    assert ClassRun.objects.get(pk=run.pk).state == ClassRun.State.CLOSED
    lift(page=run.edition.page, actor=make_member("moderator", national()), now=timezone.now())
    desk.post(f"/ruang/kelas/{run.pk}/langkah/", send)
    assert ClassRun.objects.get(pk=run.pk).state == ClassRun.State.OPEN


def test_no_answer_is_taken_any_more(run, phone, editor):
    take_back(run, editor)
    answer = phone.post(
        f"/gabung/{run.code}/jawab/",
        {
            "key": "5d0f3c1e-7a39-4c63-9d9e-3f0d6b1a0099",
            "item": str(ITEM["single"]),
            "choice": str(RIGHT["single"]["choice"]),
        },
    )
    assert answer.status_code == 410
    assert run.submissions.count() == 0
