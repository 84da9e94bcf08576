"""Times as pages write them, and which of a page's dates is meant."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from tasks.page.jsonld import read_json_ld
from tasks.page.metadata import read_metadata
from tasks.page.published import at_day
from tasks.page.times import day_in_url, parse_time

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def metadata(html: str, url: str = "https://g.test/a"):
    tree = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    return read_metadata(tree, read_json_ld(tree).article, url=url, now=NOW)


def published(html: str, url: str = "https://g.test/a"):
    found = metadata(html, url)
    return found.published_at.date().isoformat() if found.published_at else None, found.origins.get("published_at")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T08:00:00+01:00", "2026-11-20T08:00:00+01:00"),
        ("2026-11-20T08:00:00.1234567-0500", "2026-11-20T08:00:00.123456-05:00"),
        ("2026-11-20 08:00:00Z", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20", "2026-11-20T00:00:00+00:00"),
        ("20261120", "2026-11-20T00:00:00+00:00"),
        ("November 20, 2026 8:00 am EST", "2026-11-20T08:00:00-05:00"),
        ("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00+00:00"),
        ("Published on 20 November 2026", "2026-11-20T00:00:00+00:00"),
        ("Nov. 20th, 2026 · 5 min read", "2026-11-20T00:00:00+00:00"),
        ("5. Juni 2025", "2025-06-05T00:00:00+00:00"),
        ("5 juin 2025", "2025-06-05T00:00:00+00:00"),
        ("5 de junio de 2025", "2025-06-05T00:00:00+00:00"),
        ("1º de maio de 2025, 9h30", "2025-05-01T09:30:00+00:00"),
        ("5 giugno 2025", "2025-06-05T00:00:00+00:00"),
        ("14 mrt 2025", "2025-03-14T00:00:00+00:00"),
        ("5 września 2025", "2025-09-05T00:00:00+00:00"),
        ("2025年6月5日", "2025-06-05T00:00:00+00:00"),
        ("2023 Jan 7", "2023-01-07T00:00:00+00:00"),
        ("05.06.2026", "2026-06-05T00:00:00+00:00"),
        ("31.05.12", "2012-05-31T00:00:00+00:00"),
        ("4/2/2026", "2026-04-02T00:00:00+00:00"),
        ("20/2/2026", "2026-02-20T00:00:00+00:00"),
        ("1795161600", "2026-11-20T08:00:00+00:00"),
        ("Friday 10:00", None),
        ("Read 12 articles 2024", None),
        ("2026-02-30", None),
        ("2031-01-01", None),
        ("1969-12-31", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-11-20T08:00:00+99:99", "2026-11-20T08:00:00+00:00"),
        ("9999999999999", None),
        ("9" * 5000, None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_times_as_pages_write_them(value, expected):
    found = parse_time(value, now=NOW)
    assert (found.isoformat() if found else None) == expected


def test_the_order_of_day_and_month_can_be_told():
    assert parse_time("4/2/2026", now=NOW, day_first=True).date() == date(2026, 2, 4)
    assert parse_time("4.2.2026", now=NOW, day_first=False).date() == date(2026, 4, 2)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://g.test/2026/11/20/mill", 20),
        ("https://g.test/2026-11-20-mill", 20),
        ("https://g.test/20261120/mill", 20),
        ("https://g.test/2026/nov/20/mill", 20),
        ("https://g.test/a/2026/13/45/", None),
        ("https://g.test/p/120261120345", None),
    ],
)
def test_day_in_an_address(url, day):
    assert day_in_url(url, now=NOW) == (datetime(2026, 11, day, tzinfo=UTC) if day else None)


def test_an_instant_takes_the_printed_day():
    instant = datetime(2026, 11, 20, 2, 41, tzinfo=UTC)
    local = at_day(instant, datetime(2026, 11, 19, 21, 41, tzinfo=timezone(timedelta(hours=-5))))
    assert local == instant and local.isoformat() == "2026-11-19T21:41:00-05:00"
    inferred = at_day(instant, datetime(2026, 11, 19, tzinfo=UTC))
    assert inferred == instant and inferred.date() == date(2026, 11, 19)
    assert at_day(instant, datetime(2026, 11, 23, tzinfo=UTC)) == instant


LD = '<script type="application/ld+json">{"@type": "Article", "datePublished": "%s", "dateModified": "%s"}</script>'


@pytest.mark.parametrize(
    ("html", "day", "origin"),
    [
        (LD % ("2026-03-01", "2026-05-01"), "2026-03-01", "json_ld"),
        (
            '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2026-03-01"}</script>',
            "2026-03-01",
            "json_ld",
        ),
        ('<meta property="article:published_time" content="2026-03-01">', "2026-03-01", "open_graph"),
        ('<meta name="DC.date.issued" content="2026-03-01">', "2026-03-01", "meta"),
        ('<meta name="w-published-date" content="2026-03-01">', "2026-03-01", "meta"),
        ("<h1>T</h1><p>March 1, 2026</p><p>Text.</p>", "2026-03-01", "text"),
        ("<p>March 1, 2026</p><h1>T</h1><p>Text.</p>", "2026-03-01", "text"),
        ('<h1>T</h1><time datetime="2026-03-01T10:00:00+01:00">1. März 2026</time>', "2026-03-01", "time"),
        ("<h1>T</h1><p>Updated</p><p>May 1, 2026</p><p>Published March 1, 2026", "2026-03-01", "text"),
        ("<h1>T</h1><p>Last updated May 1, 2026", "2026-05-01", "update"),
        ('<time>2026-05-01</time><time itemprop="datePublished" datetime="2026-03-01">x', "2026-03-01", "microdata"),
        ('<p>Text</p><div class="post-date">1 March 2026</div>', "2026-03-01", "text"),
        ('<div class="related"><h3>Other</h3><p>1 March 2026</p></div>', None, None),
        ("<h1>T</h1><footer><p>© 1 March 2026 Gazette</p></footer>", None, None),
        ("<h1>T</h1><p>On March 1, 2026 the mill stood still, and by the end of the week it ran again.", None, None),
        # the content system's clock against the printed day
        (LD % ("2026-03-01T02:00:00Z", "") + "<h1>T</h1><p>February 28, 2026", "2026-02-28", "json_ld"),
        (LD % ("2026-03-01T02:00:00Z", "") + "<h1>T</h1><p>May 14, 2025", "2025-05-14", "text"),
        (LD % ("2026-03-01", "2026-05-01") + "<h1>T</h1><p>Updated May 1, 2026", "2026-03-01", "json_ld"),
        (LD % ("2026-03-01", "2026-05-01") + "<h1>T</h1><p>May 1, 2026", "2026-03-01", "json_ld"),
        (LD % ("2026-01-06T13:55:00+01:00", "") + "<h1>T</h1><p>06/01/2026 - 13:55", "2026-01-06", "json_ld"),
        (LD % ("2026-03-01T09:00:00+09:00", "") + "<h1>T</h1><p>1.3.2026<p>2.3.2026", "2026-03-01", "json_ld"),
    ],
)
def test_which_date_is_the_publication(html, day, origin):
    assert published(html) == (day, origin)


def test_the_address_is_asked_last():
    assert published("<h1>T</h1>", "https://g.test/2026/03/01/t") == ("2026-03-01", "url")
    assert published("<h1>T</h1><p>2 March 2026", "https://g.test/2026/03/01/t") == ("2026-03-02", "text")


def test_an_update_cannot_precede_the_publication():
    found = metadata(LD % ("2026-05-01", "2026-03-01"))
    assert found.modified_at is None and "modified_at" not in found.origins
    found = metadata(LD % ("2026-03-01T08:00:00+02:00", "2026-05-01T08:00:00Z"))
    assert found.published_at.isoformat() == "2026-03-01T08:00:00+02:00"
    assert (found.modified_at.date(), found.origins["modified_at"]) == (date(2026, 5, 1), "json_ld")


@pytest.mark.parametrize(
    "text", ["12 june " * 12, "1/" * 45, "1 " * 45, "2025-" * 18, "jun 12, " * 11, ":" * 90, "20" * 45]
)
def test_hostile_dates_are_bounded(text):
    start = time.process_time()
    for _ in range(200):
        parse_time(text, now=NOW)
    assert time.process_time() - start < 1.5
