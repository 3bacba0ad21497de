"""The command line: a briefing written, or one line on why not."""

import shutil

import pytest

from antq_helpers.__main__ import main
from antq_helpers.dictionary import DATA, counts
from antq_helpers.reading.load import DataNote


def run(folder, *told):
    """Ask for a briefing in a folder."""
    main(["briefing", "--folder", str(folder), *told])


def test_a_briefing_is_written_by_one_command(tmp_path, capsys, monkeypatch):
    """`make briefing PERIOD=2022 AUDIENCE=internal` calls this."""
    asked = {}
    monkeypatch.setattr(
        "antq_helpers.briefing.pack.write_briefing",
        lambda records, folder, **told: asked.update(told, rows=len(records)),
    )
    run(tmp_path / "a", "--period", "2022", "--audience", "internal")
    assert (asked["period"], asked["audience"], asked["language"]) == ("2022", "internal", "vi")
    assert asked["rows"] == 1970
    assert capsys.readouterr().out.strip() == str(tmp_path / "a")


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_tables_of_the_movement_beside_the_records_are_handed_on(
    tmp_path, capsys, monkeypatch, audience
):
    """To the internal briefing; the public one says that it leaves them out."""
    (tmp_path / "tin.csv").write_text("commune,year,tips\nTuy Lộc,2022,30\n", encoding="utf-8")
    rows = "Xã phường,Mô hình,Từ ngày,Số lượng\nTuy Lộc,Camera,2015,2\n"
    (tmp_path / "mo_hinh.csv").write_text(rows, encoding="utf-8")
    asked = {}
    monkeypatch.setattr(
        "antq_helpers.briefing.pack.write_briefing",
        lambda records, folder, **told: asked.update(told, rows=len(records)),
    )
    files = [str(tmp_path / name) for name in ("tin.csv", "mo_hinh.csv")]
    with pytest.warns(DataNote):
        run(tmp_path / "a", "--period", "2022", "--audience", audience, "--records", *files)
    assert asked["rows"] == 1
    assert list(asked["tables"]) == (["models"] if audience == "internal" else [])
    assert ("mô hình" in capsys.readouterr().err) is (audience == "public")
    with pytest.raises(SystemExit, match="không có báo cáo nguồn tin"):
        run(tmp_path / "b", "--period", "2022", "--audience", audience, "--records", files[1])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--period", "2031", "--audience", "internal"], "no report of these records ends in it"),
        (["--period", "22", "--audience", "internal"], "can not be read"),
        (["--period", "2022", "--audience", "internal", "--records", "none.xlsx"], "none.xlsx"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(tmp_path, told, said):
    """No traceback before staff."""
    with pytest.raises(SystemExit, match=said):
        run(tmp_path / "a", *told)
    assert not (tmp_path / "a").exists()


def test_the_audience_must_be_said(tmp_path, capsys):
    """It is never assumed."""
    with pytest.raises(SystemExit):
        run(tmp_path / "a", "--period", "2022")
    assert "--audience" in capsys.readouterr().err


def test_an_installed_package_is_not_written_into(tmp_path, monkeypatch, capsys):
    """What to do is said; a copy of the folder, named by --place, is written instead."""
    monkeypatch.setattr("antq_helpers.__main__.INSTALLED", True)
    with pytest.raises(SystemExit, match="Work from a clone, or copy that folder and say --place"):
        main(["seal"])
    with pytest.raises(SystemExit, match=r"holds no datapackage\.json\. Say --place with a copy"):
        main(["seal", "--place", str(tmp_path)])
    copy = shutil.copytree(DATA, tmp_path / "data")
    (copy / "sample" / "drives.csv").write_text("old")
    main(["seal", "--place", str(copy)])
    assert "drives checksum changed" in capsys.readouterr().out


ASKED = ["--period", "2019", "--audience", "internal"]
REPORTS = ",".join(["commune", "period_start", "period_end", *counts()]) + "\n"
REPORTS += "".join(
    f"{name},{year}-01-01,{year}-12-31,4,80,{tips},9,2\n"
    for year in (2018, 2019)
    for name, tips in (("Đông", 30), ("Tây", 20), ("Nam", year - 1990))
)


@pytest.mark.slow
def test_another_place_is_briefed_from_its_folder(tmp_path, elsewhere):
    """`make briefing PLACE=folder RECORDS=files`: its units, and none of ours."""
    (tmp_path / "reports.csv").write_text(REPORTS, encoding="utf-8")
    place = ["--place", str(elsewhere.parent)]
    run(tmp_path / "a", *ASKED, *place, "--records", str(tmp_path / "reports.csv"))
    assert {path.stem for path in (tmp_path / "a").rglob("*.png")} >= {"dong", "tay", "nam"}


@pytest.mark.parametrize(
    ("place", "said"),
    [("empty", r"empty holds no communes\.csv\. Copy"), (".", "give --records of that place")],
)
def test_a_place_without_its_tables_is_said_in_a_line(place, said, tmp_path, elsewhere):
    """The sample is never taken for its reports."""
    with pytest.raises(SystemExit, match=said):
        run(
            tmp_path, "--period", "2019", "--audience", "internal", "--place", str(tmp_path / place)
        )
