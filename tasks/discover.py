"""Sources → entries: asks each due source what it lists and keeps what is new, has changed or failed before.

The verb: it fetches through ``tasks.web``, reads through ``tasks.feed``, looks up in the warehouse, and writes the
stage of a run. How a feed is parsed or a request is sent is not decided here.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import task

from tasks.batch import POLICY, fetch_row
from tasks.errors import DatelineError, Terminal, Transient
from tasks.feed import Entry, Feed, read_feed, read_sitemap
from tasks.folder import list_folder
from tasks.likeness import canonical_url
from tasks.sift import number, sift
from tasks.web import WebClient, WebLimits, WebRequest, WebResult
from warehouse import captures, landing, lookups, model
from warehouse.digests import describe
from warehouse.stage import Stage
from warehouse.staged import StagedEntry, StagedSummary
from warehouse.store import writer

SITEMAP_CHILDREN = 50  # of one index, the first so many are read; a news site keeps its newest in one or two


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverOptions:
    """How sources are asked and entries remembered; see the settings of the same names."""

    flow: str
    version: str
    data_folder: Path
    captures: Path
    limits: WebLimits
    lock_wait_seconds: float
    poll_minutes: float
    failure_poll_minutes_cap: float
    look_back_days: int
    transient_failures: int
    sitemap_days: int
    batch_entries: int
    only_due: bool


@dataclass(slots=True)
class Poll:
    """What asking one source gave."""

    source: model.Source
    entries: list[StagedEntry] = field(default_factory=list)
    captured: list[tuple[model.Capture, bytes]] = field(default_factory=list)
    unlisted: Counter = field(default_factory=Counter)
    unchanged: bool = False


@task(name="discover", task_run_name="discover {stage.run_id}", **POLICY)
def discover(stage: Stage, sources: Sequence[model.Source], only: Sequence[str], options: DiscoverOptions) -> list[int]:
    """Ask the due sources and stage what they list; returns the numbers of the batches.

    ``sources`` are all that are configured; ``only`` names those to ask, all where it is empty.

    Each entry that is new, has changed or failed for the moment gets a batch; each other one is counted with its
    reason. A source that fails is itself a dropped entry. Done before, nothing is asked again.
    """
    if not stage.discovered():
        started_at = datetime.now(UTC)
        with writer(options.data_folder, holder=stage.run_id, wait_seconds=options.lock_wait_seconds) as connection:
            landing.enrol_sources(connection, sources)
            states = {source.source_id: source for source in lookups.sources(connection)}
        wanted = set(only) or {source.source_id for source in sources}
        due = [state for name, state in states.items() if name in wanted and _is_due(state, options, started_at)]
        polls, attempts = asyncio.run(_ask(due, options, stage.run_id, started_at))
        _stage_all(stage, polls, attempts, options, started_at)
    return stage.batches()


def _is_due(source: model.Source, options: DiscoverOptions, now: datetime) -> bool:
    if not source.enabled:
        return False
    return not options.only_due or source.next_poll_at is None or source.next_poll_at <= now


async def _ask(
    due: Sequence[model.Source], options: DiscoverOptions, run_id: str, now: datetime
) -> tuple[list[Poll], list[model.Fetch]]:
    polls = {source.source_id: Poll(source) for source in due}
    for poll in polls.values():
        if poll.source.kind == "folder":
            _read_folder(poll, options, now)
        elif poll.source.kind == "page":
            _list_page(poll, options, now)
    asked = [source for source in due if source.kind in ("feed", "sitemap")]
    async with WebClient(options.limits, options.data_folder / "hosts") as client:
        children: list[WebRequest] = []
        first = [
            WebRequest(url=s.url, key=s.source_id, etag=s.etag, last_modified=s.last_modified, purpose=s.kind)
            for s in asked
        ]
        async for result in client.fetch(first):
            children += _read_answer(polls[result.request.key], result, options, run_id, now)
        async for result in client.fetch(children):
            _read_answer(polls[result.request.key], result, options, run_id, now, child=True)
        attempts = [fetch_row(run_id, attempt) for attempt in client.attempts]
    return list(polls.values()), attempts


def _read_answer(
    poll: Poll, result: WebResult, options: DiscoverOptions, run_id: str, now: datetime, *, child: bool = False
) -> list[WebRequest]:
    """Take in one answer; returns the requests for the children of a sitemap index."""
    if result.outcome == "not_modified":
        poll.unchanged = True
        poll.source = _polled(poll.source, options, now)
        return []
    if result.outcome != "ok":
        fault = Transient if result.transient else Terminal
        _fail(poll, fault(result.outcome, result.message), options, now)
        return []
    try:
        feed = _parse(poll.source.kind, result, now)
    except DatelineError as error:
        capture = describe(
            model.Capture(
                capture_id="",
                run_id=run_id,
                source_id=poll.source.source_id,
                kind="page",
                url=result.request.url,
                final_url=result.final_url,
                fetched_at=result.fetched_at,
                status=result.status,
                content_type=result.content_type,
                sha256="",
                size_bytes=0,
                path="",
            ),
            result.body,
        )
        poll.captured.append((capture, result.body))
        _fail(poll, error, options, now, capture_id=capture.capture_id)
        return []
    if not child:
        poll.source = _polled(poll.source, options, now, result=result, feed=feed)
    oldest = now - timedelta(days=options.sitemap_days)
    for entry in feed.entries:
        told_at = entry.updated_at or entry.published_at
        if feed.kind == "sitemap" and told_at and told_at < oldest:
            poll.unlisted["too_old"] += 1
        else:
            poll.entries.append(_staged(poll.source, entry, feed, now))
    if len(feed.children) > SITEMAP_CHILDREN:
        poll.unlisted["sitemap_child_beyond_bound"] += len(feed.children) - SITEMAP_CHILDREN
    return [
        WebRequest(url=url, key=poll.source.source_id, purpose="sitemap") for url in feed.children[:SITEMAP_CHILDREN]
    ]


def _parse(kind: str, result: WebResult, now: datetime) -> Feed:
    if kind == "sitemap":
        return read_sitemap(result.body, url=result.final_url, now=now)
    return read_feed(result.body, url=result.final_url, content_type=result.content_type, now=now)


def _polled(
    source: model.Source,
    options: DiscoverOptions,
    now: datetime,
    *,
    result: WebResult | None = None,
    feed: Feed | None = None,
) -> model.Source:
    # A little less than the interval: a poll that took some seconds must not miss the next scheduled run.
    minutes = max(options.poll_minutes, (feed.ttl_minutes or 0) if feed else 0)
    source = replace(
        source,
        last_polled_at=now,
        next_poll_at=now + timedelta(minutes=minutes * 0.9),
        consecutive_failures=0,
        last_error=None,
    )
    if result is not None:
        # An index may stand unchanged over a sitemap that has changed: it is asked for whole each time.
        etag, last_modified = (None, None) if feed and feed.children else (result.etag, result.last_modified)
        source = replace(source, etag=etag, last_modified=last_modified)
    if feed is not None:
        source = replace(source, title=source.title or feed.title, language=source.language or feed.language)
    return source


def _fail(
    poll: Poll, error: DatelineError, options: DiscoverOptions, now: datetime, *, capture_id: str | None = None
) -> None:
    failures = poll.source.consecutive_failures + 1
    pause = min(options.failure_poll_minutes_cap, max(1.0, options.poll_minutes) * 2 ** min(failures, 16))
    poll.source = replace(
        poll.source,
        last_polled_at=now,
        next_poll_at=now + timedelta(minutes=pause),
        consecutive_failures=failures,
        last_error=error.message,
    )
    poll.entries.append(
        StagedEntry(
            entry_id=0,
            batch=0,
            source_id=poll.source.source_id,
            kind="source",
            url=poll.source.url,
            canonical_url=poll.source.url,
            digest=f"failed {now.isoformat()}",
            seen_at=now,
            capture_id=capture_id,
            reason=error.reason,
            message=error.message,
            transient=isinstance(error, Transient),
        )
    )


def _read_folder(poll: Poll, options: DiscoverOptions, now: datetime) -> None:
    try:
        for file in list_folder(poll.source.url):
            poll.entries.append(
                StagedEntry(
                    entry_id=0,
                    batch=1,
                    source_id=poll.source.source_id,
                    kind="text" if file.is_text else "page",
                    url=file.url,
                    canonical_url=file.url,
                    title=None,
                    language=poll.source.language,
                    digest=file.digest,
                    seen_at=now,
                )
            )
    except DatelineError as error:
        _fail(poll, error, options, now)
    else:
        poll.source = _polled(poll.source, options, now)


def _list_page(poll: Poll, options: DiscoverOptions, now: datetime) -> None:
    """A single page lists itself, and may have changed since each time it is asked."""
    entry = _staged(poll.source, Entry(url=poll.source.url), Feed(kind="page"), now)
    poll.entries.append(replace(entry, digest=f"asked {now.isoformat()}"))
    poll.source = _polled(poll.source, options, now)


def _staged(source: model.Source, entry: Entry, feed: Feed, now: datetime) -> StagedEntry:
    told = "\n".join(
        str(part)
        for part in (entry.title, entry.published_at, entry.updated_at, entry.summary_html, entry.content_html)
    )
    staged = StagedEntry(
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
        image_url=entry.image_url,
        language=entry.language or source.language or feed.language,
        digest=hashlib.sha256(told.encode()).hexdigest()[:32],
        seen_at=now,
    )
    if entry.url is None:
        address = f"{source.url}#{staged.digest}"  # so that it is known again when it is listed again
        staged = replace(staged, url=address, canonical_url=address)
        named = f'"{entry.title[:80]}"' if entry.title else (entry.guid or "without title")
        return replace(
            staged,
            batch=0,
            reason="entry_without_link",
            message=f"{source.url}: the entry {named} has no web address; ask the publisher to link it.",
        )
    try:
        return replace(staged, canonical_url=canonical_url(entry.url))
    except DatelineError as error:
        return replace(staged, batch=0, reason=error.reason, message=error.message)


def _persons(authors: tuple[str, ...], source: model.Source, feed: Feed) -> tuple[str, ...]:
    """The authors, less the paper itself ("Gazette" in a feed of "The Tessmoor Gazette")."""
    paper = f"{source.title or ''}\n{feed.title or ''}".casefold()
    return tuple(author for author in authors if author.casefold() not in paper)


def _stage_all(
    stage: Stage, polls: list[Poll], attempts: list[model.Fetch], options: DiscoverOptions, started_at: datetime
) -> None:
    """Write the run's first files; the summary comes last, and its presence says that the others are whole."""
    listed = [entry for poll in polls for entry in poll.entries]
    unlisted = sum((poll.unlisted for poll in polls), Counter())
    with writer(options.data_folder, holder=stage.run_id, wait_seconds=options.lock_wait_seconds) as connection:
        since = started_at - timedelta(days=options.look_back_days)
        known = lookups.known_entries(connection, {entry.canonical_url for entry in listed}, since=since)
    kept = list(
        sift(
            listed,
            known,
            unlisted,
            look_back_days=options.look_back_days,
            transient_failures=options.transient_failures,
            now=started_at,
        )
    )
    numbered = number(kept, options.batch_entries)
    stored = captures.store(
        options.captures, f"{stage.run_id}-00000", [pair for poll in polls for pair in poll.captured]
    )
    stage.write("entries", 0, numbered)
    stage.write("sources", 0, [poll.source for poll in polls])
    stage.write("fetches", 0, attempts)
    stage.write("captures", 0, stored)
    summary = StagedSummary(
        run_id=stage.run_id,
        flow=options.flow,
        started_at=started_at,
        version=options.version,
        sources_polled=len(polls),
        sources_unchanged=sum(poll.unchanged for poll in polls),
        entries_in=len([e for e in kept if e.reason != "known"]) + sum(unlisted.values()),
        unlisted=dict(unlisted),
    )
    stage.write("summary", 0, [summary])
