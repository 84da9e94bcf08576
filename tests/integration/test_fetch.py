"""The fetching of whole batches: nothing twice and nothing lost across ``kill -9``, and the same bytes once."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
from aiohttp import web

from tests.integration.faultserver import faults_served
from tests.integration.fetchbatch import fetch_all, stage_of, stage_urls, start
from warehouse import captures, model
from warehouse.records import to_table
from warehouse.staged import StagedCapture
from warehouse.store import writer
from webserver import WebServer, page

HOSTS = 8


@contextmanager
def served(routes: dict | None = None) -> Iterator[WebServer]:
    """A server in a thread, so that a batch can run beside it; every path that has no route is a page of its own."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    server = WebServer(routes or {})

    async def run() -> None:
        async with server:
            ready.set()
            await stop.wait()

    stop = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def rows_of(data: Path) -> list[StagedCapture]:
    return stage_of(data).read("fetch", 1)


def bytes_stored(data: Path) -> int:
    """How many bodies the files of captures hold, all together."""
    return sum(pq.read_metadata(path).num_rows for path in (data / "captures").rglob("*.parquet"))


def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path):
    pages, concurrency = 400, 4
    answered = threading.Event()

    async def own(request: web.Request, before: int) -> web.Response:
        if len(server.seen) > pages // 2:
            answered.set()
        await asyncio.sleep(0.003)  # so slow that the middle can be met
        return web.Response(text=f"<p>{request.path}</p>" * 50)

    paths = [(f"h{number % HOSTS}.localhost", f"/{number}") for number in range(pages)]
    with served({path: own for path in paths}) as server:
        urls = [server.url(*path) for path in paths]
        stage_urls(stage_of(tmp_path), urls)
        process = start(tmp_path, concurrency=concurrency)
        assert answered.wait(60)
        process.kill()
        process.communicate()
        before = Counter(f"http://{seen.host}:{server.port}{seen.path}" for seen in server.seen)
        assert not stage_of(tmp_path).has("fetch", 1) and not list((tmp_path / "captures").rglob("*.parquet"))

        fetch_all(tmp_path, concurrency=concurrency)
        asked = Counter(f"http://{seen.host}:{server.port}{seen.path}" for seen in server.seen)

    twice = [url for url in urls if asked[url] > 1]
    # Under way at the kill: on the wire, or handed over in that very moment.
    assert len(twice) <= 3 * concurrency, f"{len(twice)} of {before.total()} pages were fetched again"
    assert set(urls) <= asked.keys() and max(asked[url] for url in urls) <= 2
    rows = rows_of(tmp_path)
    assert sorted(row.capture.url for row in rows) == sorted(urls)
    bodies = captures.load(tmp_path / "captures", [row.capture for row in rows])
    assert {row.capture.url: bodies[row.capture.capture_id] for row in rows} == {
        url: f"<p>/{url.rpartition('/')[2]}</p>".encode() * 50 for url in urls}  # fmt: skip
    requests = stage_of(tmp_path).read("fetches", 1)
    assert {request.url for request in requests if request.purpose == "page"} == set(urls)
    assert not list((tmp_path / "stage").rglob("*.journal")) and not list(tmp_path.rglob("*.partial"))


def test_the_same_bytes_are_stored_once_in_a_batch_in_others_and_in_other_runs(tmp_path: Path):
    same, other = page("<p>the wire's own words</p>"), page("<p>something else</p>")
    routes = {("a.localhost", f"/{name}"): same for name in ("one", "two", "three", "four")}
    with served(routes | {("b.localhost", "/five"): other}) as server:
        urls = [server.url(*path) for path in (*routes, ("b.localhost", "/five"))]
        stage = stage_of(tmp_path)
        stage_urls(stage, urls, batch_entries=2)  # one and two, three and four, five
        fetch_all(tmp_path)
        first = [row.capture for batch in (1, 2, 3) for row in stage.read("fetch", batch)]
        assert bytes_stored(tmp_path) == 2
        land_captures(tmp_path, first)
        stage.remove()

        later = stage_of(tmp_path, "20261102T000000Z-0000")
        stage_urls(later, [urls[0], urls[4]])
        fetch_all(tmp_path, later)
        again = [row.capture for row in later.read("fetch", 1)]
        assert bytes_stored(tmp_path) == 2, "another run stores nothing that is there"

        (tmp_path / "captures" / next(c.path for c in first if c.url == urls[4])).unlink()
        lost = stage_of(tmp_path, "20261103T000000Z-0000")
        stage_urls(lost, [urls[4]])
        fetch_all(tmp_path, lost)
    assert len({capture.path for capture in first}) == 2
    assert {capture.path for capture in again} == {capture.path for capture in first}
    assert len({capture.capture_id for capture in [*first, *again]}) == 7
    loaded = captures.load(tmp_path / "captures", [*first[:4], again[0], lost.read("fetch", 1)[0].capture])
    assert sorted(loaded.values()) == [b"<p>something else</p>"] + [b"<p>the wire's own words</p>"] * 5


def test_what_is_new_beside_bytes_that_are_there_is_stored_whole(tmp_path: Path):
    told = {f"/{number}": f"<p>{number}</p>" * 200 for number in range(80)}
    with served({("a.localhost", path): page(body) for path, body in told.items()}) as server:
        urls = [server.url("a.localhost", path) for path in told]
        stage = stage_of(tmp_path)
        stage_urls(stage, urls[:1])
        fetch_all(tmp_path)
        land_captures(tmp_path, [row.capture for row in stage.read("fetch", 1)])
        later = stage_of(tmp_path, "20261102T000000Z-0000")
        stage_urls(later, urls)
        fetch_all(tmp_path, later)
    stored = [row.capture for row in later.read("fetch", 1)]
    loaded = captures.load(tmp_path / "captures", stored)
    assert [loaded[capture.capture_id].decode() for capture in stored] == [
        told[capture.url.removeprefix(server.url("a.localhost", ""))] for capture in stored
    ]


def land_captures(data: Path, rows: list[model.Capture]) -> None:
    """Put captures into the warehouse as a run that has landed leaves them."""
    with writer(data, holder="test") as connection:
        connection.register("landed", to_table(model.Capture, rows))
        connection.execute("INSERT INTO captures BY NAME SELECT * FROM landed")


def test_a_hostile_web_costs_bounded_time_and_memory_and_no_healthy_page(tmp_path: Path):
    with faults_served() as server:
        expected = server.expected() | dict.fromkeys(server.healthy(60), "ok")
        stage_urls(stage_of(tmp_path), expected)
        process = start(tmp_path, total_seconds=3, idle_seconds=1, attempts=1, wire_bytes=5_000_000,
                        decoded_bytes=10_000_000)  # fmt: skip
        told, faults = process.communicate(timeout=100)
        assert process.returncode == 0, faults
    cost = json.loads(told)
    urls = [entry.url for entry in stage_of(tmp_path).entries(1)]
    rows = {urls[row.entry_id]: row for row in rows_of(tmp_path)}
    assert {url: row.reason or "ok" for url, row in rows.items()} == expected
    assert all(row.capture or row.message for row in rows.values())
    assert "hush" not in repr(rows) + repr(stage_of(tmp_path).read("fetches", 1)) + faults
    assert cost["seconds"] < 30 and cost["rss_bytes"] < 500_000_000, cost
