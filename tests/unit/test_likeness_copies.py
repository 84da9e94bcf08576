"""Copies are found, look-alikes are not, and the order of batches does not matter."""

import random

import numpy as np
import pytest

from tasks.likeness import (
    Document,
    Postings,
    candidates,
    find_copies,
    judge,
    shingle_sequences,
    shingles,
    sketch,
    text_digest,
)
from tasks.likeness.copies import MAX_CANDIDATES, MAX_CLUSTERS, MAX_DOCUMENTS
from warehouse import lookups

NONE = np.empty(0, np.uint64)
NAMES = "Aldous Brenta Corvo Delmar Estrid Fenwick Galina Hobart Ilmari Jocasta Kestrel Lorcan".split()


def prose(seed: int, sentences: int = 12) -> str:
    """Sentences of invented words: no two seeds share a shingle but by chance."""
    rng = random.Random(seed)
    stems = ["".join(rng.choice("bdfgklmnprstv") + rng.choice("aeiou") for _ in range(3)) for _ in range(400)]
    lines = [[rng.choice(NAMES)] + [rng.choice(stems) for _ in range(rng.randint(12, 20))] for _ in range(sentences)]
    return " ".join(f"{' '.join(line)}." for line in lines)


def document(name: str, text: str, seen_at: int, title: str = "") -> Document:
    return Document(id=name, text=text, seen_at=seen_at, title=title)


def clusters(*documents: Document) -> dict[str, str]:
    return {found.id: found.cluster_id for found in find_copies(documents, Postings(), {})}


def sentences(text: str) -> list[str]:
    return [f"{part.strip()}." for part in text.split(".") if part.strip()]


def test_the_same_words_are_one_text_whatever_the_typography():
    plain = 'The mayor\'s office said: "Three ferries - no more - will sail."'
    fancy = "  The Mayor\u2019s office said:\n\u201cThree fer\u00adries \u2014 no more \u2014 will sail.\u201d "
    assert text_digest(plain) == text_digest(fancy)
    assert text_digest(plain) != text_digest(plain.replace("mayor's", "mayors"))
    assert len(text_digest("")) == 32


def test_combining_vowels_belong_to_the_word():
    assert text_digest("\u0915\u0940 \u0932") != text_digest("\u0915\u093e \u0932")


def test_hashes_are_the_same_on_every_machine():
    assert shingles("The ferry sails at noon.").tolist() == [
        4347843651717443675,
        7130176760077305235,
        8629117719967307384,
    ]


def test_short_and_empty_texts_have_shingles_or_none():
    assert [shingles(text).size for text in ("", " . ", "one", "one two", "one two three")] == [0, 0, 1, 1, 1]
    assert judge(document("b", "", 2), document("a", "", 1), NONE) is None


def test_texts_hashed_together_are_hashed_as_if_alone():
    texts = ["", prose(5), "one", "港口工人", ".", "the ferry 渡轮 sails", "\u0301a b", "港", prose(6, 900), "one two"]
    for text, together in zip(texts, shingle_sequences(texts), strict=True):
        (alone,) = shingle_sequences([text])
        assert together.tolist() == alone.tolist()
    assert shingle_sequences([]) == []


def test_an_extract_survives_in_the_sketch_of_a_long_text():
    text = prose(1, sentences=900)
    extract = " ".join(sentences(text)[400:408])
    assert sketch(shingles(text)).size == 1024
    assert np.intersect1d(sketch(shingles(extract)), sketch(shingles(text))).size >= 3


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("exact", lambda text: text.upper()),
        ("abridged", lambda text: " ".join(sentences(text)[:6])),
        ("extended", lambda text: f"{text} {prose(99, 6)}"),
        ("agency_copy", lambda text: f"BERLIN (dpa) - {' '.join(sentences(text)[:4] + sentences(text)[5:])}"),
    ],
)
def test_kinds_of_copy(kind, change):
    copy = judge(document("b", change(prose(2)), 2), document("a", prose(2), 1), NONE)
    assert (copy.of_id, copy.kind) == ("a", kind)
    assert 0 < copy.jaccard <= 1 and 0.9 <= copy.containment <= 1


def test_a_copyedited_text_is_a_copy_and_another_is_none():
    rng = random.Random(5)
    edited = " ".join("indeed" if rng.random() < 0.06 else word for word in prose(3).split())
    assert judge(document("b", edited, 2), document("a", prose(3), 1), NONE).kind == "agency_copy"
    assert judge(document("b", prose(4), 2), document("a", prose(3), 1), NONE) is None


def test_languages_without_spaces():
    old = (
        "港口工人周一宣布罢工，要求提高夜班津贴。市长表示，渡轮将在周二恢复航行，但班次会减少一半。工会说谈判仍在继续。"
    )
    new = "（新闻社）港口工人周一宣布罢工，要求提高夜班津贴。市长表示，渡轮将在周三恢复航行，但班次会减少一半。"
    other = "天文学家周一宣布发现一颗新的彗星，它将在明年春天接近地球。研究小组表示，观测仍在继续，结果会在下月公布。"
    assert judge(document("b", new, 2), document("a", old, 1), NONE)
    assert judge(document("b", other, 2), document("a", old, 1), NONE) is None


def template(name: str, other: str, rng: random.Random) -> str:
    figures = [rng.randint(100, 9999) for _ in range(6)]
    return (
        f"{name} Holdings on Monday reported quarterly net income of {figures[0]} million crowns, compared with "
        f"{figures[1]} million in the same quarter of the year before. Revenue rose to {figures[2]} million, while "
        f"analysts polled by {other} had expected {figures[3]} million on average. Shares closed at {figures[4]} "
        f"crowns on a volume of {figures[5]} thousand. "
        "This report was written by a program from figures of the exchange."
    )


def test_machine_written_siblings_stay_apart():
    rng = random.Random(7)
    reports = [document(f"r{n}", template(NAMES[n], NAMES[-n - 1], rng), n) for n in range(5)]
    assert len(set(clusters(*reports).values())) == 5


def test_boilerplate_neither_proposes_nor_counts():
    notice = prose(50, sentences=5)
    stories = [document(f"s{n:02}", f"{prose(200 + n, 6)} {notice}", n) for n in range(20)]
    twin = document("twin", prose(219, 6), 30)
    republished = document("republished", f"{prose(218, 6)} {prose(51, 5)} {notice}", 31)
    copies = {each.id: each for each in find_copies([*stories, twin, republished], Postings(), {})}
    assert len({each.cluster_id for each in copies.values()}) == 20
    assert copies["twin"].copy.of_id == "s19" and copies["twin"].copy.jaccard < 1
    assert copies["republished"].cluster_id == "s18"


@pytest.mark.parametrize("notice_sentences", [9, 14])
def test_boilerplate_is_learned_where_it_is_most_of_a_text(notice_sentences):
    notice = prose(53, notice_sentences)
    heads = "Ferry Comet Budget Harvest Tunnel Orchard Glacier Lottery Statue Pigeon Carnival Meteor".split()
    stories = [document(f"s{n:02}", f"{prose(400 + n, 2)} {notice}", n, f"{heads[n]} {n}00") for n in range(12)]
    copy = document("copy", prose(400, 2), 20, "Ferry sails")
    found = find_copies([*stories, copy], Postings(), {})
    assert len({each.cluster_id for each in found}) == 12
    assert found[-1].cluster_id == "s00"


def test_a_copy_under_a_headline_of_its_own_is_found():
    lines = sentences(prose(54, 12))
    new = document("b", " ".join([*sentences(prose(55, 1)), *lines[1:]]), 2, "Harbour stands still")
    assert judge(new, document("a", " ".join(lines), 1, "Ferries stay away"), NONE).kind == "agency_copy"


def test_what_arrives_late_joins_the_story_that_is_there():
    story = prose(56)
    stored = document("stored", story, 0)
    late = document("late", f"{story} {prose(57, 5)}", -9)  # published before, met after
    postings = Postings((value, "stored", "stored") for value in sketch(shingles(story)).tolist())
    (found,) = find_copies([late], postings, {"stored": stored})
    assert (found.cluster_id, found.copy.kind) == ("stored", "extended")


def test_texts_that_differ_in_boilerplate_only():
    notice, story = prose(52, 2), prose(15)
    new, old = document("b", f"{notice} {story}", 2), document("a", story, 1)
    copy = judge(new, old, sketch(shingles(notice)))
    assert (copy.kind, copy.jaccard) == ("boilerplate_variant", pytest.approx(1, abs=0.05))
    assert judge(new, old, NONE).kind != "boilerplate_variant"


def test_a_follow_up_with_old_background_is_no_copy():
    old = sentences(prose(8, 12))
    follow_up = f"{prose(9, 6)} {' '.join(old[5:])}"
    assert judge(document("b", follow_up, 2), document("a", " ".join(old), 1), NONE) is None


def test_a_round_up_joins_no_story_and_chains_none():
    one, two, three = prose(10, 6), prose(11, 6), prose(12, 6)
    round_up = document("brief", f"{one} {two} {three}", 3)
    found = clusters(document("one", one, 1), document("two", two, 2), round_up)
    assert len(set(found.values())) == 3
    late = clusters(document("brief", f"{one} {two} {three}", 0), document("two", two, 2), document("three", three, 3))
    assert late["two"] != late["three"]


def test_a_stub_under_another_headline_is_no_copy():
    stub = "This article is for subscribers only. Please sign in or choose a plan to read on with us today."
    new = document("b", stub, 2, "Ferry strike ends")
    assert judge(new, document("a", stub, 1, "Comet seen over Oslo"), NONE) is None
    assert judge(new, document("a", stub, 1, "Ferry strike over"), NONE)


def test_the_earlier_document_is_the_original_whatever_the_order_given():
    late, early = document("late", prose(13), 9), document("early", prose(13), 1)
    assert clusters(late, early) == {"early": "early", "late": "early"}


def test_batches_find_what_one_pass_finds():
    stories = [document(f"s{n}", prose(300 + n % 12), n) for n in range(36)]
    stored: list[tuple[int, str, str]] = []
    texts = {each.id: each for each in stories}
    by_batch: dict[str, str] = {}
    for start in range(0, 36, 6):
        batch = stories[start : start + 6]
        wanted = {value for each in batch for value in sketch(shingles(each.text)).tolist()}
        postings = Postings(row for row in stored if row[0] in wanted)
        loaded = {name: texts[name] for name in candidates((sketch(shingles(each.text)) for each in batch), postings)}
        for found in find_copies(batch, postings, loaded):
            by_batch[found.id] = found.cluster_id
            stored += [(value, found.id, found.cluster_id) for value in sketch(shingles(texts[found.id].text)).tolist()]
    assert by_batch == clusters(*stories)
    assert len(set(by_batch.values())) == 12


def test_candidates_are_bounded_and_a_missing_text_is_not_compared():
    text = prose(14)
    rows = [(value, f"d{n}", f"c{n % 5}") for n in range(60) for value in sketch(shingles(text)).tolist()]
    new = document("new", text, 99)
    assert 0 < len(candidates([sketch(shingles(text))], Postings(rows))) <= MAX_CANDIDATES
    assert find_copies([new], Postings(rows), {})[0].copy is None


def test_hostile_texts_end_quickly():
    for text in ("x" * 1_000_000, "\u0301" * 200_000, "a " * 300_000, "\ud800\udfff " * 1000, "1" * 300_000):
        assert shingles(text).size < 10
        text_digest(text)


def test_the_warehouse_hands_over_what_can_change_a_judgement():
    assert (lookups.HASH_ORIGINALS, lookups.HASH_ARTICLES) == (MAX_CLUSTERS + 1, MAX_DOCUMENTS)
