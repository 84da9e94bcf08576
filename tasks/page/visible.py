"""What stands where on a page: its meta values, headlines, times, bylines, and the pieces of text by the headline.

Finds and bounds; judges nothing. The tree is only read, never by recursion, and every walk has a limit of steps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_META = 1_000  # the most of 1,000 real pages was 180
MAX_VALUES = 50
MAX_VALUE_CHARS = 5_000
MAX_HEADLINES = 10
MAX_TIMES = 50
MAX_BYLINES = 50
MAX_STEPS_BEFORE = 40
MAX_STEPS_AFTER = 120
MAX_PIECES = 60
MAX_PIECES_BEFORE = 12
MAX_PROSE_CHARS = 600
MAX_PIECE_CHARS = 200  # no byline or date line is longer
MAX_ANCESTORS = 25

_QUERY = (
    'meta[content],link[rel="canonical" i],title,h1,time,[itemprop],[rel~="author"],[class*="uthor"],a[href*="/author"]'
)
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "select", "button", "form", "nav"})
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i ins kbd label mark q s small span strong sub sup time tt u wbr".split()
)
_ASIDE = re.compile(
    r"related|recommend|comment|sidebar|teaser|promo|newsletter|(?<!post-)(?<!entry-)(?<!article-)footer|most-?read|"
    r"trending|\bcard|more-from|read-?next",
    re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"aside", "nav"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """The elements of a page that can be witnesses, in the order of the page; at most the bounds above of each."""

    meta: dict[str, list[str]]  # by lower-case name, property or itemprop
    canonical: str | None
    window: str | None  # the text of <title>
    headlines: list[tuple[str, LexborNode]]  # <h1>
    times: list[LexborNode]  # <time> and itemprop=datePublished
    bylines: list[LexborNode]


class Piece(NamedTuple):
    """One text node near the headline, white space collapsed. A tuple, as it is made twenty times a page."""

    text: str
    node: LexborNode  # its element
    is_after: bool  # follows the headline


def read_markup(tree: LexborHTMLParser) -> Markup:
    """One query over the tree, sorted by kind."""
    meta: dict[str, list[str]] = {}
    canonical: str | None = None
    window: str | None = None
    headlines: list[tuple[str, LexborNode]] = []
    times: list[LexborNode] = []
    bylines: list[LexborNode] = []
    seen_meta = 0
    for node in tree.css(_QUERY):
        tag = node.tag
        if tag == "meta":
            seen_meta += 1
            if seen_meta <= MAX_META:
                _add_meta(meta, node)
        elif tag == "title":
            if window is None and node.parent.tag != "svg":
                window = node.text()[:2000]
        elif tag == "h1":
            if len(headlines) < MAX_HEADLINES:
                headlines.append((bounded_text(node), node))
        elif tag == "link":
            if canonical is None:
                canonical = node.attributes.get("href")
        elif tag == "time":
            if len(times) < MAX_TIMES:
                times.append(node)
        elif len(bylines) < MAX_BYLINES or len(times) < MAX_TIMES:
            itemprop = node.attrs.get("itemprop")
            if itemprop == "datePublished" and len(times) < MAX_TIMES:
                times.append(node)
            elif itemprop == "dateModified":
                values = meta.setdefault("datemodified", [])
                if len(values) < MAX_VALUES:
                    values.append((node.attrs.get("content") or node.attrs.get("datetime") or bounded_text(node))[:100])
            elif tag != "body" and (not itemprop or itemprop == "author" or _is_byline(node)):
                if len(bylines) < MAX_BYLINES:
                    bylines.append(node)
    return Markup(meta=meta, canonical=canonical, window=window, headlines=headlines, times=times, bylines=bylines)


def pieces_around(headline: LexborNode) -> list[Piece]:
    """The pieces of text around the headline: a few before it in its own block, then those after it.

    Ends after 60 pieces, 120 steps or 600 characters of running prose, whichever comes first.
    """
    before = list(islice(_walk(headline, MAX_STEPS_BEFORE, backwards=True), MAX_PIECES_BEFORE))
    return before[::-1] + list(_walk(headline, MAX_STEPS_AFTER))


def bounded_text(node: LexborNode, limit: int = 1000) -> str:
    """An element's text up to ``limit`` characters, with a space where only markup parts two words."""
    parts: list[str] = []
    size = 0
    spaced = False
    for step, inner in enumerate(node.traverse(include_text=True)):
        tag = inner.tag
        if tag == "-text":
            if inner.parent.tag in ("style", "script"):
                continue
            text = inner.text_content or ""
            if parts and (spaced or (parts[-1][-1:].islower() and text[:1].isupper())):
                parts.append(" ")
            parts.append(text[:limit])
            size += len(text)
            spaced = False
        elif tag not in _INLINE:
            spaced = True
        if size >= limit or step > limit:
            break
    return "".join(parts)[:limit]


def is_aside(node: LexborNode) -> bool:
    """Whether the node stands in a part of the page that is about something else than the article."""
    parent = node.parent
    in_footer = False  # an article's own foot is about the article
    for _ in range(MAX_ANCESTORS):
        if parent is None:
            return in_footer
        tag = parent.tag
        if tag in _ASIDE_TAGS:
            return True
        if tag == "footer":
            in_footer = True
        elif tag == "article":
            in_footer = False
        if tag in ("body", "main", "html", "-document"):
            return in_footer
        attributes = parent.attributes
        if _ASIDE.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500]):
            return True
        parent = parent.parent
    return in_footer


def _add_meta(meta: dict[str, list[str]], node: LexborNode) -> None:
    attributes = node.attributes
    content = (attributes.get("content") or "").strip()
    for key in ("property", "name", "itemprop"):
        name = attributes.get(key)
        if name:
            values = meta.setdefault(name.strip().lower()[:100], [])
            if content and len(values) < MAX_VALUES:
                values.append(content[:MAX_VALUE_CHARS])


def _is_byline(node: LexborNode) -> bool:
    attributes = node.attributes
    return "author" in (attributes.get("rel") or "") or "author" in (attributes.get("class") or "").lower()


def _walk(start: LexborNode, steps: int, *, backwards: bool = False) -> Iterator[Piece]:
    """Text pieces from an element on in the order of the page, or backwards within its third ancestor."""
    node = start
    climbed = found = prose = 0
    for _ in range(steps):
        follower = node.prev if backwards else node.next
        if follower is None:
            node = node.parent
            climbed += 1
            if node is None or node.tag in ("body", "html", "-document") or (backwards and climbed > 3):
                return
            continue
        node = follower
        # down to the first (or last) leaf of what follows
        for _ in range(MAX_ANCESTORS):
            if node.tag in _UNSEEN:
                break
            child = node.last_child if backwards else node.first_child
            if child is None:
                break
            node = child
            climbed -= 1
        if node.tag == "-text":
            text = node.text_content or ""
            if len(text) > MAX_PIECE_CHARS:
                prose += len(text)
                if prose > MAX_PROSE_CHARS:
                    return
                continue
            text = " ".join(text.split())
            if text:
                if len(text) > 80:
                    prose += len(text)
                yield Piece(text, node.parent, not backwards)
                found += 1
                if found >= MAX_PIECES or prose > MAX_PROSE_CHARS:
                    return
