"""A folder that is replaced: the earlier or the new one, and no file of anybody else's lost."""

import os

import pytest

from antq_helpers import View, load_records
from antq_helpers.briefing.pack import LISTING, put_folder, settle_folder
from antq_helpers.drawing.figure import stamp_of

STAMP = stamp_of(load_records(), View()).text()


def put(folder, text="new", overwrite=False, meanwhile=None):
    """Write a briefing of one file; ``meanwhile`` is done while it is written."""

    def write(aside):
        (aside / "a.txt").write_text(text)
        if meanwhile:
            meanwhile(aside)

    put_folder(folder, write, STAMP, overwrite=overwrite, language="vi")


def told(folder):
    """Give what the files of a folder say, but for the one that tells that it is ours."""
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != LISTING}


def test_what_others_keep_in_a_briefing_is_never_deleted(tmp_path):
    """A speech beside the slides: refused by name, even where overwriting is allowed."""
    folder = tmp_path / "a"
    put(folder)
    (folder / "bai-phat-bieu.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"có tệp khác: bai-phat-bieu\.txt\. Chưa ghi gì"):
        settle_folder(folder, overwrite=True, language="vi")
    with pytest.raises(FileExistsError, match="bai-phat-bieu"):
        put(folder, "newer", overwrite=True)
    assert told(folder) == {"a.txt": "new", "bai-phat-bieu.txt": "mine"}
    (folder / "bai-phat-bieu.txt").unlink()
    (folder / "Thumbs.db").write_text("of the system")
    put(folder, "newer", overwrite=True)
    assert told(folder) == {"a.txt": "newer"}


def test_a_file_of_our_name_makes_no_briefing(tmp_path):
    """What it says is read."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / LISTING).write_text("{}")
    with pytest.raises(FileExistsError, match="không phải tài liệu của chương trình"):
        put(tmp_path / "a", overwrite=True)


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_comes_into_the_folder_meanwhile_is_kept(tmp_path, overwrite):
    """Notes, while the pack was written."""
    folder = tmp_path / "a"

    def leave_notes(aside):
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        put(folder, overwrite=overwrite, meanwhile=leave_notes)
    assert told(folder) == {"notes.txt": "mine"}
    assert os.listdir(tmp_path) == ["a"]


def test_another_writers_pack_is_not_replaced_unless_told(tmp_path):
    """The second to begin may be the first to end."""
    folder = tmp_path / "a"
    with pytest.raises(FileExistsError, match="đã có tài liệu"):
        put(folder, "slow", meanwhile=lambda aside: put(folder.with_name("b"), "quick") or (
            os.replace(folder.with_name("b"), folder)))  # fmt: skip
    assert told(folder) == {"a.txt": "quick"}


def test_a_half_of_a_pack_is_not_moved_into_place(tmp_path, monkeypatch):
    """Something took a file away after it was written."""
    folder = tmp_path / "a"
    put(folder, "old")
    seen = []

    def refuse(where, **how):
        seen.append(where)
        for path in tmp_path.glob(".a.*/a.txt"):
            path.unlink()

    monkeypatch.setattr("antq_helpers.briefing.pack._refuse_others", refuse)
    with pytest.raises(OSError, match="Không ghi được vào a"):
        put(folder, "new", overwrite=True)
    assert seen
    assert told(folder) == {"a.txt": "old"}


def test_a_writer_stopped_between_its_two_moves_is_made_good(tmp_path):
    """The earlier briefing comes back; what was written aside is deleted."""
    folder = tmp_path / "a"
    put(folder)
    os.replace(folder, tmp_path / ".a.0123abcd.earlier")
    (tmp_path / ".a.0123abcd.part").mkdir()
    os.utime(tmp_path / ".a.0123abcd.part", (0, 0))
    settle_folder(folder, overwrite=True, language="vi")
    assert told(folder) == {"a.txt": "new"}
    assert os.listdir(tmp_path) == ["a"]


def test_an_earlier_briefing_that_was_replaced_is_deleted(tmp_path):
    """Its writer was stopped after the second move."""
    folder = tmp_path / "a"
    put(folder, "old")
    os.replace(folder, tmp_path / ".a.0123abcd.earlier")
    put(folder)
    assert told(folder) == {"a.txt": "new"}
    assert os.listdir(tmp_path) == ["a"]


def test_what_another_program_writes_is_left_alone_for_a_day(tmp_path):
    """It may run on another machine, and not be seen from here."""
    other = tmp_path / ".a.89abcdef.part"
    other.mkdir()
    settle_folder(tmp_path / "a", overwrite=True, language="vi")
    assert other.is_dir()
    os.utime(other, (0, 0))
    settle_folder(tmp_path / "a", overwrite=True, language="vi")
    assert not other.exists()


@pytest.mark.parametrize(
    ("folder", "other"),
    [("*", ".holiday.0123abcd.part"), ("acme", ".acme.0123abcd.earlier")],
)
def test_folders_of_others_are_neither_deleted_nor_moved(tmp_path, folder, other):
    """A name that would match them; one that could be an earlier briefing and is none."""
    (tmp_path / other).mkdir()
    (tmp_path / other / "photo.txt").write_text("mine")
    settle_folder(tmp_path / folder, overwrite=True, language="vi")
    put(tmp_path / folder)
    assert told(tmp_path / other) == {"photo.txt": "mine"}


@pytest.mark.parametrize("name", ["n" * 300, "a\0b"])
def test_a_name_that_no_system_takes_is_said(tmp_path, name):
    """In the words of this program."""
    with pytest.raises(OSError, match="Không ghi được vào"):
        put(tmp_path / name)
