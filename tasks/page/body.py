"""The article's text out of a parsed page: its blocks, scored, put together as paragraphs.

No metadata is chosen here; what the page's head says is evidence for the blocks, and the text of last resort.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from tasks.page.blocks import Blocks, read_blocks
from tasks.page.embedded import read_embedded
from tasks.page.features import Hints
from tasks.page.fragment import read_fragment
from tasks.page.jsonld import JsonLd, read_json_ld, text_of
from tasks.page.metadata import Metadata, read_metadata
from tasks.page.site_lines import is_site_line

CHOSEN = 0.5
SURE = 0.9
LIST_LINKS = 3
LONGER_BY = 1.5  # another text of the page must say this much more before it is preferred to a short body
SHORT_WORDS = 150
NO_WORDS = 30  # the state of a framework holds more texts than the article's: only an empty page turns to it
MIN_OTHER_WORDS = 10
DECLARED_TRUST = 0.8  # articleBody and framework state are often a cut or an older version of the text
MAX_CELL_CHARS = 200
MAX_CAPTION_CHARS = 1_000
MAX_KICKER_CHARS = 60
MIN_ARTICLE_CHARS = 150
MAX_SCRIPTS = 100

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KIND_OF = {
    **dict.fromkeys(_HEADINGS, "heading"),
    "li": "list_item",
    "dt": "list_item",
    "dd": "list_item",
    "blockquote": "quotation",
    "figcaption": "caption",
    "pre": "code",
}
_MAX_STEPS_UP = 6
_NAMES = re.compile(r'\s(?:class|id)="([^"]{0,500})"')
# Names of elements beside the article: of 900 articles, no more than three words in 10,000 stood in them.
_APART = frozenset(
    "comment comments commentlist comment-list comments-list comments-area comments-section comment-body "
    "comment-content disqus_thread respond sidebar related related-articles related-article related-posts "
    "related-post related-content related-stories jp-relatedposts recommended most-read newsletter "
    "newsletter-form newsletter-signup newsletter-box subscribe subscribe-form author-bio author-info author-box "
    "author-description author-card author-profile byline bylines share-buttons social-share social-links "
    "social-icons sharedaddy post-share article-share breadcrumb breadcrumbs tags article-tags post-tags "
    "cookie-notice cookie-banner cookie-law-info-bar onetrust-consent-sdk widget_recent_entries post-footer "
    "post-navigation read-time ad-slot advertisement".split()
)
_TAG = re.compile(r"<(?:p|br|div|h[1-6]|li)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(
    "[\u0e00-\u1fff\u2e80-\ud7ff\uf900-\ufaff\uff66-\uff9f]"
)  # and scripts between, which are counted alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """``kind`` is paragraph, heading, list_item, quotation, table_row or code; ``text`` is one line."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text in order, and the captions of the pictures in it, kept aside.

    ``method`` is page, json_ld or embedded. ``confidence`` (0..1) is the F1 with the true text that the scores of the
    blocks let one expect: twice the expected right characters over the chosen and the expected true ones.
    """

    paragraphs: tuple[Paragraph, ...]
    captions: tuple[str, ...]
    method: str
    confidence: float
    text: str  # the paragraphs between blank lines
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A page taken apart: what its head and its markup say, and its blocks of text."""

    html: str
    json_ld: JsonLd
    metadata: Metadata
    hints: Hints
    blocks: Blocks


def parse(html: str) -> LexborHTMLParser:
    """The tree of a page, as browsers build it."""
    return LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)


def parse_page(html: str, *, url: str, now: datetime) -> Parsed:
    """Everything that is read off a page before its text is judged; ``now`` bounds its dates."""
    tree = parse(html)
    json_ld = read_json_ld(tree)
    metadata = read_metadata(tree, json_ld.article, url=url, now=now)
    hints = Hints(
        titles=metadata.title_witnesses,
        description=metadata.summary or "",
        declared_body=text_of(json_ld.article.get("articleBody")) or "",
    )
    return Parsed(html=html, json_ld=json_ld, metadata=metadata, hints=hints, blocks=read_blocks(tree))


def read_body(page: Parsed, scores: np.ndarray) -> Body:
    """The article's text, by the score of each block; without paragraphs where there is none.

    The body of the page is preferred. Where it has under 150 words, schema.org's ``articleBody`` stands in if it has
    half as many again; where it has under 30, so does the state that a framework left in the page's scripts (paywalls
    and pages drawn by script keep the text there only). The title is a field of its own: where the text opens with it,
    that paragraph and a kicker before it are left out.
    """
    title = page.metadata.title
    body = _body_of_blocks(page.blocks, scores, title)
    if body.words >= SHORT_WORDS:
        return body
    for method, read, short in (("json_ld", _declared, SHORT_WORDS), ("embedded", _embedded, NO_WORDS)):
        text = read(page) if body.words < short else ""
        if count_words(text) > LONGER_BY * max(body.words, MIN_OTHER_WORDS):
            lines = without_title(text.split("\n\n"), title)
            paragraphs = [Paragraph(kind="paragraph", text=line) for line in lines]
            return _body(paragraphs, captions=body.captions, method=method, confidence=DECLARED_TRUST)
    return body


def _body(paragraphs: Sequence[Paragraph], *, captions: Sequence[str], method: str, confidence: float) -> Body:
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    return Body(
        paragraphs=tuple(paragraphs),
        captions=tuple(captions),
        method=method,
        confidence=confidence,
        text=text,
        words=count_words(text),
    )


def count_words(text: str) -> int:
    """Runs of letters and digits; in scripts without spaces a run counts as one word for every two characters."""
    words = _WORD.findall(text)
    if text.isascii() or not _UNSPACED.search(text):
        return len(words)
    return sum(1 if word < "\u0e00" else max(1, len(word) // 2) for word in words)


def without_title(lines: Sequence[str], title: str | None) -> list[str]:
    """``lines`` from after the one that repeats ``title``, if that is one of the first two."""
    for position, line in enumerate(lines[:2]):
        if title and line.casefold() == title.casefold():
            return list(lines[position + 1 :])
        if len(line) > MAX_KICKER_CHARS:
            break
    return list(lines)


def _body_of_blocks(blocks: Blocks, scores: np.ndarray, title: str | None) -> Body:
    above = [number for number in np.flatnonzero(scores > CHOSEN).tolist() if not _is_link_list(blocks, number, scores)]
    reach = range(above[0], above[-1] + 1) if above else ()
    kinds = {number: _kind_of(blocks, blocks.elements[number]) for number in reach}
    chosen = [number for number in above if kinds[number] != "caption" and not is_site_line(blocks.texts[number])]
    chosen = _without_apart(blocks, chosen)
    chosen = _without_ends(blocks, kinds, chosen, title)
    if not chosen:
        return _body((), captions=(), method="page", confidence=0.0)
    captions = [
        blocks.texts[number]
        for number in range(chosen[0], chosen[-1] + 1)
        if kinds[number] == "caption" and len(blocks.texts[number]) <= MAX_CAPTION_CHARS
    ]
    return _body(
        _paragraphs(blocks, kinds, chosen),
        captions=tuple(dict.fromkeys(captions)),
        method="page",
        confidence=_expected_f1(scores, np.fromiter(map(len, blocks.texts), float), chosen),
    )


def _is_link_list(blocks: Blocks, number: int, scores: np.ndarray) -> bool:
    """Whether a block is headlines of other articles, run together where a page is laid out in tables."""
    is_linked = blocks.links[number] >= LIST_LINKS and blocks.link_chars[number] >= 0.7 * len(blocks.texts[number])
    return is_linked and scores[number] < SURE


def _kind_of(blocks: Blocks, element: int) -> str:
    """The kind of text that stands in an element: by the nearest element around it that tells one."""
    in_cell = False
    for _ in range(_MAX_STEPS_UP):
        name = blocks.names[element]
        if name in ("td", "th"):
            in_cell = True
        elif name in _KIND_OF:
            return _KIND_OF[name]
        elif name == "tr":
            return "table_row" if in_cell else "paragraph"
        element = blocks.parents[element]
    return "paragraph"


def _without_apart(blocks: Blocks, chosen: list[int]) -> list[int]:
    """The chosen blocks but those in an element that is named as something beside the article, if there are others."""
    apart: dict[int, bool] = {0: False}
    others = [number for number in chosen if not _stands_apart(blocks, blocks.elements[number], apart)]
    return others if sum(len(blocks.texts[number]) for number in others) >= MIN_ARTICLE_CHARS else chosen


def _stands_apart(blocks: Blocks, element: int, apart: dict[int, bool]) -> bool:
    """``apart`` holds what is known of elements so far: blocks share most of those that they stand in."""
    unknown = []
    while element not in apart:
        unknown.append(element)
        element = blocks.parents[element]
    for inner in reversed(unknown):
        apart[inner] = apart[element] or _is_named_apart(blocks.attributes[inner])
        element = inner
    return apart[element]


@lru_cache(maxsize=20_000)
def _is_named_apart(attributes: str) -> bool:
    return any(not _APART.isdisjoint(names.lower().split()) for names in _NAMES.findall(attributes))


def _without_ends(blocks: Blocks, kinds: Mapping[int, str], chosen: list[int], title: str | None) -> list[int]:
    """The chosen blocks without a repeated title at the start, and without a heading of nothing at the end."""
    kept = without_title([blocks.texts[number] for number in chosen], title)
    chosen = chosen[len(chosen) - len(kept) :]
    while len(chosen) > 1 and kinds[chosen[-1]] == "heading":
        chosen = chosen[:-1]
    return chosen


def _paragraphs(blocks: Blocks, kinds: Mapping[int, str], chosen: list[int]) -> list[Paragraph]:
    """The chosen blocks as paragraphs; the cells of a table's row are one, with bars between."""
    paragraphs: list[Paragraph] = []
    last_row = -1
    for number in chosen:
        text, kind = blocks.texts[number], kinds[number]
        row = -1
        if kind == "table_row":
            if len(text) > MAX_CELL_CHARS:
                kind = "paragraph"  # a table that lays out the page
            else:
                row = _row_of(blocks, blocks.elements[number])
        if row >= 0 and row == last_row:
            paragraphs[-1] = Paragraph(kind=kind, text=f"{paragraphs[-1].text} | {text}")
        else:
            paragraphs.append(Paragraph(kind=kind, text=text))
        last_row = row
    return paragraphs


def _row_of(blocks: Blocks, element: int) -> int:
    while element and blocks.names[element] != "tr":
        element = blocks.parents[element]
    return element


def _expected_f1(scores: np.ndarray, chars: np.ndarray, chosen: list[int]) -> float:
    right = float((scores[chosen] * chars[chosen]).sum())
    return 2 * right / float(chars[chosen].sum() + (scores * chars).sum())


def _embedded(page: Parsed) -> str:
    # the blocks' tree has lost its scripts, and few pages come to this
    return read_embedded([script.text() for script in parse(page.html).css("script:not([src])")[:MAX_SCRIPTS]])


def _declared(page: Parsed) -> str:
    body = page.hints.declared_body
    if _TAG.search(body[:20_000]):
        return read_fragment(body)
    return "\n\n".join(" ".join(line.split()) for line in body.splitlines() if line.strip())
