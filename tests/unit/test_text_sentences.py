"""Sentence boundaries: abbreviations, initials, numbers, quotations, other scripts."""

import pytest

from tasks.text import sentences


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("text", [
    "Mr. Okafor met Gen. Lindqvist at St. Brendan's on Jan. 5.",
    "J. R. Haddad paid $3.5 million for 2.4 acres.",
    "The U.S. Senate met.",
    "“Will it rain?” Amara asked the clerk.",
    '"Stop!" said Okafor.',
    "The price rose to approx. 40 crowns.",
])
def test_one_sentence_stays_one(text):
    assert split(text) == [text]


@pytest.mark.parametrize(("text", "count"), [
    ("It rained. The match went on.", 2),
    ("He left the U.S. The court sat again.", 2),
    ("She works for Lumen Inc. The firm is small.", 2),
    ("“It rained. We waited,” she said. Then it stopped.", 3),
    ("Is it so? Yes! It is…", 3),
    ("A heading without a stop\nThe text begins here.", 2),
    ("今日は晴れ。明日は雨。", 2),
    ("यह पहला वाक्य है। यह दूसरा है।", 2),
])
def test_boundaries(text, count):
    assert len(split(text)) == count


def test_closing_quotation_mark_belongs_to_the_sentence_before():
    assert split("“It is done.” The crowd left.") == ["“It is done.”", "The crowd left."]


def test_spans_are_in_order_and_hold_every_word():
    text = "One. Two! Three?\n\nFour (five). Six"
    spans = sentences(text)
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    assert "".join(split(text)).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_german_ordinal_does_not_end_a_sentence():
    text = "Vom 13. Dezember an hält der Zug hier. Im 19. Jahrhundert war es so. He was 13. Then he left."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Vom 13. Dezember an hält der Zug hier.",
        "Im 19. Jahrhundert war es so.",
        "He was 13.",
        "Then he left.",
    ]
