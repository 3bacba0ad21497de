"""The command line: serve the page, write and compare briefings, renew checksums of the data."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from antq_helpers.dictionary import DATA, INSTALLED, name_tables, word

if TYPE_CHECKING:
    import pandas as pd

_BOOK = "private release book of public briefings, or its folder; by default beside the records"
_PLACE = (
    "a folder with the communes.csv of another place, of the form of data/communes.csv, or with "
    "population.csv: commune, year, population"
)


_OF_APP = ("port", "address", "visitors", "book")  # whose defaults are those of serve()


def main(arguments: list[str] | None = None) -> None:
    """Run a command, such as ``briefing``; exit with one line where that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m antq_helpers")
    commands = parser.add_subparsers(dest="command", required=True)
    page = commands.add_parser("app", help="serve the page without code to this machine's browser")
    page.argument_default = argparse.SUPPRESS
    page.add_argument("--port", type=int)
    page.add_argument("--address", help="of a network: who has the link may in")
    page.add_argument("--visitors", type=int, help="how many at once, 300 MB each")
    page.add_argument("--place", default=None, help=_PLACE)
    page.add_argument("--book", help=_BOOK)
    page.add_argument("--no-browser", action="store_true", help="only print the address")
    pack = commands.add_parser("briefing", help="write a briefing of all communes")
    pack.add_argument("--folder", help="out/briefing-PERIOD-AUDIENCE by default")
    one = commands.add_parser("page", help="write all numbers and pictures as one HTML file")
    one.add_argument("--to", default="out/page.html", help="the file, out/page.html by default")
    for command in (pack, one):
        add = command.add_argument
        add(
            "--period",
            required=command is pack,
            help="2022, 2022-Q1, 2022-03, 2024-W37, 2022-to-09 …; of a page, if it is public",
        )
        add("--audience", required=True, choices=("internal", "public"))
        add("--records", nargs="*", help="files or folders; the sample by default")
        add("--accept", nargs="*", default=(), help="unusual counts that are right")
        add("--place", help=_PLACE)
        add("--book", help=_BOOK)
        add("--language", default="vi", choices=("vi", "en"))
        add("--overwrite", action="store_true", help="replace an earlier one there")
    two = commands.add_parser("compare", help="show what differs between two briefings, or runs")
    two.add_argument("old", help="a folder of notebooks or of a briefing, or a file of one")
    two.add_argument("new", nargs="?", help="the other one; without it, notebooks are run again")
    two.add_argument("--to", default="out/review.html", help="the page, out/review.html by default")
    two.add_argument("--language", default="en", choices=("vi", "en"))
    log = commands.add_parser("evidence", help="write the evidence log that a reviewer signs")
    log.add_argument("--to", default="out/evidence.html", help="out/evidence.html by default")
    log.add_argument("--language", default="en", choices=("vi", "en"))
    late = commands.add_parser("correct", help="what corrected records change in a briefing")
    late.add_argument("pack", help="the folder of the briefing")
    late.add_argument("--records", nargs="+", required=True, help="all files, with the late ones")
    late.add_argument("--place", help=_PLACE)
    sealed = commands.add_parser("seal", help="renew the checksums in data/datapackage.json")
    sealed.add_argument("--place", help="a copy of the folder data; that of the clone by default")
    chosen = parser.parse_args(arguments)
    run = {
        "app": serve_page,
        "briefing": write_pack,
        "page": write_file,
        "compare": show_differences,
        "correct": draft_correction,
        "evidence": write_log,
        "seal": renew,
    }[chosen.command]
    try:
        run(chosen)
    except (ValueError, OSError) as error:
        sys.exit(str(error))


def serve_page(chosen: argparse.Namespace) -> None:
    """Serve the page without code."""
    from antq_helpers.serving import serve

    given = {name: getattr(chosen, name) for name in _OF_APP if hasattr(chosen, name)}
    serve(**given, browser=not chosen.no_browser, communes=table_of_communes(chosen.place))


def write_pack(chosen: argparse.Namespace) -> None:
    """Write a briefing."""
    from antq_helpers.briefing.pack import write_briefing

    folder = Path(chosen.folder or f"out/briefing-{chosen.period}-{chosen.audience}")
    records, tables = load_chosen(chosen)
    if tables and chosen.audience == "public":
        names = name_tables(tables, chosen.language)
        print(word("brief_left_out", chosen.language, tables=names), file=sys.stderr)
        tables = {}
    write_briefing(records, folder, tables=tables, **release_of(chosen))
    print(folder)


def write_file(chosen: argparse.Namespace) -> None:
    """Write the page in one file."""
    from antq_helpers.exploring.one_file import write_page

    path = Path(chosen.to)
    records, _ = load_chosen(chosen)
    path.parent.mkdir(parents=True, exist_ok=True)
    print(write_page(records, path, **release_of(chosen)))


def load_chosen(chosen: argparse.Namespace) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return the records of a command's files, or the sample, and the tables of the movement."""
    from antq_helpers.reading.load import load_records, load_tables

    communes = table_of_communes(chosen.place)
    if not chosen.records:
        if communes:
            sys.exit("The sample is of Yên Bái: with --place, give --records of that place, too.")
        return load_records(), {}
    tables = load_tables(
        chosen.records, communes=communes, accept=chosen.accept, language=chosen.language
    )
    if "records" not in tables:
        sys.exit(word("brief_no_records", chosen.language))
    return tables.pop("records"), tables


def release_of(chosen: argparse.Namespace) -> dict:
    """Return for whom, in which language and over what a command writes, and its release book."""
    book = chosen.book
    if chosen.records and not book:
        first = Path(chosen.records[0])
        book = first if first.is_dir() else first.parent
    names = ("period", "audience", "language", "overwrite")
    return {"book": book} | {name: getattr(chosen, name) for name in names}


def show_differences(chosen: argparse.Namespace) -> None:
    """Write what differs to a page."""
    from antq_helpers.reviewing.comparing import write_comparison

    print(write_comparison(chosen.old, chosen.new, chosen.to, language=chosen.language))
    print(chosen.to)


def draft_correction(chosen: argparse.Namespace) -> None:
    """Print the draft of a correction."""
    from antq_helpers.reading.load import load_records
    from antq_helpers.reviewing.correcting import correct

    records = load_records(chosen.records, communes=table_of_communes(chosen.place))
    print(correct(chosen.pack, records).draft or word("correction_none", "vi"))


def write_log(chosen: argparse.Namespace) -> None:
    """Write the evidence log."""
    from antq_helpers.reviewing.evidence import write_evidence

    write_evidence(chosen.to, language=chosen.language)
    print(chosen.to)


def table_of_communes(place: str | None) -> Path | None:
    """Return a place's folder; exit with a message if it holds neither communes nor residents."""
    if place is None:
        return None
    path = Path(place).resolve()
    held = ("communes.csv", "population.csv", "population.xlsx")
    if not any((path / name).is_file() for name in held):
        sys.exit(
            f"{place} holds no communes.csv. Copy {DATA / 'communes.csv'} there, and write the "
            "place's communes and wards into it."
        )
    return path


def renew(chosen: argparse.Namespace) -> None:
    """Renew the checksums of a data folder; exit with a message where there is none."""
    data = Path(chosen.place or DATA)
    if chosen.place is None and INSTALLED:
        sys.exit(
            f"seal would write into the installed package, {DATA}. Work from a clone, or copy "
            "that folder and say --place COPY."
        )
    if not (data / "datapackage.json").is_file():
        sys.exit(f"{data} holds no datapackage.json. Say --place with a copy of the folder {DATA}.")
    changed = seal(data)
    print(f"{data.name}/datapackage.json: {', '.join(changed) or 'no'} checksum changed.")


def seal(data: Path = DATA) -> list[str]:
    """Update each table's size and checksum in the data package; return the tables that changed."""
    package = data / "datapackage.json"
    described, changed = json.loads(package.read_text(encoding="utf-8")), []
    for resource in described["resources"]:
        content = (data / resource["path"]).read_bytes()
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource["hash"] != digest:
            resource["hash"], resource["bytes"] = digest, len(content)
            changed.append(resource["name"])
    if changed:
        text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
        package.write_text(text, encoding="utf-8", newline="\n")
    return changed


if __name__ == "__main__":
    main()
