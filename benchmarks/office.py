"""Office files, read and checked cell by cell, against bare pandas that only reads them."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd

import antq_helpers as antq
from benchmarks.national import write_country
from benchmarks.table import Row, compare, peak, timed

COMMUNES, FILES, MONTHS = 1_000, 200, 12
HEADER = [
    ["STT", "Xã, phường", "Kỳ báo cáo", "", "Nguồn tin", "", "Tuyên truyền", "", "Vụ việc", "", ""],
    ["", "", "Từ ngày", "Đến ngày", "Tổng số", "Có giá trị", "Số buổi", "Lượt người",
     "Đã giải quyết", "So với cùng kỳ (%)", "Ghi chú"],
]  # fmt: skip


def rows(repeats: int) -> list[Row]:
    """Compare one large file, a folder of small ones, and the memory of a fresh interpreter."""
    loads = max(1, repeats // 3)
    with TemporaryDirectory() as folder:
        _, communes = write_country(Path(folder), COMMUNES, 1)
        names = pd.read_csv(communes)["name"].tolist()
        large = write_office(Path(folder) / "large.xlsx", names)
        small = Path(folder) / "small"
        small.mkdir()
        files = [write_office(small / f"{name}.xlsx", [name]) for name in names[:FILES]]
        ours = f"antq_helpers.check_file({str(large)!r}, communes={str(communes)!r})"
        theirs = f"pandas.read_excel({str(large)!r}, engine='openpyxl', header=None)"
        return [
            compare(
                f"check an xlsx of 12,000 rows ({loads})",
                timed(lambda _: antq.check_file(large, communes=communes)),
                "bare read_excel",
                timed(lambda _: bare(large)),
                2,
                loads,
            ),
            compare(
                f"check a folder of {FILES} small xlsx ({loads})",
                timed(lambda _: antq.check_file(small, communes=communes)),
                "bare read_excel of each",
                timed(lambda _: [bare(file) for file in files]),
                4,
                loads,
            ),
            Row(
                "peak memory of the 12,000 rows, MB",
                peak(f"import antq_helpers; {ours}"),
                "bare read_excel, MB",
                peak(f"import pandas; {theirs}"),
                2,
            ),
        ]


def bare(path: Path) -> pd.DataFrame:
    """Read the cells, understand nothing."""
    return pd.read_excel(path, engine="openpyxl", header=None)


def write_office(path: Path, communes: list[str]) -> Path:
    """Write a year of made-up reports as an office would, with titles, two rows of headers,
    numbering, a comparison and a note below.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tổng hợp")
    numbering = [f"({number})" for number in range(1, 12)]
    for row in (["CÔNG AN TỈNH"], [], ["KẾT QUẢ PHONG TRÀO NĂM 2022"], [], *HEADER, numbering):
        sheet.append(row)
    months = pd.date_range("2022-01-01", periods=MONTHS, freq="MS")
    days = [(f"{day:%d/%m/%Y}", f"{day + pd.offsets.MonthEnd():%d/%m/%Y}") for day in months]
    for number, (name, period) in enumerate(product(communes, days), start=1):
        tips = number % 9
        counts = [tips, tips // 3, number % 4, 30 * (number % 4), number % 3]
        sheet.append([number, name, *period, *counts, f"{number % 50},5 %", ""])
    for row in ([], ["Ghi chú: số liệu giả lập."], ["Người lập biểu"]):
        sheet.append(row)
    book.save(path)
    return path
