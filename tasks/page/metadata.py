"""What a page says about itself: title, authors, times, addresses, section, tags; by weight of evidence.

Sources, the more deliberate first: JSON-LD (schema.org), OpenGraph and other ``<meta>``, microdata, the visible text
around the headline, ``<time>``, and the address of the page. Each value says where it came from. No body text is
extracted here and the tree is only read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from tasks.page.bylines import read_authors
from tasks.page.headline import choose_title, plain
from tasks.page.jsonld import text_of
from tasks.page.published import read_times
from tasks.page.visible import MAX_VALUES, Markup, Piece, pieces_around, read_markup

Origin = Literal[
    "json_ld",  # a schema.org node
    "open_graph",  # a meta value of OpenGraph or Twitter cards
    "meta",  # any other meta value, Dublin Core and microdata in <meta> included
    "microdata",  # itemprop on a visible element
    "h1",
    "title_element",  # <title>
    "time",  # a <time> element
    "byline",  # a visible byline
    "text",  # a date in the visible text
    "update",  # publication: the only day that the page prints is that of its last update
    "url",  # a date in the address
    "link",  # <link rel=canonical>
    "html",  # the lang attribute
]
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?=$|[-_])")
# English as it is written where 4/2 is the fourth of February; elsewhere only the United States put the month first
_MONTH_FIRST = re.compile(r"^\s*(?:en(?:[-_]us)?)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says about itself; None and empty where it does not say.

    Times are aware and keep the offset at which the page prints them, so that their day is the printed one; one
    without zone is UTC. ``origins`` has the origin of each field that has a value, by the field's name.
    """

    title: str | None
    title_agreement: float  # 0..1, how much of the chosen title its other witnesses repeat
    title_witnesses: tuple[str, ...]  # every headline and declared title as it stands
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
    og_type: str | None
    origins: Mapping[str, Origin]


def read_metadata(tree: LexborHTMLParser, json_ld: Mapping[str, Any], *, url: str, now: datetime) -> Metadata:
    """Read the metadata of the page at ``url``; ``json_ld`` is its article node or empty.

    Instants without a zone are taken as UTC; those after ``now`` + 2 days are ignored.
    """
    markup = read_markup(tree)
    meta = markup.meta
    address = urlsplit(url)
    host = address.hostname or ""
    site_name, site_origin = _choose(
        ("open_graph", plain(_first(meta, "og:site_name"))),
        ("json_ld", plain(text_of(json_ld.get("publisher")))),
        ("meta", plain(_first(meta, "application-name"))),
    )
    headlines = [text for text, _ in markup.headlines]
    declared = [
        ("json_ld", text_of(json_ld.get("headline"))),
        ("open_graph", _first(meta, "og:title")),
        ("open_graph", _first(meta, "twitter:title")),
    ]
    title, agreement, title_origin = choose_title(
        headlines=headlines,
        declared=declared,
        window=markup.window,
        site_names=[site_name, host],
        sections=[part for part in address.path.split("/")[1:6] if part],
    )
    pieces = _pieces(markup, title)
    lang = _html_lang(tree)
    (published, published_origin), (modified, modified_origin) = read_times(
        tree, markup, pieces, json_ld, url=url, now=now, day_first=None if _MONTH_FIRST.match(lang or "") else True
    )
    authors, authors_origin = read_authors(markup, pieces, json_ld, site_name=site_name, host=host)
    language, language_origin = _language(lang, meta, json_ld)
    canonical, canonical_origin = _canonical(markup, json_ld, url, is_inner=address.path not in ("", "/"))
    images = (
        ("open_graph", _first(meta, "og:image")),
        ("json_ld", text_of(json_ld.get("image"), key="url")),
        ("open_graph", _first(meta, "twitter:image")),
    )
    image, image_origin = next(
        ((address, origin) for origin, value in images if (address := _web_address(value, url))), (None, None)
    )
    section, section_origin = _choose(
        ("open_graph", plain(_first(meta, "article:section"), limit=100)),
        ("json_ld", plain(text_of(json_ld.get("articleSection")), limit=100)),
    )
    tags, tags_origin = _tags(meta, json_ld)
    summaries = (
        ("open_graph", _first(meta, "og:description")),
        ("meta", _first(meta, "description")),
        ("json_ld", text_of(json_ld.get("description"))),
    )
    summary, summary_origin = next(
        ((text, origin) for origin, value in summaries if (text := plain(value, limit=2000))), (None, None)
    )
    origins = {
        "title": title_origin,
        "authors": authors_origin,
        "published_at": published_origin,
        "modified_at": modified_origin,
        "language": language_origin,
        "canonical_url": canonical_origin,
        "image_url": image_origin,
        "section": section_origin,
        "tags": tags_origin,
        "summary": summary_origin,
        "site_name": site_origin,
    }
    return Metadata(
        title=title,
        title_agreement=agreement,
        title_witnesses=tuple(t for t in (*headlines, *(t for _, t in declared), markup.window) if t),
        authors=authors,
        published_at=published,
        modified_at=modified,
        language=language,
        canonical_url=canonical,
        image_url=image,
        section=section,
        tags=tags,
        summary=summary,
        site_name=site_name,
        og_type=_first(meta, "og:type"),
        origins={name: origin for name, origin in origins.items() if origin},
    )


def _pieces(markup: Markup, title: str | None) -> list[Piece]:
    """The text around the headline: the ``<h1>`` that is the title, else the first."""
    if not markup.headlines:
        return []
    wanted = (title or "").casefold()
    for text, node in markup.headlines:
        if wanted and wanted in " ".join(text.split()).casefold():
            return pieces_around(node)
    return pieces_around(markup.headlines[0][1])


def _html_lang(tree: LexborHTMLParser) -> str | None:
    root = tree.root
    if root is None:
        return None
    return root.attrs.get("lang") or root.attrs.get("xml:lang")


def _language(
    lang: str | None, meta: Mapping[str, list[str]], json_ld: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    values = (
        ("html", lang),
        ("meta", _first(meta, "content-language")),
        ("open_graph", _first(meta, "og:locale")),
        ("json_ld", text_of(json_ld.get("inLanguage"))),
    )
    matches = ((origin, _LANGUAGE.match(value or "")) for origin, value in values)
    return next(((match[1].lower(), origin) for origin, match in matches if match), (None, None))


def _canonical(
    markup: Markup, json_ld: Mapping[str, Any], url: str, *, is_inner: bool
) -> tuple[str | None, str | None]:
    """The declared address; a site's front page declared on an inner page is a slip and is not believed."""
    main = text_of(json_ld.get("mainEntityOfPage"), key="@id") or text_of(json_ld.get("url"))
    for origin, value in (("link", markup.canonical), ("open_graph", _first(markup.meta, "og:url")), ("json_ld", main)):
        address = _web_address(value, url)
        if address and not (is_inner and urlsplit(address).path in ("", "/")):
            return address, origin
    return None, None


def _tags(meta: Mapping[str, list[str]], json_ld: Mapping[str, Any]) -> tuple[tuple[str, ...], str | None]:
    keywords = json_ld.get("keywords")
    stated = [k for k in keywords if isinstance(k, str)] if isinstance(keywords, list) else [text_of(keywords) or ""]
    spellings: tuple[tuple[str, Iterable[str]], ...] = (
        ("open_graph", meta.get("article:tag", ())),
        ("json_ld", stated[:MAX_VALUES]),
        ("meta", meta.get("news_keywords", ())),
        ("meta", meta.get("keywords", ())),
    )
    for origin, values in spellings:
        parts = (part for value in values for part in value[:5000].split(",")[:MAX_VALUES] if part)
        tags = dict.fromkeys(tag for part in islice(parts, 2 * MAX_VALUES) if (tag := plain(part, limit=100)))
        if tags:
            return tuple(tags)[:MAX_VALUES], origin
    return (), None


def _web_address(value: str | None, base_url: str) -> str | None:
    if not value or len(value) > 4096:
        return None
    try:
        address = value.strip()
        parts = urlsplit(address)
        if not parts.scheme or not parts.netloc:
            address = urljoin(base_url, address)
            parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def _choose(*witnesses: tuple[str, str | None]) -> tuple[str | None, str | None]:
    return next(((value, origin) for origin, value in witnesses if value), (None, None))


def _first(meta: Mapping[str, list[str]], name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)
