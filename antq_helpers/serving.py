"""A notebook in; the page without code, served to browsers, out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from antq_helpers.dictionary import DATA

NOTEBOOK = DATA.parent / "notebooks" / "04_briefing_charts.ipynb"
REVIEW = "review"  # the tag of cells that are for the reader of the notebook alone
_TEMPLATES = Path(__file__).with_name("exploring") / "page"
_LARGEST_MESSAGE = 60_000_000  # bytes that a browser may send at once; the desk takes fewer
# A visitor's program ends soon after the page is closed (Voilà leaves it running, issue 1458).
_IDLE, _LOOK = 60, 10  # seconds


def serve(*, port: int = 8866, address: str = "127.0.0.1", browser: bool = True) -> None:
    """Serve the page until it is stopped; only this machine can open it unless told.

    Each visitor has a program of their own. Neither code nor files are served.
    """
    from voila.app import Voila

    with tempfile.TemporaryDirectory() as folder:
        page = write_page(Path(folder) / "briefing.ipynb")
        Voila.launch_instance(options(page, port=port, address=address, browser=browser))


def options(page: Path, *, port: int, address: str, browser: bool) -> list[str]:
    """Give the options with which Voilà serves a page and nothing else."""
    return [
        str(page),
        f"--Voila.ip={address}",
        f"--Voila.port={port}",
        "--Voila.port_retries=0",
        f"--Voila.open_browser={browser}",
        f"--Voila.template_paths={_TEMPLATES}",
        f"--Voila.tornado_settings={{'websocket_max_message_size': {_LARGEST_MESSAGE}}}",
        "--VoilaConfiguration.template=antq",
        "--VoilaConfiguration.allow_template_override=NO",
        "--VoilaConfiguration.allow_theme_override=NO",
        "--VoilaConfiguration.strip_sources=True",
        "--VoilaConfiguration.show_tracebacks=False",
        "--VoilaConfiguration.file_allowlist=(?!)",
        "--VoilaConfiguration.file_denylist=.*",
        f"--MappingKernelManager.cull_idle_timeout={_IDLE}",
        f"--MappingKernelManager.cull_interval={_LOOK}",
    ]


def write_page(path: Path) -> Path:
    """Write the cells of the notebook that belong to the page, without what was stored of them."""
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells if REVIEW not in cell.metadata.get("tags", [])
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata["title"] = "ANTQ"
    nbformat.write(notebook, path)
    return path
