"""The README against the code: every command, flow, parameter, table, view, macro, setting and reason stands in it, and
its SQL runs."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer

from flows import settings
from flows.cli import app
from tests.contracts.code import ROOT, is_within, modules
from tests.contracts.handmade import Story, stage_run
from warehouse import landing, reports, store

README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL)))
EXAMPLES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)


def section(heading: str) -> str:
    """The text below a heading of the README, up to the next of its level."""
    assert f"\n## {heading}\n" in README, f"the README has no section {heading!r}"
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def cells(heading: str, column: int = 0) -> set[str]:
    """What stands between backticks in one column of a section's tables."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section(heading).splitlines() if line.startswith("|")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[column])}


def _commands() -> Iterator[str]:
    for name, command in typer.main.get_command(app).commands.items():
        yield from [f"{name} {inner}" for inner in command.commands] if hasattr(command, "commands") else [name]


COMMANDS = list(_commands())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told(command):
    """By its full name; one of a group may leave out ``dateline``, which a flow's bare name must not stand for."""
    assert CODE & ({command, f"dateline {command}"} if " " in command else {f"dateline {command}"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_explains_itself(command):
    found = typer.main.get_command(app)
    for name in command.split():
        found = found.commands[name]
    assert found.help
    assert [p.name for p in found.params if p.name != "help" and not getattr(p, "help", None)] == []


@pytest.mark.parametrize("name", ["ingest", "backfill", "refine", "maintain", "briefing"])
def test_every_flow_and_its_parameters_are_told(name):
    """In the README, and in the docstring that becomes the run form."""
    (tree,) = [module.tree for module in modules() if module.name == f"flows.{name}"]
    (flow,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    documented = inspect.cleandoc(ast.get_docstring(flow)).split("Args:")[1]
    paragraph = re.search(rf"- \*\*{name}\*\*.*?(?=\n- |\n\n)", section("Schedule and trigger"), re.DOTALL)
    assert paragraph, f"{name} has no paragraph"
    for argument in flow.args.args:
        assert argument.annotation is not None
        assert re.search(rf"^\s+{argument.arg}: \S", documented, re.MULTILINE), argument.arg
        assert f"`{argument.arg}`" in paragraph.group(), argument.arg


def test_there_are_no_other_flows():
    flows = {
        node.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).split("(")[0] == "flow" for d in node.decorator_list)
    }
    assert flows == {"ingest", "backfill", "refine", "maintain", "briefing"}


def test_every_setting_is_told_with_its_default_and_meaning():
    rows = [line.split("|") for line in section("Settings").splitlines() if line.startswith("| `")]
    told = {row[1].strip().strip("`"): (row[2].strip(), row[3].strip()) for row in rows}
    real = {
        f"{name}.{key}": setting
        for name, group in settings.Settings.model_fields.items()
        for key, setting in group.annotation.model_fields.items()
    }
    assert set(told) == set(real)
    for key, setting in real.items():
        default, meaning = told[key]
        assert meaning == setting.description, key
        if setting.default_factory is None:  # else it depends on the machine
            shown = str(setting.default)
            assert default == {"": "none", "None": "none", "False": "false", "True": "true"}.get(shown, shown), key


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published archive of a few articles, dropped entries among them, landed just now."""
    folder = tmp_path_factory.mktemp("archive")
    ferry = "The ferry across the strait will sail again on 27 November, Ada Brand said. “The ferry is safe.”"
    stories = [
        Story(
            url="https://gazette.example/1",
            article_id="ferry",
            title="Ferry to sail the strait again",
            text=ferry,
            people=["Ada Brand"],
            quotes=[("The ferry is safe.", "Ada Brand")],
            days=[("27 November", date(2026, 11, 27))],
        ),
        Story(
            url="https://gazette.example/2",
            article_id="rate",
            title="Bank holds its rate; ferry company borrows",
            text="“The rate stays where it is,” Tom Reed said. The ferry company of the strait owes $2 million.",
            people=["Tom Reed"],
            quotes=[("The rate stays where it is,", "Tom Reed")],
            sums=[("$2 million", 2e6, "USD")],
        ),
        Story(
            url="https://gazette.example/copy",
            article_id="copy",
            title="Ferry to sail",
            text=ferry,
            outcome="copy",
            duplicate_of="ferry",
            duplicate_kind="exact",
        ),
        Story(url="https://gazette.example/gone", reason="http_404"),
    ]
    with store.writer(folder, holder="test") as connection:
        stage = stage_run(folder, "run-1", stories, seen_at=datetime.now(UTC))
        assert landing.land(connection, stage, 1)
        landing.close_run(connection, stage)
    store.publish(folder, holder="test")
    return folder


def test_every_table_view_and_macro_is_told(archive):
    told = {name.split("(")[0]: name for name in cells("Query") | CODE}
    with store.reader(archive) as connection:
        for each in reports.schema(connection):
            assert each.name in cells("Query"), each.name
        for name, parameters in reports.macros(connection):
            assert told.get(name) == f"{name}({', '.join(parameters)})"


def test_every_view_and_macro_answers(archive):
    with store.reader(archive) as connection:
        for each in reports.schema(connection):
            connection.sql(f'SELECT * FROM "{each.name}"').fetchall()
        assert [row[-1] for row in connection.execute("SELECT * FROM search('ferry strait')").fetchall()] != []
        assert connection.execute("SELECT article_id FROM similar('ferry')").fetchall() == [("rate",)]


def test_there_are_examples():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("sql", EXAMPLES, ids=lambda sql: sql.splitlines()[0].strip("- "))
def test_an_example_runs_and_finds_something(archive, sql):
    with store.reader(archive) as connection:
        assert connection.execute(sql).fetchall()


def test_the_queries_of_the_command_line_examples_run(archive):
    queries = re.findall(r'dateline query "(.*?)"', README)
    assert queries
    with store.reader(archive) as connection:
        for sql in queries:
            assert connection.execute(sql).fetchall()


#: Faults of the tasks that end a command or a run and drop no entry.
NOT_DROPS = {"opml_malformed", "engine_missing", "engine_unknown"}


def reasons() -> set[str]:
    """Every reason that the tasks give to an entry, read off the code."""
    found: set[str] = set()
    for module in modules():
        if not is_within(module.name, "tasks"):
            continue
        takers = {"Terminal": 0, "Transient": 0, "fault": 0} | {
            node.name: names.index("reason")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef) and "reason" in (names := [a.arg for a in node.args.args])
        }
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and len(node.args) > takers.get(ast.unparse(node.func), len(node.args)):
                found |= set(_words(node.args[takers[ast.unparse(node.func)]]))
            elif isinstance(node, ast.keyword) and node.arg == "reason":
                found |= set(_words(node.value))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reason":
                found |= set(_words(node.value))
            elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("unlisted"):
                found |= set(_words(node.slice))
            elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "REASONS":
                found |= {word for key in node.value.keys for word in _words(key)}
    return found - NOT_DROPS


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def test_every_reason_of_a_drop_is_told_and_no_other():
    told = {name for name in cells("Why an entry is dropped") if not name.startswith("http_")}
    assert reasons() == told


def test_every_folder_of_the_map_is_there():
    rooms = cells("How it works")
    assert {room for room in rooms if room.endswith("/") and not (ROOT / room).is_dir()} == set()
    nouns = {f"tasks/{path.parent.name}/" for path in (ROOT / "tasks").glob("*/__init__.py")}
    assert nouns <= rooms


def test_every_target_that_the_readme_names_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE)) | set(re.findall(r"`make ([a-z]+)`", README))
    assert {"demo", "test"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
