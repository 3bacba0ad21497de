"""Office files or the sample in; a briefing chosen, looked at and downloaded, out."""

from __future__ import annotations

import ipywidgets as widgets

from antq_helpers.dictionary import LANGUAGES, check_choice, word
from antq_helpers.exploring.briefing_desk import BriefingDesk
from antq_helpers.exploring.explorer import LANGUAGE_NAMES


def explore_briefing(*, language: str = "vi") -> BriefingPage:
    """Make a briefing without code: files in, period and audience chosen, a pack downloaded.

    Returns
    -------
    BriefingPage
        A widget. Before files are dropped in, it works on the illustrative sample. ``.desk`` holds
        what is chosen: ``.desk.records``, ``.desk.window`` and ``.desk.page``, the first page.

    Examples
    --------
    >>> explore_briefing(language="en").desk.records["commune"].nunique()
    17
    """
    return BriefingPage(check_choice("language", language, LANGUAGES))


class BriefingPage(widgets.VBox):
    """The widget of :func:`explore_briefing`: a desk in the language that is chosen."""

    def __init__(self, language: str) -> None:
        self._choice = widgets.Dropdown(
            options=LANGUAGE_NAMES, value=language, description=word("choose_language", language)
        )
        self._choice.observe(self._switch, "value")
        self.desk = BriefingDesk(None, None, language)
        super().__init__([self._choice, self.desk])

    def __repr__(self) -> str:
        return f"BriefingPage({self._choice.value!r})"

    def _switch(self, change: dict) -> None:
        self._choice.description = word("choose_language", change["new"])
        self.desk = self.desk.in_language(change["new"])
        self.children = (self._choice, self.desk)
