"""Words and what is part of them."""

from tasks.text import words


def surfaces(text):
    return [word.text for word in words(text)]


def test_possessive_is_not_part_of_the_word_but_inner_marks_are():
    assert surfaces("Lumen's co-op, O’Dowd’s U.S. plan") == ["Lumen", "co-op", "O’Dowd", "U.S.", "plan"]


def test_spans_name_the_surface_from_any_start():
    text = "été 2025 – naïve"
    assert all(text[word.start : word.end] == word.text for word in words(text))
    assert [word.text for word in words(text, 4)] == ["2025", "naïve"]
