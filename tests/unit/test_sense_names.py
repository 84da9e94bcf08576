"""Names in a document: labels, spans, and the entity that each belongs to."""

from datetime import date

import pytest

from tasks.sense import read_facts
from tasks.sense.facts import entity_key
from tasks.sense.names.aliases import abbreviations
from tasks.sense.names.reader import find_mentions
from tasks.sense.places.gazetteer import gazetteer, resolve
from tasks.text import sentences, words


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A plant run by Brackwell Dynamics will close.", ("Brackwell Dynamics", "ORG", "Brackwell Dynamics")),
        ("Kessler GmbH and Fontana S.p.A. signed a deal.", ("Fontana S.p.A.", "ORG", "Fontana S.p.A.")),
        ("It makes batteries with Norrvik Oy and others.", ("Norrvik Oy", "ORG", "Norrvik Oy")),
        ("Callers told Radio Marova that the road was shut.", ("Radio Marova", "ORG", "Radio Marova")),
        ("Thornby Town beat Hadley Athletic on Saturday.", ("Thornby Town", "ORG", "Thornby Town")),
        ("Carmaker Brenco cut its forecast.", ("Brenco", "ORG", "Brenco")),
        ("Shares in Ferrox fell by a tenth.", ("Ferrox", "ORG", "Ferrox")),
        ("Ostbank's chief executive resigned.", ("Ostbank", "ORG", "Ostbank")),
        ("A fire broke out at Mill Lane Surgery at noon.", ("Mill Lane Surgery", "ORG", "Mill Lane Surgery")),
        ("Trains to Dar es Salaam were late.", ("Dar es Salaam", "PLACE", "Dar es Salaam")),
        ("Engineers looked at the Farakka barrage again.", ("Farakka", "PLACE", "Farakka")),
        ("Market Street in Bergen was closed.", ("Market Street", "PLACE", "Market Street")),
        ("They met Vice-Premier Liu Heng there.", ("Liu Heng", "PERSON", "Liu Heng")),
        ("They met Left-hander Omar Tate there.", ("Omar Tate", "PERSON", "Omar Tate")),
        ("Then Canon Ruth Vale prayed.", ("Ruth Vale", "PERSON", "Ruth Vale")),
        ("Talks with Abdel Fattah el-Sisi went on.", ("Abdel Fattah el-Sisi", "PERSON", "Abdel Fattah el-Sisi")),
    ],
)
def test_the_form_of_a_name_or_its_neighbours_tell_what_it_is(text, expected):
    found = read(text)
    assert expected in found
    assert not any(surface == "Canon" for surface, _, _ in found)


@pytest.mark.parametrize("text", ["", "A", "The", "Radio", "X of", "Carmaker", "the bank"])
def test_next_to_nothing_is_no_name(text):
    assert read(text) == []


def test_sums_of_money_are_no_names():
    assert read("The firm paid R32m to the court, and R5,000 to a clerk.") == []


def test_a_person_and_where_she_works_are_two_names():
    found = read("Ines Varga of the Institute for Coastal Studies spoke first.")
    assert [(name, label) for _, label, name in found] == [
        ("Ines Varga", "PERSON"),
        ("Institute for Coastal Studies", "ORG"),
    ]


def test_a_surname_that_is_a_word_too_is_found_where_it_speaks():
    assert read("Grace Field won. Field said so.")[1] == ("Field", "PERSON", "Grace Field")
    assert len(read("Grace Field won. Field and forest were green.")) == 1


def test_either_of_two_surnames_belongs_to_the_person_named_in_full():
    found = read("Juan Carlos Ortega Ruiz won. Ortega said so. Later Ortega Ruiz left.")
    assert {name for _, _, name in found} == {"Juan Carlos Ortega Ruiz"}


def test_an_acronym_means_what_the_text_spells_out():
    found = read("The Atlantic Navigation Council met. The ANC said no.")
    assert found[1] == ("ANC", "ORG", "Atlantic Navigation Council")
    found = read("Staff of the Coastal Fisheries Agency, known as CFA, met. Later CFA closed.")
    assert {name for _, _, name in found} == {"Coastal Fisheries Agency"}


def test_a_town_goes_by_its_own_name_before_its_region():
    assert read("BRATISLAVA, Slovakia (AP) - Snow fell.")[0] == ("BRATISLAVA", "PLACE", "Bratislava")


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


def test_a_firm_whose_name_is_a_word_elsewhere_is_none_there():
    text = "Das neue Gesetz tritt am 1. Januar in Kraft, sagte der Minister in Berlin."
    found = read_facts(text, published_on=date(2026, 11, 1), language="de", only=("mentions",))
    assert [mention.surface for mention in found.mentions] == ["Berlin"]
