"""What a zip file would become, measured without trusting a word of it.

Excel workbooks are zip files. The declared sizes may lie, so every member is inflated to count
its bytes, at most ``MAX_UNPACKED`` of them and without keeping any. Where a workbook keeps its
sheets is its own choice, so every part is searched for them. A sheet is in UTF-8, and an XML parser
says how large it is: two readers that find different sheets in the same bytes are a way in.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

MAX_MEMBERS = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
# Small members of a healthy workbook often shrink a hundredfold.
RATIO_FROM = 1024 * 1024
MAX_DIRECTORY = 1024 * 1024
MAX_CELLS = 5_000_000
MAX_ELEMENTS = 8_000_000

_PIECE = 64 * 1024
_TAIL = 65_557
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELLS = b"sheetData"
_OVERLAP = 16
_PLACE = re.compile(r"([A-Z]{0,3})(\d{0,10})", re.ASCII | re.IGNORECASE)


class BadArchive(ValueError):
    """Raised for an archive that is broken, hides something or writes outside its folder."""


class ArchiveTooLarge(BadArchive):
    """Raised for an archive that would unpack beyond the limits."""


def check_archive(file: BinaryIO) -> list[str]:
    """Return the names in a zip file after measuring all of it.

    Raises ``ArchiveTooLarge`` beyond 2,000 members, 100 MB unpacked or a ratio of 100, and
    ``BadArchive`` for unsafe names, encryption, unusual compression or broken structure.
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise BadArchive("broken") from error
    _check_members(members)
    total = 0
    for member in members:
        size = 0
        for piece in _inflate(file, member):
            size += len(piece)
            total += len(piece)
            if total > MAX_UNPACKED or _is_bomb(size, member.compress_size):
                raise ArchiveTooLarge("unpacks to too much")
            if size > member.file_size:
                raise BadArchive("holds more than it declares")
    return [member.filename for member in members]


def check_workbook(file: BinaryIO) -> None:
    """Raise ``BadArchive`` unless a measured zip file is an Excel workbook without macros.

    A cell in the last corner would make a reader allocate the whole grid, and an entity can
    unfold into gigabytes: both are refused as well.
    """
    names = set(check_archive(file))
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise BadArchive("no workbook inside")
    if any(PurePosixPath(name).name.lower().endswith((".bin", ".exe", ".js")) for name in names):
        macros = [name for name in names if "printersettings" not in name.lower()]
        if any(name.lower().endswith((".bin", ".exe", ".js")) for name in macros):
            raise BadArchive("macros")
    with zipfile.ZipFile(file) as archive:
        grid = _Grid()
        for member in archive.infolist():
            if _holds_cells(file, member):
                grid.measure(_inflate(file, member))


def _check_directory(file: BinaryIO) -> None:
    """Bound the central directory before a library reads it into memory."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(size - _TAIL, 0))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise BadArchive("no directory")
    members, directory_size = struct.unpack("<HL", tail[at + 10 : at + 16])
    if members == 0xFFFF or directory_size > MAX_DIRECTORY or members > MAX_MEMBERS:
        raise ArchiveTooLarge("too many members")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise ArchiveTooLarge("too many members")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise ArchiveTooLarge("unpacks to too much")
    names = set()
    for member in members:
        name = member.orig_filename
        if not is_safe_name(name) or name.lower() in names:
            raise BadArchive("unsafe name")
        names.add(name.lower())
        if member.flag_bits & 0x1 or member.compress_type not in {0, 8}:
            raise BadArchive("encrypted or unusual compression")
        if member.external_attr >> 16 & 0o170000 == 0o120000:
            raise BadArchive("a link")
        if _is_bomb(member.file_size, member.compress_size):
            raise ArchiveTooLarge("unpacks to too much")


def is_safe_name(name: str) -> bool:
    """Say whether a member's name stays inside the folder it would be unpacked to."""
    if not name or "\\" in name or ":" in name or any(ord(c) < 32 for c in name):
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _is_bomb(size: int, compressed: int) -> bool:
    return size > RATIO_FROM and size > MAX_RATIO * max(compressed, 1)


def _inflate(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member really holds, in pieces of 64 KB."""
    file.seek(member.header_offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise BadArchive("broken")
    method, name_length, extra_length = (
        *struct.unpack("<H", head[8:10]),
        *struct.unpack("<HH", head[26:30]),
    )
    if method != member.compress_type:
        raise BadArchive("two opinions about its compression")
    file.seek(name_length + extra_length, 1)
    left = member.compress_size
    inflater = zlib.decompressobj(-15) if method == 8 else None
    while left > 0:
        packed = file.read(min(_PIECE, left))
        if not packed:
            raise BadArchive("cut off")
        left -= len(packed)
        if inflater is None:
            yield packed
            continue
        while packed:
            try:
                yield inflater.decompress(packed, _PIECE)
            except zlib.error as error:
                raise BadArchive("broken") from error
            packed = inflater.unconsumed_tail


def _holds_cells(file: BinaryIO, member: zipfile.ZipInfo) -> bool:
    """Whether a part is a sheet, whatever it is called; raises ``BadArchive`` for entities."""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    rest, found = b"", False
    for piece in _inflate(file, member):
        text = rest + piece
        if is_xml and _ENTITIES.search(text):
            raise BadArchive("entities")
        found = found or _CELLS in text
        rest = text[-_OVERLAP:]
    return found


def _refuse_doctype(*_declared: object) -> None:
    raise BadArchive("entities")


class _Grid:
    """How many rows and columns a reader would make room for, sheet by sheet."""

    def __init__(self) -> None:
        self._elements = 0

    def measure(self, pieces: Iterator[bytes]) -> None:
        """Read one sheet; raises ``ArchiveTooLarge`` or ``BadArchive``."""
        self._row = self._column = self._rows = self._columns = 0
        # Whatever encoding it declares; without a zero byte there is no UTF-16 either.
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for piece in pieces:
                if b"\0" in piece:
                    raise BadArchive("no text")
                parser.Parse(piece)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise BadArchive("broken") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise ArchiveTooLarge("too many elements")
        kind = name.rpartition(":")[2]
        if kind not in {"row", "c"}:
            return
        place = _PLACE.fullmatch(attributes.get("r", ""))
        if place is None:
            raise BadArchive("broken")
        letters, number = place.groups()
        if kind == "row":
            self._row, self._column = int(number or self._row + 1), 0
        else:
            self._column = _column_number(letters.upper()) or self._column + 1
        self._rows = max(self._rows, self._row, int(number or 1))
        self._columns = max(self._columns, self._column)
        if self._rows * self._columns > MAX_CELLS:
            raise ArchiveTooLarge("too many cells")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
