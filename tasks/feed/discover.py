"""Feeds that an HTML page advertises with ``<link rel="alternate">``. Nothing is fetched or guessed here."""

import lxml.html
from lxml import etree

from tasks.feed.tidy import absolute_url

MAX_HTML_BYTES = 2_000_000  # the links stand in the head; what follows cannot add any
MAX_FEEDS = 50

# application/json is left out on purpose: WordPress announces its REST API with it on every page.
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)


def discover_feeds(html: bytes, *, url: str) -> tuple[str, ...]:
    """Absolute addresses of the feeds that the page at ``url`` advertises, in document order, each once.

    Follows the RSS Advisory Board's autodiscovery note: ``<link rel="alternate" type="application/rss+xml" href>``;
    ``<base href>`` is honoured. An unreadable page has no feeds: the result is empty.
    """
    try:
        tree = lxml.html.document_fromstring(html[:MAX_HTML_BYTES])
    except (etree.ParserError, ValueError):
        return ()
    base_url = next((b for b in (absolute_url(h, url) for h in tree.xpath("//base/@href")[:1]) if b), url)
    found: dict[str, None] = {}
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in FEED_TYPES:
            feed_url = absolute_url(link.get("href"), base_url)
            if feed_url:
                found.setdefault(feed_url)
        if len(found) == MAX_FEEDS:
            break
    return tuple(found)
