"""Two readings of one text: how alike they are by their words, and which paragraphs left and came."""

import pytest

from tasks.compare import EXCERPT_CHARS, EXCERPTS, compare

LONG = " ".join(f"word{number}" for number in range(200))


@pytest.mark.parametrize(
    "old, new, similarity, left, came",
    [
        ("The ferry sails.", "The ferry sails.", 1.0, 0, 0),
        ("The ferry sails.", "sails,\n\nThe: ferry", 1.0, 0, 0),  # neither order, marks nor paragraphs
        ("a b c d", "a b c e", 0.75, 1, 1),
        ("a b c d", "a b", 4 / 6, 2, 0),
        ("a a a", "a", 0.5, 2, 0),  # a multiset: a word said twice counts twice
        ("The Ferry", "the ferry", 0.0, 2, 2),
        ("", "a b", 0.0, 0, 2),
        ("", "", 1.0, 0, 0),
        ("...", "?", 1.0, 0, 0),  # other texts, and not a word in either
    ],
)
def test_similarity_is_the_f1_of_the_words(old, new, similarity, left, came):
    found = compare(old, new)
    assert found.similarity == pytest.approx(similarity)
    assert (found.words_left, found.words_came) == (left, came)
    back = compare(new, old)
    assert (back.similarity, back.words_left, back.left) == (found.similarity, found.words_came, found.came)


def test_the_paragraphs_that_only_one_of_them_has_are_told_in_order():
    found = compare("Kept.\n\nGone one.\nGone  two.\nKept.", "New.\n\nKept.\n\n\nKept.")
    assert found.left == ("Gone one.", "Gone two.") and found.came == ("New.",)


def test_a_paragraph_that_stood_there_twice_has_left_once():
    found = compare("Follow us.\nText.\nFollow us.", "Text.\nFollow us.")
    assert found.left == ("Follow us.",) and found.came == ()


def test_only_the_first_are_told_and_they_are_shortened():
    found = compare("Kept.", "\n".join(["Kept.", *(f"{number} {LONG}" for number in range(9))]))
    assert [told[0] for told in found.came] == ["0", "1", "2"] and len(found.came) == EXCERPTS
    assert all(len(told) == EXCERPT_CHARS and told.endswith("…") for told in found.came)
    assert found.words_came == 9 * 201  # the numbers are of the whole


def test_a_paragraph_that_changed_near_its_end_is_told_from_there():
    found = compare(f"{LONG} by the old reading", f"{LONG} by the new reading")
    assert found.left == (f"{found.left[0].split(' by ')[0]} by the old reading",)
    assert found.left[0].startswith("…word") and "the new reading" in found.came[0]


def test_a_paragraph_that_lost_its_end_shows_where_it_ends():
    found = compare(f"{LONG} and more", LONG)
    (left,), (came,) = found.left, found.came
    assert left.endswith("word199 and more") and came.endswith("word199") and came.startswith("…")
    assert max(len(left), len(came)) <= EXCERPT_CHARS


def test_one_word_without_spaces_is_cut_as_well():
    found = compare("a" * 5000, "a" * 5000 + "b")
    assert len(found.left[0]) == len(found.came[0]) == EXCERPT_CHARS
