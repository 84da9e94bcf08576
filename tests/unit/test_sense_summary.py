"""Which sentences stand for a text, and which never do."""

import time

import pytest

from tasks.sense.facts import Document
from tasks.sense.subjects.summary import read_summary
from tasks.text import sentences, words

LEAD = "The council of Tema voted on Monday to rebuild the old harbour bridge."
NEXT = "The harbour bridge has been closed since a flood carried away two of its piers in May."
DETAIL = "One shop sold out of umbrellas that morning."


def read(text, title=None, language="en"):
    document = Document(text=text, title=title, language=language, sentences=sentences(text), words=words(text))
    found = read_summary(document).summary_sentences
    assert [each.rank for each in found] == list(range(1, len(found) + 1)) and len(found) <= 3
    assert all(0 < each.weight <= 1 for each in found) and (not found or max(each.weight for each in found) == 1)
    assert [each.start_char for each in found] == sorted(each.start_char for each in found)
    chosen = [text[each.start_char : each.end_char] for each in found]
    assert len(chosen) < 2 or sum(len(words(each)) for each in chosen) <= 80
    return chosen


def test_lead_and_what_is_near_to_it():
    assert read(f"{LEAD} {NEXT}") == [LEAD, NEXT]


@pytest.mark.parametrize("noise", [
    "Bridge to be rebuilt at last in Tema", "By Amara Okafor", "By: Amara Okafor, harbour correspondent, Tema office",
    "Photo: the old bridge of Tema in the year 1962.", "Also read: How the flood came to the town of Tema.",
    "Sign up for our daily newsletter about the harbour.", "The bridge as it was before the flood. (AP Photo/Solberg)",
    "“We have waited for this day for much too long.”", "Advertisement", "of the bridge over the river in the town.",
])  # fmt: skip
def test_what_never_stands(noise):
    assert read(f"{noise}\n\n{LEAD}\n\n{NEXT}") == [LEAD, NEXT]
    assert noise not in read(f"{LEAD}\n\n{noise}\n\n{NEXT}")


def test_a_quotation_with_its_speaker_may_stand():
    said = "“The harbour bridge of Tema will be rebuilt,” the mayor of the council said."
    assert said in read(f"{LEAD} {said}")


def test_a_dateline_is_left_off():
    assert read(f"TEMA, Ghana, May 3 (Reuters) - {LEAD}") == [LEAD]
    assert read(f"Tema, May 3 (IPS) – {LEAD}") == [LEAD]
    assert read(f"ACCRA — {LEAD}") == [LEAD]
    assert read(f"CAPE COAST: {LEAD}") == [LEAD]
    assert read(f"Hamburg (dpa/lno) – {LEAD}") == [LEAD]


def test_a_sentence_that_leans_needs_the_one_before():
    leaning = "It will cost nine million."
    assert leaning not in read(f"{LEAD} {DETAIL} {DETAIL[:-1]} again today. {leaning}")


def test_the_title_decides_between_the_next_ones():
    other = "A second plan for a ferry across the bay was put off until the spring."
    text = " ".join([LEAD, DETAIL, "Nobody minded the rain very much.", other, "The rest of the day was calm."])
    assert other in read(text, title="Ferry plan across the bay put off")


def test_a_long_first_sentence_stands_alone():
    text = "The council " + "and the mayor of the old town " * 20 + f"agreed. {NEXT}"
    assert len(read(text)) == 1


def test_other_languages_and_scripts():
    assert read(
        "Der Rat von Tema stimmte am Montag für die neue Brücke. Sie wird neun Millionen kosten.", language="de"
    )
    assert read("市议会星期一投票决定重建旧港大桥。大桥自五月洪水以来一直关闭。", language="zh")


@pytest.mark.parametrize("text", ["", " ", "A", "Mr. A", "?!", "“”"])
def test_next_to_nothing_has_no_summary(text):
    assert read(text) == []


def test_fragments_only_give_the_first():
    assert read("Opening hours of the town library\n\nMonday to Friday") == ["Opening hours of the town library"]


@pytest.mark.parametrize("unit", ["Aa ", "AMMAN - ", "“Aa ", "A. ", "by By ", "(AP ", "Photo: ", "A b c d e f. "])
def test_hostile_text_costs_a_bounded_time(unit):
    text = unit * (100_000 // len(unit))
    document = Document(text=text, title=text[:2000], language="en", sentences=sentences(text), words=words(text))
    began = time.process_time()
    read_summary(document)
    assert time.process_time() - began < 4
