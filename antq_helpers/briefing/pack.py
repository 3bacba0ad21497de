"""Write all files of a briefing, and draw its pictures again from their stamps."""

from __future__ import annotations

import glob
import html
import io
import os
import platform
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from antq_helpers.archives import custom_property
from antq_helpers.briefing.excel import write_figures
from antq_helpers.briefing.pages import Briefing, Page, compose
from antq_helpers.briefing.powerpoint import write_slides
from antq_helpers.briefing.word import write_appendix
from antq_helpers.dictionary import LANGUAGES, check_choice, word
from antq_helpers.drawing.canvas import Picture
from antq_helpers.drawing.figure import (
    FILES,
    KEY,
    MOST,
    Stamp,
    draw,
    draw_numbers,
    module_of,
    read_stamp,
    stamp_of,
    tabulate,
    write_picture,
)
from antq_helpers.drawing.series import numbers_in
from antq_helpers.drawing.view import KINDS, View
from antq_helpers.measuring.disclosure import audit
from antq_helpers.measuring.lookback import AUDIENCES, Window, window_on
from antq_helpers.measuring.periods import AGAINST
from antq_helpers.reading.load import DataNote, load_records, load_table

OURS = "antq-briefing.json"  # marks a folder as ours, and lists our files in it
_ASIDE, _EARLIER = ".part", ".earlier"
_LEFT = 3600  # seconds after which unfinished files of another machine count as abandoned
_JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}  # written by the system, not by users


def settle_folder(folder: Path, *, overwrite: bool, language: str) -> None:
    """Repair what an interrupted writer left; refuse a folder not to be replaced.

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
    """Write a folder under a temporary name, and move it into place.

    It takes two moves, because not every system can replace a folder in one: if a writer is
    interrupted between them, the next one restores the earlier folder.

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
    """Return the files that a briefing of ours was written with; None if it is not ours."""
    try:
        stamp, *files = (folder / OURS).read_text(encoding="utf-8").splitlines()
        read_stamp(stamp)
    except (OSError, ValueError):
        return None
    return set(files)


def _settle(folder: Path) -> None:
    """Restore an earlier briefing if its writer was interrupted between the two moves."""
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
    # Unfinished files of an interrupted writer are of no use.
    for left in folder.parent.glob(ours + _ASIDE):
        if not _is_written(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_written(aside: Path) -> bool:
    """Check whether the program that writes there may still run, here or on another machine."""
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


FORMATS = ("pptx", "docx", "xlsx", *FILES)


def write_briefing(
    records: pd.DataFrame,
    folder: str | Path,
    *,
    period: str,
    audience: str,
    communes: Iterable[str] | None = None,
    measures: Sequence[str] | None = None,
    against: str = AGAINST[0],
    remarks: Sequence[str] = (),
    views: Sequence[View] = (),
    language: str = "vi",
    formats: Sequence[str] = FORMATS,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write a briefing of a place and its units: slides, appendix, workbook and pictures.

    Parameters
    ----------
    folder
        A new or empty one, or that of an earlier briefing with ``overwrite``.
    period
        ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, or ``2022-to-09`` for the year to date.
    audience
        ``"internal"``, marked so on every page, or ``"public"``, with small counts protected.
    communes
        Names; by default all that reported.
    measures
        Of the dictionary; all by default.
    against
        What sentences and slides compare the period with: ``"same_period_last_year"`` or
        ``"previous_period"``. Tables have both.
    remarks
        Sentences of your own that stand before the notes.
    views
        Further pictures of the records, of any kind, for the appendix and the folder of pictures
        of an internal briefing: ``[View(kind="funnel")]``.
    progress
        Called with the numbers of pictures drawn and of all; by default a bar shows them.
    formats
        Some of ``pptx``, ``docx``, ``xlsx``, ``png``, ``svg`` and ``pdf``.

    Returns
    -------
    Path
        The folder. The same input gives the same bytes.

    Raises
    ------
    ValueError
        For a period, audience, unit, measure or format that is not known.
    FileExistsError
        Where the folder holds a briefing and ``overwrite`` is not said, or files that are not ours.
    OSError
        Where it can not be written; an earlier briefing is then whole.
    """
    for name in formats:
        check_choice("format", name, FORMATS)
    check_choice("audience", audience, AUDIENCES)
    check_choice("against", against, AGAINST)
    check_choice("language", language, LANGUAGES)
    folder = Path(folder).absolute()
    if folder.is_symlink():
        folder = folder.resolve()
    settle_folder(folder, overwrite=overwrite, language=language)
    window = window_on(records, period, audience)
    if window.release is not None and not audit(window.release)["safe"].all():
        raise RuntimeError(
            "The audit found a hidden count that can be guessed: nothing was written."
        )
    names = None if communes is None else tuple(communes)
    told = None if measures is None else tuple(measures)
    briefing = compose(
        window,
        communes=names,
        measures_told=told,
        against=against,
        remarks=tuple(remarks),
        language=language,
    )
    view = View(
        briefing.pages[0].view.measures, names, language=language, audience=audience, period=period
    )
    stamp = stamp_of(records, view, window)

    further = [_draw_further(records, view, audience, language) for view in views]

    def write(aside: Path) -> None:
        _write_all(aside, briefing, stamp, further, tuple(formats), progress)

    put_folder(folder, write, stamp.text(), overwrite=overwrite, language=language)
    return folder


def _write_all(
    folder: Path,
    briefing: Briefing,
    stamp: Stamp,
    further: list[tuple[Picture, Stamp, str]],
    formats: tuple[str, ...],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write all files of a briefing into a folder that is not in place yet."""
    language = briefing.language
    pictures, beyond = {}, []
    kinds = [name for name in formats if name in FILES]
    if kinds or "docx" in formats:
        beside = folder / word("file_pictures", language)
        if kinds:
            beside.mkdir()
        for page in _told(briefing, progress):
            content = draw_page(briefing.window, page.view, stamp, {*kinds, "png"})
            pictures[page.file] = content["png"], content["alt"]
            for kind in kinds:
                (beside / f"{page.file}.{kind}").write_bytes(content[kind])
        for place, (picture, own, title) in enumerate(further, len(briefing.pages) + 1):
            beyond.append((write_picture(picture, "png", own), picture.alt, title))
            for kind in kinds:
                path = beside / f"{place:02d}-{own.view.kind}.{kind}"
                path.write_bytes(write_picture(picture, kind, own))
    writers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "pptx": ("slides", lambda: write_slides(briefing, stamp)),
        "docx": ("appendix", lambda: write_appendix(briefing, pictures, stamp, beyond)),
        "xlsx": ("figures", lambda: write_figures(briefing, stamp)),
    }
    for kind, (name, write) in writers.items():
        if kind in formats:
            (folder / word(f"file_{name}", language)).write_bytes(write())


def _draw_further(
    records: pd.DataFrame, view: View, audience: str, language: str
) -> tuple[Picture, Stamp, str]:
    """Draw a picture beyond those of the pages; return its stamp and title, too."""
    if audience != "internal":
        raise ValueError(
            "views= are for internal briefings: only the pages of a public one protect counts."
        )
    if KINDS[view.kind].data != "records":
        raise ValueError(f"views= are drawn from records; kind={view.kind!r} is of another table.")
    view = replace(view, audience=audience, language=language)
    numbers = tabulate(records, view)
    title = module_of(view.kind).describe(numbers, view)[0].rstrip(".")
    return draw_numbers(numbers, view), stamp_of(records, view), title


def _told(briefing: Briefing, progress: Callable[[int, int], None] | None) -> Iterable[Page]:
    """Iterate over the pages, and report progress."""
    if progress is None:
        from tqdm.auto import tqdm

        yield from tqdm(briefing.pages, desc=briefing.title, leave=False, disable=None)
        return
    for place, page in enumerate(briefing.pages):
        progress(place, len(briefing.pages))
        yield page


def draw_page(window: Window, view: View, stamp: Stamp, kinds: set[str]) -> dict:
    """Draw a page's picture; return its bytes by kind, and its alt text."""
    picture = draw_numbers(numbers_in(window, view), view)
    own = Stamp(view, stamp.sha256, stamp.boundaries, stamp.version)
    found = {kind: write_picture(picture, kind, own) for kind in sorted(kinds)}
    return {**found, "alt": picture.alt}


_SOURCE = re.compile(rb"<dc:source>([^<]{2,%d})</dc:source>" % (6 * MOST))
_LARGEST = 200_000_000  # bytes


def reproduce(path: str | Path, records: pd.DataFrame | None = None) -> Picture:
    """Draw again what a file shows: a picture, or the first page of slides, appendix or workbook.

    Parameters
    ----------
    path
        A file that bears our stamp: PNG, SVG, PDF, PPTX, DOCX or XLSX.
    records
        What it was made from; by default the sample, or the table that a picture of the movement
        names.

    Returns
    -------
    Picture
        Drawn from the records by the stamp's view. Where these are not the data that the file was
        made from, or another version made it, a :class:`DataNote` warning says so.

    Raises
    ------
    ValueError
        Where the file bears no stamp that can be read, or names what the records do not hold.
    """
    stamp = stamp_in(path)
    if records is None:
        data = KINDS[stamp.view.kind].data
        name = stamp.view.table if data == "table" else data
        records = load_records() if name == "records" else load_table(name)
    now = stamp_of(records, stamp.view)
    if (now.sha256, now.boundaries) != (stamp.sha256, stamp.boundaries):
        told = {"expected": stamp.sha256[:12], "found": now.sha256[:12]}
        _note("stamp_other_data", stamp, told)
    if now.version != stamp.version:
        _note("stamp_other_version", stamp, {"expected": stamp.version, "found": now.version})
    return draw(records, stamp.view)


def _note(key: str, stamp: Stamp, told: dict[str, str]) -> None:
    warnings.warn(word(key, stamp.view.language, **told), DataNote, stacklevel=3)


def stamp_in(path: str | Path) -> Stamp:
    """Read the stamp of a file.

    Raises
    ------
    ValueError
        Where there is none that can be read.
    """
    path = Path(path)
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large to be a file of ours.")
    content = path.read_bytes()
    kind = path.suffix.lower().lstrip(".")
    finders = {"png": _in_png, "svg": _in_svg, "pdf": _in_pdf}
    text = finders.get(kind, _in_office)(content)
    if text is None:
        raise ValueError(f"{path.name} bears no stamp of ours that can be read.")
    return read_stamp(text)


def _in_png(content: bytes) -> str | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            text = image.info.get(KEY)
    except Exception:  # the library has many for a damaged file
        return None
    return str(text) if text is not None else None


def _in_svg(content: bytes) -> str | None:
    found = _SOURCE.search(content)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else None


def _in_pdf(content: bytes) -> str | None:
    from pypdf import PdfReader

    try:
        told = PdfReader(io.BytesIO(content)).metadata
        return str(told["/Keywords"]) if told and "/Keywords" in told else None
    except Exception:  # the library has many for a damaged file
        return None


def _in_office(content: bytes) -> str | None:
    return custom_property(content, KEY, MOST)
