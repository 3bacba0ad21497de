"""Read the sheets of any supported kind of file, cell by cell: what it holds decides how.

Text files (csv, tsv, txt) and Parquet files are read here, those of spreadsheets by modules of
their own.

TCVN3 are the single-byte letters of TCVN 5712:1993, set VN3 ("ABC" fonts), as they stand in old
files when they are shown as Latin-1 or Windows-1252: "Yªn B¸i". Only a user can say that a text is
such: it is never converted unasked.
"""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from antq_helpers.dictionary import split_syllables
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.docx import PART, read_docx
from antq_helpers.reading.excel import is_container, is_locked, read_xls, read_xlsx
from antq_helpers.reading.markup import (
    is_archive,
    is_web_page,
    is_xml_workbook,
    read_archive,
    read_ods,
    read_page,
    read_xml_workbook,
)
from antq_helpers.reading.sheets import (
    MOST_PLAIN_CELLS,
    Areas,
    Grid,
    Package,
    RefusedError,
    Sheet,
    check_bytes,
    wrong_format,
)


@dataclass(frozen=True)
class Book:
    """All sheets of a file, with notes for its user (macros, external links)."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...] = ()


def read_book(path: str | Path, *, encoding: str | None = None, language: str = "en") -> Book:
    """Read every sheet of a workbook, text file or Parquet file.

    Parameters
    ----------
    path
        The file; its ending must be one of ``ENDINGS``, but what it holds decides.
    encoding
        Of text files, where it is not found by itself.

    Raises
    ------
    DataProblem
        With one problem, where the file is not there, is not what its ending says, is locked,
        is too large or holds nothing. Nothing else is raised, whatever the file holds.
    ValueError
        For an encoding that is not known.
    """
    path = Path(path)
    check_encoding(encoding)
    kind = path.suffix.lower()
    try:
        content = _load(path, kind)
        if is_locked(content):
            raise RefusedError("password")
        grids, notes = _READERS[_kind_of(content, kind)](content, encoding)
        sheets = [grid.sheet(path.name) for grid in grids]
        cells = (cell for sheet in sheets for row in sheet.rows for cell in row)
        if all(type(cell) is str and not cell.strip() for cell in cells):
            raise RefusedError("empty_file")
    except RefusedError as refused:
        problem = refused
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a library's own failure need not be an Exception
        # A library's message on a broken file would not help an officer.
        problem = wrong_format()
    else:
        notes += ["struck_out"] * any(grid.struck for grid in grids)
        return Book(tuple(sheets), tuple(Problem(note, path.name) for note in notes))
    raise _refusal(problem, path, kind, language)


def size_and_time(path: Path) -> tuple[int, int]:
    """Return size and modification time of a file, by which a change is seen; (0, 0) if none."""
    if not path.is_file():
        return 0, 0
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def _refusal(refused: RefusedError, path: Path, kind: str, language: str) -> DataProblem:
    details = {"wrong_format": {"format": kind}, "unknown_format": {"formats": ", ".join(ENDINGS)}}
    problem = Problem(
        refused.kind,
        path.name or str(path),
        sheet=refused.sheet,
        row=refused.row,
        details=details.get(refused.kind, refused.details),
    )
    return DataProblem([problem], language)


def _load(path: Path, kind: str) -> bytes:
    try:
        if not path.is_file():
            raise RefusedError("no_file")
        if kind not in _READERS:
            raise RefusedError("unknown_format")
        check_bytes(path.stat().st_size)
        content = path.read_bytes()
    except OSError:
        raise RefusedError("locked_file") from None
    if not content.strip():
        raise RefusedError("empty_file")
    return content


def _kind_of(content: bytes, ending: str) -> str:
    """Return the extension that fits a file's content: many systems export .xls that is none."""
    if content.startswith(b"PK\3\4"):
        if b"oasis.opendocument" in content[:200]:
            return ".ods"
        # The names of its parts stand in a zip as they are.
        return ".docx" if PART.encode() in content and PART in Package(content) else ".xlsx"
    if is_container(content):
        return (
            ending
            if ending in (".xlsx", ".xlsm", ".ods", ".docx") and is_locked(content)
            else ".xls"
        )
    if content.startswith(b"PAR1"):
        return ".parquet"
    if ending not in (".csv", ".tsv", ".txt") and not re.search(rb"[\r\n<]", content):
        raise wrong_format()  # one line without a table: the rest of a damaged workbook
    return ".csv"


def _read_text_file(content: bytes, encoding: str | None) -> list[Grid]:
    text = decode(content, encoding)
    read = next((read for fits, read in _MARKUP if fits(text)), None)
    return read(text) if read else [Grid(Areas(), "", rows=read_rows(text))]


_TCVN3 = "tcvn3"
_SEPARATORS = "\t;|,"  # where two split equally well, the comma may be a decimal mark
_SAMPLE = 1000
_NARROW = 10  # columns at least, as even a narrow row takes its time
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1f]")  # bytes of pictures, programs and the like
_NOT_TABLES = ("<!doctype", "<html", "<?xml", "<table", "%pdf-", "{\\rtf")
# "sep=;", as Excel writes for itself, also inside quotation marks or before blank cells.
_SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n"])"?[ ,;|]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_NUMBER = re.compile(r"[\s%/.,-]*\d[\d\s%/.,-]*")  # "2.368", "12,5 %", "01/2022"
# Never in correct text: a combining mark without its letter, a sign inside a word.
_ODD = re.compile("[\u0300\u0301\u0303\u0309\u0323]|(?<=[^\\W\\d])[\xa1-\xbf](?=[^\\W\\d])")


def read_rows(text: str) -> list[list[str]]:
    r"""Read all rows of a delimited text, including blank ones.

    Raises
    ------
    RefusedError
        No text, a quotation mark that is never closed, a row with a cell too many.

    Examples
    --------
    >>> read_rows("xã;số\nTuy Lộc;1,5")
    [['xã', 'số'], ['Tuy Lộc', '1,5']]
    """
    if not text.strip():
        raise RefusedError("empty_file")
    if text.lstrip()[:20].lower().startswith(_NOT_TABLES):
        raise wrong_format()
    named = _SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    separator = named[1] if named else _find_separator(text)
    lines = (text.count("\n") or text.count("\r")) + 1
    columns = math.ceil(text.count(separator) / lines) + 1
    Areas(most=MOST_PLAIN_CELLS).take(lines, max(columns, _NARROW))
    rows = _split_rows(text, separator)
    _check_widths(rows)
    return rows


def check_encoding(encoding: str | None) -> None:
    """Raise if a name is that of no text encoding.

    Raises
    ------
    ValueError
        With the parameter, its value and what it may be.
    """
    if encoding in (None, _TCVN3):
        return
    try:
        b" ".decode(encoding)
    except UnicodeError:
        return  # one byte is too short for it
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(
            f"encoding={encoding!r} is not known. Use utf-8, utf-16, windows-1258, tcvn3 or "
            "another name that Python knows."
        ) from error


def decode(content: bytes, encoding: str | None = None) -> str:
    """Decode bytes to text with composed letters; find the encoding where none is given.

    It is then UTF-8, UTF-16 or else Windows-1258. The letters of TCVN3 are left as they are stored.
    """
    if encoding in (None, _TCVN3):
        text = _decode_unicode(content)
        if text is None or (encoding == _TCVN3 and text.isascii()):
            text = content.decode("latin-1") if encoding else _decode_windows(content)
        wrong = wrong_format()
    else:
        wrong = RefusedError("wrong_encoding", encoding=encoding)
        try:
            text = content.decode(encoding)
        except UnicodeError:
            raise wrong from None
        if encoding.lower().replace("-", "").endswith("1258"):
            text = unicodedata.normalize("NFC", text)
    text = text.removeprefix("\ufeff").removesuffix("\x1a")  # how DOS ended a file
    if _NO_TEXT.search(text):
        raise wrong
    return text


def _decode_unicode(content: bytes) -> str | None:
    """Decode UTF-8 or UTF-16; None if the bytes are neither."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if marked else _unmarked_utf_16(content) or "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeError:
        text = content.decode(encoding, "replace")
    broken = text.count("\ufffd")
    if marked or (encoding == "utf-8" and sum(letter > "\x7f" for letter in text) > 2 * broken):
        # Most letters are right: the file is damaged, and no other encoding would mend it.
        raise RefusedError("wrong_encoding", encoding=encoding.upper())
    return None


def _unmarked_utf_16(content: bytes) -> str:
    """Guess the byte order of UTF-16 without a mark by its zero bytes; "" if it is none."""
    pairs = min(len(content), 4096) // 2
    even, odd = content[: 2 * pairs : 2].count(0), content[1 : 2 * pairs : 2].count(0)
    if len(content) % 2 or max(even, odd) <= pairs / 4 or min(even, odd) > pairs / 50:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_windows(content: bytes) -> str:
    """Decode Windows-1258, which writes many letters as a letter and a combining mark."""
    try:
        text = unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeError:
        raise wrong_format() from None
    # Where it is another encoding, it is most likely TCVN3, whose letters are known as Latin-1.
    return content.decode("latin-1") if _ODD.search(text) else text


def _find_separator(text: str) -> str:
    """Find the separator by which the most rows have equal width."""
    best, chosen = 0, ","
    for separator in _SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        widths = Counter()
        with suppress(csv.Error):  # an unclosed quotation mark: decide by the rows so far
            widths.update(len(row) for row in itertools.islice(rows, _SAMPLE) if any(row))
        equal = max((count for width, count in widths.items() if width > 1), default=0)
        if equal > best:
            best, chosen = equal, separator
    return chosen


def _split_rows(text: str, separator: str) -> list[list[str]]:
    rows, known = [], {}
    same = known.setdefault  # a national file says the same few words again and again
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append([same(cell, cell) for cell in row])
    except csv.Error:
        # Mostly a quotation mark that is never closed, which swallows the rest.
        raise wrong_format(row=len(rows) + 1) from None
    return rows


def _check_widths(rows: list[list[str]]) -> None:
    """Refuse a row with a cell too many: an unquoted 2,368 shifts all cells after it.

    Rows of numbers are compared with the texts above them, which are their header; where there are
    none, against the width of most rows.
    """
    usual = Counter(len(row) for row in rows if len(row) > 1).most_common(1)
    if not usual or {len(row) for row in rows} <= {0, usual[0][0]}:
        return
    header = 0
    for block in _blocks(rows):
        texts = list(itertools.takewhile(lambda row: not _has_number(row[1]), block))
        header = max(len(row) for _, row in texts) if texts else header
        widest = header if header > 2 else max(usual[0][0], len(block[0][1]))
        for number, row in block[len(texts) :]:
            if len(row) > widest and any(map(str.strip, row[widest:])) and _has_number(row):
                raise wrong_format(row=number)


def _blocks(rows: list[list[str]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Group consecutive rows with more than one filled cell, numbered from one."""
    for several, block in itertools.groupby(
        enumerate(rows, start=1), key=lambda row: sum(map(bool, map(str.strip, row[1]))) > 1
    ):
        if several:
            yield list(block)


def _has_number(row: list[str]) -> bool:
    return any(map(_NUMBER.fullmatch, row))


def read_parquet(content: bytes) -> list[list]:
    """Read the header and all rows; missing values are blank.

    An index that has a name is a column, before the others; lists and the like are text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    source = pa.BufferReader(content)
    schema = parquet.read_schema(source)
    Areas(most=MOST_PLAIN_CELLS).take(*_size(parquet.read_metadata(source)))
    # As a dictionary each text is kept once, however many millions of cells say it.
    texts = [field.name for field in schema if str(field.type) in ("string", "large_string")]
    table = parquet.ParquetFile(source, read_dictionary=texts).read()
    given = (schema.pandas_metadata or {}).get("index_columns", [])
    index = [name for name in given if isinstance(name, str)]  # a RangeIndex is a dict
    names = [name for name in index if not name.startswith("__index_level_")]
    names += [name for name in table.column_names if name not in index]
    columns = [[name, *_values(table.column(name))] for name in names]
    check_bytes(sum(len(cell) for column in columns for cell in column if type(cell) is str))
    return list(map(list, zip(*columns, strict=True)))


def _size(metadata: object) -> tuple[int, int]:
    """Return rows and columns, or (values, 1) if some rows hold lists of values."""
    rows, columns = metadata.num_rows + 1, metadata.num_columns
    values = sum(
        metadata.row_group(group).column(column).num_values
        for group in range(metadata.num_row_groups)
        for column in range(columns)
    )
    return (rows, columns) if values <= rows * columns else (values, 1)


def _values(column: object) -> list:
    """Convert a column to Python objects."""
    found = []
    for chunk in column.chunks:
        if hasattr(chunk, "dictionary"):
            known = [_parquet_value(value) for value in chunk.dictionary.to_pylist()]
            found += ["" if at is None else known[at] for at in chunk.indices.to_pylist()]
        else:
            found += map(_parquet_value, chunk.to_pylist())
    return found


def _parquet_value(value: object) -> object:
    if value is None or value != value:
        return ""
    return str(value) if isinstance(value, (list, dict, tuple, bytes)) else value


_MARKUP = (
    (is_xml_workbook, read_xml_workbook),
    (is_archive, read_archive),
    (is_web_page, read_page),
)
_READERS: dict[str, Callable[[bytes, str | None], tuple[list[Grid], list[str]]]] = {
    **dict.fromkeys((".xlsx", ".xlsm"), lambda content, _: read_xlsx(content)),
    ".xls": lambda content, _: read_xls(content),
    ".ods": lambda content, _: read_ods(content),
    ".docx": lambda content, _: read_docx(content),
    **dict.fromkeys((".csv", ".tsv", ".txt"), lambda *given: (_read_text_file(*given), [])),
    ".parquet": lambda content, _: ([Grid(Areas(), "", rows=read_parquet(content))], []),
}
ENDINGS = tuple(_READERS)

# VN3 gives upper case a code only where it bears no tone; capitals with tones are a matter of font.
_VN3_LETTERS = {
    "¡¢£¤¥¦§": "ĂÂÊÔƠƯĐ",
    "¨©ª«¬\u00ad®": "ăâêôơưđ",
    "µ¶·¸¹": "àảãáạ",
    "»¼½¾Æ": "ằẳẵắặ",
    "ÇÈÉÊË": "ầẩẫấậ",
    "ÌÎÏÐÑ": "èẻẽéẹ",
    "ÒÓÔÕÖ": "ềểễếệ",
    "×ØÜÝÞ": "ìỉĩíị",
    "ßáâãä": "òỏõóọ",
    "åæçèé": "ồổỗốộ",
    "êëìíî": "ờởỡớợ",
    "ïñòóô": "ùủũúụ",
    "õö÷øù": "ừửữứự",
    "úûüýþ": "ỳỷỹýỵ",
}
_FROM_VN3 = str.maketrans("".join(_VN3_LETTERS), "".join(_VN3_LETTERS.values()))
# Signs that no language writes within a word; the other codes are letters elsewhere.
_NO_WORD = re.compile(r"(?<=\w)[¡-¬\u00ad®µ-¹»-¾×÷]|[¡-§©«¬®](?=\w)")
_BETWEEN_WORDS = re.compile(r"[\s\d!-/:-@[-`{-~]+")
# "ngh-iê-ng", "ph-ươ-ng", "y-ên": what may begin a syllable, its vowels, and what may end it.
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gi|gh?|ch?|kh?|ph|qu|th?|tr|[bdđhlmnrsvx])?"
    r"(?:[aăâeêioôơuưy]|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oai|oao|oay|oă|oe|oeo|oi|oo|ôi|ơi"
    r"|ua|uâ|uây|uê|ui|uô|uôi|uơ|uy|uya|uyê|uyu|ưa|ưi|ươ|ươi|ươu|ưu|yê|yêu)"
    r"(?P<end>ch?|m|ng?|nh|p|t)?"
)
_STOPPED_TONES = ("\u0301", "\u0323")  # sắc and nặng, the only ones before c, ch, p, t


def from_tcvn3(text: str) -> str:
    """Convert TCVN3 to Unicode, letter by letter; capitals with tones become lower case.

    >>> from_tcvn3("Yªn B¸i"), from_tcvn3("H­ng Yªn"), from_tcvn3("§ång T©m")
    ('Yên Bái', 'Hưng Yên', 'Đồng Tâm')
    """
    return text.translate(_FROM_VN3)


def looks_like_tcvn3(texts: Iterable[str]) -> bool:
    """Guess whether texts are in TCVN3, in order to ask the user; correct text never is.

    Some words hold signs that no language writes within one, most of these are Vietnamese
    syllables once they are converted, and so are more of all words than before.

    >>> looks_like_tcvn3(["Phường Yên Thịnh", "Yªn B¸i"]), looks_like_tcvn3(["Xã Phúc Hòa"])
    (True, False)
    """
    # Latin-1 lacks letters such as ế: a text that has any is Unicode.
    old = (text for text in texts if not any(a > "\xff" and a.isalpha() for a in text))
    words = {word for text in old for word in _BETWEEN_WORDS.split(text)}
    changed = {word: new for word in words if (new := from_tcvn3(word)) != word}
    odd = [word for word in changed if _NO_WORD.search(word)]
    mended = [word for word in odd if _is_syllable(changed[word])]
    better = sum(map(_is_syllable, changed.values())) > sum(map(_is_syllable, changed))
    # Two letters may be a unit or carry a footnote: µm, x¹.
    return better and 2 * len(mended) > len(odd) and any(len(word) > 2 for word in mended)


def _is_syllable(word: str) -> bool:
    """Check whether a word is a possible Vietnamese syllable: order of letters, tone, ending."""
    syllables = split_syllables(word)
    if len(syllables) != 1:
        return False
    [(letters, tones)] = syllables
    form = _SYLLABLE.fullmatch(letters)
    stopped = form and form["end"] in ("c", "ch", "p", "t")
    return bool(form) and (tones in _STOPPED_TONES if stopped else len(tones) < 2)
