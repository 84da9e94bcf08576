"""What changed between two versions of one text, in words: for a reader, and in two numbers for a query.

Display only: nothing here decides whether two texts are versions of one article, and nothing is parsed back from the
diff it prints.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_BLOCK_WORDS = 600
"""Words on either side of a changed passage that are aligned word by word (SequenceMatcher is quadratic at best); a
longer passage counts as replaced, paragraph by paragraph."""
MAX_PARAGRAPHS = 2000
MAX_DIFF_CHARS = 4000
CONTEXT_WORDS = 5

# A word with the space behind it; in scripts without spaces (Thai to Khmer, kana, Han), a character.
_SPACELESS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"(?:[{_SPACELESS}]|[^\s{_SPACELESS}]+)\s*")
_WORDLIKE = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDiff:
    """``words_added`` and ``words_removed`` count whole words (characters in scripts without spaces); a changed word is
    one of each. ``text`` shows each change on a line of its own, with a few words around it, as
    ``... before [-removed-] {+added+} after ...``, at most MAX_DIFF_CHARS characters; empty where no word changed.
    """

    words_added: int
    words_removed: int
    text: str


def word_diff(old: str, new: str) -> WordDiff:
    """The words that changed from ``old`` to ``new``; changes of white space alone are none.

    Aligns paragraphs first and words within changed ones, so that the cost is that of what changed.
    """
    old_words, new_words = [], []
    old_ends, new_ends = _paragraphs(old, old_words), _paragraphs(new, new_words)
    old_keys, new_keys = [w.strip() for w in old_words], [w.strip() for w in new_words]
    added = removed = 0
    lines: list[str] = []
    room = MAX_DIFF_CHARS
    for start_old, end_old, start_new, end_new in _changes(old_keys, new_keys, old_ends, new_ends):
        removed += sum(1 for word in old_keys[start_old:end_old] if _WORDLIKE.search(word))
        added += sum(1 for word in new_keys[start_new:end_new] if _WORDLIKE.search(word))
        if room > 0:
            lines.append(_line(old_words[start_old:end_old], new_words, start_new, end_new))
            room -= len(lines[-1]) + 1
    text = "\n".join(lines)
    if len(text) > MAX_DIFF_CHARS:
        text = text[: MAX_DIFF_CHARS - 4] + " ..."
    return WordDiff(words_added=added, words_removed=removed, text=text)


def _paragraphs(text: str, words: list[str]) -> list[int]:
    """Append the words of the text; the position in ``words`` after each paragraph."""
    ends = []
    for line in text.splitlines():
        found = _TOKEN.findall(line)
        if found:
            words.extend(found)
            words[-1] += " "
            ends.append(len(words))
    return ends


def _changes(
    old: Sequence[str], new: Sequence[str], old_ends: Sequence[int], new_ends: Sequence[int]
) -> Iterator[tuple[int, int, int, int]]:
    """The spans of words (start and end in old, start and end in new) that differ, in order."""
    old_starts, new_starts = [0, *old_ends], [0, *new_ends]
    old_lines = [tuple(old[a:b]) for a, b in zip(old_starts, old_ends)]
    new_lines = [tuple(new[a:b]) for a, b in zip(new_starts, new_ends)]
    for first_old, last_old, first_new, last_new in _differing(old_lines, new_lines, MAX_PARAGRAPHS):
        start_old, start_new = old_starts[first_old], new_starts[first_new]
        end_old, end_new = old_starts[last_old], new_starts[last_new]
        for a, b, c, d in _differing(old[start_old:end_old], new[start_new:end_new], MAX_BLOCK_WORDS):
            yield start_old + a, start_old + b, start_new + c, start_new + d


def _differing(old: Sequence, new: Sequence, most: int) -> Iterator[tuple[int, int, int, int]]:
    """Spans where two sequences differ; one span over all between common ends where more than ``most`` items differ."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if not old and not new:
        return
    if max(len(old), len(new)) > most or not old or not new:
        yield head, head + len(old), head, head + len(new)
        return
    for operation, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if operation != "equal":
            yield head + a, head + b, head + c, head + d


def _line(gone: Sequence[str], new: Sequence[str], start: int, end: int) -> str:
    def passage(words: Sequence[str]) -> str:
        return "".join(words).strip()[:MAX_DIFF_CHARS]

    before, after = new[max(0, start - CONTEXT_WORDS) : start], new[end : end + CONTEXT_WORDS]
    parts = (
        "..." if start > CONTEXT_WORDS else "",
        passage(before),
        f"[-{passage(gone)}-]" if gone else "",
        f"{{+{passage(new[start:end])}+}}" if end > start else "",
        passage(after),
        "..." if end + CONTEXT_WORDS < len(new) else "",
    )
    return " ".join(part for part in parts if part)
