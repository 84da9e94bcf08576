"""One entry with what was fetched for it → one article, or the reason why there is none. A pure function.

Decides only what serves: the page, else the feed's own text where the page fails for good or is of a kind that is not
wanted; and which of page and feed is believed on title, authors and time. Runs in a worker process: never imports
Prefect or DuckDB, reads no file and no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from tasks.errors import DatelineError, Terminal
from tasks.page import Page, decode, display_title, read_dated_text, read_fragment, read_page
from tasks.text.words import words
from warehouse import model
from warehouse.digests import describe
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry

FRAGMENT_EXTRACTOR = "beautifulsoup4 + dateline.fragment 1"
TEXT_EXTRACTOR = "dateline.dated 1"
THIN_WORDS = 150  # a page with fewer is compared with what the feed carries
FRAGMENT_CONFIDENCE = 0.5  # a feed often carries the lead alone
ARTICLE = "article"  # the kind of a page that is one, and of what was read from no page

#: Why a page is dropped that is no article, or not the whole of one: "page_" and its kind, and what that is.
REASONS: Mapping[str, str] = {
    "page_consent_wall": "asks for consent and shows no article before",
    "page_soft_404": "says that there is nothing at this address, with a status that says there is",
    "page_index": "lists articles and is none",
    "page_paywall": "shows the beginning of an article to those who have not paid",
    "page_live_blog": "is a live blog",
    "page_video": "is a video with a few lines of text",
    "page_gallery": "is a row of pictures with captions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """What reading one entry takes. ``now`` bounds impossible dates; pages of ``drop_kinds`` are not wanted."""

    run_id: str
    entry: StagedEntry
    fetched: StagedCapture
    body: bytes | None
    feed_text_words: int
    drop_kinds: tuple[str, ...]
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
    if page.page_kind in item.drop_kinds:
        reason = f"page_{page.page_kind}"
        raise Terminal(reason, f"{capture.final_url} {REASONS[reason]}; clean.drop_kinds says to drop such pages.")
    page_words = len(words(page.text))
    if page_words < THIN_WORDS and (served := _feed_text(item)) and served.word_count > 2 * page_words:
        return served  # a teaser or a paywall: the feed says more than its page
    title, title_origin = _agreed_title(page, entry)
    published_at, published_origin = _agreed_time(page, entry)
    return StagedArticle(
        entry_id=entry.entry_id,
        capture=_with(capture, page.charset),
        declared_url=page.canonical_url,
        title=title,
        display_title=title or display_title(page.text),
        authors=page.authors or entry.authors,
        published_at=published_at,
        modified_at=_utc(page.modified_at or entry.updated_at),
        language=page.language or entry.language,
        image_url=page.image_url or entry.image_url,
        section=page.section,
        tags=_united(page.tags, entry.tags),
        description=page.summary,
        text=page.text,
        paragraph_kinds=tuple(paragraph.kind for paragraph in page.paragraphs),
        captions=page.captions,
        text_origin="page",
        word_count=page_words,
        extraction_confidence=page.confidence,
        extractor=page.extractor,
        page_kind=page.page_kind,
        title_origin=title_origin,
        authors_origin=_origin(page, "authors") if page.authors else _feed(entry.authors),
        published_origin=published_origin,
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
        page_kind=ARTICLE,
        published_origin="text",
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
        published_at=_utc(entry.published_at),
        modified_at=_utc(entry.updated_at),
        language=entry.language,
        image_url=entry.image_url,
        tags=entry.tags,
        text=text,
        text_origin="feed",
        word_count=len(words(text)),
        extraction_confidence=FRAGMENT_CONFIDENCE,
        extractor=FRAGMENT_EXTRACTOR,
        page_kind=ARTICLE,
        title_origin=_feed(entry.title),
        authors_origin=_feed(entry.authors),
        published_origin=_feed(entry.published_at),
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


def _agreed_title(page: Page, entry: StagedEntry) -> tuple[str | None, str | None]:
    """The page's title, or the feed's where the page's is the same with the name of the paper before or behind it; and
    who told it."""
    if page.title and entry.title:
        long, short = page.title.casefold(), entry.title.casefold()
        if long != short and (long.startswith(short) or long.endswith(short)) and len(short) * 2 > len(long):
            return entry.title, "feed"
    return (page.title, _origin(page, "title")) if page.title else (entry.title, _feed(entry.title))


def _agreed_time(page: Page, entry: StagedEntry) -> tuple[datetime | None, str | None]:
    """When it was published, in UTC, and who told it: the page, or the feed where the page does not say or knows only
    the day, and the feed agrees on that day, be it counted in UTC or at the page's own offset."""
    day, moment = page.published_at, entry.published_at
    if day is None:
        return _utc(moment), _feed(moment)
    if moment is not None and day.time() == time() and moment != day:
        if day.date() in (moment.astimezone(UTC).date(), moment.astimezone(day.tzinfo).date()):
            return _utc(moment), "feed"
    return _utc(day), _origin(page, "published_at")


def _origin(page: Page, name: str) -> str | None:
    return page.origins.get(name)


def _feed(told: object) -> str | None:
    return "feed" if told else None


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None


def _united(*groups: tuple[str, ...]) -> tuple[str, ...]:
    folded: dict[str, str] = {}
    for tag in (tag for group in groups for tag in group):
        folded.setdefault(tag.casefold(), tag)
    return tuple(folded.values())
