"""Every kind of file that offices send comes in as the same sheets, or is refused in one way."""

import io
import random
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from antq_helpers.problems import DataProblem
from antq_helpers.reading.formats import ENDINGS, Book, read_book
from antq_helpers.reading.sheets import Sheet
from tests.raw_docx import write_docx
from tests.raw_ods import write_ods
from tests.raw_xls import compound, write_xls
from tests.raw_xlsx import cell, row, write_rows

ROOT = Path(__file__).parent.parent
ROWS = [["xã", "ngày", "tin"], ["Tuy Lộc", date(2022, 1, 31), 3], ["Âu Lâu", date(2022, 2, 28), 4]]


def write_xlsx(path, sheets):
    """Write rows by the sheet's name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for values in rows:
            sheet.append(values)
    book.save(path)
    return path


def write_csv(path, sheets):
    """Write the first sheet as text."""
    (rows, *_) = sheets.values()
    path.write_text("\n".join(",".join(map(str, values)) for values in rows), "utf-8")
    return path


def write_parquet(path, sheets):
    """Write the first sheet as a table."""
    (header, *rows), *_ = sheets.values()
    pd.DataFrame(rows, columns=header).to_parquet(path)
    return path


WRITERS = {
    ".xlsx": write_xlsx,
    ".xlsm": write_xlsx,
    ".xls": write_xls,
    ".ods": write_ods,
    ".docx": lambda path, sheets: write_docx(path, list(sheets.values())),
    **dict.fromkeys((".csv", ".tsv", ".txt"), write_csv),
    ".parquet": write_parquet,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Give the bytes of a sound file of each kind, by its ending."""
    folder = tmp_path_factory.mktemp("sound")
    return {
        kind: write(folder / f"a{kind}", {"Quý I": ROWS}).read_bytes()
        for kind, write in WRITERS.items()
    }


def refused(path, content=None, **options):
    """Read a file that must be refused, and give the kind of its one problem."""
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataProblem) as caught:
        read_book(path, **options)
    (problem,) = caught.value.problems
    assert problem.file == path.name
    return problem.kind


def test_the_endings_are_those_that_are_tested():
    """A new kind of file is tested like the others."""
    assert tuple(WRITERS) == ENDINGS


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_cells_come_in_from_each_kind_of_file(tmp_path, kind):
    """As text from text files; a whole number as such, not as 3.0; the ending in capitals."""
    path = WRITERS[kind](tmp_path / f"QUY1{kind.upper()}", {"Quý I": ROWS})
    text = kind in (".csv", ".tsv", ".txt", ".docx")
    name = "Quý I" if kind in (".xlsx", ".xlsm", ".xls", ".ods") else ""
    name = "Bảng 1" if kind == ".docx" else name
    rows = [[str(value) for value in values] for values in ROWS] if text else ROWS
    assert read_book(path) == Book((Sheet(path.name, name, rows),))


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".ods"])
def test_sheets_come_in_their_order_with_blank_rows_at_the_top(tmp_path, kind):
    """A row's number is what the user sees."""
    sheets = {"Hai": [[], [], [None, "xã"]], "Một": [], "Ba": [["x", 2.5, True]]}
    book = read_book(WRITERS[kind](tmp_path / f"a{kind}", sheets))
    assert [sheet.name for sheet in book.sheets] == ["Hai", "Một", "Ba"]
    assert book.sheets[0].rows == [["", ""], ["", ""], ["", "xã"]]
    assert book.sheets[2].rows == [["x", 2.5, True]]


def test_days_moments_and_times_come_as_they_are_stored(tmp_path):
    """A time of day, and more hours than a day has."""
    book = openpyxl.Workbook()
    values = [date(2022, 1, 31), datetime(2022, 1, 31, 7, 30), time(7, 30), timedelta(hours=30)]
    book.active.append(values)
    book.save(tmp_path / "a.xlsx")
    assert read_book(tmp_path / "a.xlsx").sheets[0].rows == [values]


def test_a_number_that_is_no_date_any_more_stays_a_number(tmp_path):
    """A count below a format for days: the year 57,260 is beyond the calendar."""
    book = openpyxl.Workbook()
    book.active["A1"] = 20_220_131
    book.active["A1"].number_format = "dd/mm/yyyy"
    book.save(tmp_path / "a.xlsx")
    assert read_book(tmp_path / "a.xlsx").sheets[0].rows == [[20_220_131]]


def test_a_protected_sheet_is_read(tmp_path):
    """Protection keeps users from changing cells; nothing is encrypted."""
    book = openpyxl.Workbook()
    book.active["A1"] = 3
    book.active.protection.set_password("bí mật")
    book.save(tmp_path / "a.xlsx")
    assert read_book(tmp_path / "a.xlsx").sheets[0].rows == [[3]]


def test_a_sheet_of_a_chart_alone_is_left_out(tmp_path):
    """It has no cells."""
    book = openpyxl.Workbook()
    book.active["A1"] = 3
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book.active, 1, 1))
    book.create_chartsheet("Hình", 0).add_chart(chart)
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in read_book(tmp_path / "a.xlsx").sheets] == ["Sheet"]


def test_values_of_a_parquet_file_are_those_of_a_sheet(tmp_path):
    """Missing is blank, whole is whole, lists are text; rows count from the header on."""
    table = pd.DataFrame(
        {
            "xã": pd.Categorical(["Tuy Lộc", None, "Tuy Lộc"]),
            "tin": [1.0, None, 2.5],
            "vụ": pd.array([3, None, 4], dtype="Int64"),
            "ngày": pd.to_datetime(["2022-01-31", None, "2022-02-28 07:30"], format="ISO8601"),
            "đợt": [[1, 2], None, []],
            "tiền": [Decimal("1.50"), None, Decimal(2)],
        },
        index=[7, 7, 8],
    )
    table.to_parquet(tmp_path / "a.parquet")
    assert read_book(tmp_path / "a.parquet").sheets[0].rows == [
        ["xã", "tin", "vụ", "ngày", "đợt", "tiền"],
        ["Tuy Lộc", 1, 3, datetime(2022, 1, 31), "[1, 2]", Decimal("1.50")],
        ["", "", "", "", "", ""],
        ["Tuy Lộc", 2.5, 4, datetime(2022, 2, 28, 7, 30), "[]", Decimal(2)],
    ]


def test_a_named_index_of_a_parquet_file_is_the_first_column(tmp_path):
    """Whoever set the commune as index still finds it."""
    table = pd.DataFrame({"tin": [1], "xã": ["Tuy Lộc"]}).set_index("xã")
    table.to_parquet(tmp_path / "a.parquet")
    assert read_book(tmp_path / "a.parquet").sheets[0].rows == [["xã", "tin"], ["Tuy Lộc", 1]]


def test_a_long_text_that_a_parquet_file_repeats_is_too_large(tmp_path):
    """100,000 letters, stored once, in 2,000 rows: 200 MB."""
    pd.DataFrame({"a": ["x" * 100_000] * 2000}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataProblem, match=r"^a\.parquet: the file is too large: 200 MB; the most"):
        read_book(tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "", "folder.xlsx"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    """A missing file, and a folder in its place."""
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(DataProblem, match=r": there is no such file\. Check the name and"):
        read_book(tmp_path / name)


@pytest.mark.parametrize("name", ["a.doc", "a", "a.xlsb", "a.xlsx.zip"])
def test_a_kind_of_file_that_is_not_read_is_refused_with_those_that_are(tmp_path, name):
    """The message says what to save it as."""
    (tmp_path / name).write_bytes(b"x")
    message = (
        rf"^{name}: files of this kind are not read\. Save it as one of: \.xlsx, \.xlsm, \.xls"
    )
    with pytest.raises(DataProblem, match=message):
        read_book(tmp_path / name)


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_file_that_may_not_be_opened_says_so(tmp_path, monkeypatch, kind):
    """A file that is open in Excel on Windows refuses."""
    path = tmp_path / f"a{kind}"
    path.write_bytes(b"x")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(DataProblem, match=rf"^a{kind}: the file cannot be opened\. Close it in"):
        read_book(path)


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("content", [b"", b" \r\n\n"], ids=["nothing", "blank lines"])
def test_a_file_of_no_bytes_is_empty(tmp_path, kind, content):
    """Whatever its ending."""
    assert refused(tmp_path / f"a{kind}", content) == "empty_file"


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".ods", ".csv"])
def test_a_file_without_a_filled_cell_is_empty(tmp_path, kind):
    """Two blank sheets, or blanks between commas."""
    path = WRITERS[kind](tmp_path / f"a{kind}", {"A": [["", " "], [""]], "B": []})
    with pytest.raises(DataProblem, match=rf"^a{kind}: the file holds no row of figures\. Open"):
        read_book(path)


def test_the_language_is_that_of_the_caller(tmp_path):
    """Vietnamese for the page without code."""
    (tmp_path / "a.xlsx").write_bytes(b"x")
    with pytest.raises(DataProblem, match=r"^a\.xlsx: nội dung tệp không đúng với đuôi \.xlsx\."):
        read_book(tmp_path / "a.xlsx", language="vi")


def test_an_unknown_encoding_is_an_error_of_the_caller(tmp_path):
    """Also where the file needs none."""
    with pytest.raises(ValueError, match=r"^encoding='utf-9' is not known\. Use utf-8"):
        read_book(write_xlsx(tmp_path / "a.xlsx", {"A": [[1]]}), encoding="utf-9")


@pytest.mark.parametrize("kind", [".xlsx", ".xlsm", ".xls", ".ods", ".docx"])
def test_a_password_is_told(tmp_path, kind):
    """A workbook that was encrypted as a whole stands in a container of another kind."""
    (tmp_path / f"a{kind}").write_bytes(compound({"EncryptionInfo": b"", "EncryptedPackage": b""}))
    with pytest.raises(DataProblem, match=rf"^a{kind}: the file is locked with a password\. Open"):
        read_book(tmp_path / f"a{kind}")


def test_a_row_with_a_cell_too_many_is_named(tmp_path):
    """The message says in which row to look."""
    path = tmp_path / "a.csv"
    path.write_text("xã,lần,tin\nA,1,3\nB,2,368,5\n", "utf-8")
    with pytest.raises(DataProblem, match=r"^a\.csv, row 3: the content is not what the ending"):
        read_book(path)


def test_a_wrong_encoding_is_named(tmp_path):
    """As the caller gave it."""
    path = tmp_path / "a.csv"
    path.write_bytes("xã,tin".encode("utf-16"))
    with pytest.raises(DataProblem, match=r"^a\.csv: this is no text in utf-8\. Save it as CSV"):
        read_book(path, encoding="utf-8")


FOREIGN = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe" * 20,
    "spreadsheet in XML": b'<?xml version="1.0"?><Workbook xmlns="urn:x"><Worksheet/></Workbook>',
    "other container": compound({"WordDocument": b"x"}),
    "zip start": b"PK\x03\x04" + bytes(range(256)) * 4,
    "parquet start": b"PAR1" + bytes(range(256)),
}


@pytest.mark.parametrize("kind", ENDINGS)
@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_what_is_none_of_these_files_is_refused(tmp_path, kind, content):
    """A picture; a letter; what only begins like a workbook."""
    assert refused(tmp_path / f"a{kind}", content) == "wrong_format"


@pytest.mark.parametrize("kind", ENDINGS)
def test_a_file_that_was_renamed_is_read_as_what_it_is(tmp_path, sound, kind):
    """Many systems call whatever they export .xls."""
    for other in ENDINGS:
        (tmp_path / f"a{other}").write_bytes(sound[other])
        expected = read_book(tmp_path / f"a{other}").sheets
        (tmp_path / f"b{kind}").write_bytes(sound[other])
        found = read_book(tmp_path / f"b{kind}").sheets
        assert [sheet.rows for sheet in found] == [sheet.rows for sheet in expected]


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".ods", ".parquet"])
def test_a_file_that_was_cut_off_is_refused(tmp_path, sound, kind):
    """A download that broke off, at every eighth of a kilobyte."""
    content = sound[kind].rstrip(b"\xff")  # with which xls files are filled up
    for length in range(1, len(content) - 8, 128):
        assert refused(tmp_path / f"a{kind}", content[:length]) == "wrong_format"


def read_or_refuse(path, content):
    """Read bytes that may be anything: no other exception leaves the reader."""
    path.write_bytes(content)
    try:
        assert read_book(path).sheets
    except DataProblem as problem:
        assert len(problem.problems) == 1  # noqa: PT017


@pytest.mark.parametrize("kind", WRITERS)
def test_a_damaged_file_is_read_or_refused_but_never_fails_otherwise(tmp_path, sound, kind):
    """A hundred files with some bytes changed, and a third of them cut off."""
    for seed in range(100):
        chance = random.Random(seed)
        content = bytearray(sound[kind])
        for _ in range(chance.choice([1, 5, 30])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        end = chance.randrange(len(content)) if chance.random() < 1 / 3 else len(content)
        read_or_refuse(tmp_path / f"a{kind}", bytes(content[:end]))


@pytest.mark.parametrize("kind", [".xlsx", ".ods"])
def test_damaged_parts_of_a_sound_zip_are_read_or_refused(tmp_path, sound, kind):
    """The checksums are right, so that the damage reaches what reads the XML."""
    with zipfile.ZipFile(io.BytesIO(sound[kind])) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for seed in range(100):
        chance = random.Random(seed)
        name = chance.choice([name for name in parts if name.endswith((".xml", ".rels"))])
        changed = bytearray(parts[name])
        for _ in range(chance.choice([1, 5])):
            changed[chance.randrange(len(changed))] = chance.choice(b"<>/\"'&=0A\0\xff")
        damaged = io.BytesIO()
        with zipfile.ZipFile(damaged, "w") as file:
            for part, content in parts.items():
                file.writestr(part, bytes(changed) if part == name else content)
        read_or_refuse(tmp_path / f"a{kind}", damaged.getvalue())


@pytest.mark.parametrize("kind", WRITERS)
def test_random_bytes_are_refused(tmp_path, kind):
    """Two kilobytes of no meaning."""
    for seed in range(20):
        assert refused(tmp_path / f"a{kind}", random.Random(seed).randbytes(2000)) == "wrong_format"


def zipped(**parts):
    """Give the bytes of a zip of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def write_hostile(folder):
    """Write files that are small and would take gigabytes, or hours, if they were trusted."""
    styled = "".join(
        f'<row r="{n}" s="1" ht="15"><c r="A{n}" s="1"/></row>' for n in range(2, 10**6)
    )
    first = row(1, cell("A1", 3))
    write_rows(folder / "styled.xlsx", first + styled)
    write_rows(folder / "corner.xlsx", first + row(1_048_576, cell("XFD1048576", 1)))
    write_rows(folder / "bomb.xlsx", first, parts={"xl/styles.xml": bytes(160_000_000)},
               related=[("styles", "styles.xml")])  # fmt: skip
    liar = bytearray((folder / "bomb.xlsx").read_bytes())
    place = liar.index((160_000_000).to_bytes(4, "little"), liar.index(b"PK\1\2"))
    liar[place : place + 4] = (10).to_bytes(4, "little")
    (folder / "liar.xlsx").write_bytes(liar)
    write_rows(folder / "row.xlsx", row(1, "<c/>" * 30_000_000))
    (folder / "cells.xls").write_bytes(b"<table><tr>" + b"<td>" * 30_000_000)
    nested = zipped(**{"r/r.zip": b""})
    for _ in range(50):
        nested = zipped(**{"r/r.zip": nested})
    (folder / "nested.xlsx").write_bytes(nested)
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><x>&l9;</x>'
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": mimetype, "META-INF/manifest.xml": "<x/>", "content.xml": laughs}
    (folder / "laughs.ods").write_bytes(zipped(**parts))
    (folder / "quotes.csv").write_bytes(b'"' * 1_000_001)
    (folder / "open.csv").write_bytes(b'a,b\n1,"' + b"2,3\n" * 1_000_000)


OUTCOMES = {
    "styled.xlsx": "read",
    "corner.xlsx": "too_many_cells",
    "bomb.xlsx": "too_large",
    "liar.xlsx": "wrong_format",
    "row.xlsx": "wrong_format",
    "cells.xls": "too_large",
    "nested.xlsx": "wrong_format",
    "laughs.ods": "wrong_format",
    "quotes.csv": "wrong_format",
    "open.csv": "wrong_format",
}
CHILD = """
import resource, sys
from pathlib import Path
from antq_helpers.problems import DataProblem
from antq_helpers.reading.formats import read_book
for path in map(Path, sys.argv[1:]):
    try:
        outcome = "read" if read_book(path).sheets[0].rows == [[3]] else "something else"
    except DataProblem as problem:
        outcome = problem.problems[0].kind
    print(path.name, outcome)
status = Path("/proc/self/status")
if status.exists():  # getrusage would also count the parent before this process began
    peak = int(status.read_text().split("VmHWM:")[1].split()[0])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.slow
def test_hostile_files_take_less_than_a_gigabyte(tmp_path):
    """Each is read or refused with one clear message; none is believed what it says of itself."""
    pytest.importorskip("resource")
    write_hostile(tmp_path)
    paths = [str(tmp_path / name) for name in OUTCOMES]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *paths],
        capture_output=True,
        text=True,
        check=True,
        timeout=80,
        cwd=ROOT,
    )
    *found, peak = done.stdout.splitlines()
    assert dict(line.split() for line in found) == OUTCOMES
    assert int(peak) < 10**9
