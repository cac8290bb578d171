"""What is said, in both languages, when the data folder is full or may not be written."""

import errno
from collections.abc import Iterator
from pathlib import Path

from django.db.utils import DatabaseError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# SQLite has one kind of error for all of these, and PostgreSQL says them in its own words.
SAYS_FULL = ("disk is full", "no space left on device", "disk quota exceeded")
SAYS_CLOSED = ("readonly database", "unable to open database file", "read-only file system")


def sentence_for(error: BaseException, folder: Path) -> str:
    """The sentence for a disk that refused, "" when something else went wrong.

    What a fault led to often hides it, so its causes are looked at as well.
    """
    for one in _chain(error):
        if _is(one, FULL, SAYS_FULL):
            return (
                f"Disk penuh; kosongkan sedikitnya 1 GB di disk {folder}, lalu ulangi.\n"
                f"The disk is full; free at least 1 GB on the disk of {folder}, then try again."
            )
        if _is(one, CLOSED, SAYS_CLOSED):
            return (
                f"{folder} tidak boleh ditulisi; pilih folder milik Anda dengan LINDUNGI_DATA.\n"
                f"{folder} is not writable; choose a folder of yours with LINDUNGI_DATA."
            )
    return ""


def _is(error: BaseException, numbers: frozenset[int], words: tuple[str, ...]) -> bool:
    if isinstance(error, OSError):
        return error.errno in numbers
    return isinstance(error, DatabaseError) and any(word in str(error).lower() for word in words)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__
