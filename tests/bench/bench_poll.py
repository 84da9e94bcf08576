"""A poll of unchanged sources measured: what discovery costs beyond the client that asks.

    python -m tests.bench.bench_poll [--sources 1000] [--rounds 5] [--profile]

A server in another process answers each source's conditional request with 304, each source on a loopback host of its
own, politeness gap off. A round asks all of them twice: by the client alone, and by a run of ``ingest`` from its list
of sources to its closed account, without Prefect. CPU is that of this
process; the median of the rounds counts. Told besides: requests per source, rows written, and the publishing.
"""

import argparse
import asyncio
import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from tasks.discover import DiscoverOptions, discover
from tasks.land import close
from tasks.web import WebClient, WebLimits, WebRequest
from tests.bench.loopback import Answering
from warehouse import model, store
from warehouse.stage import Stage

LIMITS = WebLimits(user_agent="Dateline/bench (+https://example.org)", host_gap_seconds=0, allow_loopback=True)
GOAL_MS = 1.0  # of our CPU per source, beyond the client's


def _answer(asked: bytes) -> bytes:
    """One feed for whoever asks; 304 to those who have it; robots.txt is not there."""
    asked = asked.lower()
    if asked.startswith(b"get /robots.txt"):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    if b"if-none-match" in asked:
        return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    body = b"<rss version='2.0'><channel><title>Gazette</title></channel></rss>"
    head = f'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n\r\n'
    return head.encode() + body


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Answering(_answer), "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def _served() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bench_poll", "--serve"], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def sources(count: int, port: int) -> list[model.Source]:
    """So many feeds, each on a host of its own within 127.0.0.0/8."""
    return [
        model.Source(
            source_id=f"s{number:05d}",
            kind="feed",
            url=f"http://127.{1 + number // 62_500}.{1 + number // 250 % 250}.{1 + number % 250}:{port}/feed",
            added_at=datetime.now(UTC),
        )
        for number in range(count)
    ]


async def _client_alone(folder: Path, feeds: Sequence[model.Source]) -> None:
    requests = [WebRequest(url=s.url, key=s.source_id, etag='"1"', purpose="feed") for s in feeds]
    async with WebClient(LIMITS, folder / "hosts") as client:
        async for result in client.fetch(requests):
            assert result.outcome == "not_modified", result


def poll(folder: Path, feeds: Sequence[model.Source], number: int) -> model.Run:
    """One run over all the sources, from its discovery to its closed account. The feeds have no entries."""
    stage = Stage(folder / "stage" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{number:04d}")
    options = DiscoverOptions(
        flow="ingest", version="bench", data_folder=folder, captures=folder / "captures", limits=LIMITS,
        lock_wait_seconds=10, poll_minutes=0, poll_minutes_cap=360, failure_poll_minutes_cap=1440, look_back_days=90,
        transient_failures=5, sitemap_days=7, batch_entries=100_000, only_due=False,
    )  # fmt: skip
    discover.fn(stage, feeds, [], options)
    return close.fn(stage, data_folder=folder, lock_wait_seconds=10)


def _poll_unchanged(folder: Path, feeds: Sequence[model.Source], number: int) -> None:
    run = poll(folder, feeds, number)
    assert (run.sources_unchanged, run.entries_in) == (len(feeds), 0), run


def _cpu_ms(count: int, work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began) / count


def main(arguments: Sequence[str] | None = None) -> dict[str, float]:
    """Measure as the command line asks; the figures are printed and returned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="say where the time of one more poll goes")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.serve:
        asyncio.run(_serve())
    with _served() as port, tempfile.TemporaryDirectory() as name:
        folder, feeds = Path(name), sources(asked.sources, port)
        poll(folder, feeds, 0)
        rounds = []
        for number in range(1, 1 + asked.rounds):
            client = _cpu_ms(len(feeds), lambda: asyncio.run(_client_alone(folder, feeds)))
            began = time.perf_counter()
            whole = _cpu_ms(len(feeds), partial(_poll_unchanged, folder, feeds, number))
            seconds = time.perf_counter() - began
            publishing = _cpu_ms(len(feeds), lambda: store.publish(folder, holder="bench"))
            rounds.append((client, whole, whole - client, publishing, seconds))
        names = ("client_ms", "poll_ms", "beyond_client_ms", "publish_ms", "poll_seconds")
        told = {name: round(median(values), 3) for name, values in zip(names, zip(*rounds, strict=True), strict=True)}
        with store.reader(folder) as connection:
            sql = "SELECT count(*) FROM fetches WHERE run_id = (SELECT max(run_id) FROM runs) AND purpose = 'feed'"
            ((requests,),) = connection.execute(sql).fetchall()
        told["requests_per_source"] = requests / len(feeds)
        print(json.dumps(told | {"sources": len(feeds), "rounds": asked.rounds, "goal_ms": GOAL_MS}))
        if asked.profile:
            profile = cProfile.Profile()
            profile.runcall(poll, folder, feeds, 1 + asked.rounds)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return told


if __name__ == "__main__":
    main()
