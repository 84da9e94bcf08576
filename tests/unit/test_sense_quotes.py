"""Quotations and who they are given to."""

import pytest

from tasks.sense.facts import Role
from tasks.sense.names.reader import find_mentions
from tasks.sense.quotes.reader import find_quotes
from tasks.text import sentences, words


def quotes_of(text, language="en", roles=()):
    spans, found = sentences(text), words(text)
    mentions, entities = find_mentions(text, found, spans) if language == "en" else ([], [])
    return find_quotes(text, found, spans, mentions, language, entities, roles)


def read(text, language="en"):
    quotes = quotes_of(text, language)
    assert all(text[q.start_char : q.end_char] == q.text for q in quotes)
    return [(q.text, q.kind, q.speaker, q.verb) for q in quotes]


@pytest.mark.parametrize(
    "text",
    [
        "“The bridge will open soon,” Amara Okafor said.",
        "“The bridge will open soon,” said Mayor Amara Okafor.",
        "“The bridge will open soon,” said the mayor, Amara Okafor, on Monday.",
        "Amara Okafor told reporters: “The bridge will open soon,”",
        "Amara Okafor, who met Ivan Petrov, said: “The bridge will open soon,”",
        '"The bridge will open soon," Amara Okafor said.',
        "‘The bridge will open soon,’ Amara Okafor said.",
    ],
)
def test_direct_with_named_speaker(text):
    quotes = read(text)
    assert [(quote, kind, speaker) for quote, kind, speaker, _ in quotes] == [
        ("The bridge will open soon,", "direct", "person:amara-okafor")
    ]


def test_pronoun_and_document_go_to_who_spoke_last():
    text = (
        "Amara Okafor said that the bridge was safe. “Nobody was ever in danger there,” she said.\n"
        "“It will be open by summer,” the post read."
    )
    assert [(kind, speaker, verb) for _, kind, speaker, verb in read(text)] == [
        ("indirect", "person:amara-okafor", "said"),
        ("direct", "person:amara-okafor", "said"),
        ("direct", "person:amara-okafor", "read"),
    ]


def test_a_quotation_left_open_goes_on_in_the_next_paragraph():
    text = (
        "“The first half was hard for all of us here,” Amara Okafor said. “We went on.\n\n"
        "“We won in the end,” she said."
    )
    assert [speaker for _, _, speaker, _ in read(text)] == ["person:amara-okafor"] * 3


def test_indirect_speech_spans_the_clause():
    clause = "it was planned by men from abroad"
    assert read(f"Condemning the raid, Okafor said that {clause}.")[0][:2] == (clause, "indirect")
    quote = read("As per the Ministry of Home Affairs, the group was banned in 2023.")[0]
    assert quote == ("the group was banned in 2023", "indirect", "org:ministry-of-home-affairs", "as per")


def test_words_quoted_inside_a_sentence_belong_to_what_leads_up_to_them():
    quotes = read("Ivan Petrov recalled a “splendid evening in town” in Paris, saying it was late.")
    assert quotes[0][2] == "person:ivan-petrov"


def test_scare_quotes_without_speaker_are_no_quotation():
    assert read("The so-called “smart city” was never built.") == []


def test_other_marks():
    [german] = read("Er sagte: „Wir kommen morgen wieder zurück“ und ging.", "de")
    assert german[0] == "Wir kommen morgen wieder zurück"
    [french] = read("Il a dit : « Nous reviendrons tous demain matin ».", "fr")
    assert french[0] == "Nous reviendrons tous demain matin"


def test_words_quoted_in_passing_stay_in_the_clause():
    quotes = read("Ivan Petrov said that the ships were “far too few” for the port.")
    assert ("the ships were “far too few” for the port", "indirect", "person:ivan-petrov", "said") in quotes


def spoken(text, roles=()):
    """Kind, words, the words that tell the speaker, and the speaker."""
    return [
        (q.kind, q.text, text[q.speaker_start_char : q.speaker_end_char] if q.speaker_end_char else None, q.speaker)
        for q in quotes_of(text, roles=roles)
    ]


@pytest.mark.parametrize(
    ("text", "said", "by"),
    [
        ("“It is late now,” said the harbour's spokeswoman.", "It is late now,", "the harbour's spokeswoman"),
        ("Officials in Mombasa said the bridge was closed.", "the bridge was closed", "Officials in Mombasa"),
        ("A spokesman for the port said it would open soon.", "it would open soon", "A spokesman for the port"),
        ("The bridge was closed on Monday, police said.", "The bridge was closed on Monday", "police"),
        ("The bridge was closed, according to residents.", "The bridge was closed", "residents"),
        ("Sources familiar with the deal said it had failed.", "it had failed", "Sources familiar with the deal"),
        ("A docker who asked not to be named said the pay was poor.", "the pay was poor", "A docker"),
    ],
)
def test_speakers_told_by_common_words_have_a_span_and_no_entity(text, said, by):
    assert [(words_, who, key) for _, words_, who, key in spoken(text)] == [(said, by, None)]


def test_an_office_that_the_text_gives_one_person_is_that_person():
    text = "Amara Okafor, the transport minister, left. The minister said she would come back soon."
    role = Role(start_char=18, end_char=36, surface="transport minister", entity="person:amara-okafor", confidence=0.9)
    assert spoken(text, [role]) == [("indirect", "she would come back soon", "The minister", "person:amara-okafor")]
    other = text.replace("The minister said", "A minister said")
    assert [key for *_, key in spoken(other, [role])] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "The port was safe, Major General Ivan Petrov told reporters on Friday.",
        "The general, Major General Ivan Petrov, said the port was safe.",
        "Ivan Petrov, from Moscow, who has met the dockers, said that the port was safe.",
        "Ivan Petrov condemned the strike and said the port was safe.",
        "Ivan Petrov was quoted as saying the port was safe.",
        "The port, Ivan Petrov said, was kept safe for many years.",
    ],
)
def test_named_speakers_of_indirect_speech(text):
    assert {key for *_, key in spoken(text)} == {"person:ivan-petrov"}


def test_gender_decides_between_two_people():
    text = "Mary Novak met John Osei on Monday. “The talks went well for all,” {} said later."
    assert spoken(text.format("she"))[0][3] == "person:mary-novak"
    assert spoken(text.format("he"))[0][3] == "person:john-osei"


def test_parts_of_one_quotation_share_their_number():
    text = "“We are one family here,” Ivan Petrov told the Harbour Board, “and families shout.” He left."
    first, second = quotes_of(text)
    assert first.number == second.number == 1 and first.speaker == second.speaker == "person:ivan-petrov"


def test_paragraphs_of_one_speech_that_only_open_are_one_quotation():
    text = 'Ivan Petrov said: "We won the first half of it.\n\n"We lost the second half of it.\n\n"That is all."'
    quotes = quotes_of(text)
    assert len(quotes) == 3 and {(quote.number, quote.speaker) for quote in quotes} == {(1, "person:ivan-petrov")}


def test_whom_it_was_said_to():
    assert quotes_of("Ivan Petrov told Amara Okafor that the bridge was safe.")[0].addressee == "person:amara-okafor"
    assert quotes_of("Ivan Petrov told reporters that the bridge was safe.")[0].addressee is None


@pytest.mark.parametrize(
    "text",
    [
        "She read a book called “The Long Bridge.”",
        "Ivan Petrov did not say that the bridge was safe.",
        "It was believed that the bridge was safe.",
        "One wrong claim can close a bridge for years.",
        "He hopes to find the men that closed the bridge.",
        'The ship’s screen is 12" wide and 9" high.',
        "The minister rejected claims that the dam was unsafe.",
        "The widow reported missing last week stayed in Accra.",
    ],
)
def test_what_is_no_speech(text):
    assert quotes_of(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The Harbour Council met. The council said the road was shut.", "org:harbour-council"),
        ("The Ministry of Trade banned the toy. The ministry said it was unsafe.", "org:ministry-of-trade"),
        ("Harbour Bank closed a branch. The lender said costs had risen.", "org:harbour-bank"),
        ("Ivan Petrov wrote to his fans. “Thank you all for coming,” the message read.", "person:ivan-petrov"),
        ("Mary Novak came second. “I am proud of it all,” the Kenya international said.", "person:mary-novak"),
        ("Mary Novak came second. “I am proud of it all,” said the 24-year-old.", "person:mary-novak"),
    ],
)
def test_who_is_meant_by_a_description(text, speaker):
    assert [key for *_, key in spoken(text)] == [speaker]


def test_a_description_that_fits_two_bodies_means_neither():
    text = "The Harbour Council met the Forest Council. The council said the road was shut."
    assert [key for *_, key in spoken(text)] == [None]


def test_he_may_mean_somebody_without_a_name():
    text = "John Osei left on Monday. Her father was angry. “They lied to us for years,” he said."
    assert spoken(text)[0][3] is None


@pytest.mark.parametrize(
    "text",
    [
        "“We lost it all,” snapped Mary Novak.",
        "“We lost it all,”\nMary Novak, 34, said.",
        "Mary Novak spoke after the match.\n\n“We lost it all out there.”",
        "“We lost it all out there.” Mary Novak was in tears.",
        "Mary Novak said to Ivan Petrov: “We lost it all.”",
    ],
)
def test_speakers_around_a_direct_quotation(text):
    assert [key for *_, key in spoken(text)] == ["person:mary-novak"]


def test_where_it_was_said_is_not_what_was_said():
    text = "Ivan Petrov said outside the court on Monday that the case was closed."
    assert [said for _, said, _, _ in spoken(text)] == ["the case was closed"]


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("“You must leave at once,” said John Osei to Mary Novak.", "person:mary-novak"),
        ("“It is over,” John Osei told the annual meeting of the Harbour Board.", "org:harbour-board"),
        ("“It is over,” John Osei told Mali's parliament.", None),
    ],
)
def test_addressees(text, addressee):
    assert [quote.addressee for quote in quotes_of(text)] == [addressee]
