"""Names in a document: labels, spans, and the entity that each belongs to."""

import pytest

from tasks.sense.aliases import abbreviations
from tasks.sense.facts import entity_key
from tasks.sense.gazetteer import gazetteer, resolve
from tasks.sense.mentions import find_mentions
from tasks.text import sentences, words


def read(text):
    mentions, entities = find_mentions(text, words(text), sentences(text))
    names = {entity.key: entity.name for entity in entities}
    return [(m.surface, m.label, names[m.entity]) for m in mentions]


@pytest.mark.parametrize(("text", "expected"), [
    ("Talks with Defence Minister Anil Deshmukh ended.", ("Anil Deshmukh", "PERSON", "Anil Deshmukh")),
    ("They met Shri Anil Deshmukh there.", ("Anil Deshmukh", "PERSON", "Anil Deshmukh")),
    ("They spoke to the Ministry of Health and Family Welfare.", (
        "Ministry of Health and Family Welfare", "ORG", "Ministry of Health and Family Welfare")),
    ("A leader of the Lashkar-e-Taiba was held.", ("Lashkar-e-Taiba", "ORG", "Lashkar-e-Taiba")),
    ("The road to the Torvald valley was shut.", ("Torvald", "PLACE", "Torvald")),
    ("A ceremony took place at Okonjo Centre.", ("Okonjo Centre", "PLACE", "Okonjo Centre")),
    ("The army left Jammu and Kashmir in spring.", ("Jammu and Kashmir", "PLACE", "Jammu and Kashmir")),
    ("He posted on X that it was over.", ("X", "ORG", "X")),
    ("It was banned under Article 370 last year.", ("Article 370", "LAW", "Article 370")),
    ("It fell under the Harbour Works (Relief) Act then.", (
        "Harbour Works (Relief) Act", "LAW", "Harbour Works (Relief) Act")),
    ("While in Saudi Arabia Okafor spoke.", ("Saudi Arabia", "PLACE", "Saudi Arabia")),
    ("Reports from the U.S. were few.", ("U.S.", "PLACE", "United States")),
])
def test_one_name(text, expected):
    assert expected in read(text)


@pytest.mark.parametrize("text", [
    "They will build Tank engines and Aero Engines.",
    "A Tri-Services Guard of Honour was given.",
    "He praised Artificial Intelligence and the Special Strategic and Global Partnership.",
    "On Monday, during Diwali, the Prime Minister spoke.",
    "Condemning the attack, they left. However, nobody came.",
])
def test_capitals_that_are_no_names(text):
    assert read(text) == []


def test_a_surname_belongs_to_the_person_named_in_full():
    names = read("Amara Okafor spoke first. Later Okafor left with Ms Okafor's aide.")
    assert [name for _, _, name in names] == ["Amara Okafor"] * 3


def test_an_honorific_after_the_name_shows_that_gen_is_no_rank():
    names = read("He met General Morita on Monday. “I thank Gen Morita San,” he wrote. Morita San agreed.")
    assert [(surface, name) for surface, _, name in names] == [
        ("General Morita", "Gen Morita"), ("Gen Morita San", "Gen Morita"), ("Morita San", "Gen Morita")]


def test_a_rank_without_such_an_honorific_stays_outside_the_name():
    assert read("He met General Petrov on Monday.") == [("Petrov", "PERSON", "Petrov")]


def test_acronym_and_definition_are_one_entity():
    names = read("The Harbour Front (THF) claimed it. Police blamed THF.")
    assert names == [("The Harbour Front", "ORG", "The Harbour Front"), ("THF", "ORG", "The Harbour Front"),
                     ("THF", "ORG", "The Harbour Front")]


def test_the_same_name_has_the_same_key_in_every_document():
    assert entity_key("PERSON", "José  Ramírez") == entity_key("PERSON", "Jose Ramirez") == "person:jose-ramirez"
    assert entity_key("PLACE", "Georgia") != entity_key("PERSON", "Georgia")
    assert entity_key("ORG", "Народна Воля") != entity_key("ORG", "Земля")


@pytest.mark.parametrize(("text", "short", "long"), [
    ("the Unlawful Trade (Control) Act (UTCA) of old", "UTCA", "Unlawful Trade (Control) Act"),
    ("led by Lashkar-e-Taiba (LeT) men", "LeT", "Lashkar-e-Taiba"),
    ("before the Supreme Tally Office (TSTO)", "TSTO", "Supreme Tally Office"),
])
def test_definitions(text, short, long):
    [found] = abbreviations(text)
    assert (found.short, found.long) == (short, long)
    assert text[found.long_start : found.long_end] == long and text[found.short_start : found.short_end] == short


def test_no_definition_where_the_letters_do_not_fit():
    assert abbreviations("two men (aged 40) and Lumen Group (see Q3)") == []


def test_places_are_resolved_by_the_countries_of_the_document():
    georgia = gazetteer().by_name["Georgia"]
    assert resolve(georgia, frozenset({"US"})).country == "US"
    assert resolve(georgia, frozenset()).country == "GE"
    pahalgam = resolve(gazetteer().by_name["Pahalgam"], frozenset())
    assert pahalgam.country == "IN" and 34 < pahalgam.latitude < 34.1
