"""Names out of bylines, and which byline of a page is believed."""

import time

import pytest
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from tasks.page.authors import clean_authors, inverted, looks_like_a_name
from tasks.page.bylines import read_authors
from tasks.page.jsonld import read_json_ld
from tasks.page.visible import pieces_around, read_markup


def authors(html: str, *, site_name: str | None = None, host: str = "g.test"):
    tree = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS)
    markup = read_markup(tree)
    pieces = pieces_around(markup.headlines[0][1]) if markup.headlines else []
    return read_authors(markup, pieces, read_json_ld(tree).article, site_name=site_name, host=host)


def ld(author: str, rest: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}{rest}}}</script>'


@pytest.mark.parametrize(
    ("bylines", "names"),
    [
        (["By Ann Lee and Bo Ek, Staff Writer | ann@x.test"], ("Ann Lee", "Bo Ek")),
        (["Von Jörg Malzahn und Ina Groß"], ("Jörg Malzahn", "Ina Groß")),
        (["dpa", "AFP"], ("dpa", "AFP")),
        (["Ann Lee", "Lee", "ANN LEE"], ("Ann Lee",)),
        (["https://x.test/authors/1", "/staff/2", "admin", None, 5, ""], ()),
        (["Ann Lee @annlee", "Updated"], ("Ann Lee",)),
        (["Genevieve Carlton, Ph.D."], ("Genevieve Carlton",)),
        (["Ann Lee, MS, RD, FAND"], ("Ann Lee",)),
        (["By\nAnn Lee\nand\nBo Ek\nNovember 20, 2026"], ("Ann Lee", "Bo Ek")),
        (["Written by Ann Lee\nReviewed by Bo Ek, MD"], ("Ann Lee",)),
        (["Ann Lee\nMedically reviewed by\nBo Ek"], ("Ann Lee",)),
        (["Text: Ann Lee; Fotos: Bo Ek"], ("Ann Lee",)),
        (["Ann Lee - Gazette Editorial Team"], ("Ann Lee",)),
        (["Hans-Peter Müller"], ("Hans-Peter Müller",)),
        (["松岡大地"], ("松岡大地",)),
        (["Julia", "France 24", "5 Juni", "June 5"], ("Julia", "France 24")),
    ],
)
def test_bylines_become_names(bylines, names):
    assert clean_authors(bylines) == names


@pytest.mark.parametrize("name", ["April Roach", "Min Lee", "Ursula von der Leyen", "Les Das", "Ann-Marie O’Neil"])
def test_names_that_are_also_words(name):
    assert looks_like_a_name(name)


def test_library_names_are_turned():
    assert inverted("Lee, Ann B.") == "Ann B. Lee"
    assert inverted("Ann Lee") == "Ann Lee"
    assert inverted("Lee, Ann, Ek, Bo") == "Lee, Ann, Ek, Bo"


@pytest.mark.parametrize(
    "text", ["Staff Writer", "Reading time", "Our Partner", "the mill", "June 5", "Ann", "A B C D E F"]
)
def test_labels_are_no_names(text):
    assert not looks_like_a_name(text)


@pytest.mark.parametrize(
    ("html", "names", "origin"),
    [
        (ld('{"@type": "Person", "name": "Ann Lee"}'), ("Ann Lee",), "json_ld"),
        (ld('[{"name": "Ann Lee"}, {"@type": "Organization", "name": "dpa"}]'), ("Ann Lee", "dpa"), "json_ld"),
        ('<meta name="author" content="Ann Lee">', ("Ann Lee",), "meta"),
        ('<meta property="article:author" content="https://fb.test/a"><h1>T</h1><p>By Ann Lee', ("Ann Lee",), "byline"),
        ("<h1>T</h1><p>By</p><a>Ann Lee</a>", ("Ann Lee",), "byline"),
        ('<h1>T</h1><a rel="author" href="/a/jst">jsteinhardt</a>', ("jsteinhardt",), "byline"),
        ('<h1>T</h1><a href="/authors/ann">Ann Lee</a><span>Tech Reporter</span>', ("Ann Lee",), "byline"),
        ('<h1>T</h1><i class="author">Ann Lee</i>Reviewed by<i class="author">Bo Ek</i>', ("Ann Lee",), "byline"),
        ("<h1>T</h1><p><strong>ANN LEE</strong></p><p>The mill", ("ANN LEE",), "byline"),
        ("<h1>T</h1><p>The <strong>Ann Lee</strong> sank.</p>", (), None),
        ('<p>Text.</p><div class="author-name">Ann Lee</div>', ("Ann Lee",), "byline"),
        ('<aside><div class="author-name">Ann Lee</div></aside>', (), None),
        ("<h1>T</h1><p>By the time the mill stood still, nobody was left.", (), None),
        ("<h1>T</h1><p>Medically reviewed</p><p>by Bo Ek", (), None),
        ("<h1>T</h1>", (), None),
    ],
)
def test_which_byline_is_believed(html, names, origin):
    assert authors(html) == (names, origin)


def test_the_house_is_the_author_only_where_nobody_else_is():
    organisation = ld('{"@type": "Organization", "name": "The Gazette"}')
    assert authors(organisation, site_name="The Gazette") == (("The Gazette",), "json_ld")
    assert authors(organisation + "<h1>T</h1>By Ann Lee", site_name="The Gazette") == (("Ann Lee",), "byline")
    gazette = ld('{"@type": "Person", "name": "Gazette"}') + '<h1>T</h1><b class="byline">Ann Lee</b>'
    assert authors(gazette, host="www.gazette.test") == (("Ann Lee",), "byline")


def test_a_persons_own_site_bears_the_persons_name():
    assert authors(ld('{"name": "Ann Lee"}'), host="annlee.test") == (("Ann Lee",), "json_ld")


def test_a_visible_byline_wins_over_who_put_the_page_in():
    assert authors(ld('{"name": "Bo Ek"}') + "<h1>T</h1><p>By Ann Lee") == (("Ann Lee",), "byline")
    assert authors(ld('{"name": "annlee"}') + '<h1>T</h1><i class="author">Ann Lee</i>') == (("Ann Lee",), "byline")
    assert authors(ld('{"name": "Ann B. Lee"}') + "<h1>T</h1><p>By Ann Lee") == (("Ann B. Lee",), "json_ld")


def test_references_to_persons_are_followed():
    graph = """<script type="application/ld+json">{"@graph": [
        {"@type": "Article", "headline": "T", "author": {"@id": "#a"}},
        {"@type": "Person", "@id": "#a", "name": "Ann Lee"}]}</script>"""
    assert authors(graph) == (("Ann Lee",), "json_ld")


@pytest.mark.parametrize(
    "byline",
    ["By and " * 100_000, ", by @x " * 100_000, "a" * 500_000, "and\n" * 200_000, "(" * 100_000, "x@" * 100_000],
)
def test_hostile_bylines_are_bounded(byline):
    start = time.process_time()
    assert len(clean_authors([byline] * 20)) <= 20
    assert time.process_time() - start < 1.5
