"""A document is handed out where it is known whose it is, and nowhere else."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tests.factories.places import make_district, national
from website.media.models import CustomDocument

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    national()
    return make_district("klaten")


@pytest.fixture
def document(district):
    row = CustomDocument(title="Buku saku", collection=district.collection)
    row.file.save("buku.pdf", ContentFile(b"%PDF-1.7 kenari"))
    return row


def get(path, host="klaten.localhost"):
    return Client().get(path, headers={"host": host})


def test_a_document_is_an_attachment_that_nothing_sniffs(document):
    answer = get(document.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="buku.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"kenari" in answer.getvalue()


def test_another_office_does_not_have_it(document):
    make_district("lebak")
    answer = get(document.url, "lebak.localhost")
    assert (answer.status_code, answer.content) == (
        404,
        get("/tidak/ada/", "lebak.localhost").content,
    )


def test_its_folder_can_t_be_guessed_and_is_not_open_to_who_knows_it(document):
    assert re.fullmatch(r"dokumen/[-\w]{32}/buku\.pdf", document.file.name)
    # Where Wagtail keeps them by itself, and where an older installation has them.
    default_storage.save("documents/lama.pdf", ContentFile(b"%PDF-1.7"))
    for path in (document.file.name, "documents/lama.pdf"):
        for way in (path, f"/{path}", f"./{path}", f"gambar/../{path}", path.replace("/", "//", 1)):
            assert get(f"/media/{way}").status_code == 404
    default_storage.save("gambar/peta.png", ContentFile(b"PNG"))
    assert get("/media/gambar/peta.png").status_code == 200
