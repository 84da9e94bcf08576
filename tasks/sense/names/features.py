"""What the model of names is told about each word: the word, its neighbours, what lists, rules and document say of it.

Features are names with values, hashed; no weight and no decision stands here. Changing one asks for a new model
(``python -m tests.bench.train_names``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from tasks.sense.lexicon import (
    CALENDAR,
    DIRECTIONS,
    EVENT_SUFFIXES,
    ORG_OF_HEADS,
    ORG_SUFFIXES,
    PARTICLES,
    PERSON_VERBS,
    PLACE_NOUNS,
    PLACE_PREPOSITIONS,
    PLACE_SUFFIXES,
    REPORTING_VERBS,
    WEAK_ORG_SUFFIXES,
    common_words,
    demonyms,
    doubtful_organisations,
    given_names,
    organisations,
    stop_words,
    surnames,
    team_towns,
)
from tasks.sense.names.chains import WordTable
from tasks.sense.names.labels import Reading
from tasks.sense.names.people import HONORIFICS, OFFICES
from tasks.sense.names.sports import is_sports
from tasks.sense.places.gazetteer import gazetteer


def features(
    table: WordTable, spans: Sequence[tuple[int, int]], readings: Sequence[Reading]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the features of all words of the segments, one after another: hashes (uint32), and where each word's end.

    A feature is a name and a value hashed together by CRC-32.
    """
    words, lower, count = table.words, table.lower, len(table.words)
    read = ["-"] * (count + 2)
    elsewhere: dict[str, Counter] = {}
    for reading in readings:
        label = (reading.label or "NAME")[:3]
        sure = "+" if reading.confidence >= 0.8 else "=" if reading.confidence >= 0.6 else "?"
        for index in range(reading.first, reading.last + 1):
            read[index] = f"{'B' if index == reading.first else 'I'}{label}{sure}"
            if reading.label and reading.confidence >= 0.55:
                elsewhere.setdefault(words[index].text, Counter())[label] += 1
    sports = "S" if is_sports(table) else "-"
    ids: list[int] = []
    ends: list[int] = []
    none = word_features("")
    for first, last in spans:
        size = last - first + 1
        before = lower[first - 1] if first else "^"
        before_gap = gap_class(table.gap(first - 1)) if first else "^"
        before_two = lower[first - 2] if first > 1 and before_gap == "_" else "^"
        after = lower[last + 1] if last + 1 < count else "$"
        after_gap = gap_class(table.gap(last)) if last + 1 < count else "$"
        shouted = "U" if size > 2 and all(words[i].text.isupper() for i in range(first, last + 1)) else "u"
        last_kind, first_kind = word_features(words[last].text).kind, word_features(words[first].text).kind
        length = min(size, 5)
        for index in range(first, last + 1):
            own = word_features(words[index].text)
            left = word_features(words[index - 1].text) if index else none
            right = word_features(words[index + 1].text) if index + 1 < count else none
            left_gap = gap_class(table.gap(index - 1)) if index else "^"
            right_gap = gap_class(table.gap(index)) if index + 1 < count else "$"
            left_two = lower[index - 2] if index > 1 else "^"
            right_two = lower[index + 2] if index + 2 < count else "$"
            rule, rule_left, rule_right = read[index], read[index - 1], read[index + 1]
            kind = own.kind
            opens = "I" if table.initial[index] else "i"
            seen = "v" if table.seen_lower[lower[index]] else "-"
            capital = "V" if table.seen_capital[words[index].text] else "-"
            place = ("f" if index == first else "m") + ("l" if index == last else "m")
            others = elsewhere.get(words[index].text)
            doc = "-"
            if others:
                (label, times), *rest = others.most_common(2)
                doc = f"{label}{'2' if times > 2 else '1'}{'!' if rest else ''}"
            ids += own.here
            ids += left.left
            ids += right.right
            for feature in (
                f"g<{left_gap}",
                f"g>{right_gap}",
                f"kk>{kind}|{right.kind}|{right_gap}",
                f"kk<{left.kind}|{kind}|{left_gap}",
                f"kw>{kind}|{right.lower}|{right_gap}",
                f"kw<{kind}|{left.lower}|{left_gap}",
                f"w<<{left_two}",
                f"w>>{right_two}",
                f"r{rule}",
                f"r<{rule_left}|{rule}",
                f"r>{rule}|{rule_right}",
                f"rk{rule}|{kind}",
                f"rw<{rule}|{left.lower}",
                f"rw>{rule}|{right.lower}",
                f"rd{rule}|{doc}",
                f"d{doc}|{kind}",
                f"p{place}{length}",
                f"pk{place}|{kind}",
                f"b{before}|{before_gap}",
                f"bk{before}|{kind}|{place}",
                f"a{after}|{after_gap}",
                f"ak{after}|{last_kind}|{place}",
                f"bb{before_two}|{before}",
                f"e{lower[last]}|{place}",
                f"ek{last_kind}|{place}|{length}",
                f"fk{first_kind}|{place}",
                f"o{opens}{seen}{capital}{own.common}",
                f"ok{opens}{seen}|{kind}",
                f"s{sports}|{kind}",
                f"sr{sports}|{rule}|{place}",
                f"u{shouted}|{kind}",
                f"ga{before_gap}{after_gap}|{place}{length}",
                f"gk{before_gap}{after_gap}|{kind}|{place}",
            ):
                ids.append(crc32(feature.encode()))
            ends.append(len(ids))
    return np.array(ids, np.uint32), np.array(ends, np.int64)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """What does not depend on where a word stands: its kind, and hashed features for it and for its neighbours."""

    lower: str
    kind: str
    common: str
    here: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


@lru_cache(maxsize=30_000)
def word_features(word: str) -> WordFeatures:
    """Return the features of one word; of the empty string, those of a border."""
    lower = word.lower()
    kind, shape = _kind(word, lower), _shape(word)
    common = "c" if lower in common_words() else "-"
    here = [f"w={lower}", f"k={kind}", f"h={shape}", f"hk={shape}|{kind}"]
    here += [f"s{size}={lower[-size:]}" for size in (2, 3, 4) if len(lower) > size]
    here += [f"p{size}={lower[:size]}" for size in (3,) if len(lower) > size]
    here += [f"f={flag}" for flag in kind]
    beside = [f"w={lower}", f"k={kind}", f"h={shape}"] + [f"f={flag}" for flag in kind]
    return WordFeatures(
        lower,
        kind,
        common,
        tuple(crc32(f"0{feature}".encode()) for feature in here),
        tuple(crc32(f"<{feature}".encode()) for feature in beside),
        tuple(crc32(f">{feature}".encode()) for feature in beside),
    )


def _kind(word: str, lower: str) -> str:
    """Name what lists know of a word, one letter each."""
    places = gazetteer().by_name.get(word, ())
    strong = any(place.kind in ("country", "region", "division") for place in places)
    flags = (
        (word in given_names(), "G"),
        (word in demonyms(), "D"),
        (strong, "N"),
        (bool(places) and not strong and any(place.sure for place in places), "L"),
        (bool(places) and not strong and not any(place.sure for place in places), "l"),
        (word in surnames(), "Z"),
        (word in organisations(), "O"),
        (word in doubtful_organisations(), "o"),
        (word in team_towns(), "q"),
        (lower in ORG_SUFFIXES and lower not in WEAK_ORG_SUFFIXES, "x"),
        (lower in WEAK_ORG_SUFFIXES, "y"),
        (lower in ORG_OF_HEADS, "h"),
        (lower in PLACE_SUFFIXES or lower in PLACE_NOUNS, "p"),
        (lower in OFFICES, "t"),
        (lower in HONORIFICS, "m"),
        (lower in EVENT_SUFFIXES, "e"),
        (lower in CALENDAR, "C"),
        (lower in PARTICLES, "a"),
        (lower in DIRECTIONS or lower in PLACE_PREPOSITIONS, "d"),
        (lower in REPORTING_VERBS or lower in PERSON_VERBS, "v"),
        (lower in stop_words(), "s"),
        (lower in common_words() and lower not in stop_words(), "c"),
        (word.isupper() and len(word) > 1, "A"),
        (word[:1].islower(), "_"),
        (word[:1].isdigit(), "9"),
    )
    return "".join(flag for holds, flag in flags if holds)


def _shape(word: str) -> str:
    shape = ""
    for char in word[:12]:
        mark = "X" if char.isupper() else "x" if char.islower() else "9" if char.isdigit() else char
        if shape[-2:] != mark * 2:
            shape += mark
    return shape


def gap_class(gap: str) -> str:
    """Return one character for what parts two words."""
    if gap == " ":
        return "_"
    if not gap:
        return "0"
    if gap[:2] in ("'s", "’s"):
        return "'"
    if "\n" in gap:
        return "n"
    mark = gap.strip()[:1]
    return mark or "_"
