"""Upload page: check office files, then explore their records."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, word
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import Screen
from antq_helpers.exploring.explorer import MOST_MEASURES, Explorer
from antq_helpers.exploring.presets import explore_movement, explore_trends
from antq_helpers.measuring.periods import most_days
from antq_helpers.problems import DataProblem
from antq_helpers.reading.formats import ENDINGS
from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.load import FileCheck, as_one, check_files
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.reading.report import as_html, save_check
from antq_helpers.reading.template import write_template

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST = tuple(dict.fromkeys(("tips", "resolved_cases", *COUNTS)))
MOST_UPLOADED = 25_000_000  # of files that are dropped in at once
_FEW = 5  # units whose lines can be told apart at a glance
_PERIODS = ("year", "quarter", "month", "week")


def explore_file(
    path: str | Path | Sequence[str | Path] | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    language: str = "vi",
) -> UploadPage:
    """Check office files and explore them, without code.

    Parameters
    ----------
    path
        A file, a folder or a list of paths to begin with; more can be dropped in.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    language
        Of all texts: ``"vi"`` or ``"en"``.

    Returns
    -------
    UploadPage
        A widget. ``.checks`` is what :func:`check_files` found, by the name of the table;
        ``.check`` that of the records, or of the only table; None before anything could be read.
        ``.explorer`` is the explorer of the records below it, ``.movement`` that of the tables of
        the movement; None where there is none.
    """
    check_choice("language", language, LANGUAGES)
    return UploadPage(path, communes, language)


class UploadPage(widgets.VBox):
    """The upload page, returned by :func:`explore_file`."""

    paths = True  # whether a path on this machine may be given, too
    _accepted: tuple[str, ...] = ()  # unusual counts that the user said are right
    _answers: dict[str, str] = {}  # noqa: RUF012 - initial ones to the three questions

    def __init__(self, path: object, communes: object, language: str) -> None:
        self._communes, self._language = communes, language
        self._path = path
        self._folder: tempfile.TemporaryDirectory | None = None
        self.checks: dict[str, FileCheck] = {}
        self.explorer: Explorer | None = None
        self.movement: Explorer | None = None
        self._make_controls()
        self._bar = widgets.IntProgress(layout=widgets.Layout(visibility="hidden", width="300px"))
        self._told, self._shown = widgets.HTML(), widgets.HTML()
        self._below = widgets.VBox()
        # Only the browser can save a file where the user's files go; the screen asks it to.
        self._screen = Screen(width=1, height=1, layout=widgets.Layout(display="none"))
        place = [self._place] if self.paths else []
        first = widgets.HBox([self._upload, *place, self._bar])
        buttons = widgets.HBox([self._save, self._accept, self._template])
        above = [first, widgets.HBox(list(self._choices.values())), self._told, buttons]
        super().__init__([*above, self._shown, self._below, self._screen])
        self.add_class("antq-explorer")
        if path is not None:
            self._read()

    def __repr__(self) -> str:
        return f"UploadPage({self._path!r})"

    @property
    def check(self) -> FileCheck | None:
        """What was found of the records, or of the first table where there are none."""
        return next(iter(self.checks.values()), None)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the movement that hold rows, by name."""
        found = {name: check.records for name, check in self.checks.items() if name != "records"}
        return {name: table for name, table in found.items() if len(table)}

    def _make_controls(self) -> None:
        text = self._text
        wide = widgets.Layout(width="330px")
        self._upload = widgets.FileUpload(
            accept=",".join(ENDINGS), multiple=True, description=text("upload_upload"),
            layout=widgets.Layout(width="160px"),
        )  # fmt: skip
        self._place = widgets.Text(
            placeholder=text("upload_path"), continuous_update=False,
            layout=widgets.Layout(width="500px"),
        )  # fmt: skip
        options = {
            # No value is None: a dropdown shows nothing as selected if its value is None.
            "dash": [("upload_ask", ""), ("upload_zero", "zero"), ("upload_missing", "missing")],
            "numbers": [
                ("upload_ask", ""),
                ("upload_numbers_vi", "vi"),
                ("upload_numbers_en", "en"),
            ],
            "encoding": [("upload_letters", ""), ("upload_tcvn3", "tcvn3")],
        }
        self._choices = {
            name: widgets.Dropdown(
                description=text(f"upload_{name}"),
                options=[(text(key), value) for key, value in choices],
                value=self._answers.get(name, ""),
                layout=wide,
                style={"description_width": "110px"},
            )
            for name, choices in options.items()
        }
        button = widgets.Layout(width="auto")
        self._save = widgets.Button(description=text("upload_save"), layout=button, disabled=True)
        self._template = widgets.Button(description=text("upload_template"), layout=button)
        self._accept = widgets.Button(layout=widgets.Layout(width="auto", display="none"))
        self._upload.observe(self._take_files, "value")
        self._place.observe(self._take_path, "value")
        for choice in self._choices.values():
            choice.observe(lambda _: self._read(), "value")
        self._save.on_click(
            lambda _: self._give("upload_name_save", partial(save_check, self._whole))
        )
        self._accept.on_click(self._accept_all)
        self._template.on_click(lambda _: self._give("upload_name_template", self._write_template))

    def _text(self, key: str, **blanks: object) -> str:
        return word(key, self._language, **blanks)

    def _take_files(self, change: dict) -> None:
        if not change["new"]:
            return
        if sum(len(file["content"]) for file in change["new"]) > MOST_UPLOADED:
            self._told.value = word("upload_too_large", self._language, most=MOST_UPLOADED // 10**6)
            self._upload.value = ()
            return
        self._forget()
        self._folder = tempfile.TemporaryDirectory()
        paths = []
        for file in change["new"]:
            paths.append(Path(self._folder.name) / Path(file["name"].replace("\\", "/")).name)
            paths[-1].write_bytes(file["content"])
        self._path = paths
        self._read()
        self._upload.value = ()

    def _take_path(self, change: dict) -> None:
        if change["new"].strip():
            self._forget()
            self._path = change["new"].strip().strip('"')
            self._read()

    def _forget(self) -> None:
        self._path = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _read(self) -> None:
        """Check the files, show the result, and open the explorer on the valid rows."""
        if self._path is None:
            return
        self._close()
        self._bar.layout.visibility = "visible"
        choices = {name: choice.value or None for name, choice in self._choices.items()}
        try:
            self.checks = check_files(
                self._path,
                communes=self._communes,
                language=self._language,
                progress=self._progress,
                accept=self._accepted,
                **choices,
            )
        except DataProblem as refused:
            if any(problem.kind == "persons" for problem in refused.problems):
                self._forget()  # personal data are deleted at once
            nothing = pd.DataFrame()
            self._shown.value = as_html(
                self._text("check_nothing"), refused.problems, (), nothing, self._language
            )
        else:
            self._shown.value = self._whole._repr_html_()
            self._open()
        finally:
            self._bar.layout.visibility = "hidden"
            # The files in use are named, because the upload button clears its own list.
            paths = self._path if isinstance(self._path, list) else [self._path]
            names = ", ".join(Path(path).name for path in paths if self.check)
            self._told.value = names and html.escape(self._text("upload_files", files=names))
        self._save.disabled = not any(check.problems for check in self.checks.values())
        count = len(self._questions)
        self._accept.description = self._text("upload_accept", count=count)
        self._accept.layout.display = "" if count else "none"

    @property
    def _questions(self) -> tuple[str, ...]:
        return tuple(key for check in self.checks.values() for key in check.questions)

    def _accept_all(self, _: object) -> None:
        self._accepted += self._questions  # those that are listed, and no others
        self._read()

    @property
    def _whole(self) -> FileCheck:
        """All that was found, to be shown and saved as one."""
        return as_one(list(self.checks.values()))

    def _close(self) -> None:
        """Remove the result and the explorer of an earlier file."""
        self.checks, self.explorer, self.movement = {}, None, None
        self._save.disabled = True  # until the next check is there to be saved
        self._below.children = ()

    def _progress(self, done: int, files: int, name: str) -> None:
        self._bar.max, self._bar.value = files, done
        self._told.value = html.escape(word("upload_reading", self._language, file=name))

    def _open(self) -> None:
        if "records" in self.checks:
            self._open_trends(self.checks["records"].records)
        if self.tables.keys() - {"targets"}:
            self.movement = explore_movement(None, self.tables, language=self._language)
        shown = (self.explorer, self.movement)
        self._below.children = tuple(part for part in shown if part is not None)

    def _open_trends(self, records: pd.DataFrame) -> None:
        names = tuple(records["commune"].unique())
        reported = [count for count in _FIRST if count in records and records[count].notna().any()]
        if records.empty or not reported:
            return
        self.explorer = explore_trends(
            records,
            View(
                measures=tuple(reported[:MOST_MEASURES]),
                communes=names if len(names) <= _FEW else None,
                by=shortest_of(records),
                language=self._language,
            ),
            targets=self.tables.get("targets"),
        )

    def _give(self, name: str, write: Callable[[Path], Path]) -> None:
        """Write a file in a temporary folder, and send it to the browser."""
        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder) / self._text(name))
            self._screen.save(path.name, _XLSX, path.read_bytes())

    def _write_template(self, path: Path) -> Path:
        found = self.checks["records"].records if "records" in self.checks else ()
        reported = [name for name in COUNTS if name in found]
        return write_template(path, communes=self._communes, measures=reported, tables=MOVEMENT)


def shortest_of(records: pd.DataFrame) -> str:
    """Return the period to draw by: a year, or for up to two years the length of the reports."""
    days = (records["period_end"] - records["period_start"]).dt.days.max() + 1
    if records["year"].nunique() > 2:
        return "year"
    if days <= most_days("week"):
        return _PERIODS[3]
    return _PERIODS[2] if days <= 31 else _PERIODS[1] if days <= 92 else _PERIODS[0]
