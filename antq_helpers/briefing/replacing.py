"""A folder and what writes it in; the folder as it was or all new, never half, out."""

from __future__ import annotations

import glob
import os
import platform
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from antq_helpers.dictionary import word
from antq_helpers.drawing.stamp import read_stamp

OURS = "antq-briefing.json"  # tells a folder of ours, and which files in it are
_ASIDE, _EARLIER = ".part", ".earlier"
_LEFT = 3600  # seconds after which what another machine writes is taken for left behind
_JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}  # no file of anybody's


def settle_folder(folder: Path, *, overwrite: bool, language: str) -> None:
    """Make good what a stopped writer left, and refuse a folder that may not be replaced.

    Raises
    ------
    FileExistsError
        Where it holds a briefing and ``overwrite`` is not said, or files that are not ours.
    OSError
        Where it can not be looked into.
    """
    try:
        _settle(folder)
        _refuse_others(folder, overwrite=overwrite, language=language)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        raise _not_written(folder, error, language) from None


def put_folder(
    folder: Path,
    write: Callable[[Path], None],
    stamp: str,
    *,
    overwrite: bool,
    language: str,
) -> None:
    """Write aside and move into place.

    Two moves, because one of a folder over another does not exist everywhere: a writer that is
    stopped between them is made good by the next.

    Raises
    ------
    FileExistsError
        As :func:`settle_folder`, where somebody put files there meanwhile.
    OSError
        Where it can not be written; what was there is then whole.
    """
    me = f"{_machine()}.{os.getpid()}"
    aside, earlier = (folder.with_name(f".{folder.name}.{me}{end}") for end in (_ASIDE, _EARLIER))
    moved = False
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        write(aside)
        files = sorted(_files_in(aside))
        (aside / OURS).write_text("\n".join([stamp, *files, ""]), encoding="utf-8")
        _refuse_others(folder, overwrite=overwrite, language=language)
        if _files_in(aside) != {*files, OURS}:
            raise OSError(None, "files were taken away while they were written")
        if folder.exists():
            os.replace(folder, earlier)
            moved = True
        os.replace(aside, folder)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        _settle(folder)
        raise _not_written(folder, error, language) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if moved and folder.exists():
            shutil.rmtree(earlier, ignore_errors=True)


def _machine() -> str:
    return re.sub("[^A-Za-z0-9-]", "-", platform.node())


def _not_written(folder: Path, error: Exception, language: str) -> OSError:
    reason = getattr(error, "strerror", None) or error
    number = getattr(error, "errno", None)
    return OSError(number, word("pack_not_written", language, folder=folder.name, reason=reason))


def _refuse_others(folder: Path, *, overwrite: bool, language: str) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    ours = _ours_in(folder)
    if ours is None:
        raise FileExistsError(word("folder_not_ours", language, folder=folder.name))
    others = sorted(_files_in(folder) - ours - {OURS})
    if others:
        told = {"folder": folder.name, "names": ", ".join(others[:3])}
        raise FileExistsError(word("folder_has_others", language, **told))
    if not overwrite:
        raise FileExistsError(word("file_exists_folder", language, folder=folder.name))


def _files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.name not in _JUNK
    }


def _ours_in(folder: Path) -> set[str] | None:
    """Give the files that a briefing of ours was written with; None where it is none."""
    try:
        stamp, *files = (folder / OURS).read_text(encoding="utf-8").splitlines()
        read_stamp(stamp)
    except (OSError, ValueError):
        return None
    return set(files)


def _settle(folder: Path) -> None:
    """Bring an earlier briefing back where a writer was stopped between its two moves."""
    if not folder.parent.is_dir():
        return
    ours = f".{glob.escape(folder.name)}.*.[0-9]*"
    for earlier in folder.parent.glob(ours + _EARLIER):
        if _ours_in(earlier) is None or _is_written(earlier):
            continue
        if folder.exists():
            shutil.rmtree(earlier, ignore_errors=True)
        else:
            os.replace(earlier, folder)
    # What a stopped writer left aside is of no use to anybody.
    for left in folder.parent.glob(ours + _ASIDE):
        if not _is_written(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_written(aside: Path) -> bool:
    """Say whether the program that writes there may be running, here or on another machine."""
    *_, machine, process, _ = aside.name.split(".")
    if machine != _machine() or not process.isdigit() or os.name == "nt":
        return time.time() - aside.stat().st_mtime < _LEFT
    if int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
