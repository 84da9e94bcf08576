"""Sitemaps: plain, news, index, gzipped and plain-text lists, read in one streaming pass.

Follows https://www.sitemaps.org/protocol.html and Google's news extension. Nothing is fetched here: the children of an
index are named, not followed. Entities are never resolved and nothing outside the document is read.
"""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from tasks.errors import Terminal
from tasks.feed.model import Entry, Feed
from tasks.feed.tidy import Faults, absolute_url, checked_time, labels, language_code, narrow, parse_time, plain_text

MAX_ENTRIES = 50_000  # sitemaps.org, "Sitemap file requirements"
MAX_BYTES = 52_428_800  # ibid., 50 MiB uncompressed

_SITEMAP_ROOT = re.compile(rb"<(?:[a-zA-Z]{1,20}:)?(?:urlset|sitemapindex)[\s>]")
_UTF8_BOM = b"\xef\xbb\xbf"


def read_sitemap(body: bytes, *, url: str, now: datetime) -> Feed:
    """Read a sitemap, a sitemap index or a plain-text list of addresses; gzip is recognised by its first bytes.

    ``lastmod`` becomes ``updated_at``; the news extension gives title, ``published_at``, language and keywords. At most
    50,000 entries of at most 50 MiB are read; what is left out or was repaired is told in ``faults``. Raises
    ``Terminal("sitemap_malformed")`` where no location can be read, ``Terminal("feed_empty")`` for an empty body.
    """
    faults = Faults()
    body = narrow(_decompress(body, url, faults)).removeprefix(_UTF8_BOM)
    head = body.lstrip()[:2000]
    if not head:
        raise Terminal("feed_empty", f"The sitemap {url} is empty; remove the source or wait until it has content.")
    root = _SITEMAP_ROOT.search(body[:100_000])
    if root is None:
        if head.startswith(b"<"):
            raise Terminal("sitemap_malformed", f"{url} is not a sitemap: {_what_it_is(head)}")
        return _read_list(body, url, faults)
    start = max(body.rfind(b"<?xml", 0, root.start()), 0)
    if body[:start].strip():  # a template's front matter or a server's warning
        faults.add("text before the document was skipped", body[:start].decode("utf-8", "replace").strip())
    return _read_xml(body[start or root.start() :], url, now, faults)


def _decompress(body: bytes, url: str, faults: Faults) -> bytes:
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES + 1)
        except zlib.error as error:
            raise Terminal("sitemap_malformed", f"The sitemap {url} is not readable gzip: {error}.") from error
    if len(body) > MAX_BYTES:
        faults.add("the document is over 50 MiB and was read up to there")
    return body[:MAX_BYTES]


def _read_list(body: bytes, url: str, faults: Faults) -> Feed:
    found: dict[str, None] = {}
    for line in body.decode("utf-8", "replace").splitlines():
        location = absolute_url(line, "")
        if location:
            if len(found) == MAX_ENTRIES:
                faults.add(f"the list goes on after {MAX_ENTRIES:,} addresses and the rest was left out")
                break
            found.setdefault(location)
        elif line.strip():
            faults.add("lines that are no web addresses were left out", line)
    if not found:
        raise Terminal("sitemap_malformed", f"{url} is neither an XML sitemap nor a list of addresses; check the URL.")
    return Feed(kind="sitemap", entries=tuple(Entry(url=u) for u in found), faults=faults.sentences())


def _read_xml(document: bytes, url: str, now: datetime, faults: Faults) -> Feed:
    entries: list[Entry] = []
    children: dict[str, None] = {}
    root: str | None = None
    try:
        for name, node in _stream(document, faults):
            root = root or name
            if name == "url":
                entry = _entry(node, url, now, faults)
                if entry.url:
                    entries.append(entry)
                else:
                    faults.add("locations that are no web addresses were left out", _text(node, "loc") or "")
            elif name == "sitemap":
                child = absolute_url(_text(node, "loc"), url)
                if child:
                    children.setdefault(child)
                else:
                    faults.add("locations that are no web addresses were left out", _text(node, "loc") or "")
            if len(entries) + len(children) >= MAX_ENTRIES:
                faults.add(f"the document was read up to the protocol's {MAX_ENTRIES:,} entries")
                break
    except etree.XMLSyntaxError as error:
        faults.add("part of the document is not well-formed XML and was left out", str(error))
    if not entries and not children and (root is None or faults.sentences()):
        detail = " ".join(faults.sentences())
        raise Terminal("sitemap_malformed", f"No location can be read from the sitemap {url}. {detail}".strip())
    return Feed(
        kind="sitemapindex" if root == "sitemapindex" else "sitemap",
        entries=tuple(entries),
        children=tuple(children),
        faults=faults.sentences(),
    )


def _stream(document: bytes, faults: Faults) -> Iterator[tuple[str, etree._Element]]:
    """Yield the root when it opens and each <url> and <sitemap> when it closes, then free it."""
    events = etree.iterparse(
        io.BytesIO(document),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    first = True
    for event, node in events:
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if event == "start":
            if first:
                first = False
                yield name, node
        elif name in ("url", "sitemap"):
            yield name, node
            node.clear()
            parent = node.getparent()
            while parent is not None and node.getprevious() is not None:
                del parent[0]
    if len(events.error_log):
        faults.add("places that are not well-formed XML were repaired", events.error_log[0].message)


def _entry(node: etree._Element, url: str, now: datetime, faults: Faults) -> Entry:
    lastmod = _text(node, "lastmod")
    published = _text(node, "publication_date")
    keywords = _text(node, "keywords")
    return Entry(
        url=absolute_url(_text(node, "loc"), url),
        title=plain_text(_text(node, "title")),
        published_at=_time(published, now, faults),
        updated_at=_time(lastmod, now, faults),
        tags=labels(keywords.split(",")) if keywords else (),
        language=language_code(_text(node, "language")),
        image_url=absolute_url(_text(node, "loc", within="image"), url),
    )


def _time(raw: str | None, now: datetime, faults: Faults) -> datetime | None:
    return checked_time(parse_time(raw) if raw else None, raw=raw, now=now, faults=faults)


def _text(node: etree._Element, name: str, *, within: str | None = None) -> str | None:
    """Text of the first descendant with this local name; ``within`` asks for a parent of that local name."""
    for child in node.iterdescendants(f"{{*}}{name}"):
        parent = etree.QName(child.getparent()).localname
        if (parent == within) if within else parent not in ("image", "video"):
            return (child.text or "").strip() or None
    return None


def _what_it_is(head: bytes) -> str:
    lowered = head.lower()
    if b"<rss" in lowered or b"<feed" in lowered or b"<rdf:rdf" in lowered:
        return 'it is a feed; add it with kind = "feed".'
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return "it is an HTML page; look for the sitemap's address in the site's robots.txt."
    return "there is no <urlset> or <sitemapindex> in it; check the URL."
