"""The client against a real server: what is fetched, what is refused, and that each request has one result."""

import asyncio
import gzip
import sys
import zlib

import brotli
import pytest
from aiohttp import web

from tasks.web import WebClient, WebLimits, WebRequest, WebResult
from tasks.web.decode import BodyDecoder
from webbatch import LIMITS, batch, fetch
from webserver import RawServer, WebServer, answers, page, redirect

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


SKIPPABLE = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"  # RFC 8878 section 3.1.2


def fetch_raw(*pieces: bytes, pause: float = 0.0, **limits: object) -> tuple[WebResult, RawServer]:
    async def run():
        async with RawServer(*pieces, pause=pause) as server:
            request = WebRequest(url=f"http://raw.localhost:{server.port}/x", key="x")
            results, _ = await batch([request], **{"attempts": 1, **limits})
            return results["x"], server

    return asyncio.run(run())


def test_a_page_comes_with_its_metadata_and_its_attempts():
    headers = {"ETag": '"a1"', "Last-Modified": "Tue, 24 Nov 2026 08:00:00 GMT", "Cache-Control": "public, max-age=300"}
    results, attempts, server = fetch(
        {("a.localhost", "/x"): page("news", headers=headers, content_type="text/html")}, ("a.localhost", "/x")
    )
    result = results["/x"]
    assert (result.outcome, result.status, result.body) == ("ok", 200, b"news")
    assert (result.etag, result.last_modified) == ('"a1"', "Tue, 24 Nov 2026 08:00:00 GMT")
    assert (result.max_age_seconds, result.content_type) == (300, "text/html; charset=utf-8")
    assert result.fetched_at.utcoffset().total_seconds() == 0
    assert [(a.purpose, a.status, a.outcome, a.wire_bytes) for a in attempts] == [
        ("robots", 404, "http_404", 0), ("page", 200, "ok", 4)]  # fmt: skip
    assert server.seen[1].headers["User-Agent"] == LIMITS["user_agent"]


def test_an_unchanged_page_is_not_fetched_again():
    async def conditional(request: web.Request, before: int) -> web.Response:
        unchanged = request.headers.get("If-None-Match") == '"a1"' and "If-Modified-Since" in request.headers
        return web.Response(status=304 if unchanged else 200, headers={"ETag": '"a1"'})

    async def run():
        async with WebServer({("a.localhost", "/x"): conditional}) as server:
            url = server.url("a.localhost", "/x")
            return await batch([
                WebRequest(url=url, key="known", etag='"a1"', last_modified="Tue, 24 Nov 2026 08:00:00 GMT"),
                WebRequest(url=url, key="changed", etag='"a0"'),
                WebRequest(url=url, key="split", etag='"a1"\r\nX-Injected: 1'),
            ])  # fmt: skip

    results, _ = asyncio.run(run())
    assert results["known"].outcome == "not_modified" and results["known"].etag == '"a1"'
    assert results["changed"].outcome == "ok"
    assert results["split"].outcome == "ok"


def test_a_304_that_nobody_asked_for_is_a_fault():
    results, _, _ = fetch({("a.localhost", "/x"): answers({"status": 304})}, ("a.localhost", "/x"))
    assert results["/x"].outcome == "protocol_error"


def test_content_codings_are_undone():
    text = "wire story " * 500
    raw = zlib.compressobj(wbits=-15)
    bodies = {
        "gzip": gzip.compress(text.encode()),
        "members": gzip.compress(text[:1000].encode()) + gzip.compress(text[1000:].encode()) + b"\0\0padding",
        "deflate": zlib.compress(text.encode()),
        "raw": raw.compress(text.encode()) + raw.flush(),
        "br": brotli.compress(text.encode()),
        "zstd": zstd.compress(text.encode()),
        "frames": zstd.compress(text[:1000].encode()) + SKIPPABLE + zstd.compress(text[1000:].encode()) + SKIPPABLE,
    }
    coding = {"members": "gzip", "raw": "deflate", "frames": "zstd"}
    routes = {
        ("a.localhost", f"/{name}"): answers(
            {"body": body, "headers": {"Content-Encoding": coding.get(name, name)}})
        for name, body in bodies.items()
    }  # fmt: skip
    results, _, _ = fetch(routes, *routes)
    assert {path: result.body for path, result in results.items()} == {path: text.encode() for _, path in routes}


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(bytes(3_000_000), mtime=0), "decoded_too_large"),
        ("br", brotli.compress(bytes(3_000_000)), "decoded_too_large"),
        ("deflate", zlib.compress(bytes(3_000_000)), "decoded_too_large"),
        ("zstd", zstd.compress(bytes(3_000_000)), "decoded_too_large"),
        ("zstd", zstd.compress(bytes(range(256)) * 9)[:-5], "bad_encoding"),
        ("zstd", zstd.compress(b"") * 2_000, "bad_encoding"),
        ("gzip", b"<html>not packed at all", "bad_encoding"),
        ("gzip", gzip.compress(b"cut off" * 100, mtime=0)[:-12], "bad_encoding"),
        ("br", brotli.compress(bytes(range(256)) * 9)[:-5], "bad_encoding"),
        ("gzip", gzip.compress(b"", mtime=0) * 2_000, "bad_encoding"),
        ("zstd", b"whatever", "bad_encoding"),
        ("identity", bytes(300_000), "body_too_large"),
    ],
)
def test_bodies_are_bounded(coding: str, body: bytes, reason: str):
    routes = {("a.localhost", "/x"): answers({"body": body, "headers": {"Content-Encoding": coding}})}
    results, attempts, _ = fetch(routes, ("a.localhost", "/x"), wire_bytes=100_000, decoded_bytes=1_000_000)
    assert results["/x"].outcome == reason
    assert not results["/x"].transient
    assert attempts[-1].outcome == reason and attempts[-1].wire_bytes <= 100_000 + 65_536


@pytest.mark.parametrize("step", [1, 2, 3, 5, 1_000])
def test_members_are_told_from_padding_wherever_the_pieces_are_cut(step: int):
    text = b"wire story " * 90
    for coding, data in (
        ("gzip", gzip.compress(text, mtime=0) * 2 + b"\0\0padding"), ("zstd", zstd.compress(text) * 2 + SKIPPABLE),
        ("gzip", gzip.compress(text, mtime=0) * 2 + b"\x1f"), ("zstd", SKIPPABLE + zstd.compress(text) * 2 + b"\0"),
    ):  # fmt: skip
        pieces = [data[start : start + step] for start in range(0, len(data), step)]
        decoder = BodyDecoder(coding, "it")
        assert b"".join(decoder.decode(piece, 10_000) for piece in pieces) == text * 2
        decoder.finish()


def test_a_body_without_an_end_stops_at_the_bound():
    async def endless(request: web.Request, before: int) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 50_000)

    results, attempts, _ = fetch({("a.localhost", "/x"): endless}, ("a.localhost", "/x"), wire_bytes=200_000)
    assert results["/x"].outcome == "body_too_large"
    assert attempts[-1].wire_bytes < 200_000 + 300_000


def test_slow_servers_are_given_up():
    async def silent(request: web.Request, before: int) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    async def dripping(request: web.Request, before: int) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    routes = {("a.localhost", "/silent"): silent, ("b.localhost", "/dripping"): dripping}
    results, attempts, _ = fetch(routes, *routes, idle_seconds=0.3, total_seconds=0.8, attempts=2)
    assert results["/silent"].outcome == "stalled" and results["/silent"].transient
    assert results["/dripping"].outcome == "timed_out" and results["/dripping"].transient
    assert [a.attempt for a in attempts if a.purpose == "page" and "silent" in a.url] == [1, 2]
    assert all(a.fetch_ms < 1_500 for a in attempts)


def test_a_header_that_drips_is_given_up():
    result, _ = fetch_raw(b"HTTP/1.1 200 OK\r\n", *[b"X"] * 60, pause=0.05, idle_seconds=0.3, total_seconds=0.8)
    assert result.outcome == "timed_out"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "protocol_error"),
        (b"HTTP/1.1 two hundred OK\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello", "protocol_error"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", "connection_lost"),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n", "headers_too_large"),
        (b"HTTP/1.1 200 OK\r\nX-Many: " + b"y" * 900 + b"\r\n" + b"X-More: y\r\n" * 900 + b"\r\n", "headers_too_large"),
        (b"HTTP/1.1 200 OK\r\n" + (b"X-Wide: " + b"y" * 20_000 + b"\r\n") * 5 + b"\r\n", "headers_too_large"),
        (b"", "connection_lost"),
    ],
)
def test_malformed_answers_are_named(answer: bytes, reason: str | None):
    result, _ = fetch_raw(answer)
    assert result.outcome == reason if reason else result.outcome in ("protocol_error", "connection_lost")


def test_redirects_are_followed_to_the_end():
    routes = {
        ("a.localhost", "/1"): redirect("/2?q=a b", 302),
        ("a.localhost", "/2"): redirect("/3/é#part", 307),
        ("a.localhost", "/3/é"): page("there"),
    }
    results, attempts, server = fetch(routes, ("a.localhost", "/1"))
    result = results["/1"]
    assert (result.outcome, result.body) == ("ok", b"there")
    assert result.redirects == (
        (302, server.url("a.localhost", "/1")), (307, server.url("a.localhost", "/2?q=a%20b")))  # fmt: skip
    assert result.final_url == server.url("a.localhost", "/3/%C3%A9")
    assert [a.outcome for a in attempts] == ["http_404", "redirect", "redirect", "ok"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/x", "redirect_loop"),
        ("", "redirect_invalid"),
        ("http://a.localhost:99999/", "redirect_invalid"),
        ("http://[::1", "redirect_invalid"),
        ("file:///etc/passwd", "scheme_refused"),
        ("javascript:alert(1)", "scheme_refused"),
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("http://10.0.0.1/", "address_refused"),
        ("http://[::ffff:127.0.0.1]/", "address_refused"),
        ("http://2130706433/", "address_refused"),
    ],
)
def test_a_redirect_passes_the_same_guard(target: str, reason: str):
    results, attempts, _ = fetch({("a.localhost", "/x"): redirect(target)}, ("a.localhost", "/x"))
    assert results["/x"].outcome == reason
    assert len(attempts) == 2, "nothing but robots.txt and the first hop was asked"


def test_a_location_that_is_no_utf_8_is_escaped_as_it_came():
    result, _ = fetch_raw(b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n")
    assert result.outcome == "redirect_loop" and result.final_url.endswith("/caf%E9")


def test_an_endless_chain_ends():
    async def onward(request: web.Request, before: int) -> web.Response:
        number = int(request.query.get("n", "0")) + 1
        return web.Response(status=301, headers={"Location": f"/x?n={number}"})

    results, attempts, _ = fetch({("a.localhost", "/x"): onward}, ("a.localhost", "/x"), redirects=3)
    assert results["/x"].outcome == "redirect_limit" and len(results["/x"].redirects) == 4
    assert sum(a.purpose == "page" for a in attempts) == 4


def test_statuses_are_reasons():
    routes = {("a.localhost", f"/{status}"): answers({"status": status}) for status in (204, 404, 410, 403, 501)}
    results, attempts, _ = fetch(routes, *routes)
    assert {path: result.outcome for path, result in results.items()} == {
        path: f"http_{path[1:]}" for _, path in routes}  # fmt: skip
    assert [path for path, result in results.items() if result.transient] == ["/501"]
    assert len(attempts) == 6, "none of these is tried twice"


def test_credentials_are_neither_sent_nor_kept():
    async def run():
        async with WebServer({("a.localhost", "/x"): redirect("http://me:hush@b.localhost/x")}) as server:
            url = server.url("me:hush@a.localhost", "/x")
            results, attempts = await batch(
                [WebRequest(url=url, key="x"), WebRequest(url="http://me:hush@[bad/", key="y")], attempts=1
            )
            return results, attempts, server  # fmt: skip

    results, attempts, server = asyncio.run(run())
    assert all("Authorization" not in seen.headers for seen in server.seen)
    assert "hush" not in repr(results) + repr(attempts)


def test_a_name_may_not_change_its_mind():
    answered: list[str] = []

    async def lookup(host: str) -> list[str]:
        answered.append("127.0.0.1" if not answered else "10.0.0.1")
        return answered[-1:]

    routes = {("turncoat.example", "/robots.txt"): page("User-agent: *", headers={"Connection": "close"})}
    results, attempts, server = fetch(routes, ("turncoat.example", "/x"), lookup=lookup)
    assert results["/x"].outcome == "address_refused"
    assert answered == ["127.0.0.1", "10.0.0.1"]
    assert server.paths("turncoat.example") == ["/robots.txt"]


def test_names_that_resolve_to_private_addresses_are_refused():
    async def lookup(host: str) -> list[str]:
        return ["192.168.0.1", "::1", "fe80::1"]

    results, _, _ = fetch({}, ("inside.example", "/x"), lookup=lookup, allow_loopback=False)
    assert results["/x"].outcome == "address_refused" and not results["/x"].transient


def test_a_dead_host_costs_little_and_each_request_has_its_result():
    async def run():
        async with WebServer({("b.localhost", "/x"): page()}) as server:
            dead = [WebRequest(url=f"http://a.localhost:1/{n}", key=str(n)) for n in range(8)]
            return await batch([*dead, WebRequest(url=server.url("b.localhost", "/x"), key="alive")])

    results, attempts = asyncio.run(run())
    outcomes = [results[str(n)].outcome for n in range(8)]
    assert outcomes == ["connect_failed"] * 2 + ["host_unavailable"] * 6
    assert all(results[str(n)].transient for n in range(8))
    assert results["alive"].outcome == "ok"
    assert sum(a.outcome == "connect_failed" for a in attempts) == 5


def test_tls_to_a_server_without_it():
    async def run():
        async with WebServer({}) as server:
            return await batch([WebRequest(url=f"https://a.localhost:{server.port}/", key="x")])

    results, attempts = asyncio.run(run())
    assert results["x"].outcome == "tls_failed" and len(attempts) == 1
    assert "robots.txt" in results["x"].message and "certificate" in results["x"].message


def test_through_a_proxy_address_literals_are_still_guarded():
    async def run():
        async with RawServer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") as proxy:
            hosts = ("example.com", "10.0.0.1", "a.localhost")
            requests = [WebRequest(url=f"http://{host}/x", key=host) for host in hosts]
            return await batch(requests, allow_loopback=False, proxy=f"http://127.0.0.1:{proxy.port}")

    results, _ = asyncio.run(run())
    assert {host: result.outcome for host, result in results.items()} == {
        "example.com": "ok", "10.0.0.1": "address_refused", "a.localhost": "address_refused"}  # fmt: skip


def test_a_proxy_with_a_password_is_used_and_its_password_told_to_nobody_else(caplog):
    async def run():
        async with WebServer({("news.example", "/x"): page()}) as proxy:
            request = [WebRequest(url="http://news.example/x", key="x")]
            there = await batch(request, allow_loopback=False, proxy=f"http://me:hush@127.0.0.1:{proxy.port}")
            gone = await batch(request, allow_loopback=False, attempts=1, proxy="http://me:hush@127.0.0.1:1")
            return there, gone, proxy

    there, gone, proxy = asyncio.run(run())
    assert there[0]["x"].outcome == "ok"
    assert [seen.headers.get("Proxy-Authorization") for seen in proxy.seen] == ["Basic bWU6aHVzaA=="] * 2
    assert gone[0]["x"].outcome == "connect_failed" and gone[0]["x"].transient
    assert "hush" not in repr(there) + repr(gone) + caplog.text


def test_names_that_do_not_resolve():
    async def lookup(host: str) -> list[str]:
        raise OSError(-2, "Name or service not known")

    results, attempts, _ = fetch({}, ("nowhere.example", "/x"), lookup=lookup)
    assert results["/x"].outcome == "dns_failed" and "Name or service" not in results["/x"].final_url
    assert len(attempts) == 3


def test_leaving_early_gives_up_the_rest():
    async def slow(request: web.Request, before: int) -> web.Response:
        await asyncio.sleep(20)
        return web.Response()

    async def run():
        async with WebServer({("a.localhost", "/x"): page(), ("b.localhost", "/x"): slow}) as server:
            async with WebClient(WebLimits(**LIMITS), None) as client:
                results = client.fetch(
                    [WebRequest(url=server.url(host, "/x"), key=host) for host in ("a.localhost", "b.localhost")]
                )
                first = await anext(results)  # fmt: skip
                await results.aclose()
            return first

    assert asyncio.run(asyncio.wait_for(run(), 5)).request.key == "a.localhost"


def test_an_empty_batch():
    results, attempts, _ = fetch({})
    assert results == {} and attempts == []
