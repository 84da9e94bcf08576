"""Erasure on request, and what is kept for a time only: rows, bytes, stages, refines, then the files anew, the pages
and reports that told of it.

Says in what order, so that the same call completes what ``kill -9`` at any instant has cut off: files first, by what
the rows tell; then the rows, in one transaction; then the warehouse and its snapshot written anew. A mark in the
archive's folder says from before the rows go until the end that this last part is due. No SQL on the warehouse here.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.settings import Settings
from tasks.errors import DatelineError, Terminal
from tasks.likeness import canonical_url
from warehouse import briefings, erasure, forget, retention
from warehouse.digests import address_digest
from warehouse.erasure import Wanted
from warehouse.retention import Limit
from warehouse.store import publish, reader, writer

MARK = "erasure.pending"
NAMES = ("article_id", "day", "source_id", "copies_left", "title", "url")
#: What Prefect keeps of runs' reports and narration, in which titles and excerpts stand.
_EMPTY_REPORTS = {
    "artifact": "DELETE FROM artifact",
    "artifact_collection": "DELETE FROM artifact_collection",
    "log": "DELETE FROM log",
}
_EMPTY_OLD_REPORTS = {
    "artifact": "DELETE FROM artifact WHERE updated < ? OR key = 'refine-report'",
    "artifact_collection": "DELETE FROM artifact_collection WHERE updated < ? OR key = 'refine-report'",
    "log": "DELETE FROM log WHERE timestamp < ?",
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
            completed = _cut_off(settings) is not None
            is_there = bool(articles or entries or bodies or completed)
            if is_there:
                _mark(settings, "erase")
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
    since = datetime.now(UTC) - timedelta(days=days)
    limit = Limit(source_id=source_id, captures_since=since, bodies_since=since if bodies else None)
    with _alone(settings, "retain") as wait_seconds:
        kept = keep(settings, [limit], holder="retain", dry_run=dry_run)
        if not dry_run:
            publish(settings.data_folder, holder="retain", wait_seconds=wait_seconds)
    return kept


def keep(
    settings: Settings,
    limits: Sequence[Limit],
    *,
    holder: str,
    reports_before: datetime | None = None,
    dry_run: bool = False,
) -> Erased:
    """The same by limits of each source's own, for a caller that holds the archive and publishes it afterwards.

    Only where texts went are the files written anew: of a capture the warehouse holds nothing that its bytes say. Then
    Prefect's reports go as well, all of them or those from before ``reports_before``.
    """
    wait_seconds = settings.archive.lock_wait_seconds
    with writer(settings.data_folder, holder=holder, wait_seconds=wait_seconds) as connection:
        retention.choose(connection, limits)
        articles, entries = erasure.listed(connection), retention.entries_count(connection)
        if dry_run:
            gone = erasure.doomed_bytes(connection)
            return Erased(articles=articles, entries=entries, bodies=sum(map(len, gone.values())))
        gone = erasure.doomed_bytes(connection, forget.named_by_stages(settings.stages))
        cut_off = _cut_off(settings)
        count = 0
        if articles or entries or gone:
            count = forget.forget_bytes(settings.captures, gone)
            forget.forget_refined(settings.data_folder, erasure.article_ids(connection))
            forget.sweep_partials(settings.data_folder)
            if articles or entries:
                _mark(settings, holder)
            retention.drop(connection, gone)
    is_completed = cut_off not in (None, "erase")  # an erasure is completed by its own call
    if articles or entries or is_completed:
        is_others = is_completed and cut_off != holder
        _write_anew(settings, holder, wait_seconds, reports_before=None if is_others else reports_before)
    return Erased(articles=articles, entries=entries, bodies=count, completed=is_completed)


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


def _cut_off(settings: Settings) -> str | None:
    """None, or whose call was cut off after it had begun with the rows and before the files were written anew."""
    path = settings.data_folder / MARK
    return (path.read_text(encoding="utf-8") or "erase") if path.exists() else None


def _mark(settings: Settings, holder: str) -> None:
    """Say that the files are to be written anew, and for whom; an erasure's mark stays one, since its rows may still be
    there, and only the same call finds them."""
    if _cut_off(settings) != "erase":
        (settings.data_folder / MARK).write_text(holder, encoding="utf-8")


def _write_anew(
    settings: Settings, holder: str, wait_seconds: float, *, reports_before: datetime | None = None
) -> None:
    folder = settings.data_folder
    erasure.compact(folder, holder=holder, wait_seconds=wait_seconds)
    publish(folder, holder=holder, wait_seconds=wait_seconds)
    with reader(folder) as connection:
        briefings.forget_stale(folder, connection)
    _forget_reports(folder / "prefect" / "prefect.db", reports_before)
    if holder == "erase" or _cut_off(settings) != "erase":
        (folder / MARK).unlink()


def _forget_reports(path: Path, before: datetime | None) -> None:
    """Empty what Prefect's database beside the warehouse keeps of reports and logs, or what it keeps from before a time
    and of refines, whose excerpts may be of any age; one elsewhere is not ours."""
    if not path.is_file():
        return
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            # As Prefect writes a time there.
            told = [] if before is None else [f"{before.astimezone(UTC):%Y-%m-%d %H:%M:%S}"]
            for table, statement in (_EMPTY_OLD_REPORTS if told else _EMPTY_REPORTS).items():
                if table in there:
                    connection.execute(statement, told)
            if before is None:
                connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise Terminal(
            "reports_busy",
            f"The reports in {path} could not be emptied ({error}). Stop `dateline serve` and call this again; "
            "all else is done.",
        ) from error
