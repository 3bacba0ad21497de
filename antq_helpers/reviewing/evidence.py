"""The evidence log that a reviewer signs: what was checked, against what, by which versions."""

from __future__ import annotations

import ast
import html
import platform
import re
from collections.abc import Iterator
from importlib.metadata import requires, version
from pathlib import Path

import antq_helpers
from antq_helpers.dictionary import word
from antq_helpers.measuring.reconciling import reconcile
from antq_helpers.reviewing.comparing import write_html, write_table
from antq_helpers.reviewing.origin import origin
from antq_helpers.tables import package_table

# Where a test names whence it has its values: "Krishnamoorthy and Thomson (2004)", an address.
_SOURCE = re.compile(
    r"https?://[^\s\"'<>)]+|[A-Z]\w+(?:,? (?:and|&) [A-Z]\w+| et al\.)?,? \(?(?:19|20)\d\d\b"
)


def write_evidence(to: str | Path, *, language: str = "en") -> None:
    """Write the evidence log as a page to print and sign; the same state gives the same bytes.

    It holds each published figure with what the tables give, the sums within the report, the claim
    map, the tests with the sources that they name, and commit, data and versions. A FileExistsError
    is raised where a file that is no page of ours stands there.
    """
    found = reconcile(language=language)
    figures = found[found["about"] == "figure"]
    claims = package_table("claims").merge(figures[["id", "printed", "verdict"]], on="id")
    parts = {
        "evidence_state": [*_state()],
        "evidence_figures": _rows(
            figures, ["id", "title", "printed", "found", "difference", "verdict", "source"]
        ),
        "evidence_sums": _rows(
            found[found["about"].isin(["sum", "subset"])], ["id", "about", "value", "found", "said"]
        ),
        "evidence_claims": _rows(
            claims, [f"claim_{language}", "printed", "verdict", "notebook", "section"]
        ),
        "evidence_tests": [("tests", "number", "subject", "sources"), *_tests()],
    }
    body = [
        f"<h2>{html.escape(word(key, language))}</h2>{write_table(rows)}"
        for key, rows in parts.items()
    ]
    body.append(f"<h2>{word('evidence_signed', language)}</h2><p>{'<br><br>_' * 3}</p>")
    write_html(to, word("evidence_title", language), body, language)


def _state() -> Iterator[tuple[str, str]]:
    """Commit, checksum and versions; not the folder, which differs between machines."""
    known = origin()
    yield from ((name, known[name]) for name in ("version", "commit", "data"))
    yield "Python", platform.python_version()
    for line in sorted(requires("antq_helpers") or ()):
        if "extra ==" not in line:
            name = re.match(r"[\w.-]+", line)[0]
            yield name, version(name)


def _rows(table: object, columns: list[str]) -> list[tuple[str, ...]]:
    shown = table[columns].astype("string").fillna("")
    return [tuple(columns), *shown.itertuples(index=False, name=None)]


def _tests() -> Iterator[tuple[str, str, str, str]]:
    """List the test files of a clone with their subject and the sources that they name."""
    folder = Path(antq_helpers.__file__).parent.parent / "tests"
    for path in sorted(folder.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        count = sum(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for node in ast.walk(tree)
        )
        sources = "; ".join(dict.fromkeys(_SOURCE.findall(text)))
        subject = (ast.get_docstring(tree) or "").partition("\n")[0]
        yield path.name, str(count), subject, sources
