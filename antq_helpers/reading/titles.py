"""Find the period, commune and measure in the titles above a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from antq_helpers.places import Register
from antq_helpers.reading.counts import scaled, stated
from antq_helpers.reading.headers import (
    COUNTS,
    find_key,
    header_key,
    is_compared,
    meanings_of,
    meanings_of_key,
    no_count,
    parts,
)
from antq_helpers.reading.period_text import (
    Span,
    Title,
    leave_out_others,
    read_label,
    read_span,
    read_title,
    rewrite_periods,
)
from antq_helpers.reading.sheets import Table

_YEAR = 364  # days between the first and the last of a year
# Before the words of a title: "I. ", "2) ".
_NUMBER = r"\W*(?:(?:\d+|[IVX]+)[.)]\s*)?"
# "Chỉ tiêu năm 2022", "I. Chỉ tiêu giao": figures of a plan.
_TARGET = re.compile(rf"{_NUMBER}chỉ tiêu\s+(?:năm|quý|tháng|giao|\d)", re.IGNORECASE)
# Sheets that hold no report, by their whole name: "Mẫu", "Bản nháp", "Hướng dẫn", "Sheet cũ";
# but "Mẫu 01" is the number of a form, in which a report may stand.
_NO_REPORT = re.compile(
    r"\W*(?:(?:bản|bảng|biểu|trang|sheet)\s+)?(?:mẫu(?:\s+(?:trống|chuẩn|báo cáo))?|mau|nháp|nhap"
    r"|thử(?:\s+nghiệm)?|cũ|lưu|bản sao|copy"
    r"|(?:ví dụ|hướng dẫn|test|demo|template|example|sample|draft|old|backup|guide)(?:\s*\d+)?)\W*",
    re.IGNORECASE,
)
# "Cùng kỳ năm 2021", "II. So sánh", "Tăng, giảm": a table of comparison.
_COMPARED = re.compile(
    rf"{_NUMBER}(?:cùng kỳ|(?:kỳ|năm|quý|tháng) trước|tăng\s*[,/-]?\s*giảm|so sánh"
    r"|mức (?:tăng|giảm))\b",
    re.IGNORECASE,
)
# What needs a year: "Tháng 3" above "Năm 2022".
_PART = re.compile(r"tháng|thang|qu[yý]|month|quarter|half", re.IGNORECASE)
# Names of files: "bc tu 15 12 2021 den 14 3 2022", "bao cao nam 2022", "dot cao diem tet 2022".
# Each form has a condition, because without marks "tu", "dot" and "nam" are other words, too.
_MARKED = (
    (re.compile(r"\b(\d\d?) (\d\d?) (20\d\d)\b"), r"\1/\2/\3"),
    (re.compile(r"\btu (?=\d)", re.IGNORECASE), "từ "),
    (re.compile(r"\bden (?=\d)", re.IGNORECASE), "đến "),
    (re.compile(r"\bnam (?=20\d\d)", re.IGNORECASE), "năm "),
    (re.compile(r"\bcuoi (?:nam|năm)\b", re.IGNORECASE), "cuối năm"),
    (re.compile(r"\btruoc (?=năm)", re.IGNORECASE), "trước "),
    (re.compile(r"\btuan (?=(?:thu )?\d\d?\b)", re.IGNORECASE), "tuần "),
    (re.compile(r"\bdot (?=(?:thu )?\d|[IVX]+\b|cao diem)", re.IGNORECASE), "đợt "),
    (re.compile(r"\bhoc k[yi]\b", re.IGNORECASE), "học kỳ"),
    (re.compile(r"\bnam hoc\b", re.IGNORECASE), "năm học"),
    (re.compile(r"\btet\b", re.IGNORECASE), "tết"),
    (re.compile(r"\bcao diem\b", re.IGNORECASE), "cao điểm"),
    (re.compile(r"(?<=\d )ngay dau\b", re.IGNORECASE), "ngày đầu"),
)


@dataclass(frozen=True)
class Context:
    """Period, commune and measure that the titles around a table name.

    ``unread`` are the words of a period that are not understood, which leave it unknown: "tuần 12".
    ``unit`` is what they count by where that is not one by one: "nghìn lượt".
    ``of_others`` are the words that say that the figures count nothing that happened in the period:
    they are a plan's, an average, or those of a period of comparison;
    ``from_name`` holds what was taken from the name of the sheet or file: kind and text.
    """

    spans: tuple[Span, ...] = ()
    year: int | None = None
    communes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    illustrative: bool = False
    of_others: str = ""
    from_name: dict[str, str] = field(default_factory=dict)
    unread: str = ""
    unit: str = ""

    @property
    def span(self) -> Span | None:
        """The only period of the titles; None if there are several, or one is not understood."""
        return self.spans[0] if len(self.spans) == 1 and not self.unread else None

    @property
    def commune(self) -> str:
        """The only commune of the titles; blank if there are none or several."""
        return self.communes[0] if len(self.communes) == 1 else ""


def read_context(
    table: Table, first: Context | None, places: Register, marks: list[str]
) -> Context:
    """Read a table's titles, then those of the sheet's first table, then sheet and file names.

    Parameters
    ----------
    first
        The context of the first table of the sheet, for tables that follow it.
    marks
        The words that mark illustrative figures.
    """
    before = first or Context()
    lines = [" ".join(cells) for cells in table.titles]
    years = {year for line in lines if (year := read_title(line).year)}
    dated = _read_lines(lines, years or {before.year})
    if any(title.spans and not title.ahead for title in dated):
        dated = [title for title in dated if not title.ahead]
    spans = _narrowest(dated)
    communes = [name for line in lines for name in places.named_in(line)]
    cells = [cell.rpartition(":")[2].strip() for cells in table.titles for cell in cells]
    communes += [cell for cell in cells if places.knows(cell)]
    file = re.sub(r"[_\W]+", " ", Path(table.sheet.file).stem)
    names = {"sheet": _with_marks(table.sheet.name), "file": _with_marks(file)}
    in_names = {kind: read_title(name) for kind, name in names.items()}
    year = years.pop() if len(years) == 1 else before.year
    year = year or next((title.year for title in in_names.values() if title.year), None)
    from_name: dict[str, str] = {}
    unread = (
        "" if _is_stated(spans) else next((title.unread for title in dated if title.unread), "")
    )
    unread = unread or ("" if spans else before.unread)
    blank = any(title.blank for title in dated)
    spans = spans or before.spans
    # Sheets T1 to T12 below "Năm 2022" are its months; a file may be called after anything.
    in_name, name = _period_in({"sheet": names["sheet"]} if _is_year(spans) else names, year)
    if in_name and in_name != spans and (not spans or _is_year(spans)):
        spans, from_name["period"] = in_name, name
    if not _is_stated(spans):
        asked = ("sheet", "file") if not spans or _is_year(spans) else ("sheet",)
        unread = unread or next((in_names[k].unread for k in asked if in_names[k].unread), "")
    unread = unread or _against_sheet(spans, names["sheet"], year)
    if blank and not unread and _is_year(spans):
        unread = "…"
    found = tuple(dict.fromkeys(_one_spelling(name, places) for name in communes))
    found = found or before.communes
    if not found and places.knows(table.sheet.name):
        found, from_name["commune"] = (table.sheet.name,), table.sheet.name
    if not found and (in_file := _named_by_file(file, places)):
        found, from_name["commune"] = (in_file,), in_file
    return Context(
        tuple(spans),
        year or (spans[0].end.year if len(spans) == 1 else None),
        found,
        _measures_in(lines, places),
        before.illustrative
        or any(mark.casefold() in line.casefold() for line in lines for mark in marks),
        _of_others(lines, table) or ("" if lines else before.of_others),
        {**before.from_name, **from_name},
        unread,
        _unit_in(table.titles, names | {"file": bare_name(table.sheet.file)}) or before.unit,
    )


def _of_others(lines: list[str], table: Table) -> str:
    """Find the words by which a title, sheet or file says that its figures are no counts."""
    if _NO_REPORT.fullmatch(table.sheet.name):
        return table.sheet.name
    texts = [*lines, table.sheet.name]
    # A file called "kế hoạch, thực hiện" may hold both, each in its column.
    if not any(is_compared(text) for path in table.paths.values() for text in path):
        texts.append(Path(table.sheet.file).stem)
    for text in texts:
        if found := no_count(leave_out_others(rewrite_periods(text))):
            return found
    found = (_TARGET.match(line) or _COMPARED.match(line) for line in lines)
    return next((match[0].strip() for match in found if match), "")


def _unit_in(titles: list[list[str]], names: dict[str, str]) -> str:
    """Find the unit that titles, or sheet and file names, state; blank for single counts."""
    texts = [
        f"{cell} {behind}" if behind and cell.endswith(":") else cell
        for row in titles
        for cell, behind in zip_longest(row, row[1:])
    ]
    found = [*map(stated, texts), *map(scaled, names.values())]
    return next(filter(None, found), "")


def bare_name(file: str) -> str:
    """Return the file name as words, without folder and extension."""
    return Path(file).stem.replace("_", " ")


def _read_lines(lines: list[str], years: set[int | None]) -> list[Title]:
    """Find the periods of all lines; "Tháng 3" above or below "Năm 2022" is of that year."""
    [year] = years if len(years) == 1 else [None]
    found = []
    for line in lines:
        title = read_title(line)
        if not title.spans and year and _PART.search(line):
            title = read_title(f"{line} năm {year}")
        found.append(title)
    return found


def _period_in(names: dict[str, str], year: int | None) -> tuple[tuple[Span, ...], str]:
    """Find the period after which a sheet, or else a file, is named."""
    for name in names.values():
        spans = _called_after(name, year)
        if spans and (year is None or all(span.end.year == year for span in spans)):
            return spans, name
    return (), ""


def _called_after(name: str, year: int | None) -> tuple[Span, ...]:
    return (span,) if (span := read_span(name, year)) else read_title(name).spans


def _against_sheet(spans: tuple[Span, ...], sheet: str, year: int | None) -> str:
    """Return the name of a sheet that contradicts its title's period, else ""."""
    called = _called_after(sheet, year)
    if len(spans) != 1 or len(called) != 1:
        return ""
    [title], [name] = spans, called
    # Months may stand in a sheet of their quarter; and February may be 15/1 to 14/2.
    return "" if name.start <= title.end <= name.end else sheet


def _is_stated(spans: tuple[Span, ...]) -> bool:
    return any(span.stated for span in spans)


def _is_year(spans: tuple[Span, ...]) -> bool:
    """Check whether a title names one whole year and no other period."""
    return len(spans) == 1 and not spans[0].stated and (spans[0].end - spans[0].start).days >= _YEAR


def _with_marks(name: str) -> str:
    """Restore the marks that file names lack: "tu 15 12 2021 den 14 3 2022", "nam 2022"."""
    for bare, marked in _MARKED:
        name = bare.sub(marked, name)
    return name


def _one_spelling(name: str, places: Register) -> str:
    return places.units["name"].iloc[places.positions(name)[0]]


def _names_in(text: str, places: Register) -> list[str]:
    """Find the names of communes in a text, with or without marks, longest first."""
    words = text.split()
    windows = (
        " ".join(words[i : i + length])
        for length in range(min(4, len(words)), 1, -1)
        for i in range(len(words) - length + 1)
    )
    return [name for name in windows if places.knows(name)]


def _named_by_file(stem: str, places: Register) -> str:
    """Find the only commune that a file name contains."""
    found = {_one_spelling(name, places) for name in _names_in(stem, places)}
    return found.pop() if len(found) == 1 else ""


def _narrowest(titles: list[Title]) -> tuple[Span, ...]:
    """Of overlapping periods keep the narrowest: stated days, or the part of a year.

    A title may name the quarter, its days, and the year once more. "Quý III và 9 tháng đầu năm" and
    "tháng 12 và cả năm" are two periods, of which the table may hold either.
    """
    distinct = list(dict.fromkeys(span for title in titles for span in title.spans))
    own = {span for title in titles for span in title.own}

    def gives_way(span: Span, other: Span) -> bool:
        if other.stated != span.stated:
            return other.stated and span.start <= other.end and other.start <= span.end
        within = span.start <= other.start and other.end <= span.end
        return within and span not in own and (_is_year((span,)) or span.stated)

    return tuple(
        span
        for span in distinct
        if not any(other != span and gives_way(span, other) for other in distinct)
    )


# What may follow a count in the title of its table: its place, its period, a further count.
_GOES_ON = {
    key
    for word in (
        *("của", "tại", "ở", "trên", "theo", "trong", "từ", "do", "qua", "năm", "quý", "tháng"),
        *("kỳ", "giai", "các", "toàn", "và", "là", "được", "đã", "so", "thành", "tp", "xã"),
        *("phường", "địa", "cung", "giúp", "t", "q", "h", "by", "in", "of", "for", "from", "and"),
        *("during", "month", "quarter", "year"),
    )
    for key in header_key(word)
}
# What ends a count in a title: "Số nguồn tin – Quý I".
_ENDS = re.compile(r"[,;:.()\[\]–—/-]+")


def _measures_in(lines: list[str], places: Register) -> tuple[str, ...]:
    """Find the counts that titles name, longest phrases first."""
    found = []
    for line in lines:
        key, apart = header_key(line), [header_key(part) for part in _ENDS.split(line)]
        named = {header_key(name)[0] for name in _names_in(line, places)}
        for length in range(len(key), 1, -1):
            for i in range(len(key) - length + 1):
                meanings = meanings_of_key(key[i : i + length]) & set(COUNTS)
                if len(meanings) != 1:
                    continue
                beyond, rest = key[i : i + length + 1], key[i + length :]
                if all(find_key(part, beyond) < 0 for part in apart) or _goes_on(rest, named):
                    found += meanings
                key = (*key[:i], *[("|", "")] * length, *rest)
    return tuple(dict.fromkeys(found))


def _goes_on(rest: tuple[tuple[str, str], ...], named: set[tuple[str, str]]) -> bool:
    """Check whether the words after a count leave it as it is; "nặc danh" makes it another."""
    if not rest or rest[0] in _GOES_ON | named or re.fullmatch(r"\d+|[ivx]+|[|]", rest[0][0]):
        return True
    return any(rest[: len(words)] == words for words in parts("neutral"))


PERIOD_LABELS = ("period", "month", "quarter", "year")


def _is_of_title(label: object) -> bool:
    """Check whether a label leaves the period to the title, as "Kỳ này" does."""
    return label == "" or (isinstance(label, str) and "neutral" in meanings_of(label))


class PeriodFinder:
    """Determines the period of each row from its labels, its column's header or the title."""

    def __init__(self, labels: Mapping[str, Sequence], context: Context) -> None:
        self.labels = {role: labels[role] for role in PERIOD_LABELS if role in labels}
        self.context = context
        self._known: dict[tuple, Span | None] = {}

    def labels_of(self, i: int) -> tuple:
        """Return the labels of a row that name its period."""
        return tuple(values[i] for values in self.labels.values())

    def span_of(self, i: int, span: Span | None = None, part: str = "") -> Span | None:
        """Return the period of a row under a header that may name a period, or a part of a year."""
        key = (self.labels_of(i), span, part)
        if key not in self._known:
            labels = dict(zip(self.labels, key[0], strict=True))
            self._known[key] = self._find(labels, span, part)
        return self._known[key]

    def _find(self, labels: dict[str, object], span: Span | None, part: str) -> Span | None:
        labels = {role: label for role, label in labels.items() if not _is_of_title(label)}
        whole_year = read_span(labels["year"]) if "year" in labels else None
        year = whole_year.end.year if whole_year else self.context.year
        if span is not None:
            return span
        if part:
            return read_span(part, year)
        for role in ("period", "month", "quarter"):
            if role in labels:
                return read_label(role, labels[role], year)
        return whole_year if labels else self.context.span
