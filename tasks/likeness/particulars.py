"""Numbers, names and headline words: what tells one machine-written story from the next.

Earnings, match reports and case counts share nearly every shingle with their siblings and differ in what fills the
slots. No clusters and no measure of resemblance here; only whether two texts speak of the same particulars.
"""

import re

import numpy as np
import numpy.typing as npt

from tasks.likeness.fingerprint import normal_form

SHORT_WORDS = 250
"""Texts up to this long are checked always. Longer ones change a few figures in an update and stay the same story: they
are checked where they look like one form filled in twice."""
FORM_MIN_NUMBERS, FORM_NUMBERS_SHARED = 9, 0.45
"""The same for long texts: forms share at most 0.4 of their many numbers, edited updates more or have few."""
SLOT_SHINGLES, SLOTS_PER_SHINGLE = 8, 0.0225
"""A form's slot is a gap of at most so many shingles, which is six words, in what two texts share; a form has more such
gaps for its length than this. Measured on texts of more than 250 words: updates of a story have at most 0.017, forms
from 0.032; copyedited and scanned copies have up to 0.1, but agree on numbers and names."""
MIN_NUMBERS = 4
MIN_NAMES = 3
"""Fewer than these prove nothing."""
NUMBERS_SHARED = 0.5
NAMES_SHARED = 0.3
"""More than these shares of the smaller side's numbers and names must the other have. Measured: siblings of a template
mostly share less than 0.4 of their numbers, edited copies of short stories at least 0.6. Names tell less: agency lines
bring names of their own."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"[^\W\d_]{2,}")
_TITLE_WORD = re.compile(r"\w{4,}|\d+")


def same_particulars(one: str, other: str, shared: npt.NDArray[np.bool_]) -> bool:
    """False where the two disagree on most numbers or most names and the shorter text is short, or both look like one
    form filled in twice; True otherwise. ``shared`` tells of each shingle of the shorter text, in reading order,
    whether the longer has it.
    """
    least, share = MIN_NUMBERS, NUMBERS_SHARED
    if shared.size > SHORT_WORDS:
        if not _is_form(shared):
            return True
        least, share = FORM_MIN_NUMBERS, FORM_NUMBERS_SHARED
    if not _agree(set(_NUMBER.findall(one)), set(_NUMBER.findall(other)), least, share):
        return False
    words, other_words = set(_NAME.findall(one)), set(_NAME.findall(other))
    lower = {word for word in words | other_words if word[0].islower()}
    return _agree(_names(words, lower), _names(other_words, lower), MIN_NAMES, NAMES_SHARED)


def _is_form(shared: npt.NDArray[np.bool_]) -> bool:
    edges = np.flatnonzero(np.diff(shared, prepend=True, append=True))  # where gaps begin and end, in turn
    slots = np.count_nonzero(edges[1::2] - edges[::2] <= SLOT_SHINGLES)
    return slots > SLOTS_PER_SHINGLE * shared.size


def same_subject(title: str, other_title: str) -> bool:
    """False where two headlines share no word of four letters nor number; True otherwise, a missing one included."""
    words, other_words = (set(_TITLE_WORD.findall(normal_form(written))) for written in (title, other_title))
    return not words or not other_words or not words.isdisjoint(other_words)


def _names(words: set[str], lower: set[str]) -> set[str]:
    """Capitalised words that neither text writes in lower case: no caser is right more often for so little."""
    return {word for word in words if word[0].isupper() and word.lower() not in lower}


def _agree(ours: set[str], theirs: set[str], at_least: int, share: float) -> bool:
    smaller = min(len(ours), len(theirs))
    return smaller < at_least or len(ours & theirs) > share * smaller
