"""The search: how text is cut, what finds what, in which order, and that the index keeps up with what lands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.contracts.handmade import NOON, Story, stage_run
from warehouse import index, landing, migrate, store

LATER = NOON + timedelta(days=3)
PADDING = " Nothing else of note was told that day by anyone." * 30
STORIES = [
    Story(
        url="https://gazette.example/title",
        article_id="title",
        title="Harbour dredged",
        text="Work took a year and cost little, an engineer said." + PADDING,
        people=["Nothing else"],
    ),
    Story(
        url="https://gazette.example/text",
        article_id="text",
        title="Works of the year",
        text="The old harbour was dredged, an engineer said." + PADDING,
    ),
    Story(url="https://gazette.example/order", article_id="order", title="Notes", text="Minister prime. Taxed taxis."),
    Story(url="https://gazette.example/phrase", article_id="phrase", title="Vote", text="The Prime  Minister — lost."),
    Story(
        url="https://gazette.example/copy",
        article_id="copy",
        title="Vote",
        text="The prime minister lost.",
        outcome="copy",
        duplicate_of="phrase",
        duplicate_kind="exact",
    ),
    Story(
        url="https://gazette.example/fr", article_id="fr", title="Santé", text="L'Hôpital ferme; cœur, Straße, Łódź."
    ),
    Story(url="https://gazette.example/ja", article_id="ja", title="天気", text="東京都の天気は晴れです。AI技術も。"),
    Story(url="https://gazette.example/hi", article_id="hi", title="खबर", text="भारत की हिन्दी पत्रकारिता"),
]


def make(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with store.writer(folder, holder="test") as connection:
        assert landing.land(connection, stage_run(folder, "run-1", STORIES), 1)
        yield connection


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from make(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from make(tmp_path)


def found(connection: duckdb.DuckDBPyConnection, query: str, options: str = "") -> list[str]:
    sql = f"SELECT article_id FROM search(?{options and ', ' + options})"
    return [article_id for (article_id,) in connection.execute(sql, [query]).fetchall()]


@pytest.mark.parametrize(
    "words, terms",
    [
        ("L'École, the 2.5%", ["l", "ecole", "the", "2", "5"]),
        ("Straße Łódź Øre cœur", ["strasse", "lodz", "ore", "coeur"]),
        ("हिन्दी café", ["हिन्दी", "cafe"]),
        ("東京都のAI技術、日", ["東京", "京都", "都の", "ai", "技術", "日"]),
        ("Ελλάδα Жизнь", ["ελλαδα", "жизнь"]),
        ("x" * 41 + " short", ["short"]),
        ("--- !", []),
        ("", []),
    ],
)
def test_text_is_cut_into_terms(archive, words, terms):
    assert archive.execute("SELECT terms_of(?)", [words]).fetchall() == [(terms,)]


@pytest.mark.parametrize(
    "query, ids",
    [
        ("harbour", ["title", "text"]),
        ("HOPITAL", ["fr"]),
        ("lodz strasse coeur", ["fr"]),
        ("東京", ["ja"]),
        ("天気", ["ja"]),
        ("晴", ["ja"]),
        ("हिन्दी", ["hi"]),
        ("tax*", ["order"]),
        ('"prime minister"', ["phrase"]),
        ('"minister prime"', ["order"]),
        ('"prime minister" harbour', ["phrase"]),
        ('"prime harbour"', []),
        ('"nowhere at all" minister', []),
        ("zyzzyva", []),
        ("", []),
        ("'; DROP TABLE articles; --", []),
        ('"', []),
        ("*", []),
    ],
)
def test_what_finds_what(archive, query, ids):
    assert [each for each in found(archive, query) if each != "hi" or ids == ["hi"]] == ids


def test_copies_stand_behind_their_original_and_are_counted(archive):
    assert archive.execute("SELECT article_id, copies FROM search('lost')").fetchall() == [("phrase", 1)]


@pytest.mark.parametrize(
    "options, ids",
    [
        ("since := DATE '2026-11-23'", ["title", "text"]),
        ("since := DATE '2026-11-24'", []),
        ("until := DATE '2026-11-23'", ["title", "text"]),
        ("until := DATE '2026-11-22'", []),
        ("source := 'gazette'", ["title", "text"]),
        ("source := 'another'", []),
        ("language := 'xx'", []),
        ("entity := 'nothing ELSE'", ["title"]),
        ("entity := 'person:nobody'", []),
        ("most := 1", ["title"]),
    ],
)
def test_filters(archive, options, ids):
    assert found(archive, "harbour", options) == ids


def test_the_snippet_is_the_stretch_with_the_words_marked(archive):
    snippets = dict(archive.execute("SELECT article_id, snippet FROM search('harbour engineer')").fetchall())
    assert snippets["text"].startswith("The old «harbour» was dredged, an «engineer» said. Nothing else")
    assert len(snippets["text"].split()) == 30
    assert archive.execute("SELECT snippet FROM search('京都の')").fetchall() == [
        ("東«京都の»天気は晴れです。AI技術も。",)
    ]


def test_a_snippet_is_taken_from_where_the_words_are(archive):
    units = "word " * 300 + "needle in hay " + "word " * 300
    ((told,),) = archive.execute(
        "SELECT marked(u, h, densest(h)) FROM (SELECT units_of($1) AS u, "
        "list_transform(units_of($1), lambda w: list_has_any(terms_of(w), ['needle', 'hay'])) AS h)",
        [units],
    ).fetchall()
    assert "«needle» in «hay»" in told and len(told.split()) == 30


def test_what_reads_alike_leaves_out_itself_and_its_copies(archive):
    alike = [article_id for (article_id,) in archive.execute("SELECT article_id FROM similar('text')").fetchall()]
    assert alike[0] == "title" and "text" not in alike
    assert {"phrase", "copy"}.isdisjoint(
        article_id for (article_id,) in archive.execute("SELECT article_id FROM similar('copy')").fetchall()
    )


def test_an_article_that_changed_is_found_by_its_new_words_alone(warehouse, tmp_path):
    changed = replace(STORIES[0], title="Quay", text="A quay was built.", people=(), outcome="revised", revision=2)
    assert landing.land(warehouse, stage_run(tmp_path, "run-2", [changed], seen_at=LATER), 1)
    assert found(warehouse, "quay") == ["title"]
    assert found(warehouse, "dredged") == ["text"]
    orphans = "SELECT count(*) FROM postings ANTI JOIN documents USING (number)"
    assert warehouse.execute(orphans).fetchall() == [(0,)]


QUERIES = ["harbour", "minister", '"prime minister"', "東京", "the"]


def test_words_of_more_than_half_of_the_articles_count_only_alone(warehouse):
    warehouse.execute("DELETE FROM documents WHERE article_id NOT IN ('title', 'text', 'order')")
    assert set(found(warehouse, "harbour taxed")) == {"order"}
    assert set(found(warehouse, "harbour")) == {"title", "text"}


def test_compaction_changes_no_answer(warehouse, tmp_path):
    for number in range(2, 14):
        story = Story(
            url=f"https://gazette.example/{number}", article_id=f"n{number}", title="Harbour", text=f"No {number}"
        )
        assert landing.land(warehouse, stage_run(tmp_path, f"run-{number}", [story], seen_at=LATER), 1)
    before = [found(warehouse, query) for query in QUERIES]
    held = warehouse.execute("SELECT * FROM postings ORDER BY ALL").fetchall()
    assert index.compact(warehouse) > 0
    assert warehouse.execute("SELECT * FROM postings ORDER BY ALL").fetchall() == held
    assert len(warehouse.execute("FROM segments").fetchall()) <= 3
    assert index.compact(warehouse) == 0
    assert index.compact(warehouse, everything=True) == len(held)
    assert warehouse.execute("FROM segments").fetchall() == [(1, 20, len(held))]
    assert [found(warehouse, query) for query in QUERIES] == before
    terms = [term for (term,) in warehouse.execute("SELECT term FROM postings").fetchall()]
    assert terms == sorted(terms)


def test_words_that_no_article_has_any_more_are_forgotten(warehouse):
    warehouse.execute("CREATE OR REPLACE TEMP TABLE landed AS SELECT 'order' AS article_id")
    with store.transaction(warehouse):
        index.take_out(warehouse)
    assert found(warehouse, "taxed") == []
    kept = warehouse.execute("SELECT term FROM vocabulary WHERE term IN ('taxed', 'taxis', 'minister')").fetchall()
    assert kept == [("minister",)]


@pytest.mark.parametrize("sizes, count", [([1] * 9, 0), ([1] * 10, 10), ([1] * 10 + [5], 11), ([1] * 10 + [50], 10)])
def test_small_segments_are_merged_and_large_ones_left(sizes, count):
    newest_first = [(100 - at, 100 - at, size) for at, size in enumerate(sizes)]
    assert index._to_merge(newest_first) == newest_first[:count]


def test_a_segment_that_is_large_enough_is_never_merged_again():
    assert index._to_merge([(9, 9, 1)] * 9 + [(1, 8, index.SEGMENT_ROWS)]) == []


def test_words_of_one_stem_find_each_other(warehouse):
    warehouse.execute("UPDATE articles SET language = 'en'")
    warehouse.execute("CREATE OR REPLACE TEMP TABLE landed AS SELECT article_id FROM articles")
    with store.transaction(warehouse):
        index.take_out(warehouse)
        index.add(warehouse)
    assert found(warehouse, "dredging") == []  # a form that the archive has never met
    assert found(warehouse, "harbours engineers") == []
    assert found(warehouse, "tax") == ["order"]


def test_the_index_of_an_earlier_archive_is_made_anew(tmp_path):
    path = tmp_path / store.WAREHOUSE
    with duckdb.connect(path) as connection:
        migrate.migrate(connection, name="it", until=3)
        columns = connection.execute(
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = 'articles'"
        ).fetchall()
        values = {"article_id": "'old'", "title": "'Harbour'", "text": "'東京 harbour words'", "language": "'en'"}
        kinds = {"VARCHAR": "'x'", "TIMESTAMP WITH TIME ZONE": "now()"}
        given = {
            name: values.get(name, "[]" if kind.endswith("[]") else kinds.get(kind, "1"))
            for name, kind, nullable in columns
            if name in values or not nullable
        }
        connection.execute(f"INSERT INTO articles ({', '.join(given)}) VALUES ({', '.join(given.values())})")
        connection.execute("INSERT INTO postings VALUES ('harbour', 'old', 2)")
    with store.writer(tmp_path, holder="test") as connection:
        assert connection.execute("FROM postings").fetchall() == [
            ("harbour", 1, 4),
            ("words", 1, 1),
            ("東京", 1, 1),
        ]
        assert connection.execute("SELECT number, article_id, length FROM documents").fetchall() == [(1, "old", 6)]
        assert found(connection, "harbour") == found(connection, "東京") == ["old"]
        assert connection.execute("FROM segments").fetchall() == [(1, 1, 3)]
