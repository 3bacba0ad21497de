"""Records come out checked, or every problem of the file is named in one pass."""

import unicodedata
import warnings

import numpy as np
import openpyxl
import pandas as pd
import pytest

from antq_helpers.dictionary import table_fields
from antq_helpers.places import load_communes
from antq_helpers.problems import DataProblem
from antq_helpers.reading.headers import CORE as COUNTS
from antq_helpers.reading.headers import meanings_of
from antq_helpers.reading.load import DataNote, check_file, load_records
from antq_helpers.records import on_boundaries
from antq_helpers.tables import field_headers
from tests.quick import quick_of

GOOD = ("Tuy Lộc", "2022-01-01", "2022-01-31", 2, 140, 5, 2, 1)
COLUMNS = [
    "commune", "period_start", "period_end", "year", "sessions", "attendances", "tips",
    "valuable_tips", "resolved_cases", "source", "file", "commune_id", "boundaries", "place",
]  # fmt: skip


def changed(column, value, row=GOOD):
    """The good row with another value in one of its eight columns."""
    places = ["commune", "period_start", "period_end", *COUNTS]
    return tuple(value if name == column else old for name, old in zip(places, row, strict=True))


def problems(load, *rows, **options):
    """Load rows that must fail; give kind, row, column and value of each problem."""
    with pytest.raises(DataProblem) as caught:
        load(*rows, **options)
    return [(p.kind, p.row, p.column, p.value) for p in caught.value.problems]


def message(load, *rows, **options):
    """Load rows that must fail; give the message."""
    with pytest.raises(DataProblem) as caught:
        load(*rows, **options)
    return str(caught.value)


# What comes out


def test_a_good_row_comes_out_with_what_the_file_does_not_say(load):
    """Reporting year, source, file, the commune's id and its boundaries are added."""
    records = load(GOOD)
    assert records.columns.tolist() == COLUMNS
    assert records.iloc[0].to_dict() == {
        "commune": "Tuy Lộc",
        "period_start": pd.Timestamp(2022, 1, 1),
        "period_end": pd.Timestamp(2022, 1, 31),
        "year": 2022,
        "sessions": 2,
        "attendances": 140,
        "tips": 5,
        "valuable_tips": 2,
        "resolved_cases": 1,
        "source": "reported",
        "file": "quy1.csv",
        "commune_id": "04276@2008",
        "boundaries": 2020,
        "place": "yen-bai",
    }


def test_the_sample_adds_up_to_the_published_totals_and_says_that_it_is_illustrative():
    """Báo Yên Bái, 24 May 2023: 4 556 tips, 1 651 of them valuable, 2 368 sessions."""
    records = load_records()
    assert records[["tips", "valuable_tips", "sessions"]].sum().tolist() == [4556, 1651, 2368]
    assert set(records["source"]) == {"illustrative"}
    assert (records["period_start"].min(), records["period_end"].max()) == (
        pd.Timestamp(2013, 1, 1),
        pd.Timestamp(2022, 12, 31),
    )


def test_missing_is_not_zero(load):
    """A blank cell stays missing, a nought stays nought."""
    records = load(changed("tips", 0, changed("valuable_tips", "")), changed("commune", "Âu Lâu"))
    assert records["valuable_tips"].isna().tolist() == [True, False]
    assert records["tips"].tolist() == [0, 5]
    assert all(records[count].dtype == "Int64" for count in COUNTS)


def test_the_year_is_the_reporting_year(load):
    """15/12/2021 to 14/12/2022 is the year 2022."""
    row = changed("period_start", "15/12/2021", changed("period_end", "14/12/2022"))
    assert load(row)["year"].tolist() == [2022]


@pytest.mark.parametrize("days", [("01/01/2022", "31/01/2022"), ("2022-01-01", "2022-01-31")])
def test_days_may_be_written_day_first_or_iso(load, days):
    """Both mean January, and never the first month as a day."""
    records = load(("Tuy Lộc", *days, 2, 140, 5, 2, 1))
    assert records["period_end"].tolist() == [pd.Timestamp(2022, 1, 31)]
    eleventh = load(("Tuy Lộc", "02/11/2022", "30/11/2022", 2, 140, 5, 2, 1))
    assert eleventh["period_start"].tolist() == [pd.Timestamp(2022, 11, 2)]


def test_names_come_out_in_their_official_spelling(load):
    """P. HỒNG HÀ, decomposed, is Hồng Hà."""
    records = load(changed("commune", unicodedata.normalize("NFD", "P. HỒNG  HÀ")))
    assert records["commune"].tolist() == ["Hồng Hà"]


# Kinds of files


def save(path, records):
    """Write a table in the kind that the path's ending says."""
    if path.suffix == ".xlsx":
        records.to_excel(path, index=False)
    elif path.suffix == ".parquet":
        records.to_parquet(path)
    else:
        records.to_csv(path, index=False, encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_each_kind_of_file_gives_the_same_records(tmp_path, ending):
    """Sixty rows of the sample come back from each as they were, with days and missing counts."""
    sample = load_records().iloc[::33].reset_index(drop=True)
    sample.loc[3, "tips"] = pd.NA
    sample.loc[3, "valuable_tips"] = pd.NA
    again = load_records(save(tmp_path / f"again{ending}", sample))
    assert set(again["file"]) == {f"again{ending}"}
    pd.testing.assert_frame_equal(again.drop(columns="file"), sample.drop(columns="file"))


def test_a_csv_read_as_text_gives_the_same_records_as_one_read_by_type(load):
    """Day-first dates force reading as text; nothing else may differ."""
    other = changed("tips", "", changed("valuable_tips", "", changed("commune", "Âu Lâu")))
    by_type = load(GOOD, other)
    as_text = load(changed("period_start", "01/01/2022"), other)
    pd.testing.assert_frame_equal(by_type, as_text)


ENGLISH = ["Commune", "PERIOD START", "period end", "Outreach Sessions", "Attendances",
           "Tips received", "VALUABLE TIPS", "Cases that tips helped resolve"]  # fmt: skip
VIETNAMESE = ["XÃ, PHƯỜNG", "Từ ngày", "đến ngày", "Số buổi tuyên truyền", "Lượt người dự",
              "NGUỒN TIN", "Nguồn tin có giá trị", "vụ việc được giúp giải quyết"]  # fmt: skip
OTHER = ["Đơn vị", "Ngày đầu kỳ", "Ngày cuối kỳ", "Buổi tuyên truyền PBGDPL", "Lượt người",
         "Số nguồn tin", "Tin có giá trị", "Vụ việc được giải quyết"]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [ENGLISH, VIETNAMESE, OTHER, [unicodedata.normalize("NFD", f"  {h}\n") for h in VIETNAMESE]],
    ids=["English", "Vietnamese", "other", "decomposed"],
)
def test_headers_may_be_english_or_vietnamese_in_any_case(write_records, header):
    """With spaces around, decomposed letters and in capitals, too."""
    records = load_records(write_records(GOOD, header=header))
    assert records[list(COUNTS)].iloc[0].tolist() == [2, 140, 5, 2, 1]


def test_no_header_stands_for_two_columns():
    """Each header that is accepted leads to one field alone, in whatever case it is written."""
    fields = table_fields("records")
    taken = [{header.casefold() for header in field_headers(field)} for field in fields]
    assert sum(map(len, taken)) == len(set.union(*taken)) > 25
    for field in fields:
        for header in field_headers(field):
            assert meanings_of(header) == {field["name"]}
            assert meanings_of(header.upper()) == {field["name"]}


# Every kind of problem


@pytest.mark.parametrize(
    ("column", "value", "kind", "words"),
    [
        ("commune", "Yên Thin", "unknown_commune", r"Did you mean: Yên Thịnh\? "),
        ("commune", "Quận 1", "no_such_commune", r"none is close to it\. .* pass communes="),
        ("commune", "Yên Bái", "not_yet_a_commune", r"did not exist .* began, on 01/01/2022\."),
        ("period_start", "", "required", "may not be blank"),
        ("period_start", "31/02/2022", "broken_date", r"no date\. Write it as 31/12/2022 or 2022-"),
        ("period_start", "1999-12-31", "minimum", "this is below 2000-01-01"),
        ("period_end", "2021-12-31", "ends_before_start", r"before it starts, on 01/01/2022\."),
        ("sessions", "12a", "broken_count", "this is no count"),
        ("sessions", "-1", "minimum", r"this is below 0\. Write 0 or more\."),
        ("attendances", "3.5", "not_whole", "a count is a whole number"),
        ("attendances", "2,368", "which_mark", r"can be 2368 or 2\.368\. Write 2368 .*numbers="),
        ("tips", "1", "part_above_whole", r"more valuable tips than tips \(1\)\. Correct one"),
    ],
)
def test_each_fault_is_named_by_row_column_and_value(load, column, value, kind, words):
    """The fault stands in row 3, below the header and a good row; the good row is not named."""
    faulty = changed(column, value, changed("commune", "Âu Lâu"))
    at = {
        "part_above_whole": ("valuable_tips", "2"),
        "ends_before_start": (column, "31/12/2021"),
    }
    column, value = at.get(kind, (column, value))
    with pytest.raises(
        DataProblem, match=rf'quy1\.csv, row 3, column "{column}".*{words}'
    ) as caught:
        load(GOOD, faulty)
    found = [(p.kind, p.row, p.column, p.value) for p in caught.value.problems]
    assert (kind, 3, column, value) in found
    assert {row for _, row, *_ in found} == {3}


def test_a_blank_name_is_that_of_the_row_above_and_in_the_first_row_a_fault(load):
    """Offices fill only the first row of a group; what no row above gives must be filled in."""
    february = changed("period_start", "2022-02-01", changed("period_end", "2022-02-28"))
    records = load(changed("commune", "Âu Lâu"), changed("commune", "", february), february)
    assert records["commune"].tolist() == ["Âu Lâu", "Âu Lâu", "Tuy Lộc"]
    assert problems(load, GOOD, changed("commune", "")) == [("reported_twice", 3, "", "")]
    assert problems(load, changed("commune", ""), GOOD) == [("required", 2, "commune", "")]
    expected = r'quy1\.csv, row 2, column "commune": this cell may not be blank\. Fill it in\.'
    with pytest.raises(DataProblem, match=expected):
        load(changed("commune", ""), GOOD)


def test_the_header_that_the_file_uses_is_the_one_named(write_records):
    """Staff look for their own word, not for ours."""
    path = write_records(changed("tips", "12a"), header=VIETNAMESE)
    expected = r'^quy1.csv, dòng 2, cột "NGUỒN TIN": "12a": không phải là số đếm\. Ghi số nguyên'
    with pytest.raises(DataProblem, match=expected):
        load_records(path, language="vi")


def test_all_problems_of_a_file_are_found_in_one_pass(load):
    """Twelve faults in six rows, in the order of rows; none hides another in its row."""
    assert problems(
        load,
        ("", "2022-02-01", "2022-01-31", 1, 1, 1, 1, 1),
        GOOD,
        ("Quận 1", "2022-01-01", "2021-12-31", 1, 1, 1, 1, 1),
        ("Âu Lâu", "Quý I", "2022-01-31", 1, 1, 1, 9, 1),
        ("Yên Bình 5", "", "2022-01-31", 1, 1, 1, 1, 1),
        ("Minh Bảo", "2022-01-01", "2022-01-31", -1, "2,368", "x", "", ""),
        GOOD,
    ) == [
        ("required", 2, "commune", ""),
        ("ends_before_start", 2, "period_end", "31/01/2022"),
        ("ends_before_start", 4, "period_end", "31/12/2021"),
        ("no_such_commune", 4, "commune", "Quận 1"),
        ("broken_date", 5, "period_start", "Quý I"),
        ("part_above_whole", 5, "valuable_tips", "9"),
        ("required", 6, "period_start", ""),
        ("unknown_commune", 6, "commune", "Yên Bình 5"),
        ("which_mark", 7, "attendances", "2,368"),
        ("broken_count", 7, "tips", "x"),
        ("minimum", 7, "sessions", "-1"),
        ("reported_twice", 8, "", ""),
    ]


def test_a_missing_column_of_counts_is_told_and_its_count_is_missing(write_records):
    """The header lacks tips: that is no fault of the others, and hides none of theirs."""
    header = [name for name in ("commune", "period_start", "period_end", *COUNTS) if name != "tips"]
    row = ("Tuy Lộc", "01/02/2022", "2022-02-28", 2, 140, 2, 1)
    expected = r"^quy1.csv: there is no column for Tips received; it is taken as not reported\. Not"
    with pytest.warns(DataNote, match=expected) as said:
        records = load_records(write_records(row, header=header))
    assert len(said) == 1
    assert records["tips"].isna().tolist() == [True]
    assert records[["sessions", "valuable_tips", "resolved_cases"]].iloc[0].tolist() == [2, 2, 1]
    assert [records[count].dtype for count in COUNTS] == ["Int64"] * 5
    with pytest.raises(DataProblem) as caught:
        load_records(write_records((row[0], "31/02/2022", *row[2:]), header=header))
    assert [(p.kind, p.row, p.column) for p in caught.value.problems] == [
        ("broken_date", 2, "period_start")
    ]


def test_tips_alone_are_a_report(write_records):
    """One of the five counts is enough; the other four are missing, never nought."""
    path = write_records((*GOOD[:3], 5), header=["Đơn vị", "Từ ngày", "Đến ngày", "Nguồn tin"])
    expected = "for Outreach sessions.*; Attendances.*; Valuable tips; .*; it is taken as not rep"
    with pytest.warns(DataNote, match=expected):
        records = load_records(path)
    assert records["tips"].tolist() == [5]
    assert (
        records[["sessions", "attendances", "valuable_tips", "resolved_cases"]]
        .isna()
        .all(axis=None)
    )


@pytest.mark.parametrize(
    ("missing", "kind", "words"),
    [
        (
            ["commune"],
            "no_commune",
            r"which commune or ward the figures are from is not said\. Write it",
        ),
        (["period_start", "period_end"], "no_period", r"which period .* first and last day\."),
        (["period_end"], "no_period", r"which period .* first and last day\."),
        ([*COUNTS], "no_table", r"no table of records .*column such as: .*, Nguồn tin, "),
    ],
)
def test_a_table_without_communes_days_or_counts_asks_for_them_once(
    write_records, missing, kind, words
):
    """Not in each row, and nothing else is said of it."""
    header = [h for h in ("commune", "period_start", "period_end", *COUNTS) if h not in missing]
    rows = [
        [value for name, value in zip(("commune", "period_start", "period_end", *COUNTS), row,
                                      strict=True) if name not in missing]
        for row in (GOOD, changed("commune", "Âu Lâu"))
    ]  # fmt: skip
    with pytest.raises(DataProblem, match=rf"^quy1\.csv: {words}") as caught:
        load_records(write_records(*rows, header=header))
    assert [(p.kind, p.row) for p in caught.value.problems] == [(kind, None)]


def test_two_columns_of_one_meaning_are_refused_and_not_called_missing(write_records):
    """Which of them counts is for the user to say; the same header twice is one problem."""
    header = ["commune", "period_start", "period_end", *COUNTS]
    for second in ("Nguồn tin", "tips"):
        path = write_records((*GOOD, 50), header=[*header, second])
        with pytest.raises(DataProblem) as caught:
            load_records(path)
        assert [(p.kind, p.column) for p in caught.value.problems] == [("column_twice", second)]
        assert caught.match(r"two columns stand for Tips received\. Keep one of them;")
        # Neither is taken for the figure, for it may be the other.
        assert check_file(path).records["tips"].dropna().tolist() == []


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("Số mô hình", r"this column is not used\. Nothing to do\."),
        ("Cùng kỳ", r"a comparison, share or plan; no count of this period\. Nothing to do\."),
        ("Nguồn tin lũy kế", r"a year-to-date column; used as a check alone\. Nothing to do\."),
        ("Ghi chú", r"a column of notes; it is not read\. Nothing to do\."),
    ],
)
@pytest.mark.parametrize("start", ["2022-01-01", "01/01/2022"], ids=["by type", "by cell"])
def test_a_column_that_is_not_used_is_told_and_left_out(write_records, extra, words, start):
    """A note names it and says what it was taken for; the records do not hold it."""
    header = ["commune", "period_start", "period_end", *COUNTS, extra]
    path = write_records((*changed("period_start", start), 5), header=header)
    expected = rf'^quy1.csv, row 1, column "{extra}": {words}'
    with pytest.warns(DataNote, match=expected) as said:
        records = load_records(path)
    assert len(said) == 1
    assert said[0].filename == __file__  # the line that is shown is the caller's
    assert records.columns.tolist() == COLUMNS
    assert records[list(COUNTS)].iloc[0].tolist() == [2, 140, 5, 2, 1]


def test_rows_and_sheet_of_an_xlsx_are_named_as_excel_shows_them(tmp_path):
    """A blank row above the header and one between: the fault stands in row 5."""
    book = openpyxl.Workbook()
    book.active.title = "Quý I"
    header = ["commune", "period_start", "period_end", *COUNTS]
    for row in ([], header, GOOD, [], changed("tips", 3.5, changed("commune", "Âu Lâu"))):
        book.active.append(row)
    book.save(tmp_path / "quy1.xlsx")
    expected = r'^quy1.xlsx, sheet "Quý I", row 5, column "tips": "3.5": a count is a whole number'
    with pytest.raises(DataProblem, match=expected):
        load_records(tmp_path / "quy1.xlsx")


def test_a_period_that_ends_after_today_is_refused(load):
    """Tomorrow cannot have been counted; a period that ends today can."""
    today = pd.Timestamp.today().normalize()
    tomorrow = today + pd.Timedelta(days=1)
    place = load_communes().assign(valid_to=pd.NaT)

    def until(day):
        return ("Tuy Lộc", f"{today:%Y-%m-%d}", f"{day:%Y-%m-%d}", 2, 140, 5, 2, 1)

    assert problems(load, until(tomorrow), communes=place) == [
        ("in_the_future", 2, "period_end", f"{tomorrow:%d/%m/%Y}")
    ]
    expected = rf"the period ends after today \({today:%d/%m/%Y}\)\. Correct the day, or wait"
    with pytest.raises(DataProblem, match=expected):
        load(until(tomorrow), communes=place)
    assert len(load(until(today), communes=place)) == 1


def test_a_year_that_is_not_that_of_the_last_day_is_refused(write_records):
    """15/12/2021 to 14/1/2022 belongs to 2022; a blank year is filled, a word is no year."""
    header = ["commune", "period_start", "period_end", *COUNTS, "Năm báo cáo"]
    days = changed("period_start", "2021-12-15", changed("period_end", "2022-01-14"))
    with pytest.raises(DataProblem) as caught:
        load_records(write_records((*days, 2021), header=header))
    assert caught.match(r'row 2, column "Năm báo cáo": "2021": the reporting year is .* day .*2022')
    assert len(caught.value.problems) == 1
    other = changed("commune", "Âu Lâu", days)
    assert load_records(write_records((*days, 2022), (*other, ""), header=header))[
        "year"
    ].tolist() == [2022, 2022]


def test_a_source_that_is_not_known_is_refused(write_records):
    """No row without a source, and none that the workbook does not know."""
    header = ["commune", "period_start", "period_end", *COUNTS, "source"]
    path = write_records((*GOOD, "guessed"), header=header)
    expected = r'column "source": "guessed": this is not in the list\. Use one of: reported, illust'
    with pytest.raises(DataProblem, match=expected):
        load_records(path)
    other = changed("commune", "Âu Lâu")
    path = write_records((*GOOD, "illustrative"), (*other, ""), header=header)
    assert load_records(path)["source"].tolist() == ["illustrative", "reported"]


def test_a_suggested_name_is_never_taken(load):
    """Even one letter or mark away and with no other name near, the user decides."""
    for nearly in ("Tuy Lọc", "Tuy Lôc", "Hồng Hạ", "Yên Thin", "Hong Ga"):
        [(kind, *_)] = problems(load, changed("commune", nearly))
        assert kind == "unknown_commune"


def test_an_unknown_language_is_refused_before_the_file_is_read(tmp_path):
    """The legal ones are named."""
    with pytest.raises(ValueError, match=r"^language='fr' is not known\. Use one of: en, vi\.$"):
        load_records(tmp_path / "none.csv", language="fr")


def test_a_missing_file_is_told_in_the_language_asked_for(tmp_path):
    """Name and what to do."""
    with pytest.raises(DataProblem, match=r"^none.csv: không tìm thấy tệp\. Kiểm tra lại tên tệp"):
        load_records(tmp_path / "none.csv", language="vi")


# Mergers


@pytest.mark.parametrize(
    ("name", "start", "end", "unit", "boundaries"),
    [
        ("Giới Phiên", "2019-12-15", "2020-12-14", "04543@2020", 2020),
        ("Giới Phiên", "2019-12-15", "2020-01-14", "04543@2008", 2013),
        ("Phúc Lộc", "2020-01-01", "2020-01-31", "04552@2008", 2013),
        ("Hồng Hà", "2024-09-01", "2024-09-30", "04267@2008", 2020),
        ("Hồng Hà", "2024-11-01", "2024-11-30", "04264@2024", 2024),
        ("Nguyễn Phúc", "2024-11-01", "2024-11-30", "04264@2008", 2020),
        ("Tuy Lộc", "2020-01-02", "2020-01-31", "04276@2008", 2013),
        ("Tuy Lộc", "2020-01-02", "2020-02-01", "04276@2008", 2020),
        ("Tuy Lộc", "2025-06-01", "2025-06-30", "04276@2008", 2024),
    ],
)
def test_a_name_is_the_unit_that_it_meant_in_its_period(load, name, start, end, unit, boundaries):
    """Giới Phiên of the reporting year 2020 is the merged unit; the day in 2024 is not verified."""
    records = load((name, start, end, 2, 140, 5, 2, 1))
    assert records[["commune_id", "boundaries"]].iloc[0].tolist() == [unit, boundaries]


def test_a_commune_that_had_merged_when_the_period_began_is_refused(load):
    """Phúc Lộc joined Giới Phiên on 1 February 2020."""
    row = changed("period_end", "2020-03-31", changed("period_start", "2020-03-01"))
    found = message(load, changed("commune", "Phúc Lộc", row))
    assert found == (
        'quy1.csv, row 2, column "commune": "Phúc Lộc": this unit did not exist when the period '
        "began, on 01/03/2020. Name the unit of that time, or correct the days."
    )


@pytest.mark.parametrize("name", ["Yên Bái", "Nam Cường", "phường Văn Phú", "Âu Lâu"])
def test_the_wards_since_july_2025_are_refused_with_the_reason(load, name):
    """They hold land from outside the city, whichever older name they bear."""
    row = changed("period_end", "2025-07-31", changed("period_start", "2025-07-01"))
    found = message(load, changed("commune", name, row))
    assert "since 1 July 2025 this ward also holds land from outside the former city" in found
    assert "(the period begins on 01/07/2025)" in found
    assert "use a table of the new units (communes=)" in found


def test_while_its_sister_reports_a_commune_has_not_merged(load):
    """Nguyễn Phúc reports for November 2024: only in December can Hồng Hà be the merged unit."""

    def month(name, number, last):
        return (name, f"2024-{number}-01", f"2024-{number}-{last}", 2, 140, 5, 2, 1)

    records = load(
        month("Hồng Hà", 10, 31),
        month("Hồng Hà", 11, 30),
        month("Hồng Hà", 12, 31),
        month("Nguyễn Phúc", 11, 30),
    )
    assert records["commune_id"].tolist() == [
        "04267@2008",
        "04267@2008",
        "04264@2024",
        "04264@2008",
    ]


# Another place


CHANGES = "from,to,date,date_latest,document\n" + "".join(
    f"{old},1@2021,2021-01-01,2021-01-01,y\n" for old in ("1@2010", "2@2010")
)


def test_another_place_brings_its_own_communes_and_mergers(load, elsewhere):
    """With the changes beside the table, Đông is the merged unit from 2021 on."""
    elsewhere.with_name("boundary_changes.csv").write_text(CHANGES, encoding="utf-8")
    days = ("2020-12-01", "2020-12-31"), ("2021-01-01", "2021-01-31")
    records = load(*(("xã Đông", *d, 1, 1, 1, 1, 1) for d in days), communes=elsewhere)
    assert records["commune_id"].tolist() == ["1@2010", "1@2021"]
    assert records["boundaries"].tolist() == [2010, 2021]
    late = ("Tây", "2021-01-01", "2021-01-31", 1, 1, 1, 1, 1)
    assert problems(load, late, communes=str(elsewhere)) == [
        ("not_yet_a_commune", 2, "commune", "Tây")
    ]


def test_records_keep_the_place_with_which_they_were_loaded(load, elsewhere):
    """Their boundaries are those of that place, also after rows were chosen."""
    elsewhere.with_name("boundary_changes.csv").write_text(CHANGES, encoding="utf-8")
    rows = [(name, "2020-12-01", "2020-12-31", 1, 1, 1, 1, 1) for name in ("Đông", "Tây", "Nam")]
    records = load(*rows, communes=elsewhere)
    moved = on_boundaries(records[records["commune"] != "Nam"], 2021)
    assert moved["commune_id"].tolist() == ["1@2021", "1@2021"]
    assert set(load(GOOD)["place"]) == {"yen-bai"}


def test_without_changes_beside_it_another_place_still_has_its_units(load, elsewhere):
    """The days of the table decide alone."""
    records = load(("P. Nam", "2021-01-01", "2021-01-31", 1, 1, 1, 1, 1), communes=elsewhere)
    assert records["commune_id"].tolist() == ["3@2010"]
    names = [load_communes(elsewhere, boundaries=year)["name"].tolist() for year in (2018, 2021)]
    assert names == [["Đông", "Tây", "Nam"], ["Đông", "Nam"]]
    assert problems(load, GOOD, communes=elsewhere)[0][0] in ("unknown_commune", "no_such_commune")


def test_units_that_ended_without_a_change_are_not_added_to_later_ones(load, elsewhere):
    """The tables do not say whether Đông or Nam took in Tây; nobody guesses."""
    years = (("Tây", "2020-01-01", "2020-12-31"), ("Nam", "2021-01-01", "2021-12-31"))
    records = load(*((*year, 1, 1, 1, 1, 1) for year in years), communes=elsewhere)
    with pytest.raises(ValueError, match=r"1 row of units that had ended by then \(Tây\)"):
        on_boundaries(records, 2021)


def test_another_place_may_come_as_a_dataframe(load, elsewhere):
    """And the caller's table stays as it was."""
    communes = pd.read_csv(elsewhere, dtype=str)
    before = communes.copy(deep=True)
    records = load(("Nam", "2021-01-01", "2021-01-31", 1, 1, 1, 1, 1), communes=communes)
    assert records["commune_id"].tolist() == ["3@2010"]
    pd.testing.assert_frame_equal(communes, before)


def test_a_broken_table_of_communes_is_named_before_the_records(load, elsewhere):
    """With file, row, column and value, in the language asked for."""
    elsewhere.write_text(elsewhere.read_text(encoding="utf-8").replace(",200,", ",hai trăm,"),
                         encoding="utf-8")  # fmt: skip
    expected = r'^communes.csv, dòng 3, cột "population_2019": "hai trăm": không phải là số đếm\.'
    with pytest.raises(DataProblem, match=expected):
        load(GOOD, communes=elsewhere, language="vi")
    with pytest.raises(DataProblem, match=r'^communes, column "name": this column is missing'):
        load(GOOD, communes=load_communes().drop(columns="name"))
    with pytest.raises(DataProblem, match=r"^none.csv: there is no such file"):
        load(GOOD, communes=elsewhere.with_name("none.csv"))


# No other exception


ODD = ["", " ", "nan", "inf", "-inf", "1e400", "٣", "²", "0x10", "9" * 400, "=1+2", "\u200b",
       "#REF!", "TRUE", "None", "0000-00-00", "31/45", "'", "Hồng Hà"]  # fmt: skip


@pytest.mark.parametrize("cell", quick_of(ODD, 3))
def test_no_cell_raises_anything_but_a_data_problem(load, cell):
    """Each odd cell is tried in each column; it is read, or named in its row."""
    for column in ("commune", "period_start", "period_end", *COUNTS):
        try:
            records = load(changed(column, cell))
        except DataProblem as caught:
            assert {problem.row for problem in caught.problems} == {2}  # noqa: PT017
        else:
            assert len(records) == 1


@pytest.mark.parametrize(
    "values",
    quick_of(
        [[np.inf], [[1, 2]], [b"\xff"], [1e300], [True], [pd.Timedelta("1D")], [{"a": 1}], [3.5]],
        3,
    ),
    ids=repr,
)
def test_no_value_of_a_parquet_file_raises_anything_but_a_data_problem(tmp_path, values):
    """Parquet holds more kinds of values than an office file."""
    records = load_records().head(1).drop(columns="year")
    for column in ("commune", "period_start", "period_end", *COUNTS):
        save(tmp_path / "a.parquet", records.assign(**{column: pd.Series(values)}))
        with pytest.raises(DataProblem, match=f'^a.parquet, row 2, column "{column}"'):
            load_records(tmp_path / "a.parquet")


def test_a_file_of_unknown_communes_alone_is_told_name_by_name(load):
    """No row is left to go on with; that is no other failure."""
    rows = [changed("commune", name) for name in ("Quận 1", "Quận 3")]
    assert [kind for kind, *_ in problems(load, *rows)] == ["no_such_commune"] * 2


def test_a_good_file_says_nothing(load):
    """No note where nothing was set aside."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(load(GOOD)) == 1


# Several files


def test_a_list_of_files_or_their_folder_is_loaded_together(write_records, tmp_path):
    """Each row bears the name of its file; what lies beside them in the folder is no matter."""
    files = [
        write_records(changed("commune", name), name=f"{name}.csv")
        for name in ("Âu Lâu", "Hồng Hà")
    ]
    (tmp_path / "read me.pdf").write_bytes(b"x")
    (tmp_path / "~$Hồng Hà.xlsx").write_bytes(b"x")
    for path in (files, [str(file) for file in files], tmp_path, str(tmp_path), [tmp_path]):
        records = load_records(path)
        assert sorted(records["commune"]) == ["Hồng Hà", "Âu Lâu"]
        assert records["file"].tolist() == [f"{name}.csv" for name in records["commune"]]
        assert records.index.tolist() == [0, 1]


def test_every_problem_of_every_file_is_named_with_its_file(write_records, tmp_path):
    """One that cannot be read does not hide what is wrong with the others."""
    files = [
        write_records(changed("tips", "x"), name="a.csv"),
        tmp_path / "none.csv",
        write_records(changed("commune", "Quận 1"), name="b.csv"),
    ]
    with pytest.raises(DataProblem) as caught:
        load_records(files)
    assert {(p.kind, p.file, p.row) for p in caught.value.problems} == {
        ("broken_count", "a.csv", 2),
        ("no_file", "none.csv", None),
        ("no_such_commune", "b.csv", 2),
    }


def test_the_same_report_in_two_files_is_counted_once_with_a_word(write_records):
    """Who sends a file twice has not reported twice."""
    files = [write_records(GOOD, name=name) for name in ("a.csv", "b.csv")]
    expected = r"^b.csv, row 2: Tuy Lộc, 01/01/2022–31/01/2022: the same as a.csv, row 2; it is not"
    with pytest.warns(DataNote, match=expected) as said:
        records = load_records(files)
    assert len(said) == 1
    assert records["tips"].tolist() == [5]


def test_two_files_that_differ_are_a_problem_that_names_both_values(write_records):
    """Which of them is right only the writer knows; all other counts agree."""
    files = [
        write_records(GOOD, name="a.csv"),
        write_records(changed("tips", 6), name="b.csv"),
    ]
    expected = (
        r'^b.csv, row 2, column "tips": .*Tuy Lộc, 01/01/2022–31/01/2022: differs from a.csv, row '
        r"2 \(Tips received 6 ≠ 5\)\. Keep the right one, or correct it\."
    )
    with pytest.raises(DataProblem, match=expected) as caught:
        load_records(files)
    assert [p.kind for p in caught.value.problems] == ["file_differs"]
    assert check_file(files).records.empty


def test_counts_of_two_files_that_complete_each_other_make_one_record(write_records):
    """Tips in one, cases in the other."""
    days = ["commune", "period_start", "period_end"]
    files = [
        write_records((*GOOD[:3], 5, 2), header=[*days, "tips", "valuable_tips"], name="a.csv"),
        write_records((*GOOD[:3], 1), header=[*days, "resolved_cases"], name="b.csv"),
    ]
    with pytest.warns(DataNote, match="there is no column for"):
        records = load_records(files)
    assert records[["tips", "valuable_tips", "resolved_cases"]].values.tolist() == [[5, 2, 1]]
    assert records[["sessions", "attendances"]].isna().all(axis=None)


def test_two_rows_of_one_file_are_never_called_the_same(load):
    """One of the two was meant for another period, and only the writer knows which."""
    assert problems(load, GOOD, GOOD) == [("reported_twice", 3, "", "")]


def test_a_row_with_a_problem_waits_and_the_others_are_read(write_records):
    """The check holds the clean row; loading takes all or nothing."""
    path = write_records(GOOD, changed("tips", "x", changed("commune", "Âu Lâu")))
    check = check_file(path)
    assert check.records["commune"].tolist() == ["Tuy Lộc"]
    assert [(p.kind, p.cell) for p in check.problems] == [("broken_count", "F3")]
    assert [(note.kind, note.row) for note in check.skipped] == [("row_waits", 3)]
    assert check.account[["cells", "kept", "set_aside", "problems"]].values.tolist() == [
        [24, 16, 7, 1]
    ]
    with pytest.raises(DataProblem) as caught:
        load_records(path)
    assert caught.value.problems == check.problems


@pytest.mark.parametrize("path", [3, b"a.csv", None], ids=repr)
def test_what_is_no_path_is_refused_in_plain_words(path):
    """A number or bytes in the place of a path, or in a list of them."""
    with pytest.raises(ValueError, match=r"path=.* must be the path of a file or folder, or a lis"):
        load_records([path])


@pytest.mark.parametrize("path", [[], ()])
def test_a_list_of_no_files_is_refused_in_plain_words(path):
    """There is nothing to load; an empty message would help no one."""
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        load_records(path)
