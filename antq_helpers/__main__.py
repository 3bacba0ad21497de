"""Commands in; files of the data package written again."""

from __future__ import annotations

import argparse
import hashlib
import json

from antq_helpers.dictionary import DATA, package


def main(arguments: list[str] | None = None) -> None:
    """Run ``python -m antq_helpers sample`` or ``seal``."""
    parser = argparse.ArgumentParser(prog="python -m antq_helpers")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sample", help="make the tables of data/sample again, the same to the byte")
    commands.add_parser("seal", help="write the checksums of all tables into data/datapackage.json")
    command = parser.parse_args(arguments).command
    if command == "sample":
        from antq_helpers.sample_movement import write_sample

        for path in write_sample():
            print(f"{path.relative_to(DATA.parent)}: made again.")
    changed = seal()
    print(f"data/datapackage.json: {', '.join(changed) or 'no'} checksum changed.")


def seal() -> list[str]:
    """Write each table's size and checksum into the data package; give the tables that changed."""
    described, changed = package(), []
    for resource in described["resources"]:
        content = (DATA / resource["path"]).read_bytes()
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if resource["hash"] != digest:
            resource["hash"], resource["bytes"] = digest, len(content)
            changed.append(resource["name"])
    if changed:
        text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
        (DATA / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    return changed


if __name__ == "__main__":
    main()
