"""How well an extractor read labelled pages: per page, per set, against another, and against its own confidence.

Pure functions over what was read and what the gold says. Nothing is read from disk here and no extractor is called.
The measures are those of the benchmark whose form the sets have, so that figures compare with published ones.
"""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from tests.bench.labels import LabelledPage, token_f1, tokens

RESAMPLES = 1_000
SEED = 1
TENTHS = 10
_WORD = re.compile(r"\w+")
_BY = re.compile(r"^\s*(?:by|von|par|por|di|da)\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[;|]|,| & | and | und | et | y (?=[A-Z])")
_MAX_GRAM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A page with what is known of it; None or empty where the set does not say. ``day`` is YYYY-MM-DD."""

    page: LabelledPage
    title: str | None
    authors: frozenset[str]
    day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an extractor made of a page. ``fault`` says why there is nothing; ``confidence`` is None where it has none.
    ``date`` begins with YYYY-MM-DD where there is one."""

    text: str = ""
    title: str | None = None
    authors: frozenset[str] = frozenset()
    date: str | None = None
    confidence: float | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page: shares from 0 to 1, None where the gold does not say."""

    name: str
    f1: float | None
    precision: float | None
    recall: float | None
    inside: tuple[int, int]  # snippets of the article that were found, of how many
    outside: tuple[int, int]  # snippets of the rest that were let in, of how many
    title: bool | None
    authors: bool | None
    day: bool | None
    confidence: float | None
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One set: means over its pages, None where no page's gold says anything."""

    pages: int
    faults: int
    f1: float | None
    precision: float | None
    recall: float | None
    below_half: float | None
    from_95: float | None
    inside: float | None
    outside: float | None
    title: float | None
    authors: float | None
    day: float | None


def score(gold: Gold, reading: Reading) -> Score:
    """Compare one reading with the gold."""
    page = gold.page
    f1 = precision = recall = None
    if page.text:
        found, wanted = tokens(reading.text), tokens(page.text)
        shared = (Counter(found) & Counter(wanted)).total()
        f1 = token_f1(found, wanted)
        precision, recall = (shared / len(side) if side else 0.0 for side in (found, wanted))
    flat = _flat(reading.text)
    return Score(
        name=page.name,
        f1=f1,
        precision=precision,
        recall=recall,
        inside=(sum(_flat(snippet) in flat for snippet in page.inside), len(page.inside)),
        outside=(sum(_flat(snippet) in flat for snippet in page.outside), len(page.outside)),
        title=normal(gold.title) == normal(reading.title) if gold.title else None,
        authors=gold.authors == reading.authors if gold.authors else None,
        day=gold.day == (reading.date or "")[:10] if gold.day else None,
        confidence=reading.confidence,
        fault=reading.fault,
    )


def summary(scores: Sequence[Score]) -> Summary:
    """The means of a set; snippets are counted over all its pages together."""
    f1 = [s.f1 for s in scores if s.f1 is not None]
    return Summary(
        pages=len(scores),
        faults=sum(s.fault is not None for s in scores),
        f1=_mean(f1),
        precision=_mean(s.precision for s in scores),
        recall=_mean(s.recall for s in scores),
        below_half=_mean(value < 0.5 for value in f1),
        from_95=_mean(value >= 0.95 for value in f1),
        inside=_share(s.inside for s in scores),
        outside=_share(s.outside for s in scores),
        title=_mean(s.title for s in scores),
        authors=_mean(s.authors for s in scores),
        day=_mean(s.day for s in scores),
    )


def difference(ours: Sequence[Score], theirs: Sequence[Score]) -> tuple[float, float, float] | None:
    """Mean difference of F1 over the same pages and the bounds of its 95 % interval, by the paired bootstrap
    (Efron & Tibshirani 1993, percentile interval; Koehn 2004 for its use here). None without pages."""
    pairs = [(a.f1, b.f1) for a, b in zip(ours, theirs, strict=True) if a.f1 is not None]
    if not pairs:
        return None
    differences = np.array([a - b for a, b in pairs])
    drawn = np.random.default_rng(SEED).integers(len(pairs), size=(RESAMPLES, len(pairs)))
    low, high = np.quantile(differences[drawn].mean(axis=1), (0.025, 0.975))
    return float(differences.mean()), float(low), float(high)


def calibration(scores: Iterable[Score]) -> list[tuple[float, float, float, int]]:
    """Pages by tenth of confidence, lowest first: lowest and highest confidence in it, mean F1, pages."""
    judged = [(s.confidence, s.f1) for s in scores if s.f1 is not None and s.confidence is not None]
    random.Random(SEED).shuffle(judged)  # among equals no set comes first
    judged.sort(key=lambda pair: pair[0])
    tenths = [judged[len(judged) * n // TENTHS : len(judged) * (n + 1) // TENTHS] for n in range(TENTHS)]
    return [(part[0][0], part[-1][0], mean(f1 for _, f1 in part), len(part)) for part in tenths if part]


def lines_without(lines: Iterable[str], other: str) -> list[str]:
    """The lines of which less than half is in ``other``, by their runs of up to four words."""
    words = tokens(other)
    known = {n: set(_grams(words, n)) for n in range(1, _MAX_GRAM + 1)}
    missing = []
    for line in lines:
        own = tokens(line)
        size = min(len(own), _MAX_GRAM)
        grams = list(_grams(own, size)) if own else []
        if grams and sum(gram in known[size] for gram in grams) < 0.5 * len(grams):
            missing.append(line.strip())
    return missing


def normal(text: str | None) -> str:
    """A title or name as it is compared: NFKC, case folded, words only."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text or "").casefold()))


def names_of(authors: str | Iterable[str] | None) -> frozenset[str]:
    """The names in a byline or a list of bylines, as they are compared."""
    joined = authors if isinstance(authors, str) else "; ".join(authors or ())
    parts = _BETWEEN_NAMES.split(_BY.sub("", joined.strip()))
    return frozenset(name for part in parts if (name := normal(part)))


def gold_of(page: LabelledPage, gold: Mapping[str, object]) -> Gold:
    """``page`` with the metadata of its row in the index."""
    title, authors, date = gold.get("title"), gold.get("author"), gold.get("date")
    return Gold(
        page=page,
        title=title if isinstance(title, str) and title else None,
        authors=names_of(authors if isinstance(authors, str | list) else None),
        day=str(date)[:10] if date else None,
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _grams(words: Sequence[str], size: int) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(size)), strict=False)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return mean(known) if known else None


def _share(counts: Iterable[tuple[int, int]]) -> float | None:
    pairs = list(counts)
    of = sum(total for _, total in pairs)
    return sum(count for count, _ in pairs) / of if of else None
