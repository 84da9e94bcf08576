"""The records that a feed, a sitemap or an OPML list is read into. No parsing and no checking happens here."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed or sitemap said about one article.

    ``url`` is absolute http(s) or None. Times are aware UTC; None where the source gave none or an impossible one.
    ``title`` and ``tags`` are plain text. ``summary_html`` and ``content_html`` are untrusted HTML as it came.
    ``enclosures`` are the absolute addresses of the files that the entry brings along, at most 20.
    """

    url: str | None = None
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    tags: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    image_url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed or sitemap document.

    ``kind`` is rss, atom, rdf, json, sitemap or sitemapindex. ``url`` is the site that the feed belongs to, not the
    feed's own address. ``ttl_minutes`` is how long the publisher says the feed stays fresh. ``children`` are the
    locations of a sitemap index, ``children_lastmod`` the ``<lastmod>`` of each. ``faults`` are sentences: what was
    wrong although entries could be read.
    """

    kind: str
    title: str | None = None
    url: str | None = None
    language: str | None = None
    ttl_minutes: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    moved_url: str | None = None
    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    children_lastmod: tuple[datetime | None, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlSource:
    """One subscription of an OPML list. ``tags`` are the folders it lies in, outermost first, then its categories."""

    feed_url: str
    title: str | None = None
    site_url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opml:
    """A subscription list. ``faults`` are sentences: which lines are no source of feeds, and why."""

    sources: tuple[OpmlSource, ...] = ()
    faults: tuple[str, ...] = ()
