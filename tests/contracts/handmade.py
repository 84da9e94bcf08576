"""A run staged by hand: what the warehouse makes of it can be told without fetching or reading anything.

No pipeline here: each story says itself what the steps would have found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from warehouse import captures, model
from warehouse.digests import describe
from warehouse.stage import Stage
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry, StagedFacts, StagedLikeness, StagedSummary

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCE = model.Source(
    source_id="gazette", kind="feed", url="https://gazette.example/feed", title="Gazette", added_at=NOON
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One entry and what became of it. With ``reason`` it is dropped: by discovery where ``at_discovery``, else by
    clean. The facts are (surface, ...) tuples; each surface stands in ``text``."""

    url: str
    article_id: str | None = None
    title: str | None = None
    text: str = ""
    outcome: str = "new"
    revision: int = 1
    reason: str | None = None
    at_discovery: bool = False
    transient: bool = False
    failures: int = 0
    duplicate_of: str | None = None
    duplicate_kind: str | None = None
    edges: Sequence[int] = ()
    boilerplate: Sequence[str] = ()
    people: Sequence[str] = ()
    quotes: Sequence[tuple[str, str]] = ()
    days: Sequence[tuple[str, date]] = ()
    sums: Sequence[tuple[str, float, str]] = ()
    sketch: Sequence[int] = ()


def stage_run(
    archive: Path,
    run_id: str,
    stories: Sequence[Story],
    *,
    seen_at: datetime = NOON,
    unlisted: Mapping[str, int] | None = None,
    entries_in: int | None = None,
) -> Stage:
    """Write the stage of a run with one batch, its bytes stored, as the steps of ``ingest`` leave it."""
    stage = Stage(archive / "stage" / run_id)
    numbered = list(enumerate(stories, start=1))
    fetched = [(n, s) for n, s in numbered if not s.at_discovery]
    made = [_capture(run_id, s, seen_at) for _, s in fetched]
    stored = dict(zip((n for n, _ in fetched), captures.store(archive / "captures", f"{run_id}-1", made), strict=True))
    landed = [(n, s) for n, s in fetched if s.reason is None]
    stage.write("sources", 0, [SOURCE])
    stage.write("entries", 0, [_entry(n, s, seen_at) for n, s in numbered])
    stage.write("fetch", 1, [StagedCapture(entry_id=n, capture=stored[n], etag=f'"{run_id}"') for n, _ in fetched])
    stage.write("clean", 1, [_article(n, s, stored[n], seen_at) for n, s in fetched])
    stage.write("resemble", 1, [_likeness(n, s, seen_at) for n, s in landed])
    stage.write("enrich", 1, [_facts(n, s, seen_at) for n, s in landed])
    counted = dict(unlisted or {})
    summary = StagedSummary(
        run_id=run_id,
        flow="ingest",
        started_at=seen_at,
        version="0",
        sources_polled=1,
        sources_unchanged=0,
        entries_in=len(stories) + sum(counted.values()) if entries_in is None else entries_in,
        unlisted=counted,
    )
    stage.write("summary", 0, [summary])
    return stage


def _entry(number: int, story: Story, seen_at: datetime) -> StagedEntry:
    dropped = story.reason if story.at_discovery else None
    return StagedEntry(
        entry_id=number,
        batch=0 if story.at_discovery else 1,
        source_id=SOURCE.source_id,
        kind="page",
        url=story.url,
        canonical_url=story.url.split("?")[0],
        title=story.title,
        digest=f"{story.title} {seen_at.isoformat()}",
        seen_at=seen_at,
        failures=story.failures,
        reason=dropped,
        message=dropped and f"{story.url}: {dropped}.",
        transient=story.transient and dropped is not None,
    )


def _capture(run_id: str, story: Story, seen_at: datetime) -> tuple[model.Capture, bytes]:
    body = (story.text or story.url).encode()
    capture = model.Capture(
        capture_id="",
        run_id=run_id,
        source_id=SOURCE.source_id,
        kind="page",
        url=story.url,
        final_url=story.url,
        fetched_at=seen_at,
        status=200,
        sha256="",
        size_bytes=0,
        path="",
    )
    return describe(capture, body), body


def _article(number: int, story: Story, capture: model.Capture, seen_at: datetime) -> StagedArticle:
    if story.reason:
        return StagedArticle(
            entry_id=number,
            capture=capture,
            reason=story.reason,
            message=f"{story.url}: {story.reason}.",
            transient=story.transient,
        )
    return StagedArticle(
        entry_id=number,
        capture=capture,
        title=story.title,
        display_title=story.title or story.text.split(". ")[0],
        published_at=seen_at,
        text=story.text,
        text_origin="page",
        word_count=len(story.text.split()),
        extraction_confidence=0.9,
        extractor="by hand",
        page_kind="article",
        title_origin="h1" if story.title else None,
        published_origin="feed",
        host=urlsplit(story.url).hostname,
        edges=tuple(story.edges),
        boilerplate=tuple(story.boilerplate),
    )


def _likeness(number: int, story: Story, seen_at: datetime) -> StagedLikeness:
    changed = story.outcome == "revised"
    return StagedLikeness(
        entry_id=number,
        outcome=story.outcome,
        article_id=story.article_id,
        canonical_url=story.url.split("?")[0],
        urls=(story.url,),
        text_digest=str(hash(story.text)),
        first_seen_at=seen_at,
        source_id=SOURCE.source_id,
        revision=story.revision,
        duplicate_of=story.duplicate_of,
        duplicate_kind=story.duplicate_kind,
        sketch=tuple(story.sketch),
        words_added=2 if changed else None,
        words_removed=1 if changed else None,
        diff="[-old-] {+new+}" if changed else None,
    )


def _facts(number: int, story: Story, seen_at: datetime) -> StagedFacts:
    def span(surface: str) -> dict[str, int]:
        start = story.text.index(surface)
        return {"start_char": start, "end_char": start + len(surface)}

    article = story.article_id
    return StagedFacts(
        entry_id=number,
        enricher="by hand",
        language="en",
        language_confidence=1.0,
        summary=story.text[:40],
        entities=tuple(
            model.Entity(entity_id=f"person:{name}", name=name, label="PERSON", first_seen_at=seen_at)
            for name in story.people
        ),
        aliases=tuple(
            model.EntityAlias(entity_id=f"person:{name}", alias=name.split()[-1])
            for name in story.people
            if " " in name
        ),
        mentions=tuple(
            model.Mention(
                article_id=article,
                entity_id=f"person:{name}",
                label="PERSON",
                surface=name,
                confidence=0.8,
                **span(name),
            )
            for name in story.people
        ),
        quotes=tuple(
            model.Quote(
                article_id=article,
                text=text,
                kind="direct",
                speaker_id=f"person:{speaker}",
                verb="said",
                confidence=0.9,
                **span(text),
            )
            for text, speaker in story.quotes
        ),
        dates=tuple(
            model.DateMention(
                article_id=article,
                surface=surface,
                value=day.isoformat(),
                granularity="day",
                first_day=day,
                last_day=day,
                **span(surface),
            )
            for surface, day in story.days
        ),
        amounts=tuple(
            model.Amount(article_id=article, surface=surface, value=value, unit=unit, kind="money", **span(surface))
            for surface, value, unit in story.sums
        ),
        keywords=tuple(
            model.Keyword(article_id=article, term=name, weight=1.0, **span(name)) for name in story.people
        ),
    )
