"""RSS, Atom, RDF and JSON Feed to entries: what must hold for good, broken and hostile feeds."""

import base64
import json
import time
from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.feed import discover_feeds, read_feed, sitemaps_in_robots, well_known_feeds

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
    body = (
        b"<b>Warning</b>: x.php\n<?xml version='1.0'?>"
        + rss(
            "<item><title>A\x00T&T \x08rises</title><link>http://h.test/?a=1&b=2</link>"
            "<description><![CDATA[R&D <b>x</b>]]></description></item>"
        ).encode()
    )
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


def test_a_site_that_advertises_no_feed_may_have_one_at_the_usual_paths():
    addresses = well_known_feeds("https://user:word@s.test:8443/about/us?x=1")
    assert addresses[0] == "https://s.test:8443/feed/"
    assert {"https://s.test:8443/rss.xml", "https://s.test:8443/?feed=rss2", "https://s.test:8443/feed.json"} <= set(
        addresses
    )
    assert len(addresses) == len(set(addresses)) <= 15
    assert well_known_feeds("file:///etc") == ()


def test_robots_txt_names_sitemaps_in_any_group():
    text = (
        "\ufeffUser-agent: *\r\nDisallow: /x\r\nSITEMAP : https://s.test/a.xml # all\r\n"
        "Sitemap:https://cdn.test/b.xml.gz\nsitemap: https://s.test/a.xml\nSitemap: /relative.xml\n"
        "Sitemap: file:///etc/passwd\n# Sitemap: https://s.test/commented.xml\nSitemaps: https://s.test/no.xml\n"
    )
    assert sitemaps_in_robots(text) == ("https://s.test/a.xml", "https://cdn.test/b.xml.gz")
    many = "".join(f"Sitemap: https://s.test/{i}\n" for i in range(100_000))
    assert len(sitemaps_in_robots(many)) == 500


def test_hints_on_how_to_poll():
    feed = read(
        rss(
            "<item><title>T</title></item>",
            head="<skipHours><hour>23</hour><hour> 3 </hour><hour>24</hour><hour>77</hour></skipHours>"
            "<skipDays><day>Sunday</day><day>Monday</day><day>Someday</day></skipDays>"
            '<i:new-feed-url xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">https://new.test/f</i:new-feed-url>',
        )
    )
    assert (feed.skip_hours, feed.skip_days, feed.moved_url) == ((0, 3, 23), (0, 6), "https://new.test/f")
    plain = read(rss("<item><title>T</title></item>"))
    assert (plain.skip_hours, plain.skip_days, plain.moved_url) == ((), (), None)


def test_enclosures_are_absolute_in_order_once_and_bounded():
    feed = read(
        rss(
            "<item><enclosure url='/a.mp3' type='audio/mpeg'/><enclosure url='https://c.test/b.pdf'/>"
            "<enclosure url='/a.mp3'/><enclosure url='javascript:x'/></item>"
        )
    )
    assert only(feed).enclosures == ("https://wire.test/a.mp3", "https://c.test/b.pdf")
    assert "javascript:x" in feed.faults[0]
    many = read(rss("<item>" + "".join(f"<enclosure url='/{i}'/>" for i in range(30)) + "</item>"))
    assert len(only(many).enclosures) == 20
    assert "20" in many.faults[0]
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="enclosure" href="v.mp4"/></entry></feed>'
    assert only(read(atom)).enclosures == ("https://wire.test/feeds/v.mp4",)
    feed = read('{"items": [{"id": "1", "attachments": [{"url": "/v.mp4"}, {"url": 5}, "x"]}]}')
    assert only(feed).enclosures == ("https://wire.test/v.mp4",)


DOCTYPE = "<!DOCTYPE rss>"  # makes feedparser read what the quick reader would


@pytest.mark.parametrize("head", ["", DOCTYPE])
@pytest.mark.parametrize(
    "item",
    [
        "".join(f"<category>c{i}</category>" for i in range(40_000)),
        f"<media:keywords>{','.join(f'c{i}' for i in range(300_000))}</media:keywords>",
        f"<media:keywords>{','.join(f'c{i}' for i in range(99))}{',c98' * 300_000}</media:keywords>",
        f"<author>{'a' * 300_000}@</author>",
        f"<pubDate>{'1 ' * 300_000}</pubDate>",
        f"<link>http://{'/' * 300_000}</link>",
        f"<title>{'&lt;/' * 300_000}</title>",
        f"<description>{'&amp;a' * 300_000}</description>",
    ],
)
def test_what_would_cost_the_square_of_its_size_is_bounded(head, item):
    started = time.process_time()
    only(read(head + rss(f"<item><title>T</title>{item}</item>")))
    assert time.process_time() - started < 5  # without bounds minutes to hours


@pytest.mark.parametrize(
    "head",
    [
        "<?xml version='1.0'?>" + "\n" * 300_000,
        "<?xml version='1.0'?>" + DOCTYPE + "\n" * 300_000,
        "<!DOCTYPE rss [" + "\n<!ENTITY" * 3_000,
        "<!DOCTYPE rss [" + "\n<!ENTITY" * 300_000,
        "<?xml " + 'encoding="' * 30_000,
        '<?xml version="1.0" encoding="utf-8"?>' + DOCTYPE + "<rss><!--" + 'encoding="x" ' * 30_000 + "--></rss>",
    ],
)
def test_what_stands_before_a_feed_is_bounded(head):
    started = time.process_time()
    try:
        read(head + rss("<item><title>T</title></item>"))
    except Terminal as fault:
        assert fault.reason in ("feed_malformed", "feed_too_large")
        assert URL in fault.message
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "item",
    [
        "<image><category>x</category></image>",
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>',
        '<g:pos xmlns:g="http://www.opengis.net/gml">1 2</g:pos>',
        "<width><b/></width>",
    ],
)
def test_where_feedparser_itself_fails_the_feed_is_told_or_read(item):
    try:
        read(DOCTYPE + rss(f"<item><title>T</title>{item}</item>"))
    except Terminal as fault:
        assert fault.reason == "feed_malformed"
        assert URL in fault.message and "another feed" in fault.message


STORY = "https://paper.test/2026/11/story?id=7"
QUOTED = "https%3A%2F%2Fpaper.test%2F2026%2F11%2Fstory%3Fid%3D7"
GOOGLE = base64.urlsafe_b64encode(b"\x08\x13\x22" + bytes([len(STORY)]) + STORY.encode() + b"\xd2\x01\x00").decode()


@pytest.mark.parametrize(
    "link",
    [
        f"https://search.test/url?rct=j&q={QUOTED}&sa=X",
        f"https://search.test/news/apiclick.aspx?ref=x&url={QUOTED}",
        f"https://link.letter.test/click/99?x=1&u={QUOTED}",
        f"https://counter.test/redirect?to=https%3A%2F%2Fgo.other.test%2F%3Furl%3D{QUOTED.replace('%', '%25')}",
        f"https://portal.test/rss/*{STORY}",
        f"https://portal.test/rss/*{QUOTED}",
        f"https://news.google.com/rss/articles/{GOOGLE.rstrip('=')}?oc=5",
    ],
)
def test_a_link_through_a_counter_leads_to_the_article(link):
    escaped = link.replace("&", "&amp;")
    assert only(read(rss(f"<item><title>T</title><link>{escaped}</link></item>"))).url == STORY
    assert only(read(json.dumps({"items": [{"id": "1", "url": link}]}))).url == STORY


@pytest.mark.parametrize(
    "link",
    [
        f"https://social.test/sharer?u={QUOTED}",
        f"https://paper.test/login?redirect={QUOTED}",
        f"https://archive.test/web/2026/{STORY}",
        "https://search.test/url?q=words",
        "https://search.test/url?q=javascript:alert(1)",
        "https://click.test/?url=http://localhost/x",
        "https://news.google.com/rss/articles/CBMiAAAAAAAAAAAAAAAAAAAAAAAA?oc=5",
        "https://paper.test/redirect",
    ],
)
def test_other_links_stay_as_they_are(link):
    assert only(read(rss(f"<item><title>T</title><link>{link}</link></item>"))).url == link
