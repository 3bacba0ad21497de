"""Further counts: known to the reader always, in a table only where a file reported them."""

import openpyxl
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers.dictionary import counts, find_measure, measures
from antq_helpers.measuring.lookback import look_back
from antq_helpers.reading.headers import understand
from antq_helpers.reading.load import check_file, load_records
from antq_helpers.reading.template import write_template
from tests.books import book, check_rows, faults, figures
from tests.quick import Plain

FURTHER = [name for name in counts() if find_measure(name).further]
HEADER = ["Xã, phường", "Nguồn tin", "Bắt giữ", "Tổ tự quản", "Kế hoạch năm", "Xếp loại"]


def months_of(folder, months, year=2022):
    """Write a file a month: Tuy Lộc has 10 groups and one more each month, Minh Bảo has 20."""
    return [
        book(
            folder / f"thang-{month}-{year}.xlsx",
            {
                "Sheet1": [
                    [f"BÁO CÁO THÁNG {month} NĂM {year}"],
                    HEADER,
                    ["Tuy Lộc", 5, 1, 10 + month, 60, "Tốt"],
                    ["Minh Bảo", 6, 2, 20, 70, "Khá"],
                ]
            },
        )
        for month in months
    ]


@pytest.fixture(scope="module")
def quarters(tmp_path_factory):
    """Two units' months of the first quarters of 2021 and 2022, without anything asked."""
    folder = tmp_path_factory.mktemp("months")
    paths = [path for year in (2021, 2022) for path in months_of(folder, (1, 2, 3), year)]
    check = check_file(paths, language="vi")
    assert not check.problems
    return check


def test_a_table_has_a_further_count_only_where_a_file_reported_it(quarters, load):
    """And of those that are absent nobody is told."""
    assert {"arrests", "groups"} <= set(quarters.records)
    assert not {*FURTHER} - {"arrests", "groups"} & set(quarters.records)
    absent = " ".join(n.expected("vi") for n in quarters.skipped if n.kind == "count_absent")
    assert "buổi tuyên truyền" in absent.lower()
    assert not any(find_measure(name).label_vi in absent for name in FURTHER)
    assert not {*FURTHER} & set(load_records())


def test_plans_and_grades_beside_them_are_set_aside_with_a_line(quarters):
    """Whatever was read and is not used is named."""
    named = {note.column for note in quarters.skipped if note.kind.startswith("column")}
    assert {"Kế hoạch năm", "Xếp loại"} <= named


def test_flows_are_added_up_over_time_and_stocks_are_not(quarters):
    """Arrests of three months are 3 and 6; groups at their end are 13 and 20."""
    city = antq.total_by(quarters.records, measure=["arrests", "groups"])
    assert city.groupby("measure")["value"].agg(list).to_dict() == {
        "arrests": [9.0, 9.0],
        "groups": [33.0, 33.0],
    }
    both = antq.total_by(quarters.records, "commune", period=2, measure="groups")
    assert dict(zip(both["commune"], both["value"], strict=True)) == {"Tuy Lộc": 13, "Minh Bảo": 20}


def test_a_unit_that_lacks_its_last_report_counts_as_it_stood(quarters):
    """Minh Bảo's groups of February stand for the quarter where March is missing."""
    records = quarters.records
    left = records[~((records["commune"] == "Minh Bảo") & (records["period_end"].dt.month == 3))]
    city = antq.total_by(left, period="quarter", measure="groups")
    assert city["value"].dropna().tolist() == [33, 33]
    assert antq.total_by(left, period="quarter", measure="arrests")["value"].dropna().tolist() == [
        7,
        7,
    ]


@pytest.mark.filterwarnings("ignore::antq_helpers.reading.load.DataNote")
def test_groups_of_a_unit_that_was_merged_count_once(load):
    """Phúc Lộc's 4 of January 2020 are among Giới Phiên's 9 from February on, or stand for it."""
    header = ("commune", "period_start", "period_end", "groups")
    table = pd.DataFrame(
        [
            ("Phúc Lộc", "2020-01-01", "2020-01-31", 4),
            ("Giới Phiên", "2020-01-01", "2020-01-31", 5),
            ("Giới Phiên", "2020-02-01", "2020-02-29", 9),
        ],
        columns=header,
    )
    records = load_records(table)
    assert antq.total_by(records, measure="groups", boundaries=2020)["value"].tolist() == [9]
    before = load_records(table.iloc[:2])
    assert antq.total_by(before, measure="groups", boundaries=2020)["value"].tolist() == [9]


def test_a_rate_of_a_stock_is_per_residents_at_any_length_of_period(quarters):
    """33 groups on the residents of the two, by month and by year alike; a flow is by the year."""
    records = quarters.records
    people = antq.load_communes().set_index("name")["population_2019"][["Tuy Lộc", "Minh Bảo"]]
    chosen = antq.select(records, communes=["Tuy Lộc", "Minh Bảo"])
    for period in ("year", "quarter", "month"):
        last = antq.total_by(chosen, period=period, measure="groups").query("value > 0").iloc[-1]
        assert last["exposure"] == people.sum()
        assert last["covered"] == 1


def test_a_longer_report_of_a_stock_is_checked_against_the_last_shorter_one(tmp_path):
    """A quarter has the 13 groups of March; 36, the sum of its months, are asked about."""
    for groups, kinds in ((13, []), (36, ["repeat_differs"])):
        rows = [("Xã, phường", "Tháng", "Năm", "Tổ tự quản")]
        rows += [("Tuy Lộc", month, 2022, 10 + month) for month in (1, 2, 3)]
        whole = [("Báo cáo quý I năm 2022",), ("Xã, phường", "Tổ tự quản"), ("Tuy Lộc", groups)]
        paths = [
            book(tmp_path / "months.xlsx", {"Sheet1": rows}),
            book(tmp_path / "quarter.xlsx", {"Sheet1": whole}),
        ]
        assert [problem.kind for problem in check_file(paths).problems] == kinds


def test_a_printed_total_of_months_is_no_check_on_a_stock(tmp_path):
    """Below the months of one unit stand the sum of its arrests and its groups at the end."""
    rows = [("Xã Tuy Lộc, năm 2022",), ("Tháng", "Bắt giữ", "Tổ tự quản")]
    rows += [(f"Tháng {month}", month, 10 + month) for month in (1, 2, 3)]
    assert not faults(check_rows(tmp_path / "a.xlsx", *rows, ("Cộng", 6, 13)))
    wrong = check_rows(tmp_path / "a.xlsx", *rows, ("Cộng", 7, 13))
    assert [kind for kind, *_ in faults(wrong)] == ["total_differs"]


def test_a_part_of_further_counts_is_never_above_its_whole(tmp_path):
    """Five valuable slips of four are asked about."""
    check = check_rows(
        tmp_path / "a.xlsx",
        ("Báo cáo năm 2022",),
        ("Xã, phường", "Phiếu tố giác", "Phiếu tố giác có giá trị"),
        ("Tuy Lộc", 4, 5),
        ("Minh Bảo", 4, 4),
        language="vi",
    )
    assert faults(check) == [("part_above_whole", "C3", "5")]
    assert "phiếu tố giác có giá trị nhiều hơn số phiếu tố giác" in check.problems[0].expected("vi")


def test_every_further_count_is_read_by_its_labels_and_is_not_another(tmp_path):
    """By its label in both languages, and beside its group in a header of two rows."""
    for name in FURTHER:
        entry = find_measure(name)
        assert understand([entry.label_vi]).role == name, entry.label_vi
        assert understand([entry.label_en]).role == name, entry.label_en
    for path, role in {
        ("Phiếu tố giác", "Tổng số"): "slips",
        ("Phiếu tố giác", "Trong đó: có giá trị"): "valuable_slips",
        ("Tổ tự quản", "Số tổ"): "groups",
        ("Tổ tự quản", "Số thành viên"): "group_members",
        ("Tổ bảo vệ ANTT", "Số thành viên"): "team_members",
        ("Số đối tượng bị bắt giữ (đối tượng)",): "arrests",
        ("Số hộ ký cam kết (hộ)",): "pledging_households",
        ("Pháo (kg)",): "fireworks_kg",
        ("Vũ khí, công cụ hỗ trợ giao nộp (khẩu)",): "weapons",
        ("Nguồn tin", "Trong đó: có giá trị"): "valuable_tips",
    }.items():
        assert understand(path).role == role, path


def test_what_only_some_report_goes_all_the_way(quarters, tmp_path):
    """Into sentences, explorer, picture and pack; the sample's own are as they were."""
    records = quarters.records
    told = {"period": "2022-Q1", "language": "vi"}
    said = antq.headline(records, measure="groups", **told)
    assert "33 tổ nhân dân tự quản về ANTT" in said
    assert "99" not in said
    assert "9 người bị bắt giữ" in antq.headline(records, measure="arrests", **told)
    explorer = antq.explore_trends(records)
    assert {"arrests", "groups"} <= {name for _, name in explorer._choices["above"].options}
    sample = antq.explore_trends(load_records())
    assert not {name for _, name in sample._choices["above"].options} & {*FURTHER}
    assert "arrests" in set(look_back(records, "2022-Q1").totals["measure"])
    for per, axis in ((None, "tổ"), (1000, "tổ trên 1.000 dân")):
        drawn = antq.draw(records, antq.View(measures=["groups"], per=per, language="vi"))
        assert drawn.axes[0].get_ylabel() == axis
    pack = antq.write_briefing(
        records, tmp_path / "pack", period="2022-Q1", audience="internal", formats=["docx"]
    )
    assert list(pack.glob("*.docx"))


def test_a_view_of_a_count_that_nobody_reported_says_so(load):
    """As that of one of the five does: no bare KeyError."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-12-31", 1, 2, 3, 1, 0))
    assert antq.total_by(records, measure="arrests")["value"].isna().all()
    said = antq.headline(records, measure="arrests", period="2022")
    assert said == "Năm 2022, toàn thành phố chưa báo cáo người bị bắt giữ."
    assert antq.draw(records, antq.View(measures=["arrests"])).alt


def test_the_template_has_the_further_counts_that_an_office_asks_for(tmp_path):
    """Behind the five, checked as they are, and read again when filled in."""
    path = write_template(tmp_path / "mau.xlsx", measures=["slips", "valuable_slips", "groups"])
    workbook = openpyxl.load_workbook(path)
    form = workbook["Số liệu"]
    labels = [cell.value for cell in form[4]]
    assert labels[8:] == [
        find_measure(name).label_vi for name in ("slips", "valuable_slips", "groups")
    ]
    rules = {str(r.sqref)[0]: r for r in form.data_validations.dataValidation}
    assert rules["J"].formula2 == 'IF($I6="",10^9,$I6)'
    assert "phiếu tố giác thu được" in rules["J"].error
    for column, value in enumerate(["Tuy Lộc", "1/3/2022", "31/3/2022", 1, 2, 3, 1, 0, 9, 4, 7], 1):
        form.cell(6, column).value = value
    workbook.save(path)
    check = check_file(path)
    assert not check.problems
    assert figures(check, "tips", "slips", "valuable_slips", "groups") == [("Tuy Lộc", 3, 9, 4, 7)]
    with pytest.raises(ValueError, match="measures='models' is not known"):
        write_template(tmp_path / "b.xlsx", measures=["models"])


def test_small_further_counts_are_hidden_and_a_stock_has_no_sum_over_years(quarters):
    """The release holds what was reported alone."""
    cells = antq.protect(quarters.records).cells
    assert set(cells["measure"]) & {*FURTHER} == {"arrests", "groups"}
    small = cells[(cells["measure"] == "arrests") & (cells["commune_id"] != "")]
    assert not (small["state"] == "published").where(small["value"] < 5, False).any()
    sums = cells[(cells["measure"] == "groups") & (cells["period"] == "total")]
    assert sums["value"].isna().all()


def test_a_public_window_shows_the_last_report_of_a_stock(quarters):
    """Tuy Lộc has 11, 12 and 13 groups in a quarter, which shows 13, after Minh Bảo's 20."""
    window = look_back(quarters.records, "2022-Q1", audience="public", book=Plain())
    cells = window.release.cells.query("measure == 'groups' and period == '2022-Q1'")
    shown = cells.dropna(subset="value")["value"].tolist()
    assert (window.period, shown) == ("2022-Q1", [20, 13, 33])


def test_the_units_of_further_counts_are_worded():
    """Each says whether it is added up."""
    assert {find_measure(name).further for name in FURTHER} == {"flow", "stock"}
    for name in FURTHER:
        entry = measures()[name]
        if entry.further == "stock":
            assert entry.interval == "none"
            assert "không cộng qua các kỳ" in entry.definition_vi


def test_what_is_valuable_behind_the_slips_is_of_slips(tmp_path):
    """In columns and in rows of a form, unless it names the tips."""
    header = ("Xã, phường", "Phiếu tố giác", "Trong đó: có giá trị", "Nguồn tin", "Có giá trị")
    check = check_rows(tmp_path / "a.xlsx", ("Năm 2022",), header, ("Tuy Lộc", 9, 4, 7, 2))
    assert not check.problems
    counted = ("slips", "valuable_slips", "tips", "valuable_tips")
    assert figures(check, *counted) == [("Tuy Lộc", 9, 4, 7, 2)]
    form = [("Xã Tuy Lộc, năm 2022",), ("Nội dung", "Số lượng"), ("1. Phiếu tố giác", 9)]
    form += [("- Trong đó: có giá trị", 4), ("2. Số người bị bắt giữ", 3)]
    check = check_rows(tmp_path / "a.xlsx", *form)
    assert not check.problems
    assert figures(check, "slips", "valuable_slips", "arrests") == [("Tuy Lộc", 9, 4, 3)]
    assert check.records["valuable_tips"].isna().all()
    named = [*form[:3], ("Tin có giá trị", 4)]
    assert figures(check_rows(tmp_path / "a.xlsx", *named), "valuable_tips") == [("Tuy Lộc", 4)]
