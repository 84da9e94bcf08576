"""The blocks of a page → columns of numbers about each, for the scorer that was trained on the same columns.

Every column is computed for all blocks at once. The order and meaning of the columns are part of the model: whoever
changes one trains the model anew. Nothing is judged here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.page.blocks import HIDDEN, PLACES, Blocks

# Columns of the bag scores: what a block's own element, its parent, its parent's parent and the elements around them
# are called, and what the block's first and last words are.
BAGS = ("own", "parent", "grandparent", "around", "words")
AROUND_LEVELS = 8
LEVELS = 6
LONG_WORDS = 10
MAX_TITLE_CHARS = 250
OPENING_WORDS, OPENING_CHARS = 8, 100

_WORD = re.compile(r"[^\W\d_]+|\d+")
_ATTRIBUTE_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES = (
    "p div li h1 h2 h3 h4 h5 h6 td th blockquote figcaption pre dd dt section article main aside nav header footer "
    "form figure table tr ul ol address details summary label option center tbody dl fieldset"
).split()
_NAME_NUMBER = {name: number for number, name in enumerate(_NAMES)}

# Kinds of characters, four counts of 16 bits in each of two words, so that one sum counts four kinds at once.
_UPPER, _SPACE, _COMMA, _END, _DIGIT, _OTHER, _CJK, _LETTER = range(8)


def _character_table() -> np.ndarray:
    table = np.zeros((2, 0xA001), np.uint64)
    for code in range(0xA001):
        character = chr(code)
        if character.isupper():
            kinds = [_UPPER, _LETTER]
        elif character.isalpha():
            kinds = [_LETTER]
        elif character.isdigit():
            kinds = [_DIGIT]
        elif character.isspace():
            kinds = [_SPACE]
        elif character in ",،、":
            kinds = [_COMMA]
        elif character in ".!?…؟।。":
            kinds = [_END]
        else:
            kinds = [_OTHER]
        if 0x3040 <= code < 0xA000:
            kinds.append(_CJK)
        for kind in kinds:
            table[kind // 4, code] |= np.uint64(1 << 16 * (kind % 4))
    return table


def _marks(characters: str) -> np.ndarray:
    marks = np.zeros(0xA001, bool)
    marks[[ord(character) for character in characters]] = True
    return marks


_CHARACTERS = _character_table()
_ENDS = _marks('.!?…”"。।؟')
_BULLETS = _marks("©•|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the page's head says about its article: titles, description, JSON-LD's articleBody (each may be empty)."""

    titles: Sequence[str]
    description: str
    declared_body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The tables that later steps need again: arrays over the ``n`` blocks or the ``m`` elements of a page."""

    chars: np.ndarray  # n, float
    element: np.ndarray  # n
    levels: list[np.ndarray]  # LEVELS arrays of n: the block's element, its parent, ...
    parent: np.ndarray  # m
    depth: np.ndarray  # m
    first: np.ndarray  # m
    last: np.ndarray  # m
    same_kind: np.ndarray  # n: number of the block's element's name with attributes
    same_path: np.ndarray  # n: number of its path
    heading: np.ndarray  # n: the last heading at or before the block, -1 = none
    long_text: np.ndarray  # n, bool
    is_title: np.ndarray  # n, bool: the block repeats a title of the page
    words: list[list[str]]  # n: the words of each block that is not long


def attribute_words(attributes: str) -> tuple[str, ...]:
    """The words of an element's attributes, each once: ``class="postBody main"`` gives class, post, body, main."""
    attributes = attributes[:400]
    if not attributes.islower():
        attributes = _CAMEL.sub(" ", attributes).lower()
    words = _ATTRIBUTE_WORD.findall(attributes)
    return tuple(dict.fromkeys(word for word in words if 2 < len(word) < 20 or word == "ad"))[:16]


def element_words(name: str, attributes: str) -> tuple[str, ...]:
    """The words of a block-level element: those of its attributes, and its name."""
    return (*attribute_words(attributes), f"<{name}>")


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """The words of each block in lower case; none of a long one."""
    return [_WORD.findall(text.lower()) if len(text) <= MAX_TITLE_CHARS else [] for text in texts]


def block_words(text: str, words: list[str]) -> list[str]:
    """Words and word pairs that open and close a block, ``words`` being all of it; all of them where it is short."""
    if len(text) <= 80:
        words = words[:12]
        found = words + [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)]
        if len(words) <= 5:
            found.append("=" + " ".join(words))
        return found
    head = _WORD.findall(text[:48].lower())[:4]
    tail = _WORD.findall(text[-36:].lower())[-3:]
    found = [f"^{word}" for word in head] + [f"{word}$" for word in tail]
    found += [f"^{a} {b}" for a, b in zip(head, head[1:], strict=False)]
    found.append(f"^{' '.join(head[:3])}")
    found.append(f"{' '.join(tail[-2:])}$")
    return found


def around_levels(layout: Layout) -> np.ndarray:
    """The elements around a block's grandparent, AROUND_LEVELS x ``n``: each the parent of the one before."""
    levels = np.empty((AROUND_LEVELS, len(layout.element)), layout.element.dtype)
    level = layout.levels[2]
    for number in range(AROUND_LEVELS):
        level = levels[number] = layout.parent[level]
    return levels


def normalised(text: str) -> str:
    """Words in lower case with one space between."""
    return " ".join(_WORD.findall(text.lower()))


def read_layout_features(blocks: Blocks, hints: Hints) -> tuple[np.ndarray, Layout]:
    """All columns but the bag scores and what depends on them (columns x ``n``, float32), and the layout."""
    n, m = len(blocks.texts), len(blocks.names)
    element = np.array(blocks.elements)
    parent = np.array(blocks.parents)
    depth = np.array(blocks.depths)
    first = np.array(blocks.first)
    last = np.array(blocks.last)
    name = np.fromiter((_NAME_NUMBER.get(x, len(_NAMES)) for x in blocks.names), np.int64, m)
    position = np.arange(n)
    columns: list[np.ndarray] = []

    # -- the block's own text
    lengths = np.fromiter(map(len, blocks.texts), np.int64, n)
    codes = np.frombuffer("\n".join((*blocks.texts, "")).encode("utf-32-le", "replace"), np.uint32)
    starts = np.zeros(n, np.int64)
    np.cumsum(lengths[:-1] + 1, out=starts[1:])
    codes = np.minimum(codes, 0xA000)
    packed = np.add.reduceat(_CHARACTERS[:, codes], starts, axis=1)
    counts = np.empty((8, n), np.float64)
    for kind in range(8):
        counts[kind] = (packed[kind // 4] >> np.uint64(16 * (kind % 4))) & np.uint64(0xFFFF)
    chars = lengths.astype(np.float64)
    words = counts[_SPACE] + counts[_CJK] / 2  # the line end after each block counts its last word
    linked = np.minimum(np.array(blocks.link_chars, np.float64), chars)
    bold = np.minimum(np.array(blocks.bold_chars, np.float64), chars)
    links = np.array(blocks.links, np.float64)
    density = linked / chars
    end, start = codes[starts + lengths - 1], codes[starts]
    own_name = name[element]
    is_paragraph = own_name == 0
    is_heading = (own_name >= 3) & (own_name <= 8)
    long_text = (words >= LONG_WORDS) & (density < 0.4)
    start_kind = _CHARACTERS[:, start]
    columns += [
        _log(chars),
        _log(words),
        density,
        bold / chars,
        np.minimum(links, 5) / 5,
        _log(linked),
        counts[_COMMA] / chars * 10,
        counts[_END] / chars * 10,
        _log(counts[_COMMA]),
        _log(counts[_END]),
        counts[_DIGIT] / chars,
        counts[_UPPER] / chars,
        counts[_OTHER] / chars * 5,
        counts[_CJK] / chars,
        chars / words / 10,
        _ENDS[end],
        end == ord(":"),
        start_kind[_UPPER // 4] & np.uint64(1) > 0,
        (start_kind[_DIGIT // 4] >> np.uint64(16 * (_DIGIT % 4))) & np.uint64(1) > 0,
        _BULLETS[start],
        words == 1,
        words == 2,
        words <= 4,
        words >= 10,
        words >= 25,
    ]
    signs = np.fromiter(map(_signs, blocks.texts), np.int64, n)
    columns += [(signs >> bit) & 1 for bit in range(4)]

    # -- where the block stands on the page
    total_chars = _running(chars)
    total_linked = _running(linked)
    total_paragraph = _running(chars * is_paragraph)
    total_ends = _running(counts[_END])
    total_long = _running(long_text)
    total_long_chars = _running(chars * long_text)
    page_chars = max(total_chars[-1], 1.0)
    long_chars = max(total_long_chars[-1], 1.0)
    columns += [
        position / n,
        _log(position),
        _log(n - 1 - position),
        total_chars[:-1] / page_chars,
        1 - total_chars[1:] / page_chars,
        depth[element] / 20,
        np.full(n, _log(n)),
        np.full(n, _log(page_chars)),
        np.full(n, total_linked[-1] / page_chars),
        np.full(n, total_paragraph[-1] / page_chars),
        _log(total_long[:-1]),
        _log(total_long[-1] - total_long[1:]),
    ]
    columns += [own_name == number for number in (0, 1, 2, 3, 4, 5, 11, 12, 13)]
    columns += [is_heading, (own_name == 9) | (own_name == 10), (own_name >= 16) & (own_name <= 18)]
    places = np.array(blocks.places)[element]
    columns += [places & (1 << bit) > 0 for bit in range(len(PLACES))]
    columns.append(places & HIDDEN > 0)

    # -- the elements around it
    size = np.maximum(last - first, 1)
    of_chars = total_chars[last] - total_chars[first]
    of_long_chars = total_long_chars[last] - total_long_chars[first]
    images = _running(np.bincount(np.array(blocks.images, np.int64), minlength=n + 1))
    times = _running(np.bincount(np.array(blocks.times, np.int64), minlength=n + 1))
    headings = _running(is_heading)
    with_links = _running(links > 0)
    children = np.bincount(parent[1:], minlength=m)
    some_chars = np.maximum(of_chars, 1)
    of_element = np.stack(
        [
            _log(of_chars),
            (total_linked[last] - total_linked[first]) / some_chars,
            of_chars / page_chars,
            (total_paragraph[last] - total_paragraph[first]) / some_chars,
            (total_ends[last] - total_ends[first]) / some_chars * 20,
            _log(last - first),
            _log(children),
            _log(images[last] - images[first]),
            _log(headings[last] - headings[first]),
            (with_links[last] - with_links[first]) / size,
            (total_long[last] - total_long[first]) / size,
            of_long_chars / long_chars,
            _log(times[last] - times[first]),
        ]
    ).astype(np.float32)
    levels = [element]
    for _ in range(LEVELS - 1):
        levels.append(parent[levels[-1]])
    around = [of_element[: 13 if number < 4 else 7, level] for number, level in enumerate(levels)]
    columns += [
        images[1 : n + 1] > images[:n],
        images[np.minimum(position + 2, n)] > images[1 : n + 1],
    ]

    # -- the containers of most of the text
    direct = np.bincount(element, weights=chars * (words >= 8) * (density < 0.5), minlength=m)
    with_children = direct + np.bincount(parent[1:], weights=direct[1:], minlength=m)
    columns += [_log(with_children[level]) for level in levels[:3]]
    container = int(np.argmax(with_children))
    columns += [
        np.clip((position - first[container]) / n, -1, 1),
        np.clip((position - last[container]) / n, -1, 1),
        (depth[element] - depth[container]) / 10,
    ]
    holder = container
    for _ in range(4):
        columns.append((position >= first[holder]) & (position < last[holder]))
        holder = int(parent[holder])
    half = int(np.argmax(np.where(of_long_chars >= 0.5 * total_long_chars[-1], depth, -1)))
    most = int(np.argmax(np.where(of_long_chars >= 0.75 * total_long_chars[-1], depth, -1)))
    for holder in (half, int(parent[half]), most):
        columns.append((position >= first[holder]) & (position < last[holder]))
    columns += [
        (depth[element] - depth[half]) / 10,
        (position - first[half]) / n,
        (last[half] - position) / n,
        np.full(n, of_long_chars[half] / long_chars),
        np.full(n, of_chars[half] / page_chars),
        (position - first[most]) / n,
        (last[most] - position) / n,
    ]

    # -- neighbours
    before, after = np.roll(element, 1), np.roll(element, -1)
    before[0] = after[-1] = 0
    columns += [
        parent[element] == parent[before],
        parent[element] == parent[after],
        name[element] == name[before],
        name[element] == name[after],
        (depth[element] - depth[before]) / 10,
        (depth[element] - depth[after]) / 10,
    ]
    heading = np.maximum.accumulate(np.where(is_heading, position, -1))
    has_heading = heading >= 0
    last_long = np.maximum.accumulate(np.where(long_text, position, -1))
    next_long = np.minimum.accumulate(np.where(long_text, position, n)[::-1])[::-1]
    columns += [
        _log(position - last_long),
        _log(next_long - position),
        _log(position - heading),
        np.where(has_heading, _log(chars[heading]), 0),
        np.where(has_heading, own_name[heading], 0) / 10,
        np.where(has_heading, density[heading], 0),
    ]

    # -- others of its kind
    kinds = np.array(blocks.kinds)
    same_kind = _numbered(kinds[element])
    same_pair = _numbered(kinds[element] * (int(kinds.max()) + 1) + kinds[parent[element]])
    same_path = _numbered(np.array(blocks.paths)[element])
    same_names = _numbered(np.array(blocks.name_paths)[element])
    long_weight = chars * long_text
    for group in (same_kind, same_pair, same_path, same_names):
        of_group = np.bincount(group, weights=chars)
        number = np.bincount(group)
        columns += [
            (of_group / page_chars)[group],
            _log(number)[group],
            (np.bincount(group, weights=long_weight) / long_chars)[group],
            (np.bincount(group, weights=linked) / of_group)[group],
            _log(of_group / number)[group],
        ]

    # -- what the head of the page says
    block_words = words_of(blocks.texts)
    columns += _head_columns(blocks.texts, block_words, hints)
    is_title = columns[-7] > 0
    titles = np.flatnonzero(is_title)
    if not len(titles):
        titles = np.flatnonzero(own_name == 3)
    if len(titles):
        above = titles[titles <= max(first[container], 1)]
        title = int(above[-1] if len(above) else titles[0])
        columns += [
            np.sign(position - title) * _log(np.abs(position - title)),
            np.ones(n),
            (total_chars[:-1] - total_chars[title]) / page_chars,
        ]
    else:
        columns += [np.zeros(n)] * 3

    table = np.empty((len(columns), n), np.float32)
    for number, column in enumerate(columns):
        table[number] = column
    layout = Layout(
        chars=chars,
        element=element,
        levels=levels,
        parent=parent,
        depth=depth,
        first=first,
        last=last,
        same_kind=same_kind,
        same_path=same_path,
        heading=heading,
        long_text=long_text,
        is_title=is_title,
        words=block_words,
    )
    return np.concatenate([table, *around]), layout


def _head_columns(texts: Sequence[str], block_words: Sequence[list[str]], hints: Hints) -> list[np.ndarray]:
    n = len(texts)
    is_title, of_title, described, repeats, is_first, declared = (np.zeros(n) for _ in range(6))
    titles = {normalised(title) for title in hints.titles if title}
    title_words = {word for title in titles for word in title.split()}
    description = normalised(hints.description)
    body = normalised(hints.declared_body)
    seen: dict[str, list[int]] = {}
    for number, (text, words) in enumerate(zip(texts, block_words, strict=True)):
        seen.setdefault(text, []).append(number)
        if words and not title_words.isdisjoint(words):
            of_title[number] = sum(word in title_words for word in words) / len(words)
            is_title[number] = " ".join(words) in titles
        if len(text) > 25 and (description or body):
            opening = " ".join((words or _WORD.findall(text[:OPENING_CHARS].lower()))[:OPENING_WORDS])
            described[number] = bool(opening) and opening in description
            declared[number] = bool(opening) and opening in body
    for places in seen.values():
        repeats[places] = len(places)
        is_first[places[0]] = 1
    return [is_title, of_title, described, _log(repeats), is_first, declared, np.full(n, bool(body))]


def _signs(text: str) -> int:
    """Bits: a quotation mark, an address, a separator, a colon near the start."""
    return (
        ('"' in text or "“" in text or "„" in text or "«" in text)
        + 2 * ("@" in text or "http" in text or "www." in text)
        + 4 * ("|" in text or "»" in text or "›" in text or "→" in text)
        + 8 * (":" in text[:30])
    )


def _log(values):
    return np.log1p(values) * 0.2


def _running(values: np.ndarray) -> np.ndarray:
    """Sums of all before each position, and of all: n + 1 values."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def _numbered(values: np.ndarray) -> np.ndarray:
    """The values as numbers from 0 on without gaps."""
    return np.unique(values, return_inverse=True)[1]
