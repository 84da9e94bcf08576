"""Sitemaps: plain, news, index, gzipped, plain-text lists and feeds that serve as one, read in one streaming pass.

Follows https://www.sitemaps.org/protocol.html and Google's news extension. Nothing is fetched here: the children of an
index are named, not followed, and no tree of the document is built. Entities are never resolved and nothing outside
the document is read.
"""

import io
import re
import zlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from tasks.errors import Terminal
from tasks.feed.dates import parse_time
from tasks.feed.model import Entry, Feed
from tasks.feed.read import read_feed
from tasks.feed.tidy import Faults, absolute_url, checked_time, labels, language_code, narrow, plain_text

MAX_ENTRIES = 50_000  # sitemaps.org, "Sitemap file requirements"
MAX_BYTES = 52_428_800  # ibid., 50 MiB uncompressed
MAX_TAGS = 3_000_000  # 50,000 entries of news take 900,000; bounds the time to some seconds
MAX_ELEMENTS = 20_000  # in one entry; Google reads 1,000 images of it
MAX_KEYWORDS = 100

_Told = dict[str, str]

_SITEMAP_ROOT = re.compile(rb"<(?:[a-zA-Z]{1,20}:)?(?:urlset|sitemapindex)[\s>]")
_FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_UTF8_BOM = b"\xef\xbb\xbf"


def read_sitemap(body: bytes, *, url: str, now: datetime) -> Feed:
    """Read a sitemap, a sitemap index, a feed or a plain-text list of addresses; gzip is told by its first bytes.

    ``lastmod`` becomes ``updated_at``; the news extension gives title, ``published_at``, language and keywords. At most
    50,000 entries of at most 50 MiB are read; what is left out or was repaired is told in ``faults``. An index's
    ``children`` never contain ``url`` itself. Raises ``Terminal("sitemap_malformed")`` where no location can be read,
    ``Terminal("feed_empty")`` for an empty body, and for a feed what ``read_feed`` raises.
    """
    faults = Faults()
    body = narrow(_decompress(body, url, faults)).removeprefix(_UTF8_BOM)
    head = body[:100_000].lstrip()[:2000]
    if not head:
        raise Terminal("feed_empty", f"The sitemap {url} is empty; remove the source or wait until it has content.")
    root = _SITEMAP_ROOT.search(body[:100_000])
    if root is None:
        if _FEED_ROOT.search(head):  # "Other Sitemap formats" has RSS 2.0 and Atom
            return read_feed(body, url=url, content_type=None, now=now)
        if head.startswith(b"<"):
            raise Terminal("sitemap_malformed", f"{url} is not a sitemap: {_what_it_is(head)}")
        return _read_list(body, url, faults)
    start = max(body.rfind(b"<?xml", 0, root.start()), 0)
    if body[:start].strip():  # a template's front matter or a server's warning
        faults.add("text before the document was skipped", body[:start].decode("utf-8", "replace").strip())
    if body.count(b"<") > MAX_TAGS:
        raise Terminal(
            "feed_too_large", f"The sitemap {url} has over {MAX_TAGS:,} tags; take one of the site's other sitemaps."
        )
    is_index = b"sitemapindex" in root.group()
    return _read_xml(body[start or root.start() :], url, now, faults, is_index=is_index)


def _decompress(body: bytes, url: str, faults: Faults) -> bytes:
    if body[:2] == b"\x1f\x8b":
        gunzip = zlib.decompressobj(wbits=31)
        try:
            body = gunzip.decompress(body, MAX_BYTES + 1)
        except zlib.error as error:
            raise Terminal(
                "sitemap_malformed", f"The sitemap {url} is not readable gzip ({error}); it may come whole next time."
            ) from error
        if not gunzip.eof and len(body) <= MAX_BYTES:
            faults.add("the gzip data ends early and was read up to there")
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


def _read_xml(document: bytes, url: str, now: datetime, faults: Faults, *, is_index: bool) -> Feed:
    entries: list[Entry] = []
    children: dict[str, datetime | None] = {}
    try:
        for name, told in _stream(document, faults):
            if len(entries) + len(children) == MAX_ENTRIES:
                faults.add(f"the document was read up to the protocol's {MAX_ENTRIES:,} entries")
                break
            address = absolute_url(told.get("loc"), url)
            if address is None:
                faults.add("locations that are no web addresses were left out", told.get("loc") or "")
            elif name == "url":
                entries.append(_entry(address, told, url, now, faults))
            elif address == url:
                faults.add("the index lists itself, which was left out", url)
            else:
                children.setdefault(address, _time(told.get("lastmod"), now, faults))
    except etree.XMLSyntaxError as error:
        faults.add("part of the document is not well-formed XML and was left out", str(error))
    if not entries and not children and faults.sentences():
        detail = " ".join(faults.sentences())
        raise Terminal("sitemap_malformed", f"No location can be read from the sitemap {url}; check the URL. {detail}")
    return Feed(
        kind="sitemapindex" if is_index else "sitemap",
        entries=tuple(entries),
        children=tuple(children),
        children_lastmod=tuple(children.values()),
        faults=faults.sentences(),
    )


def _stream(document: bytes, faults: Faults) -> Iterator[tuple[str, _Told]]:
    """Yield "url" or "sitemap" with the first text under each name in it when such an element closes, then free it.

    Names are local; those in an image or a video are written ``image:loc``.
    """
    events = etree.iterparse(
        io.BytesIO(document),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    told: _Told = {}
    kept = 0  # elements that are not freed yet
    for _, node in events:
        name = _local(node)
        parent = node.getparent()
        if parent is None:
            break
        kept += 1
        if name in ("url", "sitemap"):
            yield name, told
        elif parent.getparent() is not None:
            around = _local(parent)
            text = (node.text or "").strip()
            if text:
                told.setdefault(f"{around}:{name}" if around in ("image", "video") else name, text)
            if kept > MAX_ELEMENTS:
                faults.add(f"the document was read up to an entry with over {MAX_ELEMENTS:,} elements in it")
                break
            continue
        told, kept = {}, 0
        node.clear()
        while node.getprevious() is not None:
            del parent[0]
    if len(events.error_log):
        faults.add("places that are not well-formed XML were repaired", events.error_log[0].message)


def _local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2]


def _entry(address: str, told: _Told, url: str, now: datetime, faults: Faults) -> Entry:
    keywords = told.get("keywords")
    return Entry(
        url=address,
        title=plain_text(told.get("title")),
        published_at=_time(told.get("publication_date"), now, faults),
        updated_at=_time(told.get("lastmod"), now, faults),
        tags=labels(keywords.split(",", MAX_KEYWORDS)[:MAX_KEYWORDS]) if keywords else (),
        language=language_code(told.get("language")),
        image_url=absolute_url(told.get("image:loc"), url),
    )


def _time(raw: str | None, now: datetime, faults: Faults) -> datetime | None:
    return checked_time(parse_time(raw) if raw else None, raw=raw, now=now, faults=faults)


def _what_it_is(head: bytes) -> str:
    lowered = head.lower()
    if b"<html" in lowered or b"<!doctype html" in lowered:
        return "it is an HTML page; look for the sitemap's address in the site's robots.txt."
    return "there is no <urlset> or <sitemapindex> in it; check the URL."
