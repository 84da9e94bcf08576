"""Tone: signs, negation, intensity, names that do not count, and the list itself."""

import re
import time

import pytest

from tasks.sense.facts import Document
from tasks.sense.lexicon import list_lines
from tasks.sense.subjects.tone import read_tone
from tasks.text import sentences, words


def read(text, language="en"):
    document = Document(text=text, language=language, sentences=sentences(text), words=words(text))
    tones = read_tone(document).tones
    for tone in tones:
        assert -1 <= tone.score <= 1 and 0 <= tone.start_char < tone.end_char <= len(text)
    return tones


def score(text):
    return read(text)[0].score


@pytest.mark.parametrize("text", [
    "The gunmen killed two guards.", "The firm collapsed into bankruptcy.", "A flood destroyed the market.",
    "Critics condemned the corrupt deal.", "The famine is a catastrophe.", "Workers fear more redundancies.",
])  # fmt: skip
def test_negative(text):
    assert score(text) < -0.2


@pytest.mark.parametrize("text", [
    "The rescue was a triumph.", "The team celebrated a brilliant victory.", "Peace brought prosperity to the valley.",
    "The new clinic is safe, efficient and affordable.", "Volunteers helped the survivors.",
])  # fmt: skip
def test_positive(text):
    assert score(text) > 0.2


@pytest.mark.parametrize("text", [
    "The committee meets on Tuesday.", "The United States sent a letter.", "The train leaves at nine.",
    "Grace Champion and Victor Savage sat down.", "She lives in Battle Creek.", "The match is on Sunday.",
])  # fmt: skip
def test_neutral_words_and_names(text):
    assert score(text) == 0 and len(read(text)) == 1


def test_negation_turns_praise_and_softens_blame():
    assert score("The plan was not successful.") < 0 < score("The plan was successful.")
    assert 0 < score("There were no injuries.") < -score("There were injuries.")
    assert score("The plan wasn’t successful.") < 0
    assert score("It was not only brilliant.") > 0


def test_intensity():
    assert score("It was a very bad year.") < score("It was a bad year.") < score("It was a slightly bad year.") < 0


def test_what_follows_but_weighs_more():
    assert score("The hall is ugly but the music is wonderful.") > score("The music is wonderful but the hall is ugly.")


def test_article_counts_its_words_and_spans_the_text():
    text = "The rescue was a triumph. Two guards were killed. The hall is grey."
    article, *strongest = read(text)
    assert (article.scope, article.start_char, article.end_char) == ("article", 0, len(text))
    assert (article.positive_words, article.negative_words) == (2, 1)
    assert [text[each.start_char : each.end_char] for each in strongest] == [
        "The rescue was a triumph.", "Two guards were killed.",
    ]  # fmt: skip
    assert strongest[0].score > 0 > strongest[1].score and {each.scope for each in strongest} == {"sentence"}


def test_at_most_three_sentences_each_way():
    text = " ".join(["Two guards were killed."] * 5 + ["The rescue was a triumph."] * 5)
    assert [each.score > 0 for each in read(text)[1:]] == [False] * 3 + [True] * 3


def test_length_alone_does_not_make_a_text_grave():
    text = "The firm lost money. The committee meets on Tuesday. It will vote on the plan."
    assert abs(score(text) - score(" ".join([text] * 4))) < 0.25


def test_english_only():
    assert read("Die Bombe war eine Katastrophe.", language="de") == ()
    assert read("") == ()


def test_list_is_well_formed():
    seen = {}
    for line in list_lines("tone"):
        match = re.fullmatch(r"(-?[1-4])(v?) (.+)", line)
        assert match and len(line) <= 120
        for written in match[3].split(", "):
            assert written == written.strip().lower()
            key = (written, match[2])
            assert key not in seen
            seen[key] = int(match[1])
    assert len(seen) > 1_900
    assert all(seen.get((written, "v"), weight) * weight > 0 for (written, _), weight in seen.items())


@pytest.mark.parametrize("unit", ["killed ", "not not ", "but ", "very very bad ", "Killed. ", "civil "])
def test_hostile_text_costs_a_bounded_time(unit):
    text = unit * (100_000 // len(unit))
    document = Document(text=text, language="en", sentences=sentences(text), words=words(text))
    began = time.process_time()
    read_tone(document)
    assert time.process_time() - began < 4
