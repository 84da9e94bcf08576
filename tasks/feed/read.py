"""RSS, Atom and RDF to entries through feedparser, and the decision which format a body is in.

feedparser only ever sees a stream of bytes, so that it never opens an address or a file. Its sanitiser and its
rewriting of links inside HTML are off: they are half its cost, and the HTML is turned into text elsewhere.
"""

import html
import io
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from charset_normalizer import from_bytes

from tasks.errors import Terminal
from tasks.feed.discover import discover_feeds
from tasks.feed.jsonfeed import read_json_feed
from tasks.feed.model import Entry, Feed
from tasks.feed.tidy import Faults, absolute_url, checked_time, labels, language_code, narrow, plain_text

MAX_FEED_BYTES = 10_000_000
MAX_ENTRIES = 5_000
MAX_TAGS = 100_000  # outside CDATA; feedparser spends 10 to 25 microseconds on each, so this bounds the time to 2.5 s
MAX_HTML_CHARS = 1_000_000  # per field; what the page room reads of a fragment
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
_UPDATE_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_EMAIL = re.compile(r"\S{1,64}@\S{1,255}")


def read_feed(body: bytes, *, url: str, content_type: str | None, now: datetime) -> Feed:
    """Read an RSS 0.9x/1.0/2.0, Atom 0.3/1.0 or JSON Feed document.

    ``url`` is where the body came from (the base of relative links), ``content_type`` the HTTP header. Dates after
    ``now`` + 2 days or before 1980 are None with a fault. A well-formed feed without entries is no fault.

    Raises ``Terminal`` with reason ``feed_empty`` (nothing in the body), ``feed_is_html`` (the sentence names the
    feeds that the page advertises), ``feed_too_large`` or ``feed_malformed``.
    """
    if len(body) > MAX_FEED_BYTES:
        raise Terminal("feed_too_large", f"The feed {url} has {len(body):,} bytes, over the bound {MAX_FEED_BYTES:,}.")
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Terminal("feed_empty", f"The feed {url} is empty; if it stays so, remove or replace the source.")
    faults = Faults()
    body = narrow(body)
    if body.lstrip(b"\xef\xbb\xbf\t\r\n ")[:1] in (b"{", b"["):
        return read_json_feed(body.decode("utf-8-sig", "replace"), url=url, now=now)
    charset = _charset(body, content_type)
    body = _prepare(body, url, faults)
    parsed = feedparser.parse(
        io.BufferedReader(io.BytesIO(body)),
        response_headers={
            "content-type": f"application/xml; charset={charset}" if charset else "application/xml",
            # Without a base, links and guids stay as they were written, and a guid "1234" is not taken for an address.
            "content-location": url if _RELATIVE_XML_BASE.search(body[:100_000]) else "",
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.entries and (parsed.bozo or not parsed.version):
        detail = parsed.get("bozo_exception", "no element of a feed was found")
        raise Terminal("feed_malformed", f"{url} is not a feed that can be read ({_one_line(detail)}); check the URL.")
    if parsed.bozo:
        faults.add("the document is not well-formed and was read leniently", _one_line(parsed.bozo_exception))
    if len(parsed.entries) > MAX_ENTRIES:
        faults.add(f"the feed has over {MAX_ENTRIES:,} entries and the rest was left out")
    kind = _kind(parsed.version)
    entries = tuple(_entry(raw, kind, url, now, faults) for raw in parsed.entries[:MAX_ENTRIES])
    return Feed(
        kind=kind,
        title=plain_text(parsed.feed.get("title"), literal=_is_literal(kind, parsed.feed.get("title_detail"))),
        url=absolute_url(parsed.feed.get("link"), url),
        language=language_code(parsed.feed.get("language")),
        ttl_minutes=_ttl_minutes(parsed.feed),
        entries=entries,
        faults=faults.sentences(),
    )


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
        raise Terminal("feed_too_large", f"The feed {url} has {tags:,} tags, over the bound {MAX_TAGS:,}.")
    if repaired:
        faults.add(f"the document had {repaired} bare ampersands, which were escaped")
    return b"<![CDATA[".join(sections)


def _kind(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rdf" if version in ("rss10", "rss090") else "rss"


def _is_literal(kind: str, detail: dict[str, Any] | None) -> bool:
    """Only Atom says reliably whether a text construct is plain (RFC 4287, section 3.1)."""
    return kind == "atom" and bool(detail) and detail.get("type") == "text/plain"


def _entry(raw: Any, kind: str, url: str, now: datetime, faults: Faults) -> Entry:
    published = _time(raw, "published", now, faults) or _time(raw, "created", now, faults)
    updated = _time(raw, "updated", now, faults)
    if kind != "atom" and published is None:
        published, updated = updated, None  # dc:date, the only date that RDF and many RSS items have
    if raw.get("guidislink") and raw.get("link") == raw.get("id"):  # no link but the guid, if that is an address by itself
        link = absolute_url(raw.get("id"), "")
    else:
        link = absolute_url(raw.get("feedburner_origlink") or raw.get("link"), url)
        if raw.get("link") and link is None:
            faults.add("links that are no web addresses were left out", str(raw.get("link")))
    content = max((_as_html(part) for part in raw.get("content", ())), key=len, default="")
    summary = _as_html(raw.get("summary_detail") or {"value": raw.get("summary") or ""})
    return Entry(
        url=link,
        guid=plain_text(raw.get("id"), literal=True),
        title=plain_text(raw.get("title"), literal=_is_literal(kind, raw.get("title_detail"))),
        authors=labels(_authors(raw)),
        published_at=published,
        updated_at=updated,
        summary_html=summary if summary and summary != content else None,
        content_html=content or None,
        tags=labels(tag.get("label") or tag.get("term") for tag in raw.get("tags", ())),
        image_url=next((u for u in (absolute_url(i, url) for i in _images(raw)) if u), None),
        language=language_code(raw.get("language")),
    )


def _time(raw: Any, name: str, now: datetime, faults: Faults) -> datetime | None:
    if name not in raw and f"{name}_parsed" not in raw:  # feedparser's get() answers "updated" with "published"
        return None
    parsed = raw.get(f"{name}_parsed")
    try:
        time = datetime.fromtimestamp(timegm(parsed), tz=UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        time = None
    return checked_time(time, raw=raw.get(name), now=now, faults=faults)


def _as_html(detail: dict[str, Any]) -> str:
    """The value of a text construct as HTML: plain text is escaped, markup stays, anything else is left out."""
    value, kind = detail.get("value") or "", detail.get("type") or "text/html"
    value = value.strip()[:MAX_HTML_CHARS]
    if kind == "text/plain":
        return html.escape(value, quote=False)
    return value if kind in ("text/html", "application/xhtml+xml") else ""


def _authors(raw: Any) -> Iterator[str]:
    for author in raw.get("authors", ()):
        name = _EMAIL.sub("", author.get("name") or "").strip(" ()<>,;")
        yield re.sub(r"^by\s+", "", name, flags=re.IGNORECASE)


def _images(raw: Any) -> Iterator[str | None]:
    for media in raw.get("media_content", ()):
        if media.get("medium") == "image" or (media.get("type") or "").startswith("image/"):
            yield media.get("url")
    for thumbnail in raw.get("media_thumbnail", ()):
        yield thumbnail.get("url")
    for link in raw.get("links", ()):
        if link.get("rel") == "enclosure" and (link.get("type") or "").startswith("image/"):
            yield link.get("href")
    yield (raw.get("image") or {}).get("href")


def _ttl_minutes(feed: Any) -> int | None:
    """``<ttl>`` (RSS 2.0), else the period and frequency of the RSS 1.0 syndication module."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdigit() and 0 < int(ttl[:9]):
        return int(ttl[:9])
    period = _UPDATE_PERIOD_MINUTES.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()[:6]
    if period and frequency.isascii() and frequency.isdigit() and int(frequency) > 0:
        return max(1, period // int(frequency))
    return None


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:160]
