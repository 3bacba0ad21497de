"""What the hand does on a picture: hover, click, drag and keys, for each kind, without a network.

The pictures are shown as an explorer shows them, but on an empty page; that the explorer follows is
tested in the other files, and at the end of this one.
"""

import json

import numpy as np
import pytest
from test_compare_communes import explorer, page  # noqa: F401

import antq_helpers as antq
from antq_helpers import View
from antq_helpers.dictionary import number
from antq_helpers.drawing.chart import STATES, message_of
from antq_helpers.drawing.figure import alt_text, chart_of
from antq_helpers.exploring.controls import STYLE, library, read_script
from conftest import settle
from tests.quick import SAMPLE
from tests.test_kinds import data_of

VIEWS = {
    "trend": View(communes=["Tuy Lộc", "Đồng Tâm"]),
    "ranking": View(kind="ranking"),
    "tile_map": View(kind="tile_map", language="vi"),
    "heatmap": View(kind="heatmap", measures=["sessions"]),
    "funnel": View(kind="funnel"),
    "small_multiples": View(kind="small_multiples"),
    "control": View(kind="control", communes=["Tuy Lộc"]),
    "stock": View(kind="stock"),
}
SHOW = """async (message) => {
    document.body.replaceChildren();
    const box = document.body.appendChild(document.createElement("div"));
    box.style.width = "860px";
    window.done = [];
    window.picture = livePicture(box, {
        click: (name) => done.push(["click", name]),
        zoom: (...ends) => done.push(["zoom", ...ends]),
    });
    await picture.show(message);
}"""


def sent(view, data=None):
    """Return what an explorer sends to the browser for a view, its columns as lists."""
    numbers = antq.tabulate(data_of(view) if data is None else data, view)
    chart = chart_of(numbers, view)
    message = message_of(chart, numbers, view, alt_text(numbers, view))
    for name, held in message["columns"].items():
        values = np.frombuffer(held)
        message["columns"][name] = [v if np.isfinite(v) else None for v in values.tolist()]
    return json.loads(json.dumps(message)), numbers


@pytest.fixture(scope="module")
def sheet(browser):
    """An empty page with our script and Vega, cut off from the network."""
    sheet = browser.new_page(viewport={"width": 900, "height": 900})
    sheet.context.set_offline(True)
    sheet.set_content(f"<html lang='en'><head>{STYLE}</head><body></body></html>")
    sheet.add_script_tag(content=read_script("live.js"))
    sheet.evaluate("(code) => { useLibrary(code); }", library())
    yield sheet
    sheet.close()


def hover(sheet, x, y):
    """Point at a place of the picture, in pixels from its upper left corner."""
    box = sheet.locator(".antq-picture").bounding_box()
    sheet.mouse.move(box["x"] + x - 3, box["y"] + y)
    sheet.mouse.move(box["x"] + x, box["y"] + y)
    tip = sheet.locator(".antq-tip")
    return tip.inner_text().splitlines() if tip.is_visible() else []


def spots(sheet):
    """Return the marks as the picture knows them: place in the rows, name, x and y in pixels."""
    found = sheet.evaluate("() => picture.marks()")
    assert found
    return found


@pytest.mark.parametrize("kind", VIEWS)
def test_each_mark_says_name_value_and_interval_under_the_pointer(sheet, kind):
    """Six marks of each kind, as the numbers have them, in the language of the view."""
    view = VIEWS[kind]
    message, numbers = sent(view)
    sheet.evaluate(SHOW, message)
    marks = spots(sheet)
    assert len({mark["place"] for mark in marks}) == len(numbers)
    for mark in marks[:: max(len(marks) // 6, 1)]:
        row = {name: column[mark["place"]] for name, column in message["columns"].items()}
        said = hover(sheet, mark["x"], mark["y"])
        names = {look["name"] for look in message["series"]}
        assert said, (kind, mark)
        assert said[0].split(",")[0] in names
        whole = message["says"][int(row["panel"])]["digits" if kind != "stock" else "lines"]
        digits = whole["value"] if kind != "stock" else 0
        if row["value"] is not None:
            values = [number(row["value"], view.language, digits)]
            at_least = [other for other in marks if abs(other["x"] - mark["x"]) < 3]
            if len(at_least) == 1 or kind != "trend":
                assert any(values[0] in line for line in said), (kind, said, values)
    sheet.screenshot(path=f"out/browser/live-{kind}.png")


INK = """() => picture.marks().sort((a, b) => a.place - b.place).map(({ name, x, y }) => {
    const canvas = document.querySelector(".antq-live canvas");
    const [right, down] = [canvas.width / canvas.clientWidth, canvas.height / canvas.clientHeight];
    const ink = canvas.getContext("2d").getImageData(x * right, y * down, 1, 1).data;
    return [name, "#" + [...ink].slice(0, 3).map((c) => c.toString(16).padStart(2, "0")).join("")];
})"""


def far_apart(ink, colour):
    """Check whether two colours differ by more than softened edges do."""
    pairs = ((int(c[at : at + 2], 16) for c in (ink, colour)) for at in (1, 3, 5))
    return any(abs(one - other) > 16 for one, other in pairs)


@pytest.mark.parametrize("kind", ["trend", "ranking", "small_multiples"])
def test_a_mark_is_pointed_at_where_it_is_drawn(sheet, kind):
    """Its ink is in the middle of the ring, not beside it or at the end of its interval."""
    message, numbers = sent(VIEWS[kind])
    sheet.evaluate(SHOW, message)
    inks = sheet.evaluate(INK)
    assert len(inks) == len(numbers)
    colours = {look["name"]: look["colour"] for look in message["series"] if not look.get("whole")}
    partial = [code == STATES.index("partial") for code in message["columns"]["state"]]
    missed = [
        (name, ink)
        for (name, ink), hollow in zip(inks, partial, strict=True)
        if name in colours and not hollow and far_apart(ink, colours[name])
    ]
    assert len(missed) <= len(inks) / 10, missed  # where another line crosses it


@pytest.mark.parametrize(
    "kind", ["trend", "ranking", "tile_map", "heatmap", "funnel", "small_multiples"]
)
def test_a_click_names_the_commune_and_empty_ground_takes_it_back(sheet, kind):
    """The rest turns pale while one is pointed at."""
    message, _ = sent(VIEWS[kind])
    sheet.evaluate(SHOW, message)
    mark = next(mark for mark in spots(sheet) if mark["name"] not in ("City mean", "Whole city"))
    box = sheet.locator(".antq-picture").bounding_box()
    sheet.mouse.click(box["x"] + mark["x"], box["y"] + mark["y"])
    sheet.wait_for_function("() => done.length == 1")
    name = sheet.evaluate("() => done[0][1]")
    assert name in {look["name"] for look in message["series"]}
    assert sheet.evaluate("() => picture.lit()") == name
    sheet.mouse.click(box["x"] + 3, box["y"] + 3)
    sheet.wait_for_function("() => done.length == 2")
    assert sheet.evaluate("() => done[1]") == ["click", None]


def test_a_drag_over_periods_zooms_and_a_double_click_goes_back(sheet):
    """Both ends are periods that were dragged over; clicks are not taken for it."""
    message, _ = sent(VIEWS["trend"])
    sheet.evaluate(SHOW, message)
    at = {message["columns"]["at"][m["place"]]: m for m in spots(sheet)}
    box = sheet.locator(".antq-picture").bounding_box()
    sheet.mouse.move(box["x"] + at[2]["x"] - 15, box["y"] + 90)
    sheet.mouse.down()
    sheet.mouse.move(box["x"] + at[5]["x"] + 15, box["y"] + 90, steps=5)
    assert sheet.locator(".antq-span").is_visible()
    sheet.mouse.up()
    assert sheet.evaluate("() => done") == [["zoom", 2, 5]]
    sheet.mouse.dblclick(box["x"] + 300, box["y"] + 5)
    sheet.wait_for_timeout(400)
    assert sheet.evaluate("() => done") == [["zoom", 2, 5], ["zoom"]]


@pytest.mark.parametrize("kind", VIEWS)
def test_arrows_go_from_mark_to_mark_and_read_it(sheet, kind):
    """Every mark can be reached; what is read is what the pointer would show."""
    message, numbers = sent(VIEWS[kind])
    sheet.evaluate(SHOW, message)
    picture = sheet.locator(".antq-picture")
    picture.focus()
    heard = []
    for _ in range(min(len(numbers), 40)):
        sheet.keyboard.press("ArrowRight")
        heard.append(sheet.locator(".antq-spoken").inner_text())
    assert all(heard)
    assert len(set(heard)) >= 0.9 * len(heard)
    sheet.keyboard.press("Home")
    first = sheet.locator(".antq-spoken").inner_text()
    assert first == heard[0]
    sheet.keyboard.press("Enter")
    sheet.keyboard.press("Escape")
    sheet.wait_for_function("() => done.at(-1)?.[0] === 'click' && done.at(-1)[1] === null")
    assert picture.get_attribute("aria-label").startswith(message["alt"][:20])


def test_the_same_rounding_as_in_the_tables(sheet):
    """Halves go away from zero, in both languages."""
    for value in (6.25, 0.35, 2368.5, 1234567.891, 0.05, 12.5, 99.95):
        for language in ("en", "vi"):
            for digits in (0, 1, 2):
                ask = [value, language, digits]
                shown = sheet.evaluate("(a) => written(...a)", ask)
                assert shown == number(value, language, digits)


def test_missing_and_partial_periods_say_so(sheet):
    """Not a value of 0."""
    records = SAMPLE[~((SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["year"] == 2016))]
    message, _ = sent(View(measures=["tips"], communes=["Tuy Lộc", "Đồng Tâm"]), records)
    sheet.evaluate(SHOW, message)
    gone = next(m for m in spots(sheet) if message["columns"]["gone"][m["place"]])
    assert hover(sheet, gone["x"], gone["y"]) == ["Tuy Lộc, 2016", "Not reported"]


def test_a_target_is_told_of_a_year_with_and_without_reports(sheet):
    """At the point of its year, and where there is none, at its dash."""
    records = SAMPLE[~((SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["year"] == 2016))]
    targets = [("Tuy Lộc", "tips", year, 40) for year in (2016, 2018)]
    message, _ = sent(View(measures=["tips"], communes=["Tuy Lộc"], targets=targets), records)
    sheet.evaluate(SHOW, message)
    columns = message["columns"]
    aimed = [m for m in spots(sheet) if columns["dashed"][m["place"]]]
    said = {tuple(hover(sheet, mark["x"], mark["y"])) for mark in aimed}
    gone, known = sorted(said)
    assert gone == ("Tuy Lộc, 2016", "Target of the year: 40", "Not reported")
    assert (known[0], known[-1]) == ("Tuy Lộc, 2018", "Target of the year: 40")
    sheet.screenshot(path="out/browser/live-targets.png")


@pytest.mark.parametrize("kind", ["ranking", "heatmap"])
def test_a_name_at_an_axis_answers_as_its_mark(sheet, kind):
    message, _ = sent(VIEWS[kind])
    sheet.evaluate(SHOW, message)
    mark = min(spots(sheet), key=lambda mark: mark["x"])
    said = [hover(sheet, x, mark["y"]) for x in range(4, int(mark["x"]) - 12, 8)]
    first = next(filter(None, said))
    assert first[0].split(",")[0] == mark["name"]
    hover(sheet, 4 + 8 * said.index(first), mark["y"])
    assert sheet.locator(".antq-ring").is_hidden()  # it is not the mark itself that answers


def test_the_city_stays_when_a_commune_comes_forward(sheet):
    message, _ = sent(VIEWS["trend"])
    sheet.evaluate(SHOW, message)
    before = sheet.evaluate(INK)
    mark = next(mark for mark in spots(sheet) if mark["name"] == "Tuy Lộc")
    hover(sheet, mark["x"], mark["y"])
    after = sheet.evaluate(INK)
    pairs = list(zip(before, after, strict=True))
    changed = {one for (one, ink), (_, now) in pairs if far_apart(now, ink)}
    assert changed == {"Đồng Tâm"}


# ---- in the explorer ----


def test_a_click_on_the_ranking_opens_the_control_chart(page, explorer):  # noqa: F811
    """List and code follow; empty ground takes it back."""
    stage = explorer.locator(".antq-picture").first
    stage.scroll_into_view_if_needed()
    settle(page)
    box = stage.bounding_box()
    for height in range(60, 400, 4):
        page.mouse.move(box["x"] + 380, box["y"] + height)
        if explorer.locator(".antq-tip").first.is_visible():
            break
    name = explorer.locator(".antq-tip b").first.inner_text().split(",")[0]
    page.mouse.click(box["x"] + 380, box["y"] + height)
    page.wait_for_function(
        """name => document.querySelectorAll('.antq-explorer .antq-picture')[1]
            ?.ariaLabel?.includes(name)""",
        arg=name,
    )
    chosen = explorer.locator("select[multiple]").evaluate("l => l.selectedOptions[0].value")
    assert chosen == name
    page.mouse.click(box["x"] + 4, box["y"] + 4)
    page.wait_for_function(
        "() => document.querySelectorAll('.antq-explorer .antq-picture')[1].offsetHeight == 0"
    )


def test_an_explorer_says_that_its_program_has_stopped(page, explorer):  # noqa: F811
    """After a restart of the kernel, at the picture, in the language of the view."""
    assert explorer.locator(".antq-stopped").first.is_hidden()
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    said = explorer.locator(".antq-stopped").first
    said.wait_for(timeout=60_000)
    assert said.inner_text().startswith("The program behind these controls has stopped")
    page.screenshot(path="out/browser/stopped.png")
