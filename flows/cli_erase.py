"""The commands ``dateline erase`` and ``dateline retain``: what goes on request, and what is kept for a time only."""

from typing import Annotated

import typer

from flows.erase import MARK, NAMES
from flows.erase import erase as run_erase
from flows.erase import retain as run_retain
from flows.options import FormatOption, SettingsOption, say
from flows.output import Format, write_rows
from flows.settings import load_settings
from warehouse.erasure import Wanted
from warehouse.errors import Terminal

__all__ = ["MARK", "erase", "retain"]

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")]


def erase(
    reason: Annotated[str, typer.Option(help="Why; it stays with the tombstone, so name nobody in it.")],
    article: Annotated[list[str] | None, typer.Option(help="Id of an article; may be repeated.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="Any address of an article; may be repeated.")] = None,
    source: Annotated[str | None, typer.Option(help="All that came through this source.")] = None,
    person: Annotated[str | None, typer.Option(help="All articles that name this person, by full name.")] = None,
    copies: Annotated[bool, typer.Option("--copies", help="Their copies on other sites, too.")] = False,
    dry_run: DryRunOption = False,
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Erase articles with all that the archive keeps of them, and never fetch them again. Lists them on stdout."""
    if not (article or url or source or (person and person.strip())):
        raise Terminal("source_of_erasure", "Say what to erase: --article, --url, --source or --person.")
    told = load_settings(settings)
    wanted = Wanted(
        article_ids=tuple(article or ()), urls=tuple(url or ()), source_id=source, person=person, with_copies=copies
    )
    erased = run_erase(told, wanted, reason=reason, dry_run=dry_run)
    write_rows(NAMES, erased.articles, format)
    if erased.completed:
        say("An erasure or retention that was cut off before has been completed.")
    for folder in erased.stages:
        say(f"The run in {folder} could not be read and went as a whole; what it had not landed is fetched again.")
    say(
        f"{'Would erase' if dry_run else 'Erased'} {len(erased.articles)} articles, {erased.entries} entries of "
        f"sources and {erased.bodies} stored bodies."
    )
    left = sum(row[3] for row in erased.articles)
    if left and not copies:
        say("Copies on other sites stay (copies_left); --copies takes them, too.")
    if source and not dry_run:
        say(f"Take {source} out of {told.archive.sources_file}, or its new articles will be fetched.")


def retain(
    days: Annotated[int, typer.Option(min=1, help="Keep what is at most so many days old.")],
    what: Annotated[
        str, typer.Option(help="captures = the bytes as fetched; bodies = these, and the articles' texts and facts.")
    ] = "captures",
    source: Annotated[str | None, typer.Option(help="Only what came through this source.")] = None,
    dry_run: DryRunOption = False,
    format: FormatOption = Format.table,
    settings: SettingsOption = None,
) -> None:
    """Drop captures, or bodies, that are older; the rows that say they were there stay. Lists articles that lose their
    text on stdout."""
    if what not in ("captures", "bodies"):
        raise Terminal("source_of_retention", f"--what is captures or bodies, not {what}.")
    kept = run_retain(load_settings(settings), days=days, source_id=source, bodies=what == "bodies", dry_run=dry_run)
    if what == "bodies":
        write_rows(NAMES, kept.articles, format)
    if kept.completed:
        say("An erasure or retention that was cut off before has been completed.")
    say(f"{'Would drop' if dry_run else 'Dropped'} {kept.bodies} stored bodies and {len(kept.articles)} texts.")
