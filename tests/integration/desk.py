"""An archive and a web of one's own for the tests of discovery: a real server on loopback, a real warehouse, and time
that can be turned back. No test stands here.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from tasks.discover import DiscoverOptions, discover
from tasks.web import WebLimits
from tests.integration.webserver import Handler, WebServer, answers
from warehouse import landing, lookups, model
from warehouse.stage import RECORDS, Stage
from warehouse.store import writer

NOW = datetime.now(UTC)
HOST = "gazette.localhost"


class Desk:
    """An archive and a web of one's own: routes are set, sources polled, requests and rows looked at."""

    def __init__(self, folder: Path, server: WebServer) -> None:
        self.folder, self.server = folder, server
        self.sources: list[model.Source] = []
        self.runs = 0

    def add(self, path: str, kind: str = "feed", **told: object) -> None:
        url = self.server.url(HOST, path)
        self.sources.append(model.Source(source_id=path.strip("/"), kind=kind, url=url, added_at=NOW, **told))

    def serve(self, path: str, handler: Handler) -> None:
        self.server.routes[HOST, path] = handler

    def asked(self) -> list[str]:
        """The paths asked since the last time, robots.txt left out."""
        paths = [path for path in self.server.paths(HOST) if path != "/robots.txt"]
        self.server.seen.clear()
        return paths

    def poll(self, *only: str, **told: object) -> list[model.Source]:
        """One run of discovery, closed without its pages; returns the sources as they are then."""
        self.runs += 1
        options = OPTIONS | {"data_folder": self.folder, "captures": self.folder / "captures"} | told
        stage = Stage(self.folder / "stage" / f"run-{self.runs}")
        discover.fn(stage, self.sources, only, DiscoverOptions(**options))
        self.stage = stage
        self.entries = stage.read("entries", 0)
        (self.summary,) = stage.read("summary", 0)
        for batch in stage.batches():
            dropped = {"reason": "not_fetched", "message": "Not fetched by this test."}
            for step in ("fetch", "clean", "resemble", "enrich"):
                rows = [RECORDS[step](entry_id=entry.entry_id, **dropped) for entry in stage.entries(batch)]
                stage.write(step, batch, rows if step in ("fetch", "clean") else [])
        with writer(self.folder, holder="test") as connection:
            for batch in stage.batches():
                landing.land(connection, stage, batch)
            landing.close_run(connection, stage)
            return lookups.sources(connection)

    def rows(self, sql: str) -> list[tuple]:
        with writer(self.folder, holder="test") as connection:
            return connection.execute(sql).fetchall()

    def turn_back(self, **interval: float) -> None:
        """Let time pass: what the archive remembers of polls lies so much further back."""
        seconds = timedelta(**interval).total_seconds()
        with writer(self.folder, holder="test") as connection:
            for column in ("last_polled_at", "next_poll_at", "failing_since", "redirect_since"):
                connection.execute(f"UPDATE sources SET {column} = {column} - to_seconds({seconds})")


OPTIONS = {
    "flow": "ingest",
    "version": "0",
    "limits": WebLimits(
        user_agent="Dateline/test (+https://example.org)", host_gap_seconds=0, attempts=1, allow_loopback=True
    ),
    "lock_wait_seconds": 5,
    "poll_minutes": 15,
    "poll_minutes_cap": 360,
    "failure_poll_minutes_cap": 1440,
    "look_back_days": 90,
    "transient_failures": 5,
    "sitemap_days": 7,
    "batch_entries": 200,
    "only_due": True,
}


@contextmanager
def opened_desk(folder: Path) -> Iterator[Desk]:
    """A desk with its server, which runs in a thread of its own, since discovery brings its own event loop."""
    server, loop, ready, done = WebServer({}), asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with server:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield Desk(folder, server)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()


def feed(*minutes_ago: float, channel: str = "") -> str:
    items = "".join(
        f"<item><title>Story {m}</title><link>http://{HOST}/{m}</link>"
        f"<pubDate>{NOW - timedelta(minutes=m):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for m in minutes_ago
    )
    return f"<rss version='2.0'><channel><title>Gazette</title>{channel}{items}</channel></rss>"


def rss(*minutes_ago: float, channel: str = "", **headers: str) -> Handler:
    told = {"text": feed(*minutes_ago, channel=channel), "content_type": "application/rss+xml"}
    return answers(told | {"headers": headers})


def conditional(text: str, etag: str = '"1"', kind: str = "application/xml") -> Handler:
    async def handler(request: web.Request, before: int) -> web.Response:
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(text=text, headers={"ETag": etag}, content_type=kind)

    return handler


def pause_minutes(source: model.Source) -> float:
    return (source.next_poll_at - source.last_polled_at).total_seconds() / 60
