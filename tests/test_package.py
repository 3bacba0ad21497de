"""The package as a whole: quick to import, its names public, its layers in order."""

import ast
import inspect
import re
import subprocess
import sys
from functools import cache
from inspect import ismodule
from pathlib import Path

import pytest

import antq_helpers
from antq_helpers import check_file, load_records
from tests.books import book

ROOT = Path(antq_helpers.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in MODULES]
# In which order data flow: a module imports from its own floor and those before it.
FLOORS = (
    ("dictionary", "problems", "office"),
    ("tables",),
    ("places", "records"),
    ("reading",),
    ("measuring",),
    ("drawing",),
    ("exploring", "briefing"),
    ("reviewing",),
    ("serving",),
    ("__main__",),
)
HEAVY = ("pandas", "numpy", "matplotlib", "scipy", "seaborn", "ipywidgets", "anywidget", "PIL")


def floor(name):
    """Return the floor of a module of the package."""
    first = name.split(".")[0]
    return next(number for number, rooms in enumerate(FLOORS) if first in rooms)


@cache
def imported(path):
    """List the modules of the package that a module imports, wherever it does so."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name for name in whole if name.removeprefix("antq_helpers.") in NAMES]
            found += modules or [node.module]
    ours = (name for name in found if name.split(".")[0] == "antq_helpers")
    return [name.removeprefix("antq_helpers").lstrip(".") for name in ours]


def run(code):
    """Run code in a fresh interpreter; return the words that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def test_importing_loads_nothing_heavy():
    """Neither pandas nor matplotlib nor a module of our own: names load when first used."""
    loaded = run("import sys, antq_helpers; print(*sys.modules)")
    assert "antq_helpers" in loaded
    assert not [name for name in loaded if name.split(".")[0] in HEAVY]
    assert not [name for name in loaded if name.startswith("antq_helpers.")]


@pytest.mark.slow
def test_drawing_a_view_loads_no_pyplot():
    """It would choose a backend, and keep every figure."""
    loaded = run(
        "import sys, antq_helpers as antq; antq.draw(antq.load_records(), antq.View());"
        "print(*sys.modules)"
    )
    assert "matplotlib.figure" in loaded
    assert "matplotlib.pyplot" not in loaded


@pytest.mark.parametrize("name", antq_helpers.__all__)
def test_every_public_name_loads(name):
    """From the module that is its home, once."""
    value = getattr(antq_helpers, name)
    assert value is getattr(antq_helpers, name)
    assert value.__name__.rpartition(".")[2] == name
    assert name in dir(antq_helpers)


def test_public_names_are_few_and_editors_see_where_each_is_defined():
    """The list is a stub, in which a name's module is its own."""
    stub = ast.parse((ROOT / "__init__.pyi").read_text(encoding="utf-8"))
    homes = {
        alias.asname: node.module
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(homes) == set(antq_helpers.__all__)
    assert len(homes) <= 50
    for name, home in homes.items():
        value = getattr(antq_helpers, name)
        found = value.__name__.removesuffix(f".{name}") if ismodule(value) else value.__module__
        assert found == f"antq_helpers.{home}", name


def test_public_names_are_sorted_and_told_once():
    """As a reader looks them up."""
    assert antq_helpers.__all__ == sorted(set(antq_helpers.__all__))


def test_an_unknown_name_is_refused_with_those_that_there_are():
    """The message lists them all."""
    expected = rf"^antq_helpers has no 'plot'. It has: {', '.join(antq_helpers.__all__)}\.$"
    with pytest.raises(AttributeError, match=expected):
        _ = antq_helpers.plot


@pytest.mark.parametrize("name", antq_helpers.__all__)
def test_every_public_name_is_documented(name):
    """What it is in the first line; a function's parameters or an example below."""
    value = getattr(antq_helpers, name)
    first, _, rest = inspect.getdoc(value).partition("\n")
    assert first.endswith(".")
    if inspect.isfunction(value):
        assert re.search(r"^(Parameters|Examples)\n-{6,}$", rest, re.MULTILINE)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_begins_with_one_sentence_and_holds_one_subject(path):
    """Its first line is its docstring; over 600 lines beside comments are two subjects."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r'"""[A-Z]', lines[0])
    assert ast.get_docstring(ast.parse("\n".join(lines))).split("\n")[0].rstrip().endswith(".")
    assert sum(not line.lstrip().startswith("#") for line in lines) <= 600


def test_first_lines_of_docstrings_are_plain():
    """With the verbs that libraries use, and no module as a riddle: "Records in; totals out."."""
    found = []
    for path, name in zip(MODULES, NAMES, strict=True):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
                continue
            first = (ast.get_docstring(node) or "").partition("\n")[0]
            riddle = isinstance(node, ast.Module) and re.search(r" in; .* out\.", first)
            if riddle or re.match(r"(Give|Say|Take|Hold|Tell)s?\b", first):
                found.append(f"{name}: {first}")
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_imports_point_up_the_list_of_floors(path):
    """What comes in goes out above, and never turns back."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if name == "__init__":
        assert imported(path) == []
        return
    late = [other for other in imported(path) if other and floor(other) > floor(name)]
    assert late == []


def test_every_module_stands_on_a_floor():
    """A new one is given its place in the list above."""
    for name in NAMES:
        assert name == "__init__" or floor(name) >= 0


def test_modules_do_not_import_each_other_in_a_circle():
    """Each can be loaded first."""
    graph = {name.removesuffix(".__init__"): set() for name in NAMES if name != "__init__"}
    for path, name in zip(MODULES, NAMES, strict=True):
        graph.setdefault(name.removesuffix(".__init__"), set()).update(imported(path))
    done, above = set(), []

    def visit(name):
        assert name not in above, " -> ".join([*above, name])
        if name in done or name not in graph:
            return
        above.append(name)
        for other in graph[name]:
            visit(other)
        above.pop()
        done.add(name)

    for name in list(graph):
        visit(name)
    assert len(done) >= len(MODULES) - 1


def test_no_module_speaks_of_the_machine_it_was_written_on():
    """Paths are the package's own."""
    for path in ROOT.rglob("*"):
        if path.suffix in (".py", ".js", ".mplstyle"):
            assert not re.search(r"/(work|home|root|Users)/", path.read_text(encoding="utf-8"))


def test_the_version_is_that_of_the_project():
    """Said in two places, the same."""
    project = (ROOT.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{antq_helpers.__version__}"' in project


def test_the_page_on_architecture_names_what_there_is():
    """Each path exists, and no module of the package is missing from the floors."""
    page = (ROOT.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.(?:py|csv|mplstyle))`", page))
    roots = ROOT, ROOT.parent
    assert [path for path in sorted(named) if not any((r / path).exists() for r in roots)] == []
    floors = page.partition("## The way")[0]
    for name in FLOORS:
        assert all(f"`{room}" in floors for room in name), name


def test_a_workbook_of_five_rows_passes_twenty_modules(tmp_path):
    """A newcomer who follows it from the file to the records reads no more of the package."""
    rows = [["Quý I năm 2022"], ["Xã, phường", "Nguồn tin"], ["Tuy Lộc", 12]]
    rows += [["Âu Lâu", 7], ["Yên Ninh", 4]]
    path, passed = book(tmp_path / "a.xlsx", {"A": rows}), set()
    load_records()

    def note(frame, event, _):
        if event == "call" and (file := Path(frame.f_code.co_filename)).is_relative_to(ROOT):
            passed.add(file)

    sys.setprofile(note)
    try:
        found = check_file(path)
    finally:
        sys.setprofile(None)
    assert len(found.records) == 3
    assert 10 < len(passed) <= 20
