"""Serve the notebook of briefing charts to browsers, without its code."""

from __future__ import annotations

import os
import tempfile
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from antq_helpers.dictionary import NOTEBOOKS, word
from antq_helpers.measuring.releases import BOOK

if TYPE_CHECKING:
    from traitlets.config import Config
    from voila.app import Voila

NOTEBOOK = NOTEBOOKS / "04_briefing_charts.ipynb"
REVIEW = "review"  # the tag of cells that are for the reader of the notebook alone
_PAGE = Path(__file__).with_name("exploring") / "page"
_LARGEST_MESSAGE = 60_000_000  # bytes that a browser may send at once; the upload page takes fewer
# A visitor's program ends soon after the page is closed (Voilà leaves it running, issue 1458).
_IDLE, _LOOK = 60, 10  # seconds


def serve(
    *,
    port: int = 8866,
    address: str = "127.0.0.1",
    browser: bool = True,
    communes: Path | None = None,
    book: Path | None = None,
) -> None:
    """Serve the page until interrupted; by default only to this machine, and of our place.

    Each visitor has a program of their own. Neither code nor files are served.
    """
    # Where Voilà looks for templates.
    known = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(_PAGE), known]))
    with tempfile.TemporaryDirectory() as folder:
        page = write_page(Path(folder) / "briefing.ipynb", communes, Path(book or BOOK).absolute())
        settings = configure(port=port, address=address, browser=browser)
        _page_app().launch_instance([str(page)], config=settings)


def _page_app() -> type[Voila]:
    """Return a Voilà app that refuses requests from other sites: they could start programs here."""
    from tornado.web import HTTPError
    from voila.app import Voila
    from voila.tornado.handler import TornadoVoilaHandler

    class Guarded(TornadoVoilaHandler):
        async def prepare(self) -> None:
            site, what = (self.request.headers.get(f"Sec-Fetch-{n}") for n in ("Site", "Dest"))
            if site not in (None, "same-origin", "none") and what != "document":
                raise HTTPError(403)
            await super().prepare()

    class Page(Voila):
        def init_handlers(self) -> list:
            return [
                (path, Guarded if handler is TornadoVoilaHandler else handler, *more)
                for path, handler, *more in super().init_handlers()
            ]

    return Page


def configure(*, port: int, address: str, browser: bool) -> Config:
    """Return the settings with which Voilà serves one page and nothing else."""
    from traitlets.config import Config

    return Config(
        Voila={
            "ip": address,
            "port": port,
            "port_retries": 0,
            "open_browser": browser,
            "tornado_settings": {
                "websocket_max_message_size": _LARGEST_MESSAGE,
                # Refuse other host names: by DNS rebinding a site could pass for this machine.
                "allow_remote_access": not ip_address(address).is_loopback,
            },
        },
        VoilaConfiguration={
            "template": "antq",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": ["(?!)"],  # matches no name
            "file_denylist": [".*"],
        },
        VoilaExporter={"language_code": "vi"},  # screen readers choose their voice by it
        MappingKernelManager={"cull_idle_timeout": _IDLE, "cull_interval": _LOOK},
        VoilaKernelManager={"cull_idle_timeout": _IDLE, "cull_interval": _LOOK},
    )


def write_page(path: Path, communes: Path | None = None, book: Path | None = None) -> Path:
    """Write the notebook without its review cells and stored outputs, of our place or another."""
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells if REVIEW not in cell.metadata.get("tags", [])
    ]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            told = {"communes": communes, "book": book}
            if asked := [f"{name}={str(at)!r}" for name, at in told.items() if at]:
                called = f"explore_briefing({', '.join(asked)})"
                cell.source = cell.source.replace("explore_briefing()", called)
    notebook.metadata["title"] = word("brief_title", "vi")
    nbformat.write(notebook, path)
    return path
