"""Which copy of the package runs, and on which data."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import antq_helpers
from antq_helpers.dictionary import DATA

_DATA_FILES = (".csv", ".json")


def origin() -> dict[str, str]:
    """Return path, version, commit and checksum of the data of the package that runs.

    Examples
    --------
    >>> list(origin())
    ['package', 'version', 'commit', 'data']
    """
    package = Path(antq_helpers.__file__).resolve().parent
    return {
        "package": str(package),
        "version": antq_helpers.__version__,
        "commit": _commit(package.parent),
        "data": hash_files(DATA),
    }


def _commit(root: Path) -> str:
    """Return the commit of a clone, with a word where files differ from it."""
    ask = ["git", "-C", str(root), "describe", "--always", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(
            [*ask, "--dirty= with changes"], capture_output=True, text=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return "none"
    return done.stdout.strip()


def hash_files(folder: Path) -> str:
    """Return the SHA-256 of all tables and descriptions in a folder, with their names."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _DATA_FILES):
        content = path.read_bytes().replace(b"\r\n", b"\n")  # as git may check them out
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()
