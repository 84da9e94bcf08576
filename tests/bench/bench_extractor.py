"""Measure the article extractor on labelled sets, against its peers, and judge it by the pinned floors.

    python -m tests.bench.bench_extractor DATA [--sets a,b] [--peers trafilatura,module:function | none] [--worst 20]
                                               [--raise | --lower]

DATA is a folder of sets: each a folder with ``index.jsonl`` and the pages, gzipped (see ``labels.py``). Printed are,
per set, agreement with the gold text and metadata and the paired difference to each peer; then CPU per page, and how
far ``Page.confidence`` may be believed. Exit code 1: a set with the digest of its floor fell below it.

The model that ships was trained on most of the sets: their figures here show that nothing broke, and flatter it.
Quality is judged by the trainer's cross-validation over sites: ``python -m tests.bench.train_extractor DATA
--only-judge``. Nothing of the sets is written anywhere, but for the digests in ``floors.json``.
"""

import argparse
import ast
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

# Before NumPy is imported: a page is read on one core, and idle BLAS threads would count as CPU time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.bench import floors
from tests.bench.labels import read_set
from tests.bench.measures import (
    TENTHS,
    Gold,
    Reading,
    Score,
    Summary,
    calibration,
    difference,
    gold_of,
    lines_without,
    score,
    summary,
)
from tests.bench.peers import DATELINE, LEXBOR, ROUNDS, extractor, speeds

SPEED_PAGES = 120
MIN_CALIBRATED = 100  # of fewer pages a tenth says nothing
SHOWN_LINES, SHOWN_CHARS = 4, 100
COLUMNS = ("F1", "P", "R", "<.5", ">=.95", "inside", "outside", "title", "authors", "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A set after the run: its scores by extractor, pages in the order of the index."""

    name: str
    digest: str
    scores: dict[str, list[Score]]
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A page that was read badly, with what it takes to see why."""

    set_name: str
    gold: Gold
    reading: Reading
    score: Score


def golds(folder: Path) -> Iterator[Gold]:
    """The pages of a set with their gold, in the order of the index."""
    with (folder / "index.jsonl").open(encoding="utf-8") as index:
        for page, line in zip(read_set(folder), index, strict=True):
            yield gold_of(page, json.loads(line)["gold"])


def trained_on() -> frozenset[str]:
    """The sets that the trainer learns from; read off its source, since to import it takes the training libraries."""
    tree = ast.parse(Path(__file__).with_name("train_extractor.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SETS":
            return frozenset(ast.literal_eval(node.value))
    raise AssertionError("train_extractor.py has no SETS any more: say here which sets the model has seen")


def read_all(names: Sequence[str], pages: Sequence[Gold], processes: int) -> list[list[Reading]]:
    """What each extractor makes of each page: pages × names."""
    read = partial(_read_page, tuple(names))
    if processes == 1:
        return [read(gold) for gold in pages]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(read, pages, chunksize=4))


def _read_page(names: tuple[str, ...], gold: Gold) -> list[Reading]:
    return [extractor(name)(gold.page.html, gold.page.url) for name in names]


def measure(
    folder: Path, pages: Sequence[Gold], names: Sequence[str], *, processes: int, worst: int
) -> tuple[Measured, list[Bad]]:
    """Read a set with each extractor; also our ``worst`` pages of it."""
    readings = read_all(names, pages, processes)
    scores = {
        name: [score(gold, row[number]) for gold, row in zip(pages, readings, strict=True)]
        for number, name in enumerate(names)
    }
    ours = scores[DATELINE]
    order = sorted((n for n, s in enumerate(ours) if s.f1 is not None), key=lambda n: ours[n].f1)
    bad = [Bad(set_name=folder.name, gold=pages[n], reading=readings[n][0], score=ours[n]) for n in order[:worst]]
    found = Measured(name=folder.name, digest=floors.digest(pages), scores=scores, summary=summary(ours))
    return found, bad


# -- what is printed


def show_set(found: Measured) -> None:
    seen = "trained on" if found.name in trained_on() else "not trained on"
    print(f"\n{found.name}: {found.summary.pages} pages, {seen}, digest {found.digest[:12]}")
    print(f"  {'':28}{'faults':>7}" + "".join(f"{column:>9}" for column in COLUMNS))
    for name, scores in found.scores.items():
        s = summary(scores)
        values = (s.f1, s.precision, s.recall, s.below_half, s.from_95, s.inside, s.outside, s.title, s.authors, s.day)
        print(f"  {name:28}{s.faults:7}" + "".join(f"{_number(value):>9}" for value in values))
    for name, scores in found.scores.items():
        if name == DATELINE:
            continue
        apart = difference(found.scores[DATELINE], scores)
        if apart:
            mean, low, high = apart
            print(f"  F1 against {name}: {mean:+.4f}, 95 % of resamples within [{low:+.4f}, {high:+.4f}]")
    faults = Counter(s.fault for s in found.scores[DATELINE] if s.fault)
    if faults:
        print("  not read by dateline: " + ", ".join(f"{n} {reason}" for reason, n in faults.most_common()))


def show_speed(names: Sequence[str], pages: Sequence[Gold]) -> None:
    size = sum(len(gold.page.html) for gold in pages) / len(pages)
    print(f"\nCPU per page, text and metadata: {len(pages)} pages, mean {size / 1024:.0f} KiB, best of {ROUNDS} rounds")
    print(f"  OPENBLAS_NUM_THREADS={os.environ['OPENBLAS_NUM_THREADS']}")
    found = speeds(names, pages)
    others = [name for name in names if name != DATELINE]
    print(f"  {'':28}{'mean ms':>9}{'1st round':>10}{'median':>9}{'slowest':>9}  dateline takes, by the mean")
    for name in names:
        speed = found[name]
        ratio = found[DATELINE].mean_ms / speed.mean_ms
        told = f"1/{1 / ratio:.1f} of it" if ratio < 1 else f"{ratio:.1f} times it"
        print(
            f"  {name:28}{speed.mean_ms:9.2f}{speed.first_ms:10.2f}{speed.median_ms:9.2f}{speed.slowest_ms:9.2f}  "
            + (told if name in others else "")
        )


def show_calibration(scores: Sequence[Score]) -> list[str]:
    """The table, and a sentence where the lowest tenth is not the worst."""
    table = calibration(scores)
    unread = sum(s.f1 is not None and s.confidence is None for s in scores)
    print(f"\nPage.confidence by tenths of all pages with gold text; {unread} pages that were not read have none")
    print(f"  {'confidence':16}{'pages':>7}{'mean F1':>9}")
    for low, high, f1, pages in table:
        print(f"  {low:.2f} to {high:.2f}    {pages:7}{f1:9.4f}")
    if len(table) < TENTHS or sum(pages for *_, pages in table) < MIN_CALIBRATED:
        print(f"  Too few to judge by (under {MIN_CALIBRATED}).")
        return []
    others = min(f1 for _, _, f1, _ in table[1:])
    if table[0][2] < others:
        return []
    return [f"The least confident tenth of the pages has a mean F1 of {table[0][2]:.4f}, another only {others:.4f}."]


def show_worst(bad: Sequence[Bad]) -> None:
    print(f"\nThe {len(bad)} worst pages")
    for each in bad:
        s, reading, text = each.score, each.reading, each.gold.page.text or ""
        told = f"not read: {s.fault}" if s.fault else f"confidence {s.confidence:.2f}"
        print(f"  {each.set_name}/{s.name}  F1 {s.f1:.3f}  P {s.precision:.3f}  R {s.recall:.3f}  {told}")
        if each.gold.page.url:
            print(f"    {each.gold.page.url[:SHOWN_CHARS]}")
        _show_lines("left out", lines_without(text.splitlines(), reading.text))
        _show_lines("let in", lines_without(reading.text.splitlines(), text))


def _show_lines(what: str, lines: Sequence[str]) -> None:
    shown = sorted(sorted(range(len(lines)), key=lambda n: -len(lines[n]))[:SHOWN_LINES])
    for number in shown:
        line = lines[number]
        print(f"    {what}: {line[:SHOWN_CHARS]}{'…' if len(line) > SHOWN_CHARS else ''}")
    if len(lines) > len(shown):
        print(f"    {what}: {len(lines) - len(shown)} more lines")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


# -- what is judged


def judge(all_found: Sequence[Measured], known: dict[str, floors.Floor]) -> list[str]:
    """A sentence for each measure below its floor; says of the other sets why they are not judged."""
    faults = []
    for found in all_found:
        floor = known.get(found.name)
        if floor is None:
            print(f"{found.name}: measured and not judged, it has no floor yet (--raise writes one).")
        elif floor.digest != found.digest:
            print(f"{found.name}: measured and not judged, its pages are not those of the floor ({floor.digest[:12]}).")
        else:
            faults += floors.shortfalls(found.name, floor, found.summary)
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0, or 1 where a floor was missed."""
    options = _options(arguments)
    names = [DATELINE, *(name for name in options.peers.split(",") if name not in ("", "none"))]
    for name in names:
        extractor(name)
    folders = _folders(options.data, options.sets)
    all_found: list[Measured] = []
    bad: list[Bad] = []
    timed: list[Gold] = []
    start = time.monotonic()
    for folder in folders:
        pages = list(golds(folder))
        found, worst = measure(folder, pages, names, processes=options.processes, worst=options.worst)
        bad = sorted([*bad, *worst], key=lambda each: each.score.f1)[: options.worst]
        timed += random.Random(1).sample(pages, min(len(pages), -(-options.speed_pages // len(folders))))
        all_found.append(found)
        show_set(found)
        print(f"{folder.name} done after {time.monotonic() - start:.0f} s", file=sys.stderr)
    if timed:
        show_speed([*names, LEXBOR], timed)
    faults = show_calibration([s for found in all_found for s in found.scores[DATELINE]])
    if bad:
        show_worst(bad)
    print("\nSets trained on say that nothing broke; quality is what the trainer's cross-validation finds: make train")
    print("DATA=... OPTIONS=--only-judge. Those not trained on are honest as they are.")
    return _conclude(all_found, faults, options)


def _conclude(all_found: Sequence[Measured], faults: list[str], options: argparse.Namespace) -> int:
    known = floors.load(options.floors)
    if options.lift or options.lower:
        for found in all_found:
            new = floors.measured(found.digest, found.summary)
            known[found.name] = new if options.lower else floors.raised(known.get(found.name), new)
        floors.save(options.floors, known)
        print(f"Wrote {options.floors.name}.")
    faults = [*judge(all_found, known), *faults]
    for sentence in faults:
        print(sentence, file=sys.stderr)
    return 1 if faults else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the sets")
    parser.add_argument("--sets", default="", help="names of sets, by commas (default: all in the folder)")
    parser.add_argument("--peers", default="trafilatura", help="trafilatura, module:function, by commas; or none")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="show the N worst pages")
    parser.add_argument("--speed-pages", type=int, default=SPEED_PAGES, metavar="N", help="pages to time (0: none)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="processes for the quality run")
    parser.add_argument("--floors", type=Path, default=floors.FLOORS, help="file of the floors")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--raise", dest="lift", action="store_true", help="raise the floors to what is reached now")
    which.add_argument("--lower", action="store_true", help="set the floors to what is reached now, lower or not")
    return parser.parse_args(arguments)


def _folders(data: Path, sets: str) -> list[Path]:
    there = {path.parent.name: path.parent for path in sorted(data.glob("*/index.jsonl"))}
    wanted = [name for name in sets.split(",") if name] or list(there)
    missing = [name for name in wanted if name not in there]
    if missing or not wanted:
        sys.exit(f"{data} has no set {', '.join(missing) or 'at all'} (a folder with index.jsonl and gzipped pages).")
    return [there[name] for name in wanted]


if __name__ == "__main__":
    sys.exit(main())
