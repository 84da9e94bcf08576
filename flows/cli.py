"""The command line: ``dateline ...``. stdout is data, stderr is narration, exit codes mean something.

0 = done, 1 = a fault told in a sentence, 2 = a wrong call or faulty settings. Prefect is imported only by the commands
that run flows.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows import settings as settings_room
from flows.output import Format, write_rows
from flows.render import account, differences
from flows.settings import Settings, load_settings
from flows.sources import SourceEntry, add_source, export_opml, import_opml, load_sources
from warehouse import refined, reports
from warehouse.errors import DatelineError, Terminal
from warehouse.stage import unfinished
from warehouse.store import SNAPSHOT, reader

app = typer.Typer(
    name="dateline",
    help="A news desk's own wire archive: feeds in; clean, deduplicated, enriched articles out; all of it in DuckDB.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
sources_app = typer.Typer(help="The list of sources.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")

USAGE_REASONS = ("settings_", "sources_", "source_", "opml_")

SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings file or its folder. [default: $DATELINE_SETTINGS, ./dateline.toml]"),
]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of the rows on stdout.")]
Kind = StrEnum("Kind", {kind: kind for kind in ("feed", "sitemap", "folder", "page")})


def say(sentence: str) -> None:
    """Narrate on stderr; stdout is for data."""
    print(sentence, file=sys.stderr)


def main() -> None:
    """Run the command line and exit: every foreseen fault is a sentence on stderr."""
    try:
        app()
    except DatelineError as error:
        print(f"dateline: {error.message}", file=sys.stderr)
        sys.exit(2 if error.reason.startswith(USAGE_REASONS) else 1)
    except BrokenPipeError:  # the reader of a pipe has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Folder of the new archive.")] = Path(".")) -> None:
    """Make a new archive: dateline.toml and sources.toml, with every setting explained."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"dateline.toml": settings_room.template(), "sources.toml": SOURCES_TEMPLATE}
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise Terminal("archive_exists", f"{folder} has {' and '.join(there)} already; nothing was changed.")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    where = "" if folder.resolve() == Path.cwd() else f" --settings {folder}"
    say(f"Made {folder / 'dateline.toml'} and {folder / 'sources.toml'}.")
    say(f"Next: dateline sources add https://example.org/feed.xml{where}")


@sources_app.command("add")
def sources_add(
    url: Annotated[str, typer.Argument(help="Web address, or path of a folder.")],
    kind: Annotated[Kind | None, typer.Option(help="What it is. [default: folder for a path, else feed]")] = None,
    name: Annotated[str | None, typer.Option("--id", help="A short name of your own.")] = None,
    title: Annotated[str | None, typer.Option(help="Title; otherwise what the source says.")] = None,
    language: Annotated[str | None, typer.Option(help="Two letters, as in en.")] = None,
    country: Annotated[str | None, typer.Option(help="Two capitals, as in GB.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A label; may be repeated.")] = None,
    settings: SettingsOption = None,
) -> None:
    """Add a source to sources.toml."""
    path = load_settings(settings).archive.sources_file
    is_web = url.startswith(("http://", "https://"))
    if not is_web and kind in (None, Kind.folder):
        kind, url = Kind.folder, str(Path(url).expanduser().resolve())
    try:
        entry = SourceEntry(
            url=url,
            kind=(kind or Kind.feed).value,
            id=name,
            title=title,
            language=language,
            country=country,
            tags=tuple(tag or ()),
        )
    except ValueError as error:
        raise Terminal(
            "source_invalid", f"{url}: {error.errors()[0]['msg']} ({error.errors()[0]['loc'][0]})."
        ) from error
    source = add_source(path, entry)
    say(f"Added {source.source_id} to {path}.")


@sources_app.command("list")
def sources_list(settings: SettingsOption = None, format: FormatOption = Format.table) -> None:
    """List the sources of sources.toml."""
    rows = load_sources(load_settings(settings).archive.sources_file)
    names = ("source_id", "kind", "enabled", "title", "language", "country", "tags", "url")
    write_rows(names, [tuple(getattr(row, name) for name in names) for row in rows], format)


@sources_app.command("import")
def sources_import(
    opml: Annotated[Path, typer.Argument(help="OPML file.", exists=True, dir_okay=False)],
    settings: SettingsOption = None,
) -> None:
    """Import the feeds of an OPML list into sources.toml."""
    path = load_settings(settings).archive.sources_file
    added, known = import_opml(path, opml.read_bytes())
    say(f"Added {len(added)} feeds to {path}; {known} were there already.")


@sources_app.command("export")
def sources_export(settings: SettingsOption = None) -> None:
    """Write the feeds of sources.toml as OPML to stdout."""
    sys.stdout.buffer.write(export_opml(load_sources(load_settings(settings).archive.sources_file)))


@sources_app.command("check")
def sources_check(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of the sources to check. [default: all]")] = None,
    settings: SettingsOption = None,
    format: FormatOption = Format.table,
) -> None:
    """Ask each source once and say what it lists; nothing is stored. Exits with 1 where one fails."""
    from flows.check import NAMES, check_sources

    told = load_settings(settings)
    rows = check_sources(told, ids or [])
    write_rows(NAMES, rows, format)
    if any(row[2] != "ok" for row in rows):
        raise typer.Exit(1)


@app.command()
def ingest(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of the sources to ask. [default: all]")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only sources whose next poll is due.")] = False,
    settings: SettingsOption = None,
) -> None:
    """Ask the sources now, fetch what is new, and publish it. Prints the account of the run."""
    path = _settings_path(settings)
    told = load_settings(path)
    load_sources(told.archive.sources_file)  # a fault in the list is told before Prefect takes its seconds to start
    with _prefect(told):
        from flows.ingest import ingest as flow

        _tell(told, flow(sources=source or [], only_due=due, settings_file=path))


@app.command()
def refine(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of fetching.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of fetching.")] = None,
    source: Annotated[list[str] | None, typer.Argument(help="Ids of the sources to read again. [default: all]")] = None,
    settings: SettingsOption = None,
) -> None:
    """Read the stored captures again with today's extractor, without the network. Prints the account of the run, and
    what changed: where, how much, and the ten largest changes of text."""
    path = _settings_path(settings)
    told = load_settings(path)
    with _prefect(told):
        from flows.refine import refine as flow

        _tell(told, flow(since=_day(since), until=_day(until), sources=source or [], settings_file=path))


@app.command()
def status(settings: SettingsOption = None) -> None:
    """Say what the archive holds, how the last runs went, and what needs attention."""
    told = load_settings(settings)
    folder = told.data_folder
    with reader(folder) as connection:
        totals, runs = reports.totals(connection), reports.latest_runs(connection, 5)
        failing = reports.failing_sources(connection)
    age = datetime.now(UTC) - datetime.fromtimestamp((folder / SNAPSHOT).stat().st_mtime, UTC)
    print(f"archive    {folder}")
    print(f"snapshot   {folder / SNAPSHOT}, changed {_ago(age.total_seconds())} ago")
    print(
        f"holds      {totals.articles} articles ({totals.copies} copies, {totals.revised} revised) of {totals.sources} "
        f"sources; {totals.captures} captures, {totals.entities} entities, {totals.quotes} quotes"
    )
    for run in runs:
        print(f"run        {run.started_at:%Y-%m-%d %H:%M} {run.flow}: {account(run)}")
    for stage in unfinished(told.stages):
        print(f"unfinished run {stage.run_id}; the next ingest finishes it")
    for stage in unfinished(told.quarantine):
        print(f"set aside  run {stage.run_id} could not be finished; see {stage.folder}")
    for source_id, failures, error in failing:
        print(f"failing    {source_id} ({failures} polls): {error}")


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL over the published snapshot, read-only.")],
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Run SQL on the published snapshot. `dateline schema` says what there is."""
    _select(load_settings(settings), sql, [], format)


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words to look for; the best matches come first.")],
    most: Annotated[int, typer.Option(help="Articles at most.", min=1)] = 20,
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Search titles and texts (BM25)."""
    sql = "SELECT score, CAST(published_at AS DATE) AS published, title, url, article_id FROM search(?, most := ?)"
    _select(load_settings(settings), sql, [" ".join(words), most], format)


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(help="A table or view. [default: all]")] = None,
    settings: SettingsOption = None,
) -> None:
    """Print every table, view and macro with its comments."""
    with reader(load_settings(settings).data_folder) as connection:
        tables, macros = reports.schema(connection), reports.macros(connection)
    shown = [each for each in tables if table in (None, each.name)]
    if not shown:
        raise Terminal("table_unknown", f"There is no {table}; there are {', '.join(each.name for each in tables)}.")
    for each in shown:
        print(f"{each.kind} {each.name}: {each.comment}")
        for name, kind, comment in each.columns:
            print(f"    {name} {kind}" + (f": {comment}" if comment else ""))
        print()
    if table is None:
        for name, parameters in macros:
            print(f"macro {name}({', '.join(parameters)})")


@app.command()
def serve(settings: SettingsOption = None) -> None:
    """Start server, UI, worker and schedules on this machine; runs until interrupted."""
    from flows.serve import serve as run_server

    path = _settings_path(settings)
    run_server(load_settings(path), path, say)


def _settings_path(named: Path | None) -> Path | None:
    found = settings_room.find_settings(named)
    return found.resolve() if found else None


@contextmanager
def _prefect(settings: Settings) -> Iterator[None]:
    """Prefect's environment for a run from the command line: the archive's own home, and its server where one runs."""
    from flows.serve import api_url, environment, is_serving

    for name, value in environment(settings).items():
        os.environ.setdefault(name, value)
    # A fault reaches the caller as a sentence; Prefect's own telling of it is a traceback.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    if is_serving(settings):
        os.environ.setdefault("PREFECT_API_URL", api_url(settings))
    yield


def _tell(settings: Settings, runs: list) -> None:
    for run in runs:  # a run that was cut off before stands among them
        print(f"{run.flow} {run.run_id}: {account(run)}")
        if run.flow == "refine":
            _tell_refined(settings, run.run_id)
    if runs:
        say('Next: dateline query "SELECT published_at, source, title FROM news ORDER BY 1 DESC LIMIT 10"')


def _tell_refined(settings: Settings, run_id: str) -> None:
    files = refined.files(settings.data_folder, run_id)
    with reader(settings.data_folder) as connection:
        details = reports.refine_details(connection, files)
    if details is None:
        return
    print("\n".join(differences(details)))
    if details.largest:
        rows = [(f"{row.similarity:.3f}", row.words_before, row.words_after, row.url) for row in details.largest]
        write_rows(("similarity", "words before", "words after", "largest changes of text"), rows, Format.table)
    say(f"Every article before and after: {files[0].parent}. What left and came: the run's report in the Prefect UI.")


def _select(settings: Settings, sql: str, parameters: list, format: Format) -> None:
    import duckdb

    with reader(settings.data_folder) as connection:
        try:
            result = connection.execute(sql, parameters)
            names = [column[0] for column in result.description or []]
            rows = result.fetchall()
        except duckdb.Error as error:
            raise Terminal("sql_invalid", f"{error}") from error
    write_rows(names, rows, format)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


SOURCES_TEMPLATE = """\
# The archive's sources, one [[source]] each:
#   url       web address, or the path of a folder (relative to this file)
#   kind      feed (default: RSS, Atom, RDF, JSON Feed), sitemap, folder (dated text, HTML) or page
#   id        a short name of your own; optional, as are title, language ("en"), country ("GB"), tags, enabled
#
# [[source]]
# url = "https://example.org/feed.xml"
# tags = ["world"]
"""
