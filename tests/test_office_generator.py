"""The maker of office files: the same each time, everything there, and true to what it wrote."""

import csv
import unicodedata
import zipfile
from datetime import datetime

import openpyxl
import pytest

from tests.office import make_file
from tests.office.facts import MEASURES, fitting_communes, period, units
from tests.office.judging import plain_records
from tests.office.making import FORMS
from tests.office.spelling import move_tone, without_accents
from tests.office.words import HEADERS
from tests.office.writing import encode


def letters(cell):
    """Give a text without marks, case, brackets and white space."""
    text = unicodedata.normalize("NFC", str(cell)).split("(")[0]
    return "".join(without_accents(text).casefold().split())


SEEDS = range(400)
pytestmark = pytest.mark.slow  # it tests what makes test files, which seldom changes
LAYOUTS = (
    "long",
    "table by commune",
    "periods as rows",
    "form",
    "wide",
    "measures under periods",
    "periods under measures",
)
TRAITS = (
    *(f"layout: {layout}" for layout in LAYOUTS),
    *(f"format: {form}" for form in FORMS),
    *(f"tables: {way}" for way in ("on one sheet", "sheets", "files")),
    *(f"period: {style}" for style in ("from and to", "one column", "year and part")),
    *(f"kind of period: {kind}" for kind in ("month", "quarter", "half", "year")),
    *(f"separator: {mark}" for mark in (",", ";", "\t")),
    *(f"encoding: {name}" for name in ("utf-8", "utf-8-sig", "utf-16", "cp1258")),
    *(f"dates: {form}" for form in ("real", "/", "-", "iso")),
    *(f"several files: {way}" for way in ("folder", "list")),
    *(f"comparisons: {way}" for way in ("beside", "at the end")),
    *(f"section totals: {way}" for way in ("heading", "below", "none")),
    "blank rows above",
    "national header",
    "commune as the reporting office",
    "commune within the title",
    "days in the title",
    "period by name and by days",
    "headers not merged",
    "headers in capitals",
    "line breaks in headers",
    "tips under one header",
    "outreach under one header",
    "year above the periods",
    "empty column at the left",
    "STT",
    "units row",
    "units in brackets",
    "units as a column",
    "numbering row",
    "section rows",
    "totals first",
    "totals last",
    "totals as formulas",
    "valuable tips as a part alone",
    "city body among the communes",
    "column of totals",
    "quarters among the months",
    "blank row within a table",
    "header once more",
    "file sent twice",
    "commune or period in the sheet's name alone",
    "remarks below",
    "signatures below",
    "formatted blank cells",
    "commune once",
    "group cells merged",
    "hidden rows",
    "hidden columns",
    "notes column",
    "unknown column",
    "unknown row",
    "comparisons",
    "year to date",
    "sheets without records",
    "stray spaces",
    "decomposed letters",
    "tone placed as in hoà",
    "communes in capitals",
    "communes without accents",
    "communes with prefix",
    "communes with a town's prefix",
    "counts as text",
    "thousands marked",
    "counts with unit",
    "counts as 05",
    "missing in words",
    "periods from the 15th",
    "encoding said",
    *(
        f"damage: {name}"
        for name in (
            "bound",
            "ditto",
            "two numbers",
            "letters",
            "half",
            "below zero",
            "percentage",
            "either mark",
            "dash",
            "typed thousand",
            "date in count",
            "error cell",
            "no stored value",
            "unknown commune",
            "broken date",
            "valuable above tips",
            "wrong total",
            "merged counts",
        )
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make the first 400 files, once."""
    folder = tmp_path_factory.mktemp("office")
    return [make_file(seed, folder / str(seed)) for seed in SEEDS]


def paths_of(one):
    """List the files of what was made."""
    if isinstance(one.path, list):
        return one.path
    return sorted(one.path.iterdir()) if one.path.is_dir() else [one.path]


def content_of(path):
    """Give the bytes of a file, or of the cells in an ods."""
    if path.suffix != ".ods":
        return path.read_bytes()
    with zipfile.ZipFile(path) as file:
        return file.read("content.xml")


def grids(one, formulas=True):
    """Give every sheet of a file as rows, read by another program than wrote it."""
    for path in paths_of(one):
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, data_only=not formulas):
                yield path, sheet.title, list(sheet.iter_rows(values_only=True))


def test_the_same_seed_gives_the_same_content(made, tmp_path):
    """Cells, options, records, damages and traits; an xlsx or ods holds the time in its zip."""
    for seed in range(0, 60):
        again = make_file(seed, tmp_path / str(seed))
        assert again.records.equals(made[seed].records)
        assert (again.options, again.damages, again.cells, again.description) == (
            made[seed].options,
            made[seed].damages,
            made[seed].cells,
            made[seed].description,
        )
        first = [(path.name, sheet, rows) for path, sheet, rows in grids(made[seed])]
        assert first == [(path.name, sheet, rows) for path, sheet, rows in grids(again)]
        for path, other in zip(paths_of(made[seed]), paths_of(again), strict=True):
            assert path.suffix == ".xlsx" or content_of(path) == content_of(other)


@pytest.mark.parametrize("trait", TRAITS)
def test_every_layout_trait_and_damage_occurs(made, trait):
    """Within the first 400 seeds, and in more than one file."""
    assert sum(trait in one.traits for one in made) > 1


def test_no_trait_is_untold(made):
    """What the maker notes is in the list above, but for what depends on the machine."""
    noted = {trait for one in made for trait in one.traits}
    loose = ("rows: ", "tables: ", "format: ", "damaged", "hidden rows or columns")
    assert {trait for trait in noted - set(TRAITS) if not trait.startswith(loose)} == set()


def test_the_cells_are_counted_as_another_program_counts_them(made):
    """openpyxl counts filled cells of xlsx; Python's csv those of text files."""
    for one in made:
        counted = {
            (path.name, sheet): sum(cell is not None for row in rows for cell in row)
            for path, sheet, rows in grids(one)
        }
        for path in paths_of(one):
            if path.suffix in (".csv", ".tsv"):
                counted[path.name, ""] = sum(bool(cell) for row in text_rows(path) for cell in row)
        assert {key: one.cells[key] for key in counted} == counted, one.description


def text_rows(path):
    """Read a text file whose encoding and separator show in its bytes."""
    content = path.read_bytes()
    for encoding in (
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig",
        "cp1258",
    ):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    mark = max("\t;,", key=text.count)
    return list(csv.reader(text.splitlines(), delimiter=mark))


def test_every_spoilt_cell_holds_what_spoils_it(made):
    """Row and column of a damage point at the cell itself."""
    seen = 0
    for one in made:
        formulas = any(damage.value == "=1+1" for damage in one.damages)
        sheets = {(path.name, sheet): rows for path, sheet, rows in grids(one, formulas)}
        for damage in one.damages:
            if (damage.file, damage.sheet) in sheets:
                seen += 1
                rows = sheets[damage.file, damage.sheet]
                assert rows[damage.row - 1][damage.column] == damage.value, one.description
    assert seen > 100


# What the few lines below cannot read.
BEYOND = {
    "period: one column",
    "period: year and part",
    "comparisons: beside",
    "tips under one header",
    "outreach under one header",
    "commune once",
}
MEASURE_OF = {letters(name): measure for measure, names in HEADERS.items() for name in names}
MEASURE_OF[letters("Trong đó: có giá trị")] = "valuable_tips"
COMMUNE_OF = {letters(unit.name): unit.name for unit in units()}


def read_long(rows, dash):
    """Read rows with a name, two days, and counts under headers of one row."""
    found, columns = {}, {}
    for row in rows:
        measures = [MEASURE_OF.get(letters(cell)) for cell in row]
        columns = measures if any(measures) else columns
        days = [day for day in map(plain_day, row) if day]
        if len(days) == 2:
            names = [letters(cell) for cell in row if isinstance(cell, str)]
            name = next(known for key, known in COMMUNE_OF.items() if has_name(names, key))
            counts = {m: plain_count(c, dash) for m, c in zip(columns, row, strict=True) if m}
            key = (name, f"{days[0]:%Y-%m-%d}", f"{days[1]:%Y-%m-%d}")
            found[key] = tuple(counts.get(measure) for measure in MEASURES)
    return {key: counts for key, counts in found.items() if any(c is not None for c in counts)}


def plain_day(cell):
    """Read a day as offices write it; nothing where a cell is none."""
    if isinstance(cell, datetime):
        return cell
    for form in ("%d/%m/%Y", "%d-%m-%y", "%Y-%m-%d"):
        try:
            return datetime.strptime(str(cell), form)
        except ValueError:
            continue
    return None


def has_name(texts, key):
    """Say whether one of the texts is a name, with or without prefix."""
    return any(text.endswith(key) and len(text) <= len(key) + 6 for text in texts)


def plain_count(cell, dash):
    """Read a count by its digits."""
    digits = "".join(letter for letter in str(cell) if letter.isdigit())
    if digits:
        return int(digits)
    return 0 if dash == "zero" and cell in ("-", "–") else None


def test_long_tables_read_by_a_few_plain_lines_give_the_records(made):
    """Days in two columns, one header row: what is there is what is said to be there."""
    seen = 0
    for one in made:
        traits = set(one.traits)
        simple = {"layout: long", "period: from and to", "format: xlsx"} <= traits
        if simple and not one.damages and not traits & BEYOND:
            found = {}
            for _, _, rows in grids(one):
                found |= read_long(rows, one.options.get("dash"))
            assert found == plain_records(one.records), one.description
            seen += 1
    assert seen > 2


def test_periods_from_the_15th_follow_the_decree():
    """Decree 09/2019/NĐ-CP, Article 12: the year from 15/12 to 14/12, a quarter likewise."""
    year, quarter = period("year", 2022, 1, True), period("quarter", 2022, 1, True)
    assert (f"{year.start:%d/%m/%Y}", f"{year.end:%d/%m/%Y}") == ("15/12/2021", "14/12/2022")
    assert (f"{quarter.start:%d/%m/%Y}", f"{quarter.end:%d/%m/%Y}") == ("15/12/2021", "14/03/2022")
    half = period("half", 2020, 2)
    assert (f"{half.start:%d/%m/%Y}", f"{half.end:%d/%m/%Y}") == ("01/07/2020", "31/12/2020")


def test_communes_are_chosen_that_keep_their_extent():
    """Giới Phiên grew on 1 February 2020: it fits January and February, but not that year."""
    months = [period("month", 2020, 1), period("month", 2020, 2)]
    assert "Giới Phiên" in fitting_communes(months)
    assert "Phúc Lộc" in fitting_communes(months[:1])
    assert "Phúc Lộc" not in fitting_communes(months)
    assert "Giới Phiên" not in fitting_communes([period("year", 2020, 1)])
    assert len(fitting_communes([period("year", 2020, 1)])) == 13


def test_records_hold_together(made):
    """Valuable tips are some of the tips, periods are past, and each table has counts."""
    for one in made:
        records = one.records
        assert not (records["valuable_tips"] > records["tips"]).any()
        assert (records["period_start"] <= records["period_end"]).all()
        assert (records["period_end"] <= "2024-09-30").all()
        assert not records.duplicated(["commune", "period_start"]).any()


def test_tones_move_only_at_the_end_of_a_syllable():
    """Where old and new spelling differ: oa, oe and uy without a letter behind them."""
    assert move_tone("Hòa, lũy, CỘNG HÒA, hóa, khỏe") == "Hoà, luỹ, CỘNG HOÀ, hoá, khoẻ"
    assert move_tone("quý, hoàn, Tuy Lộc, thúy") == "quý, hoàn, Tuy Lộc, thuý"


def test_windows_1258_is_what_windows_reads():
    """Letters with a tone are two bytes there, and Python reads them back."""
    text = "Xã Tuy Lộc, phường Đồng Tâm: đang cập nhật …"
    read = encode(text, "cp1258").decode("cp1258")
    assert unicodedata.normalize("NFC", read) == text
