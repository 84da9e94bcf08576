"""`kill -9` at random instants while an archive is upgraded, landed, maintained and published.

    python -m tests.bench.bench_kill [--kills 200] [--seed 1]

Each round takes a warehouse of an earlier version with staged runs beside it and lets a process work on it, which is
killed up to three times. After each kill the warehouse opens, its account balances, and the snapshot, if there is one,
is whole; at the end of the round one process is left alone, and the archive must equal one that nobody disturbed.
Prints a line for each kill: when, in the midst of what, and what was left.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb

from tests.contracts.handmade import NOON, Story, stage_run
from tests.contracts.versions import MIGRATIONS, everything, make_version
from warehouse import index, landing, store
from warehouse.stage import Stage, sweep, unfinished

RUNS = 2
BATCHES = 2  # of each run
MOMENTS = "moments.txt"
_CONTEXT = multiprocessing.get_context("forkserver")
#: What differs between two archives that hold the same.
_TIMES = {"batches": {"landed_at"}, "runs": {"finished_at"}}

_DOUBLED = """
SELECT 'article ' || article_id FROM articles GROUP BY article_id HAVING count(*) > 1
UNION ALL SELECT 'capture ' || capture_id FROM captures GROUP BY capture_id HAVING count(*) > 1
UNION ALL SELECT 'url ' || url FROM article_urls GROUP BY article_id, url HAVING count(*) > 1
UNION ALL SELECT 'revision of ' || article_id FROM revisions GROUP BY article_id, revision HAVING count(*) > 1
UNION ALL SELECT 'entry ' || url FROM entries GROUP BY run_id, url HAVING count(*) > 1
"""
_UNBALANCED = """
SELECT 'run ' || run_id || ': ' || landed.entries || ' entries landed, ' || there.entries || ' there'
FROM (SELECT run_id, sum(entries) AS entries FROM batches WHERE run_id LIKE 'run-%' GROUP BY run_id) AS landed
FULL JOIN (
    SELECT run_id, count(*) AS entries FROM entries WHERE run_id LIKE 'run-%' AND stage IS DISTINCT FROM 'discover'
    GROUP BY run_id
) AS there USING (run_id)
WHERE landed.entries IS DISTINCT FROM there.entries
UNION ALL
SELECT 'account of ' || run_id FROM runs WHERE run_id LIKE 'run-%' AND entries_in <> entries_landed + entries_dropped
"""


class _Moments:
    """What a process is at, line by line in a file: the last line tells what it was killed at."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / MOMENTS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def at(self, what: str) -> None:
        os.write(self._file, f"{time.monotonic()} {what}\n".encode())


def work(folder: Path) -> None:
    """What the flows do with an archive: upgrade it, land and close what is staged, maintain it, publish it."""
    moments = _Moments(folder)
    moments.at("upgrade")
    with store.writer(folder, holder="work"):
        pass
    sweep(folder / "stage")
    for stage in unfinished(folder / "stage"):
        for batch in stage.batches():
            moments.at("land")
            with store.writer(folder, holder=stage.run_id) as connection:
                landing.land(connection, stage, batch)
        moments.at("close")
        with store.writer(folder, holder=stage.run_id) as connection:
            landing.close_run(connection, stage)
        moments.at("forget")
        stage.remove()
        moments.at("publish")
        store.publish(folder, holder="work")
    moments.at("maintain")
    with store.writer(folder, holder="work") as connection:
        index.compact(connection, everything=True)
        connection.execute("CHECKPOINT")
    moments.at("publish")
    store.publish(folder, holder="work")
    moments.at("end")


def make_archive(folder: Path, version: int) -> None:
    """An archive whose warehouse is of an earlier version, two runs staged: new articles and a drop, then revisions,
    copies and more new ones."""
    folder.mkdir()
    make_version(folder / store.WAREHOUSE, version)
    first = [_story(number) for number in range(12)]
    second = [
        *(replace(s, text=f"{s.text} Corrected.", outcome="revised", revision=2) for s in first[:6]),
        *(replace(_story(100 + n), outcome="copy", duplicate_of=f"a{n}", duplicate_kind="exact") for n in range(3)),
        *(_story(number) for number in range(200, 206)),
    ]
    first.append(Story(url="https://gazette.example/gone", reason="http_404"))
    second.append(Story(url="https://gazette.example/0?from=feed", reason="same_url", at_discovery=True))
    for number, stories in enumerate((first, second), start=1):
        _cut(stage_run(folder, f"run-{number}", stories, seen_at=NOON + timedelta(hours=number)))


def _story(number: int) -> Story:
    text = f"Ada Brand{number} said the ferry {number} sails. " + f"Word{number} of the strait. " * 40
    return Story(
        url=f"https://gazette.example/{number}",
        article_id=f"a{number}",
        title=f"Ferry {number}",
        text=text,
        people=[f"Ada Brand{number}"],
        sketch=[number, -number - 1],
        edges=[number, 7],
    )


def _cut(stage: Stage) -> None:
    """Cut the one batch of a staged run into several."""
    entries = stage.read("entries", 0)
    stage.write("entries", 0, [replace(e, batch=e.batch and 1 + e.entry_id % BATCHES) for e in entries])
    for step in ("fetch", "clean", "resemble", "enrich"):
        rows = stage.read(step, 1)
        for batch in range(1, BATCHES + 1):
            stage.write(step, batch, [row for row in rows if 1 + row.entry_id % BATCHES == batch])


def faults(warehouse: Path) -> list[str]:
    """What is wrong with a warehouse or a snapshot, every value of it read."""
    with duckdb.connect(warehouse) as connection:
        for table, *_ in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.execute(f"SELECT max(hash(t)) FROM {table} AS t").fetchall()
        return [row[0] for row in connection.execute(f"{_DOUBLED} UNION ALL {_UNBALANCED}").fetchall()]


def look_at(folder: Path, aside: Path) -> list[str]:
    """The faults of a killed archive; of copies, so that the next process finds what the kill has left."""
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for path in folder.glob("*.duckdb*"):
        shutil.copy(path, aside)
    told = [f"warehouse: {fault}" for fault in faults(aside / store.WAREHOUSE)]
    if (aside / store.SNAPSHOT).exists():
        told += [f"snapshot: {fault}" for fault in faults(aside / store.SNAPSHOT)]
    return told


def contents(path: Path) -> dict[str, list[tuple]]:
    """Every row of every table, the times of the work left out."""
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return {
            table: sorted(
                [tuple(v for c, v in zip(columns, row, strict=True) if c not in _TIMES.get(table, ())) for row in rows],
                key=repr,
            )
            for table, (columns, rows) in everything(connection).items()
        }


def _left_alone(folder: Path) -> None:
    process = _CONTEXT.Process(target=work, args=(folder,))
    process.start()
    process.join(60)
    if process.exitcode != 0:
        raise SystemExit(f"the process that nobody killed ended with {process.exitcode} in {folder}")


def _timeline(folder: Path) -> list[tuple[float, str]]:
    lines = [line.split() for line in (folder / MOMENTS).read_text().splitlines()]
    return [(float(at), what) for at, what in lines]


def _killed_at(folder: Path, seconds: float) -> str | None:
    """Let a process work for so long from its first moment on, kill it, and say what it was at; None where it had
    ended before."""
    (folder / MOMENTS).unlink(missing_ok=True)
    process = _CONTEXT.Process(target=work, args=(folder,))
    process.start()
    while not (folder / MOMENTS).exists() and process.is_alive():
        time.sleep(0.0005)
    time.sleep(seconds)
    process.kill()
    process.join(60)
    if process.exitcode not in (0, -signal.SIGKILL):
        raise SystemExit(f"the process to be killed ended with {process.exitcode} in {folder}")
    return _timeline(folder)[-1][1] if process.exitcode else None


def _instant(timeline: Sequence[tuple[float, str]], dice: random.Random) -> float:
    """Seconds into the work at which to kill: each kind of work is as likely as any other, however short it is."""
    spans = [(start, end, what) for (start, what), (end, _) in zip(timeline, timeline[1:], strict=False)]
    kind = dice.choice(sorted({what for *_, what in spans}))
    start, end, _ = dice.choice([span for span in spans if span[2] == kind])
    return dice.uniform(start, end) - timeline[0][0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rounds; 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--schema", type=int, help="the earlier version to begin with [default: any]")
    told = parser.parse_args(arguments)
    dice = random.Random(told.seed)
    _CONTEXT.set_forkserver_preload(["tests.contracts.handmade", "tests.contracts.versions", "warehouse.landing"])
    found: list[str] = []
    counts: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        undisturbed: dict[int, tuple[list[tuple[float, str]], dict[str, list[tuple]]]] = {}
        while (killed := sum(counts.values())) < told.kills:
            version = told.schema or dice.randrange(1, len(MIGRATIONS) + 1)
            template, folder = place / f"of-{version}", place / "archive"
            if version not in undisturbed:
                make_archive(template, version)
                shutil.copytree(template, folder)
                _left_alone(folder)
                undisturbed[version] = _timeline(folder), contents(folder / store.SNAPSHOT)
                shutil.rmtree(folder)
            shutil.copytree(template, folder)
            timeline, expected = undisturbed[version]
            for kill in range(killed + 1, min(killed + dice.randint(1, 3), told.kills) + 1):
                seconds = _instant(timeline, dice) * (1 + len(unfinished(folder / "stage"))) / (1 + RUNS)
                what = _killed_at(folder, seconds)
                if what is None:
                    break
                counts[what] += 1
                wrong = look_at(folder, place / "aside")
                found += [f"kill {kill}: {fault}" for fault in wrong]
                left = sorted(path.name for path in folder.glob("*.duckdb*")) + [
                    s.run_id for s in unfinished(folder / "stage")
                ]
                print(
                    f"kill {kill:3} schema {version} at {seconds * 1e3:6.1f} ms in {what:8} left {' '.join(left)}: "
                    f"{'; '.join(wrong) or 'sound'}",
                    flush=True,
                )
            _left_alone(folder)
            end, published = contents(folder / store.WAREHOUSE), contents(folder / store.SNAPSHOT)
            found += [f"kill {kill}: {t} differs in the end" for t in expected if end[t] != expected[t]]
            found += [f"kill {kill}: {t} differs in the snapshot" for t in expected if published[t] != expected[t]]
            remains = [path.name for path in folder.glob("*.partial")] + [path.name for path in folder.glob("*.wal")]
            found += [f"kill {kill}: {name} is left over" for name in remains]
            shutil.rmtree(folder)
    shares = ", ".join(f"{count} in {what}" for what, count in counts.most_common())
    print(f"{sum(counts.values())} kills in {time.monotonic() - started:.0f} s: {shares}; {len(found)} faults")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
