"""The command line: ``dateline ...``. stdout is data, stderr is narration, exit codes mean something.

0 = done, 1 = a fault told in a sentence, 2 = a wrong call or faulty settings. Prefect is imported only by the commands
that run flows.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows import cli_archive, cli_briefing, cli_erase, cli_sources
from flows import settings as settings_room
from flows.options import FormatOption, SettingsOption, say
from flows.output import Format, write_rows
from flows.render import account, differences
from flows.settings import Settings, load_settings
from flows.sources import load_sources
from warehouse import refined, reports
from warehouse.errors import DatelineError, Terminal
from warehouse.questions import question
from warehouse.stage import unfinished
from warehouse.store import SNAPSHOT, WAREHOUSE, reader

app = typer.Typer(
    name="dateline",
    help="A news desk's own wire archive: feeds in; clean, deduplicated, enriched articles out; all of it in DuckDB.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cli_sources.app, name="sources")
captures_app = typer.Typer(help="The stored captures.", no_args_is_help=True)
app.add_typer(captures_app, name="captures")
app.command()(cli_archive.export)
app.command("import")(cli_archive.import_)
app.command()(cli_briefing.briefing)
app.command()(cli_erase.erase)
app.command()(cli_erase.retain)

USAGE_REASONS = ("settings_", "sources_", "source_", "opml_")


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
def backfill(
    source: Annotated[list[str] | None, typer.Argument(help="Ids of the sources to read. [default: all]")] = None,
    archive: Annotated[
        Path | None, typer.Option(help="A web archive, folder or list of addresses that is no source of the list.")
    ] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day that is wanted.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day that is wanted.")] = None,
    host: Annotated[list[str] | None, typer.Option(help="Only records of this host; may be repeated.")] = None,
    most: Annotated[int, typer.Option(min=1, help="Entries at most; the next backfill goes on from there.")] = 100_000,
    settings: SettingsOption = None,
) -> None:
    """Read web archives, folders, lists and sitemaps over a period. Prints the account of each run."""
    path = _settings_path(settings)
    told = load_settings(path)
    with _prefect(told):
        from flows.backfill import backfill as flow

        runs = flow(
            sources=source or [],
            archive=archive.expanduser().resolve() if archive else None,
            since=_day(since),
            until=_day(until),
            hosts=host or [],
            most=most,
            settings_file=path,
        )
        _tell(told, runs)


@captures_app.command("export")
def captures_export(
    out: Annotated[Path, typer.Argument(help="The file to write, as in captures.warc.gz.")],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of fetching.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of fetching.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Captures of this source; may be repeated.")] = None,
    settings: SettingsOption = None,
) -> None:
    """Write the stored captures as a web archive (WARC 1.1), for other tools to read and replay."""
    from flows.export import export_captures

    told = load_settings(settings)
    exported = export_captures(told, out, since=_day(since), until=_day(until), source_ids=source or [])
    say(
        f"Wrote {exported.records} captures to {out}, {exported.revisits} of them as references to the same bytes; "
        f"{exported.missing} have lost their bytes and were left out."
    )


@app.command()
def refine(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of fetching.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of fetching.")] = None,
    source: Annotated[list[str] | None, typer.Argument(help="Ids of the sources to read again. [default: all]")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Run this enricher alone, on the texts as they stand; may be repeated.")
    ] = None,
    settings: SettingsOption = None,
) -> None:
    """Read the stored captures again with today's extractor, without the network. Prints the account of the run, and
    what changed: where, how much, and the ten largest changes of text."""
    path = _settings_path(settings)
    told = load_settings(path)
    with _prefect(told):
        from flows.refine import enrichers
        from flows.refine import refine as flow

        _tell(
            told,
            flow(
                since=_day(since),
                until=_day(until),
                sources=source or [],
                only=enrichers(only or []),
                settings_file=path,
            ),
        )


@app.command()
def maintain(settings: SettingsOption = None) -> None:
    """Keep the archive in good order, as the nightly run does: sweep, merge, drop what is over its time, pack, publish.
    Prints what each step did."""
    path = _settings_path(settings)
    told = load_settings(path)
    with _prefect(told):
        from flows.maintain import maintain as flow

        for step in flow(settings_file=path):
            print(f"{step.name:<14} {step.told} ({step.seconds:.1f} s)")


@app.command()
def status(settings: SettingsOption = None) -> None:
    """Say what the archive holds, how the last runs went, and what needs attention."""
    told = load_settings(settings)
    folder = told.data_folder
    with reader(folder) as connection:
        totals, runs = reports.totals(connection), reports.latest_runs(connection, 5)
        failing, moved = reports.failing_sources(connection), reports.moved_sources(connection)
    print(f"archive    {folder}")
    print(f"snapshot   {folder / SNAPSHOT}, {_age(folder)}")
    print(
        f"holds      {totals.articles} articles ({totals.copies} copies, {totals.revised} revised) of {totals.sources} "
        f"sources; {totals.captures} captures, {totals.entities} entities, {totals.quotes} quotes"
    )
    for run in runs:
        print(f"run        {run.started_at:%Y-%m-%d %H:%M} {run.flow}: {account(run)}")
    for stage in unfinished(told.stages):
        print(f"unfinished run {stage.run_id}; the next ingest finishes it")
    if (folder / cli_erase.MARK).exists():
        print("unfinished an erasure was cut off; call the same `dateline erase` or `dateline retain` again")
    for stage in unfinished(told.quarantine):
        print(f"set aside  run {stage.run_id} could not be finished; see {stage.folder}")
    for source_id, state, failures, since, error in failing:
        print(f"{state:<10} {source_id} ({failures} polls since {since}): {error}")
    if any(row[1] != "failing" for row in failing):
        say("Quarantined sources are asked once a week, those gone no more; `dateline sources check` tries them again.")
    for source_id, url, moved_url in moved:
        print(f"moved      {source_id} from {url} to {moved_url}; change its url in {told.archive.sources_file}")


@app.command()
def query(
    sql: Annotated[str | None, typer.Argument(help="SQL over the published snapshot, read-only.")] = None,
    file: Annotated[
        str | None, typer.Option(help="A question by its name, as in most_quoted, or a file of your own SQL.")
    ] = None,
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Run SQL on the published snapshot, or one of the questions. `dateline schema` says what there is."""
    if (sql is None) == (file is None):
        raise Terminal("source_of_query", "Say either the SQL or --file.")
    _select(load_settings(settings), sql or question(file), [], format)


@app.command()
def search(
    words: Annotated[
        list[str], typer.Argument(help="Words; '\"words in quotes\"' stand together, tax* begins a word.")
    ],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of publication.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of publication.")] = None,
    source: Annotated[str | None, typer.Option(help="Only articles of this source.")] = None,
    language: Annotated[str | None, typer.Option(help="Only articles in this language, as in en.")] = None,
    entity: Annotated[
        str | None, typer.Option(help="Only articles that name it: an entity's id, name or alias.")
    ] = None,
    most: Annotated[int, typer.Option(help="Articles at most.", min=1)] = 20,
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Search titles and texts (BM25): the best matches first, copies behind their original."""
    sql = (
        "SELECT score, CAST(published_at AS DATE) AS published, title, snippet, copies, url, article_id FROM "
        "search(?, since := ?, until := ?, source := ?, language := ?, entity := ?, most := ?)"
    )
    wanted = [" ".join(words), _day(since), _day(until), source, language, entity, most]
    _select(load_settings(settings), sql, wanted, format)


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


def _age(folder: Path) -> str:
    """How old the state of the snapshot is, and whether the warehouse has changed since."""
    published = (folder / SNAPSHOT).stat().st_mtime
    warehouse = folder / WAREHOUSE  # not there where only the snapshot has been copied
    changed = warehouse.stat().st_mtime if warehouse.exists() else published
    told = f"as of {_ago(time.time() - published)} ago"
    return told if changed <= published else f"{told}; the warehouse changed {_ago(time.time() - changed)} ago"


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


SOURCES_TEMPLATE = """\
# The archive's sources, one [[source]] each:
#   url       web address, or the path of a folder or file (relative to this file)
#   kind      feed (default: RSS, Atom, RDF, JSON Feed), sitemap, page, list (a file of web addresses, one a line),
#             folder (dated text, HTML, lines of JSON) or warc (web archives)
#   id        a short name of your own; optional, as are title, language ("en"), country ("GB"), tags, enabled
#
# [[source]]
# url = "https://example.org/feed.xml"
# tags = ["world"]
"""
