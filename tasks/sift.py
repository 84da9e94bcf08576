"""Which of the entries that sources list are worth fetching, and in which batch. Pure decisions: no file, no clock, no
warehouse; what the archive knows of them is handed in.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from warehouse.known import KnownEntry
from warehouse.staged import StagedEntry

VERSIONS = 20  # of one address in one run: each makes a batch of its own, and a front page has thousands


def sift(
    listed: Iterable[StagedEntry],
    known: Iterable[KnownEntry],
    unlisted: Counter,
    *,
    look_back_days: int,
    transient_failures: int,
    now: datetime,
) -> Iterator[StagedEntry]:
    """The entries to stage; those that are known and unchanged are only counted in ``unlisted``.

    A known entry is written down anew when half of the look-back has passed, so that it never falls out of the window
    while its source lists it. Of an address that is listed twice the first is taken; a web archive's captures of one
    address are versions of it, and the first VERSIONS are taken whose bytes differ.
    """
    own: dict[tuple[str, str], KnownEntry] = {}
    twins: dict[str, list[KnownEntry]] = defaultdict(list)
    for entry in known:
        own[entry.source_id, entry.url] = entry
        twins[entry.canonical_url].append(entry)
    taken: dict[str, str] = {}
    versions: dict[str, set[str | None]] = defaultdict(set)
    stale = now - timedelta(days=look_back_days / 2)
    for entry in listed:
        if entry.kind == "source":
            yield entry
            continue
        before = own.get((entry.source_id, entry.url))
        given_up = before is not None and before.failures >= transient_failures
        if before is not None and before.digest == entry.digest and (given_up or not before.transient):
            unlisted["known"] += 1
            if before.seen_at < stale:
                yield replace(_remembering(entry, before), batch=0, reason="known", message="listed before, unchanged")
        elif entry.reason is not None:
            yield entry
        elif entry.canonical_url in taken and not _is_version(entry, versions[entry.canonical_url]):
            yield _twin(entry, taken[entry.canonical_url], None)
        elif before is None and (settled := _settled(twins[entry.canonical_url], transient_failures)):
            yield _twin(entry, settled.url, settled.article_id)
        else:
            taken[entry.canonical_url] = entry.url
            versions[entry.canonical_url].add(entry.digest)
            yield _remembering(entry, before) if before else entry


def _is_version(entry: StagedEntry, digests: set[str | None]) -> bool:
    return entry.location is not None and entry.digest not in digests and len(digests) < VERSIONS


def _settled(twins: Sequence[KnownEntry], transient_failures: int) -> KnownEntry | None:
    done = [t for t in twins if not t.transient or t.failures >= transient_failures]
    return next((twin for twin in done if twin.article_id), done[0] if done else None)


def _twin(entry: StagedEntry, other: str, article_id: str | None) -> StagedEntry:
    told = "is listed twice" if entry.url == other else f"is another address of {other}"
    return replace(
        entry,
        batch=0,
        article_id=article_id,
        reason="same_url",
        message=f"{entry.url} {told}; one fetch serves both.",
    )


def _remembering(entry: StagedEntry, before: KnownEntry) -> StagedEntry:
    return replace(
        entry,
        failures=before.failures,
        article_id=before.article_id,
        capture_id=before.capture_id,
        etag=before.etag,
        last_modified=before.last_modified,
    )


def bound(kept: Sequence[StagedEntry], most: int, *, but: Container[str]) -> tuple[list[StagedEntry], Counter[str]]:
    """At most ``most`` entries to fetch, the first ones, and of each source how many are left for a later run.

    Those of the sources in ``but`` are counted and never left out.
    """
    room = most - sum(1 for entry in kept if entry.batch and entry.source_id in but)
    taken: list[StagedEntry] = []
    left: Counter[str] = Counter()
    for entry in kept:
        if entry.batch and entry.source_id not in but:
            if room <= 0:
                left[entry.source_id] += 1
                continue
            room -= 1
        taken.append(entry)
    return taken, left


def number(entries: Sequence[StagedEntry], batch_entries: int) -> list[StagedEntry]:
    """Number the entries and cut them into batches, the hosts taking turns so that no batch waits for one host.

    Two versions of one address never share a batch, and the later one's comes later: it is compared with the first once
    that has landed.
    """
    waves: dict[int, dict[str, list[StagedEntry]]] = defaultdict(lambda: defaultdict(list))
    times: Counter[str] = Counter()
    for entry in entries:
        if entry.batch:
            waves[times[entry.canonical_url]][urlsplit(entry.url).netloc].append(entry)
            times[entry.canonical_url] += 1
    ordered = [(0, entry) for entry in entries if not entry.batch]
    batch = 0
    for by_host in waves.values():
        turns = [entry for turn in itertools.zip_longest(*by_host.values()) for entry in turn if entry is not None]
        for start in range(0, len(turns), batch_entries):
            batch += 1
            ordered += [(batch, entry) for entry in turns[start : start + batch_entries]]
    return [replace(entry, entry_id=number, batch=batch) for number, (batch, entry) in enumerate(ordered, start=1)]
