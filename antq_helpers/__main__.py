"""The command line: serve the page, write a briefing, or rebuild files of the data package."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from antq_helpers.dictionary import DATA, INSTALLED

_RENEWED = {
    "sample": "make the tables of data/sample again, the same to the byte",
    "seal": "write the checksums of all tables into data/datapackage.json",
}

_PLACE = "a folder with the communes.csv of another place, of the form of data/communes.csv"


def main(arguments: list[str] | None = None) -> None:
    """Run ``python -m antq_helpers app``, ``briefing``, ``sample`` or ``seal``."""
    parser = argparse.ArgumentParser(prog="python -m antq_helpers")
    commands = parser.add_subparsers(dest="command", required=True)
    page = commands.add_parser("app", help="serve the page without code to this machine's browser")
    page.add_argument("--port", type=int, default=8866)
    page.add_argument("--place", help=_PLACE)
    page.add_argument("--no-browser", action="store_true", help="only print the address")
    pack = commands.add_parser("briefing", help="write a briefing of all communes")
    pack.add_argument("--period", required=True, help="2022, 2022-Q1, 2022-03, 2022-to-09 …")
    pack.add_argument("--audience", required=True, choices=("internal", "public"))
    pack.add_argument("--records", nargs="*", help="files or folders; the sample by default")
    pack.add_argument("--place", help=_PLACE)
    pack.add_argument("--folder", help="out/briefing-PERIOD-AUDIENCE by default")
    pack.add_argument("--language", default="vi", choices=("vi", "en"))
    pack.add_argument("--overwrite", action="store_true", help="replace an earlier briefing there")
    for name, told in _RENEWED.items():
        renewed = commands.add_parser(name, help=told)
        renewed.add_argument("--place", help="a copy of the folder data; that of the clone's own")
    told = parser.parse_args(arguments)
    if told.command == "app":
        from antq_helpers.serving import serve

        serve(port=told.port, browser=not told.no_browser, communes=table_of_communes(told.place))
    elif told.command == "briefing":
        write_pack(told)
    else:
        renew(told.command, told.place)


def write_pack(told: argparse.Namespace) -> None:
    """Write a briefing; exit with a one-line message where that is not possible."""
    from antq_helpers.briefing.pack import write_briefing
    from antq_helpers.reading.load import load_records

    folder = Path(told.folder or f"out/briefing-{told.period}-{told.audience}")
    communes = table_of_communes(told.place)
    if communes and not told.records:
        sys.exit("The sample is of Yên Bái: with --place, give --records of that place, too.")
    try:
        records = load_records(told.records or None, communes=communes, language=told.language)
        write_briefing(
            records,
            folder,
            period=told.period,
            audience=told.audience,
            language=told.language,
            overwrite=told.overwrite,
        )
    except (ValueError, OSError) as error:
        sys.exit(str(error))
    print(folder)


def table_of_communes(place: str | None) -> Path | None:
    """Return the table of communes in a place's folder; exit with a message if there is none."""
    if place is None:
        return None
    path = Path(place).resolve() / "communes.csv"
    if not path.is_file():
        sys.exit(
            f"{place} holds no communes.csv. Copy {DATA / 'communes.csv'} there, and write the "
            "place's communes and wards into it."
        )
    return path


def renew(command: str, place: str | None = None) -> None:
    """Rebuild the sample if asked, then update the checksums of a data folder."""
    data = DATA if place is None else Path(place)
    if place is None and INSTALLED:
        sys.exit(
            f"{command} would write into the installed package, {DATA}. Work from a clone, or copy "
            "that folder and say --place COPY."
        )
    if not (data / "datapackage.json").is_file():
        sys.exit(f"{data} holds no datapackage.json. Say --place with a copy of the folder {DATA}.")
    if command == "sample":
        from antq_helpers.sample import write_sample

        (data / "sample").mkdir(exist_ok=True)
        for path in write_sample(data / "sample"):
            print(f"{data.name}/{path.relative_to(data)}: made again.")
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
