"""One article, one address; two articles, two."""

import pytest

from tasks.errors import Terminal
from tasks.likeness import canonical_url

STORY = "https://paper.example/2031/04/harbour-ferry-strike"


@pytest.mark.parametrize(
    "twin",
    [
        "http://www.paper.example/2031/04/harbour-ferry-strike/",
        "https://PAPER.example:443/2031//04/./harbour-ferry-strike?",
        "https://desk:secret@paper.example/2031/04/harbour-ferry-strike",
        f" {STORY}?utm_source=a&UTM_Campaign=b&fbclid=c#comments\n",
        f"{STORY}?ref=homepage_top&source=rss&at_medium=feed",
        f"{STORY}?ref=other-site.example",
        f"{STORY}?print=1",
        f"{STORY}?outputType=amp",
        f"{STORY}?m=1",
        f"{STORY}/amp/",
        f"{STORY}.amp",
        f"{STORY}/print/amp",
        "https://paper.example/amp/2031/04/harbour-ferry-strike",
        "https://m.paper.example/2031/04/harbour-ferry-strike",
        "https://www.m.paper.example/2031/04/harbour-ferry-strike",
        "https://paper.example/2031/04/harbour-ferry-strike/index.html",
        "https://paper.example/2031/04/harbour-ferry-strike;jsessionid=A1B2C3",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/2031/04/harbour-ferry-strike",
        "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fpaper.example%2F2031%2F04%2Fharbour-ferry-strike",
        "https://web.archive.org/web/20310401id_/http:/paper.example/2031/04/harbour-ferry-strike",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fout.reddit.com%2Fx%3Furl%3Dhttps%253A%252F%252Fpaper.example"
        "%252F2031%252F04%252Fharbour-ferry-strike",
    ],
)
def test_twins_have_one_address(twin):
    assert canonical_url(twin) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://paper.example/read?id=7", "https://paper.example/read?id=8"),
        ("https://paper.example/?p=7", "https://paper.example/?p=8"),
        ("https://paper.example/?20310401", "https://paper.example/?20310402"),
        ("https://paper.example/read?article=7&sid=1", "https://paper.example/read?article=7&sid=2"),
        ("https://paper.example/read?source=reuters", "https://paper.example/read?source=dpa"),
        ("https://paper.example/read?ref=2031-7", "https://paper.example/read?ref=2031-8"),
        ("https://paper.example/?s=facebook", "https://paper.example/?s=twitter"),
        ("https://paper.example/?m=203104", "https://paper.example/?m=203105"),
        ("https://paper.example/story?page=2", "https://paper.example/story?page=3"),
        ("https://paper.example/#!/story/7", "https://paper.example/#!/story/8"),
        ("https://paper.example/guitar/amp", "https://paper.example/guitar"),
        ("https://paper.example/A7b", "https://paper.example/a7B"),
        ("https://paper.example/a%2Fb", "https://paper.example/a/b"),
        ("https://paper.example:8443/a", "https://paper.example/a"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://sport.paper.example/a", "https://paper.example/a"),
    ],
)
def test_what_identifies_an_article_stays(one, other):
    assert canonical_url(one) != canonical_url(other)


def test_encoding_has_one_form():
    assert canonical_url("https://bücher.example/%7euser/größe%2fx?q=a%20b+c") == (
        "https://xn--bcher-kva.example/~user/gr%C3%B6%C3%9Fe%2Fx?q=a%20b+c"
    )


def test_an_unknown_site_cannot_pass_for_another():
    url = "https://copy.example/url?q=https%3A%2F%2Fpaper.example%2Fa"
    assert canonical_url(url).startswith("https://copy.example/")


@pytest.mark.parametrize(
    ("declared", "believed"),
    [
        ("https://m.paper.example/2031/04/ferry-strike-day-two", "https://paper.example/2031/04/ferry-strike-day-two"),
        ("/2031/04/ferry-strike-day-two", "https://paper.example/2031/04/ferry-strike-day-two"),
        ("https://agency.example/2031/ferry-strike", STORY),
        ("https://paper.example/", STORY),
        ("https://paper.example/2031", "https://paper.example/2031"),
        ("/", STORY),
        ("http://[broken", STORY),
        ("mailto:desk@paper.example", STORY),
        ("", STORY),
    ],
)
def test_the_declared_address_is_believed_on_its_own_site_only(declared, believed):
    assert canonical_url(f"{STORY}?utm_source=a", declared=declared) == believed


def test_a_section_above_is_not_the_article():
    assert canonical_url("https://paper.example/world/ferry-strike", declared="/world") == (
        "https://paper.example/world/ferry-strike"
    )
    assert canonical_url("https://paper.example/ferry-strike/2", declared="/ferry-strike") == (
        "https://paper.example/ferry-strike"
    )


@pytest.mark.parametrize(
    "url",
    ["", "ferry", "/2031/ferry", "mailto:a@b.example", "javascript:alert(1)", "https://", "https://a..b/", 
     "https://[::", "https://paper.example:99999/", "https://pa per.example/", "https://paper.example/" + "x" * 5000],
)  # fmt: skip
def test_no_address_is_refused(url):
    with pytest.raises(Terminal) as fault:
        canonical_url(url)
    assert fault.value.reason == "bad_url"


def test_a_refusal_shows_no_password():
    with pytest.raises(Terminal) as fault:
        canonical_url("https://desk:secret@paper..example/a")
    assert "secret" not in str(fault.value)


def test_the_canonical_form_is_its_own():
    for url in ("https://www.m.paper.example/a-1/print/amp?b=2&a=1#x", "https://en.m.paper.example/%2e%2e/a/../b%"):
        once = canonical_url(url)
        assert canonical_url(once) == once
