"""The one door: every span names its surface, hostile text comes back in time, and language decides what is read."""

import time
from datetime import date

import pytest

from tasks.sense import MAX_CHARS, detect_language, read_facts

ARTICLE = """Norway on Tuesday offered Kenya help with its ports. During a meeting between Transport Minister \
Amara Okafor and her Norwegian counterpart, Ivar Solberg, the latter promised 40 cranes worth $12 million.

On March 3, 17 dockers were hurt in the old harbour in Mombasa, Kenya. The Harbour Workers Union (HWU), \
founded in May 2011, called a strike years after the port law was passed.

“We will not wait another year,” Okafor said. HWU leader Peter Kamau Njoroge said that the cranes were “too few”."""


def facts(text=ARTICLE, published_on=date(2025, 3, 11), language=None):
    return read_facts(text, published_on=published_on, language=language)


def test_every_fact_names_its_span():
    found = facts()
    keys = {entity.key for entity in found.entities}
    for fact in (*found.mentions, *found.dates, *found.amounts):
        assert ARTICLE[fact.start_char : fact.end_char] == fact.surface
    for quote in found.quotes:
        assert ARTICLE[quote.start_char : quote.end_char] == quote.text
        assert quote.speaker is None or quote.speaker in keys
    for mention in found.mentions:
        assert mention.entity in keys and 0 < mention.confidence <= 1
    assert all(a.end_char <= b.start_char for a, b in zip(found.mentions, found.mentions[1:], strict=False))
    for keyword in found.keywords:
        assert 0 <= keyword.start_char < keyword.end_char <= len(ARTICLE) and 0 < keyword.weight <= 1


def test_what_is_read():
    found = facts()
    assert found.language == "en"
    assert [date_.value for date_ in found.dates] == ["2025-03-11", "2025-03-03", "2011-05"]
    assert [amount.surface for amount in found.amounts] == ["40 cranes", "$12 million", "17 dockers"]
    entities = {entity.key: entity for entity in found.entities}
    assert entities["place:mombasa"].country == "KE" and entities["place:mombasa"].latitude is not None
    assert "HWU" in entities["org:harbour-workers-union"].aliases
    assert found.quotes[0].speaker == "person:amara-okafor"
    assert [ARTICLE[each.start_char :].split()[0] for each in found.summary_sentences] == ["Norway", "During"]
    assert found.keywords[0].weight == 1


def test_equal_input_gives_equal_facts():
    assert facts() == facts()


def test_language_is_detected_or_taken_as_given():
    assert detect_language("Der Minister sprach gestern mit den Arbeitern im Hafen.")[0] == "de"
    assert detect_language("今天天气很好我们去公园")[0] == "zh"
    assert detect_language("OK") == (None, 0.0)
    assert facts("x").language == "und"
    assert facts(language="en-GB").language_confidence == 1.0


def test_german_nouns_are_no_persons_and_countries_are_places():
    text = "Gestern sprach in Frankreich die Neue Regierung über Deutsche Bahnhöfe und den Großen Hafen."
    found = facts(text, language="de")
    assert [(m.surface, m.label) for m in found.mentions] == [("Frankreich", "PLACE")]
    assert found.entities[0].country == "FR"


def test_french_run_of_capitals_is_a_person_of_low_confidence():
    mention = facts("Hier, la ministre Claire Dubois a parlé.", language="fr").mentions[0]
    assert (mention.surface, mention.label) == ("Claire Dubois", "PERSON") and mention.confidence < 0.5


@pytest.mark.parametrize("unit", [
    "“", "‘", '" ', "»", " (AB)", "1,111,", "111 ", "Aa ", "Mr. ", "He said that ", "Bank of ",
    "two million ", "Gen Aa San ", "\n", "Aa (Aa) Act ", "According to Paris, ", "\ud800", "\0", "U.S. ",
])
def test_hostile_text_costs_a_bounded_time(unit):
    text = unit * (MAX_CHARS // len(unit) // 4)
    facts("Paris is a town.", language="en")  # loads the gazetteer outside the measure
    began = time.process_time()
    found = facts(text, language="en")
    assert time.process_time() - began < 8
    assert all(text[m.start_char : m.end_char] == m.surface for m in found.mentions)


def test_nothing_is_read_beyond_the_bound():
    text = "a " * (MAX_CHARS // 2) + "On 3 May 2024 Kenya won."
    assert facts(text, language="en").dates == ()


@pytest.mark.parametrize("text", ["", " ", "\n", "A", "“", "Mr", "(", "May"])
def test_next_to_nothing_is_no_fault(text):
    assert facts(text).summary_sentences == ()
