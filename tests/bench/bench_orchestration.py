"""What Prefect costs: an ingest that finds nothing new beside an empty flow, and its share of one that finds much.

    python -m tests.bench.bench_orchestration [--pages 2000] [--rounds 10]

A Prefect server with SQLite and a web of generated pages run in processes of their own; all else in one more.

- Share: the steps of a run, as a flow takes them; then once more over the same stage, where each step finds its work
  done: what that costs is orchestration, and some looking. CPU seconds count, of the run and its worker processes; the
  seconds of the server of Prefect, which works beside the run, are told too.
- Nothing new: the archive's source is due and answers 304. Interleaved with an empty flow; medians of wall seconds.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.bench.loopback import Answering
from tests.conftest import free_port
from tests.demo.archive import make_archive

HOSTS = 50  # 127.0.0.2 and up: one connection each
GOAL_RATIO, GOAL_SHARE = 1.5, 0.02
START_SECONDS = 180
_PARTS = tuple(
    words.split()
    for words in (
        "Ada Ben Cleo Dan Eva Finn Gita Hugo Ines Jon",
        "Brand Cole Dorn Ellis Frost Gale Holm Iyer Joss Kerr",
        "council harbour bridge ferry school market station library theatre hospital",
        "closes reopens borrows expands repairs sells insures inspects delays restores",
        "roof quay lease budget fleet archive contract tower garden kitchen",
        "Monday Tuesday Wednesday Thursday Friday",
        "Paris London Delhi Lagos Lima Oslo Tokyo Cairo Quito Dublin",
    )
)


def _page(number: int) -> str:
    pick = random.Random(number)
    sentences = []
    for line in range(20):
        given, family, who, does, what, day, place = (pick.choice(words) for words in _PARTS)
        sentences.append(
            f"The {who} {number * 20 + line} {does} its {what} in {place}, {given} {family} said on {day}: "
            f"“It cost {pick.randint(2, 900)} million dollars.”"
        )
    text = "".join(f"<p>{' '.join(sentences[start : start + 4])}</p>" for start in range(0, 20, 4))
    return f"<html><title>Story {number}</title><article><h1>Story {number}</h1>{text}</article></html>"


async def _serve(pages: int) -> None:
    """The feed and its pages; 304 to those who have the feed; robots.txt is not there."""

    def answer(asked: bytes) -> bytes:
        asked = asked.lower()
        path = asked.split(b" ")[1].decode()
        if path == "/feed" and b"if-none-match" in asked:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        if path not in ("/feed", "/robots.txt"):
            body, kind = _page(int(path[1:])).encode(), "text/html"
        else:
            body, kind = (feed if path == "/feed" else b""), "application/rss+xml"
        status = "404 Not Found" if path == "/robots.txt" else "200 OK"
        head = f'HTTP/1.1 {status}\r\nETag: "1"\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n'
        return head.encode() + body

    server = await asyncio.get_running_loop().create_server(lambda: Answering(answer), "0.0.0.0", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    items = (
        f"<item><title>Story {n}</title><link>http://127.0.0.{2 + n % HOSTS}:{port}/{n}</link></item>"
        for n in range(pages)
    )
    feed = f"<rss version='2.0'><channel><title>Gazette</title>{''.join(items)}</channel></rss>".encode()
    print(port, flush=True)
    await server.serve_forever()


def _cpu_seconds(*pids: int) -> float:
    """What these processes, and all that they have started, have used so far."""
    used: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended in between
            continue
        pid = int(path.parent.name)
        used[pid] = sum(int(ticks) for ticks in told[11:15])
        children.setdefault(int(told[1]), []).append(pid)
    counted = list(pids)
    for pid in counted:
        counted += children.get(pid, [])
    return sum(used.get(pid, 0) for pid in counted) / os.sysconf("SC_CLK_TCK")


def _measured(server: int, work: Callable[[], object]) -> dict[str, float]:
    cpu, of_server, began = _cpu_seconds(os.getpid()), _cpu_seconds(server), time.perf_counter()
    work()
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": _cpu_seconds(os.getpid()) - cpu,
        "server_cpu_seconds": _cpu_seconds(server) - of_server,
    }


def _measure(server: int, settings_file: Path, rounds: int) -> dict[str, dict[str, float]]:
    """All that is measured, in a process whose environment names Prefect's ``server``, a process."""
    from prefect import flow

    from flows.ingest import discover_options, ingest
    from flows.pipeline import TASK_RUNNER, new_stage, process
    from flows.progress import RunProgress
    from flows.settings import load_settings
    from flows.sources import load_sources
    from tasks.discover import discover
    from warehouse.store import writer

    settings = load_settings(settings_file)
    stage = new_stage(settings)

    @flow(name="empty", persist_result=False)
    def empty() -> None:
        pass

    @flow(name="steps", task_runner=TASK_RUNNER, persist_result=False)
    def steps() -> None:
        if not stage.discovered():
            sources = load_sources(settings.archive.sources_file)
            discover(stage, sources, [], discover_options(settings, flow="ingest"))
        with RunProgress("bench-progress", total=3 * len(stage.read("entries", 0))) as progress:
            process(stage, settings, progress)

    empty()  # what is loaded at first use is no run's cost
    told = {"work": _measured(server, steps), "work, again": _measured(server, steps)}
    ingest(settings_file=settings_file)  # closes the run
    nothing: dict[str, list[dict[str, float]]] = {"empty flow": [], "nothing new": []}
    for _ in range(rounds):
        with writer(settings.data_folder, holder="bench") as connection:
            connection.execute("UPDATE sources SET next_poll_at = now() - INTERVAL 1 HOUR")
        nothing["empty flow"].append(_measured(server, empty))
        nothing["nothing new"].append(_measured(server, lambda: _nothing_new(ingest, settings_file)))
    for name, each in nothing.items():
        told[name] = {unit: median(one[unit] for one in each) for unit in each[0]}
    return told


def _nothing_new(ingest: Callable, settings_file: Path) -> None:
    (run,) = ingest(settings_file=settings_file)
    assert (run.sources_unchanged, run.entries_in) == (1, 0), run


@contextmanager
def _started(*command: str, **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-m", *command], **options)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def _prefect(home: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Prefect's server: its process, and the environment of those who use it."""
    port = str(free_port())
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DATELINE_"))}
    mine |= {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "WARNING"}
    told = ("prefect", "server", "start", "--host", "127.0.0.1", "--port", port, "--no-ui")
    with _started(*told, env=mine, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        api = f"http://127.0.0.1:{port}/api"
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"{api}/health"):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("Prefect's server does not start.")
            time.sleep(0.3)
        yield server.pid, mine | {"PREFECT_API_URL": api}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except OSError:
        return False


def _archive(folder: Path, port: int) -> Path:
    sources = f'[[source]]\nid = "gazette"\nurl = "http://127.0.0.1:{port}/feed"\nkind = "feed"\n'
    settings_file = make_archive(folder, port, sources=sources)
    told = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(told.replace("host_gap_seconds = 0.05", "host_gap_seconds = 0"), encoding="utf-8")
    return settings_file


def _report(told: dict[str, dict[str, float]], pages: int) -> Iterator[str]:
    yield f"{'':<12}{'wall s':>9}{'CPU s':>9}{'server CPU s':>14}"
    for name, row in told.items():
        yield f"{name:<12}{row['seconds']:>9.2f}{row['cpu_seconds']:>9.2f}{row['server_cpu_seconds']:>14.2f}"
    again, work = told["work, again"], told["work"]
    ratio = told["nothing new"]["seconds"] / told["empty flow"]["seconds"]
    share = again["cpu_seconds"] / work["cpu_seconds"]
    of_all = (again["cpu_seconds"] + again["server_cpu_seconds"]) / (work["cpu_seconds"] + work["server_cpu_seconds"])
    yield f"nothing new, beside an empty flow: {ratio:.2f} (goal: at most {GOAL_RATIO})"
    yield f"orchestration's share of a run of {pages} pages: {share:.1%} (goal: at most {GOAL_SHARE:.0%})"
    yield f"the same with the server's CPU: {of_all:.1%}"


def main(arguments: Sequence[str] | None = None) -> dict[str, dict[str, float]]:
    """Measure as the command line asks; the figures are printed and returned, by part and unit."""
    parser = argparse.ArgumentParser(prog="bench_orchestration", description=__doc__.partition("\n\n")[0])
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.serve:
        asyncio.run(_serve(asked.pages))
    if asked.measure:
        server, settings_file = asked.measure
        print(json.dumps(_measure(int(server), Path(settings_file), asked.rounds)))
        return {}
    me, counts = __spec__.name, ("--pages", str(asked.pages), "--rounds", str(asked.rounds))
    with tempfile.TemporaryDirectory() as name, _started(me, *counts, "--serve", stdout=subprocess.PIPE) as web:
        port, folder = int(web.stdout.readline()), Path(name)
        settings_file = str(_archive(folder / "archive", port))
        with _prefect(folder / "prefect") as (server, environment):
            told = json.loads(
                subprocess.run(
                    [sys.executable, "-m", me, *counts, "--measure", str(server), settings_file],
                    env=environment, check=True, stdout=subprocess.PIPE,
                ).stdout
            )  # fmt: skip
    print("\n".join(_report(told, asked.pages)))
    return told


if __name__ == "__main__":
    main()
