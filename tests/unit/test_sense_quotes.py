"""Quotations and who they are given to."""

import pytest

from tasks.sense.mentions import find_mentions
from tasks.sense.quotes import find_quotes
from tasks.text import sentences, words


def read(text, language="en"):
    spans, found = sentences(text), words(text)
    mentions, _ = find_mentions(text, found, spans) if language == "en" else ([], [])
    quotes = find_quotes(text, found, spans, mentions, language)
    assert all(text[q.start_char : q.end_char] == q.text for q in quotes)
    return [(q.text, q.kind, q.speaker, q.verb) for q in quotes]


@pytest.mark.parametrize("text", [
    "“The bridge will open soon,” Amara Okafor said.",
    "“The bridge will open soon,” said Mayor Amara Okafor.",
    "“The bridge will open soon,” said the mayor, Amara Okafor, on Monday.",
    "Amara Okafor told reporters: “The bridge will open soon,”",
    "Amara Okafor, who met Ivan Petrov, said: “The bridge will open soon,”",
    '"The bridge will open soon," Amara Okafor said.',
    "‘The bridge will open soon,’ Amara Okafor said.",
])
def test_direct_with_named_speaker(text):
    quotes = read(text)
    assert [(quote, kind, speaker) for quote, kind, speaker, _ in quotes] == [
        ("The bridge will open soon,", "direct", "person:amara-okafor")]


def test_pronoun_and_document_go_to_who_spoke_last():
    text = ("Amara Okafor said that the bridge was safe. “Nobody was ever in danger there,” she said.\n"
            "“It will be open by summer,” the post read.")
    assert [(kind, speaker, verb) for _, kind, speaker, verb in read(text)] == [
        ("indirect", "person:amara-okafor", "said"), ("direct", "person:amara-okafor", "said"),
        ("direct", "person:amara-okafor", "read")]


def test_a_quotation_left_open_goes_on_in_the_next_paragraph():
    text = ("“The first half was hard for all of us here,” Amara Okafor said. “We went on.\n\n"
            "“We won in the end,” she said.")
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
