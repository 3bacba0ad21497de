"""The styles and rich texts of an Excel workbook in; what of its cells is not as it looks, out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from antq_helpers.reading.formats import BUILT_IN, is_odd, shown
from antq_helpers.reading.guards import parse_xml

_RUN = re.compile(rb"<(\w+:)?r>.*?</(?:\w+:)?r>", re.DOTALL)
_STRIKE = re.compile(rb"<(?:\w+:)?d?strike(?![^>]*val\s*=\s*[\"'](?:0|false|off)[\"'])[^>]*>")
_RAISED = re.compile(rb"<(?:\w+:)?vertAlign[^>]*(?:super|sub)script")
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"(?=[^>]*? s="(\d+)")([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_NUMBER = re.compile(rb"<v[^>]*>\s*([-+.\dEe]+)\s*</v>")


@dataclass
class Styles:
    """Which styles of cells strike out, and which show another number than is stored."""

    struck: set[int] = field(default_factory=set)
    odd: dict[int, str] = field(default_factory=dict)

    def look(self, part: bytes) -> tuple[dict[tuple[bytes, int], str], bool]:
        """Give the cells of a sheet that are read otherwise than stored, and if any is struck out.

        Each is named by the letters of its column and the number of its row.
        """
        found: dict[tuple[bytes, int], str] = {}
        wanted = {b"%d" % style for style in (*self.struck, *self.odd)}
        was_struck = False
        for letters, row, style, attributes, inside in _CELL.findall(part) if wanted else ():
            if style not in wanted or not inside:
                continue
            if int(style) in self.struck:
                found[letters, int(row)], was_struck = "", True
            elif (number := _NUMBER.search(inside)) and _is_number(attributes):
                text = shown(float(number[1]), self.odd[int(style)])
                if text:
                    found[letters, int(row)] = text
        return found, was_struck


def _is_number(attributes: bytes) -> bool:
    return b' t="' not in attributes or b' t="n"' in attributes


def read_styles(part: bytes) -> Styles:
    """Read the part of a workbook that holds its styles."""
    found, codes, fonts = Styles(), dict(BUILT_IN), []
    inside: list[str] = []
    count = 0

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal count
        name = name.rpartition(":")[2]
        inside.append(name)
        above = inside[-2] if len(inside) > 1 else ""
        if name == "numFmt" and above == "numFmts":
            codes[int(given["numFmtId"])] = given["formatCode"]
        elif name == "font" and above == "fonts":
            fonts.append(False)
        elif name == "strike" and inside[-3:-1] == ["fonts", "font"]:
            fonts[-1] = given.get("val", "1") not in ("0", "false", "off")
        elif name == "xf" and above == "cellXfs":
            font, code = int(given.get("fontId", 0)), codes.get(int(given.get("numFmtId", 0)), "")
            if font < len(fonts) and fonts[font]:
                found.struck.add(count)
            elif code and is_odd(code):
                found.odd[count] = code
            count += 1

    parse_xml(part, start, lambda _: inside.pop())
    return found


def without_marks(part: bytes) -> tuple[bytes, bool]:
    """Take struck-out and raised or lowered runs out of rich texts; say if any was struck out.

    12 with a raised 1 is twelve with a footnote; a struck-out 12 before 15 is fifteen.
    """
    if not (b"strike" in part or b"vertAlign" in part):
        return part, False
    struck = False

    def keep(run: re.Match) -> bytes:
        nonlocal struck
        if _STRIKE.search(run[0]):
            struck = True
            return b""
        return b"" if _RAISED.search(run[0]) else run[0]

    return _RUN.sub(keep, part), struck
