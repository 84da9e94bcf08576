"""Bytes of a page to an article: decoding, one parse, metadata, body, and how far the result can be trusted."""

import re
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import lxml.html
from lxml import etree

from tasks.errors import Terminal
from tasks.page.body import Body, count_words, read_body
from tasks.page.charset import decode
from tasks.page.jsonld import read_json_ld
from tasks.page.metadata import read_metadata
from tasks.page.times import parse_time

EXTRACTOR = f"trafilatura {version('trafilatura')} + dateline.page 1"

MAX_BODY_BYTES = 20_000_000  # UTF-32 has four bytes a character
MAX_PAGE_CHARS = 5_000_000
MAX_ELEMENTS = 30_000  # the largest of 1,070 real pages had 10,156; trafilatura's time is quadratic in headings
MIN_WORDS = 10

_FULL_LENGTH_WORDS = 200  # beyond it, length says nothing more about whether the article was found
_JSON_LD_TRUST = 0.8  # articleBody is often a cut or an older version of the text
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|section|span|table|h1|meta)\b", re.IGNORECASE)
_BINARY_TYPES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_BINARY_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x7fELF", b"\x1f\x8b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article as its page gives it.

    Times are aware UTC; what the page does not say is None or empty. ``text`` has its paragraphs separated by a blank
    line and no white space around. ``language`` is what the page declares, two letters. ``canonical_url`` is absolute.
    ``confidence`` (0..1) is explained at ``confidence_of``.
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
    text: str
    charset: str
    confidence: float
    extractor: str


def read_page(body: bytes, *, url: str, content_type: str | None, now: datetime) -> Page:
    """Read the article of the page at ``url``; ``content_type`` is the HTTP header, ``now`` bounds its dates.

    Raises ``Terminal`` with reason ``page_not_html`` (another format), ``page_empty``, ``page_too_large`` (over
    5,000,000 characters or 30,000 elements), ``page_unreadable`` (no markup that can be parsed) or ``text_too_short``
    (under 10 words: a front page, a player, a login wall).
    """
    if len(body) > MAX_BODY_BYTES:
        raise Terminal("page_too_large", f"The page {url} has {len(body):,} bytes, over the bound {MAX_BODY_BYTES:,}.")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind.startswith(_BINARY_TYPES) or body.startswith(_BINARY_MAGIC):
        raise Terminal("page_not_html", f"{url} is not an HTML page ({kind or 'by its first bytes'}); it was not read.")
    text, charset = decode(body, content_type=content_type)
    if len(text) > MAX_PAGE_CHARS:
        raise Terminal("page_too_large", f"The page {url} has {len(text):,} characters, over {MAX_PAGE_CHARS:,}.")
    if not text.strip("\x00\ufeff \t\r\n"):
        raise Terminal("page_empty", f"The page {url} is empty.")
    if not _MARKUP.search(text):
        raise Terminal("page_not_html", f"{url} is not an HTML page: there is no HTML element in it.")
    tree = _parse(text, url)
    json_ld = read_json_ld(tree)
    metadata = read_metadata(tree, json_ld, url=url, now=now)
    article = read_body(tree, json_ld, url=url, title=metadata.title)
    words = count_words(article.text)
    if words < MIN_WORDS:
        raise Terminal("text_too_short", f"The page {url} has no article text ({words} words found).")
    return Page(
        title=metadata.title,
        authors=metadata.authors,
        published_at=metadata.published_at or _date_line(article.text, now),
        modified_at=metadata.modified_at,
        language=metadata.language,
        canonical_url=metadata.canonical_url,
        image_url=metadata.image_url,
        section=metadata.section,
        tags=metadata.tags,
        summary=metadata.summary,
        site_name=metadata.site_name,
        text=article.text,
        charset=charset,
        confidence=confidence_of(article, words=words, title_agreement=metadata.title_agreement),
        extractor=EXTRACTOR,
    )


def confidence_of(body: Body, *, words: int, title_agreement: float) -> float:
    """How far the extracted text can be trusted, 0..1, rounded to two places.

    ``trust * (0.5 * min(1, words / 200) + 0.3 * (1 - link_density) + 0.2 * title_agreement)``, where trust is 1 for
    the page's own body and 0.8 for JSON-LD's. It grows with the length of the text, with the share of it that is not
    bare links, and with how well the witnesses of the title agree (a page about one thing). It is an order, not a
    probability.
    """
    trust = 1.0 if body.method == "page" else _JSON_LD_TRUST
    length = min(1.0, words / _FULL_LENGTH_WORDS)
    return round(trust * (0.5 * length + 0.3 * (1.0 - body.link_density) + 0.2 * title_agreement), 2)


def _date_line(text: str, now: datetime) -> datetime | None:
    """The date of a page without any other: a line of its own among the first three."""
    return next((time for line in text[:1000].split("\n\n")[:3] if (time := parse_time(line, now=now))), None)


def _parse(text: str, url: str) -> lxml.html.HtmlElement:
    # libxml2 stops at 256 levels of nesting without huge_tree, which bounds every later walk and copy.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, huge_tree=False, no_network=True
    )
    try:
        tree = lxml.html.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Terminal("page_unreadable", f"The page {url} holds no markup that can be parsed: {error}.") from error
    elements = sum(1 for _ in tree.iter())
    if elements > MAX_ELEMENTS:
        raise Terminal("page_too_large", f"The page {url} has {elements:,} elements, over the bound {MAX_ELEMENTS:,}.")
    return tree
