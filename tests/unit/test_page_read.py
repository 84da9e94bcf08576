"""Whole pages: refusals, the witnesses of last resort, what is kept aside, and what the metadata believes."""

import json
from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.page import extractor_name, read_page

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://gazette.test/2026/11/20/mill-reopens"
STORY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The mill at Long Ford reopened on Friday after two winters of repairs to its wheel and its leaking roof.",
        "Sixty people came to watch the sluice gate rise, and the miller handed out loaves from the first sack.",
        "The parish had raised the money with a raffle, three concerts and a loan from the farmers' bank.",
        "Flour will be sold on Saturdays until the harvest, when the wheel is needed for the grain of the village.",
    )
)


def read(body="", *, head="", url=URL, content_type="text/html"):
    html = f"<html><head>{head}</head><body><main>{body or '<h1>Mill reopens</h1>' + STORY}</main></body></html>"
    return read_page(html.encode(), url=url, content_type=content_type, now=NOW)


def ld(**fields):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def refusal(body, *, content_type="text/html"):
    with pytest.raises(Terminal) as fault:
        read_page(body, url=URL, content_type=content_type, now=NOW)
    assert URL in fault.value.message
    return fault.value.reason


def test_text_is_paragraphs_without_the_title():
    page = read()
    assert page.title == "Mill reopens"
    assert page.text.startswith("The mill at Long Ford")
    assert page.text.count("\n\n") == 3
    assert page.text == page.text.strip()
    assert page.extractor == extractor_name()


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", None, "page_empty"),
        (b" \n\x00", None, "page_empty"),
        (b"%PDF-1.7 x", "text/html", "page_not_html"),
        (b"<html><body>x", "image/png", "page_not_html"),
        (b"just words and no markup", "text/plain", "page_not_html"),
        (b"<html></html>", None, "text_too_short"),
        (b"<html><body><p>Sign in to read.</p></body></html>", None, "text_too_short"),
        (b"<html>" + b"a" * 5_000_001, None, "page_too_large"),
        (b"<html>" + b"a" * 20_000_001, None, "page_too_large"),
        (b"<html><body>" + b"<h1>x</h1>" * 30_000, None, "page_too_large"),
        (b"<html><body>" + b"<div>" * 100_000 + STORY.encode(), None, "page_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(body, content_type, reason):
    assert refusal(body, content_type=content_type) == reason


def test_hostile_json_ld_and_giant_lines_do_no_harm():
    head = '<script type="application/ld+json">' + '{"a":[' * 50_000 + "</script>"
    head += '<script type="application/ld+json">[1, {"@type": 5, "author": [[[[]]]]}, null]</script>'
    page = read(f"<h1>Mill reopens</h1>{STORY}<pre>{'word ' * 200_000}</pre>", head=head)
    assert page.title == "Mill reopens"


def test_json_ld_body_serves_where_the_page_has_none():
    body = "A first paragraph of some length tells what happened at the mill.\n\nA second one tells why it matters."
    page = read("<div id=app></div>", head=ld(headline="Mill reopens", articleBody=body))
    assert page.text == body
    assert page.confidence == 0.8


def test_json_ld_wins_over_meta_and_follows_references():
    graph = {
        "@graph": [
            {"@type": "Person", "@id": "#a", "name": "Ann Lee"},
            {"@type": "WebPage", "name": "x", "datePublished": "2001-01-01"},
            {
                "@type": "NewsArticle",
                "headline": "Mill reopens",
                "author": [{"@id": "#a"}, {"@type": "Organization", "name": "Gazette"}],
                "datePublished": "2026-11-20T23:30:00-05:00",
            },
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)[:-1]},}}</script>'  # with a trailing comma
    page = read(head=head + '<meta name="author" content="Web Team"><meta name="date" content="2020-01-01">')
    assert page.authors == ("Ann Lee",)
    assert page.published_at == datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


def test_an_organisation_is_the_author_only_where_nobody_else_is():
    organisation = ld(author={"@type": "Organization", "name": "Gazette"}, headline="Mill reopens")
    assert read(head=organisation).authors == ("Gazette",)
    byline = '<h1>Mill reopens</h1><div class="byline"><b>By</b><a>Bo Ek</a><i>November 20, 2026</i></div>'
    assert read(byline + STORY, head=organisation).authors == ("Bo Ek",)


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        ('<meta property="article:published_time" content="2026-11-20T08:00:00+01:00">', "", URL, (2026, 11, 20, 7)),
        ("", '<time datetime="2026-11-19T10:00Z"></time>', URL, (2026, 11, 19, 10)),
        (
            "",
            '<time datetime="2026-01-01">old</time><time class="published" datetime="2026-11-18">x</time>',
            URL,
            (2026, 11, 18, 0),
        ),
        ("", '<aside><time datetime="2026-01-01">teaser</time></aside>', URL, (2026, 11, 20, 0)),
        ("", "", URL, (2026, 11, 20, 0)),
        ('<meta name="date" content="2031-01-01">', "", "https://gazette.test/x", None),
        ('<meta name="date" content="1970-01-01">', "", "https://gazette.test/x", None),
        ("", "", "https://gazette.test/x", None),
    ],
)
def test_publication_time_by_weight_of_evidence(head, body, url, expected):
    page = read(f"<h1>Mill reopens</h1>{body}{STORY}", head=head, url=url)
    assert page.published_at == (datetime(*expected, tzinfo=UTC) if expected else None)


def test_a_modification_before_publication_is_not_believed():
    times = {"datePublished": "2026-11-20T10:00:00Z", "dateModified": "2026-11-19T10:00:00Z"}
    assert read(head=ld(**times)).modified_at is None
    times["dateModified"] = "2026-11-21T10:00:00Z"
    assert read(head=ld(**times)).modified_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/mill">', "https://gazette.test/mill"),
        ('<meta property="og:url" content="https://gazette.test/mill">', "https://gazette.test/mill"),
        ('<link rel="canonical" href="https://gazette.test/">', None),
        ('<link rel="canonical" href="javascript:x">', None),
        ("", None),
    ],
)
def test_canonical_address(head, expected):
    assert read(head=head).canonical_url == expected


@pytest.mark.parametrize(
    ("html", "expected"), [('<html lang="pt-BR">', "pt"), ('<html lang="x">', None), ("<html>", None)]
)
def test_declared_language(html, expected):
    page = read_page(f"{html}<body>{STORY}</body></html>".encode(), url=URL, content_type=None, now=NOW)
    assert page.language == expected


def test_tags_section_image_and_summary():
    page = read(
        head='<meta property="article:tag" content="Mills"><meta property="article:tag" content="Long Ford">'
        '<meta property="article:section" content="Local"><meta property="og:image" content="/m.jpg">'
        '<meta name="description" content="The wheel &amp;amp; the roof">'
    )
    assert (page.tags, page.section) == (("Mills", "Long Ford"), "Local")
    assert (page.image_url, page.summary) == ("https://gazette.test/m.jpg", "The wheel & the roof")


def test_comments_and_navigation_stay_out():
    page = read(
        f'<nav><a href="/">Home</a></nav><article><h1>Mill reopens</h1>{STORY}</article>'
        '<div id="comments"><p>I have always said that the wheel would turn again one day.</p></div>'
    )
    assert "always said" not in page.text
    assert "Home" not in page.text
