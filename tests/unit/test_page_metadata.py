"""The metadata of whole pages: title, addresses, tags, origins; and pages made to hurt."""

import json
import time
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from tasks.page.headline import choose_title, plain
from tasks.page.jsonld import MAX_TOTAL_CHARS, read_json_ld
from tasks.page.metadata import read_metadata

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://www.gazette.test/opinion/2026/mill"


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)


def metadata(html: str, url: str = URL):
    tree = parsed(html)
    return read_metadata(tree, read_json_ld(tree).article, url=url, now=NOW)


@pytest.mark.parametrize(
    ("headlines", "declared", "window", "title", "origin"),
    [
        (["Mill reopens"], ["Mill reopens - Gazette"], "Mill reopens | The Gazette", "Mill reopens", "h1"),
        (["The Gazette", "Mill reopens"], [None], "Mill reopens | The Gazette", "Mill reopens", "h1"),
        (["The Gazette"], [], "Mill reopens | The Gazette", "Mill reopens", "title_element"),
        ([], ["Mill reopens – The Gazette"], None, "Mill reopens", "open_graph"),
        ([], [], "gazette.test: Mill reopens", "gazette.test: Mill reopens", "title_element"),
        (["Newsletter"], ["Mill reopens"], "Mill reopens", "Mill reopens", "open_graph"),
        (["Mill reopens"], [], None, "Mill reopens", "h1"),
        ([], [], None, None, None),
        # a headline of its own beside a title made for search engines; a mere label loses to it
        (["What we found at the old mill"], ["Ford mill visit"], None, "What we found at the old mill", "h1"),
        (["Local news"], ["Mill reopens after repair"], None, "Mill reopens after repair", "open_graph"),
        # a kicker or a byline inside the headline's element
        (["Long Ford Mill reopens today"], ["Mill reopens today"] * 2, None, "Mill reopens today", "h1"),
        (["Mill reopens today Posted on May 1"], ["Mill reopens today"] * 2, None, "Mill reopens today", "h1"),
        (["The mill must stay | Opinion"], [], None, "The mill must stay", "h1"),
        ([], [], "The mill must stay | Long Ford", "The mill must stay | Long Ford", "title_element"),
        (["Gazette 5: the mill"], ["Gazette 5: the mill"], None, "Gazette 5: the mill", "h1"),
    ],
)
def test_title_by_agreement(headlines, declared, window, title, origin):
    chosen, agreement, found = choose_title(
        headlines=headlines,
        declared=[("open_graph", value) for value in declared],
        window=window,
        site_names=["The Gazette", "Gazette", None],
        sections=["opinion", "2026", "mill"],
    )
    assert (chosen, found) == (title, origin)
    assert 0 <= agreement <= 1


def test_plain_text_of_a_value():
    assert plain("A &amp;amp; <b>B</b>\u00ad\u200b\n C") == "A & B C"
    assert plain("1 < 2") == "1 < 2"
    assert plain(" ") is None and plain(5) is None


def test_every_value_says_where_it_came_from():
    found = metadata("""<html lang="en-GB"><head><title>Mill reopens - Gazette</title>
        <link rel="canonical" href="/opinion/2026/mill">
        <meta property="og:site_name" content="Gazette"><meta property="og:image" content="/mill.jpg">
        <meta name="keywords" content="mill, Long Ford"><meta name="description" content="It runs.">
        <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Mill reopens",
          "datePublished": "2026-11-20T08:00:00+01:00", "dateModified": "2026-11-21T08:00:00+01:00",
          "author": [{"@type": "Person", "name": "Ann Lee"}], "articleSection": "Opinion"}</script>
        <body><h1>Mill<br>reopens</h1>""")
    assert (found.title, found.authors, found.language) == ("Mill reopens", ("Ann Lee",), "en")
    assert found.published_at.isoformat() == "2026-11-20T08:00:00+01:00"
    assert found.canonical_url == URL and found.image_url == "https://www.gazette.test/mill.jpg"
    assert (found.section, found.tags, found.summary) == ("Opinion", ("mill", "Long Ford"), "It runs.")
    assert found.origins == {
        "title": "h1",
        "authors": "json_ld",
        "published_at": "json_ld",
        "modified_at": "json_ld",
        "language": "html",
        "canonical_url": "link",
        "image_url": "open_graph",
        "section": "json_ld",
        "tags": "meta",
        "summary": "meta",
        "site_name": "open_graph",
    }


def test_an_empty_page_says_nothing():
    found = metadata("", url="https://g.test/")
    assert (found.title, found.authors, found.published_at, dict(found.origins)) == (None, (), None, {})


def test_a_front_page_is_not_the_canonical_address_of_an_inner_page():
    assert metadata('<link rel="canonical" href="https://www.gazette.test/">').canonical_url is None
    assert metadata('<link rel="canonical" href="http://[bad">').canonical_url is None


def test_reading_leaves_the_tree_as_it_was():
    html = '<h1>T</h1><p class="author">By Ann Lee</p><time>1 March 2026</time>'
    tree = parsed(html)
    before = tree.html
    read_metadata(tree, read_json_ld(tree).article, url=URL, now=NOW)
    assert tree.html == before


@pytest.mark.parametrize(
    ("script", "headline"),
    [
        ('{"@type": "NewsArticle", "headline": "A"}', "A"),
        ('[{"@type": "WebSite"}, {"@type": ["Thing", "BlogPosting"], "headline": "A"}]', "A"),
        ('{"@graph": [{"@type": "http://schema.org/Article", "headline": "A",}]}', "A"),
        ('{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "A"}}', "A"),
        ('{"@type": "Article", "headline": "A\nb"}', "A\nb"),
        (r'{"@type": "Article", "headline": "A\'s"}', r"A\'s"),
        ('<!-- {"@type": "Article", "headline": "A"} -->', "A"),
        ('[{"@type": "Article", "headline": "B"}, {"@type": "Article", "headline": "Mill reopens"}]', "Mill reopens"),
        ('{"@type": "BreadcrumbList", "headline": "A"}', None),
        ('{"@type": "Article", "headline": "A"', None),
        ("", None),
    ],
)
def test_the_article_in_json_ld(script, headline):
    tree = parsed(f'<title>Mill reopens</title><script type="application/ld+json">{script}</script>')
    assert read_json_ld(tree).article.get("headline") == headline


def test_the_page_node_fills_what_the_article_lacks():
    node = read_json_ld(
        parsed("""<script type="application/ld+json">{"@graph": [
        {"@type": "WebPage", "datePublished": "2026-03-01", "headline": "P"}, {"@type": "Article", "headline": "A"}
        ]}</script>""")
    ).article
    assert (node["headline"], node["datePublished"]) == ("A", "2026-03-01")


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "html",
    [
        "<head>" + "".join(f'<meta name="n{i}" content="v{i}">' for i in range(100_000)),
        '<meta property="article:published_time" content="x 2025 y 2024 z">' * 70_000,
        "<h1>" + "word " * 200_000 + "</h1>",
        "<h1>" + "<b>" * 200_000 + "x",
        "<title>" + " | " * 300_000 + '</title><meta property="og:title" content="' + " - a" * 300_000 + '">',
        ld('{"@type": "Article", "headline": "' + "x" * 10_000_000 + '"}'),
        ld("[" * 100_000 + "]" * 100_000),
        ld('{"@graph":' * 100_000 + "1" + "}" * 100_000),
        ld('{"@type": "Article",' + ", " * 600_000 + "}"),
        ld('{"a": "' + "\\x" * 900_000),
        ld("[" + ",".join(['{"@type": "Article", "author": {"@id": "#x"}}'] * 34_000) + "]"),
        ld('{"@type": "Article"}') * 50_000,
        ld(json.dumps({"@type": "Article", "author": [{"name": ", and by @x " * 100}] * 1_000})),
        "<i class=author>a</i>" * 100_000,
        "<i class=author>a " * 50_000,
        "<time>June 5, 2025</time>" * 100_000,
        "<p>2025</p>" * 200_000,
        "<h1>T</h1>" + "<p>12 june 1 june 2 june 3 june 2025 x</p>" * 50_000,
        "<h1>Title of things</h1>" * 100_000,
        '<meta name=keywords content="' + "a," * 2_000_000 + '">',
        "<p itemprop=datePublished>" * 50_000,
        '<div class="' + "author-" * 700_000 + '"><h1>a</h1>By Ann Lee 2025',
        "<p>" + "x" * 5_000_000,
        "<" * 5_000_000,
        "<body>" + "<div>" * 5_000 + "<h1>T</h1>By Ann Lee",
    ],
)
def test_hostile_pages_are_bounded(html):
    tree = parsed(html)
    start = time.process_time()
    found = read_metadata(tree, read_json_ld(tree).article, url=URL, now=NOW)
    assert time.process_time() - start < 2  # measured below 0.25; the cores are shared
    assert len(found.authors) <= 20 and len(found.tags) <= 50


def test_scripts_beyond_the_bound_are_not_read():
    small = '{"@type": "Article", "headline": "A"}'
    assert read_json_ld(parsed(ld("x" * MAX_TOTAL_CHARS) + ld(small))).article == {}
    assert read_json_ld(parsed(ld("x" * (MAX_TOTAL_CHARS + 1)) + ld(small))).article["headline"] == "A"
