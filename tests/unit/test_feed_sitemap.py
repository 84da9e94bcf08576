"""Sitemaps and OPML: plain, news, index, gzip, lists, repairs and bounds."""

import gzip
import resource
from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.feed import OpmlSource, opml, read_opml, read_sitemap, write_opml
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
        (b"\x1f\x8bnot gzip", "sitemap_malformed", "gzip"),
        (b"just words", "sitemap_malformed", "neither"),
        (b"<urlset><url><loc>", "sitemap_malformed", "No location"),
        (b"<urlset>" + b"<a/>" * 3_000_000, "feed_too_large", "other sitemaps"),
        (b"<urlset><url>" + b"<a/>" * 30_000, "sitemap_malformed", "20,000 elements"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_the_remedy(body, reason, hint):
    with pytest.raises(Terminal) as fault:
        read(body)
    assert fault.value.reason == reason
    assert hint in fault.value.message


def test_an_empty_sitemap_is_no_fault():
    assert read("<urlset></urlset>").entries == ()


def test_a_document_of_exactly_the_bound_is_whole():
    feed = read("<urlset>" + "<url><loc>https://h.test/1</loc></url>" * MAX_ENTRIES + "</urlset>")
    assert (len(feed.entries), feed.faults) == (MAX_ENTRIES, ())


def test_a_long_sitemap_leaves_no_tree_behind():
    tail = b"<news:title>T</news:title><image:image><image:loc>/i.jpg</image:loc></image:image></url>"
    body = OPEN.encode() + b"<other><x/></other>" * 50_000
    body += b"".join(b"<url><loc>https://h.test/%d</loc>" % i + tail for i in range(30_000)) + b"</urlset>"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    feed = read(body)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (len(feed.entries), feed.faults) == (30_000, ())
    assert grown_kib < 80_000  # the entries themselves and one copy of the 4 MB; its tree would take 60 MB more
    assert feed.entries[-1].image_url == "https://news.test/i.jpg"


def test_an_index_that_lists_itself_has_only_its_other_children():
    feed = read(f"<sitemapindex><sitemap><loc>{URL}</loc></sitemap><sitemap><loc>/2.xml</loc></sitemap></sitemapindex>")
    assert feed.children == ("https://news.test/2.xml",)
    assert "lists itself" in feed.faults[0]


def test_gzip_that_was_cut_is_read_as_far_as_it_goes():
    urls = "".join(f"<url><loc>https://news.test/{i * 7919 % 10007}</loc></url>" for i in range(5000))
    feed = read(gzip.compress((OPEN + urls + "</urlset>").encode())[:-4000])
    assert 0 < len(feed.entries) < 5000
    assert "ends early" in feed.faults[0]


def test_a_feed_serves_as_a_sitemap():
    feed = read("<rss version='2.0'><channel><item><link>https://news.test/1</link></item></channel></rss>")
    assert (feed.kind, feed.entries[0].url) == ("rss", "https://news.test/1")


def test_opml_folders_become_tags_and_the_list_survives_a_round_trip():
    body = (
        b'<opml version="2.0"><body><outline text="World"><outline text="Asia"><outline text="A &amp; B" type="rss" '
        b'xmlUrl="https://a.test/f" htmlUrl="https://a.test/" category="/wire,daily"/></outline></outline>'
        b'<outline text="again" xmlUrl="https://a.test/f"/></body></opml>'
    )
    told = read_opml(body)
    assert told.sources == (
        OpmlSource(
            feed_url="https://a.test/f",
            title="A & B",
            site_url="https://a.test/",
            tags=("World", "Asia", "wire", "daily"),
        ),
    )
    assert told.faults == ()
    assert read_opml(write_opml(told.sources)) == told


def test_what_an_opml_list_has_that_is_no_feed_is_told(monkeypatch):
    monkeypatch.setattr(opml, "MAX_SOURCES", 2)
    feeds = b"".join(b'<outline xmlUrl="https://a.test/%d"/>' % i for i in range(4))
    told = read_opml(
        b'<opml><body><outline text="News"><outline text="Bare" htmlUrl="https://b.test/"/></outline>'
        b'<outline text="bad" xmlUrl="file:///x"/>' + feeds + b"</body></opml>"
    )
    assert [source.feed_url for source in told.sources] == ["https://a.test/0", "https://a.test/1"]
    without, no_address, beyond = told.faults
    assert "https://b.test/" in without and "give them the address" in without
    assert "file:///x" in no_address
    assert "2 times" in beyond and "https://a.test/2" in beyond and "split" in beyond


@pytest.mark.parametrize("body", [b"", b"not xml", b"<rss/>"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(Terminal) as fault:
        read_opml(body)
    assert fault.value.reason == "opml_malformed"
