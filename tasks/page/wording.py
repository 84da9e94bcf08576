"""How the blocks of a page begin, end and read: words, pairs and triples of words as numbers, all blocks at once.

A block of up to 80 characters is one line; of a longer one the first words and the last are a line each. Nothing is
judged here: which of the keys speak for an article is the model's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MAX_WHOLE_CHARS = 80
HEAD_CHARS, HEAD_WORDS = 48, 4
TAIL_CHARS, TAIL_WORDS = 36, 3
MAX_WHOLE_WORDS = 12
MAX_PHRASE_WORDS = 3
WORD_BITS = 18  # a vocabulary holds fewer than 2^18 words

_WORD = re.compile(r"[^\W\d_]+|\d+")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|\n")
_WHOLE, _HEAD, _TAIL = range(3)
(
    _WHOLE_WORD,
    _WHOLE_PAIR,
    _PHRASE,
    _HEAD_WORD,
    _HEAD_PAIR,
    _HEAD_TRIPLE,
    _TAIL_WORD,
    _TAIL_PAIR,
) = range(1, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of ``n`` blocks in lower case, one after the other, in parallel lists and arrays of ``w``.

    ``line_kind`` is whole, head or tail; ``place`` counts from 0 within a line, ``length`` is how many words the line
    has, ``block`` which block it is of.
    """

    words: list[str]
    block: np.ndarray
    line_kind: np.ndarray
    place: np.ndarray
    length: np.ndarray


def normalised(text: str) -> str:
    """Words in lower case with one space between."""
    return " ".join(_WORD.findall(text.lower()))


def read_wording(texts: Sequence[str]) -> Wording:
    """The words of each block: all of a short one, the first and the last few of a long one."""
    tokens = _TOKEN.findall("\n".join(_probes(texts)).lower() + "\n")
    is_end = np.fromiter(map("\n".__eq__, tokens), bool, len(tokens))
    line = np.cumsum(is_end) - is_end
    is_long = np.array([len(text) > MAX_WHOLE_CHARS for text in texts], np.int64)
    block_of_line = np.repeat(np.arange(len(texts)), is_long + 1)
    first_line = np.cumsum(is_long + 1) - is_long - 1
    kind_of_line = np.where(is_long[block_of_line] == 0, _WHOLE, _HEAD)
    kind_of_line[first_line[is_long == 1] + 1] = _TAIL
    length_of_line = np.bincount(line[~is_end], minlength=len(block_of_line))
    start_of_line = np.cumsum(length_of_line) - length_of_line
    line = line[~is_end]
    return Wording(
        words=list(filter("\n".__ne__, tokens)),
        block=block_of_line[line],
        line_kind=kind_of_line[line],
        place=np.arange(len(line)) - start_of_line[line],
        length=length_of_line[line],
    )


def _probes(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if len(text) <= MAX_WHOLE_CHARS:
            yield text
        else:
            yield text[:HEAD_CHARS]
            yield text[-TAIL_CHARS:]


def wording_keys(wording: Wording, vocabulary: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Keys of what the blocks say, and the block of each key: two int64 arrays of one length.

    ``vocabulary`` numbers the words that count, from 1 on. A key holds up to three of them and what they are: a word or
    a pair of a short block, a whole block of up to three words, a word, a pair or a triple at the head of a long block,
    a word or a pair at its end.
    """
    get = vocabulary.get
    one = np.array([get(word, 0) for word in wording.words], np.int64)
    two, three = np.zeros_like(one), np.zeros_like(one)
    kind, place, left = wording.line_kind, wording.place, wording.length - wording.place
    two[:-1] = one[1:]
    three[:-2] = one[2:]
    two[left < 2] = 0
    three[left < 3] = 0
    whole, head, tail = kind == _WHOLE, kind == _HEAD, kind == _TAIL
    begins = place == 0
    known = (one > 0) & ((left < 2) | (two > 0)) & ((left < 3) | (three > 0))
    pair = (one << WORD_BITS) | two
    triple = (pair << WORD_BITS) | three
    is_pair = (one > 0) & (two > 0)
    parts = (
        (_WHOLE_WORD, one, whole & (place < MAX_WHOLE_WORDS) & (one > 0)),
        (_WHOLE_PAIR, pair, whole & (place < MAX_WHOLE_WORDS - 1) & is_pair),
        (_PHRASE, triple, whole & begins & (left <= MAX_PHRASE_WORDS) & known),
        (_HEAD_WORD, one, head & (place < HEAD_WORDS) & (one > 0)),
        (_HEAD_PAIR, pair, head & (place < HEAD_WORDS - 1) & is_pair),
        (_HEAD_TRIPLE, triple, head & begins & is_pair & (three > 0)),
        (_TAIL_WORD, one, tail & (left <= TAIL_WORDS) & (one > 0)),
        (_TAIL_PAIR, pair, tail & (left == 2) & is_pair),
    )
    keys = [value[mask] | (number << 3 * WORD_BITS) for number, value, mask in parts]
    blocks = [wording.block[mask] for _, _, mask in parts]
    return np.concatenate(keys), np.concatenate(blocks)
