"""Signing and looking up measured beside datasketch: documents per CPU second of each, on the same texts in one run.

    python -m tests.bench.bench_likeness [--articles 1000000] [--datasketch PYTHON] [--folder ARCHIVE]

Ours is all that ``resemble`` does to find the candidates of a batch of 500: shingles and sketch, the look-up in DuckDB
within an archive of ``--articles`` generated articles (``--folder`` keeps or takes up the archive of
``tests.bench.bench_growth``), and the choice of candidates; opening the warehouse counts, nothing is built at start.
The peer only signs: ``MinHash`` of 128 permutations over the same three-word shingles as bytes, in the process of a
Python that has datasketch, which ``--datasketch`` names; it is not among our dependencies. CPU is that of all threads.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from tasks.likeness import Postings, candidates, shingle_sequences, sketch
from tests.bench.bench_growth import BEGAN, LOOK_BACK_DAYS, News, fill
from warehouse import lookups, store

BATCH = 500
GOAL = 2.0  # times the peer's signing rate

_PEER = """
import json, sys, time
from datasketch import MinHash
texts = json.load(open(sys.argv[1]))
def sign(text):
    words = text.lower().split()
    tokens = {" ".join(words[n : n + 3]).encode() for n in range(max(1, len(words) - 2))}
    made = MinHash(num_perm=128)
    made.update_batch(tokens)
    return made
sign(texts[0])
began = time.process_time()
for text in texts:
    sign(text)
print(len(texts) / (time.process_time() - began))
"""


def ours(folder: Path, texts: Sequence[str], per_day: int) -> dict[str, float]:
    """Documents per CPU second, signing alone and with the look-up; seconds of the wall for the look-up of a batch."""
    shingle_sequences(texts[:1])
    with store.writer(folder, holder="bench") as connection:
        ((articles,),) = connection.execute("SELECT count(*) FROM articles").fetchall()
    until = BEGAN + timedelta(days=articles / per_day)
    signing = looking = wall = 0.0
    for start in range(0, len(texts), BATCH):
        began = time.process_time()
        sketches = [sketch(sequence) for sequence in shingle_sequences(texts[start : start + BATCH])]
        signing += time.process_time() - began
        began, clock = time.process_time(), time.perf_counter()
        with store.writer(folder, holder="bench") as connection:
            asked = np.unique(np.concatenate(sketches)).view(np.int64)
            since = (until - timedelta(days=LOOK_BACK_DAYS)).date()
            stored = lookups.sketched(connection, asked, since=since, until=until.date())
        postings = Postings((value % 2**64, article_id, original) for value, article_id, original in stored)
        candidates(sketches, postings)
        looking += time.process_time() - began
        wall += time.perf_counter() - clock
    return {
        "archive": articles,
        "sign_per_cpu_second": round(len(texts) / signing),
        "sign_and_look_up_per_cpu_second": round(len(texts) / (signing + looking)),
        "look_up_ms_per_batch": round(1000 * wall / -(-len(texts) // BATCH)),
    }


def datasketch(python: str, texts: Sequence[str]) -> float:
    """Documents that datasketch signs in a CPU second."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts, file)
        file.flush()
        done = subprocess.run([python, "-c", _PEER, file.name], check=True, capture_output=True, text=True)
    return float(done.stdout)


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """Measure as the command line asks; the figures are printed and returned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--per-day", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--datasketch", help="a Python that has datasketch")
    parser.add_argument("--folder", help="archive to take up, or to leave; a temporary one else")
    asked = parser.parse_args(arguments)
    news = News()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.folder or temporary)
        if not (folder / store.WAREHOUSE).exists():
            with store.writer(folder, holder="bench") as connection:
                fill(connection, news, 0, asked.articles, per_day=asked.per_day)
        texts = [news.text() for _ in range(asked.documents)]
        told = ours(folder, texts, asked.per_day)
        if asked.datasketch:
            told["datasketch_sign_per_cpu_second"] = round(datasketch(asked.datasketch, texts))
            told["ratio"] = round(told["sign_and_look_up_per_cpu_second"] / told["datasketch_sign_per_cpu_second"], 2)
    print(json.dumps(told | {"documents": len(texts), "batch": BATCH, "goal": GOAL}))
    return told


if __name__ == "__main__":
    main()
