"""Write all files of a briefing into one folder, and draw its pictures again from their stamps."""

from __future__ import annotations

import glob
import html
import io
import os
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import pandas as pd

from antq_helpers.briefing.pages import Briefing, Page, PagePicture, compose
from antq_helpers.briefing.sections import add_sections, check_sections, year_to_date
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
from antq_helpers.drawing.view import View, table_of
from antq_helpers.measuring.disclosure import audit
from antq_helpers.measuring.lookback import AUDIENCES, window_on
from antq_helpers.measuring.periods import AGAINST
from antq_helpers.measuring.releases import OPEN, Book, ReleaseProblem, open_book
from antq_helpers.office import custom_property
from antq_helpers.problems import DataNote
from antq_helpers.reading.load import load_records, load_table
from antq_helpers.records import check_records

LISTING = "antq-briefing.json"  # marks a folder as ours, and lists our files in it
_ENDS = _ASIDE, _EARLIER = ".part", ".earlier"
_LEFT = 86_400  # seconds after which the unfinished files of a writer count as abandoned
_JUNK = {".DS_Store", "Thumbs.db", "desktop.ini"}  # written by the system, not by users


@contextmanager
def _said_in_words(folder: Path, language: str) -> Iterator[None]:
    """Raise errors of the system in words: which folder can not be written, and why."""
    try:
        yield
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        text = word("pack_not_written", language, folder=folder.name, reason=reason)
        raise OSError(getattr(error, "errno", None), text) from None


def settle_folder(folder: Path, *, overwrite: bool, language: str) -> None:
    """Repair what an interrupted writer left; raise FileExistsError if it is not to be replaced."""
    with _said_in_words(folder, language):
        _settle(folder)
        _refuse_others(folder, overwrite=overwrite, language=language)


def put_folder(
    folder: Path,
    write: Callable[[Path], None],
    stamp: str,
    *,
    overwrite: bool,
    language: str,
) -> None:
    """Write a folder under a temporary name, and move it into place, or leave what was there whole.

    It takes two moves, because not every system can replace a folder in one: if a writer is
    interrupted between them, the next one restores the earlier folder.
    """
    aside, earlier = (folder.with_name(f".{folder.name}.{uuid4().hex[:8]}{end}") for end in _ENDS)
    with _said_in_words(folder, language):
        try:
            aside.mkdir(parents=True)
            write(aside)
            files = sorted(_files_in(aside))
            (aside / LISTING).write_text("\n".join([stamp, *files, ""]), encoding="utf-8")
            _refuse_others(folder, overwrite=overwrite, language=language)
            if _files_in(aside) != {*files, LISTING}:
                raise OSError(None, "files were taken away while they were written")
            if folder.exists():
                os.replace(folder, earlier)
            os.replace(aside, folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            _settle(folder)


def _refuse_others(folder: Path, *, overwrite: bool, language: str) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    ours = _ours_in(folder)
    if ours is None:
        raise FileExistsError(word("folder_not_ours", language, folder=folder.name))
    others = sorted(_files_in(folder) - ours - {LISTING})
    if others:
        arguments = {"folder": folder.name, "names": ", ".join(others[:3])}
        raise FileExistsError(word("folder_has_others", language, **arguments))
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
        stamp, *files = (folder / LISTING).read_text(encoding="utf-8").splitlines()
        read_stamp(stamp)
    except (OSError, ValueError):
        return None
    return set(files)


def _settle(folder: Path) -> None:
    """Restore an earlier briefing if its writer was interrupted between the two moves."""
    if not folder.parent.is_dir():
        return
    ours = f".{glob.escape(folder.name)}.{'[0-9a-f]' * 8}"
    for earlier in folder.parent.glob(ours + _EARLIER):
        if folder.exists() and not any(earlier.iterdir()):
            earlier.rmdir()
        elif _ours_in(earlier) is None:
            continue
        elif folder.exists():
            shutil.rmtree(earlier, ignore_errors=True)
        else:
            os.replace(earlier, folder)
    for aside in folder.parent.glob(ours + _ASIDE):
        if time.time() - aside.stat().st_mtime > _LEFT:
            shutil.rmtree(aside, ignore_errors=True)


_DOCUMENTS = {"pptx": "slides", "docx": "appendix", "xlsx": "figures"}
FORMATS = (*_DOCUMENTS, *FILES)


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
    tables: Mapping[str, pd.DataFrame] | None = None,
    language: str = "vi",
    formats: Sequence[str] = FORMATS,
    overwrite: bool = False,
    book: Book | str | Path | None = None,
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
    tables
        Models, drives, partner activities and commendations by name, as :func:`load_tables` gives
        them, of which an internal briefing has a section each. Models are counted on the last day
        of the period, or today while it runs on; the others are by year.
    book
        The release book of a public briefing, see :func:`protect`: it is noted there before
        anything is written, and the briefing bears the book's public name.
    progress
        Called with the numbers of pictures drawn and of all; by default a bar shows them.
    formats
        Some of ``pptx``, ``docx``, ``xlsx``, ``png``, ``svg`` and ``pdf``.

    Returns
    -------
    Path
        The folder. The same input gives the same bytes; of models in a period that runs on, on
        the same day.

    Raises
    ------
    ValueError
        For a period, audience, unit, measure or format that is not known; for tables that are not
        what their name says, are of another place, or are for the public. For a book that can not
        be used, or earlier releases that leave too little to publish.
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
    sections = check_sections(tables, audience, language)
    folder = Path(folder).absolute()
    if folder.is_symlink():
        folder = folder.resolve()
    settle_folder(folder, overwrite=overwrite, language=language)
    with _in_language(language):
        if audience == AUDIENCES[1]:
            book = _check_book(folder, open_book(book, check_records(records)))
        window = window_on(records, period, audience, book)
    if window.release is not None and not audit(window.release)["safe"].all():
        raise RuntimeError(
            "The audit found a hidden count that can be guessed: nothing was written."
        )
    names = None if communes is None else tuple(communes)
    told = None if measures is None else tuple(measures)
    how = {"against": against, "remarks": tuple(remarks), "language": language}
    briefing = compose(window, communes=names, measures_told=told, **how)
    first = briefing.pages[0].all_of(PagePicture)[0].view
    stamp = stamp_of(records, replace(first, communes=names, period=period), window)
    reached = None
    if "targets" in sections:
        reached = window_on(records, year_to_date(window.period), audience)
    briefing = _with_views(add_sections(briefing, sections, against, reached), views)
    # Before anything is written: a view of what the records do not hold is an error.
    numbers = {}
    for picture in _pictures_of(briefing):
        view = picture.view
        table = sections.get(table_of(view), records)
        own = stamp_of(table, view, window if table is records else None)
        drawn = numbers_in(window, view) if window.release else tabulate(table, view)
        numbers[picture] = drawn, own

    rest = {"numbers": numbers, "stamp": stamp, "formats": formats, "progress": progress}
    write = partial(_write_files, briefing=briefing, **rest)
    if window.release is not None:
        with _in_language(language):
            book.note(window.release.entry)
    put_folder(folder, write, stamp.text(), overwrite=overwrite, language=language)
    return folder


@contextmanager
def _in_language(language: str) -> Iterator[None]:
    """Raise what forbids a release in the language of the briefing."""
    try:
        yield
    except ReleaseProblem as problem:
        raise problem.told(language) from None


def _check_book(folder: Path, book: Book) -> Book:
    """Check that public briefings in this folder, and beside it, were released by this book."""
    for listing in [*folder.parent.glob(f"*/{LISTING}"), folder / LISTING]:
        try:
            stamp = read_stamp(listing.read_text(encoding="utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            continue
        if stamp.book not in ("", OPEN, book.name) and book.name != OPEN:
            names = {"folder": listing.parent.name, "earlier": stamp.book, "book": book.name}
            raise ReleaseProblem("book_other", **names)
    return book


def _write_files(
    folder: Path,
    briefing: Briefing,
    numbers: dict[PagePicture, tuple[pd.DataFrame, Stamp]],
    stamp: Stamp,
    formats: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write all files of a briefing into a folder: the pictures first, which the appendix has."""
    drawn, language = {}, briefing.language
    if {"docx", *FILES} & {*formats}:
        steps = _with_progress(numbers, briefing.title, progress)
        place = folder / word("file_pictures", language)
        drawn = _draw_all(steps, place, [kind for kind in formats if kind in FILES])
    for kind in formats:
        if kind in _DOCUMENTS:
            path = folder / word(f"file_{_DOCUMENTS[kind]}", language)
            path.write_bytes(_render(kind, briefing, drawn, stamp))


def _pictures_of(briefing: Briefing) -> list[PagePicture]:
    return [picture for page in briefing.pages for picture in page.all_of(PagePicture)]


def _with_views(briefing: Briefing, views: Sequence[View]) -> Briefing:
    """Add pictures beyond those of the places, on pages of their own."""
    audience = briefing.window.audience
    if views and audience != "internal":
        raise ValueError(
            "views= are for internal briefings: only the pages of a public one protect counts."
        )
    pages = list(briefing.pages)
    for place, view in enumerate(views, len(_pictures_of(briefing)) + 1):
        if table_of(view) != "records":
            raise ValueError(
                f"views= are drawn from records; kind={view.kind!r} is of another table."
            )
        view = replace(view, audience=audience, language=briefing.language)
        pages.append(Page("", (), (PagePicture(view, f"{place:02d}-{view.kind}"),)))
    return replace(briefing, pages=tuple(pages))


def _draw_all(
    steps: Iterable[tuple[PagePicture, tuple[pd.DataFrame, Stamp]]],
    folder: Path,
    kinds: Sequence[str],
) -> dict[str, tuple[bytes, str, str]]:
    """Write the files of all pictures; return PNG, alt text and caption by name of the file."""
    if kinds:
        folder.mkdir()
    found = {}
    for picture, (numbers, stamp) in steps:
        view = picture.view
        figure = draw_numbers(numbers, view)
        # Always in one order: the layout of some kinds depends on how they were drawn before.
        files = {
            kind: write_picture(figure, kind, stamp) for kind in FILES if kind in {*kinds, "png"}
        }
        for kind in kinds:
            (folder / f"{picture.file}.{kind}").write_bytes(files[kind])
        caption = picture.caption or module_of(view.kind).describe(numbers, view)[0].rstrip(".")
        found[picture.file] = files["png"], figure.alt, caption
    return found


def _render(
    kind: str, briefing: Briefing, drawn: dict[str, tuple[bytes, str, str]], stamp: Stamp
) -> bytes:
    """Return a document as bytes; only now is the library loaded that it needs."""
    if kind == "pptx":
        from antq_helpers.briefing.powerpoint import write_slides as write
    elif kind == "docx":
        from antq_helpers.briefing.word import write_appendix

        write = partial(write_appendix, pictures=drawn)
    else:
        from antq_helpers.briefing.excel import write_figures as write
    return write(briefing, stamp=stamp)


def _with_progress(
    numbers: dict[PagePicture, tuple[pd.DataFrame, Stamp]],
    title: str,
    progress: Callable[[int, int], None] | None,
) -> Iterable[tuple[PagePicture, tuple[pd.DataFrame, Stamp]]]:
    """Iterate over pictures and their numbers, and report how many are drawn."""
    if progress is None:
        from tqdm.auto import tqdm

        yield from tqdm(numbers.items(), desc=title, leave=False, disable=None)
        return
    for done, step in enumerate(numbers.items()):
        progress(done, len(numbers))
        yield step


_SOURCE = re.compile(rb"<dc:source>([^<]{2,%d})</dc:source>" % (6 * MOST))
_LARGEST = 200_000_000  # bytes


def reproduce(
    path: str | Path,
    records: pd.DataFrame | None = None,
    *,
    book: Book | str | Path | None = None,
) -> Picture:
    """Draw again what a file shows: a picture, or the first page of slides, appendix or workbook.

    Parameters
    ----------
    path
        A file that bears our stamp: PNG, SVG, PDF, PPTX, DOCX or XLSX.
    records
        What it was made from; by default the sample, or the table that a picture of the movement
        names.
    book
        The release book of a public file.

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
        name = table_of(stamp.view)
        records = load_records() if name == "records" else load_table(name)
    view = stamp.view
    window = None
    if view.audience == AUDIENCES[1]:
        window = window_on(records, view.period, view.audience, book)
    now = stamp_of(records, view, window)
    if (now.sha256, now.boundaries) != (stamp.sha256, stamp.boundaries):
        _warn_of_stamp("stamp_other_data", stamp, stamp.sha256[:12], now.sha256[:12])
    if now.version != stamp.version:
        _warn_of_stamp("stamp_other_version", stamp, stamp.version, now.version)
    return draw(records, view) if window is None else draw_numbers(numbers_in(window, view), view)


def _warn_of_stamp(key: str, stamp: Stamp, expected: str, found: str) -> None:
    text = word(key, stamp.view.language, expected=expected, found=found)
    warnings.warn(text, DataNote, stacklevel=3)


def stamp_in(path: str | Path) -> Stamp:
    """Read the stamp of a file; a ValueError is raised where there is none that can be read."""
    path = Path(path)
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large to be a file of ours.")
    content = path.read_bytes()
    kind = path.suffix.lower().lstrip(".")
    text = None
    with suppress(Exception):  # the libraries have many for a damaged file
        text = _text_in(content, kind)
    if text is None:
        raise ValueError(f"{path.name} bears no stamp of ours that can be read.")
    return read_stamp(str(text))


def _text_in(content: bytes, kind: str) -> object:
    """Return the text of a stamp; None where there is none."""
    if kind == "png":
        from PIL import Image

        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            return image.info.get(KEY)
    if kind == "svg":
        found = _SOURCE.search(content)
        return found and html.unescape(found[1].decode("utf-8", "replace"))
    if kind == "pdf":
        from pypdf import PdfReader

        return (PdfReader(io.BytesIO(content)).metadata or {}).get("/Keywords")
    return custom_property(content, KEY, MOST)
