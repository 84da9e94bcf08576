"""Which of the sitemaps that an index lists are asked for, and what is remembered of them. Pure decisions: what the
index says and what the archive remembers come in; no clock, no network and no warehouse.

An index is a promise of many requests, and it may be wrong: it may list itself, list other indexes, list thousands.
So each source has a bounded number of requests per run, no address is asked twice, and what has not changed since it
was read is not asked again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from warehouse.model import SitemapChild

CHILDREN = 50  # asked of one source in one poll; a news site keeps its newest in one or two
CHILDREN_OF_PERIOD = 500  # where a period is read once
DEPTH = 3  # the protocol knows no index within an index, the web does

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Children:
    """What one run knows of the sitemaps below one source, of which it asks ``most``. Entries from ``wanted_since`` on
    are wanted."""

    source_id: str
    remembered: Mapping[str, SitemapChild]
    wanted_since: datetime | None
    most: int = CHILDREN
    listed: dict[str, datetime | None] = field(default_factory=dict)  # all that indexes listed, with their <lastmod>
    met: set[str] = field(default_factory=set)  # asked in this run, the source itself included
    chosen: int = 0
    read: dict[str, SitemapChild] = field(default_factory=dict)
    same: int = 0  # unchanged since they were read, by their <lastmod>
    too_old: int = 0
    beyond_bound: int = 0

    def choose(self, listed: Iterable[tuple[str, datetime | None]]) -> list[str]:
        """Of what an index lists, with each one's ``<lastmod>``, the addresses to ask now.

        The newest come first; where no time is told, those longest not asked. Left out are what was asked in this run
        already, what has not changed since it was read, and, counted, what holds only entries that are too old and
        what is beyond the bound.
        """
        new = {url: lastmod for url, lastmod in listed if url not in self.listed and url not in self.met}
        self.listed |= new
        worth = []
        for url, lastmod in new.items():
            if lastmod and self.wanted_since and lastmod < self.wanted_since:
                self.too_old += 1
            elif self._is_unchanged(url, lastmod):
                self.same += 1
            else:
                worth.append((lastmod or _BEGINNING, url))
        worth.sort(key=lambda one: self._polled_at(one[1]))
        worth.sort(key=lambda one: one[0], reverse=True)
        room = self.most - self.chosen
        self.beyond_bound += len(worth[room:])
        asked = [url for _, url in worth[:room]]
        self.chosen += len(asked)
        self.met.update(asked)
        return asked

    def _is_unchanged(self, url: str, lastmod: datetime | None) -> bool:
        known = self.usable(url)
        return known is not None and lastmod is not None and known.lastmod == lastmod

    def _polled_at(self, url: str) -> datetime:
        return self.remembered[url].polled_at if url in self.remembered else _BEGINNING

    def usable(self, url: str) -> SitemapChild | None:
        """What is remembered of a sitemap, where all that is wanted of it now was taken when it was read."""
        known = self.remembered.get(url)
        if known is None or known.listed_since > (self.wanted_since or _BEGINNING):
            return None
        return known

    def unchanged(self, url: str, now: datetime) -> None:
        """The server says that a sitemap is as it was."""
        if url in self.remembered:
            self.read[url] = replace(self.remembered[url], lastmod=self.listed.get(url), polled_at=now)

    def taken(self, url: str, now: datetime, *, etag: str | None, last_modified: str | None) -> None:
        """A sitemap has been read, and all of it that is wanted was taken."""
        self.read[url] = SitemapChild(
            source_id=self.source_id,
            url=url,
            lastmod=self.listed.get(url),
            etag=etag,
            last_modified=last_modified,
            listed_since=self.wanted_since or _BEGINNING,
            polled_at=now,
        )

    def memory(self) -> list[SitemapChild]:
        """What to remember from now on, of those that are listed still; empty where nothing is to be changed."""
        kept = {url: child for url, child in self.remembered.items() if url in self.listed} | self.read
        return list(kept.values()) if kept != dict(self.remembered) else []
