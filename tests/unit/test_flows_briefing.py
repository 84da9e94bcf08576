"""The page of a day and its Markdown: what others wrote stays text, nothing is fetched, no section is silent."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from flows.briefing_map import HEIGHT, WIDTH, bars, dots, labels, project
from flows.briefing_markdown import briefing_markdown, briefing_sentence
from flows.briefing_page import clip, clock, page, plain, sentence_around, web_address
from warehouse.briefing_records import (
    Briefing,
    DayAhead,
    Deed,
    FlowAccount,
    HeadlineChange,
    NewName,
    Place,
    Quotation,
    Story,
)
from warehouse.briefings import MARKER

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
URL = "https://gazette.example/ferry"
EMPTY = Briefing(
    day=DAY,
    **{name: 0 for name in ("articles", "articles_without_text", "copies", "sources", "words", "stories_count")},
    **{name: 0 for name in ("quotes_count", "events_count", "names_count", "places_unresolved", "untimed")},
    **{name: [] for name in ("stories", "quotes", "events", "names", "ahead", "places", "topics", "changes")},
    **{name: [] for name in ("conditions", "runs", "drops")},
    hours=[0] * 24,
    sources_enabled=0,
    snapshot_at=None,
)


def full(text: str = "Ferry to sail", url: str = URL, language: str | None = "en") -> Briefing:
    """A day with something in every list, ``text`` wherever a page could have put it."""
    of = {"language": language, "source": text, "title": text, "url": url, "article_ids": ["ferry"]}
    return replace(
        EMPTY,
        articles=2,
        copies=1,
        sources=2,
        stories_count=2,
        stories=[
            Story(**of, summary=text, first_at=AT, words=9, sources=[text, "Herald"], articles=2),
            *[Story(**of, summary=None, first_at=AT, words=1, sources=[text], articles=1)] * 13,
        ],
        quotes=[Quotation(**of, speaker=text, role=text, verb="said", quote=text, addressee=text)],
        events=[Deed(**of, actor=text, verb=text, target=text, action="CONSULT", status="planned", place=text)],
        names=[
            NewName(**{k: v for k, v in of.items() if k != "source"}, name=text, label="ORG", role=text, articles=2)
        ],
        ahead=[DayAhead(**of, day=DAY + timedelta(days=3), articles=1, before=text, surface=text, after=text)],
        places=[Place(name=text, country=text, latitude=60.5, longitude=-1, articles=3, article_ids=["pier"])],
        places_unresolved=1,
        topics=[(text, 1, 4), (text, 2, 1)],
        hours=[0] * 12 + [3] + [0] * 11,
        changes=[HeadlineChange(**{k: v for k, v in of.items() if k != "title"}, before=text, after=text, seen_at=AT)],
        conditions=[(text, "failing", DAY, text), ("herald", "silent", None, None)],
        sources_enabled=2,
        runs=[
            FlowAccount(
                flow=text,
                runs=1,
                entries_in=3,
                entries_landed=2,
                entries_dropped=1,
                articles_new=2,
                articles_copies=1,
                articles_revised=0,
            )
        ],
        drops=[(text, 1)],
        snapshot_at=AT,
    )


HOSTILE = "\"'></bdi></h3></style><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}&lt;b&gt;"


@pytest.mark.parametrize(
    "url", [URL, "javascript:alert(1)", "file:///etc/passwd", 'https://x.example/"><script>', "//x"]
)
def test_what_others_wrote_is_text(url):
    tree = LexborHTMLParser(page(full(HOSTILE, url, language='en" onclick="x')))
    assert [node.tag for node in tree.css("script, img, iframe, link, object, form, base")] == []
    assert [node.attributes for node in tree.css("[onclick], [onerror], [src]")] == []
    assert len(tree.css("style")) == 1
    assert "<script>alert(1)</script>" in tree.css_first("h3").text()
    links = {node.attributes["href"] for node in tree.css("a") if not node.attributes["href"].startswith("#")}
    assert links == ({url} if url.startswith("https:") else set())


def test_nothing_is_fetched_from_anywhere():
    told = page(full())
    assert not re.search(r"url\(|@import|<link|\ssrc=|srcset", told)
    assert "default-src 'none'" in told


def test_a_reader_of_pages_finds_its_way():
    tree = LexborHTMLParser(page(full()))
    assert tree.css_first("html").attributes["lang"] == "en"
    assert [len(tree.css(tag)) for tag in ("h1", "header", "nav", "main", "body > .wrap > footer")] == [1] * 5
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(set(ids)) == len(ids)
    assert {node.attributes["href"][1:] for node in tree.css("nav a")} == {
        n.attributes["id"] for n in tree.css("section")
    }
    for node in tree.css("section"):
        assert tree.css_first(f"#{node.attributes['aria-labelledby']}").tag == "h2"
    assert all(node.attributes.get("aria-label") for node in tree.css("svg"))
    assert tree.css_first("meta[name=viewport]")
    assert "prefers-color-scheme: dark" in tree.html
    assert "UTC" in tree.css_first("header").text()


def test_every_section_of_an_empty_day_says_so():
    tree = LexborHTMLParser(page(EMPTY))
    assert "Nothing of this day is in the archive." in tree.css_first("#stories").text()
    for node in tree.css("section"):
        assert len(node.css(".empty")) == 1, node.attributes["id"]
    assert tree.css("svg") == []


def test_no_section_of_a_full_day_says_that_it_is_empty():
    assert LexborHTMLParser(page(full())).css(".empty") == []


def test_the_page_says_which_articles_it_was_made_of():
    meta = LexborHTMLParser(page(full())).css_first(f"meta[name={MARKER}]")
    assert meta.attributes["content"].split() == ["ferry", "pier"]


def test_every_list_is_asked_for_its_articles():
    lists = {f.name for f in fields(Briefing)} & {n for n in dir(EMPTY) if getattr(EMPTY, n) == []}
    shown = {name for name in lists if hasattr((getattr(full(), name) or [None])[0], "article_ids")}
    for name in shown:
        row = replace(getattr(full(), name)[0], article_ids=["only here"])
        assert replace(EMPTY, **{name: [row]}).article_ids == ["only here"]


def test_right_to_left_text_keeps_to_itself():
    tree = LexborHTMLParser(page(full("\N{RIGHT-TO-LEFT OVERRIDE}سفينة\nتبحر", language="ar")))
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in tree.html
    for node in tree.css("bdi, [dir=auto]"):
        node.decompose()
    for section in ("#topics", "#runs"):  # names of a standard, and of ours
        tree.css_first(section).decompose()
    for node in tree.css("svg"):  # each text of a drawing stands alone
        node.decompose()
    assert "سفينة" not in tree.css_first("main").text()


def test_what_is_hidden_between_characters_goes_and_what_spells_stays():
    assert plain("a\x00b\u202e\n c") == "ab c"
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert plain(None) == ""


@pytest.mark.parametrize(
    ("text", "clipped"),
    [
        ("short", "short"),
        ("one two three four", "one two…"),
        ("x" * 30, "x" * 11 + "…"),
        ("one two, three", "one two…"),
    ],
)
def test_a_text_is_clipped_at_a_word(text, clipped):
    assert clip(text, 11) == clipped


@pytest.mark.parametrize("url", ["http://a.example", "HTTPS://a.example/?q=1#x"])
def test_an_address_of_the_web_is_linked(url):
    assert web_address(url) == url


@pytest.mark.parametrize("url", [None, "", "https://", "https:///x", "https://a b", " https://a", "data:text/html,x"])
def test_no_other_is(url):
    assert web_address(url) == ""


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (AT, "14:05"),
        (AT.replace(hour=0, minute=0), ""),
        (AT - timedelta(days=2), "21 Nov 14:05"),
        (datetime(2025, 3, 1, tzinfo=UTC), "1 Mar 2025"),
    ],
)
def test_a_time_of_another_day_has_its_date_and_midnight_none(at, told):
    assert clock(at, DAY) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("It rained. It sails on ", ", they say. Then it", "It sails on [Friday], they say."),
        ("said “no.” It sails ", ".\n\nAds", "It sails [Friday]."),
        ("", "", "[Friday]"),
        (
            "x" * 30 + " one " + "y" * 165,
            "z" * 190 + " two 12345",
            "… one " + "y" * 165 + "[Friday]" + "z" * 190 + " two …",
        ),
    ],
)
def test_a_day_ahead_is_shown_in_its_sentence(before, after, told):
    row = replace(full().ahead[0], before=before, surface="Friday", after=after)
    first, surface, last = sentence_around(row)
    assert f"{first}[{surface}]{last}".strip() == told


def test_dots_stand_where_the_places_are_and_grow_with_the_articles():
    def place(name, latitude, longitude, articles):
        return Place(name=name, country=None, latitude=latitude, longitude=longitude, articles=articles, article_ids=[])

    places = [place("Small", 0, 0, 1), place("Large", 51, 0, 9), place("Pole", -90, 0, 5)]
    large, small = dots(places)  # what the map does not show is left out
    assert (large.place.name, small.place.name) == ("Large", "Small")
    assert large.radius > small.radius
    assert (small.x, small.y) == project(0, 0) == (WIDTH / 2, 168)
    crowd = [place(f"Town number {n}", 50 + n % 5 / 10, 179 - n / 10, 60 - n) for n in range(60)]
    shown = labels(dots(crowd))
    assert 1 <= len(shown) < 18
    assert all(0 <= label.x <= WIDTH and 0 <= label.y <= HEIGHT for label in shown)
    assert shown[0].anchor == "end"  # at the eastern edge
    assert dots([]) == labels([]) == []


def test_the_highest_bar_is_full():
    assert [bar.height for bar in bars([0, 2, 4])] == [0, 0.5, 1]
    assert [bar.height for bar in bars([0, 0])] == [0, 0]


def test_the_page_of_a_large_day_stays_small():
    crowded = replace(full("A headline of a common length for a newspaper"), stories=full().stories * 3)
    assert len(page(crowded)) < 150_000


def test_markdown_has_the_day_and_a_link_to_the_page(tmp_path):
    told = briefing_markdown(full(), tmp_path / "2026-11-23.html")
    assert told.startswith("# Monday 23 November 2026")
    assert f"(<{(tmp_path / '2026-11-23.html').as_uri()}>)" in told
    assert f"[Ferry to sail](<{URL}>) (2 sources: Ferry to sail, Herald; 14:05)" in told
    assert briefing_sentence(full()) == "briefing of 2026-11-23: 2 stories in 2 articles of 2 sources"


def test_markdown_of_an_empty_day_says_so():
    told = briefing_markdown(EMPTY, Path("page.html"))
    assert "Nothing of this day is in the archive." in told
    assert "##" not in told


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.example/>)[x](javascript:y)"])
def test_in_markdown_what_others_wrote_is_text(url):
    told = briefing_markdown(full("<b>*x*</b> [y](javascript:z) | `q`\n# h", url), Path("/page.html"))
    assert not re.search(r"(?<!\\)<b>|(?<!\\)\]\(javascript|\n# h|(?<!\\)`q", told)
    assert not re.search(r"\(<?javascript:", told.replace("\\", "").replace("[y](javascript:z)", ""))


def test_in_markdown_right_to_left_text_keeps_to_itself():
    told = briefing_markdown(full("سفينة"), Path("/page.html"))
    told = told.split("## Sources")[0]  # what follows are tables: each cell stands alone
    assert told.count("سفينة") == told.count("\N{FIRST STRONG ISOLATE}") > 5
    assert told.count("\N{FIRST STRONG ISOLATE}") == told.count("\N{POP DIRECTIONAL ISOLATE}")
