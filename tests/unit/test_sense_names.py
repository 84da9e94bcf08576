"""Names in a document: labels, spans, and the entity that each belongs to."""

import json
from datetime import date
from pathlib import Path

import pytest

from tasks.sense import read_facts
from tasks.sense.facts import entity_key
from tasks.sense.names.aliases import abbreviations
from tasks.sense.names.reader import find_mentions
from tasks.sense.places.gazetteer import gazetteer, resolve
from tasks.text import sentences, words

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed"


def read(text):
    mentions, entities = find_mentions(text, words(text), sentences(text))
    names = {entity.key: entity.name for entity in entities}
    return [(m.surface, m.label, names[m.entity]) for m in mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks with Defence Minister Anil Deshmukh ended.", ("Anil Deshmukh", "PERSON", "Anil Deshmukh")),
        ("They met Shri Anil Deshmukh there.", ("Anil Deshmukh", "PERSON", "Anil Deshmukh")),
        (
            "They spoke to the Ministry of Health and Family Welfare.",
            ("Ministry of Health and Family Welfare", "ORG", "Ministry of Health and Family Welfare"),
        ),
        ("A leader of the Lashkar-e-Taiba was held.", ("Lashkar-e-Taiba", "ORG", "Lashkar-e-Taiba")),
        ("The road to the Torvald valley was shut.", ("Torvald", "PLACE", "Torvald")),
        ("A ceremony took place at Okonjo Centre.", ("Okonjo Centre", "PLACE", "Okonjo Centre")),
        ("The army left Jammu and Kashmir in spring.", ("Jammu and Kashmir", "PLACE", "Jammu and Kashmir")),
        ("He posted on X that it was over.", ("X", "ORG", "X")),
        ("It was banned under Article 370 last year.", ("Article 370", "LAW", "Article 370")),
        (
            "It fell under the Harbour Works (Relief) Act then.",
            ("Harbour Works (Relief) Act", "LAW", "Harbour Works (Relief) Act"),
        ),
        ("While in Saudi Arabia Okafor spoke.", ("Saudi Arabia", "PLACE", "Saudi Arabia")),
        ("Reports from the U.S. were few.", ("U.S.", "PLACE", "United States")),
        ("Talks with Mr Anil Deshmukh ended.", ("Anil Deshmukh", "PERSON", "Anil Deshmukh")),
        ("The film by Sacha Baron Cohen opened.", ("Sacha Baron Cohen", "PERSON", "Sacha Baron Cohen")),
        ("South African bowlers won.", ("South African", "NORP", "South African")),
        ("Shares in Lumen Torvald Inc. fell.", ("Lumen Torvald Inc.", "ORG", "Lumen Torvald Inc.")),
        ("They drew with Sheffield Wednesday again.", ("Sheffield Wednesday", "ORG", "Sheffield Wednesday")),
        ("The US Secret Service knew.", ("Secret Service", "ORG", "Secret Service")),
        (
            "The pupils of St Fintian's High School sang.",
            ("St Fintian's High School", "ORG", "St Fintian's High School"),
        ),
        (
            "It was a spokesman for the World Health Organisation.",
            ("World Health Organisation", "ORG", "World Health Organization"),
        ),
        ("He came from South Korea to talk.", ("South Korea", "PLACE", "South Korea")),
    ],
)
def test_one_name(text, expected):
    assert expected in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "They will build Tank engines and Aero Engines.",
        "A Tri-Services Guard of Honour was given.",
        "He praised Artificial Intelligence and the Special Strategic and Global Partnership.",
        "On Monday, during Diwali, the Prime Minister spoke.",
        "Condemning the attack, they left. However, nobody came.",
    ],
)
def test_capitals_that_are_no_names(text):
    assert read(text) == []


def test_a_surname_belongs_to_the_person_named_in_full():
    names = read("Amara Okafor spoke first. Later Okafor left with Ms Okafor's aide.")
    assert [name for _, _, name in names] == ["Amara Okafor"] * 3


def test_an_honorific_after_the_name_shows_that_gen_is_no_rank():
    names = read("He met General Morita on Monday. “I thank Gen Morita San,” he wrote. Morita San agreed.")
    assert [(surface, name) for surface, _, name in names] == [
        ("General Morita", "Gen Morita"),
        ("Gen Morita San", "Gen Morita"),
        ("Morita San", "Gen Morita"),
    ]


def test_a_rank_without_such_an_honorific_stays_outside_the_name():
    assert read("He met General Petrov on Monday.") == [("Petrov", "PERSON", "Petrov")]


def test_acronym_and_definition_are_one_entity():
    names = read("The Harbour Front (THF) claimed it. Police blamed THF.")
    assert names == [
        ("The Harbour Front", "ORG", "The Harbour Front"),
        ("THF", "ORG", "The Harbour Front"),
        ("THF", "ORG", "The Harbour Front"),
    ]


def test_the_same_name_has_the_same_key_in_every_document():
    assert entity_key("PERSON", "José  Ramírez") == entity_key("PERSON", "Jose Ramirez") == "person:jose-ramirez"
    assert entity_key("PLACE", "Georgia") != entity_key("PERSON", "Georgia")
    assert entity_key("ORG", "Народна Воля") != entity_key("ORG", "Земля")


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the Unlawful Trade (Control) Act (UTCA) of old", "UTCA", "Unlawful Trade (Control) Act"),
        ("led by Lashkar-e-Taiba (LeT) men", "LeT", "Lashkar-e-Taiba"),
        ("before the Supreme Tally Office (TSTO)", "TSTO", "Supreme Tally Office"),
    ],
)
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LONDON (Reuters) - Shares rose.", [("LONDON", "PLACE", "London"), ("Reuters", "ORG", "Reuters")]),
        ("KUALA LUMPUR, Nov 3 — Shares rose.", [("KUALA LUMPUR", "PLACE", "Kuala Lumpur")]),
        ("ISLAMABAD: Shares rose.", [("ISLAMABAD", "PLACE", "Islamabad")]),
        ("NAIROBI 1996-08-30\nShares rose.", [("NAIROBI", "PLACE", "Nairobi")]),
        ("WARNING: Shares rose.", []),
    ],
)
def test_a_dateline_names_a_place(text, expected):
    assert read(text) == expected


def test_a_line_of_capitals_names_what_the_text_names():
    text = "OKAFOR SAYS TALKS WITH JAPAN ARE OVER\nAmara Okafor, the envoy, ended the talks on Monday."
    assert read(text)[:2] == [("OKAFOR", "PERSON", "Amara Okafor"), ("JAPAN", "PLACE", "Japan")]
    assert not any(surface in ("TALKS", "OVER", "SAYS TALKS") for surface, _, _ in read(text))


def test_on_the_sports_pages_a_town_is_its_team():
    text = (
        "Leeds boss Amara Okafor praised her players after the match. Leeds beat Bolton 2-0 and top the league, three"
        " goals ahead of Fulham. The team trained in Leeds this season, said the coach. England are next."
    )
    found = read(text)
    assert [label for surface, label, _ in found if surface == "Leeds"] == ["ORG", "ORG", "PLACE"]
    assert ("Bolton", "ORG", "Bolton") in found and ("England", "PLACE", "England") in found


def test_elsewhere_a_town_is_a_place():
    assert ("Leeds", "PLACE", "Leeds") in read("The minister went to Leeds to open a bridge. Leeds beat no drum.")


def test_two_people_of_one_surname_are_two():
    names = read("Mr Anil Rao met Mrs Meera Rao on Monday. Later Mrs Rao left. Mr Rao stayed.")
    assert [name for _, _, name in names] == ["Anil Rao", "Meera Rao", "Meera Rao", "Anil Rao"]


def test_a_company_named_short_is_the_company():
    names = read("Shares in Torvald Resources fell. Torvald said on Monday that it would cut jobs.")
    assert [(label, name) for _, label, name in names] == [("ORG", "Torvald Resources")] * 2


def test_initials_stand_for_the_organisation_that_they_fit():
    names = read("The Harbour Relief Committee met. A spokesman for the HRC said no.")
    assert [name for _, label, name in names if label == "ORG"] == ["Harbour Relief Committee"] * 2


def test_a_name_goes_on_over_the_end_of_a_wrapped_line():
    text = (
        "The talks about the new harbour went on for most of the day, and Amara\n"
        "Okafor left them late in the evening without a word to the people who\n"
        "had waited in the rain for her since noon. She will be back in the new\n"
        "year, said an aide, when the committee meets again to hear the case of\n"
        "the fishermen.\n"
    )
    assert read(text) == [("Amara\nOkafor", "PERSON", "Amara Okafor")]


def test_the_surname_of_a_person_is_found_wherever_it_stands_alone():
    names = read("Graeme Souterby left the club. The chairman said that he wished Souterby well.")
    assert [name for _, _, name in names] == ["Graeme Souterby"] * 2


def test_spans_hold_in_hostile_text():
    rows = [
        "A. " * 3_000,
        "Mr " * 3_000,
        "Bank of " * 3_000,
        "X&Y-" * 3_000,
        "(AB) " * 2_000,
        "LONDON (" * 2_000,
        "O'Neil’s " * 2_000,
        "\u0130stanbul \u00df " * 1_500,
        "Gen A San " * 2_000,
    ]
    for text in rows:
        mentions, entities = find_mentions(text, words(text), sentences(text))
        keys = {entity.key for entity in entities}
        end = 0
        for mention in mentions:
            assert text[mention.start_char : mention.end_char] == mention.surface and mention.start_char >= end
            assert mention.entity in keys
            end = mention.end_char


@pytest.mark.skipif(not SEED.is_dir(), reason="no seed beside this checkout")
def test_the_golden_document():
    (path,) = SEED.glob("*.txt")
    gold = json.loads((SEED / "gold.json").read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8").split(" ", 3)[3]
    found = read_facts(text, published_on=date(2025, 5, 5), language="en", only=("mentions",))
    labels = {"PER": "PERSON", "LOC": "PLACE", "ORG": "ORG"}
    expected = {(surface, labels[kind]) for _, _, surface, kind, _ in gold["mentions"]}
    own = {(mention.surface, mention.label) for mention in found.mentions if mention.label in labels.values()}
    assert own - expected == set() and len(expected - own) <= 1
    people = {entity.name: entity.aliases for entity in found.entities if entity.label == "PERSON"}
    assert {"Singh", "The Indian defence minister"} <= set(people["Rajnath Singh"])
    assert {"General Nakatani", "Nakatani San", "the Japanese Defense Minister"} <= set(people["Gen Nakatani"])
    assert len(people) == 2
