"""Messy office files of the movement's tables are read as those of counts are, or asked about."""

import random

import pandas as pd
import pytest

from antq_helpers.dictionary import table_fields
from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import check_file, check_files, load_tables
from tests.books import book

COMMUNES = ("Tuy Lộc", "Yên Ninh", "Minh Bảo", "Âu Lâu", "Nguyễn Thái Học")
LABELS = {
    "drives": ("kind", "commune", "manner", "year"),
    "models": ("commune", "kind", "since"),
    "partner_activities": ("organisation", "kind", "year"),
    "commendations": ("authority", "award", "recipient", "year"),
}
WIDE = {
    "drives": ("year",),
    "models": ("kind",),
    "partner_activities": ("kind", "year"),
    "commendations": ("award", "recipient", "year"),
}
GROUPS = {
    "drives": ("manner",),
    "models": ("commune", "kind"),
    "partner_activities": ("organisation", "kind"),
    "commendations": ("authority",),
}


class Office:
    """One office's file of a table: its truth, and how the office wrote it."""

    def __init__(self, table: str, seed: int) -> None:
        self.chance = random.Random(f"{table} {seed}")
        self.table, self.labels = table, LABELS[table]
        self.fields = {field["name"]: field for field in table_fields(table)}
        self.truth = self._facts()
        self.wide = self.one((None, *WIDE[table]))
        self.group = self.one((None, *(g for g in GROUPS[table] if g != self.wide)))
        years = {row["year"] for row in self.truth} if "year" in self.labels else ()
        self.titled = len(years) == 1 and self.wide != "year" and self.on()
        hidden = {self.wide, self.group, *(["year"] if self.titled else [])}
        self.columns = [name for name in self.labels if name not in hidden]
        if not self.columns:
            self.group, self.columns = None, [self.group]
        self.chance.shuffle(self.columns)
        self.numbered, self.compared = self.on(), self.on() and not self.wide
        self.merged: list[str] = []

    def one(self, options):
        return self.chance.choice(list(options))

    def on(self) -> bool:
        return self.chance.random() < 0.5

    def _facts(self) -> list[dict]:
        legal = {name: self.fields[name]["constraints"].get("enum") for name in self.labels
                 if "constraints" in self.fields[name]}  # fmt: skip
        years = self.chance.sample(range(2014, 2023), self.one((1, 2)))
        rows = {}
        for _ in range(self.chance.randint(3, 9)):
            row = {name: self.one(legal.get(name) or COMMUNES) for name in self.labels
                   if name not in ("year", "since")}  # fmt: skip
            if "year" in self.labels:
                row["year"] = self.one(years)
            if "since" in self.labels:
                row["since"] = pd.Timestamp(self.one(years), self.chance.randint(1, 12), 1)
            if row.get("kind") in ("body", "not_itemised"):
                row["commune"] = None
            rows[tuple(row.values())] = row | {"count": self.chance.randint(1, 2000)}
        return list(rows.values())

    def written(self, name: str, value) -> object:
        """Write a value as an officer might."""
        if value is None:
            return ""
        if name == "commune":
            return self.one(("{}", "P. {}", "xã {}")).format(value)
        if name == "since":
            return self.one((f"{value:%d/%m/%Y}", f"Tháng {value.month}/{value.year}"))
        if name == "year":
            return self.one((value, str(value)))
        text = self.one(self.fields[name]["words"][value][1:])
        return self.one((text, text.upper()))

    def count(self, value: int) -> object:
        return self.one((value, f"{value:,}".replace(",", ".")))

    def header(self, name: str) -> str:
        field = self.fields[name]
        return self.one((field["title_vi"], *field.get("headers", ())))

    def rows(self) -> list[list]:
        """Write titles, header, rows in groups, totals and what stands below."""
        out = [["CÔNG AN THÀNH PHỐ YÊN BÁI"], ["BIỂU TỔNG HỢP"]] if self.on() else []
        if self.titled:
            out.append([f"Năm {self.truth[0]['year']}"])
        out += [[]] if self.on() else []
        wide = list(dict.fromkeys(row[self.wide] for row in self.truth)) if self.wide else []
        heads = [str(self.written(self.wide, value)) for value in wide]
        heads = [f"Năm {head}" if self.wide == "year" and self.on() else head for head in heads]
        lead = (["STT"] if self.numbered else []) + [self.header(name) for name in self.columns]
        below = heads or [self.header("count")]
        self.header_rows = [[*lead, *below, *(["Cùng kỳ"] if self.compared else []), "Ghi chú"]]
        if len(heads) > 1 and self.wide != "year" and self.on():
            top, first = len(out) + 1, len(lead) + 1
            over = [*lead, self.header(self.wide), *[""] * (len(heads) - 1), "Ghi chú"]
            self.header_rows = [over, [""] * len(lead) + heads]
            letters = "ABCDEFGHIJKLMNOP"
            self.merged = [f"{letters[c]}{top}:{letters[c]}{top + 1}"
                           for c in (*range(len(lead)), first - 1 + len(heads))]  # fmt: skip
            self.merged.append(f"{letters[first - 1]}{top}:{letters[first - 2 + len(heads)]}{top}")
        out += self.header_rows
        if self.on():
            out.append([f"({n})" for n in range(1, len(self.header_rows[0]) + 1)])
        groups = {row[self.group] for row in self.truth} if self.group else {None}
        for place, group in enumerate(sorted(groups, key=str)):
            rows = [row for row in self.truth if not self.group or row[self.group] == group]
            if self.group:
                out.append([f"{'I' * (place % 3 + 1)}. {self.written(self.group, group)}"])
            out += self._of(rows, wide)
            if place == 0 and not self.merged and len(groups) > 1 and self.on():
                out += [["Trang 2/3"], *self.header_rows]
        if not self.group and self.on():
            sums = [sum(r["count"] for r in self.truth if not wide or r[self.wide] == value)
                    for value in wide or [None]]  # fmt: skip
            out.append(["Tổng cộng", *[""] * (len(lead) - 1), *sums])
        return out + ([[], ["Nơi nhận:", "", "NGƯỜI LẬP BIỂU"]] if self.on() else [])

    def _of(self, rows: list[dict], wide: list) -> list[list]:
        found: dict[tuple, dict] = {}
        for row in rows:
            key = tuple(row[name] for name in self.columns)
            found.setdefault(key, {})[row[self.wide] if wide else None] = row["count"]
        lines = []
        for number, (key, counts) in enumerate(found.items(), 1):
            cells = [self.written(n, v) for n, v in zip(self.columns, key, strict=True)]
            figures = [self.count(counts[v]) if v in counts else "" for v in wide or [None]]
            lines.append([*([number] if self.numbered else []), *cells, *figures])
        return lines


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("table", LABELS)
def test_a_messy_file_is_read_whole(tmp_path, table, seed):
    """Whatever stands in columns, headings or titles; every cell has its place in the account."""
    office = Office(table, seed)
    rows = office.rows()
    path = book(tmp_path / "bang.xlsx", {"Bảng": rows}, office.merged)
    found = check_file(path, table=table)
    assert [problem.text("en") for problem in found.problems] == []
    names = [*office.labels, "count"]
    read = found.records[names].astype(object).where(found.records[names].notna(), None)
    expected = pd.DataFrame(office.truth)[names].astype(object).where(lambda t: t.notna(), None)
    assert sorted(map(str, read.values.tolist())) == sorted(map(str, expected.values.tolist()))
    filled = sum(str(cell) != "" for row in rows for cell in row)
    account = found.account.iloc[0]
    assert account["cells"] == filled == account["kept"] + account["set_aside"]


RECORDS = [["Quý I năm 2022"], ["Xã, phường", "Nguồn tin"], ["Tuy Lộc", 12], ["Âu Lâu", 7]]


@pytest.mark.filterwarnings("ignore::antq_helpers.reading.load.DataNote")
@pytest.mark.parametrize("seed", range(8))
def test_sheets_of_all_kinds_in_one_workbook_are_told_apart(tmp_path, seed):
    """Records and tables of the movement, each under a name that says nothing."""
    offices = [Office(table, 100 + seed) for table in LABELS]
    sheets = {f"Sheet{n}": office.rows() for n, office in enumerate(offices, 2)}
    path = book(tmp_path / "thang.xlsx", {"Sheet1": RECORDS, **sheets})
    found = check_files(path)
    assert list(found) == ["records", *LABELS]
    assert [problem.text("en") for check in found.values() for problem in check.problems] == []
    assert found["records"].records["tips"].tolist() == [12, 7]
    for office in offices:
        assert found[office.table].records["count"].sum() == sum(r["count"] for r in office.truth)
    tables = load_tables(path)
    assert {name: len(table) for name, table in tables.items()} == {
        name: len(check.records) for name, check in found.items()
    }


def test_a_folder_of_all_kinds_names_every_problem_once(tmp_path):
    """Each at its file; a list of persons refuses its own file alone."""
    book(tmp_path / "tin.xlsx", {"A": [*RECORDS, ["Tuy Lôc", 3]]})
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", "x"]]
    book(tmp_path / "mo_hinh.xlsx", {"A": models})
    awards = ["Họ và tên", "Cấp khen", "Hình thức", "Đối tượng", "Số lượng"]
    book(tmp_path / "khen.xlsx", {"A": [awards, ["A", "Bộ Công an", "Bằng khen", "Cá nhân", 1]]})
    found = check_files(tmp_path)
    problems = [(n, p.file, p.kind) for n, check in found.items() for p in check.problems]
    assert problems == [
        ("records", "khen.xlsx", "persons"),
        ("records", "tin.xlsx", "unknown_commune"),
        ("models", "mo_hinh.xlsx", "broken_count"),
    ]
    with pytest.raises(DataProblem, match="this is no count"):
        load_tables(tmp_path)


def test_a_file_that_can_not_be_read_is_named_where_no_sheet_holds_records(tmp_path):
    """Nor does a list of persons go without a word because only models stand beside it."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    book(tmp_path / "mo_hinh.xlsx", {"A": models})
    book(tmp_path / "trong.xlsx", {"A": []})
    (tmp_path / "hong.xlsx").write_bytes(b"PK")
    awards = ["Họ và tên", "Cấp khen", "Hình thức", "Đối tượng", "Số lượng"]
    book(tmp_path / "khen.xlsx", {"A": [awards, ["A", "Bộ Công an", "Bằng khen", "Cá nhân", 1]]})
    found = check_files(tmp_path)
    assert list(found) == ["models"]
    assert {p.file for p in found["models"].problems} == {"hong.xlsx", "khen.xlsx", "trong.xlsx"}
    assert found["models"].records["count"].tolist() == [2]
    with pytest.raises(DataProblem, match="hong"):
        load_tables(tmp_path)


def test_a_file_of_models_alone_has_no_records_that_lack(tmp_path):
    """What it does not hold is not asked for; its cover sheet is accounted for all the same."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    path = book(tmp_path / "mo_hinh.xlsx", {"A": models, "Bìa": [["Phụ lục"]]})
    found = check_files(path)
    assert list(found) == ["models"]
    assert not found["models"].problems
    account = found["models"].account.set_index("sheet")[["cells", "kept", "set_aside"]]
    assert account.loc[["A", "Bìa"]].values.tolist() == [[8, 8, 0], [1, 0, 1]]
    assert found["models"].cells.set_index("sheet").at["Bìa", "fate"] == "set_aside"
    assert "sheet_skipped" in {note.kind for note in found["models"].skipped}
    assert "Of 9 filled cells 8 are used, 1 set aside, 0 wrong." in repr(found["models"])


HEADERS = {
    "models": ["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"],
    "drives": ["Năm", "Loại địa bàn", "Xã, phường", "Hình thức", "Số lượt địa bàn"],
    "classifications": ["Năm", "Xã, phường", "Xếp loại"],
}
FIRST = {
    "models": [["Tuy Lộc", "Camera", "2015", 2]] * 2 + [["Âu Lâu", "Camera", "2016", 1]],
    "drives": [[2022, "Xã, phường", name, "Tập trung", 5] for name in ("Tuy Lộc", "Âu Lâu")],
    "classifications": [[2022, "Tuy Lộc", "Khá"], [2022, "Âu Lâu", "Xuất sắc"]],
}
MORE = {
    "models": ["Tuy Lộc", "Camera", "2015", 2],
    "drives": [2022, "Xã, phường", "Minh Bảo", "Tập trung", 5],
}


@pytest.mark.parametrize("table", HEADERS)
def test_the_same_file_twice_counts_once(tmp_path, table):
    """As with counts: with a word, which names rows and file, and no cell is lost."""
    rows = [HEADERS[table], *FIRST[table]]
    book(tmp_path / "a.xlsx", {"A": rows})
    book(tmp_path / "b.xlsx", {"B": [["Bảng"], rows[0], *rows[:0:-1]]})
    found = check_file(tmp_path, table=table)
    assert not found.problems
    assert len(found.records) == len(FIRST[table])
    [note] = [note for note in found.skipped if note.kind == "rows_again"]
    assert note.text() == (
        f'b.xlsx, sheet "B": Rows 3–{len(rows) + 1} are the same as those of a.xlsx, sheet "A"; '
        "they are not added again. Nothing to do; where they are no copy, write all of them into "
        "one table."
    )
    cells = found.cells[found.cells["file"] == "b.xlsx"]
    assert set(cells["fate"].iloc[len(rows[0]) + 1 :]) == {"set_aside"}
    assert cells["reason"].iloc[-1] == note.expected()


def test_a_later_list_of_models_repeats_an_earlier_one(tmp_path):
    """What is new in it counts; of drives, which bear no day, equal rows may be others."""
    for table, most in (("models", 3 + 1), ("drives", 2 + 3)):
        rows = [HEADERS[table], *FIRST[table]]
        (tmp_path / table).mkdir()
        book(tmp_path / table / "a.xlsx", {"A": rows})
        book(tmp_path / table / "b.xlsx", {"A": [*rows, MORE[table]]})
        assert len(check_file(tmp_path / table, table=table).records) == most
