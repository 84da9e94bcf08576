"""What subjects a text is given, by its words in English and by its section and tags in any language."""

import re
import time

import pytest

from tasks.sense.facts import Document
from tasks.sense.lexicon import list_lines
from tasks.sense.names.reader import find_mentions
from tasks.sense.subjects.terms import find_terms, subjects
from tasks.sense.subjects.topics import read_topics
from tasks.text import sentences, words

STRIKE = """The harbour workers' union called a strike at the port of Tema after pay talks broke down. Shop stewards \
said that the wage dispute could end if the employers returned to collective bargaining. The trade union wants a pay \
rise of nine per cent for its members.

Pickets stood at both gates, and the walkout left three container ships at anchor."""


def read(text, *, language="en", title=None, section=None, tags=()):
    spans, found = sentences(text), words(text)
    mentions, entities = find_mentions(text, found, spans) if language == "en" else ([], [])
    document = Document(
        text=text, title=title, section=section, tags=tags, language=language, sentences=spans, words=found,
        mentions=tuple(mentions), entities=tuple(entities),
    )  # fmt: skip
    topics = read_topics(document).topics
    for topic in topics:
        assert text[topic.start_char : topic.end_char].strip() and 0 < topic.confidence < 1
        assert subjects()[topic.code].name == topic.name and topic.level in (1, 2)
    assert sum(topic.level == 1 for topic in topics) <= 3 and sum(topic.level == 2 for topic in topics) <= 4
    return topics


@pytest.mark.parametrize(("text", "first", "second"), [
    (STRIKE, "09000000", "20000524"),
    ("The central bank raised its interest rate by half a point as inflation ran at nine per cent. Economists expect"
     " slower economic growth and a wider budget deficit this year.", "04000000", "20000344"),
    ("The striker scored twice before half-time and the goalkeeper saved a penalty kick. The midfielder was sent off"
     " in stoppage time, but the club stays top of the league.", "15000000", "20000822"),
    ("The magistrate sentenced the burglar to four years in prison. The defendant had pleaded guilty, and his lawyer"
     " said that he would not go to the court of appeal.", "02000000", "20000106"),
    ("Heavy rain and gale-force winds will reach the coast tonight, forecasters said. Thunderstorms and hail are"
     " expected, with snow on high ground.", "17000000", "20001129"),
    ("The vaccine halved the number of measles infections, a clinical trial found. Doctors gave the jab to patients"
     " in forty hospitals and saw no serious side effects.", "07000000", "20000464"),
    ("Voters go to the polling stations on Sunday in the first general election since the coup. Opinion polls put the"
     " opposition candidate ahead of the president, and turnout is expected to be high.", "11000000", "20000574"),
    ("Astronomers have found a planet that orbits two stars. The telescope saw the exoplanet pass in front of both, and"
     " the observatory will look for an atmosphere.", "13000000", "20000717"),
])  # fmt: skip
def test_english_text_by_its_words(text, first, second):
    codes = [topic.code for topic in read(text)]
    assert codes[0] == first and second in codes


def test_the_span_is_that_of_words_that_speak_for_the_subject():
    topic = read(STRIKE)[0]
    assert STRIKE[topic.start_char : topic.end_char] in ("trade union", "union", "wage dispute", "strike", "pay talks")


def test_second_level_only_under_a_subject_of_the_first():
    topics = read(STRIKE)
    first = {topic.code for topic in topics if topic.level == 1}
    assert all(subjects()[topic.code].parent in first for topic in topics)


def test_title_and_section_add_to_the_text():
    text = "It took the team an hour to decide. The report was handed over on Monday and nobody wished to comment."
    assert read(text) == ()
    assert [topic.code for topic in read(text, section="Health")] == ["07000000"]


def test_the_more_evidence_the_surer():
    assert read(STRIKE, section="Labour")[0].confidence > read(STRIKE)[0].confidence


@pytest.mark.parametrize(
    ("language", "section", "codes"),
    [
        ("de", "Wirtschaft", {"04000000"}),
        ("fr", "Sport > Cyclisme", {"15000000", "20000822"}),
        ("es", "Política", {"11000000"}),
        ("it", "Cronaca", {"02000000"}),
        ("pt", "Ciência", {"13000000"}),
        ("nl", "Klimaat", {"06000000"}),
        ("de", "Aktuell", set()),
    ],
)
def test_other_languages_by_their_section(language, section, codes):
    text = "Qzwt vrrk blmn. Second sentence here."
    topics = read(text, language=language, section=section)
    assert {topic.code for topic in topics} == codes
    assert all(text[topic.start_char : topic.end_char] == "Qzwt vrrk blmn." for topic in topics)


def test_one_tag_is_not_enough_and_two_are():
    assert read("Ein Satz.", language="de", tags=("Politik",)) == ()
    assert [topic.code for topic in read("Ein Satz.", language="de", tags=("Politik", "Innenpolitik"))] == ["11000000"]


def test_names_of_persons_are_no_evidence():
    text = "Judge Amara Baker met Ivan Fisher and Peter Farmer. Baker thanked Fisher, Farmer thanked Baker." * 3
    assert "20000209" not in {topic.code for topic in read(text)}


def test_nothing_is_said_of_a_text_without_evidence():
    assert read("She went home early. Nobody asked her why, and she was glad.") == ()
    assert read("") == ()


def terms(text):
    return [text[start:end] for _, start, end in find_terms(words(text))]


def test_longest_term_plurals_hyphens_and_case():
    assert terms("interest rates") == ["interest rates"]
    assert terms("a runoff or a run-off") == ["runoff", "run-off"]
    assert terms("who asked WHO") == ["WHO"]
    assert terms("the stock. Market") != ["stock. Market"]


def test_list_is_well_formed():
    codes, terms_listed = [], 0
    for line in list_lines("topics"):
        if line[0] == "[":
            codes.append(line[1:9])
            assert re.fullmatch(r"\[\d{8} [^\[\]]+\]", line)
        else:
            assert re.match(r"[421] \S", line) and len(line) <= 120
            listed = line[2:].split(", ")
            assert all(term and term == term.strip() for term in listed)
            terms_listed += len(listed)
    assert len(codes) == len(set(codes)) == len(subjects()) and terms_listed > 6_000
    assert sum(code.endswith("000000") for code in codes) == 17
    assert all(line.split("\t")[0] in subjects() for line in list_lines("topic_sections"))


@pytest.mark.parametrize("unit", ["world war cup ", "Star ", "union-", "a'", "strike. "])
def test_hostile_text_costs_a_bounded_time(unit):
    text = unit * (100_000 // len(unit))
    document = Document(text=text, language="en", sentences=sentences(text), words=words(text))
    began = time.process_time()
    read_topics(document)
    assert time.process_time() - began < 4
