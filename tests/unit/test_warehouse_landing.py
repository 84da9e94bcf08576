"""Landing: a batch becomes rows once, versions are kept, the account balances or nothing of it is closed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.handmade import NOON, SOURCE, Story, stage_run
from warehouse import landing, lookups, model, store
from warehouse.errors import Terminal
from warehouse.stage import Stage

LATER = NOON + timedelta(hours=1)
FERRY = Story(
    url="https://gazette.example/1",
    article_id="ferry",
    title="Ferry to sail",
    text="The ferry sails, Ada Brand said. “It is safe.”",
    people=["Ada Brand"],
    quotes=[("It is safe.", "Ada Brand")],
    sketch=[7, -9],
)
REVISED = replace(
    FERRY,
    title="Ferry stays in port",
    text="The ferry stays, Tom Reed said.",
    people=["Tom Reed"],
    quotes=(),
    outcome="revised",
    revision=2,
    sketch=[7, 11],
)
GONE = Story(url="https://gazette.example/gone", reason="http_404")
SLOW = Story(url="https://gazette.example/slow", reason="timed_out", transient=True, failures=2)
TWIN = Story(url="https://gazette.example/1?from=feed", reason="same_url", at_discovery=True)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with store.writer(tmp_path, holder="test") as connection:
        yield connection


def finish(connection: duckdb.DuckDBPyConnection, stage: Stage) -> model.Run:
    assert landing.land(connection, stage, 1)
    return landing.close_run(connection, stage)


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in model.TABLES}


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return connection.execute(sql).fetchall()


def test_a_batch_becomes_rows_and_an_account(warehouse, tmp_path):
    stage = stage_run(tmp_path, "run-1", [FERRY, GONE, SLOW, TWIN], unlisted={"known": 3, "too_old": 1})
    run = finish(warehouse, stage)
    assert (run.entries_in, run.entries_landed, run.entries_dropped, run.articles_new) == (8, 1, 7, 1)
    assert run.dropped_by_reason == {"http_404": 1, "timed_out": 1, "same_url": 1, "known": 3, "too_old": 1}
    assert rows(warehouse, "SELECT outcome, stage, reason, transient, failures FROM entries ORDER BY url") == [
        ("new", None, None, False, 0),
        ("dropped", "discover", "same_url", False, 0),
        ("dropped", "clean", "http_404", False, 0),
        ("dropped", "clean", "timed_out", True, 3),
    ]
    assert rows(warehouse, "SELECT count(*) FROM captures") == [(3,)]
    assert rows(warehouse, "SELECT article_id, etag FROM entries WHERE outcome = 'new'") == [("ferry", '"run-1"')]


def test_landing_and_closing_twice_change_nothing(warehouse, tmp_path):
    stage = stage_run(tmp_path, "run-1", [FERRY, GONE, TWIN])
    run = finish(warehouse, stage)
    before = everything(warehouse)
    assert not landing.land(warehouse, stage, 1)
    assert landing.close_run(warehouse, stage) == run
    assert everything(warehouse) == before


def test_the_address_of_a_twin_leads_to_the_article(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY, TWIN]))
    assert rows(warehouse, "SELECT article_id, url FROM article_urls ORDER BY url") == [
        ("ferry", FERRY.url),
        ("ferry", TWIN.url),
    ]
    assert rows(warehouse, "SELECT article_id FROM entries WHERE reason = 'same_url'") == [("ferry",)]


def test_every_span_equals_its_words(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY]))
    for table, words in (("mentions", "surface"), ("quotes", "text"), ("keywords", "term")):
        found = rows(
            warehouse,
            f"SELECT f.{words}, a.text[f.start_char + 1 : f.end_char] "
            f"FROM {table} AS f JOIN articles AS a USING (article_id)",
        )
        assert found and all(told == there for told, there in found)


def test_a_revision_keeps_both_versions_and_the_facts_of_the_newer(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY]))
    assert rows(warehouse, "SELECT * FROM revisions") == []
    run = finish(warehouse, stage_run(tmp_path, "run-2", [REVISED], seen_at=LATER))
    assert (run.articles_new, run.articles_revised) == (0, 1)
    assert rows(warehouse, "SELECT title, revision, text FROM articles") == [(REVISED.title, 2, REVISED.text)]
    assert rows(warehouse, "SELECT revision, title, text, diff FROM revisions ORDER BY revision") == [
        (1, FERRY.title, FERRY.text, None),
        (2, REVISED.title, REVISED.text, "[-old-] {+new+}"),
    ]
    assert rows(warehouse, "SELECT surface FROM mentions") == [("Tom Reed",)]
    assert rows(warehouse, "SELECT * FROM quotes") == []
    assert rows(warehouse, "SELECT hash FROM sketches ORDER BY hash") == [(7,), (11,)]
    assert rows(warehouse, "SELECT article_id FROM search('safe')") == []
    assert rows(warehouse, "SELECT article_id FROM search('port')") == [("ferry",)]
    assert rows(warehouse, "SELECT name FROM entities ORDER BY name") == [("Ada Brand",), ("Tom Reed",)]
    third = replace(REVISED, title="Ferry sails after all", revision=3)
    finish(warehouse, stage_run(tmp_path, "run-3", [third], seen_at=LATER + timedelta(hours=1)))
    assert rows(warehouse, "SELECT list(revision ORDER BY revision) FROM revisions") == [([1, 2, 3],)]
    assert rows(warehouse, "SELECT title_before, title_after FROM headline_changes ORDER BY revision") == [
        (FERRY.title, REVISED.title),
        (REVISED.title, third.title),
    ]


def test_what_is_read_again_is_no_revision(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY]))
    run = finish(warehouse, stage_run(tmp_path, "run-2", [replace(REVISED, outcome="refined", revision=1)]))
    assert run.articles_revised == 1
    assert rows(warehouse, "SELECT title, revision FROM articles") == [(REVISED.title, 1)]
    assert rows(warehouse, "SELECT * FROM revisions") == []


def test_an_account_that_does_not_balance_closes_nothing(warehouse, tmp_path):
    stage = stage_run(tmp_path, "run-1", [FERRY, TWIN], entries_in=5)
    landing.land(warehouse, stage, 1)
    before = everything(warehouse)
    with pytest.raises(Terminal) as caught:
        landing.close_run(warehouse, stage)
    assert caught.value.reason == "account_unbalanced"
    assert "run-1" in str(caught.value) and "5 entries in, 1 landed, 1 dropped" in str(caught.value)
    assert everything(warehouse) == before


def test_a_batch_that_fails_half_way_leaves_nothing(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY]))
    before = everything(warehouse)
    stage = stage_run(tmp_path, "run-2", [replace(FERRY, url="https://gazette.example/2", article_id="other")])
    stage.write("clean", 1, [replace(row, text=None) for row in stage.read("clean", 1)])
    with pytest.raises(duckdb.ConstraintException):
        landing.land(warehouse, stage, 1)
    assert everything(warehouse) == before


def test_sources_keep_their_state_while_they_are_configured(warehouse, tmp_path):
    landing.enrol_sources(warehouse, [SOURCE])
    polled = replace(SOURCE, etag='"x"', last_polled_at=NOON, consecutive_failures=3, title="As the feed says")
    landing.save_sources(warehouse, [polled])
    landing.enrol_sources(warehouse, [replace(SOURCE, title=None, tags=("world",), added_at=LATER)])
    assert lookups.sources(warehouse) == [replace(polled, tags=("world",))]
    landing.enrol_sources(warehouse, [replace(SOURCE, url="https://gazette.example/new-feed")])
    (moved,) = lookups.sources(warehouse)
    assert (moved.etag, moved.last_polled_at, moved.consecutive_failures) == (None, None, 0)
    landing.enrol_sources(warehouse, [])
    assert [source.enabled for source in lookups.sources(warehouse)] == [False]


def test_the_newest_row_of_an_entry_is_what_is_known_of_it(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY, SLOW]))
    finish(warehouse, stage_run(tmp_path, "run-2", [REVISED, replace(SLOW, failures=3)], seen_at=LATER))
    known = lookups.known_entries(warehouse, [FERRY.url, SLOW.url, "https://x.example/"], since=NOON)
    told = {entry.url: (entry.seen_at, entry.failures, entry.article_id, entry.etag) for entry in known}
    assert told == {FERRY.url: (LATER, 0, "ferry", '"run-2"'), SLOW.url: (LATER, 4, None, '"run-2"')}
    assert lookups.known_entries(warehouse, [FERRY.url], since=LATER + timedelta(seconds=1)) == []


def test_copies_are_looked_for_in_a_window_and_lead_to_their_original(warehouse, tmp_path):
    copy = replace(
        FERRY,
        url="https://b.example/1",
        article_id="copy",
        outcome="copy",
        duplicate_of="ferry",
        duplicate_kind="exact",
    )
    run = finish(warehouse, stage_run(tmp_path, "run-1", [FERRY, copy]))
    assert (run.articles_new, run.articles_copies) == (2, 1)
    found = lookups.sketched(warehouse, [-9, 12], since=NOON.date(), until=NOON.date())
    assert sorted(found) == [(-9, "copy", "ferry"), (-9, "ferry", "ferry")]
    day = timedelta(days=1)
    assert lookups.sketched(warehouse, [-9], since=LATER.date() + day, until=LATER.date() + 2 * day) == []
    assert lookups.sketched(warehouse, [-9], since=NOON.date() - 2 * day, until=NOON.date() - day) == []
    assert rows(warehouse, "SELECT article_id, copies FROM news") == [("ferry", 1)]
    copies = rows(warehouse, "SELECT original_id, copy_id, duplicate_kind FROM syndication")
    assert copies == [("ferry", "copy", "exact")]


def sited(number: int, *edges: int, **told) -> Story:
    story = Story(url=f"https://gazette.example/{number}", article_id=f"a{number}", title="T", text=f"Text {number}.")
    return replace(story, edges=edges, **told)


def edges_known(connection, *fingerprints: int, before=LATER, without=()):
    hosts = ["gazette.example", "unknown.example"]
    found = lookups.known_edges(connection, hosts, fingerprints, before=before, without=without)
    return found.articles, found.paragraphs


def test_the_paragraphs_of_a_site_are_counted_by_article(warehouse, tmp_path):
    copy = sited(3, 7, -9, outcome="copy", duplicate_of="a1", duplicate_kind="abridged")
    elsewhere = replace(sited(4, 70), url="https://herald.example/4")
    finish(warehouse, stage_run(tmp_path, "run-1", [sited(1, 7, -9), sited(2, 7), copy, elsewhere]))
    assert edges_known(warehouse, 7, -9, 70, 5) == ({"gazette.example": 2}, {7: 2, -9: 1, 70: 1})
    assert edges_known(warehouse, 7, -9, without=["a1"]) == ({"gazette.example": 1}, {7: 1})
    assert edges_known(warehouse, 7, before=NOON) == ({}, {})


def test_an_article_that_is_read_again_counts_once_and_keeps_its_place(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [sited(1, 7), sited(2, 7)]))
    before = rows(warehouse, "SELECT * FROM site_paragraphs ORDER BY ALL")
    again = [sited(number, 7, outcome="reread") for number in (1, 2)]
    finish(warehouse, stage_run(tmp_path, "run-2", again))
    assert rows(warehouse, "SELECT * FROM site_paragraphs ORDER BY ALL") == before
    finish(warehouse, stage_run(tmp_path, "run-3", [sited(1, 8, outcome="revised", revision=2)]))
    assert edges_known(warehouse, 7, 8) == ({"gazette.example": 2}, {7: 1, 8: 1})


def test_of_a_host_the_newest_articles_are_remembered(warehouse, tmp_path, monkeypatch):
    monkeypatch.setattr(landing, "SITE_ARTICLES", 3)
    finish(warehouse, stage_run(tmp_path, "run-1", [replace(sited(9, 7), url="https://herald.example/9")]))
    for run in range(1, 4):
        stories = [sited(10 * run + number, 7, run) for number in range(2)]
        finish(warehouse, stage_run(tmp_path, f"run-{run + 1}", stories, seen_at=NOON + timedelta(minutes=run)))
    kept = rows(warehouse, "SELECT DISTINCT host, article_id FROM site_paragraphs ORDER BY ALL")
    assert kept == [*(("gazette.example", name) for name in ("a20", "a30", "a31")), ("herald.example", "a9")]


def test_what_was_left_out_and_who_told_what_is_kept_with_the_article(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [sited(1, 7, boilerplate=["Follow us", "Share"])]))
    assert rows(
        warehouse, "SELECT boilerplate, page_kind, title_origin, authors_origin, published_origin FROM articles"
    ) == [(["Follow us", "Share"], "article", "h1", None, "feed")]


def test_of_what_is_read_again_only_the_feeds_word_is_handed_on(warehouse, tmp_path):
    """What the page told is read from the page again, else an older reading would pass for the feed's."""
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY]))
    (stored,) = lookups.stored_captures(warehouse, since=NOON, until=LATER, source_ids=())
    assert (stored.title, stored.published_at) == (None, NOON)
    warehouse.execute("UPDATE articles SET title_origin = NULL")
    (stored,) = lookups.stored_captures(warehouse, since=NOON, until=LATER, source_ids=())
    assert (stored.title, stored.authors) == (FERRY.title, ())


def test_stored_captures_are_those_of_the_period_and_source(warehouse, tmp_path):
    finish(warehouse, stage_run(tmp_path, "run-1", [FERRY, GONE]))

    def asked(since, until, sources=()):
        found = lookups.stored_captures(warehouse, since=since, until=until, source_ids=sources)
        return [each.article_id for each in found]

    assert asked(NOON, LATER) == asked(NOON, LATER, ["gazette"]) == ["ferry"]
    assert asked(NOON, LATER, ["herald"]) == asked(LATER, LATER + timedelta(days=1)) == asked(NOON, NOON) == []


def test_search_ranks_the_rarer_word_higher_and_folds_accents(warehouse, tmp_path):
    texts = {"a": "Café café talks.", "b": "Talks, talks and talks again.", "c": "Talks on rail."}
    stories = [Story(url=f"https://a.example/{n}", article_id=n, title=n, text=t) for n, t in texts.items()]
    finish(warehouse, stage_run(tmp_path, "run-1", stories))
    assert rows(warehouse, "SELECT article_id FROM search('CAFE talks')")[0] == ("a",)
    assert rows(warehouse, "SELECT article_id FROM search('talks', most := 2)")[0] == ("b",)
    assert rows(warehouse, "SELECT article_id FROM search('nothing of it')") == []
    assert rows(warehouse, "SELECT article_id FROM search('')") == []
