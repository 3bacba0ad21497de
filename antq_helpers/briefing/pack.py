"""Records and a period in; a folder of files for a meeting, whole or not at all, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from antq_helpers.briefing.excel import write_figures
from antq_helpers.briefing.pages import Briefing, Page, compose
from antq_helpers.briefing.powerpoint import write_slides
from antq_helpers.briefing.replacing import put_folder, settle_folder
from antq_helpers.briefing.word import write_appendix
from antq_helpers.dictionary import LANGUAGES, check_choice, word
from antq_helpers.drawing.figure import draw_numbers
from antq_helpers.drawing.numbers import numbers_in
from antq_helpers.drawing.stamp import KINDS, Stamp, stamp_of, write_picture
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import AGAINST
from antq_helpers.measuring.protection import audit
from antq_helpers.measuring.windows import AUDIENCES, Window, look_back

FORMATS = ("pptx", "docx", "xlsx", *KINDS)


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
    language: str = "vi",
    formats: Sequence[str] = FORMATS,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Write a briefing: slides, appendix, workbook and pictures, of the place and its communes.

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
        What sentences and slides hold the period against: ``"same_period_last_year"`` or
        ``"previous_period"``. Tables have both.
    remarks
        Sentences of your own that stand before the notes.
    progress
        Told how many of how many pictures are drawn; by default a bar shows it.
    formats
        Some of ``pptx``, ``docx``, ``xlsx``, ``png``, ``svg`` and ``pdf``.

    Returns
    -------
    Path
        The folder. The same input gives the same bytes.

    Raises
    ------
    ValueError
        For a period, audience, commune, measure or format that is not known.
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
    window = look_back(records, period, audience=audience)
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

    def write(aside: Path) -> None:
        _write_all(aside, briefing, stamp, tuple(formats), progress)

    put_folder(folder, write, stamp.text(), overwrite=overwrite, language=language)
    return folder


def _write_all(
    folder: Path,
    briefing: Briefing,
    stamp: Stamp,
    formats: tuple[str, ...],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write every file into a folder that nobody looks into yet."""
    language = briefing.language
    pictures = {}
    kinds = [name for name in formats if name in KINDS]
    if kinds or "docx" in formats:
        beside = folder / word("file_pictures", language)
        if kinds:
            beside.mkdir()
        for page in _told(briefing, progress):
            content = draw_page(briefing.window, page.view, stamp, {*kinds, "png"})
            pictures[page.file] = content["png"], content["alt"]
            for kind in kinds:
                (beside / f"{page.file}.{kind}").write_bytes(content[kind])
    writers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "pptx": ("slides", lambda: write_slides(briefing, stamp)),
        "docx": ("appendix", lambda: write_appendix(briefing, pictures, stamp)),
        "xlsx": ("figures", lambda: write_figures(briefing, stamp)),
    }
    for kind, (name, write) in writers.items():
        if kind in formats:
            (folder / word(f"file_{name}", language)).write_bytes(write())


def _told(briefing: Briefing, progress: Callable[[int, int], None] | None) -> Iterable[Page]:
    """Go through the pages, and say how far it has come."""
    if progress is None:
        from tqdm.auto import tqdm

        yield from tqdm(briefing.pages, desc=briefing.title, leave=False, disable=None)
        return
    for place, page in enumerate(briefing.pages):
        progress(place, len(briefing.pages))
        yield page


def draw_page(window: Window, view: View, stamp: Stamp, kinds: set[str]) -> dict:
    """Draw a page's picture; its bytes by kind, and its alt text."""
    picture = draw_numbers(numbers_in(window, view), view)
    own = Stamp(view, stamp.sha256, stamp.boundaries, stamp.version)
    found = {kind: write_picture(picture, kind, own) for kind in sorted(kinds)}
    return {**found, "alt": picture.alt}
