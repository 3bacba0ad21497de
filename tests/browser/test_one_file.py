"""The page in one file shows what `tabulate` gives, for any choice, without a network."""

import html
import json
import random
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from test_accessibility import WCAG

import antq_helpers as antq
from antq_helpers import View
from antq_helpers.dictionary import measures_of
from antq_helpers.drawing.chart import message_of
from antq_helpers.drawing.figure import alt_text, chart_of
from antq_helpers.drawing.series import numbers_in
from antq_helpers.exploring.one_file import write_page
from antq_helpers.exploring.tables import table_html
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE

READ = """(choice) => {
    const { panels, columns, ...message } = compose(antq.page, choice);
    const plain = (values) => values.map((v) => (v === null || Number.isNaN(v) ? null
        : v === Infinity ? 1e308 : v));
    return { ...message, columns: Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [name, plain(values)])) };
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    return {
        "internal": write_page(SAMPLE, folder / "internal.html", audience="internal"),
        "public": write_page(SAMPLE, folder / "public.html", audience="public"),
    }


@pytest.fixture(scope="module")
def pages(browser, files):
    """Both pages, opened as by a double click, with nothing to ask a network for."""
    context = browser.new_context(viewport={"width": 1250, "height": 1000}, offline=True)
    opened = {}
    for audience, path in files.items():
        page = opened[audience] = context.new_page()
        page.asked = []
        page.on("request", lambda request, asked=page.asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("canvas")
    yield opened
    context.close()


def random_choices(count, seed=20):
    """Draw choices of a trend; each is a view, and what the page calls it."""
    draw = random.Random(seed)
    names = list(antq.total_by(SAMPLE, "commune", period="year")["commune"].unique())
    for _ in range(count):
        first, last = sorted(draw.choices(range(2013, 2023), k=2))
        communes = draw.choice(["city", "kinds", draw.sample(names, draw.randint(1, 5)), names])
        settings = {
            "measures": draw.sample(measures_of(SAMPLE), draw.randint(1, 2)),
            "years": (first, last),
            "by": draw.choice(["year", "half", "quarter", "month"]),
            "language": draw.choice(["en", "vi"]),
        }
        if draw.random() < 0.5:
            settings["per"] = 1000
        chosen = communes
        if communes == "kinds":
            settings["split"] = "kind"
        elif communes != "city":
            settings["communes"] = communes
            chosen = sorted(names.index(name) for name in communes)
        yield View(audience="internal", **settings), {"per": 0, **settings, "communes": chosen}


def message(view, numbers=None):
    numbers = antq.tabulate(SAMPLE, view) if numbers is None else numbers
    found = message_of(chart_of(numbers, view), numbers, view, alt_text(numbers, view))
    columns = {name: np.frombuffer(held) for name, held in found["columns"].items()}
    return json.loads(json.dumps({**found, "columns": {}})), columns


def differences(shown, view, numbers=None):
    """List what a picture of the page says otherwise than the explorer's."""
    wanted, columns = message(view, numbers)
    names = ("spec", "series", "periods", "says", "states", "notes", "mark", "alt", "legend")
    found = [name for name in names if shown[name] != wanted[name]]
    found += [
        name for name, value in wanted["params"].items() if not _close(shown["params"][name], value)
    ]
    for name, values in columns.items():
        mine = np.array(shown["columns"].get(name, [None] * len(values)), float)
        same = mine.shape == values.shape and np.allclose(
            np.minimum(mine, 1e9), np.minimum(values, 1e9), atol=1.1e-4, rtol=0, equal_nan=True
        )
        if not same and name != "dashed":  # targets are not in the page
            found.append(f"column {name}")
    return found


def _close(shown, wanted):
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], float | int):
        return np.allclose(shown, wanted, atol=2e-4)
    return shown == wanted if not isinstance(wanted, float) else abs(shown - wanted) < 2e-4


def cells_of(table):
    """Return the texts of a table's cells, in order."""
    texts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table)
    return [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in texts]


def missed_by(page, view, choice, numbers):
    """List what the page says of a choice otherwise than the explorer's picture and table."""
    missed = differences(page.evaluate(READ, choice), view, numbers)
    shown = page.evaluate(
        "(choice) => tableOf(antq.page, choice, compose(antq.page, choice)).outerHTML", choice
    )
    return missed + ["table"] * (cells_of(shown) != cells_of(table_html(numbers, view)))


def test_fifty_random_choices_show_the_numbers_of_tabulate(pages):
    missed = []
    for view, choice in random_choices(50):
        found = missed_by(pages["internal"], view, choice, antq.tabulate(SAMPLE, view))
        missed += [(view, name) for name in found]
    assert not missed


def test_a_public_page_shows_what_its_release_does(pages):
    window = look_back(SAMPLE, 2022, audience="public")
    units = [name for name, _ in window.units.values() if name]
    draw, missed = random.Random(5), []
    for _ in range(20):
        communes = draw.choice([None, draw.sample(units, 3), units])
        told = {
            "measures": draw.sample(measures_of(SAMPLE), 2),
            "language": draw.choice(["en", "vi"]),
        }
        if draw.random() < 0.5:
            told["per"] = 1000
        view = View(audience="public", period=window.period, communes=communes, **told)
        chosen = "city" if communes is None else sorted(map(units.index, communes))
        choice = {"per": 0, **told, "by": view.by, "years": [2000, 2022], "communes": chosen}
        found = missed_by(pages["public"], view, choice, numbers_in(window, view))
        missed += [(view, name) for name in found]
    assert not missed
    assert set(window.totals["state"]) >= {"hidden"}


@pytest.mark.parametrize("kind", ["ranking", "tile_map", "heatmap", "funnel", "small_multiples"])
def test_pictures_of_communes_are_those_of_the_explorer(pages, kind):
    """Numbers, texts and table; of one year where the kind has them."""
    ask = "([kind, measure, key, language]) => messageOf(antq.page, kind, measure, key, language)"
    for measure, year in [("tips", None), ("valuable_share", 2021), ("sessions", 2015)]:
        years = (year, year) if year and kind in ("ranking", "tile_map") else None
        view = View(kind=kind, measures=[measure], years=years, language="vi", audience="internal")
        numbers = antq.tabulate(SAMPLE, view)
        shown = pages["internal"].evaluate(
            ask, [kind, measure, str(years[0]) if years else "", "vi"]
        )
        wanted, columns = message(view, numbers)
        for name in ("spec", "series", "says", "notes", "mark", "alt", "legend"):
            assert shown[name] == wanted[name], (kind, name)
        for name, values in columns.items():
            mine = np.array(shown["columns"][name], float)
            close = np.isclose(mine, values, atol=1.1e-4, equal_nan=True) | (mine == values)
            assert close.all(), (kind, name)
        assert cells_of(shown["table"]) == cells_of(table_html(numbers, view))


def test_the_page_asks_for_nothing_and_is_small(pages, files):
    assert all(page.asked == [files[name].as_uri()] for name, page in pages.items())
    assert all(path.stat().st_size < 3_000_000 for path in files.values())


@pytest.fixture
def page(pages):
    """The internal page, opened anew."""
    page = pages["internal"]
    page.reload()
    page.wait_for_selector("[aria-busy=false] canvas")
    return page


def pick(page, label, value):
    page.get_by_label(label, exact=True).select_option(value)
    drawn(page)


def drawn(page):
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    page.wait_for_timeout(100)


def titles(page):
    return page.evaluate("() => compose(antq.page, antq.choice).params.titles")


def spot(page, name, number=0):
    """Return where a mark of a unit stands on the screen."""
    box = page.locator(".antq-picture").nth(number).bounding_box()
    marks = page.evaluate("(number) => antq.pictures[number].marks()", number)
    mark = next(mark for mark in marks if mark["name"] == name)
    return box["x"] + mark["x"], box["y"] + mark["y"]


def test_the_hand_on_the_page(page):
    """Language, list, search, click, drag over years, double click, and kinds of pictures."""
    pick(page, "Ngôn ngữ", "en")
    assert page.title() == "The ANTQ movement: Whole city, 2013–2022"
    assert page.get_by_text("SYNTHETIC FIGURES, FOR ILLUSTRATION").first.is_visible()
    page.get_by_role("searchbox").fill("tuy")
    page.get_by_label("Communes and wards", exact=True).select_option(label=["Tuy Lộc"])
    page.get_by_role("searchbox").fill("")
    drawn(page)
    assert titles(page)[0] == "Tips received, Tuy Lộc, 2013–2022"
    page.get_by_label("Communes and wards", exact=True).select_option(label=["Tuy Lộc", "Đồng Tâm"])
    drawn(page)
    page.mouse.click(*spot(page, "Đồng Tâm"))
    page.wait_for_function(
        "() => compose(antq.page, antq.choice).params.titles[0].includes('Đồng Tâm')"
    )
    box = page.locator(".antq-picture").first.bounding_box()
    page.mouse.move(box["x"] + 260, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 520, box["y"] + 100, steps=4)
    page.mouse.up()
    page.wait_for_function("() => antq.choice.years[0] > 2013 && antq.choice.years[1] < 2022")
    page.mouse.dblclick(box["x"] + 400, box["y"] + 100)
    page.wait_for_function("() => antq.choice.years.join() === '2013,2022'")
    for kind in ("heatmap", "tile_map", "funnel", "small_multiples", "ranking"):
        pick(page, "Picture", kind)
        page.screenshot(path=f"out/browser/one-file-{kind}.png", full_page=True)
    pick(page, "Year", "2021")
    assert "2021" in page.locator(".antq-picture").first.get_attribute("aria-label")
    page.mouse.click(*spot(page, "Minh Tân"))
    page.wait_for_function("() => document.querySelectorAll('canvas').length === 2")
    alt = page.locator(".antq-picture").nth(1).get_attribute("aria-label")
    assert "Minh Tân" in alt
    page.get_by_role("button", name="None").click()
    drawn(page)
    assert not page.locator(".antq-picture").nth(1).is_visible()


def test_arrows_read_the_marks(page):
    page.locator(".antq-picture").first.focus()
    page.keyboard.press("ArrowRight")
    said = page.locator(".antq-spoken").first.inner_text()
    assert said.startswith("Toàn thành phố, 2013. Nguồn tin tiếp nhận: 381. Khoảng tin cậy 95%")


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_axe_finds_nothing_on_the_page(pages, audience):
    page = pages[audience]
    page.reload()
    page.wait_for_selector("canvas")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
    assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found["violations"]] == []
    page.screenshot(path=f"out/browser/one-file-{audience}.png", full_page=True)
