"""Numbers, names and headline words: what tells one machine-written story from the next.

Earnings, match reports and case counts share nearly every shingle with their siblings and differ in what fills the
slots. No clusters and no measure of resemblance here; only whether two texts speak of the same particulars.
"""

import re

from tasks.likeness.fingerprint import normal_form

SHORT_WORDS = 250
"""Only texts up to this long are checked: longer ones change a few figures in an update and stay the same story."""
MIN_NUMBERS = 4
MIN_NAMES = 3
"""Fewer than these prove nothing."""
NUMBERS_SHARED = 0.5
NAMES_SHARED = 0.3
"""More than these shares of the smaller side's numbers and names must the other have. Measured: siblings of a template
mostly share less than 0.4 of their numbers, edited copies of short stories at least 0.6. Names tell less: agency lines
bring names of their own."""
STUB_WORDS = 80
"""A text this short under an unrelated headline is a paywall notice or a player's fallback, not the story."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"[^\W\d_]{2,}")
_TITLE_WORD = re.compile(r"\w{4,}|\d+")


def same_particulars(one: str, other: str, words_of_shorter: int) -> bool:
    """False where the shorter text is short and the two disagree on most numbers or most names; True otherwise."""
    if words_of_shorter > SHORT_WORDS:
        return True
    if not _agree(set(_NUMBER.findall(one)), set(_NUMBER.findall(other)), MIN_NUMBERS, NUMBERS_SHARED):
        return False
    words, other_words = set(_NAME.findall(one)), set(_NAME.findall(other))
    lower = {word for word in words | other_words if word[0].islower()}
    return _agree(_names(words, lower), _names(other_words, lower), MIN_NAMES, NAMES_SHARED)


def same_subject(title: str, other_title: str, words_of_shorter: int) -> bool:
    """False where the shorter text is a stub (STUB_WORDS) and the headlines share no word of four letters nor number;
    True otherwise, a missing headline included.
    """
    if words_of_shorter > STUB_WORDS:
        return True
    words, other_words = (set(_TITLE_WORD.findall(normal_form(written))) for written in (title, other_title))
    return not words or not other_words or not words.isdisjoint(other_words)


def _names(words: set[str], lower: set[str]) -> set[str]:
    """Capitalised words that neither text writes in lower case: no caser is right more often for so little."""
    return {word for word in words if word[0].isupper() and word.lower() not in lower}


def _agree(ours: set[str], theirs: set[str], at_least: int, share: float) -> bool:
    smaller = min(len(ours), len(theirs))
    return smaller < at_least or len(ours & theirs) > share * smaller

