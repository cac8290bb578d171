import io
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from safeguards.files import PrivateFileSystemStorage, private_response, private_storage


def test_private_response_is_a_download_that_nobody_keeps_or_shows():
    response = private_response(io.BytesIO(b"isi"), filename="daftar hadir.pdf")
    assert b"".join(response) == b"isi"
    assert response["Content-Disposition"] == 'attachment; filename="daftar hadir.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "filename", ["../../etc/x.html", "a\r\nSet-Cookie: b=1\r\n.html", "C:\\x\\y.svg", "", "x.html"]
)
def test_private_response_takes_no_path_header_or_page_from_a_name(filename):
    response = private_response(io.BytesIO(b"<script>"), filename=filename)
    assert response["Content-Type"] == "application/octet-stream"
    assert "Set-Cookie" not in response
    said = response["Content-Disposition"]
    assert said.startswith("attachment")
    assert not [sign for sign in ("/", "\\", "\r", "\n") if sign in said]


def test_private_files_are_their_owners_alone(tmp_path):
    storage = PrivateFileSystemStorage(location=tmp_path / "pribadi")
    name = storage.save("a/foto.jpg", ContentFile(b"x"))
    assert os.stat(storage.path(name)).st_mode & 0o777 == 0o600
    assert os.stat(tmp_path / "pribadi" / "a").st_mode & 0o777 == 0o700
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)


def test_private_storage_is_the_configured_one_or_a_folder(settings, tmp_path, monkeypatch):
    backend = {"BACKEND": "safeguards.files.PrivateFileSystemStorage"}
    settings.PRIVATE_MEDIA_ROOT = tmp_path / "satu"
    settings.STORAGES = {"default": backend}
    assert private_storage().path("x") == str(tmp_path / "satu" / "x")
    settings.STORAGES = {"private": backend | {"OPTIONS": {"location": tmp_path / "dua"}}}
    assert private_storage() is storages["private"]
    assert private_storage().path("x") == str(tmp_path / "dua" / "x")
