"""Stored captures read again: no request is sent, nothing is doubled or lost, and what reads differently is said."""

import json
import os
import re
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.demo.archive import make_archive
from tests.demo.replay import Replay
from tests.integration.demoweb import dateline, start_dateline
from tests.integration.test_kill import Run, kill_at, kill_group
from warehouse import refined as record
from warehouse.stage import Stage

#: Everything that an archive holds of its articles; what tells of runs is another matter.
TABLES = (
    "article_urls",
    "site_paragraphs",
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
)
#: An article that is read again is numbered anew.
POSTINGS = "SELECT term, article_id, frequency, length FROM postings JOIN documents USING (number) ORDER BY ALL"
ALTERED = "What an older extractor made of it."
OLDER = "an older extractor 1"
ONE_SOURCE = "observateur"


def ask(folder: Path, sql: str, *parameters: object) -> list[tuple]:
    with duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        return warehouse.execute(sql, list(parameters)).fetchall()


def state(folder: Path) -> dict[str, list[tuple]]:
    """All rows of all tables but those that tell of runs; the articles without the run that wrote them."""
    rows = {table: ask(folder, f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
    return rows | {"articles": articles(folder), "postings": ask(folder, POSTINGS)}


def articles(folder: Path) -> list[tuple]:
    return ask(folder, "SELECT * EXCLUDE (run_id) FROM articles ORDER BY article_id")


def alter(folder: Path, where: str, change: str = f"text = '{ALTERED}'") -> str:
    """Give one article, the first of those that the condition finds, a text (or what the change says) that its capture
    does not hold."""
    with duckdb.connect(folder / "data" / "warehouse.duckdb") as warehouse:
        ((article_id,),) = warehouse.execute(f"SELECT min(article_id) FROM articles WHERE {where}").fetchall()
        warehouse.execute(f"UPDATE articles SET extractor = ?, {change} WHERE article_id = ?", [OLDER, article_id])
    return article_id


def reports(api: str, key: str) -> list[tuple[str, str]]:
    """The artifacts of that key, oldest first: what each says, and the name of the flow run that it is of."""

    def asked(path: str, body: dict) -> list[dict]:
        request = urllib.request.Request(
            f"{api}{path}", data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    found = asked("/artifacts/filter", {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC"})[::-1]
    runs = asked("/flow_runs/filter", {"flow_runs": {"id": {"any_": [each["flow_run_id"] for each in found]}}})
    names = {run["id"]: run["name"] for run in runs}
    return [(each["data"], names[each["flow_run_id"]]) for each in found]


@dataclass
class Refined:
    """An archive of two days in which two texts and a description were altered behind its back, then refined twice: one
    source, then all; and ingested once more."""

    folder: Path
    environment: dict[str, str]
    replay: Replay
    one: str
    revised: str
    described: str
    before: dict[str, list[tuple]]
    between: dict[str, str]
    after: dict[str, list[tuple]]
    requests_of_refine: int
    requests_of_ingest: list[str]
    told: list[str]
    reports: list[tuple[str, str]]


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
        described = alter(
            folder,
            "canonical_url LIKE '%library-roof%'",
            "authors = ['An Older Byline'], published_at = published_at - INTERVAL 1 DAY, tags = []",
        )
        told = [run("refine", ONE_SOURCE)]
        between = dict(ask(folder, "SELECT article_id, text FROM articles"))
        told.append(run("refine"))
        after, asked_by_refine = state(folder), len(replay.requests) - asked
        told.append(run("ingest"))
        yield Refined(
            folder=folder,
            environment=environment,
            replay=replay,
            one=one,
            revised=revised,
            described=described,
            before=before,
            between=between,
            after=after,
            requests_of_refine=asked_by_refine,
            requests_of_ingest=[request.path for request in replay.requests[asked:]],
            told=told,
            reports=reports(prefect_server["PREFECT_API_URL"], "refine-report"),
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
    assert runs == [(of_one, of_one, 0, 0, 1), (count, count, 0, 0, 2)]
    for articles_read, told in zip((of_one, count), refined.told, strict=False):
        assert f"{articles_read} in = {articles_read} landed + 0 dropped" in told


def test_what_reads_differently_is_said_and_is_no_revision(refined):
    found = dict(ask(refined.folder, "SELECT article_id, message FROM entries WHERE outcome = 'refined'"))
    assert set(found) == {refined.one, refined.revised, refined.described}
    texts = [found[article_id] for article_id in (refined.one, refined.revised)]
    assert all(re.search(r" reads differently: \d+ words more, [1-7] fewer\.$", message) for message in texts)
    assert found[refined.described].endswith(
        "library-roof.html reads differently: another byline, another time of publication, other tags."
    )
    assert ask(refined.folder, "SELECT revision FROM articles WHERE article_id = ?", refined.revised) == [(2,)]


def test_what_changed_is_told_on_the_command_line(refined):
    count = len(refined.before["articles"])
    first, second = refined.told[:2]
    assert " articles read differently: text 1, title 0, byline 0, published 0, tags 0\n" in first
    assert f"\n2 of {count} articles read differently: text 1, title 0, byline 1, published 1, tags 1\n" in second
    assert re.search(r"^Similarity of the texts \(token F1\): mean 0\.9\d\d, 0\.\d{3} of the 1 that", second, re.M)
    ((url, words),) = ask(
        refined.folder, "SELECT canonical_url, word_count FROM articles WHERE article_id = ?", refined.revised
    )
    assert re.search(rf"^0\.\d\d\d +7 +{words} +{re.escape(url)}\s*$", second, re.M)
    assert "read differently" not in refined.told[2]


def test_what_changed_is_told_in_the_ui(refined):
    (first, name_of_first), (second, name_of_second) = refined.reports
    count = len(refined.before["articles"])
    assert name_of_second == f"refine: {count} articles read again, 2 read differently"
    assert name_of_first.endswith("articles read again, 1 read differently")
    for report, article_id in ((first, refined.one), (second, refined.revised)):
        ((title, url, extractor),) = ask(
            refined.folder, "SELECT title, canonical_url, extractor FROM articles WHERE article_id = ?", article_id
        )
        assert f"**1.** [{title}](<{url}>): similarity 0." in report and "**2.**" not in report
        assert f"{OLDER} → {extractor}" in report and f"- left: {ALTERED}\n- came: " in report
    assert ": byline An Older Byline → Lucy Amberley; published 2026-11-10 " in second and "An Older Byline" not in first


def test_each_article_before_and_after_can_be_queried(refined):
    done = dateline(
        "query",
        "SELECT article_id, extractor_before, changed, tags_before, tags_after "
        "FROM read_parquet('data/refined/*/*.parquet') WHERE len(changed) > 0",
        "--format",
        "json",
        environment=refined.environment,
        cwd=refined.folder,
    )
    assert done.returncode == 0, done.stderr
    found = {row["article_id"]: row for row in json.loads(done.stdout)}
    assert set(found) == {refined.one, refined.revised, refined.described}
    assert {row["extractor_before"] for row in found.values()} == {OLDER}
    assert found[refined.described]["changed"] == ["byline", "published", "tags"]
    assert found[refined.described]["tags_after"] == ["library", "Brannock"]


def between_two_batches(run: Run, stage: Stage) -> bool:
    """The first batch has landed, since the second was compared after it; others have not been read yet."""
    return stage.has("resemble", 2) and not stage.has("resemble", stage.batches()[-1])


def test_what_a_killed_run_changed_is_told_by_the_run_that_finishes_it(refined, tmp_path):
    folder = shutil.copytree(refined.folder, tmp_path / "archive")
    with duckdb.connect(folder / "data" / "warehouse.duckdb") as warehouse:
        warehouse.execute("UPDATE articles SET extractor = ?, text = ?", [OLDER, ALTERED])
    environment = refined.environment | {"DATELINE_RUN__BATCH_ENTRIES": "10"}
    process = start_dateline("refine", environment=environment, cwd=folder)
    run = Run(process=process, folder=folder, replay=refined.replay, requests_before=0)
    try:
        kill_at(run, between_two_batches)
        killed = run.stage()
        assert 0 < len(record.files(folder / "data", killed.run_id)) < len(killed.batches())
    finally:
        kill_group(process.pid)
        process.wait(30)
    done = dateline("ingest", environment=environment, cwd=folder)
    assert done.returncode == 0, done.stderr
    count = len(refined.before["articles"])
    assert f"refine {killed.run_id}: {count} in = {count} landed" in done.stdout
    assert f"\n{count} of {count} articles read differently: text {count}, " in done.stdout
    (report, name), *_ = reversed(reports(refined.environment["PREFECT_API_URL"], "ingest-report"))
    assert name.startswith("ingest:") and "**10.** [" in report and f"| {OLDER} → " in report
    assert articles(folder) == refined.after["articles"]


def test_the_next_ingest_knows_all_entries_still(refined):
    assert " 0 landed" in refined.told[-1]
    pages = ask(
        refined.folder,
        "SELECT count(*) FROM fetches WHERE purpose = 'page' AND run_id = (SELECT max(run_id) FROM runs)",
    )
    assert pages == [(0,)]
    assert refined.requests_of_ingest  # it did ask the feeds
    assert articles(refined.folder) == refined.after["articles"]


def test_one_enricher_is_run_again_alone(refined):
    """The last test of this archive: its facts are altered behind its back."""
    facts = ("quotes", "amounts", "mentions", "articles")
    before = {table: ask(refined.folder, f"SELECT * FROM {table} ORDER BY ALL") for table in facts}
    with duckdb.connect(refined.folder / "data" / "warehouse.duckdb") as warehouse:
        ((article_id,),) = warehouse.execute("SELECT min(article_id) FROM quotes").fetchall()
        warehouse.execute("DELETE FROM quotes WHERE article_id = ?", [article_id])
        warehouse.execute("UPDATE quotes SET enricher = 'quotes 0', verb = 'shouted'")
        warehouse.execute("UPDATE amounts SET enricher = 'amounts 0'")
        for enricher in ("quotes 0", "events 0"):
            warehouse.execute(
                "INSERT INTO enrichment_misses VALUES (?, ?, 'KeyError', 'no such name', now())", [article_id, enricher]
            )
    done = dateline("refine", "--only", "quotes", environment=refined.environment, cwd=refined.folder)
    assert done.returncode == 0, done.stderr
    after = {table: ask(refined.folder, f"SELECT * FROM {table} ORDER BY ALL") for table in facts}
    assert after["quotes"] == before["quotes"] != []
    assert (after["articles"], after["mentions"]) == (before["articles"], before["mentions"])
    assert ask(refined.folder, "SELECT DISTINCT enricher FROM amounts") == [("amounts 0",)]
    assert ask(refined.folder, "SELECT enricher FROM enrichment_misses") == [("events 0",)]
    count = len(before["articles"])
    assert f"{count} in = {count} landed + 0 dropped" in done.stdout


def test_an_enricher_that_is_none_is_refused(refined):
    done = dateline("refine", "--only", "horoscopes", environment=refined.environment, cwd=refined.folder)
    assert done.returncode == 1 and "There is no enricher horoscopes; there are mentions, places" in done.stderr
