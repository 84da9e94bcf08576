"""Bytes of a page to an article: decoding, one parse, metadata, body, what kind of page it is, and how sure that is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tasks.errors import Terminal
from tasks.page.body import Body, Paragraph, Parsed, count_words, parse_page, read_body
from tasks.page.charset import decode
from tasks.page.kind import HINTS, MAX_OPENING_CHARS, PageEvidence, page_kind
from tasks.page.scorer import load_model, score_blocks
from tasks.page.times import parse_time

MAX_BODY_BYTES = 20_000_000  # UTF-32 has four bytes a character
MAX_PAGE_CHARS = 5_000_000
MAX_BLOCKS = 20_000  # the most of 2,250 real pages was 4,100
MAX_DEPTH = 5_000  # the parser's time is quadratic in it
MAX_OPEN_FORMATTING = 200
MIN_WORDS = 10

_OPENING_WORDS = 500  # longer articles are told from other pages without a look at the rest of the page
_FEW_TAGS = 15_000  # a page with fewer is parsed quickly however it nests
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|section|span|table|h1|meta)\b", re.IGNORECASE)
_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_BINARY_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x7fELF", b"\x1f\x8b")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
# Void elements, and those that the next of their kind ends
# (https://html.spec.whatwg.org/multipage/syntax.html#optional-tags).
_NEVER_OPEN = frozenset(
    "area base br col dd dt embed hr img input li link meta optgroup option p param source tbody td tfoot th thead tr "
    "track wbr".split()
)
# A parser opens these again in each paragraph until they are closed
# (https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements).
_FORMATTING_NAMES = "b big code em font i nobr s small strike strong tt u".split()
_FORMATTING = re.compile(  # spelled out: with IGNORECASE the search is ten times slower
    "<(/?)(?:"
    + "|".join("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in _FORMATTING_NAMES)
    + r")[\s/>]"
)
_LESS_THAN = ord("<")


def _formatting_starts() -> np.ndarray:
    """By the two bytes after "<" as one number: whether a formatting element can begin with them."""
    starts = np.zeros(1 << 16, bool)
    for name in _FORMATTING_NAMES:
        for first in (name[0], name[0].upper()):
            seconds = (name[1], name[1].upper()) if len(name) > 1 else "\t\n\f\r />"
            for second in seconds:
                starts[ord(first) << 8 | ord(second)] = True
    return starts


_FORMATTING_STARTS = _formatting_starts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article as its page gives it.

    Times are aware and keep the offset at which the page prints them; what the page does not say is None or empty.
    ``text`` is the ``paragraphs`` with a blank line between and no white space around; ``captions`` of pictures are
    kept apart. ``page_kind`` is one of ``kind.KINDS``. ``origins`` says where the value of a field comes from, by the
    field's name (see ``metadata.Origin``). ``language`` is what the page declares, two letters. ``canonical_url`` is
    absolute. ``confidence`` (0..1) is the F1 with the true text that may be expected (see ``body.Body``).
    """

    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    canonical_url: str | None
    image_url: str | None
    section: str | None
    tags: tuple[str, ...]
    summary: str | None
    site_name: str | None
    origins: Mapping[str, str]
    page_kind: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    captions: tuple[str, ...]
    charset: str
    confidence: float
    extractor: str


def read_page(body: bytes, *, url: str, content_type: str | None, now: datetime) -> Page:
    """Read the article of the page at ``url``; ``content_type`` is the HTTP header, ``now`` bounds its dates.

    Raises ``Terminal`` with reason ``page_not_html`` (another format), ``page_empty``, ``page_too_large`` (over
    5,000,000 characters, 20,000 blocks of text or 5,000 levels) or ``text_too_short`` (under 10 words: a front page, a
    player, a login wall).
    """
    html, charset = _decoded(body, url, content_type)
    parsed = parse_page(html, url=url, now=now)
    metadata, blocks = parsed.metadata, parsed.blocks
    if len(blocks.texts) > MAX_BLOCKS:
        raise Terminal(
            "page_too_large", f"The page {url} has {len(blocks.texts):,} blocks of text, over {MAX_BLOCKS:,}."
        )
    article = read_body(parsed, score_blocks(blocks, parsed.hints, load_model()))
    words = article.words
    kind = page_kind(_evidence(url, parsed, article, words))
    if words < MIN_WORDS:
        raise Terminal("text_too_short", f"The page {url} has no article text ({words} words found).")
    published = metadata.published_at or _date_line(article, now)
    return Page(
        title=metadata.title,
        authors=metadata.authors,
        published_at=published,
        modified_at=metadata.modified_at,
        language=metadata.language,
        canonical_url=metadata.canonical_url,
        image_url=metadata.image_url,
        section=metadata.section,
        tags=metadata.tags,
        summary=metadata.summary,
        site_name=metadata.site_name,
        origins={"published_at": "text", **metadata.origins} if published else metadata.origins,
        page_kind=kind,
        text=article.text,
        paragraphs=article.paragraphs,
        captions=article.captions,
        charset=charset,
        confidence=round(article.confidence, 2),
        extractor=extractor_name(),
    )


def extractor_name() -> str:
    """The extractor and the model that it works with, as articles record it."""
    return f"dateline.page 2 model {load_model().digest[:8]}"


def _decoded(body: bytes, url: str, content_type: str | None) -> tuple[str, str]:
    if len(body) > MAX_BODY_BYTES:
        raise Terminal("page_too_large", f"The page {url} has {len(body):,} bytes, over the bound {MAX_BODY_BYTES:,}.")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind.startswith(_BINARY_TYPES) or body.startswith(_BINARY_MAGIC):
        raise Terminal("page_not_html", f"{url} is not an HTML page ({kind or 'by its first bytes'}); it was not read.")
    if not body.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Terminal("page_empty", f"The page {url} is empty.")
    html, charset = decode(body, content_type=content_type)
    if len(html) > MAX_PAGE_CHARS:
        raise Terminal("page_too_large", f"The page {url} has {len(html):,} characters, over {MAX_PAGE_CHARS:,}.")
    if not _MARKUP.search(html):
        raise Terminal("page_not_html", f"{url} is not an HTML page: there is no HTML element in it.")
    if _nests_too_deep(html, html.encode("utf-8", "replace") if charset.startswith(("utf-16", "utf-32")) else body):
        raise Terminal("page_too_large", f"The page {url} nests over {MAX_DEPTH:,} elements, or leaves too many open.")
    return html, charset


def _nests_too_deep(html: str, body: bytes) -> bool:
    octets = np.frombuffer(body, np.uint8)
    tags = np.flatnonzero(octets[:-2] == _LESS_THAN)
    starts = octets[tags + 1].astype(np.uint16) << 8 | octets[tags + 2]
    if np.count_nonzero(_FORMATTING_STARTS[starts]) > MAX_OPEN_FORMATTING:
        if _open_at_once(_FORMATTING.findall(html)) > MAX_OPEN_FORMATTING:
            return True
    if len(tags) <= _FEW_TAGS:
        return False
    return _open_at_once([closes for closes, name in _TAG.findall(html) if name.lower() not in _NEVER_OPEN]) > MAX_DEPTH


def _open_at_once(tags: Sequence[str]) -> int:
    """The most elements that are open at once, each tag told by what closes it: a slash or nothing.

    Parsing takes seconds and gigabytes where this is thousands; it grows with depth, not with size.
    """
    most = depth = 0
    for closes in tags:
        if closes:
            depth = max(0, depth - 1)
        else:
            depth += 1
            most = max(most, depth)
    return most


def _evidence(url: str, page: Parsed, article: Body, words: int) -> PageEvidence:
    blocks, metadata = page.blocks, page.metadata
    page_words = [text.count(" ") + 1 for text in blocks.texts]
    link_words = sum(
        count * min(1.0, linked / len(text))
        for count, linked, text in zip(page_words, blocks.link_chars, blocks.texts, strict=True)
        if linked
    )
    node = page.json_ld.article
    attributes = " ".join(dict.fromkeys(blocks.attributes)).lower()
    return PageEvidence(
        url=url,
        types=page.json_ld.types,
        is_free=_is_free(node),
        declared_words=_declared_words(node),
        og_type=metadata.og_type,
        is_dated=metadata.origins.get("published_at") not in (None, "url"),
        titles=metadata.title_witnesses,
        text=article.text,
        text_words=words,
        opening=" ".join(blocks.texts)[:MAX_OPENING_CHARS] if words < _OPENING_WORDS else "",
        page_words=sum(page_words),
        link_words=int(link_words),
        links=sum(blocks.links),
        linked_headings=sum(
            linked > 0 and blocks.names[element] in ("h2", "h3", "h4")
            for element, linked in zip(blocks.elements, blocks.link_chars, strict=True)
        ),
        hints=frozenset(hint for hint in HINTS if hint in attributes),
    )


def _is_free(node: Mapping[str, Any]) -> bool | None:
    parts = node.get("hasPart")
    nodes = [node, *(parts[:20] if isinstance(parts, list) else [parts])]
    said = [
        value for item in nodes if isinstance(item, dict) and (value := item.get("isAccessibleForFree")) is not None
    ]
    return all(str(value).rsplit("/", 1)[-1].lower() != "false" for value in said) if said else None


def _declared_words(node: Mapping[str, Any]) -> int | None:
    count = str(node.get("wordCount") or "")
    if not count.isdecimal() or len(count) > 6:
        return None
    body = node.get("articleBody")
    carried = count_words(body[:200_000]) if isinstance(body, str) else 0
    return int(count) if carried * 2 <= int(count) else None


def _date_line(article: Body, now: datetime) -> datetime | None:
    """The date of a page without any other: a line of its own among the first three."""
    lines = [paragraph.text[:300] for paragraph in article.paragraphs[:3]]
    return next((time for line in lines if (time := parse_time(line, now=now))), None)
