"""A new count is a row of data/measures.csv and its words, and nothing else."""

import csv
import json
import os
import shutil
import subprocess
import sys

import pytest

from antq_helpers.dictionary import DATA

MEASURE = {
    "measure": "traffic_violations", "kind": "count", "numerator": "traffic_violations",
    "denominator": "", "per": "1", "interval": "poisson", "pool_below": "10", "counted_at": "",
    "label_en": "Traffic violations", "label_vi": "Vi phạm giao thông",
    "short_en": "traffic violations", "short_vi": "vi phạm giao thông",
    "unit_en": "violations", "unit_vi": "vi phạm",
    "definition_en": "Violations of traffic rules on record.",
    "definition_vi": "Số vi phạm trật tự an toàn giao thông được ghi nhận.",
}  # fmt: skip
WORDS = [
    ("say_traffic_violations", "có {did}", "had {did}"),
    ("say_traffic_violations_none", "không có vi phạm giao thông", "had no traffic violations"),
    ("one_traffic_violations", "1 vi phạm giao thông", "1 traffic violation"),
]
# Runs on the copy. Of each year Tuy Lộc has 3 and every other unit ten times its place in the list.
RUN = """
import json, warnings
import openpyxl
import pptx
import antq_helpers as antq
from antq_helpers.measuring.lookback import look_back

warnings.simplefilter("error")
antq.load_records()  # our own sample lacks the column, and nobody is warned of it
warnings.simplefilter("ignore")
names = antq.load_communes(boundaries=2020)["name"].tolist()
for year in range(2018, 2023):
    book = openpyxl.Workbook()
    book.active.append([f"Báo cáo năm {year}"])
    book.active.append(["Xã, phường", "Nguồn tin", "Số vi phạm giao thông (vi phạm)"])
    for place, name in enumerate(names, 1):
        book.active.append([name, 50, 3 if name == "Tuy Lộc" else 10 * place])
    book.save(f"{year}.xlsx")
check = antq.check_file([f"{year}.xlsx" for year in range(2018, 2023)])
assert not check.problems, check.problems
records = check.records
told = {"measure": "traffic_violations", "period": "2022"}
chosen = {"communes": ["Văn Phú"], "formats": ["png", "pptx"]}
pack = antq.write_briefing(records, "pack", period="2022", audience="public", **chosen)
picture = next(pack.rglob("toan-thanh-pho.png"))
slides = pptx.Presentation(next(pack.glob("*.pptx"))).slides
view = antq.View(["traffic_violations"], language="en")
public = look_back(records, "2022", audience="public")
[unit] = set(records.loc[records["commune"] == "Tuy Lộc", "commune_id"])
print(json.dumps({
    "names": names,
    "read": records["traffic_violations"].tolist()[:15],
    "total": antq.total_by(records, measure="traffic_violations")["value"].tolist(),
    "alt": antq.draw(records, view).alt,
    "said": antq.headline(records, **told, language="en"),
    "slides": " ".join(s.text_frame.text for p in slides for s in p.shapes if s.has_text_frame),
    "again": antq.reproduce(picture, records).alt,
    "hidden": public.row("traffic_violations", unit)["state"],
    "sample": len(antq.load_records()),
}))
"""


@pytest.mark.slow
def test_traffic_violations_go_all_the_way(tmp_path):
    """Read from office files, totalled, drawn, briefed, suppressed, stamped and drawn again."""
    for folder in (DATA, DATA.parent / "antq_helpers"):
        shutil.copytree(folder, tmp_path / folder.name)
    for name, rows in (("measures", [MEASURE.values()]), ("words", WORDS)):
        with (tmp_path / "data" / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    counted = [3 if name == "Tuy Lộc" else 10 * at for at, name in enumerate(found["names"], 1)]
    total = sum(counted)
    assert found["read"] == counted
    assert found["total"] == [total] * 5
    assert f"from {total:,} to {total:,}" in found["alt"]
    assert f"{total:,} traffic violations" in found["said"]
    assert "vi phạm giao thông" in found["slides"]
    assert "giao thông" in found["again"]
    assert found["hidden"] == "hidden"
    assert found["sample"] > 1000
