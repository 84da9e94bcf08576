"""Keywords: what is one, what is none, and that none is part of another."""

import time

import pytest

from tasks.sense.facts import Document
from tasks.sense.names.foreign import find_foreign_mentions
from tasks.sense.names.reader import find_mentions
from tasks.sense.subjects.keywords import read_keywords
from tasks.text import sentences, words

ARTICLE = """Norway on Tuesday assured Kenya of its help with a new harbour. Transport Minister Amara Okafor said \
that wind farms would power the container cranes. "The cranes are old," Okafor said on Monday.

The harbour of Mombasa needs forty container cranes, Okafor told reporters. Each container crane costs a million \
dollars. Wind farms off the coast would pay for them within ten years, according to a study for the ministry."""


def read(text, language="en", title=None):
    spans, found = sentences(text), words(text)
    if language == "en":
        mentions, entities = find_mentions(text, found, spans)
    else:
        mentions, entities = find_foreign_mentions(text, found, spans, language)
    document = Document(
        text=text, title=title, language=language, sentences=spans, words=found, mentions=tuple(mentions),
        entities=tuple(entities),
    )  # fmt: skip
    keywords = read_keywords(document).keywords
    assert len(keywords) <= 12
    assert all(0 < keyword.weight <= 1 and text[keyword.start_char : keyword.end_char].strip() for keyword in keywords)
    assert [keyword.weight for keyword in keywords] == sorted((each.weight for each in keywords), reverse=True)
    return [keyword.term for keyword in keywords]


def test_names_and_phrases_first():
    found = read(ARTICLE)
    assert {"Amara Okafor", "container cranes", "wind farms", "Norway", "Kenya"} <= set(found)


def test_no_calendar_words_verbs_or_offices():
    found = " ".join(read(ARTICLE)).lower().split()
    assert not {"monday", "tuesday", "assured", "said", "told", "minister", "years", "according"} & set(found)


def test_no_keyword_is_part_of_another():
    found = [set(term.lower().split()) for term in read(ARTICLE)]
    assert not any(one < other for one in found for other in found)


def test_singular_and_plural_are_one_keyword():
    found = read(ARTICLE)
    assert not {"container crane", "crane", "cranes", "wind farm"} & set(found)


def test_title_makes_a_term_heavier():
    with_title = read(ARTICLE, title="Wind farms to power a harbour")
    assert with_title.index("wind farms") <= read(ARTICLE).index("wind farms")


def test_credits_and_agencies_are_none():
    text = (
        "The bridge over the Tana river fell on Monday. Engineers blamed the flood. The bridge was built in 1962."
        " Reporting by Ivan Solberg for Reuters."
    )
    assert not {"Ivan Solberg", "Reuters"} & set(read(text))


def test_an_agency_that_the_text_is_about_is_one():
    text = "Reuters sold its radio arm. Shares in Reuters rose. Reuters had bought it in 1999. Reuters gave no price."
    assert "Reuters" in read(text)


def test_german_keywords_are_nouns():
    text = (
        "Der Hafen braucht neue Kräne. Die Kräne im Hafen sind alt, sagte die Frau. Ohne neue Kräne muss der Hafen"
        " schließen, und die Arbeiter verlieren ihre Arbeit."
    )
    found = read(text, language="de")
    assert found[:2] in (["Hafen", "Kräne"], ["Kräne", "Hafen"])
    assert not {"neue", "alt", "schließen"} & set(found)


def test_french_elision_and_stop_words():
    text = "L’usine ferme. Les ouvriers de l’usine protestent, et l’usine reste vide. Ils veulent que l’usine vive."
    found = read(text, language="fr")
    assert found[0] == "usine" and not {"que", "les", "ils"} & set(found)


def test_script_without_spaces_gives_names_only():
    assert read("今天天气很好我们去公园。今天天气很好我们去公园。", language="zh") == []


@pytest.mark.parametrize("text", ["", " ", "A", "Mr", "Monday", "said said said"])
def test_next_to_nothing_has_none(text):
    assert read(text) == []


@pytest.mark.parametrize("unit", ["wind farm ", "Aa ", "l’a ", "crane-", "wind crane harbour port ship dock "])
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_hostile_text_costs_a_bounded_time(unit, language):
    text = unit * (50_000 // len(unit))
    document = Document(text=text, title=text[:3000], language=language, sentences=sentences(text), words=words(text))
    began = time.process_time()
    read_keywords(document)
    assert time.process_time() - began < 4
