"""What a page says about itself: title, authors, times, addresses, section, tags; by weight of evidence.

Sources, the more deliberate first: JSON-LD (schema.org), OpenGraph and other ``<meta>``, microdata, visible markup
(headline, byline, ``<time>``), the address of the page, and last htmldate's search through the text. No body text is
extracted here and the tree is only read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from htmldate import find_date
from lxml.html import HtmlElement

from tasks.page.authors import clean_authors
from tasks.page.headline import choose_title, plain, spaced_text
from tasks.page.jsonld import text_of, types_of
from tasks.page.times import day_in_url, parse_time

MAX_TAGS = 50
MAX_BYLINE_CHARS = 200

# Names of <meta name|property|itemprop>, lower case, the more reliable first.
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "rnews:datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "date",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "revised")
_AUTHOR = (
    "article:author_name",
    "author",
    "parsely-author",
    "byl",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "article:author",
    "og:article:author",
    "twitter:data1",
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author[_-]?names?|autor(?:en)?|auteur|post-author|entry-author|fn)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AUTHOR_PATH = re.compile(r"/(?:authors?|autor(?:en|es)?|auteurs?|reporters?|journalists?)/[^/]", re.IGNORECASE)
_PUBLISHED_CLASS = re.compile(r"(?:publi[sc]|post(?:ed)?[_-]?(?:date|on)|entry-date|dateline|article[_-]?date)", re.I)
_ASIDE = re.compile(r"related|recommend|comment|sidebar|teaser|promo|newsletter|footer|most-?read|trending|bio", re.I)
_ASIDE_TAGS = frozenset({"aside", "nav", "footer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says about itself. Times are aware UTC; None and empty where the page does not say."""

    title: str | None
    title_agreement: float  # 0..1, how much of the chosen title its other witnesses repeat
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Markup:
    """What one walk over the tree found: the meta values by name, and the elements that can be witnesses."""

    meta: dict[str, list[str]]
    canonical: str | None
    headlines: list[str]
    bylines: list[HtmlElement]
    times: list[HtmlElement]


def read_metadata(tree: HtmlElement, json_ld: dict[str, Any], *, url: str, now: datetime) -> Metadata:
    """Read the metadata of the page at ``url``; ``json_ld`` is its article node or empty.

    Instants without a zone are taken as UTC; those after ``now`` + 2 days are ignored.
    """
    markup = _walk(tree)
    meta = markup.meta
    site_name = plain(
        _first(meta, "og:site_name") or text_of(json_ld.get("publisher")) or _first(meta, "application-name")
    )
    title, agreement = choose_title(
        headlines=markup.headlines,
        declared=[text_of(json_ld.get("headline")), _first(meta, "og:title"), _first(meta, "twitter:title")],
        window=tree.findtext(".//title"),
        site_names=[site_name, urlsplit(url).hostname],
    )
    published = _published(tree, markup, json_ld, url, now)
    modified = _earliest_valid([text_of(json_ld.get("dateModified")), *_all(meta, _MODIFIED)], now)
    return Metadata(
        title=title,
        title_agreement=agreement,
        authors=_authors(markup, json_ld, site_name),
        published_at=published,
        modified_at=modified if modified and (published is None or modified >= published) else None,
        language=_language(tree, meta, json_ld),
        canonical_url=_canonical(markup, json_ld, url),
        image_url=_web_address(_first(meta, "og:image") or _image(json_ld) or _first(meta, "twitter:image"), url),
        section=plain(_first(meta, "article:section") or text_of(json_ld.get("articleSection")), limit=100),
        tags=_tags(meta, json_ld),
        summary=plain(
            _first(meta, "og:description") or _first(meta, "description") or text_of(json_ld.get("description")),
            limit=2000,
        ),
        site_name=site_name,
    )


def _walk(tree: HtmlElement) -> _Markup:
    meta: dict[str, list[str]] = {}
    canonical: str | None = None
    headlines: list[str] = []
    bylines: list[HtmlElement] = []
    times: list[HtmlElement] = []
    for element in tree.iter():
        tag = element.tag
        if not isinstance(tag, str):
            continue
        itemprop = element.get("itemprop")
        if tag == "meta":
            content = (element.get("content") or "").strip()
            for name in {element.get("property"), element.get("name"), itemprop} - {None}:
                values = meta.setdefault(name.strip().lower(), [])
                if content and len(values) < MAX_TAGS:
                    values.append(content[:5000])
        elif tag == "link":
            if canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                canonical = element.get("href")
        elif tag == "h1" and len(headlines) < 10:
            headlines.append(spaced_text(element))
        elif tag == "time" or itemprop == "datePublished":
            times.append(element)
        elif len(bylines) < 50 and (
            "author" in (element.get("rel") or "")
            or itemprop == "author"
            or _BYLINE_CLASS.search(element.get("class") or "")
            or (tag == "a" and _AUTHOR_PATH.search(element.get("href") or ""))
        ):
            bylines.append(element)
    return _Markup(meta=meta, canonical=canonical, headlines=headlines, bylines=bylines, times=times)


def _published(
    tree: HtmlElement, markup: _Markup, json_ld: dict[str, Any], url: str, now: datetime
) -> datetime | None:
    for value in (text_of(json_ld.get("datePublished")), *_all(markup.meta, _PUBLISHED)):
        time = parse_time(value, now=now)
        if time:
            return time
    visible = [  # a mark of publication first, then the order of the page
        (not _is_marked_published(element), time)
        for element in markup.times[:50]
        if not _is_aside(element)
        and (time := parse_time(element.get("datetime") or element.get("content") or element.text_content(), now=now))
    ]
    if visible:
        return min(visible, key=lambda witness: witness[0])[1]
    return day_in_url(url, now=now) or _searched_date(tree, url, now)


def _searched_date(tree: HtmlElement, url: str, now: datetime) -> datetime | None:
    """htmldate's answer; it knows hundreds of markup habits, costs ten times the rest, and is asked last."""
    found = find_date(tree, original_date=True, extensive_search=False, url=url, max_date=now.strftime("%Y-%m-%d"))
    return parse_time(found, now=now)


def _authors(markup: _Markup, json_ld: dict[str, Any], site_name: str | None) -> tuple[str, ...]:
    """Persons that JSON-LD or a meta value names, else visible bylines, else the organisation that was named."""
    node_authors = _as_list(json_ld.get("author") or json_ld.get("creator"))
    persons = [node for node in node_authors if not (isinstance(node, dict) and "Organization" in types_of(node))]
    stated = [clean_authors(map(text_of, persons)), clean_authors(map(text_of, node_authors))]
    for name in _AUTHOR:
        if name != "twitter:data1" or _has_author_label(markup.meta):
            stated.append(clean_authors(v for v in markup.meta.get(name, ()) if len(v) <= MAX_BYLINE_CHARS))
    organisations = {name.casefold() for name in (site_name, text_of(json_ld.get("publisher"))) if name}
    organisations.update(name.casefold() for name in stated[1] if name not in stated[0])
    for names in stated:
        named = tuple(name for name in names if name.casefold() not in organisations)
        if named:
            return named
    return _visible_authors(markup.bylines) or next((names for names in stated if names), ())


def _visible_authors(bylines: list[HtmlElement]) -> tuple[str, ...]:
    """Names in the first visible byline that holds any, and in its siblings."""
    found: list[str] = []
    place: HtmlElement | None = None
    for element in _outermost(bylines):
        # text nodes apart: "By<b>Ann Lee</b><i>June 5</i>" is three pieces
        text = "\n".join(piece for node in element.itertext() if (piece := " ".join(node.split())))
        if len(text) > MAX_BYLINE_CHARS or _is_aside(element) or (found and element.getparent() is not place):
            continue
        names = [name for name in clean_authors([text]) if _looks_like_a_name(name)]
        if names:
            found += names
            place = element.getparent()
    return tuple(dict.fromkeys(found))[:5]


def _as_list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else [value]


def _has_author_label(meta: dict[str, list[str]]) -> bool:
    label = (_first(meta, "twitter:label1") or "").lower()
    return label in ("written by", "verfasst von", "by", "author", "escrito por")


def _looks_like_a_name(text: str) -> bool:
    """What a visible byline must be before it is believed: two to five words, all but one capitalised.

    In scripts without capitals two to twelve characters will do.
    """
    if text.upper() == text.lower():
        return 2 <= len(text) <= 12
    words = text.split()
    return 2 <= len(words) <= 5 and sum(word[0].isupper() for word in words) >= len(words) - 1


def _outermost(elements: list[HtmlElement]) -> Iterator[HtmlElement]:
    taken: set[HtmlElement] = set()
    for element in elements:
        if not any(parent in taken for parent in element.iterancestors()):
            taken.add(element)
            yield element


def _is_marked_published(element: HtmlElement) -> bool:
    marks = f"{element.get('itemprop') or ''} {element.get('class') or ''}"
    return "pubdate" in element.attrib or bool(_PUBLISHED_CLASS.search(marks))


def _is_aside(element: HtmlElement) -> bool:
    for parent in element.iterancestors():
        if parent.tag in _ASIDE_TAGS:
            return True
        if parent.tag in ("body", "main", "html"):
            return False
        if _ASIDE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}"):
            return True
    return False


def _language(tree: HtmlElement, meta: dict[str, list[str]], json_ld: dict[str, Any]) -> str | None:
    values = (
        tree.get("lang"),
        tree.get("xml:lang"),
        _first(meta, "content-language"),
        _first(meta, "og:locale"),
        text_of(json_ld.get("inLanguage")),
    )
    for value in values:
        match = re.match(r"\s*([A-Za-z]{2})(?=$|[-_])", value or "")
        if match:
            return match.group(1).lower()
    return None


def _canonical(markup: _Markup, json_ld: dict[str, Any], url: str) -> str | None:
    """The declared address; a site's front page declared on an inner page is a slip and is not believed."""
    main = json_ld.get("mainEntityOfPage")
    declared = text_of(main, key="@id") or text_of(json_ld.get("url"))
    for value in (markup.canonical, _first(markup.meta, "og:url"), declared):
        address = _web_address(value, url)
        if address and not (urlsplit(address).path in ("", "/") and urlsplit(url).path not in ("", "/")):
            return address
    return None


def _image(json_ld: dict[str, Any]) -> str | None:
    return text_of(json_ld.get("image"), key="url")


def _tags(meta: dict[str, list[str]], json_ld: dict[str, Any]) -> tuple[str, ...]:
    keywords = json_ld.get("keywords")
    spellings: tuple[Iterable[str], ...] = (
        meta.get("article:tag", ()),
        [k for k in keywords if isinstance(k, str)] if isinstance(keywords, list) else [text_of(keywords) or ""],
        meta.get("news_keywords", ()),
        meta.get("keywords", ()),
    )
    for values in spellings:
        tags = dict.fromkeys(t for value in values for part in value.split(",") if (t := plain(part, limit=100)))
        if tags:
            return tuple(tags)[:MAX_TAGS]
    return ()


def _web_address(value: str | None, base_url: str) -> str | None:
    if not value or len(value) > 4096:
        return None
    try:
        address = urljoin(base_url, value.strip())
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def _earliest_valid(values: Iterable[str | None], now: datetime) -> datetime | None:
    return next((time for value in values if (time := parse_time(value, now=now))), None)


def _first(meta: dict[str, list[str]], name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)


def _all(meta: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from meta.get(name, ())
