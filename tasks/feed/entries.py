"""Entries out of what a feed's reader found, in the keys and shapes of feedparser. No XML is read here."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tasks.feed.dates import parse_time
from tasks.feed.model import Entry
from tasks.feed.redirect import unwrapped
from tasks.feed.tidy import Faults, absolute_url, checked_time, labels, language_code, plain_text

MAX_HTML_CHARS = 1_000_000  # per field; what the page room reads of a fragment
MAX_AUTHOR_CHARS = 1000
MAX_ENCLOSURES = 20

_EMAIL = re.compile(r"\S{1,64}@\S{1,255}")
_BY = re.compile(r"^by\s+", re.IGNORECASE)

Raw = Mapping[str, Any]


def entry_of(raw: Raw, *, kind: str, url: str, now: datetime, faults: Faults) -> Entry:
    """The entry in ``raw`` of the feed at ``url``, the base of relative links; ``kind`` is rss, atom or rdf."""
    published = _time(raw, "published", now, faults) or _time(raw, "created", now, faults)
    updated = _time(raw, "updated", now, faults)
    if kind != "atom" and published is None:
        published, updated = updated, None  # dc:date, the only date that RDF and many RSS items have
    link = raw.get("link")
    if raw.get("guidislink") and link == raw.get("id"):  # no link but the guid, if that is an address by itself
        address = absolute_url(raw.get("id"), "")
    else:
        address = absolute_url(raw.get("feedburner_origlink") or link, url)
        if link and address is None:
            faults.add("links that are no web addresses were left out", str(link))
    content = max((_as_html(part) for part in raw.get("content", ())), key=len, default="")
    summary = _as_html(raw.get("summary_detail") or {"value": raw.get("summary") or ""})
    return Entry(
        url=unwrapped(address) if address else None,
        guid=plain_text(raw.get("id"), literal=True),
        title=plain_text(raw.get("title"), literal=is_literal(kind, raw.get("title_detail"))),
        authors=labels(_authors(raw)),
        published_at=published,
        updated_at=updated,
        summary_html=summary if summary and summary != content else None,
        content_html=content or None,
        tags=labels(tag.get("label") or tag.get("term") for tag in raw.get("tags", ())),
        enclosures=enclosures_of(
            (link.get("href") for link in raw.get("links", ()) if link.get("rel") == "enclosure"),
            url=url,
            faults=faults,
        ),
        image_url=next((u for u in (absolute_url(i, url) for i in _images(raw)) if u), None),
        language=language_code(raw.get("language")),
    )


def enclosures_of(links: Iterable[object], *, url: str, faults: Faults) -> tuple[str, ...]:
    """Absolute addresses of the files that an entry encloses, in order, each once, at most 20."""
    found: dict[str, None] = {}
    for link in links:
        address = absolute_url(link, url)
        if address is None:
            faults.add("enclosures that are no web addresses were left out", str(link or ""))
        elif address not in found and len(found) == MAX_ENCLOSURES:
            faults.add(f"enclosures beyond the first {MAX_ENCLOSURES} of an entry were left out", address)
            break
        else:
            found.setdefault(address)
    return tuple(found)


def is_literal(kind: str, detail: Raw | None) -> bool:
    """Only Atom says reliably whether a text construct is plain (RFC 4287, section 3.1)."""
    return kind == "atom" and bool(detail) and detail.get("type") == "text/plain"


def _time(raw: Raw, name: str, now: datetime, faults: Faults) -> datetime | None:
    if name not in raw:  # feedparser's get() answers "updated" with "published"
        return None
    text = raw.get(name)
    return checked_time(parse_time(text) if isinstance(text, str) else None, raw=text, now=now, faults=faults)


def _as_html(detail: Raw) -> str:
    """The value of a text construct as HTML: plain text is escaped, markup stays, anything else is left out."""
    value, kind = detail.get("value") or "", detail.get("type") or "text/html"
    value = value.strip()[:MAX_HTML_CHARS]
    if kind == "text/plain":
        return html.escape(value, quote=False)
    return value if kind in ("text/html", "application/xhtml+xml") else ""


def _authors(raw: Raw) -> Iterator[str]:
    for author in raw.get("authors", ()):
        name = _EMAIL.sub("", (author.get("name") or "")[:MAX_AUTHOR_CHARS]).strip(" ()<>,;")
        yield _BY.sub("", name)


def _images(raw: Raw) -> Iterator[str | None]:
    for media in raw.get("media_content", ()):
        if media.get("medium") == "image" or (media.get("type") or "").startswith("image/"):
            yield media.get("url")
    for thumbnail in raw.get("media_thumbnail", ()):
        yield thumbnail.get("url")
    for link in raw.get("links", ()):
        if link.get("rel") == "enclosure" and (link.get("type") or "").startswith("image/"):
            yield link.get("href")
    yield (raw.get("image") or {}).get("href")
