"""`…/hadir/kertas/`: rows typed beside the photo of the signed sheet; what is wrong stays typed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from events.models import Attendance, Participant, ReportFile
from tests.factories.attendance import make_date
from tests.factories.places import make_district, national
from tests.factories.planning import client_of, text_of
from tests.factories.reports import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def klaten():
    national()
    return make_district("klaten")


@pytest.fixture
def row(klaten):
    return make_date(klaten, starts_at=timezone.now() - timedelta(hours=3))


@pytest.fixture
def office(klaten):
    return client_of("moderator", klaten)


def path(row) -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/kertas/"


def typed(*rows) -> dict:
    form = {}
    for number, (name, sex, age) in enumerate(rows, start=1):
        form |= {f"nama-{number}": name, f"jk-{number}": sex, f"umur-{number}": age}
    return form


def test_rows_are_recorded_and_a_repeat_is_a_repeat(office, row):
    form = typed(("Siti Aminah", "P", "25-59"), ("Budi Santoso", "L", "60+"))
    assert office.post(path(row), form).status_code == 303
    assert office.post(path(row), form).status_code == 303
    assert list(Attendance.objects.values_list("way", flat=True)) == ["kertas", "kertas"]
    assert Participant.objects.count() == 2


def test_what_is_wrong_stays_typed_and_the_rest_is_recorded(office, row):
    answer = office.post(
        path(row), typed(("Siti Aminah", "P", "25-59"), ("Budi", "", "60+"), ("Ani", "P", "13-17"))
    )
    assert answer.status_code == 422
    assert ('value="Budi"' in text_of(answer), 'value="Ani"' in text_of(answer)) == (True, True)
    assert 'value="Siti Aminah"' not in text_of(answer)
    assert [one.name for one in Participant.objects.all()] == ["Siti Aminah"]


def test_nearly_the_same_name_is_asked_about(office, row):
    office.post(path(row), typed(("Siti Aminah", "P", "25-59")))
    again = typed(("Siti Aminnah", "P", "25-59"))
    answer = office.post(path(row), again)
    assert answer.status_code == 422
    key = str(Participant.objects.get().key)
    assert key in text_of(answer)
    assert office.post(path(row), again | {"siapa-1": key}).status_code == 303
    assert Participant.objects.count() == 1


def test_a_row_that_means_the_one_above_follows_it_to_whom_it_became(office, row):
    office.post(path(row), typed(("Siti Aminah", "P", "25-59")))
    known = str(Participant.objects.get().key)
    form = typed(("Siti Aminnah", "P", "25-59"), ("Siti Aminahh", "P", "25-59"))
    page = text_of(office.post(path(row), form))
    above = re.findall(r'name="siapa-2" value="([0-9a-f-]{36})"', page)
    [first] = [key for key in above if key != known]
    # Nobody decided about the first one: the second waits with it.
    waits = office.post(path(row), form | {"siapa-2": first})
    assert (waits.status_code, Participant.objects.count()) == (422, 1)
    assert "l-error" not in text_of(waits)
    assert office.post(path(row), form | {"siapa-1": known, "siapa-2": first}).status_code == 303
    assert [str(one.key) for one in Participant.objects.all()] == [known]


SUMARNI = ("Sumarni", "P", "25-59")


def boxes_of(answer) -> dict[str, str]:
    """What a browser would send again, save for what somebody chooses."""
    page = text_of(answer)
    found = dict(re.findall(r'<input [^>]*name="((?:nama|ulang)-\d+)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select [^>]*name="([a-z]+-\d+)">(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def test_the_same_words_in_two_rows_are_asked_about_and_lost_in_no_way(office, row):
    asked = office.post(path(row), typed(SUMARNI, ("Budi", "L", "60+"), SUMARNI))
    assert (asked.status_code, Attendance.objects.count()) == (422, 2)
    key = str(Participant.objects.get(name="Sumarni").key)
    # It is still there, says whom it may be, and nobody has chosen yet.
    page = text_of(asked)
    assert 'name="nama-1" value="Sumarni"' in page
    assert re.search(rf'name="siapa-1" value="{key}">\s*<span>Sumarni, 25-59, [^<]+<', page)
    sent = boxes_of(asked)
    assert office.post(path(row), sent).status_code == 422
    for _again in range(2):
        assert office.post(path(row), sent | {"siapa-1": "baru"}).status_code == 303
        assert Participant.objects.filter(name="Sumarni").count() == 2
    assert Attendance.objects.count() == 3


def test_two_rows_of_one_person_are_one_if_somebody_says_so(office, row):
    asked = office.post(path(row), typed(SUMARNI, SUMARNI))
    key = str(Participant.objects.get().key)
    sent = boxes_of(asked) | {"siapa-1": key}
    answer = office.post(path(row), sent, follow=True)
    [said] = [str(one) for one in answer.context["messages"]]
    assert len(re.findall(r"\b1\b", said)) == 2
    assert Attendance.objects.count() == 1


def test_three_of_the_same_words_may_be_three(office, row):
    asked = office.post(path(row), typed(SUMARNI, SUMARNI, SUMARNI))
    # The two that are left speak of each other by the numbers that they have now.
    assert re.search(
        r'name="siapa-2" value="[0-9a-f-]{36}">\s*<span>[^<]*1: Sumarni', text_of(asked)
    )
    more = office.post(path(row), boxes_of(asked) | {"siapa-1": "baru"})
    assert (more.status_code, Attendance.objects.count()) == (422, 2)
    assert office.post(path(row), boxes_of(more) | {"siapa-1": "baru"}).status_code == 303
    assert Participant.objects.count() == 3


def test_what_was_taken_out_of_a_row_is_a_fault_still_beside_one_that_is_asked_about(office, row):
    number = "33" + "10054508900003"
    rows = typed(SUMARNI, (f"Budi {number}", "L", "60+"), SUMARNI)
    page = text_of(office.post(path(row), rows))
    assert (page.count("l-error"), number in page, 'name="siapa-2"' in page) == (1, False, True)


def test_whoever_was_there_already_is_said_to_have_been(office, row):
    office.post(path(row), typed(SUMARNI))
    answer = office.post(path(row), typed(SUMARNI, ("Budi", "L", "60+")), follow=True)
    said = [str(one) for one in answer.context["messages"]][-1]
    assert re.findall(r"\b\d\b", said) == ["2", "1"]


def test_a_photo_that_is_too_large_is_refused(office, row, settings):
    settings.SAFEGUARDS_UPLOAD_MAX_BYTES = 1_000
    file = SimpleUploadedFile("daftar.jpg", picture((400, 300)) + b"\0" * 1_000)
    answer = office.post(path(row), {"do": "foto", "key": str(uuid4()), "photo": file})
    assert (answer.status_code, ReportFile.objects.count()) == (413, 0)


def test_the_photo_is_kept_privately_and_stands_beside_the_rows(office, row):
    file = SimpleUploadedFile("daftar.jpg", picture((40, 30)))
    answer = office.post(path(row), {"do": "foto", "key": str(uuid4()), "photo": file})
    assert answer.status_code == 303
    kept = ReportFile.objects.get()
    assert kept.kind == "pindaian"
    page = text_of(office.get(path(row)))
    assert f"berkas/{kept.key}" in page
    with pytest.raises(ValueError, match="no address"):
        _address = kept.photo.url


def test_rows_that_are_half_typed_stay_whatever_becomes_of_the_photo(office, row):
    rows = typed(("Siti Aminah", "P", "25-59"), ("Budi", "", ""))
    photo = SimpleUploadedFile("daftar.jpg", picture((40, 30)))
    sent = {"do": "foto", "key": str(uuid4())}
    answers = [
        (200, office.post(path(row), rows | sent | {"photo": photo})),
        (422, office.post(path(row), rows | sent | {"key": str(uuid4())})),
        (422, office.post(path(row), rows | sent | {"photo": SimpleUploadedFile("a.jpg", b"<")})),
    ]
    for status, answer in answers:
        page = text_of(answer)
        assert answer.status_code == status
        assert ('value="Siti Aminah"' in page, 'value="Budi"' in page) == (True, True)
        # Nobody has judged a row that is still being typed.
        assert page.count("l-error") == 0
    assert "Fotonya tersimpan" in text_of(answers[0][1])
    assert (ReportFile.objects.count(), Attendance.objects.count()) == (1, 0)


def test_a_file_that_is_no_photo_is_refused_in_words(office, row):
    file = SimpleUploadedFile("daftar.jpg", b"<html>")
    answer = office.post(path(row), {"do": "foto", "key": str(uuid4()), "photo": file})
    assert answer.status_code == 422
    assert 'role="alert"' in text_of(answer)
    assert ReportFile.objects.count() == 0


def test_only_who_writes_it_down(klaten, row):
    guru = client_of("guru", klaten)
    assert guru.post(path(row), typed(("Siti", "P", "25-59"))).status_code == 403
    assert Attendance.objects.count() == 0
