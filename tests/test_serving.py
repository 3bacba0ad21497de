"""The page without code: which cells it has, and the settings that keep the rest away."""

import nbformat

import antq_helpers as antq
from antq_helpers.serving import NOTEBOOK, REVIEW, configure, write_notebook


def test_the_page_is_the_notebook_without_what_reviewers_read(tmp_path):
    """The question and the form; no stored output."""
    page = nbformat.read(write_notebook(tmp_path / "p.ipynb"), as_version=4)
    whole = nbformat.read(NOTEBOOK, as_version=4)
    assert [cell.cell_type for cell in page.cells] == ["markdown", "code"]
    assert "explore_briefing()" in page.cells[1].source
    assert page.cells[1].outputs == []
    assert sum(REVIEW in cell.metadata.get("tags", []) for cell in whole.cells) > 5


def test_the_page_is_for_this_machine_and_serves_no_files():
    """Loopback, no sources, no tracebacks, no template from outside, idle programs ended."""
    settings = configure(port=1, address="127.0.0.1", browser=False)
    assert settings.Voila.ip == "127.0.0.1"
    asked = settings.VoilaConfiguration
    assert (asked.strip_sources, asked.show_tracebacks) == (True, False)
    assert asked.allow_template_override == "NO"
    assert asked.file_denylist == [".*"]
    assert settings.MappingKernelManager.cull_idle_timeout <= 120


def test_the_page_of_another_place_waits_for_its_files(tmp_path, elsewhere):
    """It shows none of our figures, offers its own template, and reads its units."""
    page = nbformat.read(write_notebook(tmp_path / "p.ipynb", elsewhere), as_version=4)
    assert f"explore_briefing(communes={str(elsewhere)!r})" in page.cells[1].source
    form = antq.explore_briefing(communes=elsewhere, language="en").form
    assert form.records is None
    assert form._told.value.startswith("There are no figures of these 3 communes and wards yet.")
    for language in ("vi", "en"):
        form = form.in_language(language)
        assert form.page is None
