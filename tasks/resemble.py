"""Articles → how each stands to the archive: new, a copy of another, a new version of itself, or nothing new.

The verb: it asks the warehouse for the few stored articles worth comparing, and leaves the comparing to
``tasks.likeness``. The look-back is a join bounded by a window of days. Of a refine it also keeps what each article was
before: here alone the old reading and the new one stand side by side.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from prefect import task

from tasks.batch import POLICY, tell
from tasks.compare import compare
from tasks.errors import DatelineError
from tasks.likeness import (
    Document,
    Finding,
    Postings,
    candidates,
    canonical_url,
    find_copies,
    shingle_sequences,
    sketch,
    text_digest,
    word_diff,
)
from warehouse import lookups, refined
from warehouse.digests import address_digest
from warehouse.known import KnownArticle
from warehouse.refined import OldReading, Rereading
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedEntry, StagedLikeness
from warehouse.store import writer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """An article of the batch with what is known of it before any comparing."""

    entry: StagedEntry
    article: StagedArticle
    article_id: str
    url: str
    digest: str
    sketch: np.ndarray


@task(name="resemble", task_run_name="resemble batch {batch}", **POLICY)
def resemble(
    stage: Stage, batch: int, *, data_folder: Path, lock_wait_seconds: float, look_back_days: int, again: bool
) -> int:
    """Compare one batch of articles with the archive and among itself; returns the number of the batch.

    ``again`` = the captures are read again (refine): an article that reads differently is then ``refined``, not a
    revision, since it is the reading that changed; what changed is kept for the report (``warehouse.refined``).
    """
    if not stage.has("resemble", batch):
        entries = {entry.entry_id: entry for entry in stage.entries(batch)}
        articles = [row for row in stage.read("clean", batch) if row.reason is None]
        sequences = shingle_sequences([article.text for article in articles])
        read = [
            _candidate(entries[article.entry_id], article, again, sketch(sequence))
            for article, sequence in zip(articles, sequences, strict=True)
        ]
        # around the articles' own times: pages of an old web archive are compared with those of their days
        times = [article.capture.fetched_at for article in articles]
        since = min(times, default=datetime.now(UTC)) - timedelta(days=look_back_days)
        until = max(times, default=datetime.now(UTC)) + timedelta(days=look_back_days)
        with writer(data_folder, holder=stage.run_id, wait_seconds=lock_wait_seconds) as connection:
            digests = [address_digest(item.url) for item in read]
            barred = lookups.erased(connection, digests)
            erased = [_erased(item) for item, digest in zip(read, digests, strict=True) if digest in barred]
            read = [item for item, digest in zip(read, digests, strict=True) if digest not in barred]
            known = lookups.known_articles(connection, {item.article_id for item in read})
            old = refined.old_readings(connection, known) if again else {}
            rows, fresh, reread = _settle(read, known, old)
            hashes = np.unique(np.concatenate([np.empty(0, np.uint64), *(item.sketch for item in fresh)])).view(
                np.int64
            )
            stored = lookups.sketched(connection, hashes, since=since.date(), until=until.date())
            postings = Postings((value % 2**64, article_id, original) for value, article_id, original in stored)
            documents = [_document(item) for item in fresh]
            texts = lookups.known_articles(connection, candidates((item.sketch for item in fresh), postings))
        older = {name: Document(id=name, text=a.text, seen_at=0, title=a.title or "") for name, a in texts.items()}
        findings = {finding.id: finding for finding in find_copies(documents, postings, older)}
        urls = {name: article.canonical_url for name, article in texts.items()}
        urls |= {item.article_id: item.url for item in fresh}
        rows += erased
        rows += [_new(item, findings[item.article_id], urls) for item in fresh]
        if again:  # before the step's own file: where that is there, the old text may be gone
            refined.write(data_folder, stage.run_id, batch, reread)
        stage.write("resemble", batch, rows)
        tell(batch, "new or changed", rows)
    return batch


def _candidate(entry: StagedEntry, article: StagedArticle, again: bool, signed: np.ndarray) -> _Candidate:
    url = entry.canonical_url
    if not again and article.capture.kind == "page" and not entry.url.startswith("file:"):
        url = _settled_url(entry, article)
    return _Candidate(
        entry=entry,
        article=article,
        article_id=entry.article_id if again else hashlib.sha256(url.encode()).hexdigest()[:20],
        url=url,
        digest=text_digest(article.text),
        sketch=signed,
    )


def _settled_url(entry: StagedEntry, article: StagedArticle) -> str:
    """The address after redirects, or the one that the page declares where that can be believed."""
    try:
        return canonical_url(article.capture.final_url, declared=article.declared_url)
    except DatelineError:
        return entry.canonical_url


def _document(item: _Candidate) -> Document:
    told_at = item.article.published_at or item.entry.seen_at
    return Document(
        id=item.article_id,
        text=item.article.text,
        seen_at=int(told_at.timestamp()),
        title=item.article.title or "",
    )


def _settle(
    read: Sequence[_Candidate], known: Mapping[str, KnownArticle], old: Mapping[str, OldReading]
) -> tuple[list[StagedLikeness], list[_Candidate], list[Rereading]]:
    """Rows for articles that the archive has, or that the batch has twice; the articles that are new to it; and what
    became of those that are read again, which are those in ``old``."""
    rows: list[StagedLikeness] = []
    rereadings: list[Rereading] = []
    fresh: dict[str, _Candidate] = {}
    changed: set[str] = set()
    for item in read:
        before = known.get(item.article_id)
        if item.article_id in fresh or item.article_id in changed:
            rows.append(_drop(item, "same_article", "is the same article as another entry of this run"))
        elif before is None:
            fresh[item.article_id] = item
        elif item.article_id in old:
            changed.add(item.article_id)
            rereadings.append(_rereading(item, before, old[item.article_id]))
            rows.append(_reread(item, before, rereadings[-1]))
        elif before.text_digest == item.digest and before.title == item.article.title:
            rows.append(_drop(item, "unchanged", "was fetched again and reads as before"))
        elif item.article.capture.fetched_at < before.last_seen_at:
            told = (
                f"reads otherwise, but was fetched before {before.last_seen_at:%Y-%m-%d %H:%M}, the archive's version"
            )
            rows.append(_drop(item, "older_version", told))
        else:
            changed.add(item.article_id)
            rows.append(_revision(item, before))
    return rows, list(fresh.values()), rereadings


def _row(item: _Candidate) -> StagedLikeness:
    urls = dict.fromkeys((item.entry.url, item.article.capture.final_url, item.url))
    return StagedLikeness(
        entry_id=item.entry.entry_id,
        article_id=item.article_id,
        canonical_url=item.url,
        urls=tuple(urls),
        text_digest=item.digest,
        first_seen_at=item.article.capture.fetched_at,
        source_id=item.entry.source_id,
        revision=1,
        sketch=tuple(item.sketch.view(np.int64).tolist()),
    )


def _drop(item: _Candidate, reason: str, told: str) -> StagedLikeness:
    return replace(_row(item), reason=reason, message=f"{item.entry.url} {told}.")


def _erased(item: _Candidate) -> StagedLikeness:
    """A new address that leads to what was erased: nothing of it is told."""
    told = "It leads to an article that was erased on request; the next erasure takes what was fetched with it."
    return StagedLikeness(entry_id=item.entry.entry_id, reason="erased", message=told)


def _new(item: _Candidate, finding: Finding, urls: Mapping[str, str]) -> StagedLikeness:
    """A new article, or a copy. The same words on the same site are no copy but one article at two addresses."""
    if finding.copy is None:
        return replace(_row(item), outcome="new")
    other = urls[finding.copy.of_id]
    if (
        finding.copy.kind == "exact"
        and item.url.startswith("http")
        and urlsplit(other).netloc == urlsplit(item.url).netloc
    ):
        return replace(_drop(item, "same_article", f"reads word for word as {other}"), article_id=finding.cluster_id)
    return replace(_row(item), outcome="copy", duplicate_of=finding.cluster_id, duplicate_kind=finding.copy.kind)


def _kept(item: _Candidate, before: KnownArticle) -> StagedLikeness:
    return replace(
        _row(item),
        first_seen_at=before.first_seen_at,
        source_id=before.source_id,
        revision=before.revision,
        duplicate_of=before.duplicate_of,
        duplicate_kind=before.duplicate_kind,
    )


def _rereading(item: _Candidate, before: KnownArticle, old: OldReading) -> Rereading:
    article = item.article
    differs = {
        "text": before.text != article.text,
        "title": before.title != article.title,
        "byline": old.authors != article.authors,
        "published": old.published_at != article.published_at,
        "tags": set(old.tags) != set(article.tags),
    }
    compared = compare(before.text, article.text)
    return Rereading(
        article_id=item.article_id,
        url=item.url,
        changed=tuple(name for name, is_other in differs.items() if is_other),
        extractor_before=old.extractor,
        extractor_after=article.extractor,
        title_before=before.title,
        title_after=article.title,
        authors_before=old.authors,
        authors_after=article.authors,
        published_before=old.published_at,
        published_after=article.published_at,
        tags_before=old.tags,
        tags_after=article.tags,
        words_before=compared.words_before,
        words_after=compared.words_after,
        words_left=compared.words_left,
        words_came=compared.words_came,
        similarity=compared.similarity,
        left=compared.left,
        came=compared.came,
    )


_OTHERWISE = {
    "title": "another title",
    "byline": "another byline",
    "published": "another time of publication",
    "tags": "other tags",
}


def _reread(item: _Candidate, before: KnownArticle, found: Rereading) -> StagedLikeness:
    row = _kept(item, before)
    if not found.changed:
        return replace(row, outcome="reread")
    told = [_OTHERWISE[name] for name in found.changed if name != "text"]
    if "text" in found.changed:
        told.insert(0, f"{found.words_came} words more, {found.words_left} fewer")
    return replace(row, outcome="refined", message=f"{item.entry.url} reads differently: {', '.join(told)}.")


def _revision(item: _Candidate, before: KnownArticle) -> StagedLikeness:
    difference = word_diff(before.text, item.article.text)
    return replace(
        _kept(item, before),
        outcome="revised",
        revision=before.revision + 1,
        words_added=difference.words_added,
        words_removed=difference.words_removed,
        diff=difference.text,
    )
