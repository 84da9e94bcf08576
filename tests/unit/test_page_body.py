"""From scored blocks to paragraphs: kinds, captions, rows, first and last lines, and texts that no block holds."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from tasks.page.body import parse_page, read_body
from tasks.page.embedded import read_embedded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROSE = "The mill at Long Ford reopened on Friday after two winters of repairs to its wheel and its leaking roof."


def body_of(html, *, head="", out=(), score=0.9):
    """The body where every block is chosen but those whose text is in ``out``."""
    page = parse_page(f"<html><head>{head}</head><body>{html}</body></html>", url="https://gazette.test/x", now=NOW)
    return read_body(page, np.array([0.1 if text in out else score for text in page.blocks.texts]))


def test_each_paragraph_has_its_kind():
    body = body_of(
        f"<h1>Mill reopens</h1><p>{PROSE}</p><h2>The wheel</h2><ul><li>oak</li></ul>"
        "<blockquote><p>It turns again.</p></blockquote><pre>x = 1</pre><p>The end of it all.</p>"
    )
    assert [(p.kind, p.text) for p in body.paragraphs] == [
        ("paragraph", PROSE),
        ("heading", "The wheel"),
        ("list_item", "oak"),
        ("quotation", "It turns again."),
        ("code", "x = 1"),
        ("paragraph", "The end of it all."),
    ]
    assert body.text.split("\n\n") == [p.text for p in body.paragraphs]


def test_captions_are_kept_aside():
    body = body_of(f"<p>{PROSE}</p><figure><img><figcaption>The wheel in May</figcaption></figure><p>{PROSE}</p>")
    assert body.captions == ("The wheel in May",)
    assert "May" not in body.text


def test_the_cells_of_a_row_are_one_paragraph_and_a_table_that_lays_out_the_page_is_none():
    row = "<tr><td>Flour</td><td>2 t</td></tr><tr><td>Bran</td><td>1 t</td></tr>"
    rows = body_of(f"<p>{PROSE}</p><table>{row}</table><p>End of it.</p>").paragraphs[1:3]
    assert [(p.kind, p.text) for p in rows] == [("table_row", "Flour | 2 t"), ("table_row", "Bran | 1 t")]
    layout = body_of(f"<table><tr><td>{PROSE} {PROSE}</td><td>{PROSE} {PROSE}</td></tr></table>").paragraphs
    assert [p.kind for p in layout] == ["paragraph", "paragraph"]


@pytest.mark.parametrize(
    "last",
    [
        "<p>Follow us on Facebook and X</p>",
        "<p>Folgen Sie uns auf Instagram</p>",
        "<h3>More stories</h3>",
        "<p>Lire aussi : un moulin</p>",
        "<h3>Related</h3><p>Subscribe to our newsletter</p>",
    ],
)
def test_what_only_leads_on_is_cut_at_the_end(last):
    assert body_of(f"<p>{PROSE}</p>{last}").text == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Anzeige",
        "Lesen Sie auch: Der Bäcker hört auf",
        "Les også: Moelven",
        "اشترك في نشرتنا البريدية",
        "広告",
        "We use cookies to improve your visit",
        "Read more",
        "Temps de lecture : 3 min.",
        "4 min read",
        "Start > Region > Story 1107",
        "Publié le 19 novembre 2026 à 19 h 05 — Temps de lecture : 3 min",
        "Published on Monday, 5 June 2026",
        "Lire aussi Dans le val, une vendange",
        "You are visitor number 048,213",
        "Besucher: 12.345",
    ],
)
def test_lines_of_the_site_are_left_out_wherever_they_stand(line):
    assert body_of(f"<p>{PROSE}</p><p>{line}</p><p>{PROSE}</p>").text == f"{PROSE}\n\n{PROSE}"


@pytest.mark.parametrize(
    "line",
    [
        "Follow the river for two miles.",
        "Read more books, she said.",
        "Anzeige gegen Unbekannt wurde erstattet.",
        "Related services were cut.",
        "The ad was withdrawn.",
        "Published in 1998, the book sold 3 million copies.",
        "Updated rules come on 5 June.",
        "If a > b and b > c, then a > c holds, he said.",
        "Visitors 2026",
    ],
)
def test_sentences_that_begin_alike_stay(line):
    assert line in body_of(f"<p>{PROSE}</p><p>{line}</p><p>{PROSE}</p>").text


def test_confidence_is_the_share_that_may_be_expected_to_be_right():
    sure, unsure = body_of(f"<p>{PROSE}</p>", score=0.99), body_of(f"<p>{PROSE}</p>", score=0.6)
    assert 0 < unsure.confidence < sure.confidence <= 1
    assert sure.confidence == pytest.approx(2 * 0.99 / 1.99)
    assert body_of("").confidence == 0


def test_state_of_a_framework_serves_where_the_page_is_empty():
    state = {"props": {"story": {"body": [{"text": PROSE}, {"text": f"{PROSE} Again."}]}, "menu": ["Home " * 40 + "."]}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
    body = body_of(f'<div id="app"></div>{script}')
    assert (body.method, body.text) == ("embedded", f"{PROSE}\n\n{PROSE} Again.")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"window.__STATE__ = {json.dumps({'html': f'<p>{PROSE}</p><p>{PROSE}</p>'})};", f"{PROSE}\n\n{PROSE}"),
        (json.dumps({"a": PROSE, "related": [{"a": PROSE * 9}]}), PROSE),
        ("function f() { return {} }", ""),
        ('{"a": "' + "x" * 500 + '"}', ""),
        ("[" * 100_000, ""),
        ("", ""),
    ],
)
def test_prose_in_scripts(script, expected):
    assert read_embedded([script]) == expected
