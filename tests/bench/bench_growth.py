"""What a batch of new articles costs as the archive grows: resemble and land, measured on generated archives.

    python -m tests.bench.bench_growth [--articles 10000,100000,1000000] [--per-day 1000] [--batch 500] [--rounds 3]

One archive grows from size to size. Its articles are written by bulk SQL, in the order of time, ``--per-day`` a day; at
each size the real tasks take in ``--rounds`` batches, without Prefect, opening and closing of the warehouse included,
and the median counts. Printed: one JSON line a size, seconds and bytes on disk beside the bytes of the texts, then the
ratio of the last size to the first.

The archive is random but repeats itself as news does: a quarter of a sketch is phrases that others use too, drawn
by Zipf's law with an offset (Mandelbrot) fitted to news, where the commonest phrase stands in an eighth of articles.
The search index is left empty: it has a benchmark of its own.
"""

import argparse
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import duckdb
import numpy as np
import pyarrow as pa
from prefect.logging import disable_run_logger

from tasks.land import land
from tasks.likeness.fingerprint import SCALE, SHINGLE_WORDS, shingle_sequences
from tasks.resemble import resemble
from tests.contracts.handmade import Story, stage_run
from warehouse import store
from warehouse.landing import SITE_ARTICLES

BEGAN = datetime(2022, 1, 1, tzinfo=UTC)
CHUNK = 50_000
SITES, SENTENCES = 500, 20_000
LOOK_BACK_DAYS = 30  # the setting's default
STOCK_PHRASES, OFFSET = 50_000, 10
PHRASES, OWN_HASHES = 12, 35  # per article: a sketch of the mean size for news, of which a batch of 500 has some 7
COPIES = 0.1  # share of a batch that repeats a story of the batch before

_ARTICLES = """
CREATE OR REPLACE TEMP TABLE chunk AS
SELECT n, left(sha256('article ' || n), 20) AS article_id,
    'https://site' || n % $sites || '.example/story-' || n AS url,
    $began::TIMESTAMPTZ + to_microseconds(CAST(n * 86400e6 / $per_day AS BIGINT)) AS seen_at
FROM range($first, $last) AS numbers(n);

INSERT INTO articles BY NAME
SELECT article_id, url AS canonical_url, 'site' || n % $sites AS source_id, 'Story ' || n AS title,
    'Story ' || n AS display_title, [] AS authors, seen_at AS published_at, seen_at AS first_seen_at,
    seen_at AS last_seen_at,
    'en' AS language, text, 'page' AS text_origin, left(sha256(text), 32) AS text_digest, left(text, 200) AS summary,
    [] AS tags, 380 AS word_count, 1 AS revision, 0.9 AS extraction_confidence, 'generated' AS extractor,
    'generated' AS enricher, left(sha256('capture ' || n), 20) AS capture_id, 'run ' || n // 500 AS run_id,
    'article' AS page_kind, [] AS boilerplate, [] AS paragraph_kinds, [] AS captions
FROM chunk JOIN (
    SELECT n, string_agg(sentence, ' ') AS text
    FROM (SELECT n, hash(n, unnest(range(20))) % $sentences AS id FROM chunk) JOIN sentences USING (id) GROUP BY n
) USING (n) ORDER BY n;

INSERT INTO article_urls BY NAME
SELECT article_id, unnest([url, url || '?utm_source=rss']) AS url, 'site' || n % $sites AS source_id,
    seen_at AS first_seen_at
FROM chunk ORDER BY n;

INSERT INTO sketches BY NAME
SELECT CAST(seen_at AS DATE) AS seen_on, coalesce(phrases.hash, CAST(random() * 4e18 AS BIGINT)) AS hash, article_id
FROM (
    SELECT *, unnest(range($hashes)) AS place,
        CAST(floor($offset * (pow($phrases / $offset + 1, random()) - 1)) AS BIGINT) AS rank
    FROM chunk
) AS drawn LEFT JOIN phrases ON phrases.rank = drawn.rank AND place < $stock
ORDER BY n;

INSERT INTO site_paragraphs BY NAME
SELECT 'site' || n % $sites || '.example' AS host, seen_at,
    CAST(hash(n % $sites, unnest(range(4)), n % 50) >> 1 AS BIGINT) AS fingerprint, article_id
FROM chunk ORDER BY n;

INSERT INTO entities BY NAME
SELECT 'person:' || n AS entity_id, 'Person ' || n AS name, 'PERSON' AS label, seen_at AS first_seen_at
FROM chunk WHERE n % 3 = 0 ORDER BY n;

INSERT INTO entity_aliases BY NAME SELECT 'person:' || n AS entity_id, 'P. ' || n AS alias FROM chunk WHERE n % 3 = 0;

INSERT INTO mentions BY NAME
SELECT article_id, 'person:' || CAST(floor(random() * n) AS BIGINT) // 3 * 3 AS entity_id, 'PERSON' AS label,
    'Person' AS surface, 20 * place AS start_char, 20 * place + 6 AS end_char, 0.9 AS confidence
FROM (SELECT *, unnest(range(10)) AS place FROM chunk) ORDER BY n, place;
"""


class News:
    """Stock phrases, and new stories made of them and of words of their own."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)
        words = self._random.integers(0, 60_000, (SCALE * STOCK_PHRASES * 11 // 10, SHINGLE_WORDS))
        texts = [" ".join(f"w{word}" for word in phrase) for phrase in words.tolist()]
        hashes = shingle_sequences([" ".join(texts)])[0][::SHINGLE_WORDS]  # those between are of two phrases
        kept = np.flatnonzero(hashes % np.uint64(SCALE) == 0)[:STOCK_PHRASES]
        self._phrases = [texts[place] for place in kept]
        self.hashes = hashes[kept].view(np.int64)

    def text(self) -> str:
        """A new story of some 380 words."""
        draws = self._random.random(PHRASES)
        ranks = (OFFSET * ((STOCK_PHRASES / OFFSET + 1) ** draws - 1)).astype(int).tolist()
        own = self._random.integers(0, 1 << 40, (PHRASES, 28)).tolist()
        parts = (
            f"{self._phrases[rank]} {' '.join(f'x{word:x}' for word in words)}."
            for rank, words in zip(ranks, own, strict=True)
        )
        return " ".join(parts)


def fill(connection: duckdb.DuckDBPyConnection, news: News, first: int, last: int, *, per_day: int) -> None:
    """Write the archive's articles ``first`` to ``last``, all tables but the index, as landing leaves them."""
    ranks = pa.table({"rank": np.arange(len(news.hashes)), "hash": news.hashes})
    connection.register("phrases", ranks)
    own = np.random.default_rng(2).integers(0, 40_000, (SENTENCES, 19)).tolist()
    sentences = [f"{' '.join(f'v{word}' for word in words)}." for words in own]
    connection.register("sentences", pa.table({"id": np.arange(SENTENCES), "sentence": sentences}))
    constants = {
        "began": BEGAN, "per_day": per_day, "sites": SITES, "sentences": SENTENCES, "hashes": PHRASES + OWN_HASHES,
        "stock": PHRASES, "offset": OFFSET, "phrases": STOCK_PHRASES,
    }  # fmt: skip
    for start in range(first, last, CHUNK):
        for statement in connection.extract_statements(_ARTICLES):
            told = constants | {"first": start, "last": min(start + CHUNK, last)}
            connection.execute(statement, {name: told[name] for name in statement.named_parameters})
    newest = BEGAN + timedelta(days=(last - SITES * SITE_ARTICLES) / per_day)
    connection.execute("DELETE FROM site_paragraphs WHERE seen_at < ?", [newest])


def take_in(folder: Path, news: News, number: int, size: int, at: datetime, before: Sequence[Story]) -> dict:
    """One batch through resemble and land; the seconds of each, of the wall and of this process, and its stories."""
    copied = [story.text for story in before[: round(COPIES * size)]]
    texts = copied + [news.text() for _ in range(size - len(copied))]
    stories = []
    for place, text in enumerate(texts):
        url = f"https://new{(place + number) % SITES}.example/{at:%Y/%m/%d}/{number}/story-{place}"
        article_id = hashlib.sha256(url.encode()).hexdigest()[:20]
        people = [" ".join(text.split(maxsplit=4)[3:4])]
        stories.append(Story(url=url, article_id=article_id, title=f"Story {place}", text=text, people=people))
    stage = stage_run(folder, f"{at:%Y%m%dT%H%M%SZ}-{number:04d}", stories, seen_at=at)
    stage.path("resemble", 1).unlink()
    told = {"stories": stories[len(copied) :]}
    for name, step in (
        ("resemble", partial(resemble.fn, look_back_days=LOOK_BACK_DAYS, again=False)),
        ("land", land.fn),
    ):
        began, cpu = time.perf_counter(), time.process_time()
        step(stage, 1, data_folder=folder, lock_wait_seconds=10)
        told[f"{name}_seconds"] = time.perf_counter() - began
        told[f"{name}_cpu_seconds"] = time.process_time() - cpu
    outcomes = Counter(row.outcome or row.reason for row in stage.read("resemble", 1))
    assert outcomes == Counter({"new": size - len(copied), "copy": len(copied)}) - Counter(), outcomes
    stage.remove()
    return told


def grow(folder: Path, sizes: Sequence[int], *, per_day: int, batch: int, rounds: int) -> list[dict[str, float]]:
    """Grow an archive in ``folder`` from size to size; what a batch costs at each."""
    news, curve, filled = News(), [], 0
    for size in sizes:
        with store.writer(folder, holder="bench") as connection:
            fill(connection, news, filled, size, per_day=per_day)
            ((text_bytes,),) = connection.execute("SELECT sum(length(text)) FROM articles").fetchall()
        filled, at = size, BEGAN + timedelta(days=size / per_day)
        batches, before = [], ()
        for number in range(rounds + 1):  # the first warms up
            batches.append(take_in(folder, news, number, batch, at + timedelta(minutes=number), before))
            before = batches[-1].pop("stories")
        told = {name: round(median(each[name] for each in batches[1:]), 3) for name in batches[0]}
        for unit in ("seconds", "cpu_seconds"):
            told[unit] = round(median(each[f"resemble_{unit}"] + each[f"land_{unit}"] for each in batches[1:]), 3)
        told["disk_bytes_per_article"] = round((folder / store.WAREHOUSE).stat().st_size / size)
        told["text_bytes_per_article"] = round(text_bytes / size)
        curve.append({"articles": size} | told)
        print(json.dumps(curve[-1]), flush=True)
    return curve


def main(arguments: Sequence[str] | None = None) -> list[dict[str, float]]:
    """Measure as the command line asks; the curve is printed and returned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", default="10000,100000,1000000", help="sizes of the archive, rising")
    parser.add_argument("--per-day", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where to leave the archive; a temporary one else")
    asked = parser.parse_args(arguments)
    sizes = [int(size) for size in asked.articles.split(",")]
    with disable_run_logger(), tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.folder or temporary)
        curve = grow(folder, sizes, per_day=asked.per_day, batch=asked.batch, rounds=asked.rounds)
    ratios = {name: round(curve[-1][name] / curve[0][name], 2) for name in curve[0] if name.endswith("seconds")}
    print(json.dumps({"ratio_of_last_to_first": ratios, "batch": asked.batch, "per_day": asked.per_day}))
    return curve


if __name__ == "__main__":
    main()
