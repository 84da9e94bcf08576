"""Erasure on request, and what is kept for a time only: rows, bytes, stages, refines, reports, then the files anew.

Says in what order, so that the same call completes what ``kill -9`` at any instant has cut off: files first, by what
the rows tell; then the rows, in one transaction; then the warehouse and its snapshot written anew. A mark in the
archive's folder says from before the rows go until the end that this last part is due. No SQL on the warehouse here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.settings import Settings
from tasks.errors import DatelineError, Terminal
from tasks.likeness import canonical_url
from warehouse import erasure, forget, retention
from warehouse.digests import address_digest
from warehouse.erasure import Wanted
from warehouse.store import publish, writer

MARK = "erasure.pending"
NAMES = ("article_id", "day", "source_id", "copies_left", "title", "url")
#: What Prefect keeps of runs' reports and narration, in which titles and excerpts stand.
_EMPTY_REPORTS = {
    "artifact": "DELETE FROM artifact",
    "artifact_collection": "DELETE FROM artifact_collection",
    "log": "DELETE FROM log",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What went, or would go: a row of NAMES per article, entries of sources, captures' bodies, stages that could not
    be read and went whole, and whether something that was cut off before was completed."""

    articles: list[tuple]
    entries: int
    bodies: int
    stages: tuple[str, ...] = ()
    completed: bool = False


def erase(settings: Settings, wanted: Wanted, *, reason: str, dry_run: bool) -> Erased:
    """Erase articles, with every copy that the archive keeps of them, and bar their addresses.

    Raises Transient ``run_under_way`` while a run holds the archive, Terminal ``disk_full`` or ``folder_not_writable``;
    called again after any of these, or after a kill, it completes what it began.
    """
    wanted = Wanted(
        article_ids=wanted.article_ids,
        urls=tuple({*wanted.urls, *map(_canonical, wanted.urls)}),
        source_id=wanted.source_id,
        person=wanted.person,
        with_copies=wanted.with_copies,
    )
    with _alone(settings, "erase") as wait_seconds:
        with writer(settings.data_folder, holder="erase", wait_seconds=wait_seconds) as connection:
            erasure.choose(connection, wanted)
            articles, entries = erasure.listed(connection), erasure.entries_count(connection)
            addresses = erasure.addresses(connection)
            if dry_run:
                bodies = sum(map(len, erasure.doomed_bytes(connection).values()))
                return Erased(articles=articles, entries=entries, bodies=bodies)
            digests = {address_digest(_canonical(url)) for url in addresses}
            more = {url for url in erasure.requests(connection) if address_digest(_canonical(url)) in digests}
            doomed = forget.Doomed(
                article_ids=erasure.article_ids(connection),
                addresses=addresses | more,
                digests=digests,
                canonical=_canonical,
            )
            found, removed = forget.find_in_stages((settings.stages, settings.quarantine), doomed)
            kept = {pair for stage in found for pair in stage.kept}
            erasure.choose_bytes(connection, {pair for stage in found for pair in stage.gone})
            gone = erasure.doomed_bytes(connection, kept)
            bodies = forget.forget_bytes(settings.captures, gone)
            lone = {digest for digests_of_file in gone.values() for digest in digests_of_file}
            named = erasure.capture_files(connection)
            bodies += forget.forget_orphans(settings.captures, named, doomed, lone, kept)
            forget.forget_stages(found, doomed)
            forget.forget_refined(settings.data_folder, doomed.article_ids)
            forget.sweep_partials(settings.data_folder)
            completed = _is_due(settings)
            is_there = bool(articles or entries or bodies or completed)
            if is_there:
                (settings.data_folder / MARK).touch()
            erasure.delete(connection, digests=digests, more_addresses=more, reason=reason, erased_at=datetime.now(UTC))
        if is_there:
            _write_anew(settings, "erase", wait_seconds)
        else:
            publish(settings.data_folder, holder="erase", wait_seconds=wait_seconds)
    stages = tuple(map(str, removed))
    return Erased(articles=articles, entries=entries, bodies=bodies, stages=stages, completed=completed)


def retain(settings: Settings, *, days: int, source_id: str | None, bodies: bool, dry_run: bool) -> Erased:
    """Drop the captures fetched more than ``days`` days ago and, where ``bodies``, the texts of articles not found
    changed since. The rows stay. Raises as :func:`erase` does, and is completed as it is."""
    before = datetime.now(UTC) - timedelta(days=days)
    with _alone(settings, "retain") as wait_seconds:
        with writer(settings.data_folder, holder="retain", wait_seconds=wait_seconds) as connection:
            retention.choose(connection, before=before, source_id=source_id, bodies=bodies)
            articles = erasure.listed(connection)
            if dry_run:
                gone = erasure.doomed_bytes(connection)
                return Erased(articles=articles, entries=0, bodies=sum(map(len, gone.values())))
            gone = erasure.doomed_bytes(connection, forget.named_by_stages(settings.stages))
            if not articles and not gone and not _is_due(settings):
                return Erased(articles=[], entries=0, bodies=0)
            count = forget.forget_bytes(settings.captures, gone)
            forget.forget_refined(settings.data_folder, erasure.article_ids(connection))
            forget.sweep_partials(settings.data_folder)
            completed = _is_due(settings)
            (settings.data_folder / MARK).touch()
            retention.drop(connection, gone, before=before, source_id=source_id, bodies=bodies)
        _write_anew(settings, "retain", wait_seconds)
    return Erased(articles=articles, entries=0, bodies=count, completed=completed)


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except DatelineError:  # a file's address, or what stood for an entry without one: it is its own form
        return url


@contextmanager
def _alone(settings: Settings, holder: str) -> Iterator[float]:
    """Hold the archive as a run does; yields how long to wait for its warehouse."""
    from flows.pipeline import only_run  # brings Prefect, which takes over a second

    with only_run(settings, holder):
        yield settings.archive.lock_wait_seconds


def _is_due(settings: Settings) -> bool:
    """True where an erasure was cut off after its rows were gone and before the files were written anew."""
    return (settings.data_folder / MARK).exists()


def _write_anew(settings: Settings, holder: str, wait_seconds: float) -> None:
    folder = settings.data_folder
    erasure.compact(folder, holder=holder, wait_seconds=wait_seconds)
    publish(folder, holder=holder, wait_seconds=wait_seconds)
    _forget_reports(folder / "prefect" / "prefect.db")
    (folder / MARK).unlink()


def _forget_reports(path: Path) -> None:
    """Empty what Prefect's database beside the warehouse keeps of reports and logs; one elsewhere is not ours."""
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table, statement in _EMPTY_REPORTS.items():
                if table in there:
                    connection.execute(statement)
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise Terminal(
            "reports_busy",
            f"The reports in {path} could not be emptied ({error}). Stop `dateline serve` and call this again; "
            "all else is done.",
        ) from error
