import io
import resource
import struct
import time
import zipfile

import pytest
from django import forms
from django.utils.translation import gettext
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.documents.forms import get_document_form

from safeguards import archives
from safeguards.archives import BadArchive, check_archive, is_safe_name
from safeguards.cells import write_xlsx
from safeguards.dimensions import UnknownDimensions, dimensions
from safeguards.forms import SafeDocumentForm, SafeImageForm, UploadGuard
from safeguards.uploads import UploadRejected, check_upload, validate_upload
from tests.safeguards.factories import picture, png, upload, workbook, zipped

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
IMAGE = frozenset({"image"})


def refused(content, name, **options):
    with pytest.raises(UploadRejected) as rejection:
        check_upload(upload(content, name), **options)
    return rejection.value


@pytest.mark.parametrize(
    ("kind", "name", "mime"),
    [
        ("JPEG", "foto.JPG", "image/jpeg"),
        ("PNG", "foto.png", "image/png"),
        ("WEBP", "foto.webp", "image/webp"),
        ("AVIF", "foto.avif", "image/avif"),
    ],
)
def test_pictures_are_taken_by_content(kind, name, mime):
    content = picture(kind)
    file = upload(content, name)
    found = check_upload(file, kinds=IMAGE)
    assert (found.kind, found.mime) == ("image", mime)
    assert file.read() == content
    assert dimensions(io.BytesIO(content), found.extension) == (40, 30)


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (PDF, "panduan.pdf", "pdf"),
        (workbook(**{"xl/worksheets/sheet1.xml": "<c r='A1'/>"}), "a.xlsx", "xlsx"),
        (b"nama,jumlah\nKlaten,3\n", "a.csv", "csv"),
        ("\ufeffnama;jumlah".encode(), "a.csv", "csv"),
        ("nama;jumlah".encode("utf-16"), "a.csv", "csv"),
        (b"", "kosong.csv", None),
    ],
)
def test_documents_are_taken_by_content(content, name, extension):
    if extension is None:
        assert refused(content, name).status == 422
    else:
        assert check_upload(upload(content, name)).extension == extension


def test_a_workbook_of_ours_is_taken():
    target = io.BytesIO()
    write_xlsx(target, ["a", "b"], ([n, "x" * 20] for n in range(20_000)))
    assert check_upload(upload(target.getvalue(), "a.xlsx")).extension == "xlsx"


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
JPEG = picture("JPEG")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "gambar.svg"),
        (SVG, "gambar.png"),
        (SVG, "gambar.csv"),
        (HTML, "foto.jpg"),
        (HTML, "data.csv"),
        (b"\xef\xbb\xbf  " + HTML, "data.csv"),
        (HTML.decode().encode("utf-16"), "data.csv"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)//", "foto.gif"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)//", "foto.jpg"),
        (b"GIF89a=1;alert(1)//,a", "foto.csv"),
        (JPEG, "foto.html"),
        (JPEG, "foto.jpg.php"),
        (JPEG, "foto.png"),
        (JPEG + b"<script>alert(1)</script>", "foto.jpg"),
        (JPEG + workbook(), "foto.jpg"),
        (b"\xff\xd8\xff<?php system($_GET[0]);", "foto.jpg"),
        (b"MZ\x90\x00" + b"\0" * 600, "a.csv"),
        (b"a,b\0c", "a.csv"),
        (b"<html>" + PDF, "a.pdf"),
        (PDF.replace(b"/Type", b"/JavaScript(x)/Type"), "a.pdf"),
        (PDF.replace(b"%%EOF", b""), "a.pdf"),
        (PDF + workbook(), "a.pdf"),
        (PDF.replace(b"\n1 0", b"\n<script>1</script>\n1 0"), "a.pdf"),
        (zipped({"a.txt": "x"}), "a.xlsx"),
        (workbook(**{"xl/vbaProject.bin": "x"}), "a.xlsx"),
        (workbook(**{"xl/a.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]>"}), "a.xlsx"),
        (workbook()[:-30], "a.xlsx"),
    ],
)
def test_disguises_are_refused(content, name):
    rejection = refused(content, name)
    assert rejection.status == 422
    assert rejection.messages


def test_a_kind_that_the_place_does_not_take_is_refused():
    assert refused(PDF, "a.pdf", kinds=IMAGE).status == 422


def test_a_file_beyond_the_limit_is_too_large(settings):
    settings.SAFEGUARDS_UPLOAD_MAX_BYTES = 100
    assert refused(b"a," * 51, "a.csv").status == 413


def webp_bomb():
    canvas = struct.pack("<I", 0)[:4] + (16382).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def lying_zip():
    """A workbook whose member declares ten bytes and holds twenty million."""
    content = bytearray(workbook(**{"xl/a.xml": "0" * 20_000_000}))
    true, lie = struct.pack("<I", 20_000_000), struct.pack("<I", 10)
    return bytes(content.replace(true, lie))


def many_members():
    return workbook(**{f"xl/{number}.xml": "" for number in range(2_001)})


SHEET = "xl/worksheets/sheet1.xml"
CORNER = '<c r="A1"/></row><row r="1048576"><c r="XFD1048576"/>'
CORNERS = {
    "as_excel_writes": {SHEET: CORNER},
    "single_quotes": {SHEET: CORNER.replace('"', "'")},
    "spaces": {SHEET: CORNER.replace('r="', '\nr = "')},
    "small_letters": {SHEET: CORNER.replace("XFD", "xfd")},
    "another_name_space": {SHEET: CORNER.replace("<", "<x:").replace("<x:/", "</x:")},
    "another_folder": {"xl/lembar/sheet1.xml": CORNER},
    "another_suffix": {"xl/media/image1.png": CORNER},
    "cells_without_a_place": {SHEET: '<c r="A1"/></row><row r="1048576">' + "<c/>" * 16_384},
    "a_row_of_its_own": {SHEET: '<c r="A1"/><c r="XFD4000000000"/>'},
    "another_encoding": {SHEET: CORNER},
    "a_row_around_nothing": {SHEET: '</row><c r="XFD1"/><c r="A1048576"/><row>'},
}


def sheet(cells: str, prefix: str = "") -> str:
    rows = f'<{prefix}row xmlns:x="urn:x" r="1">{cells}</{prefix}row>'
    return f'<{prefix}sheetData xmlns:x="urn:x">{rows}</{prefix}sheetData>'


@pytest.mark.parametrize("kind", CORNERS)
def test_a_cell_in_the_last_corner_is_refused_however_it_is_written(kind):
    [(name, cells)] = CORNERS[kind].items()
    body = sheet(cells, "x:" if kind == "another_name_space" else "")
    if kind == "another_encoding":
        body = f'<?xml version="1.0" encoding="cp037"?>{body}'
    assert refused(workbook(**{name: body}), "a.xlsx").status == 413


IN_UTF_16 = "\ufeff<a>".encode("utf-16-le"), "</a>".encode("utf-16-le")


@pytest.mark.parametrize(
    "body",
    [
        IN_UTF_16[0] + sheet(CORNER).ljust(200).encode() + IN_UTF_16[1],
        f"x{sheet(CORNER)}".encode(),
        sheet('<c r="ABCD1"/>').encode(),
        f"<!DOCTYPE a>{sheet('')}".encode(),
    ],
)
def test_a_sheet_that_two_readers_may_read_differently_is_refused(body):
    assert refused(workbook(**{"xl/lembar.dat": body}), "a.xlsx").status == 422


def test_what_else_a_workbook_holds_is_its_own_matter():
    parts = {
        "xl/drawings/vmlDrawing1.vml": "<xml><div>a<br>b</div></xml>",
        "xl/media/image1.svg": "<!DOCTYPE svg><svg/>",
        "xl/worksheets/_rels/sheet1.xml.rels": "",
        "customXml/item1.xml": '<?xml version="1.0" encoding="gb2312"?><a/>',
        "customXml/item2.xml": '<?xml version="1.0" encoding="foo"?><a/>',
        "customXml/item3.xml": "<a/>".encode("utf-16"),
    }
    assert check_upload(upload(workbook(**parts), "a.xlsx")).extension == "xlsx"


def test_as_many_empty_cells_as_hold_a_worker_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ELEMENTS", 1_000)
    parts = {f"xl/{number}.xml": f"<sheetData>{'<c/>' * 300}</sheetData>" for number in range(4)}
    assert refused(workbook(**parts), "a.xlsx").status == 413
    del parts["xl/3.xml"]
    assert check_upload(upload(workbook(**parts), "a.xlsx")).extension == "xlsx"


@pytest.mark.parametrize(
    ("make", "name", "statuses"),
    [
        (lambda: png(50_000, 50_000), "foto.png", {413}),
        (lambda: png(5_000, 4_001), "foto.png", {413}),
        (webp_bomb, "foto.webp", {413}),
        (lambda: workbook(**{"xl/a.xml": "0" * 90_000_000}), "a.xlsx", {413}),
        (lambda: workbook(**{f"xl/{n}.xml": "0" * 60_000_000 for n in range(2)}), "a.xlsx", {413}),
        (lying_zip, "a.xlsx", {413, 422}),
        (many_members, "a.xlsx", {413}),
    ],
)
def test_bombs_are_refused_fast_and_in_little_memory(make, name, statuses):
    content = make()
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refused(content, name).status in statuses
    assert time.monotonic() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_the_largest_picture_that_fits_is_taken():
    assert check_upload(upload(png(5_000, 4_000), "foto.png")).extension == "png"


def test_a_long_animation_is_too_large():
    frames = [Image.new("RGB", (8, 8), ("teal", "white")[n % 2]) for n in range(201)]
    target = io.BytesIO()
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:], method=0, quality=1)
    assert refused(target.getvalue(), "foto.webp").status == 413


@pytest.mark.parametrize(
    "name", ["../a.xml", "/etc/passwd", "xl/../../a", "C:/a", "xl\\..\\a", "a\0b", "a\nb", ""]
)
def test_names_that_leave_the_folder_are_unsafe(name):
    assert is_safe_name(name) is False


def test_zip_slip_is_refused():
    assert refused(workbook(**{"../../etc/cron.d/x": "x"}), "a.xlsx").status == 422
    with pytest.raises(BadArchive):
        check_archive(io.BytesIO(zipped({"../a": "x"})))
    assert check_archive(io.BytesIO(zipped({"a/b.txt": "x"}))) == ["a/b.txt"]


def test_links_and_doubled_names_in_an_archive_are_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("a")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(BadArchive):
        check_archive(target)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("A", "2")
    with pytest.raises(BadArchive):
        check_archive(target)


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "avif"])
def test_dimensions_of_rubbish_are_unknown(extension):
    for content in (b"", b"\xff" * 64, b"\0" * 64):
        with pytest.raises(UnknownDimensions):
            dimensions(io.BytesIO(content), extension)


def test_validate_upload_speaks_in_a_form():
    class Form(forms.Form):
        file = forms.FileField(validators=[validate_upload("pdf")])

    assert Form({}, {"file": upload(PDF, "a.pdf")}).is_valid() is True
    form = Form({}, {"file": upload(HTML, "a.pdf")})
    assert form.is_valid() is False
    assert form.errors.as_data()["file"][0].code == "upload_422"
    assert validate_upload("pdf") == validate_upload("pdf") != validate_upload("image")


def test_upload_guard_checks_before_a_picture_is_opened(monkeypatch):
    class Form(UploadGuard, forms.Form):
        upload_kinds = {"file": IMAGE}
        file = forms.ImageField()

    opened = []
    monkeypatch.setattr(Image, "open", lambda *args, **kwargs: opened.append(args))
    form = Form({}, {"file": upload(png(50_000, 50_000), "foto.png")})
    assert form.errors.as_data()["file"][0].code == "upload_413"
    assert opened == []
    assert SafeImageForm.upload_kinds == {"file": IMAGE}
    assert "pdf" in SafeDocumentForm.upload_kinds["file"]


@pytest.mark.django_db
def test_a_refused_document_is_told_one_reason():
    form_class = get_document_form(get_document_model())
    form = form_class({"title": "Surat"}, {"file": upload(b"bukan surat", "surat.pdf")})
    assert issubclass(form_class, SafeDocumentForm)
    assert form.errors["file"] == [gettext("This type of file is not allowed.")]
