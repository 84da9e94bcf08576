"""What the texts of one site have in common at their edges is dropped, and nothing that may be content."""

import pytest

from tasks.boilerplate import (
    EDGE_PARAGRAPHS,
    LONG_CHARS,
    LONG_MIN_ARTICLES,
    MIN_ARTICLES,
    SiteText,
    Trimmed,
    edge_fingerprints,
    host_of,
    trim,
)
from warehouse.known import KnownEdges

HOST = "gazette.test"
FOLLOW = "Follow the Gazette wherever you are"
DISCLAIMER = (
    "The Gazette takes no part in the affairs of the companies that it writes of, and nothing here is advice to buy or "
    "to sell a share in any of them."
)
PLACES = "Brannock Tessmoor Ostrey Skarn Halvia Lorne Ferris Dunmore Aldwick Porthen Quell Marsh".split()


def body(number: int) -> list[str]:
    """Three paragraphs that no other article has."""
    place = PLACES[number % len(PLACES)] + "!" * (number // len(PLACES))
    return [
        f"The council of {place} met on Tuesday to hear what is to become of the old harbour wall and its lamps.",
        f"Nobody in {place} had expected so many to come, and the clerk sent for chairs from the school next door.",
        f"A decision on the wall at {place} is expected before the winter, when the high tides begin to reach it.",
    ]


def site(count: int, *, head=(), tail=(), first: int = 0, host: str = HOST) -> list[SiteText]:
    """Articles of one host, each its own, with the same paragraphs around them."""
    return [SiteText(host=host, text="\n\n".join([*head, *body(n), *tail])) for n in range(first, first + count)]


def plain(count: int, first: int = 0) -> list[str]:
    return ["\n\n".join(body(n)) for n in range(first, first + count)]


def texts(found: list[Trimmed]) -> list[str]:
    return [each.text for each in found]


def known(items: list[SiteText]) -> KnownEdges:
    """The archive's knowledge of articles that have landed."""
    counts: dict[int, int] = {}
    for item in items:
        for fingerprint in edge_fingerprints(item.host, item.text):
            counts[fingerprint] = counts.get(fingerprint, 0) + 1
    return KnownEdges(articles={HOST: len(items)}, paragraphs=counts)


def test_what_repeats_at_either_end_is_dropped_and_kept_apart():
    found = trim(site(3, head=["By our staff"], tail=["Related stories", FOLLOW]), KnownEdges())
    assert texts(found) == plain(3)
    assert {each.boilerplate for each in found} == {("By our staff", "Related stories", FOLLOW)}


def test_two_articles_prove_nothing():
    items = site(MIN_ARTICLES - 1, tail=[FOLLOW])
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


def test_what_the_archive_knows_counts_from_the_first_page_on():
    assert texts(trim(site(1, tail=[FOLLOW], first=5), known(site(2, tail=[FOLLOW])))) == plain(1, first=5)


def test_two_copies_of_an_article_prove_nothing():
    once = site(2, tail=[FOLLOW])
    reworded = SiteText(host=HOST, text=once[0].text.replace("Tuesday", "Wednesday"))
    items = [*once, once[0], reworded]
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


def test_another_host_proves_nothing():
    items = site(2, tail=[FOLLOW]) + site(2, tail=[FOLLOW], first=2, host="herald.test")
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


@pytest.mark.parametrize("line", ["What happened", "The wheel turns, and turns again."])
def test_what_repeats_in_the_middle_stays(line):
    """A subheading of a form that all articles have, a refrain."""
    items = [
        SiteText(host=HOST, text="\n\n".join([body(n)[0], line, body(n)[1], line, body(n)[2]])) for n in range(8)
    ]
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


@pytest.mark.parametrize(
    "line",
    [
        "24 November 2026",
        "Tuesday, November 24",
        "Le 24 novembre 2026 à 10h15",
        "Updated 10:15",
        "24.11.2026",
        "3 mai",
        "1st of June",
        "* * *",
    ],
)
def test_a_line_that_tells_a_date_or_nothing_stays(line):
    items = site(6, head=[line])
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


def test_a_notice_may_tell_its_year():
    assert texts(trim(site(3, tail=["© 2026 The Gazette"]), KnownEdges())) == plain(3)


@pytest.mark.parametrize("form", ["{} comments", "{} min read", "Comments ({})"])
def test_the_number_of_a_line_that_counts_does_not_matter(form):
    items = [SiteText(host=HOST, text="\n\n".join([*body(n), form.format(7 * n + 1)])) for n in range(3)]
    assert texts(trim(items, KnownEdges())) == plain(3)


@pytest.mark.parametrize("form", ["Brent: ${}.20 a barrel", "The index closed at {} points on the Halvia exchange."])
def test_the_number_of_any_other_line_does(form):
    """A form filled in with figures: the figures are the news."""
    items = [SiteText(host=HOST, text="\n\n".join([*body(n), form.format(7 * n + 1)])) for n in range(12)]
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


def test_case_and_white_space_do_not_count():
    items = [
        SiteText(host=HOST, text="\n\n".join([*body(n), line]))
        for n, line in enumerate(("Read  more here", "READ MORE HERE", "Read more here"))
    ]
    assert texts(trim(items, KnownEdges())) == plain(3)


def test_a_long_paragraph_takes_more_articles():
    assert len(DISCLAIMER) >= LONG_CHARS
    few, many = (site(count, tail=[DISCLAIMER]) for count in (LONG_MIN_ARTICLES - 1, LONG_MIN_ARTICLES))
    assert texts(trim(few, KnownEdges())) == [item.text for item in few]
    assert texts(trim(many, KnownEdges())) == plain(LONG_MIN_ARTICLES)


def test_a_long_paragraph_of_a_few_of_many_articles_stays():
    """The background of a running story: five articles of a hundred and twenty."""
    items = site(5, tail=[DISCLAIMER]) + site(115, first=5)
    assert texts(trim(items, KnownEdges())) == [item.text for item in items]


def test_a_short_paragraph_of_one_article_in_a_hundred_stays():
    items = site(4, tail=[FOLLOW])
    assert texts(trim(items, KnownEdges(articles={HOST: 396}))) == [item.text for item in items]


def test_no_text_loses_more_than_a_third():
    menu = ["Home", "World", "Sport", "Weather", "The harbour and its lamps"]
    thin = [SiteText(host=HOST, text="\n\n".join([*menu, f"{place} has a mill."])) for place in PLACES]
    found = trim(thin, KnownEdges())
    for before, after in zip(thin, found, strict=True):
        assert after.text.endswith(" has a mill.")
        assert sum(map(len, after.boilerplate)) <= len(before.text) / 3


def test_a_text_that_is_nothing_but_what_repeats_is_not_emptied():
    form = SiteText(host=HOST, text="Subscribe\n\nSign in")
    assert all(each.text for each in trim([*site(4, tail=["Subscribe", "Sign in"]), form], KnownEdges()))


def test_only_the_edges_are_judged():
    run = [f"Section {name}" for name in PLACES]
    (first, *_) = trim(site(4, tail=run), KnownEdges())
    assert first.boilerplate == tuple(run[-EDGE_PARAGRAPHS:])


def test_what_the_stored_version_has_stays_when_the_article_is_fetched_again():
    (item,) = site(1, tail=[FOLLOW], first=5)
    archive = known(site(4, tail=[FOLLOW]))
    again = SiteText(host=HOST, text=f"{item.text}\n\nRelated stories", stored=item.text)
    assert texts(trim([again], archive)) == [again.text]
    assert texts(trim([item], archive)) == plain(1, first=5)


def test_fingerprints_are_those_of_the_edges_of_one_host_each_once():
    paragraphs = [f"Paragraph {name}" for name in [*PLACES, *PLACES]]
    found = edge_fingerprints(HOST, "\n\n".join(paragraphs))
    assert len(set(found)) == len(found) == 2 * EDGE_PARAGRAPHS
    assert all(-(2**63) <= each < 2**63 for each in found)
    assert not set(found) & set(edge_fingerprints("herald.test", "\n\n".join(paragraphs)))
    assert len(edge_fingerprints(HOST, f"{FOLLOW}\n\n{FOLLOW.upper()}")) == 1


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Gazette.test:8080/mill", "gazette.test"),
        ("http://sport.gazette.test/", "sport.gazette.test"),
        ("file:///clips/a.html", None),
        ("file://gazette.test/a.html", None),
        ("https://[broken/", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(url, host):
    assert host_of(url) == host


def test_hundreds_of_articles_of_one_site_are_told_apart_in_time():
    """Linear in what is shared: paragraphs of many articles are left out of the comparing."""
    items = site(2000, head=["By our staff"], tail=["Related stories", FOLLOW])
    assert texts(trim(items, KnownEdges())) == plain(2000)
