"""Photos of a report: judged by content, made anew, private, blurred where a child is seen."""

import io
import time
import zlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from events.models import ReportFile
from events.services import report_decisions, report_files
from safeguards.models import AuditEntry
from safeguards.services.retention import purge_expired
from safeguards.uploads import UploadRejected
from tests.factories.forms import opened_of
from tests.factories.joining import NIK
from tests.factories.people import make_member
from tests.factories.places import make_district
from tests.factories.planning import client_of, text_of
from tests.factories.reports import (
    AFTER,
    add_photo,
    past_date,
    picture,
    sent_report,
    upload,
    with_place,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kader(klaten):
    return client_of("kader", klaten)


@pytest.fixture
def row(klaten, kader):
    return past_date(klaten, proposer=kader.user)


def path(row, rest: str = "foto/") -> str:
    return f"/ruang/kalender/{row.event_id}/{row.pk}/laporan/{rest}"


def typed(*files, **changed) -> dict:
    return {"key": str(uuid4()), "kind": "foto", "caption": "Pendopo", "photo": files} | changed


def body_of(response) -> bytes:
    return b"".join(response.streaming_content)


def chunk(kind: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + crc


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def test_a_photo_keeps_its_pixels_and_nothing_else(kader, row):
    answer = kader.post(path(row), typed(upload(with_place())))
    assert answer.status_code == 303
    file = ReportFile.objects.get()
    # Its EXIF said that it lies on its side.
    assert (file.width, file.height, file.caption) == (480, 640, "Pendopo")
    for stored in (file.photo, file.preview, file.blurred):
        content = stored.read()
        assert b"Rahasia" not in content
        assert b"rahasia" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert (dict(image.getexif()), image.format) == ({}, "JPEG")
    with pytest.raises(ValueError, match="no address"):
        _ = file.photo.url


class Watched(SimpleUploadedFile):
    """Remembers how much of it was asked for at once."""

    def read(self, size: int = -1) -> bytes:
        self.asked = [*getattr(self, "asked", []), size]
        return self.file.read(size)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(row, settings):
    settings.SAFEGUARDS_UPLOAD_MAX_BYTES = 1_000
    file = Watched("foto.jpg", picture((640, 480)) + b"\0" * 1_000)
    with pytest.raises(UploadRejected) as refused:
        add_photo(row, upload=file)
    assert refused.value.status == 413
    # Sixteen bytes say whether it is a HEIC photo.
    assert file.asked == [16]


def test_several_at_once_and_the_same_form_twice(kader, row):
    key = str(uuid4())

    def files():
        return [upload(picture(colour=colour)) for colour in ("red", "green", "blue")]

    assert kader.post(path(row), typed(*files(), key=key)).status_code == 303
    assert kader.post(path(row), typed(*files(), key=key)).status_code == 303
    assert ReportFile.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (png_of(8_000, 5_000), "foto.png", 413),
        (png_of(60_000, 60_000), "bom.png", 413),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 200, "foto.heic", 422),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 200, "foto.jpg", 422),
        (picture() + b"<script>alert(1)</script>", "foto.jpg", 422),
        (b"GIF89a" + b"\0" * 100, "foto.gif", 422),
        (b"%PDF-1.7\n1 0 obj\n%%EOF", "daftar.pdf", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "foto.svg", 422),
        (picture()[:300], "foto.jpg", 422),
        (b"", "foto.jpg", 422),
    ],
)
def test_what_is_no_photo_is_refused_before_it_is_decoded(kader, row, content, name, status):
    good = upload(picture(colour="navy"), "baik.jpg")
    bad = upload(content or b"", name)
    if not content:
        bad.file, bad.size = io.BytesIO(b""), 0
    began = time.monotonic()
    answer = kader.post(path(row), typed(bad, good) if content else typed(bad))
    assert time.monotonic() - began < 2
    assert answer.status_code == status
    assert 'role="alert"' in text_of(answer)
    assert 'value="Pendopo"' in text_of(answer)
    # The good one beside it is kept.
    assert ReportFile.objects.count() == bool(content)


def test_twenty_megapixels_fit_within_two_seconds(row):
    content = picture((5_000, 4_000))
    began = time.monotonic()
    file = add_photo(row, content=content)
    assert time.monotonic() - began < 2
    assert max(file.width, file.height) == report_files.LONGEST_SIDE


def test_a_heic_photo_is_told_what_to_do():
    heic = upload(b"\0\0\0\x18ftypheic" + b"\0" * 64, "IMG_1.HEIC")
    with pytest.raises(UploadRejected, match="HEIC"):
        report_files.made_anew(heic)


def test_a_face_needs_a_consent_and_is_blurred(kader, row):
    stripes = Image.new("RGB", (640, 480), "white")
    for x in range(0, 640, 8):
        stripes.paste("black", (x, 0, x + 4, 480))
    out = io.BytesIO()
    stripes.save(out, "JPEG")
    sent = {"shows_child_face": "on", "consent_reference": ""}
    assert kader.post(path(row), typed(upload(out.getvalue()), **sent)).status_code == 422
    sent["consent_reference"] = "Map izin 2026, lembar 14"
    assert kader.post(path(row), typed(upload(out.getvalue()), **sent)).status_code == 303
    file = ReportFile.objects.get()
    small = body_of(kader.get(path(row, f"berkas/{file.key}/kecil")))
    with Image.open(io.BytesIO(small)) as image:
        dark, bright = image.convert("L").getextrema()
    assert bright - dark < 60
    page = text_of(kader.get(path(row)))
    assert "Map izin 2026, lembar 14" in page
    whole = kader.get(path(row, f"berkas/{file.key}"))
    assert (whole.status_code, whole["X-Content-Type-Options"]) == (200, "nosniff")
    assert whole["Content-Disposition"].startswith("attachment")
    assert whole["Cache-Control"] == "private, no-store"
    assert body_of(whole)[:2] == b"\xff\xd8"
    assert AuditEntry.objects.filter(verb="report.photo_opened").count() == 1


def test_only_those_of_the_district_who_read_the_report_get_a_photo(klaten, kader, row):
    file = add_photo(row)
    where = path(row, f"berkas/{file.key}")
    readers = (kader, client_of("moderator", klaten), client_of("monev", klaten))
    assert [reader.get(where).status_code for reader in readers] == [200, 200, 200]
    nobody = Client(SERVER_NAME=klaten.site.hostname)
    strangers = (nobody, client_of("kader", klaten), client_of("admin", make_district("lebak")))
    for address in (where, f"{where}/kecil"):
        assert [one.get(address).status_code for one in strangers] == [404, 404, 404]
    assert kader.get(path(row, f"berkas/{uuid4()}")).status_code == 404
    other = past_date(klaten, proposer=kader.user)
    assert kader.get(path(other, f"berkas/{file.key}")).status_code == 404


def test_a_childs_face_is_opened_by_whoever_answers_for_the_report_alone(klaten, kader, row):
    """Who keeps the records without writing any has the blurred one, and no link to another."""
    child = {"shows_child_face": True, "consent_reference": "Map 1"}
    plain, face = add_photo(row), add_photo(row, content=picture(colour="red"), **child)
    sent_report(row)
    monev, office = client_of("monev", klaten), client_of("moderator", klaten)
    where = path(row, f"berkas/{face.key}")
    readers = (kader, office, monev)
    assert [one.get(where).status_code for one in readers] == [200, 200, 404]
    assert [one.get(f"{where}/kecil").status_code for one in readers] == [200, 200, 200]
    assert monev.get(path(row, f"berkas/{plain.key}")).status_code == 200
    # The refused one was not opened.
    opened = AuditEntry.objects.filter(verb="report.photo_opened").order_by("pk")
    assert [entry.actor_id for entry in opened] == [kader.user.pk, office.user.pk]
    both, one = (
        {f'href="{path(row, f"berkas/{file.key}")}"' for file in files}
        for files in ((plain, face), (plain,))
    )
    for reader, expected in ((kader, both), (monev, one)):
        for page in (path(row), path(row).removesuffix("foto/")):
            told = text_of(reader.get(page))
            assert {link for link in both if link in told} == expected, page


def test_the_signed_list_is_taken_after_the_report_was_sent(klaten, row):
    """As long as attendance is: whoever reports at once photographs the list in the evening."""
    sent_report(row)
    with pytest.raises(report_files.NotPossible):
        add_photo(row)
    add_photo(row, kind=ReportFile.Kind.SCAN)
    with pytest.raises(report_files.NotPossible):
        add_photo(row, kind=ReportFile.Kind.SCAN, now=AFTER + timedelta(days=365))
    assert row.reports.get().files.get().kind == ReportFile.Kind.SCAN


def test_whoever_opens_a_scanned_list_is_written_down(klaten, row):
    """It is a list of names, small or large."""
    scan = add_photo(row)
    ReportFile.objects.filter(pk=scan.pk).update(kind=ReportFile.Kind.SCAN)
    office = client_of("moderator", klaten)
    where = path(row, f"berkas/{scan.key}")
    assert [office.get(one).status_code for one in (where, f"{where}/kecil")] == [200, 200]
    opened = AuditEntry.objects.filter(verb="report.photo_opened")
    assert [entry.actor_id for entry in opened] == [office.user.pk] * 2
    # Who may not open it is told so, and sees no broken picture.
    sent_report(row)
    monev = client_of("monev", klaten)
    for page in (path(row), path(row).removesuffix("foto/")):
        assert where in text_of(office.get(page))
        told = text_of(monev.get(page))
        assert (where in told, "Daftar nama hasil pindai" in told) == (False, True)


def test_a_photo_is_described_anew_and_taken_out(kader, row):
    file = add_photo(row)
    where = path(row, f"foto/{file.key}/")
    assert kader.post(where, {"do": "simpan", "caption": NIK}).status_code == 422
    answer = kader.post(
        where,
        {
            "do": "simpan",
            "opened": opened_of(kader.get(where)),
            "caption": "Dari belakang",
            "shows_child_face": "on",
            "consent_reference": "Map 3",
        },
    )
    file.refresh_from_db()
    assert (answer.status_code, file.caption, file.shown) == (303, "Dari belakang", file.blurred)
    storage, names = file.photo.storage, [file.photo.name, file.preview.name, file.blurred.name]
    assert all(storage.exists(name) for name in names)
    assert kader.post(where, {"do": "hapus"}).status_code == 303
    assert ReportFile.objects.count() == 0


def test_what_somebody_else_said_of_a_photo_is_not_overwritten(klaten, kader, row):
    """That a child is seen must not be lost to whoever corrects a word at the same time."""
    file = add_photo(row)
    where = path(row, f"foto/{file.key}/")
    opened = {"do": "simpan", "opened": opened_of(kader.get(where))}
    child = {"caption": "Anak di depan", "shows_child_face": "on", "consent_reference": "Map 3"}
    office = client_of("moderator", klaten)
    assert office.post(where, opened | child).status_code == 303
    assert office.post(where, opened | child).status_code == 303
    mine = opened | {"caption": "Pendopo kabupaten"}
    stale = kader.post(where, mine)
    file.refresh_from_db()
    assert (stale.status_code, file.shows_child_face) == (409, True)
    assert [(one.theirs, one.mine) for one in stale.context["compared"]] == [
        ("Anak di depan", "Pendopo kabupaten"),
        ("ya", "tidak"),
        ("Map 3", "–"),
    ]
    page = text_of(stale)
    assert ("Anak di depan</td>" in page, 'value="Pendopo kabupaten"' in page) == (True, True)
    assert kader.post(where, mine | {"opened": opened_of(stale)}).status_code == 303
    file.refresh_from_db()
    assert (file.caption, file.shows_child_face) == ("Pendopo kabupaten", False)
    office.post(where, {"do": "hapus"})
    assert kader.post(where, mine).status_code == 404


def test_files_go_with_the_row(row, django_capture_on_commit_callbacks):
    file = add_photo(row)
    storage, name = file.photo.storage, file.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        report_files.remove_file(file=file, actor=row.event.proposed_by, now=timezone.now())
    assert not storage.exists(name)


def test_a_sent_report_keeps_its_photos_unless_a_child_is_seen(klaten, kader, row):
    plain = add_photo(row)
    child = add_photo(
        row, content=picture(colour="red"), shows_child_face=True, consent_reference="Map 1"
    )
    report = sent_report(row)
    report_decisions.accept(
        report=report,
        actor=make_member("admin", klaten),
        version=report.version,
        now=timezone.now(),
    )
    assert kader.post(path(row), typed(upload())).status_code == 409
    assert kader.post(path(row, f"foto/{plain.key}/"), {"do": "hapus"}).status_code == 409
    assert kader.post(path(row, f"foto/{child.key}/"), {"do": "hapus"}).status_code == 303
    assert list(ReportFile.objects.all()) == [plain]


def test_photos_are_kept_as_long_as_they_may(row, django_capture_on_commit_callbacks):
    file = add_photo(row)
    storage, name = file.photo.storage, file.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        purge_expired(file.created_at + timedelta(days=3 * 365))
    assert (ReportFile.objects.count(), storage.exists(name)) == (0, False)


def test_the_photo_page_asks_the_same_whatever_it_holds(kader, row):
    counted = []
    kader.get(path(row))
    for number in (1, 3):
        while ReportFile.objects.count() < number:
            add_photo(row, content=picture(colour=(ReportFile.objects.count(), 0, 0)))
        with CaptureQueriesContext(connection) as asked:
            kader.get(path(row))
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_keys_follow_from_form_and_content(row):
    key = UUID(int=7)
    one = add_photo(row, form_key=key)
    assert add_photo(row, form_key=key) == one
    assert add_photo(row, form_key=key, content=picture(colour="red")) != one
