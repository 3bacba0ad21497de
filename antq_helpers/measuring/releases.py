"""The release book: a private file with a random key, and what each public release was made of."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from antq_helpers.dictionary import word
from antq_helpers.problems import DataNote
from antq_helpers.records import register_of

BOOK = "KHONG-GUI_DO-NOT-SEND_antq-book.json"
OPEN = "sample"  # name of the book of illustrative records
_WAIT = 10  # seconds that a program waits for another one that writes


class ReleaseProblem(ValueError):
    """Why nothing can be released, with what to do."""

    def __init__(self, key: str, **details: object) -> None:
        self.key, self.details = key, details
        super().__init__(word(key, "en", **details))

    def told(self, language: str) -> ReleaseProblem:
        """Return the same problem with its message in a language."""
        other = ReleaseProblem(self.key, **self.details)
        other.args = (word(self.key, language, **self.details),)
        return other


@dataclass
class Book:
    """A release book: which counts are hidden rests on ``key``, ``name`` is for the public.

    ``releases`` are all that were published, first to last: the reports of each, to which of its
    cells each report belongs, and which cells were hidden. Without ``path`` it is never written.
    """

    path: Path | None
    name: str
    key: bytes
    units: list[str] = field(default_factory=list)
    releases: list[dict] = field(default_factory=list)

    def draw(self, *what: str) -> float:
        """Return a number from 0 to 1 that who does not know the key can not tell from chance."""
        digest = hashlib.blake2b("\n".join(what).encode(), key=self.key, digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def note(self, release: dict) -> None:
        """Write a release down before anything of it is published.

        Raises
        ------
        ReleaseProblem
            Where another program has released something since the book was opened, or the book
            is gone.
        """
        if release in self.releases:
            return
        if self.path is not None:
            with _locked(self.path):
                if not self.path.exists():
                    raise ReleaseProblem("book_gone", book=self.path.name)
                if _read(self.path).releases != self.releases:
                    raise ReleaseProblem("book_changed", book=self.path.name)
                _write(Book(self.path, self.name, self.key, self.units, [*self.releases, release]))
        self.releases.append(release)


def open_book(book: Book | str | Path | None, records: pd.DataFrame) -> Book:
    """Return a release book for records; make one, and say so, where there is none.

    Parameters
    ----------
    book
        A file, or a folder with one; by default the file ``BOOK`` in the current folder. Records
        that are all illustrative have a key that everybody knows: nobody stands behind them.

    Raises
    ------
    ReleaseProblem
        For a book that can not be read, or is of another place.
    """
    units = sorted(register_of(records).units.index)
    if book is None and records["source"].eq("illustrative").all():
        return Book(None, OPEN, b"open: made-up numbers protect nobody")
    if not isinstance(book, Book):
        path = Path(book or BOOK).absolute()
        path = path / BOOK if path.is_dir() else path
        if not path.exists():
            _make(path, units)
        book = _read(path)
    if book.units and not {*book.units} & {*units}:
        raise ReleaseProblem("book_foreign", book=book.path.name if book.path else book.name)
    return book


def _make(path: Path, units: list[str]) -> None:
    with _locked(path):
        if path.exists():  # another program was quicker
            return
        _write(Book(path, secrets.token_hex(4), secrets.token_bytes(32), units))
    warnings.warn(word("book_made", "en", book=str(path)), DataNote, stacklevel=4)


def _read(path: Path) -> Book:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        book = Book(path, told["name"], bytes.fromhex(told["key"]), told["units"], told["releases"])
        whole = hmac.compare_digest(told["seal"], _seal(book))
    except OSError as error:
        raise ReleaseProblem("book_unread", book=path.name, reason=error.strerror) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        whole = False
    if not whole:
        raise ReleaseProblem("book_damaged", book=path.name)
    return book


def _seal(book: Book) -> str:
    content = json.dumps([book.name, book.units, book.releases], sort_keys=True)
    return hmac.new(book.key, content.encode(), hashlib.sha256).hexdigest()


def _write(book: Book) -> None:
    """Replace the file as a whole; only its owner may read it, where the system knows owners."""
    told = {
        "private": f"{word('book_private', 'vi')} {word('book_private', 'en')}",
        **{"name": book.name, "key": book.key.hex(), "units": book.units},
        **{"releases": book.releases, "seal": _seal(book)},
    }
    aside = book.path.with_name(f".{book.path.name}.part")
    with suppress(FileNotFoundError):
        aside.unlink()
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, book.path)
    except OSError as error:
        raise ReleaseProblem("book_unwritten", book=str(book.path), reason=error.strerror) from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lock what others may write; the system unlocks it when a program ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ReleaseProblem("book_unwritten", book=str(path), reason=error.strerror) from None
    try:
        until = time.monotonic() + _WAIT
        while not _take(lock):
            if time.monotonic() > until:
                raise ReleaseProblem("book_busy", book=path.name)
            time.sleep(0.05)
        yield
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
