"""The files of a month go in by the page, the command line and Python, with one result."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from docx import Document
from pptx import Presentation

import antq_helpers as antq
from antq_helpers.__main__ import main
from antq_helpers.reading.load import check_files
from antq_helpers.reading.movement import MOVEMENT
from tests.books import book
from tests.raw_docx import write_docx
from tests.test_briefing_page import choose, drop

UNITS = antq.load_communes(boundaries=2022)["name"].tolist()
GRADES = ["Xuất sắc", "Khá", "Khá", "Trung bình", "Yếu"]
MONTHS = [f"Tháng {month}" for month in range(1, 13)]
TIPS = {year: [[3 + (i + m + year) % 4 for m in range(12)] for i in range(15)] for year in (21, 22)}


def listed(header, rows):
    """Number rows below a header, as an officer does."""
    return [["STT", *header], *([i + 1, *row] for i, row in enumerate(rows))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve files as offices make them: counts, each table of the movement, a Word report."""
    path = tmp_path_factory.mktemp("files")
    by_month = {
        f"Năm 20{year}": [
            [f"NGUỒN TIN THEO THÁNG NĂM 20{year}"],
            *listed(["Xã, phường", *MONTHS], [[u, *t] for u, t in zip(UNITS, tips, strict=True)]),
            ["", "Cộng", *map(sum, zip(*tips, strict=True))],
        ]
        for year, tips in TIPS.items()
    }
    book(path / "01 theo thang.xlsx", by_month)
    weeks = {
        f"Tuần {week}": [
            [f"BÁO CÁO TUẦN {week} NĂM 2023"],
            *listed(["Đơn vị", "Nguồn tin"], [[u, (i + week) % 3] for i, u in enumerate(UNITS)]),
        ]
        for week in (2, 3)
    }
    book(path / "02 theo tuan.xlsx", weeks)
    tables = {
        "03 mo hinh": listed(
            ["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"],
            [["Tuy Lộc", "Camera an ninh", "2015", 2], ["Yên Ninh", "Zalo an ninh", "3/2022", 3]],
        ),
        "04 van dong": listed(
            ["Năm", "Loại địa bàn", "Xã, phường", "Hình thức", "Số lượt địa bàn"],
            [[2021, "Xã, phường", "Âu Lâu", "Tập trung", 2],
             [2022, "Xã, phường", "Âu Lâu", "Tập trung", 4]],
        ),
        "05 phoi hop": listed(
            ["Đơn vị phối hợp", "Hoạt động", "Năm", "Số lượng", "Số lượt người"],
            [["Đoàn Thanh niên", "Tuyên truyền, giáo dục", 2021, 5, 300],
             ["Đoàn Thanh niên", "Tuyên truyền, giáo dục", 2022, 6, 350]],
        ),
        "06 khen thuong": listed(
            ["Năm", "Cấp khen", "Hình thức", "Đối tượng", "Số lượng"],
            [[2021, "UBND thành phố", "Giấy khen", "Tập thể", 3],
             [2022, "UBND thành phố", "Giấy khen", "Cá nhân", 5]],
        ),
        "07 ke hoach": [
            ["KẾ HOẠCH NĂM 2022"],
            *listed(
                ["Đơn vị", "Nguồn tin", "Buổi tuyên truyền"],
                [[u, 50 + i, 7] for i, u in enumerate(UNITS)],
            ),
        ],
        "08 xep loai": listed(
            ["Đơn vị", "Năm 2021", "Năm 2022"],
            [[u, GRADES[i % 5], GRADES[(i + 1) % 5]] for i, u in enumerate(UNITS)],
        ),
        "09 giao ban": [
            ["HỘI NGHỊ GIAO BAN NGÀY 15/9/2022"],
            *listed(
                ["Đơn vị", "Loại", "Nội dung", "Thời hạn", "Kết quả"],
                [
                    ["Tuy Lộc", "Tồn tại, hạn chế", "Chưa có quy chế", "30/10/2022", "Chưa"],
                    ["Âu Lâu", "Giải pháp", "Mở lớp tuyên truyền", "31/12/2022", "Đã xong"],
                ],
            ),
        ],
        "11 ban chi dao": [
            ["NĂM 2022"],
            *listed(
                ["Đơn vị", "Kiện toàn BCĐ", "Quy chế hoạt động"],
                [[u, "x", "x" if i % 3 else "Chưa"] for i, u in enumerate(UNITS)],
            ),
        ],
        "12 dia ban": listed(
            ["Xã, phường", "Ngày xác định", "Chuyển hóa xong", "Biện pháp"],
            [["Phúc Lộc", "2018", "12/2021", "Tuần tra"], ["Âu Lâu", "2/2022", "", "Vận động"]],
        ),
    }  # fmt: skip
    for name, rows in tables.items():
        book(path / f"{name}.xlsx", {"Bảng": rows})
    sessions = listed(["Xã, phường", "Buổi tuyên truyền"], [[u, 6] for u in UNITS])
    titles = ["CÔNG AN THÀNH PHỐ YÊN BÁI", "BÁO CÁO NĂM 2022", "Biểu: buổi tuyên truyền"]
    write_docx(path / "10 bao cao.docx", [*titles, sessions])
    assert len(list(path.iterdir())) == 12
    return path


def contents(pack: Path) -> dict[str, object]:
    """List what is told in the files of a pack: slides, appendix, tables, pictures."""
    told: dict[str, object] = {}
    for path in sorted(pack.rglob("*.*")):
        name = path.relative_to(pack).as_posix()
        if path.suffix == ".xlsx":
            told[name] = [list(sheet.values) for sheet in openpyxl.load_workbook(path).worksheets]
        elif path.suffix == ".docx":
            document = Document(str(path))
            told[name] = [p.text for p in document.paragraphs] + [
                [cell.text for cell in row.cells] for t in document.tables for row in t.rows
            ]
        elif path.suffix == ".pptx":
            slides = Presentation(str(path)).slides
            told[name] = [s.text_frame.text for d in slides for s in d.shapes if s.has_text_frame]
        else:
            told[name] = path.read_bytes()
    return told


def test_every_file_is_read_whole(folder):
    """Each table is found, no cell is a problem, and what is counted is what was written."""
    found = check_files(folder, language="vi")
    assert set(found) == {"records", *MOVEMENT}
    assert [p.text("vi") for check in found.values() for p in check.problems] == []
    records = found["records"].records
    by_year = records.groupby("year")["tips"].sum()
    assert by_year[2021] == sum(map(sum, TIPS[21]))
    assert by_year[2022] == sum(map(sum, TIPS[22]))
    assert by_year[2023] == sum((i + week) % 3 for i in range(15) for week in (2, 3))
    assert records["sessions"].sum() == 90
    targets = found["targets"].records.groupby("measure")["target"].sum()
    assert targets.to_dict() == {"tips": sum(range(50, 65)), "sessions": 7 * 15}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::antq_helpers.reading.load.DataNote")
def test_page_command_and_python_write_the_same(folder, tmp_path):
    """Slides, appendix, workbook and pictures, to the byte of the pictures."""
    tables = antq.load_tables(folder)
    records = tables.pop("records")
    ask = {"period": "2022", "audience": "internal", "language": "vi"}
    antq.write_briefing(records, tmp_path / "python", tables=tables, **ask)
    asked = ["--audience", "internal", "--records", str(folder)]
    main(["briefing", "--period", "2022", *asked, "--folder", str(tmp_path / "command")])
    page, given = antq.explore_briefing().form, []
    page._screen.save = lambda *sent: given.append(sent)
    drop(page, *((path.name, path.read_bytes()) for path in sorted(folder.iterdir())))
    choose(page, audience="internal", kind="year", period="2022")
    page._give_pack()
    [(_, _, content)] = given
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path / "page")
    python, command = contents(tmp_path / "python"), contents(tmp_path / "command")
    assert command == python
    assert contents(tmp_path / "page") == python
    told = " ".join(str(part) for part in python["phu-luc.docx"])
    for section in ("Ban chỉ đạo", "Mô hình", "Khen thưởng", "Xếp loại", "giao ban", "kế hoạch"):
        assert section.lower() in told.lower(), section
    assert pd.Series(list(python)).str.endswith(".png").sum() >= 8
