"""Stored captures read again: no request is sent, nothing is doubled, and what reads differently is said."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.demo.archive import make_archive
from tests.demo.replay import Replay
from tests.integration.demoweb import dateline

KEPT = "article_id, canonical_url, title, text, revision, duplicate_of, duplicate_kind, first_seen_at, capture_id"
FACTS = ("mentions", "dates", "amounts", "quotes", "keywords", "sketches", "postings", "article_urls", "captures")


def ask(folder: Path, sql: str) -> list[tuple]:
    with duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def state(folder: Path) -> dict[str, list[tuple]]:
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in FACTS)
    return {
        "articles": ask(folder, f"SELECT {KEPT} FROM articles ORDER BY article_id"),
        "facts": ask(folder, f"SELECT {counts}"),
        "mentions": ask(folder, "SELECT * FROM mentions ORDER BY ALL"),
    }


@pytest.fixture(scope="module")
def refined(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict]:
    """An archive ingested, then an article's text altered behind its back, then refined, then ingested again."""
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
        before, asked = state(folder), len(replay.requests)
        with duckdb.connect(folder / "data" / "warehouse.duckdb") as warehouse:
            warehouse.execute(
                "UPDATE articles SET text = 'What an older extractor made of it.' WHERE source_id = 'observateur' "
                "AND article_id = (SELECT min(article_id) FROM articles WHERE source_id = 'observateur')"
            )
        told = run("refine")
        after, asked_by_refine = state(folder), len(replay.requests) - asked
        again = run("ingest")
        pages = [r.path for r in replay.requests[asked:] if r.host == "wire.localhost" and "/story/" in r.path]
        yield {
            "folder": folder,
            "before": before,
            "after": after,
            "requests": asked_by_refine,
            "told": told,
            "again": again,
            "pages": pages,
        }


def test_no_request_is_sent(refined):
    assert refined["requests"] == 0


def test_articles_and_facts_stand_as_before(refined):
    assert refined["after"] == refined["before"]


def test_the_account_balances_and_tells_what_reads_differently(refined):
    articles = len(refined["before"]["articles"])
    assert f"{articles} in = {articles} landed + 0 dropped" in refined["told"]
    runs = ask(refined["folder"], "SELECT entries_in, articles_new, articles_revised FROM runs WHERE flow = 'refine'")
    assert runs == [(articles, 0, 1)]
    ((message,),) = ask(refined["folder"], "SELECT message FROM entries WHERE outcome = 'refined'")
    assert "words more" in message
    assert ask(refined["folder"], "SELECT count(*) FROM revisions") == [(0,)]


def test_the_next_ingest_knows_all_entries_still(refined):
    assert refined["pages"] == []
    assert " 0 landed" in refined["again"]
