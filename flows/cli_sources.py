"""The commands of ``dateline sources``: the list of sources, read, added to, checked and carried in and out."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.options import FormatOption, SettingsOption, say
from flows.output import Format, write_rows
from flows.settings import Settings, load_settings
from flows.sources import SourceEntry, add_source, export_opml, import_opml, load_sources
from tasks.listing import LOCAL_KINDS, local_kind
from warehouse import reports
from warehouse.errors import Terminal
from warehouse.store import SNAPSHOT, reader

app = typer.Typer(help="The list of sources.", no_args_is_help=True)
Kind = StrEnum("Kind", {kind: kind for kind in ("feed", "sitemap", "page", "list", "folder", "warc")})


@app.command("add")
def sources_add(
    url: Annotated[str, typer.Argument(help="Web address, or path of a folder.")],
    kind: Annotated[Kind | None, typer.Option(help="What it is. [default: what a path's name says, else feed]")] = None,
    name: Annotated[str | None, typer.Option("--id", help="A short name of your own.")] = None,
    title: Annotated[str | None, typer.Option(help="Title; otherwise what the source says.")] = None,
    language: Annotated[str | None, typer.Option(help="Two letters, as in en.")] = None,
    country: Annotated[str | None, typer.Option(help="Two capitals, as in GB.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A label; may be repeated.")] = None,
    check: Annotated[bool, typer.Option(help="Ask a web address first, unless --kind says what it is.")] = True,
    settings: SettingsOption = None,
) -> None:
    """Add a source to sources.toml. Of a web page, the feed that it advertises, or what is at the usual places."""
    told = load_settings(settings)
    path = told.archive.sources_file
    is_web = url.startswith(("http://", "https://"))
    if not is_web and kind in (None, *LOCAL_KINDS):
        url = str(Path(url).expanduser().resolve())
        kind = kind or Kind(local_kind(Path(url)))
    if is_web and check and kind is None:
        kind, url = _found(told, url)
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


def _found(settings: Settings, url: str) -> tuple[Kind, str]:
    """What a web address leads to; the narration says which others there are."""
    from flows.find import find_sources

    first, *others = find_sources(settings, url)
    if first.url != url:
        say(f"{url} leads to the {first.kind} {first.url}" + (f" ({first.title})." if first.title else "."))
    for other in others:
        say(f"There is also {other.url}" + (f" ({other.title})" if other.title else "") + "; add it the same way.")
    return Kind(first.kind), first.url


@app.command("list")
def sources_list(settings: SettingsOption = None, format: FormatOption = Format.table) -> None:
    """List the sources of sources.toml, and where the archive has polled them, their state and where they moved."""
    told = load_settings(settings)
    polled: dict[tuple[str, str], tuple] = {}
    if (told.data_folder / SNAPSHOT).exists():
        with reader(told.data_folder) as connection:
            polled = reports.source_states(connection)
    names = ("source_id", "kind", "enabled", "title", "language", "country", "tags", "url")
    rows = [
        (*(getattr(row, name) for name in names), *polled.get((row.source_id, row.url), (None, None)))
        for row in load_sources(told.archive.sources_file)
    ]
    write_rows((*names, "state", "moved_url"), rows, format)


@app.command("import")
def sources_import(
    opml: Annotated[Path, typer.Argument(help="OPML file.", exists=True, dir_okay=False)],
    settings: SettingsOption = None,
) -> None:
    """Import the feeds of an OPML list into sources.toml."""
    path = load_settings(settings).archive.sources_file
    added, known, faults = import_opml(path, opml.read_bytes())
    say(f"Added {len(added)} feeds to {path}; {known} were there already.")
    for fault in faults:
        say(f"In {opml}: {fault}")


@app.command("export")
def sources_export(settings: SettingsOption = None) -> None:
    """Write the feeds of sources.toml as OPML to stdout."""
    sys.stdout.buffer.write(export_opml(load_sources(load_settings(settings).archive.sources_file)))


@app.command("check")
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
