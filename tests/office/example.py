"""Nothing in; the small example file of notebook 06, with one of each kind of trouble, out.

``python -m tests.office.example`` writes it again.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Font

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "notebooks" / "example" / "bao_cao_2022.xlsx"
MARK = "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"
MONTHS = [f"Tháng {month}" for month in range(1, 13)]
WARDS = ["P. Yên Thịnh", "PHƯỜNG ĐỒNG TÂM", "Hồng Hà"]
COMMUNES = ["xã Tuy Lộc", "Van Phu", "Âu Lâu"]


def tips() -> list[list]:
    """Tips by month: section rows, totals, a comparison, a year to date, and six troubles."""
    rows = [
        ["CÔNG AN THÀNH PHỐ", *[""] * 6, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Số: 12/BC-CATP", *[""] * 6, "Độc lập - Tự do - Hạnh phúc"],
        [],
        ["SỐ NGUỒN TIN TIẾP NHẬN NĂM 2022"],
        [MARK],
        [],
        ["STT", "Xã, phường", "Năm 2022", *[""] * 11, "Lũy kế", "Cùng kỳ năm 2021", "Ghi chú"],
        ["", "", *MONTHS, "", "", ""],
        [f"({number})" for number in range(1, 18)],
    ]
    counts = {name: _counts(place, 5, 7) for place, name in enumerate([*WARDS, *COMMUNES])}
    number = 0
    for mark, heading, names in (("I", "Khối phường", WARDS), ("II", "Khối xã", COMMUNES)):
        rows.append([mark, heading])
        for name in names:
            number += 1
            row = counts[name]
            rows.append([number, name, *row, sum(row), 3 * number + 40, ""])
    total = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows.append(["", "Tổng cộng", *total, sum(total), "", ""])
    first = 10
    rows[first][3] = f"{rows[first][3]} tin"  # a unit beside the count
    rows[first + 1][4] = f"{rows[first + 1][4]:02}"  # a number as text
    rows[first + 1][16] = "gửi muộn"
    rows[first + 2][6] = "trên 5"
    rows[first + 4][8] = "-"
    rows[first + 5][9] = "…"
    rows[first + 6][1] = "Âu Lâo"
    rows[-1][2] += 10  # a total that is not that of its parts
    rows += [
        [],
        ["", "Ghi chú: tính đến 31/12/2022."],
        ["", "Người lập biểu", *[""] * 9, "Chỉ huy"],
    ]
    return [*rows, ["", "(Ký, ghi rõ họ tên)", *[""] * 9, "(Ký, ghi rõ họ tên)"]]


def cases() -> list[list]:
    """Resolved cases by quarter, with a header that can mean two things."""
    names = [*WARDS, *COMMUNES[:2]]
    body = [[name, *_counts(place, 2, 4)[:4], place + 1] for place, name in enumerate(names)]
    return [
        ["VỤ VIỆC ĐÃ GIẢI QUYẾT THEO QUÝ"],
        [MARK],
        ["Đơn vị", "Quý I/2022", "Quý II/2022", "Quý III/2022", "Quý IV/2022", "Số vụ"],
        *body,
    ]


def form() -> list[list]:
    """One commune's form for a month, whose counts stand in rows."""
    return [
        ["CÔNG AN XÃ TUY LỘC"],
        [MARK],
        ["BÁO CÁO THÁNG 12 NĂM 2022"],
        ["TT", "Nội dung", "ĐVT", "Kỳ này", "So với cùng kỳ"],
        [1, "Số buổi tuyên truyền", "buổi", 3, "+1"],
        [2, "Lượt người dự", "lượt", "1.250", "+12,5 %"],
        [3, "Trong đó: có giá trị", "tin", 1, 0],
        [4, "Số mô hình", "mô hình", 2, 0],
    ]


def _counts(place: int, least: int, width: int) -> list[int]:
    """Give twelve counts by a rule of arithmetic: nobody shall take them for real."""
    return [least + (place * 2 + month * 3) % width for month in range(12)]


def write_example(path: Path = EXAMPLE) -> Path:
    """Write the example."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Nguồn tin": tips(), "Vụ việc": cases(), "Tuy Lộc": form()}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        sheet.column_dimensions["B"].width = 22
    sheet = book["Nguồn tin"]
    for cells in ("A4:Q4", "A5:Q5", "C7:N7", *(f"{c}7:{c}8" for c in "ABOPQ")):
        sheet.merge_cells(cells)
    for row in (4, 5, 7, 8):
        for cell in sheet[row]:
            cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
    guide = book.create_sheet("Hướng dẫn")
    guide.append(["Gửi trước ngày 20 hằng tháng."])
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


if __name__ == "__main__":
    print(write_example().relative_to(ROOT))
