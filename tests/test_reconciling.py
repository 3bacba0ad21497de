"""Tables against printed figures: agreeing, bounded, contradicting and silent ones."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers import load_published, load_table, load_tables, reconcile
from antq_helpers.dictionary import DATA

TABLES, PUBLISHED = load_tables(), load_published()
FIGURES = reconcile(TABLES).query("about == 'figure'").set_index("id")
NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


def judged(printed, *, qualifier="exact", counts=(40,), source="reported", **options):
    """Give the row of one figure that was printed, where a table holds these counts."""
    one = {"id": "a", "title": "A", "value": printed, "qualifier": qualifier, "part_of": None}
    one |= {"paragraph": "1", "table": "drives", "column": "count", "filter": None}
    published = pd.DataFrame([one | {"period": "2022", "note": None, "percent": None}])
    drives = pd.DataFrame({"year": 2022, "count": counts, "source": source})
    found = reconcile({"drives": drives}, published.astype({"value": "Int64"}), **options)
    assert len(found) == 1
    return found.iloc[0]


# ---- the article ----

BOUNDS = {"attendances", "resolved_cases", "youth_members", "youth_leaflets"}


def test_every_figure_has_its_row_in_the_order_of_the_article():
    """All 34, each once."""
    assert FIGURES.index.tolist() == PUBLISHED["id"].tolist()
    assert len(FIGURES) == 34


@pytest.mark.parametrize("figure", PUBLISHED["id"])
def test_the_stored_tables_still_give_every_printed_figure(figure):
    """A change in the sample or the loader that breaks a figure fails here."""
    row = FIGURES.loc[figure]
    if figure in BOUNDS:
        assert row["verdict"] == "within_bound"
    else:
        assert row["verdict"] == "by_construction"
        assert row["found"] == row["value"]
    assert row["source"] in ("illustrative", "published")
    assert row["illustrative"] == (row["source"] == "illustrative")


@pytest.mark.parametrize("figure", PUBLISHED["id"])
def test_the_call_can_be_pasted(figure):
    """Given ``tables``, it makes the number again."""
    row = FIGURES.loc[figure]
    assert eval(row["call"], {"tables": TABLES}) == row["found"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("records", "tips"), ("drives", "count"), ("models", "count"),
     ("partner_activities", "count"), ("commendations", "count")],
)  # fmt: skip
def test_one_count_more_in_a_table_is_found(table, column):
    """So the test above can fail."""
    rows = TABLES[table]
    first = rows[column].first_valid_index()
    changed = rows.assign(**{column: rows[column].where(rows.index != first, rows[column] + 500)})
    found = reconcile(TABLES | {table: changed}).query("about == 'figure'")
    assert "differs" in set(found["verdict"])
    assert not found.loc[found["verdict"] == "differs", "difference"].eq(0).any()


def test_what_the_article_does_not_itemise_is_told_as_unprinted():
    """Ten drives and 31 models stand in the tables and in no printed part."""
    found = reconcile(TABLES).query("about == 'unprinted'")
    assert found[["id", "found"]].to_numpy().tolist() == [["drives", 10], ["models", 31]]
    assert set(found["verdict"]) == {"not_said"}
    for row in found.itertuples():
        assert eval(row.call, {"tables": TABLES}) == row.found


def test_a_part_that_stands_alone_opens_no_list():
    """The other drives are not "unprinted" because two hotspots are a part of them."""
    part = PUBLISHED["part_of"].mask(PUBLISHED["id"] == "hotspots", "drives")
    found = reconcile(TABLES, PUBLISHED.assign(part_of=part))
    assert found.query("about == 'unprinted'")["found"].tolist() == [10, 31]
    assert found.query("about == 'subset'")["id"].tolist() == ["hotspots", "valuable_tips"]


def test_sums_of_the_article_stand_below_its_figures():
    """65 of 75 and 65 of 96, not mended by the tables that hold 75 and 96."""
    sums = reconcile(TABLES).query("about == 'sum'").set_index("id")
    open_sums = sums[sums["verdict"] == "parts_do_not_add_up"]
    assert open_sums["found"].to_dict() == {"drives": 65, "models": 65}
    assert open_sums["value"].to_dict() == {"drives": 75, "models": 96}


@pytest.mark.slow
def test_every_row_has_its_title_in_vietnamese():
    """All 41: figures, what is unprinted, sums; the article says that the ministry gave flags."""
    english, found = reconcile(TABLES), reconcile(TABLES, language="vi")
    assert len(found) == len(english) == 41
    assert not set(found["title"]) & set(english["title"])
    titles = found.set_index(["about", "id"])["title"]
    assert titles["figure", "ministry_flags"] == "Cờ thi đua của Bộ Công an, tập thể"
    assert (
        titles["unprinted", "drives"] == "Lượt địa bàn được vận động tập trung: Không nêu chi tiết"
    )
    assert titles["sum", "models"] == "Mô hình phòng, chống tội phạm đang duy trì"
    pd.testing.assert_frame_equal(
        *(t.drop(columns=["title", "printed", "said"]) for t in (english, found))
    )


def test_a_figure_without_a_vietnamese_title_keeps_its_own():
    """A report's own figures need one title only."""
    assert judged(40, language="vi")["title"] == "A"
    own = PUBLISHED.assign(title_vi=None)
    assert set(reconcile(TABLES, own, language="vi").query("about == 'figure'")["title"]) == set(
        PUBLISHED["title"]
    )


def test_figures_may_be_read_by_pandas_alone():
    """Who knows the file may skip its checks; what is found is the same."""
    plain = reconcile(TABLES, pd.read_csv(DATA / "published_figures.csv"))
    pd.testing.assert_frame_equal(plain, reconcile(TABLES), check_dtype=False)


def test_tables_stay_as_they_were():
    """Input is unchanged."""
    before = {name: rows.copy() for name, rows in TABLES.items()}
    published = PUBLISHED.copy()
    reconcile(TABLES, PUBLISHED)
    for name, rows in TABLES.items():
        pd.testing.assert_frame_equal(rows, before[name])
    pd.testing.assert_frame_equal(PUBLISHED, published)


# ---- verdicts ----


@pytest.mark.parametrize(
    ("printed", "source", "verdict", "said"),
    [
        (40, "reported", "agrees", "It agrees: 40."),
        (40, "illustrative", "by_construction", "made to add up to 40"),
        (40, "published", "by_construction", "holds the printed figure itself"),
        (42, "reported", "differs", "It differs by \u22122: the tables give 40, printed is 42."),
        (42, "published", "differs", "It differs"),
        (38, "illustrative", "differs", r"by \+2"),
        (None, "reported", "not_said", "No number is printed; the tables give 40."),
    ],
)
def test_an_exact_figure_is_equal_or_differs(printed, source, verdict, said):
    """Where the rows are illustrative or published, that it agrees is no proof."""
    row = judged(printed, source=source)
    assert row["verdict"] == verdict
    assert re.search(said, row["said"])


@pytest.mark.parametrize(
    ("qualifier", "printed", "verdict"),
    [
        ("over", 39, "within_bound"),
        ("over", 40, "differs"),  # strictly above
        ("over", 1, "within_bound"),
        ("nearly", 41, "within_bound"),
        ("nearly", 40, "differs"),  # strictly below
        ("nearly", 42, "within_bound"),  # 39.9 is the least
        ("nearly", 43, "differs"),  # 40.85
        ("nearly", 39, "differs"),
    ],
)
def test_a_bound_is_kept_or_not(qualifier, printed, verdict):
    """Over is strictly above; nearly is below, within 5 per cent."""
    assert judged(printed, qualifier=qualifier)["verdict"] == verdict


def test_how_far_nearly_reaches_can_be_told():
    """40 is nearly 50 within a fifth."""
    assert judged(50, qualifier="nearly")["verdict"] == "differs"
    assert judged(50, qualifier="nearly", nearly=0.2)["verdict"] == "within_bound"


def test_a_table_that_holds_the_printed_bound_itself_says_so():
    """Over 40, written down as 40: the figure, and no count that contradicts it."""
    row = judged(40, qualifier="over", source="published")
    assert row["verdict"] == "by_construction"
    assert row["printed"] == "over 40"


def test_nothing_is_found_where_all_is_missing():
    """Missing is not zero, and no table is no row."""
    assert judged(40, counts=[None])["verdict"] == "not_found"
    found = reconcile({}, PUBLISHED).query("about == 'figure'")
    assert set(found["verdict"]) == {"not_found"}
    assert not found["illustrative"].any()


def test_verdicts_are_said_in_vietnamese():
    """Numbers, too."""
    row = judged(2368, counts=[2000], language="vi")
    assert row["said"] == "Lệch \u2212368: bảng cho 2.000, số đã công bố là 2.368."


def test_an_unknown_language_or_share_is_refused():
    """Before anything is looked up."""
    with pytest.raises(ValueError, match="language='fr'"):
        reconcile(TABLES, language="fr")
    with pytest.raises(ValueError, match="nearly=5 is no share"):
        reconcile(TABLES, nearly=5)


def test_another_report_is_held_against_other_tables(tmp_path):
    """A quarter's tips, of a file of one's own."""
    path = tmp_path / "baocao.csv"
    lines = ["id,title,value,qualifier,paragraph,table,column,period"]
    lines += ["tips,Tips,95,nearly,1,records,tips,2021-Q1", "cases,Cases,,,1,records,tips,2021"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = reconcile(TABLES, published=load_published(path))
    quarter = antq.total_by(TABLES["records"], period="quarter", measure="tips")
    expected = quarter.set_index("period").at["2021-Q1", "value"]
    assert found["found"].iloc[0] == expected
    assert found["verdict"].iloc[1] == "not_said"


# ---- the claim map ----


def test_every_figure_has_a_claim_in_a_notebook_that_there_is():
    """And a section under this heading, of which a cell shows the figure's own row."""
    claims = load_table("claims")
    assert claims["id"].tolist() == PUBLISHED["id"].tolist()
    for claim in claims.itertuples():
        path = NOTEBOOKS / f"{claim.notebook}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        titles = [cell.source.splitlines()[0] for cell in cells]
        first = titles.index(f"## {claim.section}")
        last = next((n for n, t in enumerate(titles) if n > first and t.startswith("##")), None)
        outputs = [o for cell in cells[first:last] for o in cell.get("outputs", [])]
        shown = "\n".join(o["data"]["text/plain"] for o in outputs)
        assert re.search(rf"^{claim.id} ", shown, re.MULTILINE), claim.id


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_claim_says_the_printed_number(language):
    """In digits, or in words up to five."""
    words = {
        "en": ["no", "one", "two", "three", "four", "five"],
        "vi": ["không", "một", "hai", "ba", "bốn", "năm"],
    }
    claims = load_table("claims")[f"claim_{language}"]
    for claim, value in zip(claims, PUBLISHED["value"], strict=True):
        shown = f"{value:,}".replace(",", "." if language == "vi" else ",")
        said = words[language][value] if value <= 5 else shown
        assert re.search(rf"(?<![\d.,]){re.escape(said)}(?![\d])", claim.casefold()), claim
