"""One entry with what was fetched for it → one article, or the reason why there is none. A pure function.

Decides only what serves: the page, else the feed's own text where the page fails for good. Runs in a worker process:
never imports Prefect or DuckDB, reads no file and no clock.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from tasks.errors import DatelineError, Terminal
from tasks.page import decode, display_title, read_dated_text, read_fragment, read_page
from tasks.text.words import words
from warehouse import model
from warehouse.digests import describe
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry

FRAGMENT_EXTRACTOR = "beautifulsoup4 + dateline.fragment 1"
TEXT_EXTRACTOR = "dateline.dated 1"
THIN_WORDS = 150  # a page with fewer is compared with what the feed carries
FRAGMENT_CONFIDENCE = 0.5  # a feed often carries the lead alone


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """What reading one entry takes. ``now`` bounds impossible dates."""

    run_id: str
    entry: StagedEntry
    fetched: StagedCapture
    body: bytes | None
    feed_text_words: int
    now: datetime


def read_article(item: ToRead) -> StagedArticle:
    """The article of an entry. Where the page fails for good, the feed's own text serves if it is long enough
    (``text_origin`` then is ``feed``); else the row is a drop with the page's reason.
    """
    try:
        if item.fetched.reason is not None:
            raise Terminal(item.fetched.reason, item.fetched.message or "")
        if item.body is None:
            raise Terminal("capture_missing", f"{item.entry.url}: its stored bytes are gone; fetch it again.")
        return _READERS[item.fetched.capture.kind](item)
    except DatelineError as error:
        # "Not modified" means that the archive has it, and a transient failure is tried again: neither is settled for.
        if item.fetched.reason != "not_modified" and not item.fetched.transient:
            served = _feed_text(item)
            if served is not None:
                return served
        return StagedArticle(
            entry_id=item.entry.entry_id,
            capture=item.fetched.capture,
            reason=error.reason,
            message=error.message,
            transient=item.fetched.transient,
        )


def _page(item: ToRead) -> StagedArticle:
    entry, capture = item.entry, item.fetched.capture
    page = read_page(item.body, url=capture.final_url, content_type=capture.content_type, now=item.now)
    page_words = len(words(page.text))
    if page_words < THIN_WORDS and (served := _feed_text(item)) and served.word_count > 2 * page_words:
        return served  # a teaser or a paywall: the feed says more than its page
    title = _agreed_title(page.title, entry.title)
    return StagedArticle(
        entry_id=entry.entry_id,
        capture=_with(capture, page.charset),
        declared_url=page.canonical_url,
        title=title,
        display_title=title or display_title(page.text),
        authors=page.authors or entry.authors,
        published_at=_agreed_time(page.published_at, entry.published_at),
        modified_at=page.modified_at or entry.updated_at,
        language=page.language or entry.language,
        image_url=page.image_url or entry.image_url,
        section=page.section,
        tags=_united(page.tags, entry.tags),
        description=page.summary,
        text=page.text,
        text_origin="page",
        word_count=page_words,
        extraction_confidence=page.confidence,
        extractor=page.extractor,
    )


def _dated_text(item: ToRead) -> StagedArticle:
    entry, capture = item.entry, item.fetched.capture
    text, charset = decode(item.body, content_type="text/plain")
    dated = read_dated_text(text, name=entry.url)
    return StagedArticle(
        entry_id=entry.entry_id,
        capture=_with(capture, charset),
        display_title=display_title(dated.text),
        published_at=datetime.combine(dated.published_on, time(), UTC),
        language=entry.language,
        text=dated.text,
        text_origin="text",
        word_count=len(words(dated.text)),
        extraction_confidence=1.0,  # the file is the article
        extractor=TEXT_EXTRACTOR,
    )


def _fragment(item: ToRead) -> StagedArticle:
    """A fragment that was stored by an earlier run, read again."""
    text = read_fragment(item.body.decode())
    if len(words(text)) < item.feed_text_words:
        raise Terminal("text_too_short", f"{item.entry.url}: the feed's own text has too few words to be an article.")
    return _of_feed(item, text, item.fetched.capture)


def _feed_text(item: ToRead) -> StagedArticle | None:
    html = _feed_html(item.entry)
    if html is None:
        return None
    text = read_fragment(html)
    if len(words(text)) < item.feed_text_words:
        return None
    return _of_feed(item, text, fragment_capture(item)[0])


def _of_feed(item: ToRead, text: str, capture: model.Capture) -> StagedArticle:
    entry = item.entry
    return StagedArticle(
        entry_id=entry.entry_id,
        capture=_with(capture, "utf-8"),
        title=entry.title,
        display_title=entry.title or display_title(text),
        authors=entry.authors,
        published_at=entry.published_at,
        modified_at=entry.updated_at,
        language=entry.language,
        image_url=entry.image_url,
        tags=entry.tags,
        text=text,
        text_origin="feed",
        word_count=len(words(text)),
        extraction_confidence=FRAGMENT_CONFIDENCE,
        extractor=FRAGMENT_EXTRACTOR,
    )


_READERS = {"page": _page, "text": _dated_text, "fragment": _fragment}


def _feed_html(entry: StagedEntry) -> str | None:
    return max((entry.content_html, entry.summary_html), key=lambda html: len(html or ""))


def fragment_capture(item: ToRead) -> tuple[model.Capture, bytes]:
    """The feed's own HTML of an entry as a capture (its path still empty) and its bytes."""
    body = (_feed_html(item.entry) or "").encode()
    capture = model.Capture(
        capture_id="",
        run_id=item.run_id,
        source_id=item.entry.source_id,
        kind="fragment",
        url=item.entry.url,
        final_url=item.entry.url,
        fetched_at=item.entry.seen_at,
        content_type="text/html",
        sha256="",
        size_bytes=0,
        path="",
    )
    return describe(capture, body), body


def _with(capture: model.Capture, charset: str) -> model.Capture:
    return replace(capture, charset=charset)


def _agreed_title(of_page: str | None, of_feed: str | None) -> str | None:
    """The page's title, or the feed's where the page's is the same with the name of the paper before or behind it."""
    if of_page and of_feed:
        long, short = of_page.casefold(), of_feed.casefold()
        if long != short and (long.startswith(short) or long.endswith(short)) and len(short) * 2 > len(long):
            return of_feed
    return of_page or of_feed


def _agreed_time(of_page: datetime | None, of_feed: datetime | None) -> datetime | None:
    """The page's time, or the feed's where the page knows only the day and the feed agrees on it."""
    if of_page and of_feed and of_page.time() == time() and of_page.date() == of_feed.date():
        return of_feed
    return of_page or of_feed


def _united(*groups: tuple[str, ...]) -> tuple[str, ...]:
    folded: dict[str, str] = {}
    for tag in (tag for group in groups for tag in group):
        folded.setdefault(tag.casefold(), tag)
    return tuple(folded.values())
