"""Serve the notebook of briefing charts to browsers, without its code."""

from __future__ import annotations

import html
import os
import tempfile
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from antq_helpers.dictionary import LANGUAGES, NOTEBOOKS, word
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
    visitors: int = 8,
    book: Path | None = None,
) -> None:
    """Serve the page until interrupted; by default only to this machine, and of our place.

    Each visitor has a program of their own, of about 300 MB; so many of them may be there at once.
    Neither code nor files are served. To an address of a network the page is open to those alone
    who were given the link that is printed at the start.
    """
    # Where Voilà looks for templates.
    known = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(_PAGE), known]))
    with tempfile.TemporaryDirectory() as folder:
        page = write_notebook(
            Path(folder) / "briefing.ipynb", communes, Path(book or BOOK).absolute()
        )
        settings = configure(port=port, address=address, browser=browser)
        _page_app(visitors).launch_instance([str(page)], config=settings)


def _page_app(visitors: int) -> type[Voila]:
    """Return a Voilà app for so many visitors at once; the next one reads that it is full.

    Requests from other sites are refused: they could start programs here.
    """
    from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
    from tornado.web import HTTPError
    from voila.app import Voila
    from voila.tornado.handler import TornadoVoilaHandler

    class Programs(AsyncMappingKernelManager):
        def waiting(self) -> set[str]:
            """Return the programs that were started before anybody came."""
            ready = [task for pool in self._pools.values() for task in pool if task.done()]
            return {task.result()["kernel_id"] for task in ready}

        def check_room(self) -> None:
            """Refuse a visitor where there are as many as may be."""
            running = {*self._kernels, *self._pending_kernels} - self.waiting()
            if len(running) >= visitors:
                raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)

        async def start_kernel(self, **options: object) -> str:
            if options["env"]["VOILA_PREHEAT"] == "False":  # for a visitor who is there
                self.check_room()
            return await super().start_kernel(**options)

        async def cull_kernel_if_idle(self, kernel_id: str) -> None:
            # A program that waits for its visitor is idle by design.
            if kernel_id not in self.waiting():
                await super().cull_kernel_if_idle(kernel_id)

    class Guarded(TornadoVoilaHandler):
        async def prepare(self) -> None:
            site, what = (self.request.headers.get(f"Sec-Fetch-{n}") for n in ("Site", "Dest"))
            if site not in (None, "same-origin", "none") and what != "document":
                raise HTTPError(HTTPStatus.FORBIDDEN)
            await super().prepare()

        async def get(self, path: str | None = None) -> None:
            if self.current_user:  # who has no link is asked for it first
                self.kernel_manager.check_room()
            await super().get(path)

        def write_error(self, status_code: int, **told: object) -> None:
            if status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                super().write_error(status_code, **told)
                return
            self.set_header("Retry-After", str(_IDLE))
            said = (word("serve_full", language, visitors=visitors) for language in LANGUAGES)
            self.finish("".join(f"<p>{html.escape(text)}</p>" for text in said))

    class Page(Voila):
        def initialize(self, argv: list[str] | None = None) -> None:
            super().initialize(argv)
            self.voila_configuration.multi_kernel_manager_class = Programs

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
            "auto_token": not ip_address(address).is_loopback,
            "tornado_settings": {
                "websocket_max_message_size": _LARGEST_MESSAGE,
                # Refuse other host names: by DNS rebinding a site could pass for this machine.
                "allow_remote_access": not ip_address(address).is_loopback,
            },
        },
        VoilaConfiguration={
            "template": "antq",
            "preheat_kernel": True,
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


def write_notebook(path: Path, communes: Path | None = None, book: Path | None = None) -> Path:
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
