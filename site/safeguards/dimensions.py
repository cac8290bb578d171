"""The size of a picture from its header alone, before any library decodes a pixel of it.

PNG: RFC 2083. JPEG: ITU T.81 annex B. WebP: RFC 9649. AVIF: ISO/IEC 23008-12 ``ispe``.
"""

import re
import struct
from typing import BinaryIO

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_AVIF_HEAD = 1_000_000


class UnknownDimensions(ValueError):
    """Raised when a header does not hold a size where its format puts it."""


def dimensions(file: BinaryIO, extension: str) -> tuple[int, int]:
    """Return width and height in pixels of a png, jpg, webp or avif; the largest it declares."""
    file.seek(0)
    try:
        width, height = _READERS[extension](file)
    except (struct.error, IndexError, KeyError) as error:
        raise UnknownDimensions(extension) from error
    if width < 1 or height < 1:
        raise UnknownDimensions(extension)
    return width, height


def _png(file: BinaryIO) -> tuple[int, int]:
    head = file.read(24)
    if head[12:16] != b"IHDR":
        raise UnknownDimensions("png")
    return struct.unpack(">II", head[16:24])


def _jpeg(file: BinaryIO) -> tuple[int, int]:
    file.seek(2)
    while True:
        lead = file.read(1)
        if lead != b"\xff":
            raise UnknownDimensions("jpg")
        marker = file.read(1)[0]
        while marker == 0xFF:
            marker = file.read(1)[0]
        if marker in _JPEG_BARE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">xHH", file.read(5))
            return width, height
        if marker in {0xD9, 0xDA} or length < 2:
            raise UnknownDimensions("jpg")
        file.seek(length - 2, 1)


def _webp(file: BinaryIO) -> tuple[int, int]:
    head = file.read(30)
    chunk = head[12:16]
    if chunk == b"VP8X":
        return _uint24(head[24:27]) + 1, _uint24(head[27:30]) + 1
    if chunk == b"VP8L" and head[20] == 0x2F:
        (bits,) = struct.unpack("<I", head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise UnknownDimensions("webp")


def _avif(file: BinaryIO) -> tuple[int, int]:
    sizes = [
        struct.unpack(">II", match[1])
        for match in re.finditer(rb"ispe\x00{4}(.{8})", file.read(_AVIF_HEAD), re.DOTALL)
    ]
    if not sizes:
        raise UnknownDimensions("avif")
    return max(sizes, key=lambda size: size[0] * size[1])


def _uint24(octets: bytes) -> int:
    return int.from_bytes(octets, "little")


_READERS = {"png": _png, "jpg": _jpeg, "webp": _webp, "avif": _avif}
