"""The extractors that are measured, each as a function from a page's bytes and address to a ``Reading``; their speed.

No extractor is told what the gold says. A peer is named ``trafilatura``, or ``module:function`` with a function
``f(html: str, url: str | None) -> dict`` whose keys are text, title, author (a string or a list) and date.
"""

import gc
import importlib
import logging
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from statistics import mean

from selectolax.lexbor import LexborHTMLParser

from tasks.errors import Terminal
from tasks.page import read_page
from tests.bench.measures import Gold, Reading, names_of

DATELINE = "dateline"
LEXBOR = "lexbor"  # the parse alone: a floor that no extractor over it can pass
ROUNDS = 3
NOW = datetime(2026, 11, 1, tzinfo=UTC)  # fixed: what a page's dates are checked against
_NO_URL = "https://site.test/"  # of pages whose set does not say where they come from

Extractor = Callable[[bytes, str], Reading]


@cache
def extractor(name: str) -> Extractor:
    """The extractor of that name; exits with a sentence where it cannot be had."""
    own = {DATELINE: _dateline, LEXBOR: _lexbor}
    if name in own:
        return own[name]
    module, _, function = ("tests.bench.peers:trafilatura" if name == "trafilatura" else name).partition(":")
    try:
        if name == "trafilatura":
            importlib.import_module("trafilatura")
        return _peer(getattr(importlib.import_module(module), function))
    except (ImportError, AttributeError) as fault:
        sys.exit(
            f"The peer {name} cannot be had here ({fault}). Install requirements-bench.lock for trafilatura, name "
            "another as module:function, or measure without: --peers none"
        )


def _dateline(html: bytes, url: str) -> Reading:
    try:
        page = read_page(html, url=url or _NO_URL, content_type="text/html; charset=utf-8", now=NOW)
    except Terminal as refusal:
        return Reading(fault=refusal.reason)
    return Reading(
        text=page.text,
        title=page.title,
        authors=names_of(page.authors),
        date=page.published_at.isoformat() if page.published_at else None,
        confidence=page.confidence,
    )


def _lexbor(html: bytes, url: str) -> Reading:
    LexborHTMLParser(html)
    return Reading()


def _peer(function: Callable[[str, str | None], Mapping[str, object] | None]) -> Extractor:
    def read(html: bytes, url: str) -> Reading:
        # A peer may raise what it likes: that is counted against it, and the others are measured on.
        try:
            found = function(html.decode("utf-8", "replace"), url or None) or {}
        except Exception as fault:
            return Reading(fault=type(fault).__name__)
        authors, date = found.get("author"), found.get("date")
        return Reading(
            text=str(found.get("text") or ""),
            title=str(found.get("title") or "") or None,
            authors=names_of(authors if isinstance(authors, str | list | tuple) else None),
            date=str(date) if date else None,
        )

    return read


def trafilatura(html: str, url: str | None) -> dict[str, object] | None:
    """The peer of reference, with its metadata and without comments."""
    import trafilatura as library  # of the bench group alone

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    document = library.bare_extraction(html, include_comments=False, with_metadata=True, url=url)
    if document is None:
        return None
    return {"text": document.text, "title": document.title, "author": document.author, "date": document.date}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """CPU of one extractor over the pages, each page's best of the rounds; ``first_ms`` is the mean of the first round,
    in which no extractor has met a page before."""

    first_ms: float
    mean_ms: float
    median_ms: float
    slowest_ms: float


def speeds(names: Sequence[str], pages: Sequence[Gold]) -> dict[str, Speed]:
    """CPU milliseconds per page: every page goes to each extractor in turn, in an order that is drawn anew, and the
    whole is done ``ROUNDS`` times. Garbage is collected between the calls, so that none pays for another's."""
    order = random.Random(1)
    best: dict[str, list[float]] = {name: [float("inf")] * len(pages) for name in names}
    for name in names:
        extractor(name)(pages[0].page.html, pages[0].page.url)
    gc.collect()
    gc.freeze()
    first: dict[str, float] = {}
    for _ in range(ROUNDS):
        for number, gold in enumerate(pages):
            for name in order.sample(list(names), len(names)):
                read = extractor(name)
                start = time.process_time()
                read(gold.page.html, gold.page.url)
                best[name][number] = min(best[name][number], time.process_time() - start)
                gc.collect()
        first = first or {name: mean(values) for name, values in best.items()}
    gc.unfreeze()
    return {
        name: Speed(
            first_ms=1_000 * first[name],
            mean_ms=1_000 * mean(values),
            median_ms=1_000 * sorted(values)[len(values) // 2],
            slowest_ms=1_000 * max(values),
        )
        for name, values in best.items()
    }
