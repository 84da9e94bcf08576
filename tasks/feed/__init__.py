"""Bytes to entries: RSS, Atom, RDF, JSON Feed, sitemaps, OPML, and the feeds that a page advertises.

The only room that knows feedparser. Nothing here opens a socket or a file, and nothing here trusts markup: HTML that a
feed carries is handed on as it came, to be turned into text elsewhere.
"""

from tasks.feed.discover import discover_feeds, sitemaps_in_robots, well_known_feeds
from tasks.feed.model import Entry, Feed, Opml, OpmlSource
from tasks.feed.opml import read_opml, write_opml
from tasks.feed.read import read_feed
from tasks.feed.sitemap import read_sitemap

__all__ = [
    "Entry",
    "Feed",
    "Opml",
    "OpmlSource",
    "discover_feeds",
    "read_feed",
    "read_opml",
    "read_sitemap",
    "sitemaps_in_robots",
    "well_known_feeds",
    "write_opml",
]
