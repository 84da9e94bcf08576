"""The frozen web, ingested on two days by real processes, against what must become of it."""

import json
import os
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tasks.likeness import canonical_url
from tests.demo.__main__ import QUESTIONS
from tests.demo.archive import make_archive
from tests.demo.replay import Replay, RequestRecord
from tests.integration.demoweb import dateline, expected

HOST_GAP_SECONDS = 0.05
SLOW_PAGE = "/opinion/2026/11/19/column-bell.html"
SLOW_PAGE_SECONDS = 0.5
RETRY_AFTER_SECONDS = 1.0


@dataclass
class Outcome:
    """The archive after both days, and what the servers saw of it."""

    folder: Path
    port: int
    warehouse: duckdb.DuckDBPyConnection
    first: list[RequestRecord]
    second: list[RequestRecord]
    told: list[str]
    api: str

    def rows(self, sql: str, *parameters: object) -> list[tuple]:
        return self.warehouse.execute(sql, list(parameters)).fetchall()

    def article(self, url: str) -> dict:
        table = self.warehouse.execute(
            "SELECT * FROM articles WHERE article_id IN (SELECT article_id FROM article_urls WHERE url = ?)", [url]
        )
        names = [column[0] for column in table.description]
        rows = table.fetchall()
        assert len(rows) == 1, f"{url} leads to {len(rows)} articles"
        return dict(zip(names, rows[0], strict=True))


@pytest.fixture(scope="module")
def outcome(prefect_server: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("demo")
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    environment = mine | prefect_server | {"HOME": str(folder)}
    with Replay(port=0) as replay:
        make_archive(folder, replay.port)
        first_run = dateline("ingest", environment=environment, cwd=folder)
        assert first_run.returncode == 0, first_run.stderr
        first = list(replay.requests)
        replay.set_phase(2)
        second_run = dateline("ingest", environment=environment, cwd=folder)
        assert second_run.returncode == 0, second_run.stderr
        second = list(replay.requests)[len(first) :]
        warehouse = duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True)
        warehouse.execute("SET TimeZone = 'UTC'")
        yield Outcome(
            folder,
            replay.port,
            warehouse,
            first,
            second,
            [first_run.stdout, second_run.stdout],
            prefect_server["PREFECT_API_URL"],
        )
        warehouse.close()


@pytest.fixture(scope="module")
def truth(outcome: Outcome) -> dict:
    return expected(outcome.port)


def test_each_run_balances_and_says_so(outcome):
    runs = outcome.rows(
        "SELECT entries_in, entries_landed, entries_dropped, "
        "list_sum(map_values(dropped_by_reason)) FROM runs ORDER BY started_at"
    )
    assert len(runs) == 2
    for (entries_in, landed, dropped, by_reason), told in zip(runs, outcome.told, strict=True):
        assert entries_in == landed + dropped and dropped == by_reason
        assert f"{entries_in} in = {landed} landed + {dropped} dropped" in told


def accounts(outcome: Outcome) -> list[tuple[int, int, dict[str, int]]]:
    rows = outcome.rows("SELECT entries_in, entries_landed, dropped_by_reason FROM runs ORDER BY started_at")
    return [(entries_in, landed, dict(dropped)) for entries_in, landed, dropped in rows]


def test_the_first_day_accounts_for_every_entry(outcome, truth):
    entries_in, landed, dropped = accounts(outcome)[0]
    assert landed == len(truth["articles"]) + len(truth["texts"])
    told = Counter(case["reason"] for name in ("dropped", "sources_dropped", "texts_dropped") for case in truth[name])
    assert {reason: count for reason, count in dropped.items() if reason in told} == told
    # What else is dropped are second addresses: the twins, and all of a feed that repeats another's entries.
    assert dropped.keys() - told.keys() == {"same_url", "same_article"}
    ((repeated, reasons),) = outcome.rows(
        "SELECT count(*), list(DISTINCT reason) FROM drops WHERE source_id = 'gazette-letters'"
    )
    assert repeated > 0 and reasons == ["same_url"]
    twins = sum(len(case["twins"]) for case in truth["twins"])
    assert dropped["same_url"] + dropped["same_article"] == twins + repeated
    listed = sum(case.get("entries", 0) for case in truth["sources"]) + repeated
    texts = len(truth["texts"]) + len(truth["texts_dropped"])
    assert entries_in == listed + len(truth["sources_dropped"]) + texts


def test_the_second_day_accounts_for_every_entry(outcome, truth):
    _, landed, dropped = accounts(outcome)[1]
    changed = len(truth["new_in_phase_2"]) + len(truth["revised"])
    # Folders list all they have each time; feeds that answer 304 and sitemaps of an index that have not changed nothing.
    relisted = sum(case.get("entries_phase_2", 0) for case in truth["sources"] if "entries" in case)
    relisted += len(truth["texts"]) + len(truth["texts_dropped"])
    assert landed == changed
    assert dropped == Counter(case["reason"] for case in truth["sources_dropped"]) | {"known": relisted - changed}


def test_each_source_lists_what_it_holds(outcome, truth):
    listed = dict(
        outcome.rows(
            "SELECT s.url, count(e.url) FROM sources AS s LEFT JOIN entries AS e ON e.source_id = s.source_id "
            "AND e.run_id = (SELECT min(run_id) FROM runs) GROUP BY s.url"
        )
    )
    index_of = {child: case["url"] for case in truth["sources"] for child in case.get("children", ())}
    for case in truth["sources"]:
        if "entries" in case:
            assert listed[index_of.get(case["url"], case["url"])] == case["entries"], case["url"]


def test_an_entry_without_date_takes_that_of_its_page(outcome, truth):
    for case in truth["undated_entries"]:
        assert outcome.rows("SELECT published_at FROM entries WHERE url = ?", case["url"]) == [(None,)]
        assert outcome.article(case["url"])["published_at"] is not None


def test_every_drop_is_listed_with_a_sentence(outcome):
    counted = outcome.rows(
        "SELECT * FROM (SELECT run_id, unnest(map_keys(dropped_by_reason)) AS reason, "
        "unnest(map_values(dropped_by_reason)) FROM runs) WHERE reason NOT IN ('known', 'too_old')"
    )
    listed = outcome.rows("SELECT run_id, reason, count(*) FROM drops GROUP BY ALL")
    assert sorted(counted) == sorted(listed) and listed
    assert outcome.rows("SELECT count(*) FROM drops WHERE message IS NULL OR length(message) < 20") == [(0,)]


def test_what_must_be_dropped_is_dropped_for_its_reason(outcome, truth):
    for case in truth["dropped"]:
        if "url" in case:
            found = outcome.rows("SELECT DISTINCT reason FROM drops WHERE url = ?", case["url"])
            assert found == [(case["reason"],)], case
            assert outcome.rows("SELECT count(*) FROM article_urls WHERE url = ?", case["url"]) == [(0,)]
        else:
            found = outcome.rows("SELECT DISTINCT reason FROM drops WHERE title = ?", case["title"])
            assert found == [(case["reason"],)], case
    for case in truth["sources_dropped"]:
        ((reason, capture_id, message),) = outcome.rows(
            "SELECT DISTINCT reason, capture_id, message FROM drops WHERE url = ? "
            "AND run_id = (SELECT min(run_id) FROM runs)",
            case["url"],
        )
        assert reason == case["reason"]
        assert capture_id is not None or reason == "feed_empty"
        if "names" in case:
            assert case["names"] in message
    for case in truth["texts_dropped"]:
        assert outcome.rows("SELECT DISTINCT reason FROM drops WHERE ends_with(url, ?)", case["file"]) == [
            (case["reason"],)
        ]


def test_a_dropped_page_can_be_listed_and_its_bytes_are_kept(outcome):
    ((path,),) = outcome.rows("SELECT path FROM drops JOIN captures USING (capture_id) WHERE reason = 'page_not_html'")
    assert (outcome.folder / "data" / "captures" / path).is_file()
    paths = outcome.rows("SELECT DISTINCT path FROM captures")
    assert all((outcome.folder / "data" / "captures" / path).is_file() for (path,) in paths)
    assert outcome.rows("SELECT count(*) FROM articles ANTI JOIN captures USING (capture_id)") == [(0,)]


def test_articles_read_as_they_must(outcome, truth):
    revised = {case["url"] for case in truth["revised"]}
    for case in truth["articles"] + truth["new_in_phase_2"]:
        article = outcome.article(case["url"])
        title, text = article["title"], article["text"]
        if case["url"] in revised:
            ((title, text),) = outcome.rows(
                "SELECT title, text FROM revisions WHERE article_id = ? AND revision = 1", article["article_id"]
            )
        text = " ".join(text.split())
        assert title == case["title"], case["url"]
        for part in case["must_contain"]:
            assert " ".join(part.split()) in text, (case["url"], part)
        assert article["authors"] == case["authors"], case["url"]
        assert article["published_at"] == case["published_at"], case["url"]
        assert article["language"] == case["language"], case["url"]
        assert article["text_origin"] == case["text_from"], case["url"]
        for part in [] if case.get("hard") else case["must_not_contain"]:
            assert part not in text, (case["url"], part)


def test_every_article_says_what_read_it_and_how_surely(outcome):
    wrong = outcome.rows(
        "SELECT canonical_url FROM articles WHERE NOT (extraction_confidence > 0 AND extraction_confidence <= 1 "
        "AND regexp_matches(extractor, '[a-z]+.* [0-9]') AND regexp_matches(enricher, '[a-z]+.* [0-9]') "
        "AND display_title <> '' AND word_count > 0 AND summary <> '')"
    )
    assert wrong == []


def test_dated_texts_are_articles_without_headline(outcome, truth):
    for case in truth["texts"]:
        ((title, shown, published, text, confidence),) = outcome.rows(
            "SELECT title, display_title, published_at, text, extraction_confidence FROM articles "
            "WHERE ends_with(canonical_url, ?)",
            case["file"],
        )
        assert title is None and text.startswith(case["starts"]) and text.startswith(shown[:40])
        assert published.date() == case["published_on"] and confidence == 1
        assert len(text.split("\n\n")) == case["paragraphs"]


def test_twins_are_one_article_with_all_their_addresses(outcome, truth):
    for case in truth["twins"]:
        article = outcome.article(case["canonical_url"])
        assert article["canonical_url"] == canonical_url(case["canonical_url"])
        urls = {
            url for (url,) in outcome.rows("SELECT url FROM article_urls WHERE article_id = ?", article["article_id"])
        }
        assert set(case["twins"]) < urls
    for case in truth["redirected"]:
        assert outcome.article(case["url"])["canonical_url"] == canonical_url(case["canonical_url"])


def test_copies_are_told_from_look_alikes(outcome, truth):
    original_of = dict(outcome.rows("SELECT article_id, coalesce(duplicate_of, article_id) FROM articles"))
    for case in truth["copies"]:
        original, copy = outcome.article(case["original"]), outcome.article(case["copy"])
        assert original_of[copy["article_id"]] == original["article_id"], case
        assert copy["duplicate_kind"] in case["kinds"]
    for case in truth["not_copies"]:
        one, other = (outcome.article(url) for url in case["urls"])
        assert original_of[one["article_id"]] != original_of[other["article_id"]], case["why"]
    copies = outcome.rows("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL")
    assert copies == [(len(truth["copies"]),)]


def test_an_updated_article_is_a_revision(outcome, truth):
    for case in truth["revised"]:
        article = outcome.article(case["url"])
        assert article["revision"] == 2 and article["title"] == case["title_after"]
        assert article["modified_at"] == case["modified_at"]
        versions = outcome.rows("SELECT * FROM revisions WHERE article_id = ? ORDER BY revision", article["article_id"])
        assert len(versions) == 2
        before, after = (" ".join(version[5].split()) for version in versions)
        assert all(part in before and part not in after for part in case["gone"])
        assert all(part in after and part not in before for part in case["came"])
    changes = outcome.rows("SELECT title_before, title_after, words_added > 0, words_removed > 0 FROM headline_changes")
    assert changes == [(c["title_before"], c["title_after"], True, True) for c in truth["revised"]]


def test_the_second_day_brings_only_what_is_new(outcome, truth):
    second = outcome.rows("SELECT articles_new, articles_revised, sources_unchanged FROM runs ORDER BY started_at")[1]
    assert second[:2] == (len(truth["new_in_phase_2"]), len(truth["revised"]))
    asked = {f"http://{r.host}:{outcome.port}{r.path}": r.status for r in outcome.second}
    unchanged = [url for url in truth["unchanged_in_phase_2"]["urls"] if "sitemap" not in url]
    assert all(asked[url] == 304 for url in unchanged)
    pages = {case["url"] for case in (*truth["new_in_phase_2"], *truth["revised"])}
    feeds = {case["url"] for case in (*truth["sources"], *truth["sources_dropped"])}
    assert {url for url in asked if not url.endswith("robots.txt")} - feeds == pages


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_the_demo_asks_has_an_answer(outcome, question):
    assert outcome.rows(QUESTIONS[question])


def test_politeness_as_the_servers_saw_it(outcome, truth):
    by_host: dict[str, list[RequestRecord]] = defaultdict(list)
    for request in outcome.first:
        by_host[request.host].append(request)
    assert len(by_host) == 5
    forbidden = next(case["url"] for case in truth["dropped"] if case["reason"] == "robots_disallowed")
    for host, requests in by_host.items():
        assert requests[0].path == "/robots.txt", host
        starts = [request.monotonic_seconds for request in requests]
        # In the order of the answers: a request that overlapped a slow one would stand before it, with a gap below 0.
        gaps = [later - sooner for sooner, later in zip(starts, starts[1:], strict=False)]
        assert min(gaps) >= HOST_GAP_SECONDS, host
        for request, gap in zip(requests, gaps, strict=False):
            if request.path == SLOW_PAGE:
                assert gap >= SLOW_PAGE_SECONDS + HOST_GAP_SECONDS
            if request.status == 429:
                assert gap >= RETRY_AFTER_SECONDS
        assert not any(forbidden.endswith(request.path) for request in requests)
        assert all("Dateline/" in request.headers["User-Agent"] for request in requests)


def test_the_second_day_asks_with_the_validators_of_the_first(outcome, truth):
    conditional = {f"http://{r.host}:{outcome.port}{r.path}" for r in outcome.second if "If-None-Match" in r.headers}
    answered_304 = {f"http://{r.host}:{outcome.port}{r.path}" for r in outcome.second if r.status == 304}
    assert answered_304 <= conditional
    # What had changed was asked for on condition too; what is new, could not be.
    assert {case["url"] for case in truth["revised"]} <= conditional - answered_304
    assert not {case["url"] for case in truth["new_in_phase_2"]} & conditional
    # RFC 9309 section 2.4: robots.txt may be remembered for a day.
    assert not any(request.path == "/robots.txt" for request in outcome.second)


def test_what_failed_for_the_moment_was_tried_again(outcome, truth):
    for case in truth["recovered"]:
        statuses = [
            s for (s,) in outcome.rows("SELECT status FROM fetches WHERE url = ? ORDER BY started_at", case["url"])
        ]
        assert statuses == [case["first_status"], 200]
        outcome.article(case["url"])


@pytest.mark.parametrize(
    ("table", "surface"), [("mentions", "surface"), ("dates", "surface"), ("amounts", "surface"), ("quotes", "text")]
)
def test_every_span_is_its_words(outcome, table, surface):
    ((rows, wrong),) = outcome.rows(
        f"SELECT count(*), count(*) FILTER (a.text[f.start_char + 1 : f.end_char] IS DISTINCT FROM f.{surface}) "
        f"FROM {table} AS f LEFT JOIN articles AS a USING (article_id)"
    )
    assert rows > 20 and wrong == 0


def test_a_keyword_stands_where_it_says_or_its_entity_does(outcome):
    """In its own form there: a plural, or with a capital."""
    ((rows, entities, wrong),) = outcome.rows(
        "SELECT count(*), count(m.entity_id), "
        "count(*) FILTER "
        "(m.entity_id IS NULL AND lower(a.text[k.start_char + 1 : k.end_char])[: 4] IS DISTINCT FROM lower(k.term)[: 4]) "
        "FROM keywords AS k LEFT JOIN articles AS a USING (article_id) "
        "LEFT JOIN mentions AS m USING (article_id, start_char, end_char)"
    )
    assert rows > 100 and 0 < entities < rows and wrong == 0


def test_what_facts_refer_to_is_there(outcome):
    for sql in (
        "SELECT count(*) FROM quotes AS q JOIN articles AS a USING (article_id) WHERE speaker_id IS NOT NULL AND NOT "
        "(0 <= speaker_start_char AND speaker_start_char < speaker_end_char AND speaker_end_char <= length(a.text))",
        "SELECT count(*) FROM mentions ANTI JOIN entities USING (entity_id)",
        "SELECT count(*) FROM quotes AS q ANTI JOIN entities AS e ON q.speaker_id = e.entity_id "
        "WHERE q.speaker_id IS NOT NULL",
    ):
        assert outcome.rows(sql) == [(0,)], sql


def test_ids_are_unique(outcome):
    for table, key in (
        ("articles", "article_id"),
        ("articles", "canonical_url"),
        ("captures", "capture_id"),
        ("entities", "entity_id"),
        ("article_urls", "(article_id, url)"),
        ("revisions", "(article_id, revision)"),
        ("postings", "(term, number)"),
        ("documents", "number"),
        ("documents", "article_id"),
        ("vocabulary", "(term, stem)"),
    ):
        assert outcome.rows(f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == [(0,)], (table, key)


def test_every_view_answers_and_search_finds(outcome, truth):
    views = [view for (view,) in outcome.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal")]
    assert "news" in views
    for view in views:
        assert outcome.warehouse.execute(f"SELECT * FROM {view}").fetchall(), view
    news = {url for (url,) in outcome.rows("SELECT url FROM news")}
    assert not {canonical_url(case["copy"]) for case in truth["copies"]} & news
    found = outcome.rows("SELECT article_id, url FROM search('ferry strait hull cracks')")
    wire = outcome.article(truth["copies"][0]["original"])
    assert wire["article_id"] in [row[0] for row in found[:3]]
    # Accents and case do not matter, and a word that nobody wrote finds nothing.
    ((_, hospital), *_) = outcome.rows("SELECT article_id, url FROM search('HOPITAL urgences')")
    assert hospital.endswith("/article/hopital-urgences-nuit")
    assert outcome.rows("SELECT * FROM search('zyzzyva')") == []
    like = outcome.rows("SELECT article_id FROM similar(?)", wire["article_id"])
    copies = {a for (a,) in outcome.rows("SELECT article_id FROM articles WHERE duplicate_of = ?", wire["article_id"])}
    assert like and not copies & {row[0] for row in like}


def test_the_run_is_named_by_what_it_did_and_ends_with_a_report(outcome):
    def ask(path: str, body: dict) -> list[dict]:
        request = urllib.request.Request(
            f"{outcome.api}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    rows = outcome.rows(
        "SELECT run_id, articles_new, articles_revised, entries_in, sources_polled FROM runs ORDER BY started_at"
    )
    special = ["robots_disallowed", "What changed"]
    for (run_id, new, revised, entries, sources), told, part in zip(rows, outcome.told, special, strict=True):
        name = f"ingest: {new} new, {revised} revised of {entries} entries ({sources} sources)"
        # Other archives' runs on the same server may be named alike: ours is the one whose report names it.
        of_runs = {"flow_runs": {"name": {"any_": [name]}}}
        reports = ask("/artifacts/filter", of_runs | {"artifacts": {"key": {"any_": ["ingest-report"]}}})
        (report,) = [artifact for artifact in reports if run_id in artifact["data"]]
        account = told.split(": ", 1)[1].strip()
        for words in (account, "New articles by source", "Slowest hosts", "Drops by reason", part):
            assert words in report["data"]
        artifacts = ask("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [report["flow_run_id"]]}}})
        assert {a["key"]: a["data"] for a in artifacts}["ingest-progress"] == 100.0
