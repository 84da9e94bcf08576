"""Pages made to hurt: whatever is in them, they are read or refused, soon and without a stack overflow."""

import time
from datetime import UTC, datetime

import pytest

from tasks.errors import Terminal
from tasks.page import read_page

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://gazette.test/2026/11/20/mill-reopens"
CPU_SECONDS = 2.0
PROSE = "<p>The mill at Long Ford reopened on Friday after two winters of repairs to its wheel and its roof.</p>"


def page(body, head=""):
    return f"<html><head>{head}</head><body>{body}</body></html>"


HOSTILE = {
    "deep_divs": page("<div>" * 200_000 + PROSE),
    "deep_divs_just_allowed": page("<div>" * 4_900 + PROSE * 10),
    "deep_lists": page("<ul><li>" * 50_000 + PROSE),
    "deep_tables": page("<table><tr><td>" * 30_000 + PROSE),
    "open_formatting": page("".join(f"<b id=b{n}>" for n in range(3_000)) + "<p>x" * 3_000),
    "open_formatting_few_tags": page("".join(f"<b id=b{n}>" for n in range(190)) + "<p>some words here" * 3_700),
    "open_links": page("".join(f"<a href=/{n}><p>x" for n in range(20_000))),
    "open_fonts_in_paragraphs": page("".join(f"<font color={n}><p>" for n in range(7_000))),
    "closed_before_opened": page("</font>" * 9_000 + "".join(f"<font color={n}><p>" for n in range(2_000))),
    "open_fonts": page("".join(f"<font color={n}>" for n in range(1_900)) + "<p>x" * 2_000),
    "misnested": page("<b><i><u><p></b></i></u>" * 20_000),
    "misnested_links": page("<a><b><p></a></b>" * 20_000 + PROSE),
    "many_blocks": page("<p>one more line of text</p>" * 150_000),
    "many_blocks_just_allowed": page("<p>one more line of text that goes on for a while</p>" * 19_000),
    "many_empty": page("<p></p>" * 400_000 + PROSE * 4),
    "many_classes": page("".join(f'<div class="c{n} d{n} e{n}">word {n}</div>' for n in range(19_000))),
    "one_giant_line": page("<p>" + "word " * 900_000),
    "one_giant_word": page("<p>" + "a" * 4_500_000),
    "giant_attribute": page(f'<div class="{"x " * 1_000_000}">' + PROSE),
    "entities": page("&amp;" * 900_000 + PROSE),
    "comments": page("<!-- - -" * 300_000 + PROSE),
    "angle_brackets": page("<" * 2_000_000 + PROSE),
    "breaks": page("<br>" * 500_000 + PROSE * 4),
    "combining": page("<p>a" + "\u0301" * 1_000_000),
    "right_to_left_marks": page("<p>" + "\u202e\u200b" * 1_000_000 + "words after the marks " * 20),
    "null_bytes": page("<p>" + "a\x00b " * 500_000),
    "scripts": page("".join(f'<script>window.a={{"t":"{"x. " * 100}"}}</script>' for n in range(5_000))),
    "deep_state": page(f'<div id=app></div><script type="application/json">{"[" * 200_000}</script>'),
    "wide_state": page(
        '<div id=app></div><script type="application/json">['
        + ",".join(['"some words and a full stop."'] * 90_000)
        + "]"
        "</script>"
    ),
    "metas": page(PROSE, '<meta name="a" content="b">' * 100_000),
    "selects": page("<select>" + "<option>x" * 200_000 + "</select>" + PROSE),
    "svg": page("<svg>" + "<g>" * 100_000 + "</svg>" + PROSE),
    "templates": page("<template>" * 4_000 + PROSE),
    "frames": "<html><frameset>" + "<frame src=x>" * 100_000,
    "separators_in_title": page(PROSE * 4, "<title>" + " - x | " * 100_000 + "</title>"),
    "table_of_many_cells": page("<table>" + "<tr>" + "<td>7" * 19_000 + "</table>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_within_two_seconds_of_cpu(name):
    body = HOSTILE[name].encode()
    read_page(page(PROSE * 4).encode(), url=URL, content_type=None, now=NOW)  # the model is loaded once a process
    started = time.process_time()
    try:
        found = read_page(body, url=URL, content_type="text/html; charset=utf-8", now=NOW)
        assert found.text == found.text.strip()
    except Terminal as refused:
        assert refused.reason in ("page_too_large", "text_too_short", "page_not_html")
        assert URL in refused.message
    assert time.process_time() - started < CPU_SECONDS
