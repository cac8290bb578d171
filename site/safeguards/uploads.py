"""What may be uploaded, decided by content; names and declared types are never believed.

Every limit is checked on headers, before a library decodes a picture or opens a workbook.
"""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from PIL import Image

from safeguards.archives import ArchiveTooLarge, BadArchive, check_workbook
from safeguards.dimensions import UnknownDimensions, dimensions

IMAGE, PDF, SPREADSHEET = "image", "pdf", "spreadsheet"
ALL_KINDS = frozenset({IMAGE, PDF, SPREADSHEET})

MAX_PIXELS = 20_000_000
MAX_FRAMES = 200
MAX_BYTES = 25 * 1024 * 1024

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXTENSIONS = {
    "jpg": {"jpg", "jpeg", "jpe", "jfif"},
    "png": {"png"},
    "webp": {"webp"},
    "avif": {"avif"},
    "pdf": {"pdf"},
    "xlsx": {"xlsx"},
    "csv": {"csv", "txt"},
}
_PILLOW = {"jpg": ["JPEG", "MPO"], "png": ["PNG"], "webp": ["WEBP"], "avif": ["AVIF"]}
# Short tags turn up by chance in megabytes of compressed picture, so only a head is read for them.
_SCRIPTS = (b"<script", b"<iframe", b"<!doctype html", b"<?php ", b"<?php\n", b"javascript:")
_MARKUP = (*_SCRIPTS, b"<html", b"<svg", b"<?php", b"<?=")
_PDF_ACTIONS = (b"/javascript", b"/launch")
_HEAD = 1024
_PIECE = 1024 * 1024


class UploadRejected(ValidationError):
    """Raised for a file that is not taken; ``status`` is 413 (too much) or 422 (not allowed)."""

    def __init__(self, message, *, status: int = 422, params: dict | None = None):
        super().__init__(message, code=f"upload_{status}", params=params)
        self.status = status


@dataclass(frozen=True)
class UploadKind:
    """What a file really is: its kind, media type and the extension it should wear."""

    kind: str
    mime: str
    extension: str


def check_upload(file: Any, *, kinds: Iterable[str] = ALL_KINDS) -> UploadKind:
    """Return what ``file`` is, or raise ``UploadRejected``.

    ``file`` is an upload or an open binary file; it is left at its beginning. ``kinds`` are
    those the place accepts: "image", "pdf", "spreadsheet".
    """
    _check_size(file)
    try:
        found = _identify(file)
        if found is None or found.kind not in kinds or not _wears(file, found):
            raise _not_allowed()
        _CHECKS[found.extension](file, found.extension)
    finally:
        file.seek(0)
    return found


@deconstructible
class validate_upload:  # noqa: N801 - reads as a function where it is used
    """A validator for model and form fields: ``FileField(validators=[validate_upload("pdf")])``.

    A file that is stored already was checked when it came.
    """

    def __init__(self, *kinds: str):
        self.kinds = kinds or tuple(sorted(ALL_KINDS))

    def __call__(self, value: Any) -> None:
        if value and not getattr(value, "_committed", False):
            check_upload(getattr(value, "file", None) or value, kinds=frozenset(self.kinds))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, validate_upload) and self.kinds == other.kinds

    def __hash__(self) -> int:
        return hash(self.kinds)


def _not_allowed() -> UploadRejected:
    return UploadRejected(_("This type of file is not allowed."))


def _too_large(message, **params) -> UploadRejected:
    return UploadRejected(message, status=413, params=params)


def _check_size(file: BinaryIO) -> None:
    file.seek(0, 2)
    size, most = file.tell(), getattr(settings, "SAFEGUARDS_UPLOAD_MAX_BYTES", MAX_BYTES)
    file.seek(0)
    if not size:
        raise UploadRejected(_("This file is empty."))
    if size > most:
        raise _too_large(
            _("This file is too large. At most %(most)s fit."), most=filesizeformat(most)
        )


def _identify(file: BinaryIO) -> UploadKind | None:
    head = file.read(8192)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return UploadKind(PDF, "application/pdf", "pdf")
    if head.startswith(b"PK\x03\x04"):
        return UploadKind(SPREADSHEET, XLSX, "xlsx")
    guess = filetype.guess(head)
    if guess is not None:
        known = guess.extension in _PILLOW
        return UploadKind(IMAGE, guess.mime, guess.extension) if known else None
    if _suffix(file) in _EXTENSIONS["csv"]:
        return UploadKind(SPREADSHEET, "text/csv", "csv")
    return None


def _suffix(file: Any) -> str:
    return PurePosixPath(str(getattr(file, "name", "") or "")).suffix.lower().lstrip(".")


def _wears(file: Any, found: UploadKind) -> bool:
    """Say whether the name fits the content; a nameless file wears nothing wrong."""
    suffix = _suffix(file)
    return not suffix or suffix in _EXTENSIONS[found.extension]


def _holds(file: BinaryIO, needles: tuple[bytes, ...]) -> bool:
    """Say whether any of ``needles`` (in lower case) stands anywhere in the file."""
    file.seek(0)
    overlap, rest = max(map(len, needles)), b""
    while piece := file.read(_PIECE):
        text = rest + piece.lower()
        if any(needle in text for needle in needles):
            return True
        rest = text[-overlap:]
    return False


def _check_image(file: BinaryIO, extension: str) -> None:
    try:
        width, height = dimensions(file, extension)
    except UnknownDimensions as error:
        raise _not_allowed() from error
    frames = 1
    if width * height <= MAX_PIXELS:
        frames = _open_image(file, extension)
    if width * height * frames > MAX_PIXELS * (1 if frames == 1 else 5) or frames > MAX_FRAMES:
        raise _too_large(
            _("This picture has too many pixels. At most %(most)s million fit."),
            most=MAX_PIXELS // 1_000_000,
        )
    if zipfile.is_zipfile(file) or _begins_with_markup(file) or _holds(file, _SCRIPTS):
        raise _not_allowed()


def _begins_with_markup(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(_HEAD).lower()
    return any(tag in head for tag in _MARKUP)


def _open_image(file: BinaryIO, extension: str) -> int:
    """Return the number of frames once the picture library agrees that this is one."""
    file.seek(0)
    try:
        image = Image.open(file, formats=_PILLOW[extension])
        frames = 1 if extension == "jpg" else getattr(image, "n_frames", 1)
        if image.width * image.height > MAX_PIXELS:
            return MAX_FRAMES + 1
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return MAX_FRAMES + 1
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, MemoryError) as error:
        raise _not_allowed() from error
    return frames


def _check_pdf(file: BinaryIO, extension: str) -> None:
    file.seek(max(file.seek(0, 2) - 2048, 0))
    ends = b"%%EOF" in file.read()
    if (
        not ends
        or _begins_with_markup(file)
        or zipfile.is_zipfile(file)
        or _holds(file, _PDF_ACTIONS)
    ):
        raise _not_allowed()


def _check_xlsx(file: BinaryIO, extension: str) -> None:
    try:
        check_workbook(file)
    except ArchiveTooLarge as error:
        raise _too_large(_("This file unpacks to more than fits.")) from error
    except BadArchive as error:
        raise _not_allowed() from error


def _check_csv(file: BinaryIO, extension: str) -> None:
    head = file.read(4096)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16", "replace").encode() if wide else head
    start = text.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<") or any(tag in start for tag in _MARKUP):
        raise _not_allowed()
    if zipfile.is_zipfile(file) or (not wide and _holds(file, (b"\0",))):
        raise _not_allowed()


_CHECKS = {
    "jpg": _check_image,
    "png": _check_image,
    "webp": _check_image,
    "avif": _check_image,
    "pdf": _check_pdf,
    "xlsx": _check_xlsx,
    "csv": _check_csv,
}
