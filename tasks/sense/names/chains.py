"""Where names may stand in an English text: runs of capitalised words, joined by what joins names.

Only the shape is judged here (capitals, position in the sentence, connecting words); what a run names is decided in
``labels``. Linear in the number of words.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.sense.lexicon import (
    CALENDAR,
    LINK_AND_LEFT,
    LINKED_HEADS,
    ORG_OF_HEADS,
    ORG_SUFFIXES,
    PARTICLES,
    PLACE_OF_HEADS,
    common_words,
    organisations,
    stop_words,
)
from tasks.sense.places.gazetteer import gazetteer
from tasks.text import Word

_MAX_WORDS = 12
_MIN_SHOUTED = 3  # words
_MIN_WRAPPED_LINES, _WRAP_SAMPLE_CHARS = 4, 4_000
POINTED = frozenset("st mt ft dr mr mrs ms prof gen lt col maj capt sgt jr sr gov sen rep rev hon fr messrs".split())
_ARABIC = ("al-", "el-", "ul-", "as-", "an-", "ad-", "ash-", "ar-", "at-", "az-")


@dataclass(frozen=True, slots=True)
class Chain:
    """Words ``first`` to ``last`` (both included) form one run.

    ``doubtful``: its first word opens a sentence and may be an ordinary word; the run without it is never empty.
    """

    first: int
    last: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of a text with what the rules ask of them, one entry per word in each sequence."""

    text: str
    words: Sequence[Word]
    lower: Sequence[str]
    initial: Sequence[bool]
    name_like: Sequence[bool]
    seen_lower: Counter
    seen_capital: Counter  # capitalised where the sentence did not ask for a capital
    shouted: frozenset[int]  # words of lines that are all capitals, where capitals tell nothing
    wrapped: bool  # lines end where the page was full, not where a paragraph does

    def gap(self, index: int) -> str:
        """Return what stands between word ``index`` and the next."""
        gap = self.text[self.words[index].end : self.words[index + 1].start]
        return gap.replace("\n", " ") if self.wrapped else gap

    def before(self, index: int) -> str:
        """Return the lower-case word before ``index`` when only a space parts them, else the empty string."""
        return self.lower[index - 1] if index > 0 and self.gap(index - 1) == " " else ""

    def after(self, index: int) -> str:
        """Return the lower-case word after ``index`` when only a space parts them, else the empty string."""
        return self.lower[index + 1] if index + 1 < len(self.words) and self.gap(index) == " " else ""


def word_table(text: str, words: Sequence[Word], sentence_starts: Sequence[int]) -> WordTable:
    """Judge each word once: whether it opens a sentence, and whether it can be part of a name."""
    wrapped = _wrapped(text)
    starts = iter(sentence_starts)
    border = next(starts, None)
    lower = [word.text.lower() for word in words]
    initial = []
    for index, word in enumerate(words):
        opens = index == 0
        while border is not None and border <= word.start:
            opens, border = not (wrapped and text[border - 2 : border - 1].isalnum()), next(starts, None)
        before = text[word.start - 1] if word.start else ""
        initial.append(opens or before in '“"‘«' or (before == " " and text[word.start - 2 : word.start - 1] == ":"))
    seen_lower: Counter = Counter()
    seen_capital: Counter = Counter()
    shouted = _shouted(text, words)
    for index, word in enumerate(words):
        if word.text[0].islower():
            seen_lower[word.text] += 1
        elif not initial[index]:
            seen_capital[word.text] += 1
    stop = stop_words()
    name_like = [
        _name_like(word.text, lower[index], stop) or (not initial[index] and _is_initial(text, word))
        for index, word in enumerate(words)
    ]
    for index in shouted:
        name_like[index] = False
    return WordTable(text, words, lower, initial, name_like, seen_lower, seen_capital, shouted, wrapped)


def _wrapped(text: str) -> bool:
    """Say whether lines are broken at a width: most are about as long as each other and end inside a sentence."""
    lines = [line for line in text[:_WRAP_SAMPLE_CHARS].split("\n")[:-1] if line.strip()]
    if len(lines) < _MIN_WRAPPED_LINES or "\n\n" * 2 in text[:_WRAP_SAMPLE_CHARS]:
        return False
    full = [line for line in lines if 50 <= len(line) <= 100]
    inside = [line for line in full if line.rstrip()[-1] not in '.!?:”"']
    return len(full) > 0.7 * len(lines) and len(inside) > 0.7 * len(full)


def _shouted(text: str, words: Sequence[Word]) -> frozenset[int]:
    """Return the words of lines that are all capitals: three words and more, or some and a number (a table's row)."""
    found: list[int] = []
    line: list[int] = []
    for index, word in enumerate(words):
        if line and "\n" in text[words[line[-1]].end : word.start]:
            found += _if_shouted(words, line)
            line = []
        line.append(index)
    return frozenset(found + _if_shouted(words, line))


def _if_shouted(words: Sequence[Word], line: list[int]) -> list[int]:
    if not line or words[line[0]].text[-1].islower() or words[line[-1]].text[-1].islower():
        return []
    letters = [words[index].text for index in line if not words[index].text[0].isdigit()]
    enough = len(letters) >= _MIN_SHOUTED or 0 < len(letters) < len(line)
    return line if enough and all(map(str.isupper, letters)) else []


def _name_like(surface: str, lower: str, stop: frozenset[str]) -> bool:
    if not surface[0].isupper():
        # "al-Shabaab", "iPhone"
        inner = any(map(str.isupper, surface))
        branded = len(surface) > 3 and surface[0].isalpha() and surface[1].isupper()
        return inner and (branded or lower.startswith(_ARABIC))
    if lower in CALENDAR or lower == "i":
        return False
    return lower not in stop or (surface.isupper() and len(surface) > 1)


def _is_initial(text: str, word: Word) -> bool:
    # "Kevin A. Boone"
    return word.end - word.start == 1 and word.text.isupper() and text[word.end : word.end + 1] == "."


def _doubtful(surface: str, lower: str, seen_lower: Counter) -> bool:
    """Say whether a word that opens a sentence may owe its capital to that alone."""
    if seen_lower[lower] or lower in common_words():
        return True
    return lower.endswith("ing") and len(lower) > 5 and surface not in gazetteer().by_name


def chains(table: WordTable) -> list[Chain]:
    """Return the maximal runs of name-like words, in order; none crosses punctuation that parts names."""
    found = []
    index, count = 0, len(table.words)
    while index < count:
        if not table.name_like[index]:
            index += 1
            continue
        last = index
        while last - index < _MAX_WORDS:
            following = _joins(table, index, last)
            if following is None:
                break
            last = following
        first = index
        # "The" inside a sentence is written with a capital only as part of a name.
        if first > 0 and table.words[first - 1].text == "The" and not table.initial[first - 1]:
            first -= table.gap(first - 1) == " "
        word = table.words[first].text
        doubtful = (
            table.initial[first]
            and not table.seen_capital[word]
            and _doubtful(word, table.lower[first], table.seen_lower)
        )
        if last > first or not doubtful:
            found.append(Chain(first, last, doubtful))
        index = last + 1
    return found


def _joins(table: WordTable, first: int, last: int) -> int | None:
    """Return the index of the word with which the run goes on after ``last``, or None where it ends."""
    count = len(table.words)
    following = last + 1
    if following >= count or table.initial[following]:
        return None
    gap = table.gap(last)
    surface, lower = table.words[last].text, table.lower[last]
    if gap == ". " and (len(surface) == 1 or lower in POINTED):
        return following if table.name_like[following] else None
    if gap in (" & ", " - ") and table.name_like[following]:
        return following if gap == " & " else None
    if gap in ("'s ", "’s ", "' ", "’ ") and table.name_like[following]:
        return following if _named_after(table, first, last, following) else None
    if gap != " ":
        return None
    if table.name_like[following]:
        return following
    connector = table.lower[following]
    if following + 1 >= count or table.gap(following) != " ":
        return None
    beyond = following + 1
    if connector in ("and", "of", "the") and _is_listed(table, first, beyond):
        return beyond
    if connector == "of" and (lower in ORG_OF_HEADS or lower in PLACE_OF_HEADS):
        if table.lower[beyond] == "the" and beyond + 1 < count and table.gap(beyond) == " ":
            beyond += 1
        return beyond if table.name_like[beyond] else None
    if connector in LINKED_HEADS and lower in ORG_OF_HEADS and table.name_like[beyond]:
        return beyond
    if connector == "and" and table.name_like[beyond]:
        return beyond if _one_name_across_and(table, first, last, beyond) else None
    if connector in PARTICLES and table.words[following].text[0].islower():
        if table.lower[beyond] in PARTICLES and beyond + 1 < count and table.gap(beyond) == " ":
            beyond += 1
        return beyond if table.name_like[beyond] else None
    return None


_NAMED_AFTER = frozenset("school college hospital church cathedral club chapel academy infirmary hospice day".split())
_POSSESSORS = frozenset("children women men people girls boys workers farmers king queen lord saint".split())


def _named_after(table: WordTable, first: int, last: int, following: int) -> bool:
    """Tell "St Fintian's High School" and "Children's Hospital" from "India's High Court"."""
    saint = table.lower[first] in ("st", "saint") and last > first
    if not saint and table.lower[last] not in _POSSESSORS:
        return False
    end = following
    while end - following < 3 and table.lower[end] not in _NAMED_AFTER:
        if end + 1 >= len(table.words) or table.gap(end) != " " or not table.name_like[end + 1]:
            return False
        end += 1
    return table.lower[end] in _NAMED_AFTER


def _is_listed(table: WordTable, first: int, beyond: int) -> bool:
    """Say whether a gazetteer or the list of organisations knows the run with up to two more words."""
    start, word = table.words[first].start, table.words[first].text
    if word not in gazetteer().longest_by_first_word and word not in _first_words():
        return False
    for end in range(beyond, min(beyond + 3, len(table.words))):
        surface = table.text[start : table.words[end].end]
        if surface in gazetteer().by_name or surface in organisations():
            return True
    return False


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name in organisations())


def _one_name_across_and(table: WordTable, first: int, last: int, beyond: int) -> bool:
    """Tell "Ministry of Health and Family Welfare" and "Food and Drug Administration" from two names."""
    lower = table.lower
    inside = any(lower[i] in ("of", "for") and lower[i - 1] in ORG_OF_HEADS for i in range(first + 1, last))
    common = common_words()
    if inside:
        return lower[beyond] in common and lower[last] in common and lower[beyond] not in ORG_OF_HEADS
    if lower[last] not in LINK_AND_LEFT and not (lower[last] in common and lower[beyond] in common):
        return False
    end = beyond
    while end + 1 < len(lower) and end - beyond < 3 and table.gap(end) == " " and table.name_like[end + 1]:
        end += 1
    return end > beyond and lower[end] in ORG_SUFFIXES and lower[beyond] in common
