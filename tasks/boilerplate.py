"""What one page cannot tell and many of one site can: which paragraphs at the edges of their texts are the site's, not
the article's. Pure functions: no file, no clock, no warehouse; what the archive knows of a site is handed in.

Only the edges of a text are judged: a line that repeats in the middle may be a refrain or a subheading and is never
dropped, nor is a line that tells a date. A text loses a third of its characters at most.
"""

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from warehouse.known import KnownEdges

EDGE_PARAGRAPHS = 6  # judged at either end: a reader that lets in more than that has not found the article
MAX_DROPPED_SHARE = 1 / 3  # a text that repeats for more than that is a form filled in, and the form is its content

# Bylines, section names, buttons and pleas repeat in few words. What is longer may be the background of a running
# story, which wire copy repeats for days: more articles must vouch for it.
MIN_ARTICLES, MIN_SHARE = 3, 0.02
LONG_CHARS = 100
LONG_MIN_ARTICLES, LONG_MIN_SHARE = 5, 0.05

COMMON_ARTICLES = 10  # a paragraph of more articles says nothing on whether two of them are copies
COPY_SHARE = 0.5  # of the shorter one's own characters

_MONTHS = (
    r"(?:jan|feb|fév|fev|mar|mär|mrt|apr|avr|abr|ma[iyj]|mag|jun|juin|jul|juil|giu|lug|aug|août|agosto|ago\b|sep|set|"
    r"oct|okt|ott|out|nov|de[cszk]|dic|déc)"
)
_DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d\d?[:.h]\d\d\b|\b\d\d?[./-]\d\d?[./-]\d\d|"
    rf"\b\d\d?(?:st|nd|rd|th|er|\.)? (?:de |of )?{_MONTHS}|\b{_MONTHS}[^\W\d_]{{0,8}}\.? \d\d?\b"
)
_NOTICE = re.compile(r"©|\(c\)|copyright|rights")
_DATE_LINE_CHARS = 60
_COUNTER = re.compile(r"\d{1,4}(?: [^\W\d_]+){1,3}|(?:[^\W\d_]+ ){1,3}\(\d{1,4}\)")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteText:
    """The text of one article of a batch, paragraphs between blank lines, and the host that it is from. ``stored`` is
    the text of the version that the archive has: what stands in it is not dropped, so that an article that is fetched
    again does not seem to have changed because more of its site is known by now."""

    host: str
    text: str
    stored: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """A text without its site's paragraphs, and those in the order in which they stood, ``leading`` of them before it."""

    text: str
    leading: int = 0
    boilerplate: tuple[str, ...] = ()


def host_of(url: str) -> str | None:
    """The host whose articles are compared with one another, without "www."; None for a file or a broken address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def edge_fingerprints(host: str, text: str) -> tuple[int, ...]:
    """A hash (64 bits, signed) of each distinct paragraph among the first and last ``EDGE_PARAGRAPHS`` of ``text``; the
    same words at another host have another one. Case and white space do not count, nor does the number in a line that
    counts something ("12 comments", "Comments (3)")."""
    paragraphs = text.split("\n\n")
    edges = paragraphs[:EDGE_PARAGRAPHS] + paragraphs[EDGE_PARAGRAPHS:][-EDGE_PARAGRAPHS:]
    return tuple(dict.fromkeys(_fingerprint(host, edge) for edge in edges if _may_repeat(edge)))


def trim(texts: Sequence[SiteText], known: KnownEdges) -> list[Trimmed]:
    """The texts of a batch, in their order, without the paragraphs at their edges that the edges of enough different
    articles of the same host have: those of the batch and those known together.

    A short paragraph is dropped if it stands in at least 3 articles and 2 % of those seen, a long one (100 characters)
    if in at least 5 and 5 %. Texts that mostly agree count as one.
    """
    by_host: Mapping[str, list[SiteText]] = defaultdict(list)
    for item in texts:
        by_host[item.host].append(item)
    articles = dict(known.articles)
    paragraphs = Counter(known.paragraphs)
    for host, items in by_host.items():
        different = _different([item.text for item in items])
        articles[host] = articles.get(host, 0) + len(different)
        paragraphs.update(_print for group in different for _print in _of_group(host, group))
    return [_trim(item, articles[item.host], paragraphs) for item in texts]


def _trim(item: SiteText, articles: int, counts: Mapping[int, int]) -> Trimmed:
    paragraphs = item.text.split("\n\n")
    kept = set(item.stored.split("\n\n"))
    room = len(item.text) * MAX_DROPPED_SHARE

    def is_boilerplate(paragraph: str) -> bool:
        if len(paragraph) > room or paragraph in kept or not _may_repeat(paragraph):
            return False
        is_long = len(paragraph) >= LONG_CHARS
        least, share = (LONG_MIN_ARTICLES, LONG_MIN_SHARE) if is_long else (MIN_ARTICLES, MIN_SHARE)
        return counts.get(_fingerprint(item.host, paragraph), 0) >= max(least, math.ceil(share * articles))

    end = len(paragraphs)
    while end > max(0, len(paragraphs) - EDGE_PARAGRAPHS) and is_boilerplate(paragraphs[end - 1]):
        end -= 1
        room -= len(paragraphs[end])
    start = 0
    while start < min(end, EDGE_PARAGRAPHS) and is_boilerplate(paragraphs[start]):
        room -= len(paragraphs[start])
        start += 1
    return Trimmed(
        text="\n\n".join(paragraphs[start:end]),
        leading=start,
        boilerplate=(*paragraphs[:start], *paragraphs[end:]),
    )


def _fingerprint(host: str, paragraph: str) -> int:
    folded = _folded(paragraph)
    if _COUNTER.fullmatch(folded):
        folded = re.sub(r"\d+", "0", folded)
    digest = hashlib.blake2b(f"{host}\n{folded}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _may_repeat(paragraph: str) -> bool:
    """False for what proves nothing: a line without a letter, or one that tells a date."""
    if not _LETTER.search(paragraph):
        return False
    if len(paragraph) > _DATE_LINE_CHARS:
        return True
    folded = _folded(paragraph)
    return not _DATED.search(folded) or bool(_NOTICE.search(folded))


def _folded(paragraph: str) -> str:
    return " ".join(paragraph.casefold().split())


def _of_group(host: str, group: Iterable[str]) -> set[int]:
    return {fingerprint for text in group for fingerprint in edge_fingerprints(host, text)}


def _different(texts: Sequence[str]) -> list[list[str]]:
    """The texts in groups of copies: a text belongs to the first group with whose first text it shares half of the
    shorter one's own characters. What many of the texts have is nobody's own."""
    sets = [frozenset(_folded(paragraph) for paragraph in text.split("\n\n")) for text in texts]
    spread = Counter(paragraph for each in sets for paragraph in each)
    groups: dict[int, list[str]] = {}
    firsts_with: Mapping[str, list[int]] = defaultdict(list)
    sizes: list[int] = []
    for place, (text, paragraphs) in enumerate(zip(texts, sets, strict=True)):
        own = [paragraph for paragraph in paragraphs if spread[paragraph] <= COMMON_ARTICLES]
        sizes.append(sum(len(paragraph) for paragraph in own))
        shared = Counter()
        for paragraph in own:
            for first in firsts_with[paragraph]:
                shared[first] += len(paragraph)
        copied = [first for first, size in shared.items() if size >= COPY_SHARE * min(sizes[first], sizes[place])]
        if not own:
            copied = [-1]  # nothing but what others have: all such are one
        group = min(copied, default=place)
        groups.setdefault(group, []).append(text)
        if group == place:
            for paragraph in own:
                firsts_with[paragraph].append(place)
    return list(groups.values())
