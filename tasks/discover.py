"""Sources → entries: asks each due source what it lists and keeps what is new, has changed or failed before.

The verb: it fetches through ``tasks.web``, reads through ``tasks.feed`` and ``tasks.listing``, looks up in the
warehouse, and writes the stage of a run. How a feed is parsed, a request is sent or the next poll is set is not decided
here.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect import task

from tasks import polling
from tasks.batch import POLICY, fetch_row
from tasks.children import CHILDREN, CHILDREN_OF_PERIOD, DEPTH, Children
from tasks.entries import Window, answer_capture, failure, staged
from tasks.errors import DatelineError, Terminal, Transient
from tasks.feed import Entry, Feed, read_feed, read_sitemap
from tasks.listing import LOCAL_KINDS, LocalFilter, list_local
from tasks.sift import bound, number, sift
from tasks.web import WebClient, WebLimits, WebRequest, WebResult
from warehouse import captures, landing, lookups, model
from warehouse.digests import address_digest
from warehouse.known import KnownEntry
from warehouse.stage import Stage
from warehouse.staged import StagedEntry, StagedSummary
from warehouse.store import writer

ASK_SECONDS = 600  # for all sources together; what no turn came to by then stays due
LISTED = 100_000  # entries taken of one source in one run; they are held in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoverOptions:
    """How sources are asked and entries remembered; see the settings of the same names.

    With ``since`` or ``until`` set, feeds and sitemaps are read for what lies in [since, until) and not polled: what is
    remembered of their polling neither counts nor changes. ``hosts`` names those of which an archive's records are
    wanted, all where it is empty. ``most`` bounds the entries that one run takes on.
    """

    flow: str
    version: str
    data_folder: Path
    captures: Path
    limits: WebLimits
    lock_wait_seconds: float
    poll_minutes: float
    poll_minutes_cap: float
    failure_poll_minutes_cap: float
    look_back_days: int
    transient_failures: int
    sitemap_days: int
    batch_entries: int
    only_due: bool
    since: datetime | None = None
    until: datetime | None = None
    hosts: tuple[str, ...] = ()
    most: int = 100_000

    @property
    def has_window(self) -> bool:
        """True where a period is read and not polled."""
        return self.since is not None or self.until is not None

    @property
    def rules(self) -> polling.PollRules:
        """The bounds of the pause between two polls."""
        return polling.PollRules(
            poll_minutes=self.poll_minutes,
            poll_minutes_cap=self.poll_minutes_cap,
            failure_poll_minutes_cap=self.failure_poll_minutes_cap,
        )

    def window(self, kind: str, now: datetime) -> Window:
        """Which entries of a source of this kind are taken."""
        if self.has_window:
            return Window(since=self.since, until=self.until, is_strict=True)
        return Window(since=now - timedelta(days=self.sitemap_days)) if kind == "sitemap" else Window()


@dataclass(slots=True)
class Poll:
    """What asking one source gave: ``hints`` once it has answered, ``fault`` where it failed, neither where its turn
    did not come."""

    source: model.Source
    children: Children
    entries: list[StagedEntry] = field(default_factory=list)
    captured: list[tuple[model.Capture, bytes]] = field(default_factory=list)
    unlisted: Counter = field(default_factory=Counter)
    unchanged: bool = False
    hints: polling.Hints | None = None
    fault: DatelineError | None = None
    retry_after_seconds: float | None = None
    children_read: int = 0
    children_waiting: int = 0


@task(name="discover", task_run_name="discover {stage.run_id}", **POLICY)
def discover(stage: Stage, sources: Sequence[model.Source], only: Sequence[str], options: DiscoverOptions) -> list[int]:
    """Ask the due sources and stage what they list; returns the numbers of the batches.

    ``sources`` are all that are configured; ``only`` names those to ask, all where it is empty.

    Each entry that is new, has changed or failed for the moment gets a batch; each other one is counted with its
    reason. A source that fails is itself a dropped entry. Done before, nothing is asked again.
    """
    if not stage.discovered():
        now = datetime.now(UTC)
        with writer(options.data_folder, holder=stage.run_id, wait_seconds=options.lock_wait_seconds) as connection:
            landing.enrol_sources(connection, sources)
            states = lookups.sources(connection)
            remembered = lookups.sitemap_children(connection)
        named = set(only)
        due = [
            state
            for state in states
            if (not named or state.source_id in named)
            and polling.is_due(state, now, only_due=options.only_due, named=bool(named))
        ]
        due.sort(key=lambda source: source.next_poll_at or source.added_at)  # in case that time runs out
        polls = _polls(due, remembered, options, now)
        attempts = asyncio.run(_ask(polls, options, stage.run_id, now))
        _stage_all(stage, polls, attempts, options, now)
    return stage.batches()


def _polls(
    due: Sequence[model.Source], remembered: Iterable[model.SitemapChild], options: DiscoverOptions, now: datetime
) -> list[Poll]:
    by_source: dict[str, dict[str, model.SitemapChild]] = {source.source_id: {} for source in due}
    for child in remembered:
        by_source.setdefault(child.source_id, {})[child.url] = child
    polls = []
    for source in due:
        most = CHILDREN_OF_PERIOD if options.has_window else CHILDREN
        since = options.window(source.kind, now).since
        polls.append(Poll(source, Children(source.source_id, by_source[source.source_id], since, most)))
    return polls


async def _ask(polls: Sequence[Poll], options: DiscoverOptions, run_id: str, now: datetime) -> list[model.Fetch]:
    """Ask the sources, then the sitemaps that they list, level by level; returns a row per request."""
    left = options.most
    for poll in polls:
        if poll.source.kind in LOCAL_KINDS:
            _list_local(poll, options, now, left)
            left = max(0, left - len(poll.entries))
        elif poll.source.kind == "page":
            _list_page(poll, now)
    asked = {poll.source.source_id: poll for poll in polls if poll.source.kind in ("feed", "sitemap")}
    async with WebClient(options.limits, options.data_folder / "hosts") as client:
        requests = [_request(poll, options) for poll in asked.values()]
        try:
            async with asyncio.timeout(ASK_SECONDS):
                for depth in range(1 + DEPTH):
                    requests = await _ask_level(client, requests, asked, options, run_id, now, is_child=depth > 0)
        except TimeoutError:
            pass  # those whose turn did not come are counted, and stay due
        for poll in asked.values():
            poll.unlisted["outside_window" if options.has_window else "too_old"] += poll.children.too_old
            poll.unlisted["sitemap_child_beyond_bound"] += poll.children.beyond_bound + poll.children_waiting
        return [fetch_row(run_id, attempt) for attempt in client.attempts]


async def _ask_level(
    client: WebClient,
    requests: Sequence[WebRequest],
    asked: Mapping[str, Poll],
    options: DiscoverOptions,
    run_id: str,
    now: datetime,
    *,
    is_child: bool,
) -> list[WebRequest]:
    """Ask the sources themselves or some of their sitemaps; returns the requests for the sitemaps that these list."""
    below: list[WebRequest] = []
    async for result in client.fetch(requests):
        poll = asked[result.request.key]
        feed = _take_child(poll, result, options, now) if is_child else _take(poll, result, options, run_id, now)
        if feed is not None and feed.children:
            for url in poll.children.choose(zip(feed.children, feed.children_lastmod, strict=True)):
                known = poll.children.usable(url)
                told = {"etag": known.etag, "last_modified": known.last_modified} if known else {}
                below.append(WebRequest(url=url, key=poll.source.source_id, purpose="sitemap", **told))
                poll.children_waiting += 1
    return below


def _request(poll: Poll, options: DiscoverOptions) -> WebRequest:
    source, url = poll.source, polling.asked_url(poll.source)
    poll.children.met |= {source.url, url}
    told = {} if options.has_window else {"etag": source.etag, "last_modified": source.last_modified}
    return WebRequest(url=url, key=source.source_id, purpose=source.kind, **told)


def _take(poll: Poll, result: WebResult, options: DiscoverOptions, run_id: str, now: datetime) -> Feed | None:
    """Take in what a source answered; returns what was read."""
    led_to = polling.permanent_target(result.redirects, result.final_url)
    if result.outcome == "not_modified":
        poll.unchanged = True
        poll.hints = polling.Hints(max_age_seconds=result.max_age_seconds)
        if led_to is not None:  # unchanged, a feed that names its new address itself names it still
            poll.source = polling.redirected(poll.source, led_to, now)
        return None
    if result.outcome != "ok":
        poll.retry_after_seconds = result.retry_after_seconds
        _fail(poll, (Transient if result.transient else Terminal)(result.outcome, result.message), now)
        return None
    try:
        feed = _parse(poll.source.kind, result, now)
    except DatelineError as error:
        capture = answer_capture(poll.source, result, run_id)  # kept for a person to look at
        poll.captured.append((capture, result.body))
        _fail(poll, error, now, capture_id=capture.capture_id)
        return None
    poll.hints = polling.Hints(
        ttl_minutes=feed.ttl_minutes,
        max_age_seconds=result.max_age_seconds,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )
    source = polling.redirected(poll.source, led_to or feed.moved_url, now)
    poll.source = replace(
        source,
        title=source.title or feed.title,
        language=source.language or feed.language,
        # An index may stand unchanged over a sitemap that has changed: it is asked for whole each time.
        etag=None if feed.children else result.etag,
        last_modified=None if feed.children else result.last_modified,
    )
    _take_entries(poll, feed, options, now)
    return feed


def _take_child(poll: Poll, result: WebResult, options: DiscoverOptions, now: datetime) -> Feed | None:
    """Take in a sitemap that an index lists; one that fails is a drop, and no failure of the source."""
    url = result.request.url
    poll.children_waiting -= 1
    try:
        if result.outcome == "not_modified":
            poll.children.unchanged(url, now)
            poll.children_read += 1
            return None
        if result.outcome != "ok":
            raise (Transient if result.transient else Terminal)(result.outcome, result.message)
        feed = _parse("sitemap", result, now)
    except DatelineError as error:
        poll.entries.append(failure(poll.source, url, error, now))
        poll.fault = poll.fault or error
        return None
    poll.children_read += 1
    is_whole = _take_entries(poll, feed, options, now)
    if is_whole and not feed.children:
        poll.children.taken(url, now, etag=result.etag, last_modified=result.last_modified)
    return feed


def _take_entries(poll: Poll, feed: Feed, options: DiscoverOptions, now: datetime) -> bool:
    """List the entries that lie in the time asked for; False where some are left out that lie after it."""
    window = options.window(poll.source.kind, now)
    is_whole = True
    for entry in feed.entries:
        if len(poll.entries) >= LISTED:
            poll.unlisted["beyond_most"] += 1
            is_whole = False
        elif window.takes(entry):
            poll.entries.append(staged(poll.source, entry, feed, now))
        else:
            poll.unlisted["outside_window" if window.is_strict else "too_old"] += 1
            is_whole = is_whole and window.until is None
    return is_whole


def _parse(kind: str, result: WebResult, now: datetime) -> Feed:
    if kind == "sitemap":
        return read_sitemap(result.body, url=result.final_url, now=now)
    return read_feed(result.body, url=result.final_url, content_type=result.content_type, now=now)


def _fail(poll: Poll, error: DatelineError, now: datetime, *, capture_id: str | None = None) -> None:
    poll.fault = error
    poll.entries.append(failure(poll.source, poll.source.url, error, now, capture_id=capture_id))


def _list_local(poll: Poll, options: DiscoverOptions, now: datetime, most: int) -> None:
    """List what lies on this machine, at most ``most`` entries; where that is none, its turn has not come."""
    if most == 0:
        return
    try:
        wanted = LocalFilter(since=options.since, until=options.until, hosts=options.hosts)
        listing = list_local(poll.source, now, most=most, wanted=wanted)
    except DatelineError as error:
        _fail(poll, error, now)
        return
    poll.entries += listing.entries
    poll.unlisted += listing.unlisted
    poll.source = replace(poll.source, position=listing.position)
    poll.hints = polling.Hints()


def _list_page(poll: Poll, now: datetime) -> None:
    """A single page lists itself, and may have changed since each time it is asked."""
    entry = staged(poll.source, Entry(url=poll.source.url), Feed(kind="page"), now)
    poll.entries.append(replace(entry, digest=f"asked {now.isoformat()}"))
    poll.hints = polling.Hints()


def _stage_all(
    stage: Stage, polls: Sequence[Poll], attempts: list[model.Fetch], options: DiscoverOptions, now: datetime
) -> None:
    """Write the run's first files; the summary comes last, and its presence says that the others are whole."""
    listed = [entry for poll in polls for entry in poll.entries]
    unlisted = sum((poll.unlisted for poll in polls), Counter())
    barred = _barred(stage, listed, options)
    if barred:  # counted and not written down: what was said of them is part of what was erased
        there = len(listed)
        listed = [entry for entry in listed if address_digest(entry.canonical_url) not in barred]
        unlisted["erased"] += there - len(listed)
    turned = [poll for poll in polls if poll.hints is not None or poll.fault is not None]
    if len(turned) < len(polls):
        unlisted["source_postponed"] += len(polls) - len(turned)
    known = _known(stage, listed, options, now)
    kept = list(
        sift(
            listed,
            known,
            unlisted,
            look_back_days=options.look_back_days,
            transient_failures=options.transient_failures,
            now=now,
        )
    )
    local = {poll.source.source_id for poll in polls if poll.source.kind in LOCAL_KINDS}
    kept, cut = bound(kept, options.most, but=local)  # those were bounded when they were listed
    if cut:
        unlisted["beyond_most"] += cut.total()
    met = {(entry.source_id, entry.url) for entry in known}
    new = [entry for entry in listed if entry.kind != "source" and (entry.source_id, entry.url) not in met]
    stored = captures.store(
        options.captures, f"{stage.run_id}-00000", [pair for poll in polls for pair in poll.captured]
    )
    stage.write("entries", 0, number(kept, options.batch_entries))
    stage.write("sources", 0, _states(turned, new, cut, options, now))
    stage.write("sitemap_children", 0, _memory(turned, cut))
    stage.write("fetches", 0, attempts)
    stage.write("captures", 0, stored)
    summary = StagedSummary(
        run_id=stage.run_id,
        flow=options.flow,
        started_at=now,
        version=options.version,
        sources_polled=len(turned),
        sources_unchanged=sum(poll.unchanged for poll in polls),
        entries_in=len([e for e in kept if e.reason != "known"]) + sum(unlisted.values()),
        unlisted=dict(unlisted),
    )
    stage.write("summary", 0, [summary])


def _barred(stage: Stage, listed: Sequence[StagedEntry], options: DiscoverOptions) -> set[str]:
    digests = {address_digest(entry.canonical_url) for entry in listed if entry.kind != "source"}
    with writer(options.data_folder, holder=stage.run_id, wait_seconds=options.lock_wait_seconds) as connection:
        return lookups.erased(connection, digests) if digests else set()


def _known(stage: Stage, listed: Sequence[StagedEntry], options: DiscoverOptions, now: datetime) -> list[KnownEntry]:
    urls = {entry.canonical_url for entry in listed if entry.kind != "source"}
    if not urls:
        return []
    with writer(options.data_folder, holder=stage.run_id, wait_seconds=options.lock_wait_seconds) as connection:
        return lookups.known_entries(connection, urls, since=now - timedelta(days=options.look_back_days))


def _states(
    turned: Sequence[Poll], new: Sequence[StagedEntry], cut: Counter[str], options: DiscoverOptions, now: datetime
) -> list[model.Source]:
    """The sources as they are remembered after this run."""
    news = Counter(entry.source_id for entry in new)
    states = []
    for poll in turned:
        source = poll.source
        is_local = source.kind in LOCAL_KINDS
        if options.has_window and not is_local:
            continue
        if poll.hints is None or (poll.fault and not poll.children_read and not poll.children.same):
            state = polling.failed(source, poll.fault, now, options.rules, retry_after_seconds=poll.retry_after_seconds)
        elif is_local or source.kind == "page":
            state = polling.listed(source, now, options.rules)
        else:
            times = tuple(told for entry in poll.entries if (told := entry.published_at or entry.updated_at))
            told = polling.News(entries=news[source.source_id], times=times)
            state = polling.answered(source, now, options.rules, told, poll.hints)
        if cut[source.source_id]:  # so that the rest is listed again
            state = replace(state, etag=None, last_modified=None, next_poll_at=None)
        states.append(state)
    return states


def _memory(turned: Sequence[Poll], cut: Counter[str]) -> list[model.SitemapChild]:
    return [
        child
        for poll in turned
        if poll.source.kind == "sitemap" and poll.hints is not None and not cut[poll.source.source_id]
        for child in poll.children.memory()
    ]
