"""RSS, Atom, RDF and JSON Feed to entries: what must hold for good, broken and hostile feeds."""

from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.feed import discover_feeds, read_feed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://wire.test/feeds/all.xml"


def read(body, *, url=URL, content_type=None):
    return read_feed(body if isinstance(body, bytes) else body.encode(), url=url, content_type=content_type, now=NOW)


def rss(items, *, head=""):
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Wire</title>{head}{items}</channel></rss>"
    )


def only(feed):
    (entry,) = feed.entries
    return entry


def test_rss_gives_every_field():
    feed = read(
        rss(
            "<item><title>Dam &amp; bridge</title><link>/a/1</link><guid isPermaLink='false'>n-1</guid>"
            "<dc:creator>By Ann Lee</dc:creator><pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate>"
            "<description>Short &lt;b&gt;lead&lt;/b&gt;</description>"
            "<content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>"
            "<category>Water</category><category>Water</category>"
            "<media:content url='https://i.test/1.jpg' medium='image'/></item>",
            head="<link>https://wire.test/</link><language>en-us</language><ttl>30</ttl>",
        )
    )
    assert (feed.kind, feed.title, feed.url, feed.language, feed.ttl_minutes) == (
        "rss",
        "Wire",
        "https://wire.test/",
        "en",
        30,
    )
    entry = only(feed)
    assert entry.url == "https://wire.test/a/1"
    assert (entry.guid, entry.title, entry.authors) == ("n-1", "Dam & bridge", ("Ann Lee",))
    assert entry.published_at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert entry.summary_html == "Short <b>lead</b>"
    assert entry.content_html == "<p>Long text</p>"
    assert (entry.tags, entry.image_url) == (("Water",), "https://i.test/1.jpg")
    assert feed.faults == ()


def test_atom_resolves_xml_base_and_keeps_literal_titles():
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.test/x/"><title>B</title>'
        '<entry><title type="text">Use &lt;b&gt; well</title><link href="../p/1"/><id>tag:b,1</id>'
        "<updated>2026-11-01T00:00:00Z</updated></entry></feed>"
    )
    entry = only(feed)
    assert feed.kind == "atom"
    assert (entry.url, entry.guid, entry.title) == ("https://blog.test/p/1", "tag:b,1", "Use <b> well")
    assert entry.published_at is None
    assert entry.updated_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_relative_xml_base_is_resolved_against_the_feed():
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/deep/"><title>B</title>'
        '<entry><title>T</title><link href="p1"/><id>urn:1</id></entry></feed>'
    )
    assert only(read(body)).url == "https://wire.test/deep/p1"


def test_rdf_takes_dc_date_as_publication():
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        "<channel rdf:about='x'><title>R</title><sy:updatePeriod>hourly</sy:updatePeriod>"
        "<sy:updateFrequency>2</sy:updateFrequency></channel>"
        "<item rdf:about='https://r.test/1'><title>T</title><link>https://r.test/1</link>"
        "<dc:date>2026-10-30T10:00:00+02:00</dc:date></item></rdf:RDF>"
    )
    assert (feed.kind, feed.ttl_minutes) == ("rdf", 30)
    assert only(feed).published_at == datetime(2026, 10, 30, 8, tzinfo=UTC)
    assert only(feed).updated_at is None


def test_json_feed():
    feed = read(
        '{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://j.test/","items":'
        '[{"id":7,"url":"/1","title":"A <b> c","content_text":"1 < 2","authors":[{"name":"Bo Ek"}],'
        '"date_published":"2026-01-01T00:00:00Z","tags":["x"]}, 5]}'
    )
    entry = only(feed)
    assert (feed.kind, entry.guid, entry.url, entry.title) == ("json", "7", "https://wire.test/1", "A <b> c")
    assert (entry.content_html, entry.authors, entry.tags) == ("1 &lt; 2", ("Bo Ek",), ("x",))
    assert feed.faults == ("items that are no objects were left out: '5'.",)


@pytest.mark.parametrize(
    ("guid", "url"),
    [
        ("<guid>https://wire.test/p/9</guid>", "https://wire.test/p/9"),
        ("<guid>1234</guid>", None),
        ("<guid isPermaLink='false'>https://wire.test/p/9</guid>", None),
        ("", None),
    ],
)
def test_without_a_link_only_a_guid_that_is_an_address_serves(guid, url):
    assert only(read(rss(f"<item><title>T</title>{guid}</item>"))).url == url


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://", "http://[x"]
)
def test_links_that_are_no_web_addresses_are_none(link):
    feed = read(rss(f"<item><title>T</title><link>{link}</link></item>"))
    assert only(feed).url is None
    assert "no web addresses" in feed.faults[0]


@pytest.mark.parametrize(
    "date",
    [
        "yesterday",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Tue, 01 Dec 2026 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_unreadable_and_impossible_dates_are_none_and_told(date):
    feed = read(rss(f"<item><title>T</title><link>http://h.test/1</link><pubDate>{date}</pubDate></item>"))
    assert only(feed).published_at is None
    assert date in feed.faults[0]


def test_a_slightly_fast_clock_is_believed():
    feed = read(rss("<item><title>T</title><pubDate>Wed, 25 Nov 2026 09:00:00 GMT</pubDate></item>"))
    assert only(feed).published_at == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_titles_are_plain_text():
    feed = read(rss("<item><title>&lt;script&gt;x()&lt;/script&gt;Hi &amp;amp; &lt;i&gt;you&lt;/i&gt;</title></item>"))
    assert only(feed).title == "Hi & you"


CAFE = rss("<item><title>Über café</title></item>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (CAFE.encode("latin-1"), None),
        (CAFE.encode("latin-1"), "text/xml; charset=utf-8"),
        (CAFE.encode("latin-1"), "application/rss+xml; charset=iso-8859-1"),
        (CAFE.encode(), "text/xml; charset=iso-8859-1"),
        (CAFE.encode(), "text/xml"),
        (b"\xef\xbb\xbf" + CAFE.encode(), None),
        (CAFE.encode("utf-16"), None),
        (CAFE.encode("utf-16-be"), None),
        (b'<?xml version="1.0" encoding="utf-8"?>' + CAFE.encode("latin-1"), None),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + CAFE.encode("latin-1"), None),
    ],
)
def test_charsets_declared_rightly_wrongly_and_not_at_all(body, content_type):
    assert only(read(body, content_type=content_type)).title == "Über café"


def test_junk_before_control_characters_and_bare_ampersands_are_repaired():
    body = b"<b>Warning</b>: x.php\n<?xml version='1.0'?>" + rss(
        "<item><title>A\x00T&T \x08rises</title><link>http://h.test/?a=1&b=2</link>"
        "<description><![CDATA[R&D <b>x</b>]]></description></item>"
    ).encode()
    feed = read(body)
    entry = only(feed)
    assert (entry.title, entry.url) == ("AT&T rises", "http://h.test/?a=1&b=2")
    assert entry.summary_html == "R&D <b>x</b>"
    assert len(feed.faults) == 3


def test_what_a_truncated_feed_still_holds_is_read():
    feed = read(rss("<item><title>One</title><link>http://h.test/1</link></item><item><title>Tw")[:-18])
    assert feed.entries[0].url == "http://h.test/1"
    assert "leniently" in feed.faults[0]


def test_entities_never_reach_out_nor_blow_up():
    bomb = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">{bomb}]>'
        "<rss version='2.0'><channel><title>T</title><item><title>t</title>"
        "<description>&f;&l11;</description></item></channel></rss>"
    )
    assert len(only(read(body)).summary_html or "") < 100


def test_an_html_page_is_refused_with_the_feeds_it_advertises():
    page = (
        '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss">'
        f"</head><body>{'<p>x</p>' * 200}</body></html>"
    )
    with pytest.raises(Terminal) as fault:
        read(page)
    assert fault.value.reason == "feed_is_html"
    assert "https://wire.test/rss" in fault.value.message


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "feed_empty"),
        (b" \n\xef\xbb\xbf ", "feed_empty"),
        (bytes(range(256)) * 4, "feed_malformed"),
        (b'{"a": 1}', "feed_malformed"),
        (b"[" * 100_000, "feed_malformed"),
        (b"<urlset></urlset>", "feed_malformed"),
        (b"<rss>" + b"<a>" * 100_001, "feed_too_large"),
        (b"<rss>" + b" " * 10_000_000, "feed_too_large"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(body, reason):
    with pytest.raises(Terminal) as fault:
        read(body)
    assert fault.value.reason == reason
    assert URL in fault.value.message


def test_a_feed_without_entries_is_no_fault():
    feed = read(rss(""))
    assert (feed.entries, feed.faults) == ((), ())


def test_discovery_honours_base_and_leaves_other_alternates():
    page = (
        b'<head><base href="https://cdn.test/x/"><link rel="alternate stylesheet" type="text/css" href="a.css">'
        b'<link REL="Alternate" type="application/atom+xml" href="feed"><link rel=alternate type="application/json" '
        b'href="/wp-json/1"><link rel=alternate type="application/rss+xml" href="javascript:x">'
        b'<link rel=alternate type="application/feed+json; charset=utf-8" href="/f.json"></head>'
    )
    assert discover_feeds(page, url="https://s.test/") == ("https://cdn.test/x/feed", "https://cdn.test/f.json")
    assert discover_feeds(b"", url="https://s.test/") == ()
