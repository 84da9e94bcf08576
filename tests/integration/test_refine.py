"""Stored captures read again: no request is sent, nothing is doubled or lost, and what reads differently is said."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.demo.archive import make_archive
from tests.demo.replay import Replay
from tests.integration.demoweb import dateline

#: Everything that an archive holds of its articles; what tells of runs is another matter.
TABLES = (
    "article_urls",
    "revisions",
    "captures",
    "sources",
    "entities",
    "entity_aliases",
    "mentions",
    "dates",
    "amounts",
    "quotes",
    "keywords",
    "sketches",
    "postings",
)
ALTERED = "What an older extractor made of it."
ONE_SOURCE = "observateur"


def ask(folder: Path, sql: str, *parameters: object) -> list[tuple]:
    with duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        return warehouse.execute(sql, list(parameters)).fetchall()


def state(folder: Path) -> dict[str, list[tuple]]:
    """All rows of all tables but those that tell of runs; the articles without the run that wrote them."""
    rows = {table: ask(folder, f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
    return rows | {"articles": articles(folder)}


def articles(folder: Path) -> list[tuple]:
    return ask(folder, "SELECT * EXCLUDE (run_id) FROM articles ORDER BY article_id")


def alter(folder: Path, where: str) -> str:
    """Give one article, the first of those that the condition finds, a text that its capture does not hold."""
    with duckdb.connect(folder / "data" / "warehouse.duckdb") as warehouse:
        ((article_id,),) = warehouse.execute(f"SELECT min(article_id) FROM articles WHERE {where}").fetchall()
        warehouse.execute("UPDATE articles SET text = ? WHERE article_id = ?", [ALTERED, article_id])
    return article_id


@dataclass
class Refined:
    """An archive of two days in which two texts were altered behind its back, then refined twice: one source, then
    all; and ingested once more."""

    folder: Path
    one: str
    revised: str
    before: dict[str, list[tuple]]
    between: dict[str, str]
    after: dict[str, list[tuple]]
    requests_of_refine: int
    requests_of_ingest: list[str]
    told: list[str]


@pytest.fixture(scope="module")
def refined(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refined]:
    folder = tmp_path_factory.mktemp("refined")
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    environment = mine | prefect_server | {"HOME": str(folder)}

    def run(*arguments: str) -> str:
        done = dateline(*arguments, environment=environment, cwd=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    with Replay(port=0) as replay:
        make_archive(folder, replay.port)
        run("ingest")
        replay.set_phase(2)
        run("ingest")
        before, asked = state(folder), len(replay.requests)
        one, revised = alter(folder, f"source_id = '{ONE_SOURCE}'"), alter(folder, "revision = 2")
        told = [run("refine", ONE_SOURCE)]
        between = dict(ask(folder, "SELECT article_id, text FROM articles"))
        told.append(run("refine"))
        after, asked_by_refine = state(folder), len(replay.requests) - asked
        told.append(run("ingest"))
        yield Refined(
            folder=folder,
            one=one,
            revised=revised,
            before=before,
            between=between,
            after=after,
            requests_of_refine=asked_by_refine,
            requests_of_ingest=[request.path for request in replay.requests[asked:]],
            told=told,
        )


def test_no_request_is_sent(refined):
    assert refined.requests_of_refine == 0


def test_articles_stand_as_before(refined):
    """All of them, what only the feed or the sitemap said of them included."""
    names = [name for (name,) in ask(refined.folder, "SELECT column_name FROM (DESCRIBE articles)") if name != "run_id"]
    lost = [
        (before[names.index("canonical_url")], name, value, now)
        for before, after in zip(refined.before["articles"], refined.after["articles"], strict=True)
        for name, value, now in zip(names, before, after, strict=True)
        if value != now
    ]
    assert lost == []


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_doubled_or_lost(refined, table):
    assert refined.before[table]
    assert refined.after[table] == refined.before[table]


def test_only_the_sources_that_are_named_are_read_again(refined):
    assert ALTERED in refined.between[refined.revised] and ALTERED not in refined.between[refined.one]
    entries = ask(
        refined.folder,
        "SELECT DISTINCT source_id FROM entries WHERE run_id = (SELECT min(run_id) FROM runs WHERE flow = 'refine')",
    )
    assert entries == [(ONE_SOURCE,)]


def test_each_account_balances_and_tells_what_reads_differently(refined):
    count = len(refined.before["articles"])
    ((of_one,),) = ask(refined.folder, "SELECT count(*) FROM articles WHERE source_id = ?", ONE_SOURCE)
    runs = ask(
        refined.folder,
        "SELECT entries_in, entries_landed, entries_dropped, articles_new, articles_revised FROM runs "
        "WHERE flow = 'refine' ORDER BY started_at",
    )
    assert runs == [(of_one, of_one, 0, 0, 1), (count, count, 0, 0, 1)]
    for articles_read, told in zip((of_one, count), refined.told, strict=False):
        assert f"{articles_read} in = {articles_read} landed + 0 dropped" in told


def test_what_reads_differently_is_said_and_is_no_revision(refined):
    found = ask(refined.folder, "SELECT article_id, message FROM entries WHERE outcome = 'refined' ORDER BY seen_at")
    assert [article_id for article_id, _ in found] == [refined.one, refined.revised]
    assert all("words more" in message for _, message in found)
    assert ask(refined.folder, "SELECT revision FROM articles WHERE article_id = ?", refined.revised) == [(2,)]


def test_the_next_ingest_knows_all_entries_still(refined):
    assert " 0 landed" in refined.told[-1]
    pages = ask(
        refined.folder,
        "SELECT count(*) FROM fetches WHERE purpose = 'page' AND run_id = (SELECT max(run_id) FROM runs)",
    )
    assert pages == [(0,)]
    assert refined.requests_of_ingest  # it did ask the feeds
    assert articles(refined.folder) == refined.after["articles"]
