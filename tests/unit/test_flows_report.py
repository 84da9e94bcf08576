"""A run told in words: the account, the Markdown of the report, and that nothing of a page becomes markup in it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.render import CELL_CHARACTERS, TITLES, account, differences, run_markdown, sentence
from tests.contracts.handmade import NOON
from tests.unit.test_warehouse_refined import SAME, reworded
from warehouse import model
from warehouse.reports import HEADINGS, RefineDetails, RunDetails

RUN = model.Run(
    run_id="20261123T120000Z-00ff",
    flow="ingest",
    started_at=NOON,
    finished_at=NOON + timedelta(seconds=12.34),
    sources_polled=4,
    sources_unchanged=1,
    entries_in=10,
    entries_landed=6,
    entries_dropped=4,
    dropped_by_reason={"known": 3, "http_404": 1},
    articles_new=5,
    articles_copies=2,
    articles_revised=1,
    version="0",
)
REFINE = replace(RUN, flow="refine", sources_polled=0, sources_unchanged=0, articles_new=0, articles_revised=3)
NOTHING = RunDetails(drops=[], hosts=[], articles=[], changed=[], failing=[], moved=[])
FULL = RunDetails(
    drops=[("http_404", 1, "https://a.example/gone: http_404.")],
    hosts=[("a.example", 7, 900, 20, 0.25)],
    articles=[("The Gazette", 5, 2, 1, 0.93)],
    changed=[("Ferry to sail", "The [-old-] {+new+} ferry")],
    failing=[("herald", "quarantined", 30, "2026-11-01", "It timed out.")],
    moved=[("gazette", "https://gazette.example/feed", "https://gazette.example/new")],
)
REFINED = RefineDetails(
    read=6,
    changed=3,
    fields={"text": 2, "title": 1, "byline": 1, "published": 0, "tags": 0},
    mean_similarity=0.91666,
    mean_similarity_of_changed=0.75,
    bands=[("same text", 4, 66.7, 400, 400), ("below 0.50", 2, 33.3, 200, 90)],
    extractors=[("old 1", "new 1", 5, 3, 0.9, 500, 390), ("text 1", "text 1", 1, 0, 1.0, 100, 100)],
    largest=[reworded("a", 0.25, words_after=40, left=("Read more here.",), came=("The harbour.", "The ferry."))],
    described=[replace(SAME, changed=("byline",), authors_before=("Staff", "Ada Brand"), authors_after=())],
)
# What would be a link, an image, an address, code, emphasis, a cell, HTML or an entity.
HOSTILE = (
    "[click](http://evil.example) ![x](//evil.example/x) WWW.evil.example <me@evil.example> "
    "`code` *a* _b_ ~~c~~ | cell \\| <script>1</script> &lt; ![\\](x"
)
assert len(HOSTILE) < CELL_CHARACTERS


def tables(markdown: str) -> dict[str, list[list[str]]]:
    """The tables of a report by their heading, as rows of cells."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in markdown.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            found.setdefault(heading, []).append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def hostile(markdown: str) -> set[str]:
    """What of it would still be markup or a link."""
    return set(re.findall(r"[`\[\]*_<&|~@\\]|://|(?i:www)\.", re.sub(r"\\[^a-zA-Z0-9\s]", "", markdown)))


def test_a_run_in_a_line():
    assert sentence(RUN) == "ingest: 5 new, 1 revised of 10 entries (4 sources)"
    assert sentence(REFINE) == "refine: 6 articles read again, 3 read differently"


def test_the_account_names_its_reasons():
    assert account(RUN) == "10 in = 6 landed + 4 dropped (3 known, 1 http_404)"
    assert account(replace(RUN, entries_in=6, entries_dropped=0, dropped_by_reason={})) == "6 in = 6 landed + 0 dropped"


def test_a_report_has_every_particular_under_its_heading():
    markdown = run_markdown(RUN, FULL)
    assert markdown.startswith(f"# {sentence(RUN)}\n\n**{account(RUN)}**\n\n")
    assert "Run `20261123T120000Z-00ff`, 2026-11-23 12:00:00 UTC, 12.3 s; 2 of the new" in markdown
    found = tables(markdown)
    told = "articles changed drops hosts failing moved".split()
    assert [rows[0] for rows in found.values()] == [list(HEADINGS[name]) for name in told]
    assert found["Slowest hosts"][2] == ["a.example", "7", "900", "20", "0.25"]
    assert found["What changed"][2] == ["Ferry to sail", r"The \[-old-\] {+new+} ferry"]


def test_a_report_without_particulars_has_no_empty_tables():
    assert tables(run_markdown(RUN, NOTHING)) == {}
    assert "##" not in run_markdown(RUN, NOTHING)


def test_what_a_refine_changed_in_two_lines():
    assert differences(REFINED) == [
        "3 of 6 articles read differently: text 2, title 1, byline 1, published 0, tags 0",
        "Similarity of the texts (token F1): mean 0.917, 0.750 of the 2 that changed",
    ]
    same = replace(REFINED, changed=0, fields={"text": 0}, mean_similarity=1.0, mean_similarity_of_changed=None)
    assert differences(same)[1] == "Similarity of the texts (token F1): mean 1.000"


def test_the_report_of_a_refine():
    markdown = run_markdown(REFINE, FULL, REFINED)
    found = tables(markdown)
    assert found["By extractor"][2:] == [
        ["old 1 → new 1", "5", "3", "0.9000", "-22.0 %"],
        ["text 1", "1", "0", "1.0000", "+0.0 %"],
    ]
    assert found["How alike the texts are"][3] == ["below 0.50", "2", "33.3", "200", "90"]
    assert markdown.split("## Titles, bylines, times and tags\n\n")[1].splitlines()[0] == (
        "- [Title](<https://a.example/same>): byline Staff; Ada Brand → none"
    )
    assert (
        "**1.** [Title](<https://a.example/a>): similarity 0.250, 100 → 40 words, old 1 → new 1\n\n"
        "- left: Read more here.\n- came: The harbour.\n- came: The ferry." in markdown
    )


def test_the_report_of_a_refine_tells_its_drops_and_nothing_of_sources():
    found = tables(run_markdown(REFINE, FULL, REFINED))
    assert "Drops by reason" in found
    assert not {"New articles by source", "What changed", "Sources that fail", TITLES["moved"]} & set(found)
    assert "sources" not in run_markdown(REFINE, FULL, REFINED)


def test_a_refine_whose_record_is_gone_tells_what_the_archive_knows():
    found = tables(run_markdown(REFINE, FULL))
    assert "What changed" in found and "By extractor" not in found


def test_a_refine_that_changed_nothing_says_so_shortly():
    same = replace(REFINED, changed=0, mean_similarity_of_changed=None, largest=[], described=[])
    markdown = run_markdown(REFINE, NOTHING, same)
    assert set(tables(markdown)) == {"By extractor", "How alike the texts are"}
    assert "largest" not in markdown


@pytest.mark.parametrize("name", HEADINGS)
def test_what_comes_from_a_page_is_text_in_every_table(name):
    width = len(HEADINGS[name])
    rows = [(HOSTILE,) * width, ("line\n\n# one\n| two", *(None,) * (width - 1))]
    (found,) = tables(run_markdown(RUN, replace(NOTHING, **{name: rows}))).values()
    assert all(len(row) == width for row in found)
    assert found[3] == [r"line # one \| two", *[""] * (width - 1)]
    assert hostile(" ".join(found[2])) == set()


def test_what_comes_from_a_page_is_text_in_the_report_of_a_refine():
    row = reworded(
        "x",
        0.5,
        url="https://a.example/a(b)<c> d|`e`?q=%C3%A9&r=1#f",
        changed=("text", "title", "byline", "tags"),
        extractor_before=HOSTILE,
        extractor_after=HOSTILE,
        title_before=HOSTILE,
        title_after=HOSTILE,
        authors_before=(HOSTILE,),
        tags_after=(HOSTILE, "x"),
        left=(HOSTILE,),
        came=(HOSTILE,),
    )
    extractors = [(HOSTILE, "new 1", 1, 1, 0.5, 1, 1)]
    markdown = run_markdown(REFINE, NOTHING, replace(REFINED, largest=[row], described=[row], extractors=extractors))
    address = "](<https://a.example/a%28b%29%3Cc%3E%20d%7C%60e%60?q=%C3%A9&r=1#f>)"
    assert markdown.count(address) == 2  # under the texts, and under the titles
    told = [line for line in markdown.splitlines() if "evil" in line]
    assert len(told) == 5
    assert hostile("".join(told).replace(address, "")) <= set("[*|")  # of the links, the number in bold and the table


@pytest.mark.parametrize("url", ["file:///archive/texts/1.txt", "javascript:alert(1)", "data:text/html,x", ""])
def test_only_what_is_of_the_web_is_linked(url):
    row = reworded("x", 0.5, url=url, title_after=None)
    markdown = run_markdown(REFINE, NOTHING, replace(REFINED, largest=[row], described=[]))
    assert "](" not in markdown


def test_a_long_value_is_shortened_before_it_is_escaped():
    (found,) = tables(run_markdown(RUN, replace(NOTHING, changed=[("*" * 1000, "x")]))).values()
    assert found[2][0] == r"\*" * (CELL_CHARACTERS - 1) + "…"


def test_what_is_no_markup_stays_as_it_is():
    told = "Marks & Spencer, AT&T: 5 > 3 (a) #1 + 2 - {3} = 4! 10:30 // @home 50% 'x' \"y\""
    (found,) = tables(run_markdown(RUN, replace(NOTHING, changed=[(told, "x")]))).values()
    assert found[2][0] == told
