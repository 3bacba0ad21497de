"""Limits on files from outside, checked before any library opens them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

# Up to here a file takes less than 1 GB of memory and 10 seconds: see tests/test_sheets.py.
MOST_CELLS = 125_000 * 20
MOST_PLAIN_CELLS = 600_000 * 20  # of text and Parquet files, which take less
MOST_BYTES = 150_000_000
MOST_PARTS = 10_000
_MOST_INDEX = 20_000_000  # bytes of a part that only lists others


class RefusedError(Exception):
    """A file that is refused, with the kind of problem, its place and details."""

    def __init__(
        self, kind: str, *, sheet: str = "", row: int | None = None, **details: object
    ) -> None:
        super().__init__(kind)
        self.kind, self.sheet, self.row, self.details = kind, sheet, row, details


def wrong_format(**where: object) -> RefusedError:
    """Return the refusal of a file whose content does not match its extension."""
    return RefusedError("wrong_format", **where)


def check_bytes(size: int) -> None:
    """Refuse a file that is too large to read."""
    if size > MOST_BYTES:
        raise RefusedError(
            "too_large", found=f"{size / 1e6:.0f} MB", limit=f"{MOST_BYTES / 1e6:.0f} MB"
        )


@dataclass
class Cells:
    """Areas of all sheets of a file, with a limit on their sum."""

    areas: list[tuple[int, int]] = field(default_factory=list)
    most: int = MOST_CELLS

    def take(self, rows: int, columns: int, sheet: str = "") -> None:
        """Add one area; refuse the file if the sum is too large."""
        self.areas.append((rows, columns))
        if sum(height * width for height, width in self.areas) > self.most:
            largest = sorted(self.areas, key=lambda area: area[0] * area[1], reverse=True)
            found = [f"{height} × {width}" for height, width in largest[:3]]
            found += ["…"] * (len(largest) > 3)
            limit = f"{self.most // 20} × 20"
            raise RefusedError("too_many_cells", sheet=sheet, found=" + ".join(found), limit=limit)


@dataclass
class Scan:
    """Properties of a sheet found in its bytes, beside the values; counted from zero."""

    name: str
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)


class Package:
    """The parts of a zipped office file, unpacked up to one limit for all.

    Neither the sizes that the zip declares nor its own reader are trusted: a part is unpacked
    here, up to the limit, and must then be what was declared.
    """

    def __init__(self, content: bytes) -> None:
        # The list of parts costs memory before any part is read.
        if not content.startswith(b"PK\3\4") or content.count(b"PK\1\2") > MOST_PARTS:
            raise wrong_format()
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts = file.infolist()
        self._content = memoryview(content)
        self._left = MOST_BYTES
        self._parts = {_plain(part.filename): part for part in parts}
        if len(self._parts) < len(parts):
            raise wrong_format()  # readers differ on which of two parts of one name they take

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def names(self) -> list[str]:
        """List the parts in lower case."""
        return list(self._parts)

    def read(self, name: str) -> bytes:
        """Unpack one part."""
        part = self._parts.get(_plain(name))
        if part is None:
            raise wrong_format()
        if part.flag_bits & 1:
            raise RefusedError("password")
        check_bytes(MOST_BYTES - self._left + part.file_size)
        data = self._unpack(part)
        check_bytes(MOST_BYTES - self._left + len(data))
        if len(data) != part.file_size or zlib.crc32(data) != part.CRC:
            raise wrong_format()
        self._left -= len(data)
        return data

    def _unpack(self, part: zipfile.ZipInfo) -> bytes:
        head = bytes(self._content[part.header_offset : part.header_offset + 30])
        mark, name, extra = struct.unpack("<4s22xHH", head)
        start = part.header_offset + 30 + name + extra
        packed = self._content[start : start + part.compress_size]
        if mark != b"PK\3\4" or part.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise wrong_format()
        if part.compress_type == zipfile.ZIP_STORED:
            return bytes(packed)
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, self._left + 1)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def parse_xml(
    part: bytes,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Parse XML with callbacks; a document type (and with it any entity) is refused."""

    def refuse(*_: object) -> None:
        raise wrong_format()  # office files have no entities; a few can expand to gigabytes

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.Parse(part, True)


def elements(part: bytes, *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """List the named elements of a small part with their attributes, without prefixes."""
    if len(part) > _MOST_INDEX:
        raise wrong_format()
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in wanted:
            found.append((name, {key.rpartition(":")[2]: at for key, at in attributes.items()}))

    parse_xml(part, start)
    return found


SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFE
_LISTED_IN_HEADER = 109
_SMALL = 4096  # shorter streams stand in small sectors, all of them in one stream


class Container:
    """The streams of an OLE container by name.

    A chain of sectors that turns back on itself would be read for ever: none may be longer than
    the table that holds it.
    """

    def __init__(self, content: bytes) -> None:
        if not content.startswith(SIGNATURE) or len(content) < 512:
            raise wrong_format()
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise wrong_format()
        self._content, self._size = content, 1 << shift
        directory, small, further = (
            struct.unpack_from("<I", content, at)[0] for at in (48, 60, 68)
        )
        self._table = self._numbers(self._places(further))
        entries = self._join(directory)
        found = [entries[at : at + 128] for at in range(0, len(entries) - 127, 128)]
        self._entries = {_name(entry): entry for entry in reversed(found) if entry[66]}
        self._small_table = self._numbers(self._chain(small, self._table))
        self._small = self._join(struct.unpack_from("<I", found[0], 116)[0])

    def names(self) -> list[str]:
        """List streams and storages."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """Return the bytes of one stream."""
        start, size = struct.unpack_from("<II", self._entries[name], 116)
        if size >= _SMALL:
            return self._join(start)[:size]
        chain = self._chain(start, self._small_table)
        return b"".join(self._small[at * 64 : at * 64 + 64] for at in chain)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._content):
            raise wrong_format()
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def _places(self, further: int) -> list[int]:
        """List the sectors of the allocation table: those in the header, then the chained ones."""
        places = list(struct.unpack_from(f"<{_LISTED_IN_HEADER}I", self._content, 76))
        for _ in range(len(self._content) // self._size):
            if further >= _END:
                break
            *more, further = self._numbers([further])
            places += more
        return [place for place in places if place < _END - 1]

    def _numbers(self, sectors: list[int]) -> list[int]:
        if len(sectors) > len(self._content) // self._size:
            raise wrong_format()
        data = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(data) // 4}I", data))

    def _chain(self, number: int, table: list[int]) -> list[int]:
        chain = []
        while number < len(table):
            chain.append(number)
            if len(chain) > len(table):
                raise wrong_format()
            number = table[number]
        return chain

    def _join(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self._table)))


def _name(entry: bytes) -> str:
    size = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(min(size, 64) - 2, 0)].decode("utf-16-le", "replace")


def write_container(name: str, stream: bytes) -> bytes:
    """Write a container with one stream, in sectors so large that its table fits the header."""
    size = 4096
    body = stream.ljust(max(-(-len(stream) // size), 1) * size, b"\0")
    count = len(body) // size
    own = -(-(count + 2) // (size // 4 - 1))
    table = [*range(1, count), _END, _END, *[0xFFFFFFFD] * own]
    root = _entry("Root Entry", 5, count, 0, child=1)  # some readers want it to have a sector
    directory = root + _entry(name, 2, 0, len(body), child=0xFFFFFFFF)
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    head += struct.pack("<IIIIIIIII", 1, own, count, 0, _SMALL, _END, 0, _END, 0)
    places = struct.pack(f"<{own}I", *range(count + 1, count + 1 + own))
    head += places.ljust(4 * _LISTED_IN_HEADER, b"\xff")
    written = struct.pack(f"<{len(table)}I", *table).ljust(own * size, b"\xff")
    return head.ljust(size, b"\0") + body + directory.ljust(size, b"\0") + written


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    letters = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<HBBIII", len(letters), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return letters.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)


@dataclass(frozen=True)
class Shared:
    """A shared string: its length, and in rich text its letters and font runs.

    The letters of a text in one font are not kept.
    """

    size: int
    text: str = ""
    runs: tuple[tuple[int, int], ...] = ()


def read_shared(pieces: list[bytes]) -> list[Shared]:
    """Read the shared strings, each of which may continue in the next record."""
    if not pieces:
        return []
    count, found = struct.unpack_from("<i", pieces[0], 4)[0], []
    if not 0 <= 3 * count <= sum(map(len, pieces)):
        raise wrong_format()
    number, at = 0, 8
    for _ in range(count):
        if at >= len(pieces[number]):
            number, at = number + 1, 0
        size, flags = struct.unpack_from("<HB", pieces[number], at)
        at += 3
        runs = struct.unpack_from("<H", pieces[number], at)[0] if flags & 8 else 0
        at += 2 * bool(flags & 8)
        extra = struct.unpack_from("<I", pieces[number], at)[0] if flags & 4 else 0
        at += 4 * bool(flags & 4)
        wide, letters, text = 1 + (flags & 1), size, ""
        while letters * wide > len(pieces[number]) - at:
            text += _decode(pieces[number][at:], wide) if runs else ""
            letters -= (len(pieces[number]) - at) // wide
            number, at = number + 1, 1
            wide = 1 + (pieces[number][0] & 1)
        text += _decode(pieces[number][at : at + letters * wide], wide) if runs else ""
        at += letters * wide
        listed, further = pieces[number][at : at + 4 * runs], number
        while len(listed) < 4 * runs:
            further += 1
            listed += pieces[further][: 4 * runs - len(listed)]
        found.append(Shared(size, text, tuple(struct.iter_unpack("<HH", listed))))
        at += 4 * runs + extra
        while at > len(pieces[number]):
            number, at = number + 1, at - len(pieces[number])
    return found


def _decode(letters: bytes, wide: int) -> str:
    return letters.decode("utf-16-le" if wide == 2 else "latin-1", "replace")
