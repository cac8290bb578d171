"""Photos and scans of a report: judged by content, made anew from their pixels, kept privately."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageFilter, ImageOps

from events.attendance.closing import is_closed
from events.models import Occurrence, ReportFile, SessionReport
from events.services.bookkeeping import NotPossible
from events.services.reporting import held_report, may_report, note, why_not_yet
from safeguards.files import private_storage
from safeguards.identifiers import refuse_identity_numbers
from safeguards.lost_updates import check_opened
from safeguards.uploads import IMAGE, UploadKind, UploadRejected, check_upload

MOST_FILES = 40
LONGEST_SIDE, PREVIEW_SIDE, BLURRED_SIDE = 2_400, 640, 24
QUALITY, PREVIEW_QUALITY = 85, 75
# What an iPhone keeps its photos as, by the brands of ISO/IEC 23008-12.
HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@dataclass(frozen=True)
class Picture:
    """A photo made anew: JPEG without anything but pixels, a small one, and one of no detail."""

    photo: bytes
    preview: bytes
    blurred: bytes
    width: int
    height: int


def judged(upload: Any) -> UploadKind:
    """What kind of picture this is, by its head and size; raises UploadRejected."""
    _refuse_heic(upload)
    return check_upload(upload, kinds=frozenset({IMAGE}))


def made_anew(upload: Any, found: UploadKind | None = None) -> Picture:
    """What may be kept of an upload; raises UploadRejected, before anything large is decoded.

    `found` is what it is, where that was judged before.
    """
    found = found or judged(upload)
    try:
        with Image.open(upload) as image:
            # A JPEG of ten times the pixels is decoded at a fraction of them.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = _upright(image)
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        # Its head was right, its pixels are not: cut off on the way, or made to look like one.
        raise UploadRejected(
            _("This picture (%(kind)s) is damaged. Please take it again or send another one.")
            % {"kind": found.extension.upper()}
        ) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return Picture(
        photo=_jpeg(picture, QUALITY),
        preview=_jpeg(small, PREVIEW_QUALITY),
        blurred=_jpeg(_blurred(small), PREVIEW_QUALITY),
        width=picture.width,
        height=picture.height,
    )


def add_file(
    *,
    occurrence: Occurrence,
    actor: Any,
    form_key: UUID,
    upload: Any,
    kind: str,
    caption: str,
    shows_child_face: bool,
    consent_reference: str,
    now: datetime,
) -> tuple[ReportFile, bool]:
    """Keep a photo or scan once, however often its form is sent; (file, whether it is new).

    Raises UploadRejected, and NotPossible for who may not, too many, or a report that was sent.
    """
    _may_add(occurrence, actor, now)
    for text in (caption, consent_reference):
        refuse_identity_numbers(text)
    # Before a byte more is read: a file of any size may have been sent.
    found = judged(upload)
    key = uuid5(form_key, hashlib.sha256(upload.read()).hexdigest())
    upload.seek(0)
    if known := ReportFile.objects.for_district(occurrence.district_id).filter(key=key).first():
        return known, False
    picture = made_anew(upload, found)
    # Written before anything is held: a slow disk must not keep others from writing.
    storage = private_storage()
    names = _stored(storage, occurrence.district.slug, key, picture)
    try:
        row = _added(
            occurrence,
            actor,
            now,
            key=key,
            kind=kind,
            caption=caption,
            shows_child_face=shows_child_face,
            consent_reference=consent_reference if shows_child_face else "",
            size=len(picture.photo),
            width=picture.width,
            height=picture.height,
            **names,
        )
    except BaseException as error:
        for name in names.values():
            storage.delete(name)
        known = ReportFile.objects.for_district(occurrence.district_id).filter(key=key).first()
        if isinstance(error, IntegrityError) and known is not None:
            return known, False
        raise
    return row, True


def describe_file(
    *,
    file: ReportFile,
    actor: Any,
    caption: str,
    shows_child_face: bool,
    consent_reference: str,
    now: datetime,
    opened: str | None = None,
) -> ReportFile:
    """Say anew what a photo shows; whether a child's face is seen can be said at any time.

    Raises Outdated where it does not stand as it was `opened`, an imprint of `words_of`, and
    ReportFile.DoesNotExist for one that was taken out meanwhile.
    """
    occurrence = file.report.occurrence
    if not may_report(actor, occurrence.event):
        raise NotPossible(_("This session is not yours to report on."))
    for text in (caption, consent_reference):
        refuse_identity_numbers(text)
    told = {
        "caption": caption,
        "shows_child_face": shows_child_face,
        "consent_reference": consent_reference if shows_child_face else "",
    }
    with transaction.atomic():
        held = ReportFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        check_opened(opened, stands=words_of(held), told=told)
        for name, value in told.items():
            setattr(file, name, value)
        file.save(update_fields=list(told))
        note(file, actor, now, "report.photo_described", face=shows_child_face)
    return file


def words_of(file: ReportFile) -> dict[str, Any]:
    """What is said of a photo."""
    return {
        "caption": file.caption,
        "shows_child_face": file.shows_child_face,
        "consent_reference": file.consent_reference,
    }


def remove_file(*, file: ReportFile, actor: Any, now: datetime) -> None:
    """Take a photo out, with all that was made of it; a report that was accepted keeps its own.

    One that shows a child goes whatever became of the report: a guardian may change their mind.
    """
    report = file.report
    if not may_report(actor, report.occurrence.event):
        raise NotPossible(_("This session is not yours to report on."))
    if not report.is_open and not file.shows_child_face:
        raise NotPossible(_("This report was sent, so its photos stay."))
    stored = [(one.storage, one.name) for one in (file.photo, file.preview, file.blurred) if one]
    with transaction.atomic():
        note(file, actor, now, "report.photo_removed", kind=file.kind)
        file.delete()
        for storage, name in stored:
            transaction.on_commit(_deletion(storage, name), robust=True)


def _deletion(storage: Storage, name: str) -> Any:
    return lambda: storage.delete(name)


def _may_add(occurrence: Occurrence, actor: Any, now: datetime) -> None:
    if not may_report(actor, occurrence.event):
        raise NotPossible(_("This session is not yours to report on."))
    if closed := why_not_yet(occurrence, now):
        raise NotPossible(closed)


def _added(occurrence: Occurrence, actor: Any, now: datetime, **fields: Any) -> ReportFile:
    with transaction.atomic():
        report: SessionReport = held_report(occurrence, now)
        # The signed list is taken as long as attendance is, though the report was sent already.
        is_list = fields["kind"] == ReportFile.Kind.SCAN and not is_closed(occurrence, now)
        if not (report.is_open or is_list):
            raise NotPossible(
                _("This report was sent. The office has to send it back before it can be changed.")
            )
        if report.files.count() >= MOST_FILES:
            raise NotPossible(
                _("A report holds at most %(most)d photos and scans.") % {"most": MOST_FILES}
            )
        row = ReportFile.objects.create(
            district_id=occurrence.district_id,
            report=report,
            uploaded_by=actor,
            created_at=now,
            **fields,
        )
        note(row, actor, now, "report.photo_added", kind=row.kind, face=row.shows_child_face)
        return row


def _stored(storage: Storage, slug: str, key: UUID, picture: Picture) -> dict[str, str]:
    return {
        name: storage.save(
            f"laporan/{slug}/{key.hex}-{name}.jpg", ContentFile(getattr(picture, name))
        )
        for name in ("photo", "preview", "blurred")
    }


def _refuse_heic(upload: Any) -> None:
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        raise UploadRejected(
            _(
                "This is a HEIC photo, as iPhones keep them; we can't read it. Send it as JPEG: "
                "Settings, Camera, Formats, Most Compatible."
            )
        )


def _upright(image: Image.Image) -> Image.Image:
    """The pixels as they are seen, on white; turning them needs the EXIF that then stays behind."""
    turned = ImageOps.exif_transpose(image)
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        whole = turned.convert("RGBA")
        ground = Image.new("RGB", whole.size, "white")
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    return turned.convert("RGB")


def _blurred(image: Image.Image) -> Image.Image:
    """So few pixels that nobody can be recognised, in the size of the preview."""
    few = image.copy()
    few.thumbnail((BLURRED_SIDE, BLURRED_SIDE))
    return few.resize(image.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(8))


def _jpeg(image: Image.Image, quality: int) -> bytes:
    # A picture of its own: what came with the file (EXIF, XMP, comments, profiles) is not copied.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
