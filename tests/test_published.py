"""Printed figures: the article's 34, another report's file, and everything that can be wrong."""

import openpyxl
import pandas as pd
import pytest

from antq_helpers import DataProblem, load_published
from antq_helpers.dictionary import DATA
from antq_helpers.measuring.published import read_filter

HEADER = "id,title,value,qualifier,part_of,paragraph,table,column,filter,period,percent,note"
GOOD = "tips,Tips,40,exact,,2,records,tips,,2022-Q1,,"


@pytest.fixture
def write(tmp_path):
    """Write lines below the header to baocao.csv."""

    def write_lines(*lines, header=HEADER):
        path = tmp_path / "baocao.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        return path

    return write_lines


def test_the_articles_figures_are_34_typed_rows():
    """Bounds keep their qualifier; the article prints no percentage."""
    published = load_published()
    assert len(published) == 34
    assert published["value"].dtype == "Int64"
    assert published["percent"].isna().all()
    assert published["qualifier"].value_counts().to_dict() == {"exact": 30, "over": 3, "nearly": 1}


def test_another_reports_csv_is_loaded(write):
    """A figure without a printed value stays missing; a percentage keeps its decimals."""
    silent = "cases,Cases,,,,2,records,resolved_cases,,2022-Q1,,"
    part = 'valuable,Valuable tips,20,exact,tips,2,records,valuable_tips,,2022-Q1,"50,0",'
    published = load_published(write(GOOD, silent, part))
    assert published["value"].tolist()[::2] == [40, 20]
    assert published["value"].isna().tolist() == [False, True, False]
    assert published["percent"].dropna().tolist() == ["50,0"]


def test_columns_that_may_be_blank_may_be_absent(write):
    """Eight columns are enough, in any order and case, in Vietnamese, too."""
    header = "Kỳ số liệu,ID,Title,Value,Qualifier,Paragraph,Table,Column"
    published = load_published(write("2022,tips,Tips,40,exact,1,records,tips", header=header))
    assert published[["id", "period"]].to_numpy().tolist() == [["tips", "2022"]]
    assert published[["part_of", "filter", "note", "percent"]].isna().all(axis=None)


def test_a_workbook_is_loaded_and_its_rows_are_named_as_excel_shows_them(tmp_path):
    """Numbers are numbers, and May 2023 that Excel took for a day is the month again."""
    book = openpyxl.Workbook()
    book.active.append([])
    book.active.append(HEADER.split(","))
    row = ["models", "Models", 96, "exact", None, 7, "models", "count", None, None, None, None]
    book.active.append([*row[:9], pd.Timestamp("2023-05-01"), *row[10:]])
    book.save(tmp_path / "baocao.xlsx")
    published = load_published(tmp_path / "baocao.xlsx")
    assert published.loc[0, ["value", "period", "paragraph"]].tolist() == [96, "2023-05", "7"]
    book.active.append(["drives", "Drives", 2, "about", *row[4:9], "2022", *row[10:]])
    book.save(tmp_path / "baocao.xlsx")
    with pytest.raises(DataProblem, match=r'baocao\.xlsx, row 4, column "qualifier": "about": '):
        load_published(tmp_path / "baocao.xlsx")


@pytest.mark.parametrize(
    ("line", "kind", "column", "value", "words"),
    [
        (GOOD.replace("records", "riots"), "enum", "table", "riots", "drives, models"),
        (GOOD.replace(",tips,,2022", ",tip,,2022"), "enum", "column", "tip", "of: sessions"),
        (GOOD.replace(",tips,,2022", ",year,,2022"), "enum", "column", "year", "sessions"),
        (GOOD.replace("exact", "about"), "enum", "qualifier", "about", "exact, over, nearly"),
        (GOOD.replace("exact", ""), "required", "qualifier", "", "may not be blank"),
        (GOOD.replace("40", "2.368"), "not_whole", "value", "2.368", "such as 2368"),
        (GOOD.replace("2022-Q1", "2022-Q5"), "broken_span", "period", "2022-Q5", "2013-to-2022"),
        (GOOD.replace(",,2022-Q1", ",commune,2022"), "broken_filter", "filter", "commune", "="),
        (GOOD.replace(",,2022-Q1", ",a=1;a=2,2022"), "broken_filter", "filter", "a=1;a=2", "once"),
        (GOOD.replace(",,2022-Q1", ",ward=A,2022"), "filter_column", "filter", "ward=A", "commune"),
        (GOOD.replace(",,2022-Q1", ",source=me,2022"), "filter_value", "filter", "source=me",
         "reported, illustrative"),
        (GOOD.replace("exact,,", "exact,all,"), "no_whole", "part_of", "all", "no figure has this"),
        (GOOD.replace("exact,,", "exact,tips,"), "circle", "part_of", "tips", "a part of itself"),
        (GOOD.replace("2022-Q1,,", "2022-Q1,36.2,"), "required", "part_of", "", "Fill it in"),
        (GOOD.replace("2022-Q1,,", "2022-Q1,about 3,"), "pattern", "percent", "about 3", "form"),
    ],
)  # fmt: skip
def test_each_cell_that_is_no_figure_is_named(write, line, kind, column, value, words):
    """With its row and column, what stands there and what was expected."""
    with pytest.raises(DataProblem) as caught:
        load_published(write("", line))
    found = [(p.kind, p.row, p.column, p.value) for p in caught.value.problems]
    assert (kind, 3, column, value) in found
    assert words in str(caught.value)


def test_a_circle_over_two_steps_is_found_and_a_figure_that_hangs_on_it_is_none(write):
    """a of b of a; c is a part of a, and no part of itself."""
    lines = [f"{i},T,1,exact,{w},1,records,tips,,2022,," for i, w in ("ab", "ba", "ca")]
    with pytest.raises(DataProblem) as caught:
        load_published(write(*lines))
    assert [(p.kind, p.row) for p in caught.value.problems] == [("circle", 2), ("circle", 3)]


def test_all_problems_are_told_at_once_in_vietnamese(write):
    """In the order of the rows, under the headers of the file; a broken cell hides no other."""
    header = "Mã số liệu,title,Giá trị,qualifier,paragraph,table,column,Kỳ số liệu,Người lập"
    lines = ["a,A,40,exact,1,records,tips,quý này,x", "b,B,2.368,exact,1,records,tips,2013-2022,x"]
    with pytest.raises(DataProblem, match="không đọc được kỳ") as caught:
        load_published(write(*lines, header=header), language="vi")
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [
        (2, "Kỳ số liệu", "quý này"),
        (3, "Giá trị", "2.368"),
        (3, "Kỳ số liệu", "2013-2022"),
    ]


def test_the_articles_own_file_has_no_problem_of_this_kind():
    """It is checked by the data package when it is loaded, and here as any other file."""
    path = DATA / "published_figures.csv"
    pd.testing.assert_frame_equal(load_published(path), load_published())


def test_a_file_without_a_needed_column_says_which(write):
    """The headers that would be taken are named."""
    with pytest.raises(DataProblem, match=r'column "table": this column is missing\. .*Bảng'):
        load_published(write("1", header="id"))


def test_two_columns_of_one_meaning_are_refused(write):
    """Whatever languages they are in."""
    with pytest.raises(DataProblem, match="two columns stand for value"):
        load_published(write(GOOD + ",41", header=f"{HEADER},Giá trị"))


def test_a_filter_is_read_by_column():
    """Blank is no condition; half a condition is no filter."""
    assert read_filter("kind=body; hotspot=true") == {"kind": "body", "hotspot": "true"}
    assert read_filter(None) == read_filter(" ") == {}
    assert read_filter("kind=") is None
