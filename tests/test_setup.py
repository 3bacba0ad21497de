"""The files that set the workbook up agree with each other, and `make` sets up when it must."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement

HERE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((HERE / "environment.yml").read_text(encoding="utf-8"))
LOCK = re.sub(
    r" \\\n +", " ", (HERE / "requirements.lock").read_text(encoding="utf-8")
).splitlines()

# conda-forge splits these two, so that who only draws need not install Qt or statsmodels.
NAMES_ON_PYPI = {"matplotlib-base": "matplotlib", "seaborn-base": "seaborn"}

PINNED = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)( ; [^\\]+?)?( --hash=sha256:\w{64})+"
)


def asked_for() -> dict[str, str]:
    """Name and specifier of each package that pyproject.toml asks for, to run and to test."""
    listed = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
    return {(r := Requirement(text)).name: str(r.specifier) for text in listed}


def conda_specs() -> dict[str, rattler.MatchSpec]:
    """What environment.yml asks conda for, read by conda's own parser, by the name on PyPI."""
    texts = [text for text in ENVIRONMENT["dependencies"] if isinstance(text, str)]
    specs = {(s := rattler.MatchSpec(t, strict=True)).name.normalized: s for t in texts}
    return {NAMES_ON_PYPI.get(name, name): spec for name, spec in specs.items()}


def pip_lines() -> list[str]:
    """What environment.yml leaves to pip."""
    return next(part["pip"] for part in ENVIRONMENT["dependencies"] if isinstance(part, dict))


def locked() -> list[tuple[str, str]]:
    """Name and version of each line of the lock; a package may have one per range of Pythons."""
    return [(m["name"], m["version"]) for m in map(PINNED.fullmatch, LOCK) if m]


def same(specifier: str) -> set[str]:
    """The parts of a specifier, whatever their order."""
    return set(specifier.split(","))


def test_environment_asks_for_the_packages_of_pyproject_with_the_same_specifiers():
    """environment.yml and pyproject.toml name the same packages and the same versions."""
    by_conda = {name: same(spec.version or "") for name, spec in conda_specs().items()}
    for own in ("python", "pip"):
        by_conda.pop(own)
    by_pip = [Requirement(line) for line in pip_lines() if not line.startswith("--editable")]
    both = by_conda | {r.name: same(str(r.specifier)) for r in by_pip}
    assert both == {name: same(specifier) for name, specifier in asked_for().items()}


def test_environment_installs_this_package_itself():
    """The last thing that pip does for conda is to install the folder in place."""
    assert pip_lines()[-1] == "--editable ."


def test_environment_says_why_each_package_is_there():
    """Each package in environment.yml has its reason on the same line."""
    text = (HERE / "environment.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^ +- ([\w-]+ [>=<].*)$", text, flags=re.MULTILINE)
    assert len(lines) == len(asked_for()) + 1  # and Python
    unexplained = [line for line in lines if not re.search(r"  # \w", line)]
    assert unexplained == ["python >=3.11"]


def test_environment_lock_and_pyproject_begin_at_the_same_python():
    """One oldest Python is promised, resolved for and asked for."""
    oldest = PROJECT["requires-python"]
    assert conda_specs()["python"].version == oldest
    assert f"--python-version {oldest.removeprefix('>=')} " in (HERE / "Makefile").read_text()


def test_every_line_of_the_lock_is_one_version_with_its_hashes():
    """Nothing else stands in the lock: no address, no index, no wheels, no bare version."""
    assert [line for line in LOCK if not PINNED.fullmatch(line)] == []
    assert len(LOCK) > 100


@pytest.mark.parametrize("name", asked_for())
def test_lock_holds_what_pyproject_asks_for(name):
    """Each package is locked, to versions that pip's rules and conda's rules both accept."""
    versions = [version for package, version in locked() if package == name]
    assert versions, f"{name} is not in requirements.lock: make lock"
    specifier = asked_for()[name]
    for version in versions:
        assert Requirement(f"{name}{specifier}").specifier.contains(version)
        assert rattler.VersionSpec(specifier).matches(rattler.Version(version))


def test_commits_keep_what_notebooks_printed():
    """The hook strips notebooks without outputs and counts, which the strict comparison needs."""
    config = yaml.safe_load((HERE / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = {hook["id"]: hook["entry"].split() for hook in config["repos"][0]["hooks"]}
    assert list(hooks) == ["ruff-check", "ruff-format", "nbstripout"]
    assert {"--keep-output", "--keep-count"} <= set(hooks["nbstripout"])


def test_citation_names_the_version_of_the_package():
    """Who cites the workbook cites the version that is installed."""
    citation = yaml.safe_load((HERE / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]


# Stands in for uv and for the Python that it makes: notes each call, installs nothing.
FAKE_UV = """#!/bin/sh
echo "$@" >> calls
case "$1 $2" in
    "python find") echo /usr/bin/python3 ;;
    "venv --quiet") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "pip install") test ! -e cut_the_network ;;
esac
"""
# Answers where it is, and makes a .venv with itself in it.
FAKE_PYTHON = """#!/bin/sh
echo "$@" >> calls
case "$1 $2" in
    "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    -c*) echo "$0" ;;
esac
"""
BROKEN = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
NAMES = ["uv", "python", "python3", *(f"python3.{minor}" for minor in range(11, 15))]


class Checkout:
    """A copy of the files that set up, with programs of our choice first on the PATH."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "bin").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy(HERE / name, folder)
        self.provide("uv", FAKE_UV)

    def provide(self, name: str, script: str) -> None:
        """Put a program first on the PATH."""
        program = self.folder / "bin" / name
        program.write_text(script)
        program.chmod(0o755)

    def make(self, target: str) -> subprocess.CompletedProcess:
        """Run make as from a fresh shell, even where these tests were started by make."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        env["PATH"] = f"{self.folder / 'bin'}:{env['PATH']}"
        command = ["make", target]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True)

    def times_set_up(self) -> int:
        """How often .venv was made."""
        return (self.folder / "calls").read_text().count("venv --quiet")


@pytest.fixture
def checkout(tmp_path):
    """A fresh clone, as far as set-up sees it."""
    if not shutil.which("make"):
        pytest.skip("there is no make here: conda and Binder do without")
    return Checkout(tmp_path / "a clone")


@pytest.mark.parametrize("target", ["lab", "test", "check", "print-test", "bench"])
def test_each_way_in_sets_up_first_and_only_once(checkout, target):
    """The first run of any target makes .venv and says so in one line, the second does not."""
    first, second = checkout.make(target), checkout.make(target)
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.count("Making .venv with uv") == 1
    assert "Making" not in second.stdout
    assert checkout.times_set_up() == 1


def test_jupyterlab_is_told_to_ask_for_no_news(checkout):
    """Set-up leaves settings that JupyterLab can read, without news and without update checks."""
    checkout.make("lab")
    settings = checkout.folder / ".venv/share/jupyter/lab/settings/overrides.json"
    told = json.loads(settings.read_text())["@jupyterlab/apputils-extension:notification"]
    assert told == {"fetchNews": "false", "checkForUpdates": False}


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_list_of_packages_sets_up_anew(checkout, name):
    """A newer lock or pyproject.toml makes .venv again."""
    checkout.make("test")
    made = (checkout.folder / ".venv" / "ready").stat().st_mtime
    os.utime(checkout.folder / name, (made + 1, made + 1))
    checkout.make("test")
    assert checkout.times_set_up() == 2


def test_a_moved_folder_sets_up_anew(checkout):
    """A .venv that points to the place where the folder was before is not used."""
    checkout.make("test")
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("another place"))
    checkout.make("test")
    assert checkout.times_set_up() == 2


def test_an_interrupted_set_up_is_not_taken_for_a_finished_one(checkout):
    """Where installing failed, make fails, and the next run starts over."""
    (checkout.folder / "cut_the_network").touch()
    assert checkout.make("test").returncode != 0
    (checkout.folder / "cut_the_network").unlink()
    assert checkout.make("test").returncode == 0
    assert checkout.times_set_up() == 2


def test_without_a_python_that_runs_one_line_says_what_to_install(checkout):
    """Names that exist and fail, as pyenv leaves behind, count as no Python."""
    for name in NAMES:
        checkout.provide(name, BROKEN)
    outcome = checkout.make("test")
    assert outcome.returncode != 0
    assert re.fullmatch(r".*Python 3\.11 or later .* is needed.*\n", outcome.stderr)
    assert outcome.stdout == ""


def test_pip_makes_the_environment_where_there_is_no_uv(checkout):
    """Without uv the Python that was found is asked for venv, and pip for every hash."""
    for name in NAMES:
        checkout.provide(name, BROKEN)
    checkout.provide("python3.12", FAKE_PYTHON)
    outcome = checkout.make("test")
    assert outcome.returncode == 0, outcome.stderr
    assert "Making .venv with pip" in outcome.stdout
    calls = (checkout.folder / "calls").read_text()
    assert re.search(r"-m pip install .*--require-hashes -r requirements\.lock", calls)
