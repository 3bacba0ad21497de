"""The shipped tables: valid by their own descriptor, true to their sources, told in README."""

import csv
import json
import re
import shutil
import string
import unicodedata
from datetime import date, timedelta

import pytest
from frictionless import Package

from antq_helpers.dictionary import DATA
from antq_helpers.tables import field_headers

DESCRIPTOR = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in DESCRIPTOR["resources"]}
README = (DATA / "README.md").read_text(encoding="utf-8")
TABLES = list(RESOURCES)


def rows(table: str) -> list[dict[str, str]]:
    """Read a table as plain text, with nothing of the package in between."""
    with (DATA / RESOURCES[table]["path"]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = {row["commune_id"]: row for row in rows("communes")}
CHANGES = rows("boundary_changes")
MOVES = [row for row in CHANGES if row["from"] != row["to"]]
FIGURES = {row["id"]: row for row in rows("published_figures")}
MEASURES = {row["measure"]: row for row in rows("measures")}
WORDS = {row["key"]: row for row in rows("words")}
SYNONYMS = [(row["meaning"], row["words"]) for row in rows("synonyms")]


def value(figure: str) -> int:
    """Give a published figure's number."""
    return int(FIGURES[figure]["value"])


def residents(*ids: str) -> int:
    """Add up the census population of some units."""
    return sum(int(UNITS[unit]["population_2019"]) for unit in ids)


def units_on(day: str) -> list[str]:
    """Give the units that stood on a day, from the changes alone; not for late 2024."""
    standing = {unit for unit in UNITS if unit not in {row["to"] for row in MOVES}}
    for row in sorted(MOVES, key=lambda row: row["date"]):
        if row["date"] <= day:
            standing = (standing - {row["from"]}) | {row["to"]}
    return sorted(standing)


# ---- the descriptor ----


def faults(descriptor) -> list[str]:
    """List what frictionless finds wrong, as table and kind of error."""
    report = Package(str(descriptor)).validate()
    found = [f"{task.name}: {error.type}" for task in report.tasks for error in task.errors]
    return found + [error.type for error in report.errors]


def test_every_table_is_valid_by_the_data_package():
    """Types, constraints, keys, sizes and checksums, as the frictionless package finds them."""
    assert faults(DATA / "datapackage.json") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("communes.csv", ",12043,", ",12044,", "communes: hash-count"),
        ("communes.csv", ",12043,", ",0,", "communes: constraint-error"),
        ("communes.csv", "04252@2008", "04249@2008", "communes: primary-key"),
        ("boundary_changes.csv", "04552@2008,", "04552@2009,", "boundary_changes: foreign-key"),
        ("published_figures.csv", ",4,drives,", ",4,riots,", "published_figures: constraint-error"),
    ],
)
def test_a_broken_table_is_found(tmp_path, file, old, new, fault):
    """So the test above can fail: one cell is changed at a time."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.unlink()
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    assert fault in faults(copy / "datapackage.json")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_what_it_is_and_is_sealed(table):
    """An empty checksum would pass unseen."""
    resource = RESOURCES[table]
    assert all(resource[key] for key in ("title", "description", "sources", "licenses"))
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", resource["hash"])
    assert resource["bytes"] > 0


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_title_and_a_meaning(table):
    """And stands in the file in the same order."""
    fields = RESOURCES[table]["schema"]["fields"]
    with (DATA / RESOURCES[table]["path"]).open(encoding="utf-8", newline="") as file:
        assert [field["name"] for field in fields] == next(csv.reader(file))
    for field in fields:
        assert field["title"].strip(), field["name"]
        assert field["description"].endswith("."), field["name"]


def test_no_header_stands_for_two_columns():
    """A user's file is read by these headers, whatever their case."""
    fields = RESOURCES["records"]["schema"]["fields"]
    of_each = [{header.casefold() for header in field_headers(field)} for field in fields]
    headers = [header for some in of_each for header in some]
    assert len(headers) == len(set(headers))


def test_every_file_of_the_folder_is_described():
    """No table lies about that the package does not know."""
    found = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")}
    assert found == {resource["path"] for resource in RESOURCES.values()}


@pytest.mark.parametrize("table", TABLES)
def test_every_text_is_composed_and_clean(table):
    """Vietnamese in NFC, no space at an end, no two spaces, so that names match and print well."""
    for row in rows(table):
        for column, text in row.items():
            assert unicodedata.is_normalized("NFC", text), (column, text)
            assert text == " ".join(text.split()), (column, text)


# ---- communes ----


@pytest.mark.parametrize(
    ("day", "wards", "communes"),
    [
        ("2013-12-12", 9, 8),  # Resolution 122/NQ-CP
        ("2020-02-01", 9, 6),  # Resolution 871/NQ-UBTVQH14
        ("2024-12-31", 8, 6),  # Resolution 1246/NQ-UBTVQH15
        ("2025-07-01", 4, 0),
    ],
)
def test_each_set_of_units_has_the_whole_census(day, wards, communes):
    """17, 15, 14 and 4 units, each time the 100 631 residents that the census published."""
    units = units_on(day)
    kinds = [UNITS[unit]["kind"] for unit in units]
    assert (kinds.count("ward"), kinds.count("commune")) == (wards, communes)
    assert residents(*units) == 100_631


def test_before_december_2013_there_were_seven_wards_and_ten_communes():
    """Decree 87/2008/NĐ-CP; Nam Cường and Hợp Minh became wards on 12 December 2013."""
    kinds = [row["kind_before_2013_12_12"] for row in UNITS.values()]
    assert (kinds.count("ward"), kinds.count("commune"), kinds.count("")) == (7, 10, 7)
    changed = {
        row["name"]
        for row in UNITS.values()
        if row["kind_before_2013_12_12"] not in (row["kind"], "")
    }
    assert changed == {"Nam Cường", "Hợp Minh"}
    assert {UNITS[row["from"]]["name"] for row in CHANGES if row["from"] == row["to"]} == changed


def test_merged_units_have_the_residents_and_the_area_of_their_parts():
    """Giới Phiên 1 818 + 1 535 = 3 353, Văn Phú 2 282 + 2 965 = 5 247, and so on."""
    assert residents("04543@2020") == 3353
    assert residents("04558@2020") == 5247
    later = {row["to"] for row in MOVES}
    assert len(later) == 7
    for unit in later:
        parts = [row["from"] for row in MOVES if row["to"] == unit]
        assert residents(unit) == residents(*parts), unit
        areas = sum(float(UNITS[part]["area_km2"]) for part in parts)
        assert float(UNITS[unit]["area_km2"]) == pytest.approx(areas), unit


def test_codes_are_five_digits_and_ids_hold_them():
    """Text with its leading zero; a code comes back for other units, so it is no identity."""
    for unit, row in UNITS.items():
        assert re.fullmatch(r"0\d{4}", row["code"])
        assert re.fullmatch(rf"{row['code']}@\d{{4}}", unit)
    reused = {"04264": {"Nguyễn Phúc", "Hồng Hà"}, "04279": {"Tân Thịnh", "Văn Phú"}}
    for code, names in reused.items():
        assert {row["name"] for row in UNITS.values() if row["code"] == code} == names


def test_only_the_wards_of_2025_hold_land_from_outside():
    """They stand here as far as they were the city."""
    partly = {row["name"] for row in UNITS.values() if row["whole"] == "false"}
    assert partly == {"Yên Bái", "Nam Cường", "Văn Phú", "Âu Lâu"}
    assert {row["whole"] for row in UNITS.values()} == {"true", "false"}


def test_changes_happen_on_the_days_on_which_units_end_and_begin():
    """A unit ends on the day before; where the day is not verified, both cells are blank."""
    for row in MOVES:
        before, after = UNITS[row["from"]], UNITS[row["to"]]
        assert row["to"].endswith(row["date"][:4])
        if row["date"] == row["date_latest"]:
            last = date.fromisoformat(row["date"]) - timedelta(days=1)
            assert (before["valid_to"], after["valid_from"]) == (str(last), row["date"])
        else:
            assert (row["date"], row["date_latest"]) == ("2024-10-01", "2024-12-31")
            assert (before["valid_to"], after["valid_from"]) == ("", "")
            assert after["name"] == "Hồng Hà"


def test_units_without_a_change_neither_begin_nor_end_within():
    """The 17 begin on 29 August 2008, the four wards have no last day."""
    came = {row["to"] for row in MOVES}
    assert {UNITS[unit]["valid_from"] for unit in UNITS if unit not in came} == {"2008-08-29"}
    left = {row["from"] for row in MOVES}
    assert {UNITS[unit]["valid_to"] for unit in UNITS if unit not in left} == {""}


def test_a_change_names_the_document_of_the_unit_that_it_makes():
    """Both tables cite the same papers."""
    for row in MOVES:
        assert row["document"] == UNITS[row["to"]]["document"]


# ---- published figures ----


def test_the_article_has_34_figures_each_looked_up_in_its_own_place():
    """No two speak of the same rows, column and period."""
    assert len(FIGURES) == len(rows("published_figures")) == 34
    columns = ("table", "column", "filter", "period")
    places = {tuple(row[column] for column in columns) for row in FIGURES.values()}
    assert len(places) == 34


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figures_filter_and_period_can_be_read_by_a_program(figure):
    """Filters are column=value; periods are years or one month; records' columns exist."""
    row = FIGURES[figure]
    parts = [part.split("=") for part in row["filter"].split(";") if part]
    assert all(re.fullmatch(r"[a-z_]+=[a-z_0-9]+", "=".join(part)) for part in parts)
    assert len({name for name, _ in parts}) == len(parts)
    assert row["period"] == ("2023-05" if row["table"] == "models" else "2013-to-2022")
    assert re.fullmatch(r"\d+(, \d+)*", row["paragraph"])
    if row["table"] == "records":
        assert row["column"] in MEASURES
        assert not parts
    else:
        assert row["column"] in ("count", "attendances")


def test_only_four_figures_are_bounds():
    """Gần 210.000, trên 600, trên 30.000 and trên 5.000; the other thirty are exact."""
    bounds = {
        figure: (row["qualifier"], int(row["value"]))
        for figure, row in FIGURES.items()
        if row["qualifier"] != "exact"
    }
    assert bounds == {
        "attendances": ("nearly", 210_000),
        "resolved_cases": ("over", 600),
        "youth_members": ("over", 30_000),
        "youth_leaflets": ("over", 5000),
    }


def test_the_exact_city_totals_are_those_of_the_article():
    """Báo Yên Bái, 24 May 2023, paragraph 6; 1 651 of 4 556 are 36.2 %."""
    assert [value(figure) for figure in ("sessions", "tips", "valuable_tips")] == [2368, 4556, 1651]
    assert round(100 * value("valuable_tips") / value("tips"), 1) == 36.2
    assert "36.2 %" in FIGURES["valuable_tips"]["note"]


def parts_of(figure: str) -> list[int]:
    """Give the figures that count a part of the same things as another."""
    whole = FIGURES[figure]
    same = [row for row in FIGURES.values() if row["part_of"] == figure]
    return [int(row["value"]) for row in same if row["column"] == whole["column"]]


@pytest.mark.parametrize(
    ("figure", "parts", "total"),
    [
        ("commended_collectives", [5, 4, 14, 22, 133], 178),
        ("commended_individuals", [1, 16, 25, 199], 241),
    ],
)
def test_commendations_add_up(figure, parts, total):
    """As the article's list of awards does."""
    assert sorted(parts_of(figure)) == sorted(parts)
    assert sum(parts) == value(figure) == total


@pytest.mark.parametrize(
    ("figure", "parts", "named", "total"),
    [("drives", [52, 13], 65, 75), ("models", [16, 15, 26, 2, 1, 5], 65, 96)],
)
def test_drives_and_models_do_not_add_up(figure, parts, named, total):
    """Ten drives and 31 models are not itemised: a fact about the article, not to be mended."""
    assert parts_of(figure) == parts
    assert (sum(parts), value(figure)) == (named, total)
    assert any(f"{named} of {total}" in row["note"] for row in FIGURES.values())


# ---- measures and words ----


def test_a_measure_is_made_of_counts_of_the_records():
    """And each count of the records is a measure under its own name."""
    counts = {
        field["name"]
        for field in RESOURCES["records"]["schema"]["fields"]
        if field["type"] == "integer" and field["name"] != "year"
    }
    core = {n for n, row in MEASURES.items() if row["kind"] == "count" and not row["further"]}
    assert core == counts
    counts |= {n for n, row in MEASURES.items() if row["kind"] == "count"}
    for name, row in MEASURES.items():
        assert row["numerator"] == name or row["kind"] != "count"
        assert {row["numerator"], row["denominator"]} <= counts | {""}


@pytest.mark.parametrize("measure", MEASURES)
def test_kind_denominator_and_interval_of_a_measure_agree(measure):
    """Attendances come in groups, so no interval of chance; a share is Wilson's, a ratio is not."""
    row = MEASURES[measure]
    known = {
        "count": ("poisson", "", "1"),
        "share": ("wilson", "slips" if row["further"] else "tips", "100"),
        "ratio": ("ratio", "tips", "100"),
    }
    interval, denominator, per = known[row["kind"]]
    # Weights, papers and registrations are no events of chance, nor is what stands at a day.
    none = row["interval"] == "none" and row["kind"] == "count" and row["further"]
    interval = "none" if measure == "attendances" or none else interval
    assert interval == "none" or row["further"] != "stock"
    assert (row["interval"], row["denominator"], row["per"]) == (interval, denominator, per)


def test_the_only_shares_are_those_of_what_is_valuable():
    """Cases are no part of tips: they may pass them."""
    kinds = {name: row["kind"] for name, row in MEASURES.items() if row["kind"] != "count"}
    assert kinds == {
        "valuable_share": "share",
        "cases_per_100_tips": "ratio",
        "valuable_slip_share": "share",
    }


@pytest.mark.parametrize("column", ["label_en", "label_vi", "definition_en", "definition_vi"])
def test_no_two_measures_share_a_label(column):
    """A chart would be mislabelled."""
    assert len({row[column] for row in MEASURES.values()}) == len(MEASURES)


def blanks(text: str) -> list[str]:
    """Give the names of the blanks that a program fills in."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("key", WORDS)
def test_a_string_has_the_same_blanks_in_both_languages(key):
    """Neither empty; a blank of one language alone would be lost or stop the program."""
    row = WORDS[key]
    assert row["vi"]
    assert row["en"]
    assert blanks(row["vi"]) == blanks(row["en"])


def test_every_problem_says_what_to_do():
    """Two sentences for each kind of problem, never one."""
    kinds = {key.removeprefix("problem.") for key in WORDS if key.startswith("problem.")}
    assert kinds == {key.removeprefix("todo.") for key in WORDS if key.startswith("todo.")}


def test_words_that_police_would_misread_are_not_used():
    """Not enough evidence (for a charge), and illustrative figures that may be read as real."""
    texts = [
        text
        for table in ("measures", "words", "synonyms")
        for row in rows(table)
        for text in row.values()
    ]
    for wrong in ("không đủ bằng chứng", "số liệu minh họa"):
        assert not [text for text in texts if wrong in text.casefold()]
    assert WORDS["inconclusive"]["vi"] == "Chưa đủ cơ sở kết luận tăng hay giảm"
    assert WORDS["illustrative"]["vi"] == "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"


# ---- README.md ----


def markdown_table(heading: str) -> list[list[str]]:
    """Give the cells of the first table below a heading, without its header."""
    section = re.split(r"^#+ ", README.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    lines = re.search(r"(?:^\|.*\n)+", section, flags=re.MULTILINE)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("table", TABLES)
def test_the_readme_lists_the_columns_of_the_data_package(table):
    """Name, meaning and unit of each, in order."""
    fields = RESOURCES[table]["schema"]["fields"]
    assert markdown_table(f"`{table}`") == [
        [f"`{field['name']}`", field["description"], field.get("unit", "")] for field in fields
    ]


def test_the_readme_lists_the_headers_that_are_taken():
    """Who prepares a file copies them from there; each means its column and no other."""
    listed = markdown_table("A file of your own")
    assert [[name.strip("`"), english, vietnamese] for name, english, vietnamese, _ in listed] == [
        field_headers(field) for field in RESOURCES["records"]["schema"]["fields"]
    ]
    for name, *_, others in listed:
        for header in others.split("; ") if others else []:
            assert {name.strip("`")} == {m for m, h in SYNONYMS if h == header}, header


# ---- synonyms ----


def test_every_header_of_a_column_is_among_the_synonyms_and_means_it_alone():
    """Its name in the code, in English and in Vietnamese."""
    for field in RESOURCES["records"]["schema"]["fields"]:
        for header in field_headers(field):
            plain = header.replace("_", " ").casefold()
            found = {m for m, h in SYNONYMS if h.replace("_", " ").casefold() == plain}
            assert found == {field["name"]}, header


def test_the_headers_that_were_always_taken_still_are():
    """Files that were made by the list of the first version load as before."""
    of_old = {
        "commune": ["Đơn vị", "Tên xã, phường"],
        "period_start": ["Ngày đầu kỳ"],
        "period_end": ["Ngày cuối kỳ"],
        "year": ["Năm"],
        "sessions": ["Buổi tuyên truyền PBGDPL"],
        "attendances": ["Lượt người"],
        "tips": ["Nguồn tin tiếp nhận", "Số nguồn tin", "Tips received"],
        "valuable_tips": ["Tin có giá trị"],
        "resolved_cases": ["Vụ việc được giải quyết", "Cases that tips helped resolve"],
    }
    for name, headers in of_old.items():
        for header in headers:
            assert {m for m, h in SYNONYMS if h == header} == {name}, header


def test_words_with_two_meanings_are_asked_about_and_not_taken_for_two_labels():
    """Two counts, or a count and something else, can be asked about; a label must be one thing."""
    meanings = {}
    for row in rows("synonyms"):
        if row["match"] == "whole":
            meanings.setdefault(row["words"].casefold(), set()).add(row["meaning"])
    several = [found for found in meanings.values() if len(found) > 1]
    counts = {name for name, row in MEASURES.items() if row["kind"] == "count"}
    assert several
    for found in several:
        assert found <= counts | {"other"} or found == {"neutral", "total"}, found


def test_every_comparison_is_known_wherever_it_stands():
    """A whole header alone would miss "Nguồn tin cùng kỳ", which doubles everything."""
    matches = {(row["meaning"], row["match"]) for row in rows("synonyms")}
    assert {"part"} == {m for meaning, m in matches if meaning in ("comparison", "to_date")}


def test_the_readme_tells_the_totals_of_the_sample():
    """The last column of its table is what the file adds up to."""
    names = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
    sums = [sum(int(row[name] or 0) for row in rows("records")) for name in names]
    told = [
        row[2].partition(",")[0].replace(" ", "")
        for row in markdown_table("How the sample is made")
    ]
    assert told == [str(total) for total in sums]


@pytest.mark.parametrize(
    ("table", "phrase", "count"),
    [
        ("communes", "29 August 2008, 24 in all", 24),
        ("boundary_changes", "which unit went whole into which, 22 rows", 22),
        ("measures", "what can be counted and drawn, 24 measures", 24),
        ("published_figures", "all 34 figures of the article", 34),
        ("records", "the illustrative sample, 1 970 rows", 1970),
    ],
)
def test_the_readme_counts_the_rows(table, phrase, count):
    """A number in prose goes out of date unseen."""
    assert phrase in README
    assert len(rows(table)) == count
