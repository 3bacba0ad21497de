"""From printed numbers to cells: what is traced adds up to what is printed, exactly."""

import random
import re
import shutil

import openpyxl
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers.dictionary import word
from antq_helpers.reviewing.contents import contents_of
from antq_helpers.reviewing.tracing import Trace
from tests.books import book
from tests.office import make_file

KINDS = ("pptx", "docx", "xlsx")
QUIET = {"progress": lambda *_: None, "audience": "internal"}


def amounts(found: Trace, number: int) -> dict[tuple[str, int], float]:
    """What the cells of one number add up to, by part and sign."""
    cells = found.cells[found.cells["number"] == number]
    return cells.groupby(["part", "sign"])["value"].sum().to_dict()


def read(text):
    """The number of a text of a Vietnamese page."""
    plain = text.strip("+%°").replace("−", "-").replace(".", "").replace(",", ".")
    return float(plain)


def agrees(found: Trace, number: int, printed: str) -> bool:
    """Whether the cells of one number add up to what is printed."""
    sums, kind = amounts(found, number), found.numbers["kind"][number]
    now, before = sums.get(("numerator", 1), 0), sums.get(("numerator", -1), 0)
    base, base_before = sums.get(("denominator", 1)), sums.get(("denominator", -1))
    if kind in ("value", "to_date") and base is None:
        return now == read(printed)
    if kind == "value" and "/" in printed:
        return (now, base) == tuple(map(read, printed.split("/")))
    if kind == "value":
        return abs(100 * now / base - read(printed)) <= 0.05 + 1e-9
    if kind == "change" and base is None:
        return abs(now - before) == abs(read(printed))
    if kind == "change":  # of two rounded values, as these stand beside it
        return abs(abs(now / base - before / base_before) * 100 - abs(read(printed))) <= 0.1 + 1e-9
    return True  # a percentage of rates: its two counts are there


@pytest.fixture(scope="module")
def two_files(tmp_path_factory):
    """Two offices' files; a repeat of a month, and a total, are set aside."""
    folder = tmp_path_factory.mktemp("files")
    head = ["Xã, phường", "Kỳ", "Nguồn tin"]
    first = [head, ["Tuy Lộc", "3/2022", 12], ["Âu Lâu", "3/2022", 5], ["Cộng", "3/2022", 17]]
    second = [head, ["Tuy Lộc", "4/2022", 8], ["Tuy Lộc", "3/2021", 4], ["Tuy Lộc", "3/2022", 12]]
    paths = [book(folder / "a.xlsx", {"Tháng": first}), book(folder / "b.xlsx", {"Sổ": second})]
    check = antq.check_file(paths, language="vi")
    pack = antq.write_briefing(check.records, folder / "pack", period="2022-to-04", **QUIET)
    return pack, check, paths


def test_a_number_leads_to_its_cells_by_hand(two_files):
    """20 tips of Tuy Lộc are 12 and 8; 25 of the city 12, 8 and 5."""
    pack, check, paths = two_files
    for kind in KINDS:
        (path,) = pack.glob(f"*.{kind}")
        found = antq.trace(path, "20", check)
        assert set(found.numbers["what"]) == {"Tuy Lộc, Nguồn tin tiếp nhận, 4 tháng 2022"}
        cells = found.cells[found.cells["number"] == 0]
        assert cells[["file", "sheet", "cell", "value"]].values.tolist() == [
            ["a.xlsx", "Tháng", "C2", 12.0],
            ["b.xlsx", "Sổ", "C2", 8.0],
        ]
        city = antq.trace(path, "25", paths)
        assert sorted(city.cells.query("number == 0")["cell"]) == ["C2", "C2", "C3"]
    assert "a.xlsx Tháng C2: 12; b.xlsx Sổ C2: 8" in repr(found)
    aside = found.aside[found.aside["cell"].isin(["C4"])]
    assert aside["file"].tolist() == ["a.xlsx", "b.xlsx"]  # the total, and the repeated month
    assert (aside["reason"] != "").all()


def test_what_can_not_be_traced_is_said(two_files, tmp_path):
    """No such number, other data, a file of another kind."""
    pack, check, paths = two_files
    (path,) = pack.glob("*.docx")
    with pytest.raises(ValueError, match="“2022” không phải là số liệu"):
        antq.trace(path, "2022", check)
    with pytest.raises(ValueError, match="không phải là số liệu đã dùng"):
        antq.trace(path, "20", paths[0])
    with pytest.raises(ValueError, match="bears no stamp"):
        antq.trace(paths[0], "20", check)
    with pytest.raises(FileNotFoundError):
        antq.trace(tmp_path / "none.docx", "20", check)


def test_a_stock_leads_to_the_last_report_of_each_unit_and_a_flow_to_all(tmp_path):
    """13 and 20 groups at the end of March, 17 and 20 in July; 7 arrests of seven months."""
    paths = [
        book(
            tmp_path / f"{month}.xlsx",
            {
                "Sheet1": [
                    [f"BÁO CÁO THÁNG {month} NĂM 2022"],
                    ["Xã, phường", "Bắt giữ", "Tổ tự quản"],
                    ["Tuy Lộc", 1, 10 + month],
                    ["Minh Bảo", 0, 20],
                ]
            },
        )
        for month in range(1, 8)
    ]
    check = antq.check_file(paths, language="vi")
    pack = antq.write_briefing(
        check.records, tmp_path / "pack", period="2022-Q3", measures=["arrests", "groups"],
        formats=["docx"], **QUIET,
    )  # fmt: skip
    (path,) = pack.glob("*.docx")
    now = antq.trace(path, "37", check)
    assert sorted(now.cells.query("number == 0")[["file", "cell", "value"]].values.tolist()) == [
        ["7.xlsx", "C3", 17.0], ["7.xlsx", "C4", 20.0]
    ]  # fmt: skip
    # The sum of three quarters' ends would be 13 + 20 + 16 + 20 + 17 + 20.
    whole = [row for section in contents_of(path) for part in section.parts for row in part.table]
    assert not any(text.rstrip("°") in ("106", "46", "60") for row in whole for text in row)
    arrests = antq.trace(path, "7", check)
    kinds = arrests.numbers["kind"].eq("to_date")
    assert kinds.any()
    cells = arrests.cells[arrests.cells["number"].isin(kinds.index[kinds])]
    assert set(cells["field"]) == {"arrests"}
    assert cells.groupby("number")["value"].sum().eq(7).all()


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_an_illustrative_number_has_no_cells(audience, tmp_path):
    """Nobody reported the sample."""
    pack = antq.write_briefing(
        antq.load_records(), tmp_path / "x", period="2022", communes=[], formats=["docx"],
        **{**QUIET, "audience": audience},
    )  # fmt: skip
    (path,) = pack.glob("*.docx")
    found = antq.trace(path, "534")
    assert set(found.numbers["note"]) == {"SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}
    assert found.cells.empty


def test_a_protected_number_has_no_cells(tmp_path):
    """What a public briefing prints instead of a small count."""
    records = antq.load_records().assign(source="reported")
    pack = antq.write_briefing(
        records, tmp_path / "x", period="2022", formats=["docx"], **{**QUIET, "audience": "public"}
    )
    (path,) = pack.glob("*.docx")
    records.to_csv(tmp_path / "own.csv", index=False)
    check = antq.check_file(tmp_path / "own.csv")
    found = antq.trace(path, word("cell_hidden", "vi"), check)
    assert set(found.numbers["note"]) == {"Số nhỏ được bảo vệ: không công bố, không truy."}
    assert found.cells.empty
    shown = antq.trace(path, "534", check)
    assert amounts(shown, 0) == {("numerator", 1): 534}
    # As the page writes it, and as the workbook holds it.
    for text in ("18.537", "18537"):
        assert amounts(antq.trace(path, text, check), 0) == {("numerator", 1): 18537}


def messy_files(folder, count=15):
    """Files of random offices in random layouts, and what stands in them by name of the file."""
    paths, truth, seed = [], {}, 0
    while len(truth) < count:
        seed += 1
        made = make_file(seed, folder / f"{seed}")
        alone = not isinstance(made.path, list) and made.path.is_file()
        if not alone or made.options or made.records.empty or made.path.name in truth:
            shutil.rmtree(folder / f"{seed}")
            continue
        paths.append(made.path)
        truth[made.path.name] = made.records
    return paths, truth


@pytest.mark.slow
def test_200_printed_numbers_from_15_messy_files_add_up_exactly(tmp_path):
    """Each cell is compared with what was written into its file, and read again where it can be."""
    paths, truth = messy_files(tmp_path)
    check = antq.check_file(paths, language="vi")
    years = check.records["period_end"].dt.year.value_counts()
    pack = antq.write_briefing(
        check.records, tmp_path / "pack", period=str(years.index[0]), formats=KINDS, **QUIET
    )
    chance, tried, traced = random.Random(20), 0, 0
    pages = {path: contents_of(path) for kind in KINDS for path in pack.glob(f"*.{kind}")}
    numbers = sorted(
        {
            (path, cell)
            for path, sections in pages.items() if path.suffix != ".xlsx"
            for section in sections for part in section.parts
            for row in part.table[1:] for cell in row[1:]
            if re.fullmatch(r"[+−]?\d[\d.,]*%?°?|\d+/\d+", cell)
        }
        | {
            (path, text)
            for path, sections in pages.items() if path.suffix == ".docx"
            for section in sections for part in section.parts
            for text in re.findall(r"tiếp nhận (\d[\d.]*) nguồn tin", part.text)
        }
    )  # fmt: skip
    books = {
        p.name: openpyxl.load_workbook(p, data_only=True) for p in paths if p.suffix == ".xlsx"
    }
    while tried < 200:
        path, printed = chance.choice(numbers)
        tried += 1
        found = antq.trace(path, printed, check)
        for number in found.numbers.index:
            assert agrees(found, number, printed), (path.name, printed, found)
        for cell in found.cells.itertuples():
            written = truth[cell.file]
            mine = written[
                (written["commune"] == cell.commune)
                & (pd.to_datetime(written["period_start"]) == cell.period_start)
                & (pd.to_datetime(written["period_end"]) == cell.period_end)
            ]
            assert cell.value in mine[cell.field].tolist(), (printed, cell)
            if cell.file in books:
                inside = books[cell.file][cell.sheet][cell.cell].value
                if isinstance(inside, int | float):
                    assert inside == cell.value
        traced += len(found.cells)
    assert traced > 400
