"""What changed between two versions, and at what cost."""

import random
import time

from tasks.likeness import word_diff


def test_changed_words_are_counted_and_shown():
    old = "Ten ferries sailed on Monday.\nThe union has not answered."
    diff = word_diff(old, "Twelve ferries sailed on Monday.\nThe union has answered.")
    assert (diff.words_added, diff.words_removed) == (1, 2)
    assert diff.text.splitlines() == [
        "[-Ten-] {+Twelve+} ferries sailed on Monday. The ...",
        "... on Monday. The union has [-not-] answered.",
    ]


def test_a_new_paragraph_is_one_change():
    diff = word_diff("First.\nLast.", "First.\nThe mayor spoke - briefly.\nLast.")
    assert (diff.words_added, diff.words_removed) == (4, 0)
    assert diff.text == "First. {+The mayor spoke - briefly.+} Last."


def test_layout_is_no_change():
    diff = word_diff("One two\n\nthree", " One  two \nthree\n")
    assert (diff.words_added, diff.words_removed, diff.text) == (0, 0, "")


def test_scripts_without_spaces_are_compared_by_character():
    diff = word_diff("渡轮周一停航。", "渡轮周二停航。")
    assert (diff.words_added, diff.words_removed) == (1, 1)
    assert "[-一-] {+二+}" in diff.text


def test_from_nothing_and_to_nothing():
    assert (word_diff("", "One two").words_added, word_diff("One two", "").words_removed) == (2, 2)
    assert word_diff("", "").text == ""


def test_the_diff_is_bounded():
    rng = random.Random(1)
    old, new = (" ".join(rng.choice("abcdefghij") * rng.randint(1, 40) for _ in range(20_000)) for _ in range(2))
    started = time.process_time()
    diff = word_diff(old, new)
    assert len(diff.text) <= 4000
    lines = word_diff(old.replace(" ", "\n"), new.replace(" ", "\n"))
    assert len(lines.text) <= 4000
    assert time.process_time() - started < 10
