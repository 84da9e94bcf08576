"""Measure the feed reader on a folder of feeds, against feedparser, and compare what its two ways give.

    python -m tests.bench.bench_feeds FOLDER [--rounds 5]

FOLDER holds feeds as they came, one a file, gzipped (``.gz``) or not. Printed are feeds per CPU second of Dateline's
reader (entries checked and ready), of feedparser's default and of feedparser without its sanitiser, in turns, with the
median of the ratios of each round; then the share that the quick reader answered, and each feed of which
feedparser's way gives another result. Exit code 1: there is such a feed. Nothing is written anywhere.
"""

import argparse
import gzip
import io
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from unittest.mock import patch

import feedparser

from tasks.errors import Terminal
from tasks.feed import Feed, read, read_feed
from tasks.feed.quick import read_quickly

URL = "https://feeds.invalid/feed"
NOW = datetime.now(UTC)
SHOWN = 3  # differences of one feed


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    told = parser.parse_args(arguments)
    bodies = {path.name: _body(path) for path in sorted(told.folder.iterdir()) if path.is_file()}
    if not bodies:
        parser.error(f"{told.folder} holds no files; name a folder of feeds.")
    ways: dict[str, Callable[[bytes], object]] = {
        "dateline": _dateline,
        "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
        "feedparser, no sanitiser": lambda body: feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        ),
    }
    rounds = [{name: _cpu_seconds(way, bodies) for name, way in ways.items()} for _ in range(told.rounds)]
    size_mb = sum(map(len, bodies.values())) / 1e6
    print(f"{len(bodies)} feeds, {size_mb:.1f} MB, median of {told.rounds} rounds, CPU time")
    for name in ways:
        rate = median(len(bodies) / taken[name] for taken in rounds)
        ratio = median(taken[name] / taken["dateline"] for taken in rounds)
        print(f"{name:26}{rate:9.1f} feeds/s   dateline takes 1/{ratio:.1f} of its time")

    answered, differing = 0, []
    for name, body in bodies.items():
        quick = []
        with patch.object(
            read, "read_quickly", lambda document, kept=quick: kept.append(read_quickly(document)) or kept[-1]
        ):
            first = _dateline(body)
        with patch.object(read, "read_quickly", lambda document: None):
            second = _dateline(body)
        answered += any(quick)
        if first != second:
            differing.append((name, _differences(first, second)))
    print(f"{answered} of {len(bodies)} answered by the quick reader; {len(differing)} differ from feedparser's way")
    for name, differences in differing:
        print(name, *differences[:SHOWN], sep="\n    ")
    return 1 if differing else 0


def _body(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _dateline(body: bytes) -> Feed | tuple[str, str]:
    try:
        return read_feed(body, url=URL, content_type=None, now=NOW)
    except Terminal as fault:
        return fault.reason, fault.message


def _cpu_seconds(way: Callable[[bytes], object], bodies: dict[str, bytes]) -> float:
    started = time.process_time()
    for body in bodies.values():
        way(body)
    return time.process_time() - started


def _differences(first: object, second: object) -> list[str]:
    if not (isinstance(first, Feed) and isinstance(second, Feed)):
        return [f"{first!r:.300} | {second!r:.300}"]
    found = [
        f"{field.name}: {getattr(first, field.name)!r:.200} | {getattr(second, field.name)!r:.200}"
        for field in fields(Feed)
        if field.name != "entries" and getattr(first, field.name) != getattr(second, field.name)
    ]
    if len(first.entries) != len(second.entries):
        found.append(f"entries: {len(first.entries)} | {len(second.entries)}")
    for number, (one, two) in enumerate(zip(first.entries, second.entries, strict=False)):
        for field in fields(one):
            here, there = getattr(one, field.name), getattr(two, field.name)
            if here != there:
                found.append(f"entry {number} {field.name}: {here!r:.200} | {there!r:.200}")
    return found


if __name__ == "__main__":
    sys.exit(main())
