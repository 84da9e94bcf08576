"""Entries as rows of the stage: an entry with its addresses and the digest of all that was said of it, a
source or sitemap that failed, and which entries lie in the time that is asked for. Pure: no clock and no network.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.errors import DatelineError, Transient
from tasks.feed import Entry, Feed
from tasks.likeness import canonical_url
from tasks.web import WebResult
from warehouse.digests import describe
from warehouse.model import Capture, Source
from warehouse.staged import StagedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which entries are taken by their time, [since, until); ``is_strict`` leaves out those that tell none.

    What is polled is taken by its latest change and where it tells no time as well; what is asked for between two days
    by its publication, if that is told, and only where a time is told.
    """

    since: datetime | None = None
    until: datetime | None = None
    is_strict: bool = False

    def takes(self, entry: Entry) -> bool:
        """True where the entry is one that is asked for."""
        if not self.is_strict:
            told_at = entry.updated_at or entry.published_at
            return not (told_at and self.since and told_at < self.since)
        told_at = entry.published_at or entry.updated_at
        if told_at is None:
            return False
        return (not self.since or told_at >= self.since) and (not self.until or told_at < self.until)


def staged(source: Source, entry: Entry, feed: Feed, now: datetime) -> StagedEntry:
    """One listed entry as a row of the stage; one without an address that can be fetched is a drop."""
    told = "\n".join(
        str(part)
        for part in (entry.title, entry.published_at, entry.updated_at, entry.summary_html, entry.content_html)
    )
    row = StagedEntry(
        entry_id=0,
        batch=1,
        source_id=source.source_id,
        kind="page",
        url=entry.url or source.url,
        canonical_url=entry.url or source.url,
        guid=entry.guid,
        title=entry.title,
        authors=_persons(entry.authors, source, feed),
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        summary_html=entry.summary_html,
        content_html=entry.content_html,
        tags=entry.tags,
        enclosures=entry.enclosures,
        image_url=entry.image_url,
        language=entry.language or source.language or feed.language,
        digest=hashlib.sha256(told.encode()).hexdigest()[:32],
        seen_at=now,
    )
    if entry.url is None:
        address = f"{source.url}#{row.digest}"  # so that it is known again when it is listed again
        named = f'"{entry.title[:80]}"' if entry.title else (entry.guid or "without title")
        return replace(
            row,
            url=address,
            canonical_url=address,
            batch=0,
            reason="entry_without_link",
            message=f"{source.url}: the entry {named} has no web address; ask the publisher to link it.",
        )
    try:
        return replace(row, canonical_url=canonical_url(entry.url))
    except DatelineError as error:
        return replace(row, batch=0, reason=error.reason, message=error.message)


def _persons(authors: Iterable[str], source: Source, feed: Feed) -> tuple[str, ...]:
    """The authors, less the paper itself ("Gazette" in a feed of "The Tessmoor Gazette")."""
    paper = f"{source.title or ''}\n{feed.title or ''}".casefold()
    return tuple(author for author in authors if author.casefold() not in paper)


def failure(
    source: Source, url: str, error: DatelineError, now: datetime, *, capture_id: str | None = None
) -> StagedEntry:
    """The row that stands for a source, or one of its sitemaps, that could not be had or read."""
    return StagedEntry(
        entry_id=0,
        batch=0,
        source_id=source.source_id,
        kind="source",
        url=url,
        canonical_url=url,
        digest=f"failed {now.isoformat()}",
        seen_at=now,
        capture_id=capture_id,
        reason=error.reason,
        message=error.message,
        transient=isinstance(error, Transient),
    )


def answer_capture(source: Source, result: WebResult, run_id: str) -> Capture:
    """The row for a source's answer that is kept; its body is to be stored."""
    capture = Capture(
        capture_id="",
        run_id=run_id,
        source_id=source.source_id,
        kind="page",
        url=result.request.url,
        final_url=result.final_url,
        fetched_at=result.fetched_at,
        status=result.status,
        content_type=result.content_type,
        sha256="",
        size_bytes=0,
        path="",
    )
    return describe(capture, result.body)
