"""`make demo`: the main job for real, offline. Fetches the frozen web twice and asks the result five questions."""

import shutil
import sys
import time
from pathlib import Path

from rich.console import Console

from tests.demo.archive import make_archive, quiet_prefect
from tests.demo.replay import Replay

FOLDER = Path(__file__).parents[2] / "data" / "demo"

QUESTIONS = {
    "What was in the news, and what did others copy of it?": """
        SELECT CAST(published_at AS DATE) AS day, source, title, copies FROM news
        ORDER BY copies DESC, published_at DESC LIMIT 6
    """,
    "Who ran the agency's story, how long after, and how much of it?": """
        SELECT original_source, copy_source, duplicate_kind AS kind, published_after AS after,
            copy_words || ' of ' || original_words AS words, copy_title
        FROM syndication ORDER BY original_id, published_after
    """,
    "Who said what?": """
        SELECT speaker, verb, quote FROM who_said_what
        WHERE speaker IS NOT NULL AND kind = 'direct' ORDER BY confidence DESC, published_at DESC, start_char LIMIT 5
    """,
    "Which headlines were changed after publication?": """
        SELECT title_before, title_after, words_added AS added, words_removed AS removed FROM headline_changes
    """,
    "What is written about the ferries? (full-text search)": """
        SELECT score, title, snippet, copies FROM search('ferry strait hull cracks', most := 3)
    """,
}


def main() -> None:
    console = Console(highlight=False, soft_wrap=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    quiet_prefect(FOLDER / "data" / "prefect")
    started = time.monotonic()
    with Replay(port=0) as replay:
        settings_file = make_archive(FOLDER, replay.port)
        print("Starting Prefect and reading the frozen web ...", file=sys.stderr)
        from flows.ingest import ingest

        first = ingest(settings_file=settings_file, only_due=False)[-1]
        replay.set_phase(2)
        second = ingest(settings_file=settings_file, only_due=False)[-1]
    _show(console, settings_file, first, second)
    console.print(
        f"\nDone in {time.monotonic() - started:.0f} s. The archive is in {FOLDER.relative_to(Path.cwd())}. Next:"
    )
    console.print(f'  .venv/bin/dateline query "SELECT * FROM drops" --settings {FOLDER.relative_to(Path.cwd())}')


def _show(console: Console, settings_file: Path, first, second) -> None:
    from flows.output import Format, write_rows
    from flows.report import account
    from flows.settings import load_settings
    from warehouse.store import reader

    for name, run in (("First run ", first), ("Second run", second)):
        console.print(f"\n[bold]{name}[/]  {account(run)}")
        console.print(
            f"            {run.articles_new} new articles ({run.articles_copies} copies), {run.articles_revised} revised; "
            f"{run.sources_unchanged} of {run.sources_polled} sources answered “not modified”"
        )
    with reader(load_settings(settings_file).data_folder) as connection:
        for question, sql in QUESTIONS.items():
            console.print(f"\n[bold]{question}[/]")
            console.print("  " + " ".join(sql.split()), style="dim")
            result = connection.execute(sql)
            write_rows([column[0] for column in result.description], result.fetchall(), Format.table)


if __name__ == "__main__":
    main()
