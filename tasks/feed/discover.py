"""Where a site's feeds and sitemaps are: what its page and its robots.txt name, and the paths that are worth trying.

Addresses only. Nothing is fetched here, so none of them is known to lead to a feed.
"""

from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from tasks.feed.tidy import absolute_url

MAX_HTML_BYTES = 2_000_000  # the links stand in the head; what follows cannot add any
MAX_FEEDS = 50
MAX_SITEMAPS = 500
MAX_ROBOTS_CHARS = 512_000  # RFC 9309, section 2.5: a reader takes at least 500 KiB of a robots.txt

# In the order of how often a news site answers there: WordPress first, then generators' files, Blogger, Squarespace.
WELL_KNOWN_PATHS = (
    "/feed/",
    "/rss.xml",
    "/feed.xml",
    "/rss",
    "/atom.xml",
    "/index.xml",
    "/feed",
    "/rss/",
    "/feeds/posts/default",
    "/?feed=rss2",
    "/feed.json",
    "/index.rdf",
    "/?format=rss",
)

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


def well_known_feeds(url: str) -> tuple[str, ...]:
    """Addresses at which the site of ``url`` may have a feed although its page advertises none, likeliest first.

    They lie at the root of the host: at most 13, none for what is no http(s) address.
    """
    address = absolute_url(url, "")
    if address is None:
        return ()
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return tuple(f"{parts.scheme}://{host}{path}" for path in WELL_KNOWN_PATHS)


def sitemaps_in_robots(text: str) -> tuple[str, ...]:
    """The addresses in the ``Sitemap:`` lines of a robots.txt, in order, each once, at most 500.

    Only absolute http(s) addresses count, as sitemaps.org asks for ("Specifying the Sitemap location in your robots.txt
    file"); the lines belong to no group of user agents.
    """
    found: dict[str, None] = {}
    for line in text[:MAX_ROBOTS_CHARS].splitlines():
        name, colon, value = line.lstrip("\ufeff \t").partition(":")
        if colon and name.strip().lower() == "sitemap":
            address = absolute_url(value.partition(" #")[0], "")
            if address:
                found.setdefault(address)
        if len(found) == MAX_SITEMAPS:
            break
    return tuple(found)
