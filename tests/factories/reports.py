"""Reports of past sessions, and pictures as telephones make them."""

import io
from datetime import UTC, datetime
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Headcount, Occurrence, SessionReport
from events.services import report_decisions, report_files, reporting
from tests.factories.events import make_event
from tests.factories.joining import date_of

# After START of tests.factories.events.
AFTER = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
WORDS = {
    "minutes": "Pembukaan oleh **Bu Camat**.\n\n- Usul pertama\n- Usul kedua",
    "results": "Kader siap mendampingi.",
    "challenges": "Hujan.",
    "solutions": "Pindah ke pendopo.",
    "cost": 1_250_000,
    "cost_source": "APBD",
    "follow_ups": [{"what": "Bentuk kelompok", "owner": "PKK desa", "due": None}],
    "commitments": [],
}


def past_date(district, *, proposer=None, number: int = 0, **changed) -> Occurrence:
    """A date of a public session that is over."""
    return date_of(make_event(district, proposer=proposer, **changed), number)


def save(row, actor=None, *, now=AFTER, key=None, **changed):
    """An outcome of `reporting.save_report`; words that are not given are as in WORDS."""
    own = {
        name: changed.pop(name) for name in ("version", "client_time", "send") if name in changed
    }
    return reporting.save_report(
        occurrence=row,
        actor=actor or row.event.proposed_by,
        key=key or uuid4(),
        values=WORDS | changed,
        now=now,
        **own,
    )


def sent_report(row, *, now=AFTER, **changed) -> SessionReport:
    outcome = save(row, send=True, now=now, **changed)
    assert outcome.status == "created", outcome
    return SessionReport.objects.get(occurrence=row)


def accepted_report(row, actor, *, now=AFTER, **changed) -> SessionReport:
    report = sent_report(row, now=now, **changed)
    return report_decisions.accept(report=report, actor=actor, version=report.version, now=now)


def picture(size=(640, 480), form="JPEG", *, colour="teal", **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form, **more)
    return out.getvalue()


def with_place(size=(640, 480)) -> bytes:
    """A JPEG that says where and when it was taken, turned by its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telepon Rahasia"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", (7.0, 42.0, 0.0)
    return picture(size, exif=exif, comment=b"rahasia")


def upload(content: bytes | None = None, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(), content_type="image/jpeg")


def add_photo(row, *, now=AFTER, content: bytes | None = None, **changed):
    fields = {
        "form_key": uuid4(),
        "upload": upload(content),
        "kind": "foto",
        "caption": "Peserta di pendopo",
        "shows_child_face": False,
        "consent_reference": "",
    }
    file, _new = report_files.add_file(
        occurrence=row, actor=row.event.proposed_by, now=now, **fields | changed
    )
    return file


def count_heads(row, number: int, *, sex: str = "P", age_group: str = "25-59") -> Headcount:
    return Headcount.objects.create(
        district_id=row.district_id,
        occurrence=row,
        sex=sex,
        age_group=age_group,
        number=number,
        told_at=AFTER,
        key=uuid4(),
        server_time=AFTER,
    )
