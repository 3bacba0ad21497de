"""Office files of the movement's tables: read as they come, or every problem named."""

import warnings

import pandas as pd
import pytest
from matplotlib.text import Text

import antq_helpers as antq
from antq_helpers.dictionary import table_fields
from antq_helpers.problems import DataProblem
from antq_helpers.reading.fields import Words
from antq_helpers.reading.headers import header_key
from antq_helpers.reading.load import DataNote, load_table
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.tables import field_headers
from tests.books import book
from tests.raw_ods import write_ods

DRIVES = ("Loại địa bàn", "Xã, phường", "Hình thức", "Số lượt địa bàn")
MODELS = ("Xã, phường", "Loại mô hình", "Từ ngày", "Số mô hình")
AWARDS = ("Cấp khen thưởng", "Hình thức khen thưởng", "Đối tượng", "Số lượng")
PARTNERS = ("Tổ chức", "Loại hoạt động", "Năm", "Số lượng", "Lượt người")


@pytest.fixture
def load(tmp_path):
    """Write rows to cua_toi.xlsx and load them as a table."""

    def load_rows(table, *rows, merged=(), **options):
        path = book(tmp_path / "cua_toi.xlsx", {"Trang 1": rows}, merged)
        return load_table(table, path, **options)

    return load_rows


def faults(load, table, *rows, **options):
    """Load rows that must fail; give kind, cell (else row) and value of each problem."""
    with pytest.raises(DataProblem) as caught:
        load(table, *rows, **options)
    return [(p.kind, p.cell or p.row, p.value) for p in caught.value.problems]


# What is read


def test_a_form_is_read_through_title_numbering_total_and_signature(load):
    """The year stands in the title, 1.690 is a thousand and more, P. Yên Thịnh is Yên Thịnh."""
    drives = load(
        "drives",
        ["CÔNG AN THÀNH PHỐ YÊN BÁI"],
        ["Kết quả vận động năm 2022"],
        [],
        ["STT", *DRIVES],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, "Xã, phường", "P. YÊN THỊNH", "Tập trung", 2],
        ["II", None, None, None, None],
        [2, "Cơ quan", None, "thuong xuyen", "1.690"],
        ["Tổng cộng", None, None, None, 1692],
        [],
        ["Nơi nhận:", None, None, "TRƯỞNG CÔNG AN"],
    )
    columns = ["year", "kind", "manner", "hotspot", "count", "source"]
    assert drives[columns].values.tolist() == [
        [2022, "commune", "concentrated", False, 2, "reported"],
        [2022, "body", "regular", False, 1690, "reported"],
    ]
    assert drives["commune"].tolist()[0] == "Yên Thịnh"
    assert drives["commune"].isna().tolist() == [False, True]
    assert drives.columns.tolist() == [field["name"] for field in table_fields("drives")]


def test_models_are_dated_by_day_month_or_year_and_keep_their_devices_apart(load):
    """A month or year begins on its first day, and ends on its last."""
    models = load(
        "models",
        [*MODELS, "Đến ngày", "Số thiết bị"],
        ["xa tuy loc", "CAMERA AN NINH", "Tháng 3/2015", 2, None, 40],
        ["Phúc Lộc", "zalo", "15/06/2016", 1, "2018", None],
    )
    assert models["commune"].tolist() == ["Tuy Lộc", "Phúc Lộc"]
    assert models["kind"].tolist() == ["camera", "zalo"]
    assert models["since"].dt.strftime("%Y-%m-%d").tolist() == ["2015-03-01", "2016-06-15"]
    assert models["until"].iloc[1] == pd.Timestamp(2018, 12, 31)
    assert models[["count", "devices"]].sum().tolist() == [3, 40]


def test_partner_activities_and_commendations_are_read_in_words(load):
    """In Vietnamese or English, or as the code; a year that is not known stays blank."""
    partners = load(
        "partner_activities", PARTNERS, ["Hội Cựu chiến binh", "Training class", 2021, 9, 169]
    )
    assert partners.iloc[0].astype(object).where(partners.iloc[0].notna(), None).tolist() == [
        "veterans_association", "training_class", 2021, None, 9, 169, "reported",
    ]  # fmt: skip
    awards = load(
        "commendations",
        AWARDS,
        ["Bộ Công an", "Cờ thi đua", "Tập thể", 5],
        ["city_chair", "certificate_of_commendation", "individual", 199],
    )
    assert awards["authority"].tolist() == ["ministry", "city_chair"]
    assert awards["year"].isna().all()


def test_the_commune_of_activities_and_commendations_is_kept(load):
    """As the register writes it; blank is the whole city, and without a year any unit is known."""
    rows = ["Thành Đoàn", "Tập huấn", 2021, 9, 169]
    partners = load(
        "partner_activities", [*PARTNERS, "Xã, phường"], [*rows, "P. TUY LỘC"], [*rows, None]
    )
    assert partners["commune"].fillna("").tolist() == ["Tuy Lộc", ""]
    row = ["Bộ Công an", "Cờ thi đua", "Tập thể", 5]
    awards = load("commendations", [*AWARDS, "Xã, phường"], [*row, "xã Phúc Lộc"], [*row, None])
    assert awards["commune"].fillna("").tolist() == ["Phúc Lộc", ""]


def test_the_commune_of_an_activity_is_asked_about_where_it_is_not_known(load):
    """A name like none, a name nearly right, and a unit that had been merged by that year."""
    head, row = [*AWARDS, "Năm", "Xã, phường"], ["Bộ Công an", "Cờ thi đua", "Tập thể", 5]
    wrong = [[*row, 2021, "Paris"], [*row, None, "Tuy Lôc"], [*row, 2021, "Phúc Lộc"]]
    assert faults(load, "commendations", head, *wrong) == [
        ("no_such_commune", "F2", "Paris"),
        ("unknown_commune", "F3", "Tuy Lôc"),
        ("not_yet_a_commune", "F4", "Phúc Lộc"),
    ]


@pytest.mark.parametrize(
    "written", ["Bộ Công an", "Bộ trưởng Bộ Công an", "Bộ trưởng", "Minister", "minister"]
)
def test_the_ministry_and_its_minister_are_one_authority(load, written):
    """Who signs for it is not counted apart."""
    awards = load("commendations", AWARDS, [written, "Cờ thi đua", "Tập thể", 5])
    assert awards["authority"].tolist() == ["ministry"]


def test_a_cell_merged_down_counts_for_each_of_its_rows(load):
    """As an authority does over its awards; a merged count belongs to no one row."""
    rows = [AWARDS, ["Bộ Công an", "Cờ thi đua", "Tập thể", 5], [None, "Bằng khen", "Cá nhân", 1]]
    assert load("commendations", *rows, merged=["A2:A3"])["authority"].tolist() == ["ministry"] * 2
    found = faults(load, "commendations", *rows, merged=["A2:A3", "D2:D3"])
    assert [kind for kind, *_ in found] == ["merged_count"]


def test_a_header_of_two_rows_is_read(load):
    """Merged cells reach down beside the group that names two columns."""
    models = load(
        "models",
        ["STT", "Xã, phường", "Mô hình", None, "Từ ngày"],
        [None, None, "Loại mô hình", "Số mô hình", None],
        [1, "Tuy Lộc", "Camera an ninh", 2, "2015"],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2"],
    )
    assert models[["commune", "kind", "count"]].values.tolist() == [["Tuy Lộc", "camera", 2]]


def test_the_first_row_of_a_group_names_it(load):
    """Rows right below it belong to it, those after a gap do not."""
    rows = [AWARDS, ["Bộ Công an", "Cờ thi đua", "Tập thể", 5], [None, "Bằng khen", "Cá nhân", 1]]
    assert load("commendations", *rows)["authority"].tolist() == ["ministry"] * 2
    rows.insert(2, [])
    assert faults(load, "commendations", *rows) == [("required", "A4", "")]


def test_a_commune_that_is_listed_with_nothing_beside_it_reported_nothing(load):
    """Forms list every unit; it is said, and the others are read."""
    rows = [MODELS, ["Yên Ninh"], ["Tuy Lộc", "Camera", "2015", 1]]
    with pytest.warns(DataNote, match="row 2: nothing is reported"):
        assert load("models", *rows)["commune"].tolist() == ["Tuy Lộc"]


def test_the_mark_in_the_title_makes_rows_illustrative(load):
    """It carries through, and a source that is written wins."""
    row = ["Bộ Công an", "Cờ thi đua", "Tập thể", 5]
    mark = ["SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"]
    assert load("commendations", mark, AWARDS, row)["source"].tolist() == ["illustrative"]
    awards = load("commendations", mark, [*AWARDS, "Nguồn số liệu"], [*row, "Đã công bố"])
    assert awards["source"].tolist() == ["published"]


@pytest.mark.parametrize("table", [name for name in MOVEMENT if len(load_table(name))])
@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "ods", "parquet"])
def test_the_shipped_table_comes_back_from_every_kind_of_file(tmp_path, table, ending):
    """What is saved loads as it was, with its mark."""
    shipped, path = load_table(table), tmp_path / f"a.{ending}"
    if ending in ("csv", "tsv"):
        shipped.to_csv(path, index=False, sep={"csv": ",", "tsv": "\t"}[ending])
    elif ending == "parquet":
        shipped.to_parquet(path)
    elif ending == "ods":
        days = shipped.select_dtypes("datetime").columns
        texts = shipped.assign(**{day: shipped[day].dt.strftime("%Y-%m-%d") for day in days})
        rows = texts.astype(object).where(texts.notna(), "").values.tolist()
        write_ods(path, {"Sheet1": [list(shipped), *rows]})
    else:
        shipped.to_excel(path, index=False)
    pd.testing.assert_frame_equal(load_table(table, path), shipped)


def test_other_columns_are_set_aside_with_a_word(load):
    """Row numbers without one."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        load("models", ["STT", *MODELS, "Màu"], [1, "Tuy Lộc", "Camera", "2015", 1, "xanh"])
    assert [(note.category, '"Màu"' in str(note.message)) for note in said] == [(DataNote, True)]


# What is refused


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["Tuy Lộc", "Camera an nin", "2015", 1], ("enum", "B2", "Camera an nin")),
        (["Tuy Lộc", "Camera", "mùa xuân", 1], ("broken_date", "C2", "mùa xuân")),
        (["Tuy Lộc", "Camera", "2015", "trên 5"], ("bound", "D2", "trên 5")),
        (["Tuy Lộc", "Camera", "2015", "1,651"], ("which_mark", "D2", "1,651")),
        (["Tuy Lộc", "Camera", "2015", 0], ("minimum", "D2", "0")),
        (["Tuy Lộc", "Camera", "2015", 2.5], ("typed_thousand", "D2", "2.5")),
        (["Tuy Lộc", "Camera", None, 1], ("required", "C2", "")),
        (["Tuy Lôc", "Camera", "2015", 1], ("unknown_commune", "A2", "Tuy Lôc")),
        (["Phúc Lộc", "Camera", "01/02/2020", 1], ("not_yet_a_commune", "A2", "Phúc Lộc")),
        (["Tuy Lộc", "Camera", "01/01/2199", 1], ("day_in_the_future", "C2", "01/01/2199")),
    ],
)
def test_a_bad_cell_is_named_by_its_place(load, row, fault):
    """One problem each, and nothing else beside it."""
    assert faults(load, "models", MODELS, row) == [fault]


def test_everything_wrong_is_named_in_one_pass(load):
    """In the order of the rows, in the language asked for, with the words that are taken."""
    with pytest.raises(DataProblem) as caught:
        load(
            "models",
            MODELS,
            ["Tuy Lộc", "Camera an nin", "2015", 0],
            ["Tuy Lộc", "Camera", "x", 1],
            language="vi",
        )
    assert [(p.kind, p.row) for p in caught.value.problems] == [
        ("enum", 2), ("minimum", 2), ("broken_date", 3),
    ]  # fmt: skip
    assert 'cua_toi.xlsx, trang tính "Trang 1", dòng 2, cột "Loại mô hình": "Camera an nin"' in str(
        caught.value
    )
    assert "Camera an ninh; Zalo an ninh" in str(caught.value)


def test_a_model_does_not_end_before_it_began(load):
    """Both days are there to be corrected."""
    row = ["Tuy Lộc", "Camera", "01/05/2016", 1, "01/05/2015"]
    assert faults(load, "models", [*MODELS, "Đến ngày"], row) == [
        ("ends_before_start", "E2", "01/05/2015")
    ]


def test_only_a_drive_in_a_commune_names_one(load):
    """And it must."""
    head = ["Năm", *DRIVES]
    wrong = faults(
        load,
        "drives",
        head,
        [2020, "Trường học", "Tuy Lộc", "Tập trung", 1],
        [2020, "Xã", None, "Tập trung", 1],
    )
    assert wrong == [("commune_of_no_commune", "C2", "Tuy Lộc"), ("required", "C3", "")]


def test_a_unit_may_be_named_in_any_year_in_which_it_stood(load):
    """Phúc Lộc until January 2020; not in 2021."""
    head, row = ["Năm", *DRIVES], ["Xã", "Phúc Lộc", "Tập trung", 1]
    assert load("drives", head, [2020, *row])["commune"].tolist() == ["Phúc Lộc"]
    assert faults(load, "drives", head, [2021, *row])[0][0] == "not_yet_a_commune"


def test_a_year_to_come_is_refused(load):
    """No drive was held in it."""
    row = [2999, "Xã", "Tuy Lộc", "Tập trung", 1]
    assert ("maximum", "A2", "2999") in faults(load, "drives", ["Năm", *DRIVES], row)


def test_a_total_that_differs_from_its_rows_is_a_problem(load):
    """5 + 4 is not 10; a subtotal and a total are each held against their own rows."""
    first = ["Bộ Công an", "Cờ thi đua", "Tập thể", 5]
    second = ["Bộ Công an", "Bằng khen", "Tập thể", 4]
    total = ["Tổng số", None, None]
    assert faults(load, "commendations", AWARDS, first, second, [*total, 10]) == [
        ("total_differs", "D4", "10")
    ]
    rows = [AWARDS, first, ["Cộng", None, None, 5], second, ["Cộng", None, None, 4], [*total, 9]]
    assert load("commendations", *rows)["count"].sum() == 9


def test_a_missing_or_double_column_is_named_with_the_headers_that_are_taken(load):
    """A file without any table lacks them all."""
    with pytest.raises(DataProblem, match=r'column "since": .* since, Since, Từ ngày;'):
        load("models", ["Xã, phường", "Loại mô hình", "Số mô hình"], ["Tuy Lộc", "Zalo", 1])
    found = faults(load, "models", [*MODELS, "Count"], ["Tuy Lộc", "Zalo", "2015", 1, 1])
    assert [kind for kind, *_ in found] == ["column_twice"]
    assert [kind for kind, *_ in faults(load, "models", ["a", "b"], [1, 2])] == [
        "missing_column"
    ] * 4


def test_a_table_without_rows_is_empty(load):
    """Nothing is made of it."""
    assert faults(load, "models", MODELS) == [("empty_file", None, "")]


@pytest.mark.parametrize("header", ["Họ và tên", "Tên cá nhân", "Cá nhân được khen thưởng"])
def test_a_list_of_those_who_were_commended_is_refused(load, header):
    """The column is named, what it holds is not."""
    with pytest.raises(DataProblem) as caught:
        load("commendations", [header, *AWARDS], ["XYZ", "Bộ Công an", "Bằng khen", "Cá nhân", 1])
    [problem] = caught.value.problems
    assert (problem.kind, problem.column) == ("persons", header)
    assert "XYZ" not in str(caught.value)


def test_what_stands_in_place_of_a_recipient_is_not_quoted(load):
    """It may be a name."""
    with pytest.raises(DataProblem) as caught:
        load("commendations", AWARDS, ["Bộ Công an", "Bằng khen", "XYZ", 1])
    assert "XYZ" not in str(caught.value)
    assert "Tập thể" not in str(caught.value)  # in English unless asked otherwise
    assert "Collective; Individual" in str(caught.value)


def test_a_dash_is_asked_about(load):
    """And taken as it is said."""
    head, row = [*MODELS, "Số thiết bị"], ["Tuy Lộc", "Camera", "2015", 1, "-"]
    assert faults(load, "models", head, row) == [("dash", "E2", "-")]
    assert load("models", head, row, dash="missing")["devices"].isna().all()
    with pytest.raises(ValueError, match="dash='nil' is not known"):
        load("models", head, row, dash="nil")


def test_other_tables_and_unknown_ones_are_as_before():
    """The door leads to the whole data package."""
    assert len(antq.load_table("communes")) == 24
    with pytest.raises(ValueError, match="table='foo' is not known"):
        antq.load_table("foo", "a.xlsx")


@pytest.mark.parametrize("table", MOVEMENT)
def test_no_header_or_word_stands_for_two(table):
    """Every value of a list has a word in each language, and no word means two values."""
    fields = table_fields(table)
    meant = {(header_key(h), f["name"]) for f in fields
             for h in (*field_headers(f), *f.get("headers", ()))}  # fmt: skip
    assert len({key for key, _ in meant}) == len(meant)
    for field in fields:
        words, legal = field.get("words", {}), field.get("constraints", {}).get("enum")
        assert legal is None or list(words) == legal
        keys = {(header_key(word), code) for code, said in words.items() for word in said}
        assert len({key for key, _ in keys}) == len(keys), field["name"]
        assert all(len(said) >= 2 for said in words.values())


def test_words_forgive_case_and_the_place_of_the_tone_but_no_wrong_tone():
    """Hoà is Hòa; a word without marks is found, one with a wrong mark is not."""
    words = Words([("a", ["Hòa bình"]), ("b", ["Tờ rơi"])])
    assert [words.find(text) for text in ("HOÀ BÌNH", "to roi", "Tở rơi", "")] == ["a", "b", "", ""]


def test_a_hidden_sheet_is_not_read_and_that_is_said(tmp_path):
    """It may hold what was not meant to be sent."""
    row = ["Tuy Lộc", "Camera", "2015", 1]
    sheets = {"A": [MODELS, row], "B": [MODELS, row]}
    path = book(tmp_path / "a.xlsx", sheets, hidden=["B"])
    with pytest.warns(DataNote, match='sheet "B": this sheet is hidden'):
        assert len(load_table("models", path)) == 1


def test_text_in_tcvn3_is_asked_about_and_converted(load):
    """X· ph­êng is Xã, phường in the old encoding; the header alone is quoted."""
    old = ["X·, ph­êng", "Lo¹i m« h×nh", "Tõ ngµy", "Sè m« h×nh"]
    rows = [old, ["Tuy Léc", "Camera an ninh", "2015", 1]]
    assert [kind for kind, *_ in faults(load, "models", *rows)] == ["tcvn3"]
    with pytest.warns(DataNote, match="converted from TCVN3"):
        assert load("models", *rows, encoding="tcvn3")["commune"].tolist() == ["Tuy Lộc"]


@pytest.mark.parametrize(
    ("name", "before", "header", "after", "kind"),
    [
        ("a", "", "Số lượng (nghìn)", "", "other_unit"),
        ("a", "", "Số mô hình ('000)", "", "other_unit"),
        ("a", "Đơn vị tính: nghìn mô hình\n", "Số lượng", "", "other_unit"),
        ("a", "", "Số lượng", ",,,(nghìn)\n", "other_unit"),
        ("ĐVT_nghìn", "", "Số lượng", "", "other_unit"),
        ("a", "", "Số lượng (%)", "", "no_counts"),
        ("a", "", "Số lượng (bình quân)", "", "no_counts"),
        ("a", "KẾ HOẠCH NĂM 2021\n", "Số lượng", "", "no_counts"),
    ],
)
def test_what_is_not_counted_one_by_one_is_asked_about(tmp_path, name, before, header, after, kind):
    """3 thousand are not 3; a share, an average or a plan is no count."""
    path = tmp_path / f"{name}.csv"
    head = f"{before}Xã/phường,Loại mô hình,Từ ngày,{header}\n{after}"
    path.write_text(f"{head}Tuy Lộc,Camera an ninh,2021,3\n", encoding="utf-8")
    with pytest.raises(antq.DataProblem) as caught:
        antq.load_table("models", path)
    assert {problem.kind for problem in caught.value.problems} == {kind}


def test_a_running_total_is_a_stock_of_models_but_no_count_of_drives(load):
    """Each month's would count the months before it again."""
    drive = "Xã, phường", "Tuy Lộc", "Tập trung", 5
    header = (*DRIVES[:3], "Số lượt địa bàn (lũy kế)")
    assert faults(load, "drives", ("Năm", *header), (2022, *drive)) == [("no_counts", "E1", "")]
    model = "Tuy Lộc", "Camera an ninh", "01/01/2021", 3
    found = load("models", (*MODELS[:3], "Số mô hình (lũy kế)"), model)
    assert found["count"].tolist() == [3]


def test_a_kind_that_the_list_does_not_have_is_kept_as_itself(load):
    """Once for all its spellings, with a word; a misspelt one is asked about."""
    rows = [
        MODELS,
        ["Tuy Lộc", "Tiếng kẻng an ninh", "2015", 2],
        ["Yên Ninh", "TIẾNG KẺNG AN NINH", "2016", 1],
        ["Yên Ninh", "Camera", "2016", 1],
    ]
    with pytest.warns(DataNote, match="Tiếng kẻng an ninh.*this name is new to the list"):
        models = load("models", *rows)
    assert models["kind"].tolist() == ["Tiếng kẻng an ninh"] * 2 + ["camera"]
    numbers = antq.tabulate(models, antq.View(kind="stock", at="2016-12-31"))
    last = numbers[numbers["day"] == "2016-12-31"].set_index("kind")["count"]
    assert last.to_dict() == {"camera": 1, "other": 3}
    picture = antq.draw(models, antq.View(kind="stock", at="2016-12-31"))
    texts = [text.get_text() for ax in picture.axes for text in ax.findobj(Text)]
    told = "“Not itemised” includes: Tiếng kẻng an ninh."  # as the legend calls them
    assert any(told in " ".join(text.split()) for text in texts)
    assert faults(load, "models", MODELS, ["Tuy Lộc", "Camera an nin", "2015", 2]) == [
        ("enum", "B2", "Camera an nin")
    ]


def test_more_organisations_than_colours_are_among_the_others(load):
    """The largest three and the others, hatched; whose they are stands below."""
    names = ["Thành Đoàn", "Hội CCB", "MTTQ", "Hội Phụ nữ", "Hội Nông dân"]
    rows = [[name, "Tập huấn", 2021, 9 - place, ""] for place, name in enumerate(names)]
    with pytest.warns(DataNote):
        partners = load("partner_activities", PARTNERS, *rows)
    view = antq.View(kind="parts", table="partner_activities", split="organisation")
    numbers = antq.tabulate(partners, view)
    assert numbers.set_index("organisation")["count"].to_dict() == {
        "youth_union": 9, "veterans_association": 8, "fatherland_front": 7, "other": 11,
    }  # fmt: skip
    assert numbers["others"].iloc[0] == "Hội Phụ nữ, Hội Nông dân"


def test_what_decides_how_a_row_counts_is_no_open_list(load):
    """Collective or individual, concentrated or regular: another word is asked about."""
    assert faults(load, "commendations", AWARDS, ["Bộ Công an", "Bằng khen", "Tập đoàn", 1]) == [
        ("enum", "C2", "")
    ]
