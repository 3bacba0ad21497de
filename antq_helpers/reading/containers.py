"""An OLE container, which Excel 97 and locked workbooks are, in; its streams, or one anew, out."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from antq_helpers.reading.guards import wrong_format

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFE
_LISTED_IN_HEADER = 109
_SMALL = 4096  # shorter streams stand in small sectors, all of them in one stream


class Container:
    """The streams of an OLE container, each by its name.

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
        """List streams and folders."""
        return list(self._entries)

    def read(self, name: str) -> bytes:
        """Give one stream."""
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
        """List the sectors of the table: first those in the header, then a chain."""
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
    """Put one stream into a container of large sectors, whose table then fits the header."""
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
    """A text that cells share: its letters, and where in a rich text another font begins.

    The letters of a text in one font are not kept.
    """

    size: int
    text: str = ""
    runs: tuple[tuple[int, int], ...] = ()


def read_shared(pieces: list[bytes]) -> list[Shared]:
    """Read the table of shared texts, each of which may go on in the next piece."""
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
