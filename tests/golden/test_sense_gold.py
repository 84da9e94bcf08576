"""The enrichers read the labelled texts at least as well as the floors say, and every fact has its span."""

from datetime import date

import pytest

from tasks.sense import Amount, DateMention, Document, Entity, Event, Mention, Quote
from tasks.text import sentences
from tests.golden import make_sense, sense_gold
from tests.golden.sense_gold import GoldError, load, parse, paths
from tests.golden.sense_score import Score, score

SURFACES = ("mentions", "roles", "places", "dates", "amounts")
SPANS = (*SURFACES, "quotes", "events", "topics", "keywords", "summary_sentences", "tones")
INNER = ("speaker", "verb", "actor", "target")

SMALL = """
date = 2025-03-12
language = "en"
text = '''
On Tuesday Amara Okafor attacked Jon Dahl in Oslo. “It cost 40 cranes,” Okafor said, “or more.”
'''
names = ["PERSON Amara Okafor: Amara Okafor | Okafor", "PERSON Jon Dahl: Jon Dahl", "PLACE Oslo: Oslo"]
places = ["Oslo: NO 59.91 10.75"]
dates = ["Tuesday = 2025-03-11"]
amounts = ["40 cranes = 40 cranes (count)"]
quotes = ["direct Amara Okafor said: It cost 40 cranes ... or more."]
events = ["Amara Okafor ASSAULT Jon Dahl: attacked"]
"""


@pytest.fixture(scope="module")
def texts():
    return [load(path) for path in paths()]


@pytest.fixture(scope="module")
def facts(texts):
    return {gold.name: make_sense.facts_of(gold) for gold in texts}


def test_no_kind_of_fact_is_read_worse_than_its_floor_says(texts, facts):
    result = Score()
    for gold in texts:
        score(gold, facts[gold.name], result)
    floors = make_sense.floors()["f1"]
    assert sorted(floors) == sorted(result.tallies)
    short = {kind: tally.f1 for kind, tally in result.tallies.items() if tally.f1 < floors[kind]}
    assert short == {}, "see python -m tests.golden.make_sense measure --kind KIND"


def test_the_floors_belong_to_these_texts():
    assert make_sense.floors()["corpus"] == make_sense.digest(), (
        "a text changed: python -m tests.golden.make_sense floors"
    )


def test_every_fact_has_the_span_that_it_claims(texts, facts):
    for gold in texts:
        found = facts[gold.name]
        assert found.misses == ()
        for kind in SPANS:
            for fact in getattr(found, kind):
                assert 0 <= fact.start_char < fact.end_char <= len(gold.text), (gold.name, fact)
                surface = fact.text if kind == "quotes" else fact.surface if kind in SURFACES else None
                assert surface in (None, gold.text[fact.start_char : fact.end_char]), (gold.name, fact)
                for inner in INNER:
                    start = getattr(fact, f"{inner}_start_char", None)
                    assert start is None or 0 <= start < getattr(fact, f"{inner}_end_char") <= len(gold.text)


def test_the_texts_are_many_short_and_of_several_languages(texts):
    assert len(texts) >= 60
    assert all(70 <= len(gold.text.split()) <= 225 for gold in texts)
    assert {gold.language for gold in texts} == {"en", "de", "fr", "es", "it", "pt", "nl"}


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("Jon Dahl in Oslo.", "Jon Dahl in Bergen.", "'Oslo' stands 0 times"),
        ('"PLACE Oslo: Oslo"', '"TOWN Oslo: Oslo"', "must begin with one of PERSON, ORG"),
        ("PERSON Jon Dahl:", "PERSON Amara Okafor:", "names an entity a second time"),
        ('"Oslo: NO 59.91 10.75"', '"Oslo: Norway"', 'must be like "KE -1.29 36.82"'),
        ('places = ["Oslo: NO 59.91 10.75"]', "", "not in both"),
        ("= 2025-03-11", "= 2025-03-12", "2025-03-12 is a Wednesday"),
        ("= 2025-03-11", "= next week", "must be any, or a value"),
        ("40 cranes (count)", "forty cranes", 'must be like "more than 1_500 EUR (money)"'),
        ("direct Amara Okafor said", "direct the minister said", "write common words as [common words]"),
        ("ASSAULT Jon Dahl", "ATTACK Jon Dahl", "must be like"),
        (": attacked", ": o", "stands 0 times"),
        ("date = 2025-03-12", "day = 2025-03-12", r"missing ['date'], unknown ['day']"),
        ("date = 2025-03-12", "date = tomorrow", "small: Invalid"),
    ],
)
def test_a_mislabelled_text_is_refused_with_a_sentence_that_says_where(wrong, right, message):
    assert SMALL.count(wrong) == 1
    with pytest.raises(GoldError) as caught:
        parse("small", SMALL.replace(wrong, right))
    assert str(caught.value).startswith("small") and message in str(caught.value)


def test_words_that_stand_twice_must_say_which():
    twice = SMALL.replace("Jon Dahl in Oslo.", "Jon Dahl in Oslo. Dahl attacked back.")
    with pytest.raises(GoldError, match="stands 2 times in the text: say which, as in #2"):
        parse("small", twice)
    gold = parse("small", twice.replace(": attacked", ": attacked#2"))
    assert gold.text[: gold.events[0].verb[0]].endswith("Oslo. Dahl ")


def test_a_longer_name_keeps_a_shorter_one_out_of_its_words():
    first, *_ = parse("small", SMALL).names
    assert [parse("small", SMALL).text[slice(*span)] for span in first.spans] == ["Amara Okafor", "Okafor"]


def span(text, surface):
    return {"start_char": text.index(surface), "end_char": text.index(surface) + len(surface)}


def perfect(gold):
    text = gold.text
    person, target = "person:amara-okafor", "person:jon-dahl"

    def mention(surface, label, entity, at):
        found = {"start_char": at, "end_char": at + len(surface), "surface": surface}
        return Mention(**found, label=label, confidence=1, entity=entity)

    def quote(words):
        said = {"speaker": person, "speaker_start_char": None, "speaker_end_char": None, "verb": "said"}
        return Quote(number=1, **span(text, words), text=words, kind="direct", **said, confidence=1)

    return Document(
        text=text,
        language="en",
        sentences=sentences(text),
        mentions=(
            mention("Amara Okafor", "PERSON", person, text.index("Amara")),
            mention("Jon Dahl", "PERSON", target, text.index("Jon")),
            mention("Okafor", "PERSON", person, text.rindex("Okafor")),
        ),
        entities=(
            Entity(key=person, name="Amara Okafor", label="PERSON"),
            Entity(key=target, name="Jon Dahl", label="PERSON"),
        ),
        dates=(
            DateMention(
                **span(text, "On Tuesday"),
                surface="On Tuesday",
                value="2025-03-11",
                granularity="day",
                first_day=date(2025, 3, 11),
                last_day=date(2025, 3, 11),
            ),
        ),
        amounts=(Amount(**span(text, "40 cranes"), surface="40 cranes", value=40, unit="cranes", kind="count"),),
        quotes=(quote("It cost 40 cranes,"), quote("or more.")),
        events=(
            Event(
                **span(text, "attacked"),
                action="ASSAULT",
                status="denied",
                verb_start_char=text.index("attacked"),
                verb_end_char=text.index("attacked") + 8,
                actor=person,
                target=person,
                confidence=1,
            ),
        ),
    )


def test_what_is_right_wrong_and_missed_is_counted_by_kind():
    gold = parse("small", SMALL)
    result = Score()
    score(gold, perfect(gold), result)
    f1 = {kind: tally.f1 for kind, tally in result.tallies.items()}
    right = ("names PERSON", "aliases", "dates", "amounts", "quotes direct", "speakers direct", "quote verbs")
    assert {kind: f1[kind] for kind in (*right, "joined quotes", "events", "event actors")} == dict.fromkeys(
        (*right, "joined quotes", "events", "event actors"), 1
    )
    assert [f1[kind] for kind in ("names PLACE", "places", "event status", "event targets")] == [0, 0, 0, 0]
    assert f1["entities"] == pytest.approx(0.8)  # two of three, none invented
    assert ("event targets", "small") in {(kind, name) for kind, name, _ in result.errors}


def test_a_floor_rises_by_itself_and_falls_only_when_told_to():
    assert make_sense.next_floors({"dates": 0.9567}, {"dates": 0.9}, lower=False) == {"dates": 0.956}
    assert make_sense.next_floors({"dates": 0.8}, {"dates": 0.9}, lower=False) == {"dates": 0.9}
    assert make_sense.next_floors({"dates": 0.8}, {"dates": 0.9}, lower=True) == {"dates": 0.8}


def test_the_labels_are_those_of_the_tables():
    assert set(sense_gold.TOPICS.values()) == {f"{number:02}000000" for number in range(1, 18)}
    assert len(sense_gold.ACTIONS) == 16
