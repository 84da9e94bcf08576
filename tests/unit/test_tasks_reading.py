"""One entry and its bytes to one article: the page serves, else the feed's own text, else the page's reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from flows.settings import PageKind
from tasks import reading
from tasks.page import extractor_name, read_page
from tasks.reading import (
    FRAGMENT_CONFIDENCE,
    FRAGMENT_EXTRACTOR,
    REASONS,
    TEXT_EXTRACTOR,
    THIN_WORDS,
    ToRead,
    fragment_capture,
    read_article,
)
from warehouse import model
from warehouse.digests import describe
from warehouse.staged import StagedArticle, StagedCapture, StagedEntry

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
URL = "https://gazette.test/mill"
TITLE = "Mill reopens at Long Ford"
SENTENCES = (
    "The mill at Long Ford reopened on Friday after two winters of repairs to its wheel and its leaking roof.",
    "Sixty people came to watch the sluice gate rise, and the miller handed out loaves from the first sack.",
    "The parish had raised the money with a raffle, three concerts and a loan from the farmers' bank.",
    "Flour will be sold on Saturdays until the harvest, when the wheel is needed for the grain of the village.",
)
LONG = tuple(f"{sentence} So says report number {number}." for number in range(3) for sentence in SENTENCES)
FEED_WORDS = 40
DROP_KINDS = ("consent_wall", "soft_404", "index")


def markup(sentences=SENTENCES) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def page(sentences=SENTENCES, *, head: str = "", title: str = TITLE) -> bytes:
    head = f"<title>{title}</title>{head}"
    return f"<html><head>{head}</head><body><main><h1>{title}</h1>{markup(sentences)}</main></body></html>".encode()


def item(body: bytes | None, *, kind: str = "page", content_type: str = "text/html", **told) -> ToRead:
    """An entry that was fetched; ``told`` is what the feed says of it."""
    entry = StagedEntry(
        **{
            "entry_id": 7,
            "batch": 1,
            "source_id": "gazette",
            "kind": "text" if kind == "text" else "page",
            "url": URL,
            "canonical_url": URL,
            "digest": "d",
            "seen_at": NOW,
        }
        | told
    )
    capture = model.Capture(
        capture_id="",
        run_id="run",
        source_id="gazette",
        kind=kind,
        url=URL,
        final_url=URL,
        fetched_at=NOW,
        content_type=content_type,
        sha256="",
        size_bytes=0,
        path="day=2026-11-24/x.parquet",
    )
    fetched = StagedCapture(entry_id=7, capture=describe(capture, body or b""))
    return ToRead(
        run_id="run",
        entry=entry,
        fetched=fetched,
        body=body,
        feed_text_words=FEED_WORDS,
        drop_kinds=DROP_KINDS,
        now=NOW,
    )


def not_fetched(reason: str, *, transient: bool = False, **told) -> ToRead:
    found = item(None, **told)
    dropped = StagedCapture(entry_id=7, reason=reason, message=f"{URL}: {reason}.", transient=transient)
    return replace(found, fetched=dropped)


def read(wanted: ToRead) -> StagedArticle:
    """The article, with what holds of every one."""
    row = read_article(wanted)
    assert row.entry_id == 7
    if row.reason is not None:
        assert row.text is None and row.message
        return row
    assert row.display_title and row.word_count > 0 and row.extractor and 0 < row.extraction_confidence <= 1
    assert row.text == row.text.strip() and row.capture.charset
    return row


def test_the_page_serves_and_the_feed_fills_its_gaps():
    row = read(
        item(
            page(),
            title="A different headline",
            authors=("Ada Brand",),
            published_at=MORNING,
            updated_at=NOW,
            tags=("Mills", "News"),
            image_url="https://gazette.test/mill.jpg",
            language="en",
            summary_html=markup(),
        )
    )
    assert (row.text_origin, row.extractor) == ("page", extractor_name())
    assert row.text.split("\n\n") == list(SENTENCES)
    assert row.title == row.display_title == TITLE  # what the page says itself comes first
    assert (row.authors, row.published_at, row.modified_at) == (("Ada Brand",), MORNING, NOW)
    assert (row.image_url, row.language, row.tags) == ("https://gazette.test/mill.jpg", "en", ("Mills", "News"))
    assert row.capture.charset == "utf-8" and row.capture.path


def test_what_the_page_says_itself_comes_before_the_feed():
    head = (
        '<meta name="author" content="Tom Reed"><link rel="canonical" href="https://gazette.test/mill-reopens">'
        '<meta property="article:published_time" content="2026-11-19T06:00:00Z">'
        '<meta property="article:tag" content="mills">'
    )
    row = read(item(page(head=head), authors=("Ada Brand",), published_at=MORNING, tags=("Mills", "Flour")))
    assert row.authors == ("Tom Reed",)
    assert row.published_at == datetime(2026, 11, 19, 6, tzinfo=UTC)
    assert row.declared_url == "https://gazette.test/mill-reopens"
    assert row.tags == ("mills", "Flour")


def test_the_feeds_title_serves_where_the_page_adds_the_name_of_the_paper():
    head = '<meta property="og:title" content="Mill reopens at Long Ford - The Gazette">'
    body = page(head=head, title=f"{TITLE} - The Gazette")
    assert read(item(body, title=TITLE)).title == TITLE
    assert read(item(page(), title=TITLE.upper())).title == TITLE
    assert read(item(page(), title="Mill")).title == TITLE  # a stub is no better title


@pytest.mark.parametrize(
    ("feed_time", "told"),
    [
        (MORNING, MORNING),
        (datetime(2026, 11, 21, 7, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)),
        (None, datetime(2026, 11, 20, tzinfo=UTC)),
    ],
    ids=["same day", "another day", "none"],
)
def test_the_feed_tells_the_hour_where_the_page_knows_the_day_alone(feed_time, told):
    head = '<meta property="article:published_time" content="2026-11-20">'
    assert read(item(page(head=head), published_at=feed_time)).published_at == told


def test_the_feeds_own_text_serves_where_the_page_fails_for_good():
    row = read(
        not_fetched("http_404", title=TITLE, authors=("Ada Brand",), published_at=MORNING, content_html=markup())
    )
    assert (row.text_origin, row.extractor) == ("feed", FRAGMENT_EXTRACTOR)
    assert row.extraction_confidence == FRAGMENT_CONFIDENCE
    assert row.text.split("\n\n") == list(SENTENCES)
    assert (row.title, row.authors, row.published_at) == (TITLE, ("Ada Brand",), MORNING)
    assert (row.capture.kind, row.capture.path) == ("fragment", "")  # still to be stored


def test_the_feeds_own_text_serves_where_the_page_cannot_be_read():
    row = read(item(b"%PDF-1.7", content_type="application/pdf", summary_html=markup()))
    assert row.text_origin == "feed" and row.display_title == SENTENCES[0]


def test_the_longer_of_summary_and_content_serves():
    told = {"summary_html": markup(SENTENCES[:3]), "content_html": markup()}
    assert read(not_fetched("http_404", **told)).text.split("\n\n") == list(SENTENCES)


@pytest.mark.parametrize(
    "wanted",
    [
        not_fetched("http_503", transient=True, content_html=markup()),
        not_fetched("not_modified", content_html=markup()),
        not_fetched("http_404", content_html=markup(SENTENCES[:1])),
        not_fetched("http_404"),
    ],
    ids=["tried again later", "the archive has it", "too short", "no text"],
)
def test_the_feeds_own_text_is_not_settled_for(wanted):
    row = read(wanted)
    assert (row.reason, row.message) == (wanted.fetched.reason, wanted.fetched.message)
    assert row.transient == wanted.fetched.transient


def test_a_page_that_cannot_be_read_tells_its_own_reason_and_keeps_its_capture():
    row = read(item(b"%PDF-1.7", content_type="application/pdf"))
    assert (row.reason, row.transient, row.capture.url) == ("page_not_html", False, URL)
    assert URL in row.message


def test_bytes_that_are_gone_are_told():
    row = read(item(None))
    assert row.reason == "capture_missing" and URL in row.message


def test_a_teaser_gives_way_to_a_feed_that_says_more():
    assert read(item(page(SENTENCES[:2]), content_html=markup(LONG))).text_origin == "feed"


def test_a_thin_page_stays_where_the_feed_says_hardly_more():
    assert read(item(page(SENTENCES[:3]), content_html=markup())).text_origin == "page"


def test_a_full_page_is_not_compared():
    row = read(item(page(LONG), content_html=markup(LONG * 3)))
    assert row.word_count >= THIN_WORDS and row.text_origin == "page"


def test_a_dated_text_is_its_date_and_its_paragraphs():
    body = "date 2026-11-20\nThe mill at Long Ford reopened. It is dry.\n\nFlour will be sold – from €2 on.".encode()
    row = read(item(body, kind="text", content_type="text/plain", language="en"))
    assert (row.text_origin, row.extractor, row.extraction_confidence) == ("text", TEXT_EXTRACTOR, 1.0)
    assert row.text == "The mill at Long Ford reopened. It is dry.\n\nFlour will be sold – from €2 on."
    assert (row.title, row.display_title) == (None, "The mill at Long Ford reopened.")
    assert row.published_at == datetime(2026, 11, 20, tzinfo=UTC) and row.language == "en"
    assert (row.page_kind, row.title_origin, row.published_origin) == ("article", None, "text")


@pytest.mark.parametrize("body", [b"", b"No date here.", b"date 2026-02-30\nText.", b"date 2026-11-20\n \n"])
def test_a_text_without_its_date_or_its_text_is_dropped_with_its_name(body):
    row = read(item(body, kind="text", url="file:///clips/a.txt"))
    assert row.reason == "dated_text_invalid" and "file:///clips/a.txt" in row.message


def test_a_stored_fragment_is_read_again_as_it_was():
    first = not_fetched("http_404", title=TITLE, published_at=MORNING, content_html=markup())
    capture, body = fragment_capture(first)
    again = item(body, kind="fragment", title=TITLE, published_at=MORNING)
    before, after = read(first), read(again)
    for name in ("title", "display_title", "published_at", "text", "text_origin", "word_count", "extractor"):
        assert getattr(before, name) == getattr(after, name)
    assert before.capture.sha256 == after.capture.sha256 == capture.sha256
    assert after.capture.path  # stored already


def test_a_stored_fragment_under_a_raised_bound_is_dropped():
    row = read(item(markup(SENTENCES[:1]).encode(), kind="fragment"))
    assert row.reason == "text_too_short" and URL in row.message


@pytest.fixture
def page_says(monkeypatch):
    """Have every page read as it is, but for the fields given."""

    def say(**told) -> None:
        monkeypatch.setattr(reading, "read_page", lambda *args, **more: replace(read_page(*args, **more), **told))

    return say


@pytest.mark.parametrize("kind", DROP_KINDS)
def test_a_page_of_a_kind_that_is_not_wanted_is_dropped_under_its_name(page_says, kind):
    page_says(page_kind=kind)
    row = read(item(page()))
    assert (row.reason, row.transient, row.capture.url) == (f"page_{kind}", False, URL)
    assert URL in row.message and "clean.drop_kinds" in row.message


@pytest.mark.parametrize("kind", ["article", "paywall", "live_blog", "video"])
def test_a_page_of_another_kind_is_kept_and_carries_it(page_says, kind):
    page_says(page_kind=kind)
    assert read(item(page())).page_kind == kind


def test_the_feeds_own_text_serves_in_place_of_a_page_that_is_not_wanted(page_says):
    page_says(page_kind="consent_wall")
    row = read(item(page(), title=TITLE, content_html=markup()))
    assert (row.reason, row.text_origin, row.page_kind) == (None, "feed", "article")


def test_every_kind_that_the_settings_can_drop_has_its_reason():
    assert {f"page_{kind}" for kind in get_args(PageKind)} == set(REASONS)


ORIGINS = {"title": "json_ld", "authors": "byline", "published_at": "time"}


def test_each_value_says_where_it_came_from(page_says):
    page_says(authors=("Tom Reed",), published_at=MORNING, origins=ORIGINS)
    row = read(item(page(), title="Another", authors=("Ada Brand",), published_at=NOW))
    assert (row.title_origin, row.authors_origin, row.published_origin) == ("json_ld", "byline", "time")


def test_what_only_the_feed_says_comes_from_the_feed(page_says):
    page_says(title=None, authors=(), published_at=None, origins={})
    told = {"title": TITLE, "authors": ("Ada Brand",), "published_at": MORNING}
    row = read(item(page(), **told))
    assert (row.title_origin, row.authors_origin, row.published_origin) == ("feed", "feed", "feed")
    row = read(not_fetched("http_404", content_html=markup(), **told))
    assert (row.title_origin, row.authors_origin, row.published_origin) == ("feed", "feed", "feed")
    row = read(item(page()))
    assert (row.title_origin, row.authors_origin, row.published_origin) == (None, None, None)


def test_a_feed_that_knows_better_is_named(page_says):
    page_says(title=f"{TITLE} | Gazette", published_at=datetime(2026, 11, 20, tzinfo=UTC), origins=ORIGINS)
    row = read(item(page(), title=TITLE, published_at=MORNING))
    assert (row.title, row.title_origin) == (TITLE, "feed")
    assert (row.published_at, row.published_origin) == (MORNING, "feed")


SYDNEY, NEW_YORK = timezone(timedelta(hours=11)), timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("zone", "feed_time", "is_of_that_day"),
    [
        (SYDNEY, datetime(2026, 11, 19, 22, tzinfo=UTC), True),  # the 20th in Sydney alone
        (SYDNEY, datetime(2026, 11, 20, 22, tzinfo=UTC), True),  # the 20th in UTC alone
        (SYDNEY, datetime(2026, 11, 19, 12, tzinfo=UTC), False),
        (NEW_YORK, datetime(2026, 11, 21, 3, tzinfo=UTC), True),  # the 20th in New York alone
        (NEW_YORK, datetime(2026, 11, 21, 8, tzinfo=UTC), False),
    ],
)
def test_the_feeds_hour_is_taken_on_the_pages_day_in_utc_or_at_its_offset(page_says, zone, feed_time, is_of_that_day):
    day = datetime(2026, 11, 20, tzinfo=zone)
    page_says(published_at=day, origins=ORIGINS)
    row = read(item(page(), published_at=feed_time))
    expected = (feed_time, "feed") if is_of_that_day else (day.astimezone(UTC), "time")
    assert (row.published_at, row.published_origin) == expected


def test_times_come_out_in_utc(page_says):
    morning = datetime(2026, 11, 20, 9)
    page_says(published_at=morning.replace(tzinfo=SYDNEY), modified_at=morning.replace(tzinfo=NEW_YORK))
    row = read(item(page()))
    assert (row.published_at.utcoffset(), row.modified_at.utcoffset()) == (timedelta(0), timedelta(0))
    assert row.published_at == datetime(2026, 11, 19, 22, tzinfo=UTC)


def test_reading_again_what_was_stored_tells_the_same_origin(page_says):
    """What is read again comes with the stored time in the feed's place."""
    page_says(published_at=datetime(2026, 11, 20, tzinfo=SYDNEY), origins=ORIGINS)
    first = read(item(page()))
    again = read(item(page(), published_at=first.published_at))
    assert (again.published_at, again.published_origin) == (first.published_at, first.published_origin)


def test_reading_twice_gives_the_same():
    wanted = item(page(), title=TITLE, content_html=markup())
    assert read_article(wanted) == read_article(wanted)
