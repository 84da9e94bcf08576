"""The search measured: what a page of it costs, what a batch adds, and the bytes beside those of the text.

    python -m tests.bench.bench_search [--articles 10000] [--words 300] [--duckdb15 PYTHON]

The articles are generated, from a seed: words of syllables, drawn by Zipf's law (300,000 of them, exponent 1.05, shift
2.7: Mandelbrot, 1953), lengths log-normal about ``--words``, a title of eight words, one article each half minute.
Queries pair words by their rank; each is asked five times and the median counts. Beside it, over the same texts and
with the same queries, FTS5 of SQLite, and the FTS extension where ``--duckdb15`` names a Python that has it.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import index, store

VOCABULARY = 300_000
CHUNK = 20_000
BATCH = 500
LARGEST = 2_000  # words of an article
SYLLABLES = [c + v for c in "b c d f g h j k l m n p r s t v w z st tr pl".split() for v in "a e i o u ai ou".split()]
GOALS_MS = {"page": 100, "batch": 5000}

_ARTICLES = """
INSERT INTO articles BY NAME
SELECT
    article_id, 'https://gazette.example/' || article_id AS canonical_url, 'gazette' || source AS source_id, title,
    title AS display_title, [] AS authors, seen AS published_at, seen AS first_seen_at, seen AS last_seen_at,
    'en' AS language, text, 'page' AS text_origin, article_id AS text_digest, [] AS tags, words AS word_count,
    1 AS revision, 1.0 AS extraction_confidence, 'bench' AS extractor, 'bench' AS enricher, '' AS capture_id,
    '' AS run_id, 'article' AS page_kind, [] AS boilerplate, [] AS paragraph_kinds, [] AS captions
FROM made
"""

# Run by a Python of its own, whose DuckDB the extension is made for.
_FTS15 = """
import json, sys, time, duckdb
try:
    import duckdb_extension_fts as fts
except ImportError:
    fts = None
texts, out, queries = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
c = duckdb.connect(out)
if fts is not None:
    from pathlib import Path
    (file,) = Path(fts.__file__).parent.rglob("fts.duckdb_extension")
    c.execute(f"INSTALL '{file}'")
c.execute("LOAD fts; SET enable_progress_bar = false")
c.execute(f"CREATE TABLE t AS SELECT article_id, title, text FROM '{texts}'")
c.execute("CHECKPOINT")
began = time.perf_counter()
c.execute("PRAGMA create_fts_index('t', 'article_id', 'title', 'text', stopwords='none')")
told = {"build_seconds": round(time.perf_counter() - began, 1)}
sql = ("SELECT article_id, s FROM (SELECT article_id, fts_main_t.match_bm25(article_id, ?) AS s FROM t) "
       "WHERE s IS NOT NULL ORDER BY s DESC LIMIT 20")
for name, query in queries.items():
    times = []
    for _ in range(3):
        began = time.perf_counter()
        c.execute(sql, [query]).fetchall()
        times.append(1000 * (time.perf_counter() - began))
    told[name] = round(sorted(times)[1], 1)
print(json.dumps(told))
"""


class Generator:
    """Articles without end, the same ones for the same seed."""

    def __init__(self, words: int, seed: int = 7) -> None:
        self._random = np.random.default_rng(seed)
        self._words, self._number = words, 0
        chosen = self._random.integers(0, len(SYLLABLES), (VOCABULARY * 2, 5))
        sizes = np.minimum(1 + np.arange(VOCABULARY * 2) // 200, 2) + self._random.integers(0, 4, VOCABULARY * 2)
        made = dict.fromkeys(
            "".join(SYLLABLES[i] for i in row[:size]) for row, size in zip(chosen, sizes.tolist(), strict=True)
        )
        self.vocabulary = np.array(list(made)[:VOCABULARY], dtype=object)
        weights = 1 / (np.arange(len(self.vocabulary)) + 2.7) ** 1.05
        self._until = np.cumsum(weights / weights.sum())

    def articles(self, count: int) -> Iterator[pa.Table]:
        """``count`` articles in tables of at most ``CHUNK`` rows."""
        for first in range(0, count, CHUNK):
            yield self._table(min(CHUNK, count - first))

    def _table(self, count: int) -> pa.Table:
        lengths = np.clip(self._random.lognormal(np.log(self._words * 0.92), 0.4, count), 10, LARGEST).astype(int)
        drawn = self.vocabulary[np.searchsorted(self._until, self._random.random(lengths.sum() + 8 * count))]
        ends = np.cumsum(lengths + 8)
        numbers = np.arange(self._number, self._number + count)
        self._number += count
        starts = ends - lengths - 8
        return pa.table(
            {
                "article_id": [self._random.bytes(10).hex() for _ in range(count)],
                "title": [" ".join(drawn[s : s + 8]) for s in starts],
                "text": [" ".join(drawn[s + 8 : e]) for s, e in zip(starts, ends, strict=True)],
                "words": lengths,
                "source": numbers % 300,
                "seen": pa.array(1_700_000_000_000_000 + numbers * 30_000_000, pa.timestamp("us", tz="UTC")),
            }
        )

    def queries(self) -> dict[str, str]:
        """Words by their rank: 1 stands in nearly every article, 40,000 in next to none."""
        v = self.vocabulary
        return {
            "rare": v[40_000],
            "common + rare": f"{v[50]} {v[20_000]}",
            "two middling": f"{v[500]} {v[3_000]}",
            "two of the commonest": f"{v[1]} {v[4]}",
            "five words": " ".join(v[[30, 200, 900, 5_000, 12_000]]),
        }


def _milliseconds(work: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - began))
    return round(median(found), 1)


def _size(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    connection.execute("CHECKPOINT")
    return (folder / store.WAREHOUSE).stat().st_size


def _insert(connection: duckdb.DuckDBPyConnection, made: pa.Table) -> None:
    connection.register("made", made)
    connection.execute(_ARTICLES)
    connection.execute("CREATE OR REPLACE TEMP TABLE landed AS SELECT article_id FROM made")
    connection.unregister("made")


def _own(folder: Path, generator: Generator, count: int, texts: Path) -> dict[str, object]:
    told: dict[str, object] = {}
    with store.writer(folder, holder="bench") as connection:
        writer, raw = None, 0
        for made in generator.articles(count):
            _insert(connection, made)
            raw += sum(made[name].nbytes for name in ("title", "text"))
            writer = writer or pq.ParquetWriter(texts, made.schema)
            writer.write_table(made)
        writer.close()
        without = _size(connection, folder)
        connection.execute("CREATE OR REPLACE TEMP TABLE landed AS SELECT article_id FROM articles")
        began = time.perf_counter()
        with store.transaction(connection):
            index.add(connection)
        told["build_seconds"] = round(time.perf_counter() - began, 1)
        told["raw_bytes_per_article"] = round(raw / count)
        told["articles_bytes_per_article"] = round(without / count)
        told["index_bytes_per_article"] = round((_size(connection, folder) - without) / count)
        seconds = []
        for made in generator.articles(BATCH * 12):
            for first in range(0, made.num_rows, BATCH):
                began = time.perf_counter()
                with store.transaction(connection):
                    _insert(connection, made.slice(first, BATCH))
                    index.add(connection)
                seconds.append(time.perf_counter() - began)
        told["batch_ms"] = round(1000 * median(seconds), 1)
        told.update({f"12 batches loose: {name}": ms for name, ms in _pages(connection, generator).items()})
        began = time.perf_counter()
        rows = index.compact(connection)
        told["compact_ms"] = round(1000 * (time.perf_counter() - began), 1)
        told["compacted_rows"] = rows
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE landed AS SELECT article_id FROM articles USING SAMPLE 50 ROWS"
        )
        began = time.perf_counter()
        with store.transaction(connection):
            index.take_out(connection)
            index.add(connection)
        told["revised_50_ms"] = round(1000 * (time.perf_counter() - began), 1)
    with store.writer(folder, holder="bench") as connection:  # what a reader meets: written and closed
        told.update(_pages(connection, generator))
        ((some,),) = connection.execute("SELECT article_id FROM articles LIMIT 1 OFFSET 77").fetchall()
        told["similar"] = _milliseconds(lambda: connection.execute("FROM similar(?)", [some]).fetchall())
    return told


def _pages(connection: duckdb.DuckDBPyConnection, generator: Generator) -> dict[str, float]:
    v, sql = generator.vocabulary, "FROM search(?)"
    told = {
        name: _milliseconds(lambda query=query: connection.execute(sql, [query]).fetchall())
        for name, query in generator.queries().items()
    }
    told["phrase"] = _milliseconds(lambda: connection.execute(sql, [f'"{v[10]} {v[40]}"']).fetchall())
    told["prefix"] = _milliseconds(lambda: connection.execute(sql, [f"{v[3_000][:5]}*"]).fetchall())
    filtered = "FROM search(?, since := DATE '2023-11-20', source := 'gazette7', language := 'en')"
    told["filtered"] = _milliseconds(
        lambda: connection.execute(filtered, [generator.queries()["two middling"]]).fetchall()
    )
    return told


def _sqlite(path: Path, texts: Path, generator: Generator) -> dict[str, object]:
    database = sqlite3.connect(path)
    database.execute("CREATE VIRTUAL TABLE t USING fts5(article_id UNINDEXED, title, text, detail='full')")
    seconds = 0.0
    for batch in pq.ParquetFile(texts).iter_batches(CHUNK, columns=["article_id", "title", "text"]):
        rows = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        began = time.perf_counter()
        with database:
            database.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        seconds += time.perf_counter() - began
    sql = "SELECT article_id, bm25(t, 0, 3, 1) AS s FROM t WHERE t MATCH ? ORDER BY s LIMIT 20"
    told: dict[str, object] = {"build_seconds": round(seconds, 1)}
    for name, query in generator.queries().items():
        asked = " OR ".join(query.split())
        told[name] = _milliseconds(lambda asked=asked: database.execute(sql, [asked]).fetchall(), 3)
    database.close()
    return told | {"file_bytes": path.stat().st_size}


def main(arguments: Sequence[str] | None = None) -> dict[str, dict[str, object]]:
    """Measure as the command line asks; the table is printed and returned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=300, help="words of an article, about")
    parser.add_argument("--duckdb15", help="a Python with DuckDB 1.5 and its FTS extension")
    parser.add_argument("--no-peers", action="store_true", help="measure Dateline alone")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder, texts = Path(name), Path(name) / "texts.parquet"
        generator = Generator(asked.words)
        told = {"dateline": _own(folder, generator, asked.articles, texts)}
        if not asked.no_peers:
            told["sqlite fts5"] = _sqlite(folder / "fts5.sqlite", texts, generator)
        if asked.duckdb15:
            command = [asked.duckdb15, "-c", _FTS15, str(texts), str(folder / "fts.duckdb")]
            done = subprocess.run(
                [*command, json.dumps(generator.queries())], capture_output=True, text=True, check=True, cwd=folder
            )
            told["duckdb 1.5 fts"] = json.loads(done.stdout.splitlines()[-1])
    print(f"{asked.articles} articles of about {asked.words} words, {datetime.now(UTC):%Y-%m-%d}; ms, goals {GOALS_MS}")
    for measure in dict.fromkeys(key for each in told.values() for key in each):
        print(f"{measure:<40}" + "".join(f"{name}: {each.get(measure, '-')!s:<14}" for name, each in told.items()))
    return told


if __name__ == "__main__":
    main()
    sys.exit(0)
