"""Text to numbers: the digest that finds exact copies, and the shingle hashes that find near ones.

Pure functions of the text alone. Nothing here compares two documents, knows of clusters, or uses Python's ``hash()``:
what is stored today must be found again by another process, on another machine, in another year.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
_Places = npt.NDArray[np.intp]

SHINGLE_WORDS = 3
"""Words per shingle: enough to be a phrase, few enough that changing one word in ten leaves most shingles whole."""
SCALE = 8
"""One hash in SCALE stays in the sketch: small enough to store, and a 60-word extract still shares about fifteen."""
SMALL_SHINGLES = 64
"""A document of no more shingles than this keeps them all, so that two short ones always meet."""
SKETCH_HASHES = 1024
"""The most hashes a sketch holds: about 4,100 words at SCALE; beyond, the smallest are kept."""

_TABLE_SIZE = 0x40000  # the letters of Unicode end in plane 3; the planes beyond hold tags and private use
_OTHER, _LETTER, _SPACELESS = 0, 1, 2
# Scripts written without spaces between words: Thai, Lao, Myanmar, Khmer, Tai Le to New Tai Lue, kana, Han.
_SPACELESS_BLOCKS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x1950, 0x19DF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
# Not letters, and no word ends at them: soft hyphen, zero-width marks, bidirectional controls, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
# Odd 64-bit constants: the golden ratio (splitmix64's increment) and the multipliers of its finaliser, for the mixing;
# the base of the polynomial over a word's letters; one factor per place in a shingle.
_GOLDEN, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_BASE = 0xD6E8FEB86659FD93
_PLACES = (np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB), np.uint64(0x8EBC6AF09C88C6E3))
_TOGETHER_CHARS = 200_000  # a few megabytes of arrays
_EDGE = np.zeros(1, np.uint8)
_WORD_LETTERS = 64  # letters of one word that count; a longer one is a URL, a base64 blob or an attack


def normal_form(text: str) -> str:
    """The text in Unicode NFKC, casefolded, without invisible characters: what all fingerprints are taken of."""
    if text.isascii():
        return text.lower()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def text_digest(text: str) -> str:
    """32 hex digits of the SHA-256 over the words of :func:`normal_form`; equal where only case, spacing, punctuation
    or typography differ. The digest of a text without words is one value too: do not take it for a copy.
    """
    codes, classes, starts, _ = _words(normal_form(text))
    letters = classes != _OTHER
    # One separator before each word, so that "a b" and "ab" differ; spaceless scripts count character by character.
    spaced = np.insert(codes[letters], (np.cumsum(letters) - 1)[starts], 0x20)
    return hashlib.sha256(spaced.astype("<u4").tobytes()).hexdigest()[:32]


def shingle_sequences(texts: Sequence[str]) -> list[Hashes]:
    """For each text the 64-bit hashes of every run of SHINGLE_WORDS words, in reading order, repeats kept. A text of
    fewer words has one shingle, of all its words; a text without words has none. In scripts without spaces a word is
    one character and its next two.

    Texts are hashed together, up to _TOGETHER_CHARS of them at once: a call of NumPy costs as much as a paragraph.
    """
    sequences: list[Hashes] = []
    together: list[str] = []
    room = _TOGETHER_CHARS
    for text in texts:
        together.append(normal_form(text))
        room -= len(text)
        if room <= 0:
            sequences += _sequences(together)
            together, room = [], _TOGETHER_CHARS
    return sequences + (_sequences(together) if together else [])


def _sequences(texts: Sequence[str]) -> list[Hashes]:
    codes, classes, starts, lengths = _words("\n".join(texts))
    # How many words stand before the end of each text, and in each; then two empty places after every text, so that
    # what reaches over its end reaches into nothing, as in a text that stands alone.
    until = np.searchsorted(starts, np.cumsum([len(text) + 1 for text in texts]))
    counts = np.diff(until, prepend=0)
    gaps = SHINGLE_WORDS - 1
    places = np.arange(starts.size) + gaps * np.repeat(np.arange(len(texts)), counts)
    words = np.zeros(starts.size + gaps * len(texts), np.uint64)
    words[places] = _word_hashes(codes, starts, lengths)
    spaceless = classes[starts] == _SPACELESS
    if spaceless.any():
        # Three single characters say little; three overlapping triples make the shingle five characters long.
        words[places[spaceless]] = _runs(words)[places[spaceless]]
    runs = _runs(words)
    firsts = until - counts + gaps * np.arange(len(texts))
    sizes = np.where(counts > gaps, counts - gaps, np.minimum(counts, 1))
    return [runs[first : first + size] for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True)]


def _word_hashes(codes: npt.NDArray[np.uint32], starts: _Places, lengths: _Places) -> Hashes:
    if not starts.size:
        return np.empty(0, np.uint64)
    counted = np.minimum(lengths, _WORD_LETTERS)
    offsets = np.concatenate(([0], np.cumsum(counted)[:-1]))
    place = np.arange(counted.sum()) - np.repeat(offsets, counted)
    letters = _mix(codes[np.repeat(starts, counted) + place].astype(np.uint64))
    return _mix(np.add.reduceat(letters * _powers()[place], offsets) + counted.astype(np.uint64))


def _runs(words: Hashes) -> Hashes:
    """One hash for every SHINGLE_WORDS values in a row."""
    last = words.size - SHINGLE_WORDS + 1
    return _mix(sum(words[place : place + last] * factor for place, factor in enumerate(_PLACES)))


def shingles(text: str) -> Hashes:
    """The shingles of a text as a set: sorted and unique."""
    return np.unique(shingle_sequences([text])[0])


def sketch(hashes: Hashes) -> Hashes:
    """The part of a document's shingles that is stored and looked up: FracMinHash (Irber et al. 2022, "Lightweight
    compositional analysis of metagenomes with FracMinHash").

    Keeps the hashes divisible by SCALE. Unlike MinHash of a fixed size, the same hash stays or goes in every document,
    so a short extract still meets the long original. Two bounds: a document of at most SMALL_SHINGLES keeps all, and
    one with more than SKETCH_HASHES left keeps the smallest of them, which amounts to a coarser scale for long
    documents and still agrees with every other sketch on what is kept below that value. Sorted and unique, whether
    ``hashes`` is a sequence or a set.
    """
    if hashes.size <= SMALL_SHINGLES:
        return np.unique(hashes)
    return np.unique(hashes[hashes % np.uint64(SCALE) == 0])[:SKETCH_HASHES]


def _words(normal: str) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8], _Places, _Places]:
    """Code points of the text, the class of each, and the start and length of each word."""
    codes = np.frombuffer(normal.encode("utf-32-le", "replace"), "<u4")
    classes = _classes()[np.minimum(codes, _TABLE_SIZE - 1)]
    edged = np.concatenate((_EDGE, classes, _EDGE))
    # A word starts where the class changes to a letter, and at each character of a script without spaces.
    alone, letter = classes == _SPACELESS, classes == _LETTER
    starts = np.flatnonzero(alone | letter & (edged[:-2] != _LETTER))
    ends = np.flatnonzero(alone | letter & (edged[2:] != _LETTER)) + 1
    return codes, classes, starts, ends - starts


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """The class of each code point: letters, digits and combining marks make words, all else parts them."""
    table = np.fromiter(
        (_LETTER if unicodedata.category(chr(code))[0] in "LNM" else _OTHER for code in range(_TABLE_SIZE)),
        np.uint8, _TABLE_SIZE,
    )  # fmt: skip
    for first, last in _SPACELESS_BLOCKS:
        block = table[first : last + 1]
        block[block == _LETTER] = _SPACELESS
    table[-1] = _OTHER
    return table


@cache
def _powers() -> Hashes:
    return np.array([pow(_BASE, place, 2**64) for place in range(_WORD_LETTERS)], np.uint64)


def _mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit."""
    values = values + _GOLDEN
    values = (values ^ (values >> np.uint64(30))) * _MIX_1
    values = (values ^ (values >> np.uint64(27))) * _MIX_2
    return values ^ (values >> np.uint64(31))
