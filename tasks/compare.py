"""Two readings of one text → how alike they are, and what left and what came. Pure functions on strings.

For a report on extractors: order counts for nothing, so a paragraph that moved is no difference. What changed between
two versions that a newspaper published is ``tasks.likeness``'s business.
"""

import os.path
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.text.words import words

EXCERPTS = 3
EXCERPT_CHARS = 200
CONTEXT_CHARS = 40  # of what two paragraphs share, before the place where they part


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``words_left`` are those of the old text that the new one lacks, ``words_came`` the reverse. ``left`` and
    ``came`` are the first EXCERPTS paragraphs that only one of the texts has, each at most EXCERPT_CHARS long."""

    words_before: int
    words_after: int
    words_left: int
    words_came: int
    similarity: float
    left: tuple[str, ...]
    came: tuple[str, ...]


def compare(old: str, new: str) -> Comparison:
    """Compare two texts by the multisets of their words, upper and lower case apart.

    ``similarity`` is the token F1, the harmonic mean of precision and recall: twice the words in common over the words
    of both (as in Rajpurkar et al., "SQuAD", EMNLP 2016, section 6.1); 1.0 where neither has a word. In scripts without
    spaces a word is what stands between two marks. Linear in time.
    """
    if old == new:  # most, where an extractor has changed a little
        count = len(words(old))
        return Comparison(
            words_before=count, words_after=count, words_left=0, words_came=0, similarity=1.0, left=(), came=()
        )
    old_words, new_words = (Counter(word.text for word in words(text)) for text in (old, new))
    before, after = old_words.total(), new_words.total()
    common = (old_words & new_words).total()
    old_paragraphs, new_paragraphs = _paragraphs(old), _paragraphs(new)
    left = _missing(old_paragraphs, new_paragraphs)
    came = _missing(new_paragraphs, old_paragraphs)
    return Comparison(
        words_before=before,
        words_after=after,
        words_left=before - common,
        words_came=after - common,
        similarity=2 * common / (before + after) if before + after else 1.0,
        left=_excerpts(left, came),
        came=_excerpts(came, left),
    )


def _paragraphs(text: str) -> list[str]:
    return [told for line in text.splitlines() if (told := " ".join(line.split()))]


def _missing(these: Sequence[str], those: Sequence[str]) -> list[str]:
    """The first EXCERPTS of ``these`` that ``those`` lack; one that stands there twice is needed twice."""
    there = Counter(those)
    missing = []
    for paragraph in these:
        if there[paragraph]:
            there[paragraph] -= 1
        elif len(missing) < EXCERPTS:
            missing.append(paragraph)
    return missing


def _excerpts(these: Sequence[str], those: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        _excerpt(paragraph, those[place] if place < len(those) else "") for place, paragraph in enumerate(these)
    )


def _excerpt(paragraph: str, other: str) -> str:
    """The beginning of a paragraph, or, where its counterpart begins alike, the place where they part."""
    shared = len(os.path.commonprefix([paragraph, other]))
    start = 0
    if shared > EXCERPT_CHARS // 2:
        start = paragraph.rfind(" ", 0, shared - CONTEXT_CHARS) + 1
    told = ("…" if start else "") + paragraph[start:]
    return told if len(told) <= EXCERPT_CHARS else told[: EXCERPT_CHARS - 1] + "…"
