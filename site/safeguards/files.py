"""Private files: outside MEDIA_ROOT, without an address, sent only by a view that asked first."""

from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages
from django.http import FileResponse

from safeguards.logs import one_line

PRIVATE_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# Anything else leaves as octets, so that no browser is tempted to show it.
_TYPES = {
    ".avif": "image/avif",
    ".csv": "text/csv; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def private_storage() -> Storage:
    """Return the storage for ``FileField(storage=private_storage)``: no URL, owner-only modes.

    It is ``STORAGES["private"]``, or else a folder at ``PRIVATE_MEDIA_ROOT``.
    """
    try:
        return storages["private"]
    except InvalidStorageError:
        location = getattr(settings, "PRIVATE_MEDIA_ROOT", None)
        if location is None:
            raise ImproperlyConfigured(
                'Set PRIVATE_MEDIA_ROOT or STORAGES["private"]: a folder that no address leads to.'
            ) from None
        return PrivateFileSystemStorage(location=location)


class PrivateFileSystemStorage(FileSystemStorage):
    """A folder that only the server's own account reads, and that no address leads to."""

    def __init__(self, location=None, **options):
        options = {
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
            **options,
        }
        super().__init__(location=location or settings.PRIVATE_MEDIA_ROOT, **options)

    def url(self, name):
        raise ValueError("A private file has no address; send it with private_response().")


def private_response(file: IO[bytes], *, filename: str) -> FileResponse:
    """Send a file as a download that is neither shown, sniffed, framed nor kept.

    The caller has checked who asks; ``filename`` is what the reader's device calls it.
    """
    name = PurePosixPath(one_line(filename).replace("\\", "/")).name or "berkas"
    kind = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    response = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    for header, value in PRIVATE_HEADERS.items():
        response[header] = value
    return response
