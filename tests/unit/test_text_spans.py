"""Paragraphs, trimming and the span set."""

from tasks.text import SpanSet, paragraphs, trim


def test_a_paragraph_is_a_line_that_is_not_blank():
    text = "  First line. \n\n \t\nSecond.\n"
    assert [text[a:b] for a, b in paragraphs(text)] == ["First line.", "Second."]
    assert list(paragraphs("\n \n")) == []


def test_trim_of_blank_is_empty():
    assert trim("   ", 0, 3) == (3, 3)
    assert trim(" ab ", 0, 4) == (1, 3)


def test_span_set_touches_only_what_it_shares_a_code_point_with():
    spans = SpanSet([(10, 20), (2, 4), (15, 25), (30, 30)])
    assert spans.overlaps(19, 21) and spans.overlaps(24, 26) and spans.overlaps(0, 3)
    assert not spans.overlaps(4, 10) and not spans.overlaps(25, 99) and not spans.overlaps(0, 2)
    assert not SpanSet([]).overlaps(0, 5)
