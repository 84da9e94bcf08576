"""Enriching measured: documents per CPU second, all enrichers and each alone, rows by table, spans checked, memory.

    python -m tests.bench.bench_sense TEXTS.jsonl [--articles 10000] [--save FOLDER]

``TEXTS.jsonl`` has one object a line with ``text`` and, where it is known, ``title`` and ``published`` (YYYY-MM-DD); it
is gone through again until so many articles are read. Each article is read as in a run, in one process, by the function
that the workers of ``tasks.enrich`` run; loading the lists is told apart. Every row's span is held against the text:
where it has a surface, that is what must stand there. ``--save`` writes each table's rows as Parquet, to be looked at.
A spaCy pipeline is timed on the same texts, in the process of a Python that has one: ``--spacy PYTHON MODEL``.
"""

import argparse
import json
import resource
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path

from tasks.sense import ENRICHERS, Document, read_facts
from tasks.sense.article import ToSense, facts_of
from tasks.text import sentences, words
from warehouse import model
from warehouse.records import write_records
from warehouse.staged import StagedFacts

NOW = datetime(2026, 11, 1, tzinfo=UTC)

_SPACY = """
import json, sys, time, spacy
model, path, limit = sys.argv[1:]
texts = [json.loads(line)["text"] for line in open(path)][: int(limit)]
nlp = spacy.load(model, disable=["parser", "lemmatizer", "tagger", "attribute_ruler"])
nlp(texts[0])
began = time.process_time()
for text in texts:
    nlp(text)
print(len(texts) / (time.process_time() - began))
"""


def articles(path: Path, count: int) -> Iterator[ToSense]:
    """So many articles to read, the file's texts again and again."""
    with open(path, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for number, row in enumerate(islice(cycle(rows), count), start=1):
        published = row.get("published")
        yield ToSense(
            entry_id=number,
            article_id=f"article {number}",
            text=row["text"],
            title=row.get("title"),
            section=None,
            tags=(),
            published_at=datetime.combine(date.fromisoformat(published), NOW.timetz()) if published else None,
            first_seen_at=NOW,
            read_at=NOW,
        )


def wrong_spans(text: str, facts: StagedFacts) -> list[str]:
    """What is wrong with the spans of an article's rows, one sentence each."""
    known = {entity.entity_id for entity in facts.entities}
    wrong = []
    for table in model.FACTS:
        for fact in getattr(facts, table):
            row = asdict(fact)
            start, end = row["start_char"], row["end_char"]
            surface = row.get("surface", row.get("text"))
            if not 0 <= start < end <= len(text):
                wrong.append(f"{table}: {start} to {end} is no span of {len(text)} characters")
            elif surface is not None and text[start:end] != surface:
                wrong.append(f"{table}: {surface!r} is not what stands at {start}: {text[start:end]!r}")
            for name in ("speaker", "actor", "target", "verb"):
                start, end = row.get(f"{name}_start_char"), row.get(f"{name}_end_char")
                if (start is None) != (end is None) or start is not None and not 0 <= start < end <= len(text):
                    wrong.append(f"{table}: {name} from {start} to {end} of {len(text)} characters")
            for name in ("entity_id", "speaker_id", "addressee_id", "actor_id", "target_id", "place_id"):
                if row.get(name) is not None and row[name] not in known:
                    wrong.append(f"{table}: {name} {row[name]} is no entity of the article")
    return wrong


def by_enricher(items: Sequence[ToSense]) -> dict[str, float]:
    """CPU milliseconds per document of each enricher, and of cutting the text into sentences and words."""
    spent: Counter[str] = Counter()
    for item in items:
        began = time.process_time()
        document = Document(
            text=item.text,
            title=item.title,
            published_on=item.published_at.date() if item.published_at else None,
            sentences=sentences(item.text),
            words=words(item.text),
        )
        spent["sentences and words"] += time.process_time() - began
        for enricher in ENRICHERS:
            began = time.process_time()
            document = enricher.read(document)
            spent[enricher.label] += time.process_time() - began
    return {name: round(1000 * seconds / len(items), 3) for name, seconds in spent.items()}


def main(arguments: Sequence[str] | None = None) -> dict[str, object]:
    parser = argparse.ArgumentParser(prog="bench_sense", description=__doc__.partition("\n\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--save", type=Path, help="folder for the rows, one Parquet file a table")
    parser.add_argument("--spacy", nargs=2, metavar=("PYTHON", "MODEL"), help="a peer")
    told = parser.parse_args(arguments)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    read_facts("Ada Brand of Oslo met Tom Reed on Monday.", published_on=date(2026, 11, 1), language=None)
    loading = time.process_time() - began
    items = list(articles(told.texts, told.articles))
    rows: dict[str, list] = {table: [] for table in (*model.FACTS, "enrichment_misses")}
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    seconds = 0.0
    for item in items:
        began = time.process_time()
        facts = facts_of(item)
        seconds += time.process_time() - began
        wrong += wrong_spans(item.text, facts)
        for table, kept in rows.items():
            counts[table] += len(getattr(facts, table))
            if told.save:
                kept += getattr(facts, table)
    if told.save:
        for table, kept in rows.items():
            write_records(told.save / f"{table}.parquet", model.TABLES[table], kept)
    measured: dict[str, object] = {
        "articles": len(items),
        "mean_words": round(sum(len(item.text.split()) for item in items) / len(items)),
        "documents_per_cpu_second": round(len(items) / seconds, 1),
        "loading_cpu_seconds": round(loading, 2),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rss_mb_before_loading": round(before / 1024),
        "cpu_ms_per_document": by_enricher(items[:500]),
        "rows": dict(counts),
        "wrong_spans": len(wrong),
        "for_example": wrong[:5],
    }
    if told.spacy:
        python, name = told.spacy
        peer = subprocess.run(
            [python, "-c", _SPACY, name, str(told.texts), "100"], capture_output=True, text=True, check=True
        )
        measured["spacy_documents_per_cpu_second"] = round(float(peer.stdout), 1)
    print(json.dumps(measured, indent=1))
    return measured


if __name__ == "__main__":
    main()
