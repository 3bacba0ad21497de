"""What corrected records change in a briefing: exactly what depends on them."""

import shutil

import pytest

import antq_helpers as antq
from antq_helpers.__main__ import main
from antq_helpers.reviewing.correcting import correct

CHANGED = (
    ("Tuy Lộc", "2022-03-01", "tips", 2),
    ("Âu Lâu", "2021-05-01", "sessions", 1),
    ("Văn Phú", "2022-07-01", "attendances", 7),
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The sample's briefing of 2022, as an appendix."""
    return antq.write_briefing(
        antq.load_records(), tmp_path_factory.mktemp("x") / "pack", period="2022",
        audience="internal", formats=["docx"], progress=lambda *_: None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def corrected():
    """The sample with three cells changed."""
    records = antq.load_records()
    for commune, start, field, more in CHANGED:
        (row,) = records.index[(records["commune"] == commune) & (records["period_start"] == start)]
        records.loc[row, field] += more
    return records


def test_three_changed_cells_change_exactly_what_depends_on_them(pack, corrected):
    """By hand: the three counts, the two rates over tips, of the communes and of the city."""
    before = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    found = correct(pack, corrected)
    assert {p: p.read_bytes() for p in pack.rglob("*") if p.is_file()} == before
    pages = found.numbers["where"].str.split(". ", regex=False).str[-1]
    named = set(zip(pages, found.numbers["what"].str.split(" · ").str[0], strict=True))
    tips = ("Nguồn tin tiếp nhận", "Tỷ lệ nguồn tin có giá trị", "Số vụ trên 100 nguồn tin")
    city = (*tips, "Buổi tuyên truyền PBGDPL", "Lượt người dự")
    compared = {("So sánh các xã, phường", name) for name in ("Tuy Lộc", "Toàn thành phố")}
    assert named == compared | {("Toàn thành phố", name) for name in city} | {
        *(("Xã Tuy Lộc", name) for name in tips),
        ("Xã Âu Lâu", "Buổi tuyên truyền PBGDPL"),
        ("Xã Văn Phú", "Lượt người dự"),
    }
    pairs = set(found.numbers[["old", "new"]].itertuples(index=False, name=None))
    assert {("23", "25"), ("534", "536"), ("264°", "265°"), ("17", "18")} <= pairs
    assert {("1.085", "1.092"), ("18.537", "18.544"), ("−10", "−8")} <= pairs
    told = {where.split(". ")[-1] for where in found.sentences["where"]}
    assert told == {"Toàn thành phố", "Xã Tuy Lộc", "Xã Âu Lâu", "Xã Văn Phú"}
    assert all(found.sentences["old"] != found.sentences["new"])
    assert "tiếp nhận 534 nguồn tin" in " ".join(found.sentences["old"])
    assert "tiếp nhận 536 nguồn tin" in " ".join(found.sentences["new"])


def test_the_draft_names_each_number_and_sentence(pack, corrected):
    """In Vietnamese, with what it rests on."""
    draft = correct(pack, corrected).draft
    assert draft.startswith("ĐÍNH CHÍNH (dự thảo)")
    assert "Xã Tuy Lộc, Nguồn tin tiếp nhận · tin · 2022: đã in 23, nay là 25." in draft
    assert "xã Tuy Lộc tiếp nhận 23 nguồn tin" in draft.replace("Nay đọc là", "\n")
    assert draft.splitlines()[-1].startswith("Căn cứ: antq_helpers")


def test_the_same_records_change_nothing(pack, tmp_path, capsys):
    """From Python and from the command line."""
    found = correct(pack, antq.load_records())
    assert found.numbers.empty
    assert found.sentences.empty
    assert found.draft == ""
    antq.load_records().to_csv(tmp_path / "all.csv", index=False)
    main(["correct", str(pack), "--records", str(tmp_path / "all.csv")])
    assert "Không có số liệu hay câu nào thay đổi." in capsys.readouterr().out


def test_what_is_no_briefing_or_of_another_place_is_refused(pack, tmp_path, elsewhere):
    """An empty folder, and records of three other communes."""
    rows = tmp_path / "other.csv"
    rows.write_text("commune,period_start,period_end,tips\nNam,2022-01-01,2022-12-31,5\n")
    other = antq.check_file(rows, communes=elsewhere).records
    with pytest.raises(ValueError, match="không phải là bộ tài liệu"):
        correct(tmp_path, other)
    with pytest.raises(ValueError, match="không có phần nào chung"):
        correct(pack, other)
    damaged = tmp_path / "damaged"
    shutil.copytree(pack, damaged)
    next(damaged.glob("*.docx")).write_bytes(b"PK damaged")
    with pytest.raises(ValueError, match="stamp"):
        correct(damaged, antq.load_records())
