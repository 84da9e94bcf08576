"""A batch through the web client for the tests, with limits fit for loopback and the promise of one result each."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from tasks.web import WebAttempt, WebClient, WebLimits, WebRequest, WebResult
from webserver import Handler, WebServer

LIMITS = {"user_agent": "Dateline/test (+https://example.org/contact)", "host_gap_seconds": 0.0,
          "backoff_seconds": 0.01, "allow_loopback": True}  # fmt: skip


async def batch(
    requests: Iterable[WebRequest], folder: Path | None = None, lookup=None, **limits: object
) -> tuple[dict[str, WebResult], list[WebAttempt]]:
    """Results by key, having checked that every request has exactly one."""
    requests = list(requests)
    async with WebClient(WebLimits(**{**LIMITS, **limits}), folder, lookup=lookup) as client:
        results = [result async for result in client.fetch(requests)]
    assert sorted(r.request.key for r in results) == sorted(r.key for r in requests)
    for result in results:
        assert (result.message is None) == (result.outcome in ("ok", "not_modified"))
        assert (result.body is not None) == (result.outcome == "ok")
    return {result.request.key: result for result in results}, client.attempts


def fetch(routes: dict[tuple[str, str], Handler], *urls: tuple[str, str], **options: object):
    """Fetches (host, path) pairs from a server with these routes: results by path, attempts, the server."""

    async def run():
        async with WebServer(routes) as server:
            requests = [WebRequest(url=server.url(host, path), key=path) for host, path in urls]
            results, attempts = await batch(requests, **options)
            return results, attempts, server

    return asyncio.run(run())
