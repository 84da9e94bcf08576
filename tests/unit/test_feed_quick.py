"""The quick reader of feeds says what feedparser says, or leaves it to feedparser."""

import random
from datetime import UTC, datetime
from itertools import product

import pytest

from tasks.errors import Terminal
from tasks.feed import read, read_feed
from tasks.feed.quick import read_quickly

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://wire.test/feeds/all.xml"
PREFIXES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:own="https://wire.test/ns" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:georss="http://www.georss.org/georss"'
)


def rss(inside, *, version="2.0", prefixes=PREFIXES, head=""):
    return f'<rss version="{version}" {prefixes}><channel><title>Wire</title>{head}{inside}</channel></rss>'


def atom(inside, *, version="http://www.w3.org/2005/Atom", attributes=""):
    return f'<feed xmlns="{version}" {PREFIXES} {attributes}><title>Blog</title><id>urn:b</id>{inside}</feed>'


def rdf(inside, *, head=""):
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'{PREFIXES}><channel rdf:about="/x"><title>R</title><items><rdf:Seq><rdf:li rdf:resource="/1"/></rdf:Seq>'
        f'</items>{head}</channel><image rdf:about="/i"><title>No</title><url>/i.png</url></image>{inside}</rdf:RDF>'
    )


def both(body, monkeypatch):
    """The result of each way, and whether the quick one had an answer of its own."""
    answered = []

    def watched(document):
        answered.append(read_quickly(document))
        return answered[-1]

    def outcome():
        try:
            return read_feed(body if isinstance(body, bytes) else body.encode(), url=URL, content_type=None, now=NOW)
        except Terminal as fault:
            return fault.reason, fault.message

    monkeypatch.setattr(read, "read_quickly", watched)
    first = outcome()
    monkeypatch.setattr(read, "read_quickly", lambda document: None)
    return first, outcome(), any(answered)


ITEM_PARTS = (
    "<title>Dam &amp; bridge</title>",
    "<title><![CDATA[<b>Dam</b> & bridge]]></title>",
    "<title>  spread\n over <!-- a comment --> lines </title>",
    "<title>Caf\u00c3\u00a9 \x93quoted\x94 &#8217;</title>",
    "<title/>",
    "<dc:title>Another</dc:title>",
    "<media:title>Picture</media:title>",
    "<link>/a/1</link>",
    "<link>https://wire.test/a?x=1&amp;y=2&amp;amp;z=3</link>",
    "<link/>",
    "<link>http:////wire.test/slashes</link>",
    '<link href="/a/2"/>',
    '<atom:link rel="alternate" type="text/html" href="https://wire.test/a/3"/>',
    '<atom:link rel="self" href="https://wire.test/self"/>',
    '<atom:link rel="ENCLOSURE" type="audio/mpeg" href="/s.mp3"/>',
    '<link url="https://wire.test/a/5" rel="alternate" type="application/json"/>',
    "<guid>https://wire.test/p/9</guid>",
    '<guid isPermaLink="true">/p/9</guid>',
    '<guid isPermaLink="false">n-1</guid>',
    "<guid>1234</guid>",
    "<guid/>",
    '<atom:id ispermalink="false">urn:1</atom:id>',
    "<description>Short &lt;b&gt;lead&lt;/b&gt;</description>",
    "<description><![CDATA[<p>One</p>]]> and <![CDATA[<p>two</p>]]></description>",
    "<description/>",
    "<dc:description>Dublin</dc:description>",
    "<media:description>What is seen</media:description>",
    "<itunes:summary>To be &lt;i&gt;heard&lt;/i&gt;</itunes:summary>",
    "<summary>Plain</summary>",
    '<atom:summary type="html">&lt;p&gt;S&lt;/p&gt;</atom:summary>',
    "<content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>",
    "<content:encoded/>",
    '<atom:content type="html">&lt;p&gt;C&lt;/p&gt;</atom:content>',
    '<atom:content type="image/png">aGk=</atom:content>',
    "<author>ann@wire.test (Ann Lee)</author>",
    "<author>Ann Lee &lt;ann@wire.test&gt;</author>",
    "<author/>",
    "<dc:creator>By Bo Ek</dc:creator><dc:creator><![CDATA[Cy Day]]></dc:creator>",
    "<itunes:author>Di Fox</itunes:author>",
    "<atom:author><atom:name>Eva</atom:name><atom:email>e@wire.test</atom:email></atom:author>",
    "<atom:author><atom:uri>https://wire.test/f</atom:uri></atom:author>",
    "<atom:author>Text <atom:name>Gus</atom:name></atom:author>",
    "<contributor><name>Hal</name></contributor><dc:contributor>Ida</dc:contributor>",
    "<pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate>",
    "<pubDate>yesterday</pubDate>",
    "<pubDate/>",
    "<dc:date>2026-11-01</dc:date>",
    "<dcterms:modified>2026-11-03T00:00:00Z</dcterms:modified>",
    "<dcterms:created>2026-10-03T00:00:00Z</dcterms:created>",
    "<atom:updated>2026-11-04T00:00:00Z</atom:updated>",
    "<date>2026-11-05</date>",
    "<category>Water</category><category>Water</category>",
    '<category domain="https://wire.test/t">Sea</category><category domain="https://wire.test/t">Sea</category>',
    '<category term="wood" label="Wood" scheme="s"/><atom:category term="iron"/>',
    "<category/>",
    "<dc:subject>Stone</dc:subject><keywords>Clay</keywords>",
    "<media:keywords>sand, silt,, loam</media:keywords><media:category>news/top</media:category>",
    "<itunes:keywords>one,two</itunes:keywords>",
    '<enclosure url="/a.mp3" type="audio/mpeg" length="1"/><enclosure url="" /><enclosure/>',
    '<enclosure url="https://i.test/a.jpg" type="IMAGE/jpeg"/>',
    '<media:content url="https://i.test/1.jpg" medium="image"><media:title>Deep</media:title>'
    "<media:credit>Jo</media:credit><media:description>Deep words</media:description></media:content>",
    '<media:group><media:content url="/2.png" type="image/png"/><media:thumbnail url="/3.png"/></media:group>',
    "<media:thumbnail>https://i.test/4.jpg</media:thumbnail>",
    '<itunes:image href="https://i.test/5.jpg"/>',
    "<image>https://i.test/6.jpg</image>",
    "<image><url>https://i.test/7.jpg</url><title>Seven</title></image>",
    "<source url='https://other.test/rss'>Other</source>",
    "<atom:source><atom:title>Origin</atom:title><atom:id>urn:o</atom:id><atom:link href='https://o.test/'/>"
    "<atom:author><atom:name>Kim</atom:name></atom:author></atom:source>",
    "<feedburner:origLink>https://wire.test/orig</feedburner:origLink>",
    "<language>de</language>",
    "<dc:language>fr</dc:language>",
    "<comments>/c</comments><own:note>n</own:note><own:note kind='x'>m</own:note>",
    "<own:box><title>Boxed</title><link>/boxed</link><pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate></own:box>",
    "<georss:point>1 2</georss:point>",
    "<itunes:owner><itunes:name>Lou</itunes:name></itunes:owner>",
    '<description xml:base="https://base.test/d/">based</description>',
    '<own:x xml:lang="sv" xmlns:deep="urn:deep"><deep:y>z</deep:y></own:x>',
    "<tags>a, b</tags>",
    "<published_parsed>x</published_parsed>",
    "<textInput><title>T</title></textInput>",
)
HEAD_PARTS = (
    "<link>https://wire.test/</link>",
    '<atom:link href="https://wire.test/all" rel="alternate"/><atom:link href="/feeds/all.xml" rel="self"/>',
    "<description>About</description>",
    "<itunes:summary>Sum</itunes:summary>",
    "<language>en-us</language>",
    "<dc:language>nl</dc:language>",
    "<ttl>30</ttl>",
    "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
    "<image><url>/i.png</url><title>Logo</title><link>https://logo.test/</link></image>",
    "<image><url>/i.png</url><foo/><title>Logo</title><link>https://logo.test/</link></image>",
    "<title>Second title</title>",
    "<media:title>Third title</media:title>",
    "<managingEditor>ed@wire.test</managingEditor><webMaster>w@wire.test</webMaster>",
    "<itunes:owner><itunes:name>O</itunes:name><itunes:email>o@wire.test</itunes:email></itunes:owner>",
    '<itunes:category text="News"><itunes:category text="Daily"/></itunes:category>',
    "<itunes:new-feed-url>https://new.test/feed</itunes:new-feed-url>",
    "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
    "<lastBuildDate>Mon, 02 Nov 2026 10:00:00 GMT</lastBuildDate><generator>g</generator><cloud domain='x'/>",
    "<item/>",
    "<own:thing><title>Thing</title><own:part/></own:thing>",
)
ATOM_PARTS = (
    '<title type="text">Use &lt;b&gt; well</title>',
    '<title type="html">A &lt;b&gt;bold&lt;/b&gt; one</title>',
    '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">An <em>odd</em> &amp; one</div></title>',
    '<link href="../p/1"/><link rel="enclosure" type="video/mp4" href="v.mp4"/>',
    '<link rel="alternate" type="text/html" href="https://blog.test/p/2"/><link rel="edit" href="/e"/>',
    "<id>tag:b,1</id>",
    "<id>https://blog.test/p/3</id>",
    "<updated>2026-11-01T00:00:00Z</updated><published>2026-10-31T00:00:00+02:00</published>",
    "<author><name>M N</name><uri>/m</uri></author><author><name>O P</name><email>o@p.test</email></author>",
    "<author><email>q@r.test</email></author><contributor><name>S</name></contributor>",
    '<category term="t" label="Label"/><category term="u" scheme="v"/>',
    "<summary>Words &amp;amp; &lt;i&gt;</summary>",
    '<summary type="html">&lt;p&gt;W&lt;/p&gt;</summary>',
    '<content type="html"><![CDATA[<p>Body</p>]]></content>',
    "<content>plain &lt;b&gt;</content>",
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p class="a&quot;b">X<br/>&lt;y&gt;</p>\n</div>'
    "</content>",
    '<content type="xhtml">\n <div xmlns="http://www.w3.org/1999/xhtml"><div>one</div></div> <div '
    'xmlns="http://www.w3.org/1999/xhtml">two</div> </content>',
    '<content type="xhtml" xmlns:h="http://www.w3.org/1999/xhtml"><h:div><h:p>Z</h:p><h:img src="a"/></h:div>'
    "</content>",
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"/></div>'
    "</content>",
    '<content type="xhtml"><div>in no namespace of its own<title>t</title></div></content>',
    '<content type="html"><div>not escaped</div></content>',
    '<content src="https://blog.test/c" type="text/html"/>',
    "<source><id>urn:s</id><title>From</title><updated>2026-11-01T00:00:00Z</updated></source>",
    '<rights type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">R</div></rights>',
    '<content type="html" xml:base="https://base.test/c/" xml:lang="it">&lt;a href="x"&gt;</content><link href="rel"/>',
    "<modified>2026-11-02T00:00:00Z</modified><issued>2026-11-01T00:00:00Z</issued><created>2026-10-01</created>",
)


def entries(parts, name, seed):
    chosen = random.Random(seed)
    return "".join(
        f"<{name}>{''.join(chosen.sample(parts, chosen.randint(1, 9)))}</{name}>\n "
        for _ in range(chosen.randint(1, 3))
    )


@pytest.mark.parametrize("part", ITEM_PARTS + HEAD_PARTS)
def test_each_element_alone_and_beside_another_means_what_feedparser_says(part, monkeypatch):
    for body in (
        rss(f"<item>{part}</item>"),
        rss(f"<item><title>T</title><description>D</description>{part}</item>", version="0.91"),
        rss(f"<item>{part}<title>T</title><link>/t</link><description>D</description></item><item>{part}</item>"),
        rss("<item><title>T</title></item>", head=part),
        rdf(f'<item rdf:about="/r/1">{part}</item>', head=part),
        atom(f"<entry>{part}</entry>{part}"),
    ):
        quick, lenient, _ = both(body, monkeypatch)
        assert quick == lenient, body


@pytest.mark.parametrize("seed", range(60))
def test_elements_in_any_company_mean_what_feedparser_says(seed, monkeypatch):
    chosen = random.Random(seed)
    head = "".join(chosen.sample(HEAD_PARTS, chosen.randint(0, 5)))
    base = chosen.choice(("", 'xml:base="https://blog.test/x/"', 'xml:lang="pt-BR"', 'xml:base="/deep/"'))
    for body in (
        rss(entries(ITEM_PARTS, "item", seed), head=head),
        rdf(entries(ITEM_PARTS, "item", seed), head=head),
        atom(head + entries(ATOM_PARTS + ITEM_PARTS[:20], "entry", seed), attributes=base),
        atom(entries(ATOM_PARTS, "entry", seed), version="http://purl.org/atom/ns#", attributes='version="0.3"'),
    ):
        quick, lenient, _ = both(body, monkeypatch)
        assert quick == lenient, body


def test_ordinary_feeds_are_read_quickly(monkeypatch):
    parts = "".join(ITEM_PARTS[i] for i in (0, 7, 16, 22, 30, 37, 43, 51, 53, 58, 60, 67))
    head = "".join(HEAD_PARTS[i] for i in (0, 1, 2, 4, 6, 8, 12, 13, 14, 15, 16, 17))
    for body in (
        rss(f"<item>{parts}</item>", head=head),
        rdf(f'<item rdf:about="/1">{parts}</item>'),
        atom("<entry>" + "".join(ATOM_PARTS[i] for i in (1, 4, 5, 7, 8, 10, 12, 15)) + "</entry>"),
    ):
        quick, lenient, answered = both(body, monkeypatch)
        assert answered, body
        assert quick == lenient
        assert quick.entries[0].title


ITEM = "<item><title>\u00dcber caf\u00e9</title><link>https://h.test/1</link></item>"


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="utf-8"?>' + rss(ITEM),
        b"\xef\xbb\xbf" + rss(ITEM).encode(),
        rss(ITEM).encode("utf-16"),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + rss(ITEM).encode("latin-1"),
        b'<?xml version="1.0" encoding="gb2312"?>' + rss("<item><title>\u4e2d\u6587</title></item>").encode("gb2312"),
        '<?xml version="1.1"?>' + rss(ITEM),
        '<?xml-stylesheet href="x"?>\n<!-- hello -->' + rss(ITEM),
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "x.dtd">' + rss(ITEM, version="0.91"),
        '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("<item><title>&a;</title></item>"),
        rss(ITEM + "<item><title>&nbsp;</title></item>"),
        rss("<item>" + "<media:content>" * 200 + "</media:content>" * 200 + "</item>"),
        " " * 200_000 + '<!DOCTYPE rss [<!ENTITY a "b">]>' + rss("<item><title>x&a;y</title></item>"),
        rss(ITEM)[:-20],
        rss(ITEM) + "trailing",
        rss("<item><undeclared:x>y</undeclared:x></item>"),
        rss(ITEM, prefixes=""),
        rss(ITEM, prefixes='xmlns="http://backend.userland.com/rss2"'),
        rss(ITEM, prefixes='xmlns="urn:unknown"'),
        rss(ITEM, prefixes='xmlns:dc="http://search.yahoo.com/mrss/"').replace("title>", "dc:title>"),
        rss("<item><m:title>T</m:title></item>", prefixes='xmlns:m="http://search.yahoo.com/mrss/"'),
        rss("<item><media:title>T</media:title></item>", prefixes='xmlns:media="https://search.yahoo.com/mrss/"'),
        rss("<item><a:b>T</a:b><z:b>U</z:b></item>", prefixes='xmlns:a="urn:1" xmlns:z="urn:1"'),
        rss("<item><a:title xmlns:a='urn:1'>T</a:title><a:title xmlns:a='urn:2'>U</a:title></item>"),
        rss('<item><title xmlns:e="urn:e" e:type="html">T</title></item>'),
        rss("<item><title>A</title><item><title>B</title></item></item>"),
        "<rss version='2.0'><item><title>no channel</title></item></rss>",
        rss("") + rss(""),
        rss(ITEM).replace("</channel>", f"</channel><channel>{ITEM}</channel>"),
        rss(ITEM).replace("rss", "RSS").replace("item", "Item"),
        "<channel><item><title>bare</title></item></channel>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>N</title></channel>{ITEM}</rdf:RDF>',
        rdf(ITEM).replace("<rdf:RDF", '<rdf:RDF xmlns:a="http://www.w3.org/2005/Atom"', 1),
        '<channel lastmod="2026-11-01" href="/x"><item href="/y"><title>CDF</title></item></channel>',
    ],
)
def test_documents_of_every_kind_mean_what_feedparser_says(body, monkeypatch):
    quick, lenient, _ = both(body, monkeypatch)
    assert quick == lenient


AUTHORS = ("Ann", "ann@wire.test", "(ann@wire.test)", "Ann &lt;ann@wire.test&gt;", "a" * 300 + "@b.test", "")


@pytest.mark.parametrize(("one", "two"), list(product(AUTHORS, repeat=2)))
def test_authors_mean_what_feedparser_says(one, two, monkeypatch):
    quick, lenient, answered = both(
        rss(
            f"<item><author>{one}</author><dc:creator>{two}</dc:creator><author><email>x@y.test</email></author></item>"
        ),
        monkeypatch,
    )
    assert answered
    assert quick == lenient
