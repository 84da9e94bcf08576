"""Asking each source once, to say what it lists. Stores nothing but that a source that had been given up answers again;
needs no server."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flows.settings import Settings
from flows.sources import load_sources
from flows.web import source_limits
from tasks.errors import DatelineError, Terminal
from tasks.feed import read_feed, read_sitemap
from tasks.listing import LOCAL_KINDS, list_local
from tasks.polling import permanent_target, revived
from tasks.web import WebClient, WebRequest, WebResult
from warehouse import landing, lookups, model
from warehouse.store import WAREHOUSE, writer

NAMES = ("source_id", "kind", "state", "entries", "newest", "told")
LOCAL_ENTRIES = 1_000  # of what lies on this machine, so many are counted


def check_sources(settings: Settings, ids: Sequence[str]) -> list[tuple]:
    """One row per source under ``NAMES``: state is ok, not_modified or the reason; ``told`` is the fault's sentence, or
    what else a person should know.

    A source that was quarantined or gone and answers now is polled again from the next run on.
    """
    sources = load_sources(settings.archive.sources_file)
    unknown = set(ids) - {source.source_id for source in sources}
    if unknown:
        raise Terminal(
            "source_unknown", f"There is no source {', '.join(sorted(unknown))}; see `dateline sources list`."
        )
    wanted = [source for source in sources if not ids or source.source_id in ids]
    told = asyncio.run(_ask(settings, wanted))
    back = _revive(settings, {source.source_id for source, row in zip(wanted, told, strict=True) if row[0] == "ok"})
    return [_row(source, *row, back.get(source.source_id)) for source, row in zip(wanted, told, strict=True)]


def _row(
    source: model.Source, state: str, entries: int | None, newest: datetime | None, told: str | None, back: str | None
) -> tuple:
    return source.source_id, source.kind, state, entries, newest, "; ".join(filter(None, (told, back))) or None


def _revive(settings: Settings, well: set[str]) -> dict[str, str]:
    """Take those that are well out of quarantine; returns a sentence for each that was in it."""
    if not (settings.data_folder / WAREHOUSE).exists():
        return {}
    wait_seconds = settings.archive.lock_wait_seconds
    with writer(settings.data_folder, holder="sources check", wait_seconds=wait_seconds) as connection:
        given_up = [s for s in lookups.sources(connection) if s.source_id in well and s.state != "active"]
        landing.save_sources(connection, [revived(source) for source in given_up])
    return {s.source_id: f"it was {s.state}, and is polled again from the next run on" for s in given_up}


async def _ask(settings: Settings, sources: Sequence[model.Source]) -> list[tuple]:
    told: dict[str, tuple] = {s.source_id: _local(s) for s in sources if s.kind in LOCAL_KINDS}
    by_id = {source.source_id: source for source in sources if source.kind not in LOCAL_KINDS}
    requests = [WebRequest(url=s.url, key=s.source_id, purpose=s.kind) for s in by_id.values()]
    async with WebClient(source_limits(settings), None) as client:
        async for result in client.fetch(requests):
            told[result.request.key] = _answer(by_id[result.request.key], result)
    return [told[source.source_id] for source in sources]


def _local(source: model.Source) -> tuple:
    try:
        listing = list_local(replace(source, position=None), datetime.now(UTC), most=LOCAL_ENTRIES)
    except DatelineError as error:
        return error.reason, None, None, error.message
    more = f"the first {LOCAL_ENTRIES} were counted" if len(listing.entries) >= LOCAL_ENTRIES else None
    return "ok", len(listing.entries), None, more


def _answer(source: model.Source, result: WebResult) -> tuple:
    if result.outcome != "ok":
        return result.outcome, None, None, result.message
    moved = permanent_target(result.redirects, result.final_url)
    told = [f"it has moved to {moved}; change its url"] if moved else []
    if source.kind == "page":
        return "ok", 1, None, "; ".join(told) or None
    now = datetime.now(UTC)
    try:
        if source.kind == "sitemap":
            feed = read_sitemap(result.body, url=result.final_url, now=now)
        else:
            feed = read_feed(result.body, url=result.final_url, content_type=result.content_type, now=now)
    except DatelineError as error:
        return error.reason, None, None, error.message
    times = [moment for entry in feed.entries for moment in (entry.published_at, entry.updated_at) if moment]
    told += feed.faults
    return "ok", len(feed.entries) + len(feed.children), max(times, default=None), "; ".join(told) or None
