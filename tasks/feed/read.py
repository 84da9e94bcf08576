"""Bytes to a feed: which format and charset a body is in, what is repaired before it is read, and who reads it.

feedparser is the reader of record; what ``tasks.feed.quick`` is sure of is not read by it, for the same result in a
fraction of the time. Nothing is made of the entries here: that is the same for both readers and done in
``tasks.feed.entries``.
"""

import re
from datetime import datetime

from charset_normalizer import from_bytes

from tasks.errors import Terminal
from tasks.feed import lenient
from tasks.feed.discover import discover_feeds
from tasks.feed.entries import entry_of, is_literal
from tasks.feed.hints import moved_url, skip_days, skip_hours, ttl_minutes
from tasks.feed.jsonfeed import read_json_feed
from tasks.feed.model import Feed
from tasks.feed.quick import Parsed, read_quickly
from tasks.feed.tidy import Faults, absolute_url, language_code, narrow, plain_text

MAX_FEED_BYTES = 10_000_000
MAX_ENTRIES = 5_000
MAX_TAGS = 100_000  # outside CDATA; feedparser spends 10 to 25 microseconds on each, so this bounds the time to 2.5 s
# The only encodings in which the quick reader's text is surely feedparser's; gb2312 for one is read as gb18030.
QUICK_CHARSETS = frozenset(
    {
        "utf-8",
        "us-ascii",
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-15",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1257",
    }
)
HTML_SHELL_BYTES = 500  # some generators wrap the feed in <html><body>; a page has far more before anything like it

_FEED_ROOT = re.compile(rb"<(?:[a-zA-Z]{1,20}:)?(rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(rb"<(?:[a-zA-Z]{1,20}:)?(?:urlset|sitemapindex)[\s>]")
_HTML_ROOT = re.compile(rb"<(?:!doctype\s{1,20}html|html[\s>]|head>|body[\s>])", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"<\?xml\s")
_XML_ENCODING = re.compile(rb"<\?xml[^>]{1,100}encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_RELATIVE_XML_BASE = re.compile(rb"xml:base\s{0,9}=\s{0,9}[\"'](?!https?:)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_C0_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D, 0x1B}) + b"\x7f"  # ESC stays: ISO-2022 needs it


def read_feed(body: bytes, *, url: str, content_type: str | None, now: datetime) -> Feed:
    """Read an RSS 0.9x/1.0/2.0, Atom 0.3/1.0 or JSON Feed document.

    ``url`` is where the body came from (the base of relative links), ``content_type`` the HTTP header. Dates after
    ``now`` + 2 days or before 1980 are None with a fault. A well-formed feed without entries is no fault.

    Raises ``Terminal`` with reason ``feed_empty`` (nothing in the body), ``feed_is_html`` (the sentence names the
    feeds that the page advertises), ``feed_too_large`` or ``feed_malformed``.
    """
    if len(body) > MAX_FEED_BYTES:
        raise Terminal(
            "feed_too_large",
            f"The feed {url} has {len(body):,} bytes, over the bound {MAX_FEED_BYTES:,}; "
            "take one of the site's feeds for a section, or its sitemap.",
        )
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Terminal("feed_empty", f"The feed {url} is empty; if it stays so, remove or replace the source.")
    faults = Faults()
    body = narrow(body)
    if body.lstrip(b"\xef\xbb\xbf\t\r\n ")[:1] in (b"{", b"["):
        return read_json_feed(body.decode("utf-8-sig", "replace"), url=url, now=now)
    charset = _charset(body, content_type)
    body = _prepare(body, url, faults)
    parsed = _read_quickly(body, charset) or _read_leniently(body, charset, url, faults)
    if len(parsed.entries) > MAX_ENTRIES:
        faults.add(f"the feed has over {MAX_ENTRIES:,} entries and the rest was left out")
    kind = _kind(parsed.version)
    entries = tuple(entry_of(raw, kind=kind, url=url, now=now, faults=faults) for raw in parsed.entries[:MAX_ENTRIES])
    return Feed(
        kind=kind,
        title=plain_text(parsed.feed.get("title"), literal=is_literal(kind, parsed.feed.get("title_detail"))),
        url=absolute_url(parsed.feed.get("link"), url),
        language=language_code(parsed.feed.get("language")),
        ttl_minutes=ttl_minutes(parsed.feed),
        skip_hours=skip_hours(body),
        skip_days=skip_days(body),
        moved_url=moved_url(parsed.feed, url),
        entries=entries,
        faults=faults.sentences(),
    )


def _read_quickly(body: bytes, charset: str | None) -> Parsed | None:
    """The feed where it is well-formed and means what it seems to; None where feedparser has to look."""
    declared = None if charset else _XML_ENCODING.match(body[:400])
    encoding = charset or (declared.group(1).decode("ascii", "replace") if declared else "utf-8")
    if encoding.lower() not in QUICK_CHARSETS or _has_relative_base(body):
        return None
    if encoding.lower() not in ("utf-8", "us-ascii"):
        try:
            body = body.decode(encoding).encode("utf-8")
        except UnicodeDecodeError:
            return None
    return read_quickly(body)


def _has_relative_base(body: bytes) -> bool:
    head = body[:100_000]
    return b"xml:base" in head.lower() and _RELATIVE_XML_BASE.search(head) is not None


def _read_leniently(body: bytes, charset: str | None, url: str, faults: Faults) -> Parsed:
    # Without a base, links and guids stay as they were written, and a guid "1234" is not taken for an address.
    base_url = url if _has_relative_base(body) else ""
    parsed = lenient.parse(body, charset=charset, base_url=base_url, url=url)
    if not parsed.entries and (parsed.bozo or not parsed.version):
        detail = parsed.get("bozo_exception", "no element of a feed was found")
        raise Terminal("feed_malformed", f"{url} is not a feed that can be read ({_one_line(detail)}); check the URL.")
    if parsed.bozo:
        faults.add("the document is not well-formed and was read leniently", _one_line(parsed.bozo_exception))
    return Parsed(version=parsed.version, feed=parsed.feed, entries=parsed.entries)


def _charset(body: bytes, content_type: str | None) -> str | None:
    """UTF-8 where the bytes are valid UTF-8, whatever was declared; else what the header said; else a guess.

    Text in another charset is almost never valid UTF-8 by chance, while servers often declare a default that the
    author never chose. None leaves the XML declaration to decide.
    """
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        declared = _HEADER_CHARSET.search(content_type or "")
        if declared and declared.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
            return declared.group(1)
        in_xml = _XML_ENCODING.search(body[:400])
        if in_xml and in_xml.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii"):
            return None
        guess = from_bytes(body[:50_000]).best()
        return guess.encoding if guess else "windows-1252"
    escaped = b"\x1b$" in body or b"\x1b(" in body  # ISO-2022-JP is plain ASCII on the wire
    return None if escaped or b"encoding=" in body[:200] and body.isascii() else "utf-8"


def _prepare(body: bytes, url: str, faults: Faults) -> bytes:
    """Cut what stands before the feed and the control characters in it; refuse what is no feed at all."""
    root = _FEED_ROOT.search(body)
    page = _HTML_ROOT.search(body[:5000])
    wrapped = page is not None and root is not None and 0 < root.start() - page.start() < HTML_SHELL_BYTES
    if page and not wrapped and (root is None or page.start() < root.start()):
        found = discover_feeds(body, url=url)
        hint = f"it advertises {', '.join(found[:5])}; use that" if found else "it advertises no feed; check the URL"
        raise Terminal("feed_is_html", f"{url} is an HTML page where a feed was promised: {hint}.")
    if root is None:
        if _SITEMAP_ROOT.search(body[:5000]):
            raise Terminal("feed_malformed", f'{url} is a sitemap; add it with kind = "sitemap".')
        raise Terminal("feed_malformed", f"{url} is not a feed: no <rss>, <feed> or <rdf:RDF> in it; check the URL.")
    declaration = _XML_DECLARATION.search(body, 0, root.start())
    start = root.start() if wrapped else declaration.start() if declaration else 0
    if body[:start].strip(b"\xef\xbb\xbf\t\r\n "):
        faults.add("text before the document was skipped", body[:start].decode("utf-8", "replace").strip())
    cleaned = body[start:].translate(None, _C0_CONTROLS)
    if len(cleaned) < len(body) - start:
        faults.add(f"the document had {len(body) - start - len(cleaned)} control characters, which were removed")
    return _escape_bare_ampersands(cleaned, url, faults)


def _escape_bare_ampersands(body: bytes, url: str, faults: Faults) -> bytes:
    """Repair the commonest breach of XML in feeds, so that the strict parser can read the rest as it was meant."""
    repaired = tags = 0
    sections = body.split(b"<![CDATA[")
    for index, section in enumerate(sections):
        literal, end, markup = section.partition(b"]]>") if index else (b"", b"", section)
        if index and not end:
            continue
        tags += markup.count(b"<")
        markup, count = _BARE_AMPERSAND.subn(b"&amp;", markup)
        if count:
            sections[index] = literal + end + markup
            repaired += count
    if tags > MAX_TAGS:
        raise Terminal(
            "feed_too_large",
            f"The feed {url} has {tags:,} tags, over the bound {MAX_TAGS:,}; "
            "take one of the site's feeds for a section, or its sitemap.",
        )
    if repaired:
        faults.add(f"the document had {repaired} bare ampersands, which were escaped")
    return b"<![CDATA[".join(sections)


def _kind(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in ("rss10", "rss090") else "rss"


def _one_line(error: object) -> str:
    return " ".join(str(error).split()).replace("<unknown>:", "line ")[:160]
