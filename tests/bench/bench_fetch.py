"""Fetching measured: pages from a loopback server of many hosts through the whole of ``tasks.fetch``, beside a bare
aiohttp client that drops what it reads and, where a Python that has it is named, Scrapy.

    python -m tests.bench.bench_fetch [--pages 4000] [--rounds 3] [--scrapy /path/to/venv/bin/python]

Every contender is a process of its own and asks the same server for the same pages with as many connections at once;
start and imports are not counted, and the best of the rounds is told. Dateline and Scrapy obey robots.txt; Dateline
writes captures and stage as in a run, its politeness gap off. Peers are never imported here.
"""

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from tasks.web import WebLimits
from tests.bench.loopback import Answering
from warehouse.stage import Stage
from warehouse.staged import StagedEntry
from warehouse.store import writer

PAGE_BYTES = 100_000
_ROBOTS = b"User-agent: *\nDisallow: /private/\n"
_WORDS = ("harbour", "council", "vote", "sea", "wall", "storm", "winter", "quay", "crown", "engineer", "light", "road")

SCRAPY = """
import json, resource, sys, time, scrapy
from scrapy.crawler import CrawlerProcess
urls, concurrency = json.load(sys.stdin)
done = []
class Spider(scrapy.Spider):
    name = "bench"
    start_urls = urls
    async def start(self):
        for url in urls:
            yield scrapy.Request(url, dont_filter=True)
    def parse(self, response):
        done.append(len(response.body))
settings = {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": concurrency, "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "TELNETCONSOLE_ENABLED": False, "RETRY_ENABLED": False}
process = CrawlerProcess(settings)
process.crawl(Spider)
began, cpu = time.perf_counter(), time.process_time()
process.start()
rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu,
                  "pages": len(done), "rss_mb": rss_mb}))
"""


class _Packed:
    """Pages of ``PAGE_BYTES``, gzip, no two alike, and as little work a request as can be: a common part that is
    compressed once, and a tail of each page's own."""

    def __init__(self) -> None:
        rng = random.Random(4)
        text = "<html><body>"
        while len(text) < PAGE_BYTES - 200:
            words = " ".join(rng.choice(_WORDS) + rng.choice(("", "s", "ed", "ing")) for _ in range(40))
            text += f"<p class='c{rng.randrange(10**6)}'>{words} {rng.randrange(10**9)}.</p>\n"
        self._packing = zlib.compressobj(6, wbits=31)
        self._start = self._packing.compress(text.encode()) + self._packing.flush(zlib.Z_SYNC_FLUSH)

    def answer(self, asked: bytes) -> bytes:
        path = asked.split(b" ", 2)[1]
        if path == b"/robots.txt":
            return b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(_ROBOTS) + _ROBOTS
        packing = self._packing.copy()
        tail = packing.compress(b"<p>%s</p></body></html>" % path) + packing.flush()
        size = len(self._start) + len(tail)
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
            b"Content-Length: %d\r\n\r\n" % size + self._start + tail
        )


async def _serve(hosts: int) -> None:
    packed, loop = _Packed(), asyncio.get_running_loop()
    first = await loop.create_server(lambda: Answering(packed.answer), "127.0.0.2", 0)
    port = first.sockets[0].getsockname()[1]
    more = [f"127.0.0.{number}" for number in range(3, hosts + 2)]
    servers = [first, await loop.create_server(lambda: Answering(packed.answer), more, port)] if more else [first]
    print(port, flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _bare(urls: Sequence[str], concurrency: int) -> dict[str, float]:
    waiting, sizes = iter(urls), []

    async def work(session: aiohttp.ClientSession) -> None:
        for url in waiting:
            async with session.get(url) as response:
                sizes.append(len(await response.read()))

    began, cpu = time.perf_counter(), time.process_time()
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=True) as session:
        await asyncio.gather(*(work(session) for _ in range(concurrency)))
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "pages": sum(size > PAGE_BYTES * 0.9 for size in sizes),
    }


def _dateline(urls: Sequence[str], concurrency: int, batch_entries: int) -> dict[str, float]:
    # Only this contender pays for these imports, which take longer than a small run.
    from prefect.logging import disable_run_logger

    from tasks.fetch import fetch

    with tempfile.TemporaryDirectory(prefix="bench-fetch-") as name:
        data = Path(name)
        stage = Stage(data / "stage" / "20261101T000000Z-0000")
        entries = [_entry(number, url, 1 + number // batch_entries) for number, url in enumerate(urls)]
        stage.write("entries", 0, entries)
        with writer(data, holder="bench"):
            pass  # the warehouse is there before a run's first batch
        limits = WebLimits(
            user_agent="Dateline/bench (+bench)", concurrency=concurrency, host_gap_seconds=0, allow_loopback=True
        )
        began, cpu = time.perf_counter(), time.process_time()
        with disable_run_logger():
            for batch in stage.batches():
                fetch.fn(
                    stage, batch, data_folder=data, captures_folder=data / "captures", lock_wait_seconds=10,
                    limits=limits, progress=lambda count: None,
                )  # fmt: skip
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
        rows = [row for batch in stage.batches() for row in stage.read("fetch", batch)]
        return {
            "seconds": seconds,
            "cpu_seconds": cpu_seconds,
            "pages": sum(row.capture is not None for row in rows),
        }


def _entry(number: int, url: str, batch: int) -> StagedEntry:
    return StagedEntry(
        entry_id=number, batch=batch, source_id="bench", kind="page", url=url, canonical_url=url, digest=str(number),
        seen_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


@contextmanager
def _serving(hosts: int) -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "--as", "server", "--hosts", str(hosts)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()


def _contend(command: Sequence[str], urls: Sequence[str], concurrency: int) -> dict[str, float]:
    done = subprocess.run(
        command, input=json.dumps([urls, concurrency]), capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _table(best: dict[str, dict[str, float]], pages: int) -> Iterator[str]:
    bare = best["bare aiohttp"]["rate"]
    yield f"{'client':<16}{'pages/s':>9}{'of bare':>9}{'CPU ms':>8}{'RSS MB':>8}{'pages':>8}"
    for name, row in best.items():
        yield (
            f"{name:<16}{row['rate']:>9.0f}{row['rate'] / bare:>9.2f}{1000 * row['cpu_seconds'] / pages:>8.2f}"
            f"{row['rss_mb']:>8.0f}{row['pages']:>8.0f}{'' if row['pages'] == pages else ' (some failed)'}"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench_fetch", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--pages", type=int, default=4_000)
    parser.add_argument("--hosts", type=int, default=50, help="addresses 127.0.0.2 and up")
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--batch-entries", type=int, default=1_000, help="pages in one call of tasks.fetch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scrapy", help="a Python that has Scrapy")
    parser.add_argument("--as", dest="role", choices=("server", "bare", "dateline"), help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.role == "server":
        asyncio.run(_serve(told.hosts))
    if told.role:
        urls, concurrency = json.load(sys.stdin)
        if told.role == "bare":
            measured = asyncio.run(_bare(urls, concurrency))
        else:
            measured = _dateline(urls, concurrency, told.batch_entries)
        rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(measured | {"rss_mb": rss_mb}))
        return 0
    me = [sys.executable, "-m", __spec__.name, "--batch-entries", str(told.batch_entries), "--as"]
    contenders = {"bare aiohttp": [*me, "bare"], "dateline": [*me, "dateline"]}
    if told.scrapy:
        contenders["Scrapy"] = [told.scrapy, "-c", SCRAPY]
    best: dict[str, dict[str, float]] = {}
    with _serving(told.hosts) as port:
        urls = [f"http://127.0.0.{2 + n % told.hosts}:{port}/news/{n}" for n in range(told.pages)]
        for _ in range(told.rounds):
            for name, command in contenders.items():
                row = _contend(command, urls, told.concurrency)
                row["rate"] = row["pages"] / row["seconds"]
                best[name] = max(best.get(name, row), row, key=lambda each: each["rate"])
    print("\n".join(_table(best, told.pages)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
