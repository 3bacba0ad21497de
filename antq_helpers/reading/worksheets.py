"""One sheet's XML, as an Excel workbook holds it, in; what its text alone tells out.

Patterns over the bytes take a third of the time that reading the values takes; a parser takes
four times as long. What is not written as the patterns expect is written anew by a parser first.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from antq_helpers.reading.guards import MOST_CELLS, Cells, Scan, parse_xml, wrong_format

# Each cell as nearly every program writes it, its place first, of whose row ten thousand are one:
# a national workbook holds millions of places. Whatever else begins like a cell gives b"".
_PLACE = re.compile(rb'<c(?: r="([A-Z]{1,3}\d*?)\d{1,4}"|[\s/>])')
_FILLED = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>/]*>(?!</c>)')
_ROW_WITHOUT_NUMBER = re.compile(rb'<row(?! r="\d|B)')
_OTHER_PREFIX = re.compile(rb":(?:c|row)[\s/>]")
_MARKED_ERROR = re.compile(rb' t="e"')
_FORMULA = re.compile(rb"<f[ >]")
_ERROR = re.compile(rb'(<c r="[^>]*? t=)"e"')
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*<f[^>]*>([^<]*)(?:</f>)?\s*(<v[^>]*/>|<v[^>]*></v>|)\s*</c>'
)
_HIDDEN_ROW = re.compile(rb'<row r="(\d+)"[^>]*? hidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col ([^>]*)>")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def scan_sheet(part: bytes, name: str) -> tuple[Scan, bytes]:
    """Scan a sheet; give it with its errors as text, which the reader else leaves blank.

    Raises
    ------
    RefusedError
        Where its last filled cell is so far from the first that reading it would be unsafe.
    """
    part = _without_prefix(part)
    places = set(_PLACE.findall(part))
    if _is_unusual(part, places):
        part = rewrite(part)
        places = set(_PLACE.findall(part))
    _check_area(part, places, name)
    part = _ERROR.sub(rb'\1"str"', part) if _MARKED_ERROR.search(part) else part
    after = max(part.rfind(b"</sheetData>"), 0)
    scan = Scan(name, merged=[_box(*ref) for ref in _MERGED.findall(part, after)])
    if b' hidden="' in part:
        scan.hidden_rows = [int(row) - 1 for row in _HIDDEN_ROW.findall(part)]
        scan.hidden_columns = _hidden_columns(part)
    if _FORMULA.search(part):
        scan.cells = _formulas_without_value(part)
    return scan, part


def _without_prefix(part: bytes) -> bytes:
    """Take the prefix off that some programs put before the name of every element."""
    root = re.search(rb"<(\w+):worksheet[\s>]", part[:4096])
    if not root:
        return part
    return part.replace(b"<%b:" % root[1], b"<").replace(b"</%b:" % root[1], b"</")


def _is_unusual(part: bytes, places: set[bytes]) -> bool:
    """Tell whether a sheet is written in another way than the patterns above expect."""
    start = part.find(b"?>", 0, 200) + 1
    return bool(
        b"" in places
        or (b"!" in part and b"<!" in part)  # comments, and entities of its own
        or (part.find(b"'", start) > 0 and part.find(b"='", start) > 0)
        or _OTHER_PREFIX.search(part)
        or _ROW_WITHOUT_NUMBER.search(part)
    )


def _check_area(part: bytes, places: set[bytes], name: str) -> None:
    """Refuse too large an area, from A1 to the last cell or, if that is far, the last filled."""
    found = [re.fullmatch(rb"([A-Z]+)(\d*)", place).groups() for place in places]
    columns = max((column_of(letters) for letters, _ in found), default=-1) + 1
    rows = max((int(number or 0) + 1 for _, number in found), default=0) * 10_000
    if rows * columns > MOST_CELLS:
        Cells().take(*_filled_area(part), name)


def _filled_area(part: bytes) -> tuple[int, int]:
    rows, last = 0, -1
    for match in _FILLED.finditer(part):
        letters, row = match.groups()
        rows, last = max(rows, int(row)), max(last, column_of(letters))
    return rows, last + 1


@lru_cache
def column_of(letters: bytes) -> int:
    """Give a column's number from zero: 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _box(left: bytes, top: bytes, right: bytes, bottom: bytes) -> tuple[int, int, int, int]:
    return int(top) - 1, column_of(left), int(bottom) - 1, column_of(right)


def _hidden_columns(part: bytes) -> list[int]:
    found = []
    for text in _COLUMN.findall(part[: part.find(b"<sheetData")]):
        given = dict(re.findall(rb'(\w+)="([^"]*)"', text))
        if given.get(b"hidden") in (b"1", b"true"):
            found += range(int(given[b"min"]) - 1, min(int(given[b"max"]), 16384))
    return found


def _formulas_without_value(part: bytes) -> dict[tuple[int, int], str]:
    found = {}
    for letters, row, attributes, formula, value in _NO_VALUE.findall(part):
        if not (value and b't="str"' in attributes):  # that is a stored text, of no letters
            place = int(row) - 1, column_of(letters)
            found[place] = "=" + html.unescape(formula.decode("utf-8", "replace"))
    return found


def rewrite(part: bytes) -> bytes:
    """Write a sheet anew as most programs do: no prefixes, and each row and cell with its place."""
    out: list[str] = []
    place = {"row": 0, "c": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        # A blank at the end of a run of rich text is kept by its attribute alone.
        kept = (key for key in attributes if ":" not in key or key == "xml:space")
        given = {key: attributes[key] for key in kept}
        if name in place:
            given = {"r": _next_place(name, given.get("r", "").upper(), place)} | given
            given["r"] = given["r"].upper()
        written = "".join(f" {key}={quoteattr(value)}" for key, value in given.items())
        # quoteattr takes single quotation marks where the value holds double ones.
        out.append(f"<{name}{written}>")

    parse_xml(
        part,
        start,
        lambda name: out.append(f"</{name.rpartition(':')[2]}>"),
        lambda text: out.append(escape(text)),
    )
    return "".join(out).encode()


def _next_place(name: str, given: str, place: dict[str, int]) -> str:
    """Give the place of a row or cell: as it says, or after the one before."""
    match = re.fullmatch(r"()\d{1,9}" if name == "row" else r"([A-Z]{1,3})\d{1,9}", given)
    if given and not match:
        raise wrong_format()
    if name == "row":
        place["row"], place["c"] = int(given) if given else place["row"] + 1, 0
        return str(place["row"])
    place["c"] = column_of(match[1].encode()) + 1 if match else place["c"] + 1
    return given or f"{_letters(place['c'])}{place['row']}"


def _letters(number: int) -> str:
    """Name a column, counted from one, as a spreadsheet does: 27 is AA."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
