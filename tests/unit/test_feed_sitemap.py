"""Sitemaps and OPML: plain, news, index, gzip, lists, repairs and bounds."""

import gzip
from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.feed import OpmlSource, read_opml, read_sitemap, write_opml
from tasks.feed.sitemap import MAX_BYTES, MAX_ENTRIES

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://news.test/sitemap.xml"
OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
NEWS = (
    OPEN + "<url><loc>https://news.test/a</loc><lastmod>2026-11-20</lastmod><news:news><news:publication>"
    "<news:name>N</news:name><news:language>de</news:language></news:publication>"
    "<news:publication_date>2026-11-19T22:00:00-05:00</news:publication_date>"
    "<news:title>Fish &amp; chips</news:title><news:keywords>food, sea</news:keywords></news:news>"
    "<image:image><image:loc>https://news.test/i.jpg</image:loc><image:title>no</image:title></image:image>"
    "</url><url><loc>/b</loc></url></urlset>"
)


def read(body):
    return read_sitemap(body if isinstance(body, bytes) else body.encode(), url=URL, now=NOW)


@pytest.mark.parametrize("wrap", [str.encode, lambda text: gzip.compress(text.encode()), lambda t: t.encode("utf-16")])
def test_news_sitemap_plain_gzipped_and_in_utf16(wrap):
    feed = read(wrap(NEWS))
    first, second = feed.entries
    assert (feed.kind, feed.faults) == ("sitemap", ())
    assert (first.url, first.title, first.language, first.tags) == (
        "https://news.test/a",
        "Fish & chips",
        "de",
        ("food", "sea"),
    )
    assert first.published_at == datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert first.updated_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert first.image_url == "https://news.test/i.jpg"
    assert second.url == "https://news.test/b"
    assert second.published_at is None


def test_index_names_its_children():
    feed = read(
        "<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>ftp://x/</loc></sitemap></sitemapindex>"
    )
    assert (feed.kind, feed.children, feed.entries) == ("sitemapindex", ("https://news.test/s1.xml",), ())
    assert "ftp://x/" in feed.faults[0]


def test_plain_list():
    feed = read("https://news.test/1\nhttps://news.test/2\nhello\n\nhttps://news.test/1\n")
    assert [entry.url for entry in feed.entries] == ["https://news.test/1", "https://news.test/2"]
    assert "hello" in feed.faults[0]


def test_broken_xml_is_read_as_far_as_it_goes_and_told():
    feed = read(OPEN + "<url><loc>https://news.test/?a=1&b=2</loc></url><url><loc>https://news.test/2</loc></url>")
    assert len(feed.entries) == 2
    assert "repaired" in feed.faults[0]


def test_impossible_dates_are_left_out_and_told():
    feed = read(OPEN + "<url><loc>https://news.test/1</loc><lastmod>1970-01-01</lastmod></url></urlset>")
    assert feed.entries[0].updated_at is None
    assert "1970-01-01" in feed.faults[0]


def test_entities_are_not_resolved():
    doctype = '<!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = f"{doctype}<urlset><url><loc>https://h.test/&f;</loc></url></urlset>"
    assert [entry.url for entry in read(body).entries] == ["https://h.test/"]


def test_entries_and_bytes_are_bounded():
    feed = read("<urlset>" + "<url><loc>https://h.test/1</loc></url>" * (MAX_ENTRIES + 5) + "</urlset>")
    assert len(feed.entries) == MAX_ENTRIES
    assert "50,000" in feed.faults[0]
    bomb = gzip.compress(b"<urlset><url><loc>https://h.test/1</loc></url>" + b" " * (MAX_BYTES + 1000), compresslevel=1)
    assert "50 MiB" in read(bomb).faults[0]


@pytest.mark.parametrize(
    ("body", "reason", "hint"),
    [
        (b"", "feed_empty", "empty"),
        (b"<!doctype html><html><body>x</body></html>", "sitemap_malformed", "robots.txt"),
        (b"<rss version='2.0'><channel/></rss>", "sitemap_malformed", 'kind = "feed"'),
        (b"\x1f\x8bnot gzip", "sitemap_malformed", "gzip"),
        (b"just words", "sitemap_malformed", "neither"),
        (b"<urlset><url><loc>", "sitemap_malformed", "No location"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_the_remedy(body, reason, hint):
    with pytest.raises(Terminal) as fault:
        read(body)
    assert fault.value.reason == reason
    assert hint in fault.value.message


def test_an_empty_sitemap_is_no_fault():
    assert read("<urlset></urlset>").entries == ()


def test_opml_folders_become_tags_and_the_list_survives_a_round_trip():
    body = (
        b'<opml version="2.0"><body><outline text="World"><outline text="Asia"><outline text="A &amp; B" type="rss" '
        b'xmlUrl="https://a.test/f" htmlUrl="https://a.test/" category="/wire,daily"/></outline></outline>'
        b'<outline text="again" xmlUrl="https://a.test/f"/><outline text="bad" xmlUrl="file:///x"/></body></opml>'
    )
    sources = read_opml(body)
    assert sources == (
        OpmlSource(
            feed_url="https://a.test/f",
            title="A & B",
            site_url="https://a.test/",
            tags=("World", "Asia", "wire", "daily"),
        ),
    )
    assert read_opml(write_opml(sources)) == sources


@pytest.mark.parametrize("body", [b"", b"not xml", b"<rss/>"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(Terminal) as fault:
        read_opml(body)
    assert fault.value.reason == "opml_malformed"
