"""Sheets of cells in; an Excel 97 workbook, written byte by byte, out.

No library that writes xls is maintained any more; what the tests need of the format is little.
"""

import struct
from datetime import date, datetime, timedelta

END = 0xFFFFFFFE
SECTOR = 512


def write_xls(path, sheets, extra=None):
    """Write text, numbers, truth values and days, and give the path.

    ``sheets`` holds rows by the sheet's name; ``extra`` holds, by the same name, records that go
    before the cells.
    """
    bodies = [_sheet(rows, (extra or {}).get(name, b"")) for name, rows in sheets.items()]
    path.write_bytes(compound({"Workbook": workbook(list(sheets), bodies)}))
    return path


def record(kind, *fields, layout=""):
    """Give one record: its kind, its length, its fields packed as the layout says."""
    data = struct.pack(f"<{layout}", *fields) if layout else b"".join(fields)
    return struct.pack("<HH", kind, len(data)) + data


def workbook(names, bodies, hidden=(), before=b""):
    """Give the stream of a workbook: its sheets' places come before the sheets."""
    start = record(0x809, 0x600, 5, 0, 0, 0, 0, layout="HHHHII") + before + _styles()
    titles = [text(name, "B") for name in names]
    offset = len(start) + sum(len(title) + 10 for title in titles) + 4
    for name, title, body in zip(names, titles, bodies, strict=True):
        start += record(0x85, struct.pack("<IBB", offset, name in hidden, 0), title)
        offset += len(body)
    return start + record(0x0A) + b"".join(bodies)


def text(content, size="H"):
    """Give text as xls holds it: how many letters, two bytes each, the letters."""
    letters = content.encode("utf-16-le")
    return struct.pack(f"<{size}B", len(letters) // 2, 1) + letters


def _styles():
    # Format 0 is a plain cell, format 14 a day; cell formats count from zero.
    return b"".join(record(0xE0, 0, number, 0, *[0] * 7, layout="HHHBBBBIIH") for number in (0, 14))


def _sheet(rows, extra):
    cells = [
        cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    ]
    start = record(0x809, 0x600, 0x10, 0, 0, 0, 0, layout="HHHHII")
    return b"".join([start, extra, *cells, record(0x0A)])


def cell(row, column, value):
    """Give the record of one cell; none where it is blank."""
    if value is None or value == "":
        return b""
    place = struct.pack("<HHH", row, column, isinstance(value, date))
    if isinstance(value, str):
        return record(0x204, place, text(value))
    if isinstance(value, bool):
        return record(0x205, place, struct.pack("<BB", value, 0))
    if isinstance(value, date):
        moment = datetime.fromisoformat(value.isoformat())
        value = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    return record(0x203, place, struct.pack("<d", value))


def compound(streams):
    """Put streams into an OLE container, each large enough to need no small sectors."""
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    table, sectors, entries = [], b"", [_entry("Root Entry", 5, END, 0, 1)]
    for position, (name, data) in enumerate(streams.items(), start=1):
        count, start = -(-len(data) // SECTOR), len(table)
        table += [*range(start + 1, start + count), END]
        sectors += data.ljust(count * SECTOR, b"\0")
        following = position + 1 if position < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, start, len(data), 0xFFFFFFFF, following))
    directory = len(table)
    listed = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    table += [*range(directory + 1, directory + len(listed) // SECTOR), END]
    own = -(-(len(table) + len(table) // 127 + 1) // 128)  # the table lists its own sectors, too
    places = range(len(table), len(table) + own)
    table += [0xFFFFFFFD] * own
    listed += b"".join(struct.pack("<I", entry) for entry in table).ljust(own * SECTOR, b"\xff")
    return _header(directory, places) + sectors + listed


def _header(directory, places):
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack(
        "<HHHHH6xIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, len(places), directory, 0, 4096, END
    )
    head += struct.pack("<III", 0, END, 0)
    return head + b"".join(struct.pack("<I", place) for place in places).ljust(436, b"\xff")


def _entry(name, kind, start, size, child, following=0xFFFFFFFF):
    letters = f"{name}\0".encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, following, child)
    place = struct.pack("<IQ", start, size)
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBB", len(letters), kind, 1)
        + links
        + bytes(36)
        + place
    )
