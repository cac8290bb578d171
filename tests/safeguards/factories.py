"""Rows and files for the tests of this package."""

import io
import struct
import uuid
import zipfile
import zlib
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page, Site

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def make_site(hostname="localhost"):
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    default = not Site.objects.filter(is_default_site=True).exists()
    return Site.objects.get_or_create(
        hostname=hostname, port=80, defaults={"root_page": root, "is_default_site": default}
    )[0]


def make_user(email="siti@example.org", **fields):
    model = get_user_model()
    if model.USERNAME_FIELD != "email":
        fields.setdefault(model.USERNAME_FIELD, uuid.uuid4().hex)
    return model.objects.create_user(email=email, password="rahasia-sekali", **fields)


def upload(content, name):
    return SimpleUploadedFile(name, content)


def png(width, height, *, idat=b""):
    """A PNG that declares any size; only a decoder would notice that its pixels are missing."""

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = idat or zlib.compress(b"\0" * 1024)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def picture(kind, size=(40, 30)):
    """A real picture, written by Pillow."""
    from PIL import Image

    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


def zipped(members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook(**members):
    """The smallest workbook, with more members by name."""
    parts = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
    return zipped(parts | members)
