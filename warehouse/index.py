"""The search index: what a batch adds to it, what is taken out of it, and its upkeep.

Postings lie in segments that are sorted by term, so that zone maps let a search read a small part of each; every batch
adds a small segment, and ``compact`` merges small ones, as Lucene and the logarithmic method do (Bentley and Saxe,
"Decomposable searching problems I", 1980). Searching itself is SQL (``views/10_macros.sql``); no text is cut here by
another rule than the macro ``terms_of``, which cuts the queries as well.
"""

from functools import cache

import duckdb
import pyarrow as pa
import Stemmer

from warehouse.store import transaction

#: A word of the title counts as often (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
#: fields", 2004: frequencies are weighted and added before they are saturated, and lengths alike).
TITLE_WEIGHT = 3
LOOSE_SEGMENTS = 10  # fewer small segments than this are left as they are
VOCABULARY_ROWS = 100_000  # stemmed at a time: as strings of Python they take much memory
SEGMENT_ROWS = 20_000_000  # a segment of this size is never merged again: merging it costs half a minute

#: ISO 639-1 → the Snowball algorithm of that name.
STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_CUT = """
CREATE OR REPLACE TEMP TABLE cut AS
SELECT number, term, CAST(sum(weight) AS BIGINT) AS frequency FROM (
    SELECT number, unnest(terms_of(text)) AS term, 1 AS weight FROM numbered
    UNION ALL
    SELECT number, unnest(terms_of(title)) AS term, $title_weight AS weight FROM numbered
) GROUP BY ALL
"""

_NUMBERED = """
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
    row_number() OVER (ORDER BY first_seen_at, article_id)
        + coalesce((SELECT max(last_number) FROM segments), 0) AS number,
    article_id, title, text, published_at, source_id, language
FROM articles SEMI JOIN landed USING (article_id)
"""

_DOCUMENTS = """
INSERT INTO documents BY NAME
SELECT number, article_id, coalesce(length, 0) AS length, published_at, source_id, language
FROM numbered LEFT JOIN (SELECT number, sum(frequency) AS length FROM cut GROUP BY number) USING (number)
ORDER BY number
"""

_SEGMENT = """
INSERT INTO segments
SELECT min(number), max(number), (SELECT count(*) FROM cut) FROM numbered HAVING count(*) > 0
"""


def add(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the articles named in the temporary table ``landed``, which have no place in the index yet.

    One segment however many there are; within the caller's transaction.
    """
    connection.execute(_NUMBERED)
    connection.execute(_CUT, {"title_weight": TITLE_WEIGHT})
    connection.execute(_DOCUMENTS)
    connection.execute("INSERT INTO postings BY NAME SELECT term, number, frequency FROM cut ORDER BY term, number")
    connection.execute(_SEGMENT)
    words = connection.sql(
        "SELECT DISTINCT coalesce(language, '') AS language, term FROM cut JOIN numbered USING (number)"
    ).to_arrow_table()
    connection.register("stemmed", _stemmed(words))
    connection.execute(
        "INSERT INTO vocabulary SELECT DISTINCT term, stem FROM stemmed ANTI JOIN vocabulary USING (term, stem) "
        "ORDER BY term, stem"
    )
    connection.unregister("stemmed")
    connection.execute("DROP TABLE cut")
    connection.execute("DROP TABLE numbered")


_SAMPLED_WORDS = """
SELECT DISTINCT coalesce(left(language, 2), '') AS language, term
FROM (SELECT term, number FROM postings USING SAMPLE 500000 ROWS) JOIN documents USING (number)
"""
_ALL_WORDS = """
SELECT DISTINCT coalesce(left(language, 2), '') AS language, term FROM postings JOIN documents USING (number)
"""
_WORDS_LEFT_OVER = """
DELETE FROM vocabulary WHERE rowid IN (SELECT v.rowid FROM vocabulary AS v ANTI JOIN postings AS p ON p.term = v.term)
"""
_STEMS_LEFT_OVER = """
DELETE FROM vocabulary WHERE rowid IN (
    SELECT v.rowid FROM vocabulary AS v ANTI JOIN wanted AS w ON w.term = v.term AND w.stem = v.stem
)
"""
_MISSING_STEMS = "SELECT 1 FROM wanted ANTI JOIN vocabulary USING (term, stem) LIMIT 1"
_ADD_STEMS = """
INSERT INTO vocabulary SELECT term, stem FROM wanted ANTI JOIN vocabulary USING (term, stem) ORDER BY term, stem
"""


def mend_vocabulary(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Bring ``vocabulary`` in line with the postings; returns how many rows came and how many went.

    Words that no article has any more go. Where a sample of the postings shows a word without its stem, as an upgrade
    leaves them all, every word is stemmed anew: that takes half a second for 100,000 words.
    """
    with transaction(connection):
        ((gone,),) = connection.execute(_WORDS_LEFT_OVER).fetchall()
    came = 0
    _stem_words(connection, _SAMPLED_WORDS)
    if connection.execute(_MISSING_STEMS).fetchall():
        _stem_words(connection, _ALL_WORDS)
        with transaction(connection):
            ((more,),) = connection.execute(_STEMS_LEFT_OVER).fetchall()
            ((came,),) = connection.execute(_ADD_STEMS).fetchall()
        gone += more
    connection.execute("DROP TABLE wanted")
    return came, gone


def _stem_words(connection: duckdb.DuckDBPyConnection, words: str) -> None:
    """Fill the temporary table ``wanted`` with the terms, and their stems, of the languages and terms of a query."""
    table = connection.sql(words).to_arrow_table()
    batches = (_stemmed(pa.Table.from_batches([b])).to_batches()[0] for b in table.to_batches(VOCABULARY_ROWS))
    schema = pa.schema([("term", pa.string()), ("stem", pa.string())])
    connection.register("stemmed", pa.RecordBatchReader.from_batches(schema, batches))
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT DISTINCT term, stem FROM stemmed")
    connection.unregister("stemmed")


def _stemmed(words: pa.Table) -> pa.Table:
    """Columns term and stem of a table of languages and terms."""
    languages, terms = words["language"].to_pylist(), words["term"].to_pylist()
    stems = [_stem(language[:2], term) for language, term in zip(languages, terms, strict=True)]
    return pa.table({"term": pa.array(terms, pa.string()), "stem": pa.array(stems, pa.string())})


def _stem(language: str, term: str) -> str:
    stemmer = _stemmer(language)
    return term if stemmer is None else stemmer.stemWord(term)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    """The Snowball stemmer of a language, None where there is none. Terms come to it without accents, and so does
    every form of the same word: what an accent alone would tell apart falls together."""
    return Stemmer.Stemmer(STEMMED[language]) if language in STEMMED else None


def take_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the articles named in the temporary table ``landed`` out of the index, and the words that no other article
    has; within the caller's transaction."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gone AS SELECT number FROM documents SEMI JOIN landed USING (article_id)"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE gone_terms AS SELECT DISTINCT term FROM postings SEMI JOIN gone USING (number)"
    )
    connection.execute("DELETE FROM postings WHERE number IN (SELECT number FROM gone)")
    connection.execute("DELETE FROM documents WHERE number IN (SELECT number FROM gone)")
    connection.execute(
        "DELETE FROM vocabulary WHERE term IN "
        "(FROM gone_terms ANTI JOIN (SELECT term FROM postings SEMI JOIN gone_terms USING (term)) USING (term))"
    )
    connection.execute("DROP TABLE gone")
    connection.execute("DROP TABLE gone_terms")


def compact(connection: duckdb.DuckDBPyConnection, *, loose: int = LOOSE_SEGMENTS, everything: bool = False) -> int:
    """Merge small segments into one, in one transaction; returns the number of rows written anew, 0 where there was
    nothing to do.

    Merged are the newest, back to the first that is larger than all newer ones together, when there are ``loose`` of
    them or more: so a row is rewritten a logarithmic number of times, and a segment of 20 million rows never again.
    With ``everything`` all are merged.
    """
    segments = connection.execute(
        "SELECT first_number, last_number, size_rows FROM segments ORDER BY first_number DESC"
    ).fetchall()
    merged = segments if everything else _to_merge(segments, loose)
    if not merged:
        return 0
    bounds = {"first": merged[-1][0], "last": merged[0][1]}
    with transaction(connection):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE merged AS SELECT * FROM postings WHERE number BETWEEN $first AND $last",
            bounds,
        )
        connection.execute("DELETE FROM postings WHERE number BETWEEN $first AND $last", bounds)
        connection.execute("INSERT INTO postings SELECT * FROM merged ORDER BY term, number")
        connection.execute("DELETE FROM segments WHERE first_number BETWEEN $first AND $last", bounds)
        ((rows,),) = connection.execute("SELECT count(*) FROM merged").fetchall()
        connection.execute("INSERT INTO segments VALUES ($first, $last, $rows)", bounds | {"rows": rows})
        connection.execute("DROP TABLE merged")
    return rows


def _to_merge(segments: list[tuple[int, int, int]], loose: int = LOOSE_SEGMENTS) -> list[tuple[int, int, int]]:
    """Of segments (first number, last number, rows), newest first, those to be merged."""
    rows = 0
    merged = []
    for segment in segments:
        size = segment[2]
        if len(merged) >= loose and (size > rows or rows + size > SEGMENT_ROWS):
            break
        if size >= SEGMENT_ROWS:
            break
        merged.append(segment)
        rows += size
    return merged if len(merged) >= loose else []
