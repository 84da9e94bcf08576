"""What an address leads to: itself a feed or a sitemap, else what its page advertises, else the usual places.

Asks politely and at most ``MOST_REQUESTS`` times; writes nothing. Which places are usual is said in ``tasks.feed``.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from flows.settings import Settings
from flows.web import source_limits
from tasks.errors import DatelineError, Terminal
from tasks.feed import discover_feeds, read_feed, read_sitemap, sitemaps_in_robots, well_known_feeds
from tasks.polling import permanent_target
from tasks.web import WebClient, WebRequest, WebResult

MOST_REQUESTS = 12
ADVERTISED = 5  # of the feeds that a page advertises: the first are those of the whole site
SITEMAPS = 2  # of those that robots.txt names


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed or sitemap that answered and could be read."""

    kind: str
    url: str
    title: str | None = None


def find_sources(settings: Settings, url: str) -> list[Found]:
    """The feeds that an address is or leads to, the best first; a sitemap only where there is no feed.

    Raises the fault of an address that cannot be had, and Terminal ``source_not_found`` where it leads to none.
    """
    return asyncio.run(_find(settings, url))


async def _find(settings: Settings, url: str) -> list[Found]:
    async with WebClient(source_limits(settings), None) as client:
        (page,) = [result async for result in client.fetch([WebRequest(url=url, key=url, purpose="feed")])]
        if page.outcome != "ok":
            raise Terminal(page.outcome, f"{page.message}. To add it without asking: --no-check")
        found = _read(page)
        if found:
            return [found]
        advertised = discover_feeds(page.body, url=page.final_url)[:ADVERTISED]
        feeds = await _those_read(client, advertised)
        if feeds:
            return feeds
        room = MOST_REQUESTS - 2 - len(advertised) - SITEMAPS
        usual = [address for address in well_known_feeds(page.final_url) if address not in advertised][:room]
        feeds = await _those_read(client, usual, most=1)
        return feeds or await _sitemaps(client, page.final_url)


async def _sitemaps(client: WebClient, url: str) -> list[Found]:
    asked = WebRequest(url=urljoin(url, "/robots.txt"), key=url, purpose="robots")
    (robots,) = [result async for result in client.fetch([asked])]
    named = sitemaps_in_robots((robots.body or b"").decode("utf-8", "replace"))[:SITEMAPS]
    found = await _those_read(client, named, most=1)
    if not found:
        raise Terminal(
            "source_not_found",
            f"{url} advertises no feed, has none at the usual places and no sitemap in its robots.txt. Name the feed's "
            "own address, or add it as it is: --kind page for a single page, --no-check for a feed yet to come.",
        )
    return found


async def _those_read(client: WebClient, urls: Iterable[str], *, most: int = ADVERTISED) -> list[Found]:
    """Those of the addresses that are feeds or sitemaps, in their order; none is asked once ``most`` are found."""
    found: list[Found] = []
    for url in urls:
        if len(found) == most:
            break
        async for result in client.fetch([WebRequest(url=url, key=url, purpose="feed")]):
            if result.outcome == "ok" and (each := _read(result)):
                found.append(each)
    return found


def _read(result: WebResult) -> Found | None:
    """What an answer is, under the address that it has for good; None where it is neither feed nor sitemap."""
    url = permanent_target(result.redirects, result.final_url) or result.request.url
    now = datetime.now(UTC)
    try:
        feed = read_feed(result.body, url=result.final_url, content_type=result.content_type, now=now)
        return Found(kind="feed", url=url, title=feed.title)
    except DatelineError as error:
        if error.reason != "feed_malformed":
            return None
    try:
        read_sitemap(result.body, url=result.final_url, now=now)
    except DatelineError:
        return None
    return Found(kind="sitemap", url=url)
