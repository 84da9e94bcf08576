"""Asking each source once, to say what it lists. Stores nothing; needs no server."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from flows.settings import Settings
from flows.sources import load_sources
from flows.web import source_limits
from tasks.errors import DatelineError, Terminal
from tasks.feed import read_feed, read_sitemap
from tasks.folder import list_folder
from tasks.web import WebClient, WebRequest, WebResult
from warehouse import model

NAMES = ("source_id", "kind", "state", "entries", "newest", "told")


def check_sources(settings: Settings, ids: Sequence[str]) -> list[tuple]:
    """One row per source under ``NAMES``: state is ok, not_modified or the reason; ``told`` is the fault's sentence."""
    sources = load_sources(settings.archive.sources_file)
    unknown = set(ids) - {source.source_id for source in sources}
    if unknown:
        raise Terminal(
            "source_unknown", f"There is no source {', '.join(sorted(unknown))}; see `dateline sources list`."
        )
    wanted = [source for source in sources if not ids or source.source_id in ids]
    return [_row(source, *told) for source, told in zip(wanted, asyncio.run(_ask(settings, wanted)), strict=True)]


def _row(source: model.Source, state: str, entries: int | None, newest: datetime | None, told: str | None) -> tuple:
    return source.source_id, source.kind, state, entries, newest, told


async def _ask(settings: Settings, sources: Sequence[model.Source]) -> list[tuple]:
    told: dict[str, tuple] = {s.source_id: _folder(s) for s in sources if s.kind == "folder"}
    by_id = {source.source_id: source for source in sources if source.kind != "folder"}
    requests = [WebRequest(url=s.url, key=s.source_id, purpose=s.kind) for s in by_id.values()]
    async with WebClient(source_limits(settings), None) as client:
        async for result in client.fetch(requests):
            told[result.request.key] = _answer(by_id[result.request.key], result)
    return [told[source.source_id] for source in sources]


def _folder(source: model.Source) -> tuple:
    try:
        return "ok", len(list(list_folder(source.url))), None, None
    except DatelineError as error:
        return error.reason, None, None, error.message


def _answer(source: model.Source, result: WebResult) -> tuple:
    if result.outcome != "ok":
        return result.outcome, None, None, result.message
    if source.kind == "page":
        return "ok", 1, None, None
    now = datetime.now(UTC)
    try:
        if source.kind == "sitemap":
            feed = read_sitemap(result.body, url=result.final_url, now=now)
        else:
            feed = read_feed(result.body, url=result.final_url, content_type=result.content_type, now=now)
    except DatelineError as error:
        return error.reason, None, None, error.message
    times = [moment for entry in feed.entries for moment in (entry.published_at, entry.updated_at) if moment]
    return "ok", len(feed.entries) + len(feed.children), max(times, default=None), "; ".join(feed.faults) or None
