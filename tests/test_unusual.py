"""Counts that can hardly be right are asked about, and kept where somebody says that they are."""

import numpy as np
import pandas as pd
import pytest

from antq_helpers import check_file, explore_briefing, load_records, load_tables
from antq_helpers.__main__ import main
from antq_helpers.dictionary import core_counts
from antq_helpers.reading.load import DataNote, check_files
from tests.quick import SAMPLE, quick_of
from tests.test_briefing_page import drop

TIPS, ATTENDANCES = "a.csv!D6=1212", "a.csv!F9=1000000"


def reports(**changed: int) -> pd.DataFrame:
    """Make twelve months of one unit, with cells changed by month, such as tips_5=1212."""
    rows = pd.DataFrame(
        {
            "commune": "Tuy Lộc",
            "period_start": [f"2021-{month:02}-01" for month in range(1, 13)],
            "period_end": [f"2021-{month:02}-28" for month in range(1, 13)],
            "tips": 12,
            "sessions": 3,
            "attendances": 200,
        }
    )
    for name, count in changed.items():
        field, month = name.split("_")
        rows.loc[int(month) - 1, field] = count
    return rows


@pytest.fixture
def path(tmp_path):
    """A file in which a key was hit twice, and one slipped."""
    reports(tips_5=1212, attendances_8=1_000_000).to_csv(tmp_path / "a.csv", index=False)
    return tmp_path / "a.csv"


def test_such_counts_are_asked_about_with_both_answers(path):
    """Where it stands, what is usual, how to correct it, and how to say that it is right."""
    check = check_file(path, language="vi")
    assert [(p.kind, p.cell) for p in check.problems] == [
        ("unusual_count", "D6"), ("unusual_attendances", "F9"),
    ]  # fmt: skip
    first, second = (problem.text("vi") for problem in check.problems)
    assert "gấp hơn 8 lần bình quân các kỳ khác của chính đơn vị này (khoảng 12)" in first
    assert "hơn 1.000 lượt người mỗi buổi (3 buổi)" in second
    assert "sửa lại rồi gửi tệp" in first
    assert f'--accept "{TIPS}"' in first
    assert check.questions == (TIPS, ATTENDANCES)
    assert len(check.records) == 10
    assert check.waiting == ("Tuy Lộc",)


def test_what_is_accepted_is_counted_and_stays_in_the_account(path):
    """Beside the cell it says who took it."""
    check = check_file(path, accept=(TIPS, ATTENDANCES))
    assert not check.problems
    assert check.records["tips"].max() == 1212
    cells = check.cells.set_index("cell").loc[["D6", "F9"]]
    assert (cells["fate"] == "kept").all()
    assert cells["reason"].str.contains("the user said is right").all()
    assert [note.cell for note in check.skipped if note.kind == "accepted"] == ["D6", "F9"]


@pytest.mark.parametrize("accept", [(), (TIPS,), ("a.csv!D6=1213", ATTENDANCES), ("D6", "F9")])
def test_only_the_cell_and_value_that_were_named_are_accepted(path, accept):
    """A number that has changed since asks again."""
    asked = check_file(path, accept=accept).questions
    assert asked == tuple(key for key in (TIPS, ATTENDANCES) if key not in accept)


def test_every_reader_takes_the_answer(path, tmp_path, monkeypatch):
    """Python, and the command line."""
    accept = (TIPS, ATTENDANCES)
    assert not check_files(path, accept=accept)["records"].problems
    with pytest.warns(DataNote):
        assert len(load_records(path, accept=accept)) == 12
    with pytest.warns(DataNote):
        assert len(load_tables(path, accept=accept)["records"]) == 12
    asked = {}
    monkeypatch.setattr(
        "antq_helpers.briefing.pack.write_briefing",
        lambda records, folder, **told: asked.update(rows=len(records)),
    )
    told = ["briefing", "--period", "2021", "--audience", "internal", "--folder", str(tmp_path)]
    told += ["--records", str(path)]
    with pytest.raises(SystemExit, match=r'--accept "a\.csv!D6=1212"'):
        main(told)
    with pytest.warns(DataNote):
        main([*told, "--accept", *accept])
    assert asked == {"rows": 12}


def test_on_the_page_a_button_keeps_what_is_listed_and_nothing_else(path):
    """A further file with another such count asks again."""
    form = explore_briefing().form
    drop(form, (path.name, path.read_bytes()))
    assert form._accept.layout.display == ""
    assert "Giữ nguyên 2 số cần xác nhận" in form._accept.description
    form._accept.click()
    assert not form.check.problems
    assert form._accept.layout.display == "none"
    assert form.records["tips"].max() == 1212
    form = form.in_language("en")
    assert not form.check.problems
    other = reports(tips_5=1212, tips_7=900, attendances_8=1_000_000)
    drop(form, (path.name, other.to_csv(index=False).encode()))
    assert form.check.questions == ("a.csv!D8=900",)


@pytest.mark.parametrize(
    "changed",
    [
        {"tips_5": 60}, {"tips_5": 0}, {"attendances_5": 2_500}, {"sessions_5": 20},
        {"tips_5": 116},  # 8 × 12 + 20
    ],
)  # fmt: skip
def test_what_may_well_happen_is_not_asked_about(tmp_path, changed):
    """Five times the usual, none, a rally."""
    reports(**changed).to_csv(tmp_path / "a.csv", index=False)
    assert not check_file(tmp_path / "a.csv").questions


def test_few_reports_tell_nothing_of_what_is_usual(tmp_path):
    """Five others are needed."""
    for rows, asked in ((5, 0), (7, 1)):
        reports(tips_5=1212).head(rows).to_csv(tmp_path / "a.csv", index=False)
        assert len(check_file(tmp_path / "a.csv").questions) == asked


def test_the_sample_asks_nothing():
    """Of its 9,850 counts none."""
    assert len(SAMPLE) * len(core_counts()) == 9850
    assert load_records() is not None


@pytest.mark.parametrize("seed", quick_of(range(20), 2))
def test_honest_records_are_seldom_asked_about(tmp_path, seed):
    """Counts that vary four times as much as by chance, with drives of three times the usual.

    At most two questions in the ten years of a city; nearly all of the attendances that were typed
    twice are found.
    """
    rng = np.random.default_rng(seed)
    table = SAMPLE[["commune", "period_start", "period_end"]].copy()
    usual = SAMPLE.groupby("commune")[list(core_counts())].transform("mean").astype(float)
    drive = rng.choice([1, 3], len(table), p=[0.95, 0.05])
    for name in ("tips", "sessions"):
        mean = usual[name] * drive
        table[name] = rng.negative_binomial(mean / 3, 0.25)  # variance 4 × mean
    table["valuable_tips"] = rng.binomial(table["tips"], 0.36)
    table["resolved_cases"] = rng.negative_binomial(usual["resolved_cases"] * drive / 3, 0.25)
    heard = [rng.lognormal(4.3, 0.6, count).sum() for count in table["sessions"]]
    table["attendances"] = np.round(heard).astype(int)
    table.to_csv(tmp_path / "a.csv", index=False)
    assert len(check_file(tmp_path / "a.csv").questions) <= 2
    wrong = table.copy()
    rows = np.flatnonzero(table["attendances"] > 100)[::97]
    wrong.loc[table.index[rows], "attendances"] *= 101  # 120 became 120120
    wrong.to_csv(tmp_path / "a.csv", index=False)
    assert len(check_file(tmp_path / "a.csv").questions) >= 0.9 * len(rows)
