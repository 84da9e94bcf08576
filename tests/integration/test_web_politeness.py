"""Politeness as the server sees it: gaps, turns, robots.txt, Retry-After, and what is remembered between runs."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from aiohttp import web

from tasks.web import WebRequest
from webbatch import batch, fetch
from webserver import WebServer, answers, page

FORBIDDING = page("User-agent: *\nDisallow: /private\n")


def test_a_host_is_asked_one_at_a_time_in_order_and_never_sooner_than_the_gap():
    gap_seconds = 0.15

    async def slow_at_first(request: web.Request, before: int) -> web.Response:
        await asyncio.sleep(0.1 if before == 0 else 0)
        return web.Response(headers={"Connection": "close"})

    paths = [f"/{n}" for n in range(4)]
    routes = {(host, path): slow_at_first for host in ("a.localhost", "b.localhost") for path in paths}

    async def run():
        async with WebServer(routes) as server:
            requests = [WebRequest(url=server.url(host, path), key=host + path) for host, path in routes]
            began = time.monotonic()
            await batch(requests, host_gap_seconds=gap_seconds)
            return server, time.monotonic() - began

    server, seconds = asyncio.run(run())
    for host in ("a.localhost", "b.localhost"):
        assert server.paths(host) == ["/robots.txt", *paths]
        seen = [seen for seen in server.seen if seen.host == host]
        assert all(later.at - earlier.at >= gap_seconds for earlier, later in pairwise(seen))
        assert all(later.at >= earlier.ended for earlier, later in pairwise(seen))
    assert seconds < 2 * 4 * (gap_seconds + 0.1) + 0.5, "the two hosts were worked on side by side"


def test_a_slow_host_holds_up_no_other():
    async def slow(request: web.Request, before: int) -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    async def run():
        async with WebServer({("slow.localhost", "/x"): slow}) as server:
            requests = [WebRequest(url=server.url("slow.localhost", "/x"), key="slow")]
            requests += [WebRequest(url=server.url(f"h{n}.localhost", "/"), key=str(n)) for n in range(20)]
            results, attempts = await batch(requests, concurrency=4)
            return list(results), server

    order, server = asyncio.run(run())
    assert order[-1] == "slow"
    assert server.most_at_once <= 4


def test_hosts_are_begun_in_order_and_everyone_is_bounded():
    async def run():
        async with WebServer({}) as server:
            requests = [WebRequest(url=server.url(f"h{n}.localhost", "/x"), key=str(n)) for n in range(6)]
            await batch(requests, concurrency=1)
            return server

    server = asyncio.run(run())
    assert [seen.host for seen in server.seen if seen.path == "/robots.txt"] == [f"h{n}.localhost" for n in range(6)]
    assert server.most_at_once == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(status: int, as_date: bool):
    async def busy(request: web.Request, before: int) -> web.Response:
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        return web.Response(status=200 if before else status, headers={"Retry-After": moment if as_date else "1"})

    results, attempts, server = fetch({("a.localhost", "/x"): busy}, ("a.localhost", "/x"), ("a.localhost", "/y"))
    assert results["/x"].outcome == "ok"
    asked = [seen for seen in server.seen if seen.path != "/robots.txt"]
    assert [seen.path for seen in asked] == ["/x", "/x", "/y"]
    assert asked[1].at - asked[0].at >= 1
    assert [(a.attempt, a.outcome) for a in attempts[1:3]] == [(1, f"http_{status}"), (2, "ok")]


def test_a_long_retry_after_is_told_and_not_waited_for():
    routes = {("a.localhost", "/x"): answers({"status": 429, "headers": {"Retry-After": "3600"}})}
    results, attempts, _ = fetch(routes, ("a.localhost", "/x"))
    result = results["/x"]
    assert (result.outcome, result.retry_after_seconds, result.transient) == ("http_429", 3600.0, True)
    assert len(attempts) == 2


def test_a_failing_server_is_tried_again_and_then_given_up():
    routes = {("a.localhost", "/recovers"): answers({"status": 500}, {"status": 502}, {"text": "back"}),
              ("a.localhost", "/never"): answers({"status": 503})}  # fmt: skip
    results, attempts, server = fetch(routes, *routes)
    assert results["/recovers"].body == b"back"
    assert results["/never"].outcome == "http_503" and results["/never"].transient
    assert server.paths("a.localhost").count("/never") == 3


def test_while_one_host_backs_off_others_go_on():
    routes = {("a.localhost", "/x"): answers({"status": 503, "headers": {"Retry-After": "1"}}, {"text": "ok"}),
              ("b.localhost", "/y"): page(), ("b.localhost", "/z"): page()}  # fmt: skip
    results, _, _ = fetch(routes, *routes)
    assert list(results) == ["/y", "/z", "/x"]


def test_robots_txt_is_obeyed_for_every_purpose_and_every_hop():
    routes = {
        ("a.localhost", "/robots.txt"): FORBIDDING,
        ("b.localhost", "/open"): answers({"status": 302, "headers": {"Location": "/hop"}}),
    }

    async def run():
        async with WebServer(routes) as server:
            async def onward(request: web.Request, before: int) -> web.Response:
                return web.Response(status=302, headers={"Location": server.url("a.localhost", "/private/2")})

            server.routes[("b.localhost", "/hop")] = onward
            private = server.url("a.localhost", "/private/1")
            purposes = ("page", "feed", "sitemap")
            requests = [WebRequest(url=private, key=purpose, purpose=purpose) for purpose in purposes]
            requests.append(WebRequest(url=server.url("b.localhost", "/open"), key="hop"))
            requests.append(WebRequest(url=server.url("a.localhost", "/robots.txt"), key="robots", purpose="robots"))
            return await batch(requests), server

    (results, _), server = asyncio.run(run())
    assert {key: result.outcome for key, result in results.items()} == {
        "page": "robots_disallowed", "feed": "robots_disallowed", "sitemap": "robots_disallowed",
        "hop": "robots_disallowed", "robots": "ok"}  # fmt: skip
    assert server.paths("a.localhost") == ["/robots.txt"] * 2


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answers({"status": 404}), "ok"),
        (answers({"status": 403}), "ok"),
        (answers({"status": 500}), "robots_unavailable"),
        (answers({"status": 429}), "robots_unavailable"),
        (answers({"status": 500}, {"text": "User-agent: *\nDisallow:"}), "ok"),
        (answers({"status": 301, "headers": {"Location": "/elsewhere"}}), "robots_disallowed"),
        (answers({"status": 301, "headers": {"Location": "/robots.txt"}}), "ok"),
        (answers({"status": 301, "headers": {"Location": "http://10.0.0.1/robots.txt"}}), "ok"),
        (page("User-agent: *\nDisallow: /x\n" + "# filler\n" * 80_000 + "Allow: /x\n"), "robots_disallowed"),
        (answers({"body": b"User-agent: *", "headers": {"Content-Encoding": "gzip"}}), "robots_unavailable"),
    ],
    ids=["404", "403", "500", "429", "recovers", "redirected", "loop", "private", "long", "broken"],
)
def test_what_a_robots_txt_means(robots, outcome: str):
    routes = {("a.localhost", "/robots.txt"): robots, ("a.localhost", "/x"): page(),
              ("a.localhost", "/elsewhere"): page("User-agent: dateline\nDisallow: /x")}  # fmt: skip
    results, _, server = fetch(routes, ("a.localhost", "/x"))
    assert results["/x"].outcome == outcome
    assert results["/x"].transient == (outcome == "robots_unavailable")


def test_an_unavailable_robots_txt_is_asked_for_once_a_batch():
    routes = {("a.localhost", "/robots.txt"): answers({"status": 500})}
    results, _, server = fetch(routes, *[("a.localhost", f"/{n}") for n in range(4)])
    assert {result.outcome for result in results.values()} == {"robots_unavailable"}
    assert server.paths("a.localhost") == ["/robots.txt"] * 3


def test_crawl_delay_widens_the_gap():
    routes = {("a.localhost", "/robots.txt"): page("User-agent: *\nCrawl-delay: 0.3")}
    _, _, server = fetch(routes, ("a.localhost", "/1"), ("a.localhost", "/2"))
    assert all(later.at - earlier.at >= 0.3 for earlier, later in pairwise(server.seen))


def age(folder: Path, **changes: float | str) -> None:
    """Shifts what the one host file says, given as seconds before now or as text."""
    (file,) = folder.iterdir()
    stored = json.loads(file.read_text())
    stored |= {k: time.time() - v if isinstance(v, (int, float)) else v for k, v in changes.items()}
    file.write_text(json.dumps(stored))


def test_robots_txt_and_the_last_request_are_remembered_between_clients(tmp_path: Path):
    folder = tmp_path / "hosts"
    robots = answers({"text": "User-agent: *\nDisallow: /private"}, {"status": 500})
    routes = {("a.localhost", "/robots.txt"): robots, ("a.localhost", "/x"): page()}

    async def run():
        async with WebServer(routes) as server:
            async def outcomes(**limits: float) -> list[str]:
                requests = [WebRequest(url=server.url("a.localhost", path), key=path) for path in ("/private", "/x")]
                results, _ = await batch(requests, folder, **limits)
                return [results[path].outcome for path in ("/private", "/x")]

            obeyed = ["robots_disallowed", "ok"]
            assert await outcomes() == obeyed
            assert await outcomes(host_gap_seconds=0.3) == obeyed
            x = [seen.at for seen in server.seen if seen.path == "/x"]
            assert x[1] - x[0] >= 0.3, "the gap holds across runs"
            assert server.paths("a.localhost").count("/robots.txt") == 1
            age(folder, robots_fetched_at=25 * 3_600)
            assert await outcomes() == obeyed, "a stale copy serves while the server fails"
            assert server.paths("a.localhost").count("/robots.txt") == 4
            age(folder, robots_fetched_at=31 * 24 * 3_600)
            assert await outcomes() == ["robots_unavailable"] * 2
            age(folder, host="http://someone.else:80")
            assert await outcomes() == ["robots_unavailable"] * 2

    asyncio.run(run())
    assert not list(folder.glob(".host-*"))
