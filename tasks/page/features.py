"""The blocks of a page → columns of numbers about each, for the scorer that was trained on the same columns.

Every column is computed for all blocks at once. The order and meaning of the columns are part of the model: whoever
changes one trains the model anew. Nothing is judged here.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tasks.page.blocks import HIDDEN, PLACES, Blocks
from tasks.page.wording import Wording, normalised, read_wording

# Columns of the bag scores: what a block's own element, its parent, its parent's parent and the elements around them
# are called, and what the block's first and last words are.
BAGS = ("own", "parent", "grandparent", "around", "words")
AROUND_LEVELS = 8
LEVELS = 6
LONG_WORDS = 10
OPENING_CHARS = 40
MIN_OPENING_CHARS = 25
TITLE_SHARE = 0.7  # of a block's words, before it is compared with the titles as a whole

_ATTRIBUTE_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES = (
    "p div li h1 h2 h3 h4 h5 h6 td th blockquote figcaption pre dd dt section article main aside nav header footer "
    "form figure table tr ul ol address details summary label option center tbody dl fieldset"
).split()
_NAME_NUMBER = {name: number for number, name in enumerate(_NAMES)}
_NUMBER = _NAME_NUMBER.__getitem__
_OWN_NAMES = tuple(map(_NUMBER, ("p", "div", "li", "h2", "blockquote", "figcaption", "pre")))
_PLACES = "article main aside header form figure table ul ol blockquote section details h2 h3".split()

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
    """What later steps need again: arrays over the ``n`` blocks or the ``m`` elements of a page, and the words."""

    levels: list[np.ndarray]  # LEVELS arrays of n: the block's element, its parent, ...
    parent: np.ndarray  # m
    heading: np.ndarray  # n: the last heading at or before the block, -1 = none
    is_title: np.ndarray  # n, bool: the block repeats a title of the page
    wording: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tree:
    """The elements of a page: arrays of ``m``. ``first`` to ``last`` are the blocks that one holds."""

    name: np.ndarray
    parent: np.ndarray
    depth: np.ndarray
    first: np.ndarray
    last: np.ndarray
    levels: list[np.ndarray]  # see Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """What is counted in each of the ``n`` blocks."""

    chars: np.ndarray
    words: np.ndarray
    linked: np.ndarray
    links: np.ndarray
    density: np.ndarray
    ends: np.ndarray
    is_paragraph: np.ndarray
    is_heading: np.ndarray
    is_long: np.ndarray


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


def around_levels(layout: Layout) -> np.ndarray:
    """The elements around a block's grandparent, AROUND_LEVELS x ``n``: each the parent of the one before."""
    level = layout.levels[2]
    levels = np.empty((AROUND_LEVELS, len(level)), level.dtype)
    for number in range(AROUND_LEVELS):
        level = levels[number] = layout.parent[level]
    return levels


def read_layout_features(blocks: Blocks, hints: Hints) -> tuple[np.ndarray, Layout]:
    """All columns but the bag scores and what depends on them (columns x ``n``, float32), and the layout."""
    tree = _read_tree(blocks)
    wording = read_wording(blocks.texts)
    columns, text = _text_columns(blocks, tree)
    more, around, container = _surroundings(blocks, tree, text)
    columns += more
    more, heading = _neighbour_columns(tree, text)
    columns += more
    columns += _kin_columns(blocks, tree, text)
    more, is_title = _head_columns(blocks.texts, wording, hints)
    columns += more
    columns += _distance_columns(tree, text, is_title, int(tree.first[container]))
    table = np.empty((len(columns), len(blocks.texts)), np.float32)
    for number, column in enumerate(columns):
        table[number] = column
    layout = Layout(levels=tree.levels, parent=tree.parent, heading=heading, is_title=is_title, wording=wording)
    return np.concatenate([table, *around]), layout


def _read_tree(blocks: Blocks) -> _Tree:
    parent = np.array(blocks.parents)
    levels = [np.array(blocks.elements)]
    for _ in range(LEVELS - 1):
        levels.append(parent[levels[-1]])
    number = _NAME_NUMBER.get
    return _Tree(
        name=np.array([number(name, len(_NAMES)) for name in blocks.names]),
        parent=parent,
        depth=np.array(blocks.depths),
        first=np.array(blocks.first),
        last=np.array(blocks.last),
        levels=levels,
    )


def _text_columns(blocks: Blocks, tree: _Tree) -> tuple[list[np.ndarray], _Text]:
    """What stands in the block itself, and in what element."""
    texts, n = blocks.texts, len(blocks.texts)
    lengths = np.array([len(text) for text in texts])
    codes = np.frombuffer("\n".join((*texts, "")).encode("utf-32-le", "replace"), np.uint32)
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
    density = linked / chars
    end, start = codes[starts + lengths - 1], codes[starts]
    name = tree.name[tree.levels[0]]
    text = _Text(
        chars=chars,
        words=words,
        linked=linked,
        links=np.array(blocks.links, np.float64),
        density=density,
        ends=counts[_END],
        is_paragraph=name == _NUMBER("p"),
        is_heading=(name >= _NUMBER("h1")) & (name <= _NUMBER("h6")),
        is_long=(words >= LONG_WORDS) & (density < 0.4),
    )
    columns = [
        _log(chars),
        _log(words),
        density,
        np.minimum(np.array(blocks.bold_chars, np.float64), chars) / chars,
        np.minimum(text.links, 5) / 5,
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
        _BULLETS[start],
        np.array(["@" in text or "http" in text or "www." in text for text in texts]),
        np.array([":" in text[:30] for text in texts]),
        text.is_heading,
    ]
    columns += [name == number for number in _OWN_NAMES]
    places = np.array(blocks.places)[tree.levels[0]]
    columns += [places & (1 << PLACES.index(place)) > 0 for place in _PLACES]
    columns.append(places & HIDDEN > 0)
    return columns, text


def _surroundings(blocks: Blocks, tree: _Tree, text: _Text) -> tuple[list[np.ndarray], list[np.ndarray], int]:
    """Where the block stands on the page, what is in the elements around it, and where it stands to those that hold
    most of the text; the container of most paragraphs comes last."""
    n, m = len(text.chars), len(tree.name)
    element, first, last, depth, parent = tree.levels[0], tree.first, tree.last, tree.depth, tree.parent
    position = np.arange(n)
    sums = _running_rows(
        text.chars,
        text.linked,
        text.chars * text.is_paragraph,
        text.ends,
        text.is_long,
        text.chars * text.is_long,
        text.is_heading,
        text.links > 0,
        np.bincount(np.array(blocks.images, np.int64), minlength=n + 1)[:n],
        np.bincount(np.array(blocks.times, np.int64), minlength=n + 1)[:n],
    )
    total_chars, total_linked, total_paragraph, _, total_long, total_long_chars, *_, images, _ = sums
    page_chars, long_chars = max(total_chars[-1], 1.0), max(total_long_chars[-1], 1.0)
    columns = [
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
        images[1:] > images[:-1],
    ]

    # -- the elements around it
    size = np.maximum(last - first, 1)
    of_chars, of_linked, of_paragraph, of_ends, of_long, of_long_chars, of_headings, of_links, of_images, of_times = (
        sums[:, last] - sums[:, first]
    )
    some_chars = np.maximum(of_chars, 1)
    of_element = np.stack(
        [
            _log(of_chars),
            of_linked / some_chars,
            of_chars / page_chars,
            of_paragraph / some_chars,
            of_ends / some_chars * 20,
            _log(last - first),
            _log(np.bincount(parent[1:], minlength=m)),
            _log(of_images),
            _log(of_headings),
            of_links / size,
            of_long / size,
            of_long_chars / long_chars,
            _log(of_times),
        ]
    ).astype(np.float32)
    around = [of_element[: 13 if number < 4 else 7, level] for number, level in enumerate(tree.levels)]

    # -- the containers of most of the text
    direct = np.bincount(element, weights=text.chars * (text.words >= 8) * (text.density < 0.5), minlength=m)
    with_children = direct + np.bincount(parent[1:], weights=direct[1:], minlength=m)
    columns += [_log(with_children[level]) for level in tree.levels[:3]]
    container = int(np.argmax(with_children))
    columns += [
        np.clip((position - first[container]) / n, -1, 1),
        np.clip((position - last[container]) / n, -1, 1),
        (depth[element] - depth[container]) / 10,
    ]
    half = int(np.argmax(np.where(of_long_chars >= 0.5 * long_chars, depth, -1)))
    most = int(np.argmax(np.where(of_long_chars >= 0.75 * long_chars, depth, -1)))
    for holder in (container, int(parent[container]), half, int(parent[half]), most):
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
    return columns, around, container


def _neighbour_columns(tree: _Tree, text: _Text) -> tuple[list[np.ndarray], np.ndarray]:
    """Steps to the blocks on either side, distances to long text and to the heading above; that heading comes last."""
    n = len(text.chars)
    position = np.arange(n)
    depth = tree.depth[tree.levels[0]]
    step = np.diff(depth, prepend=0, append=0) / 10
    heading = np.maximum.accumulate(np.where(text.is_heading, position, -1))
    has_heading = heading >= 0
    last_long = np.maximum.accumulate(np.where(text.is_long, position, -1))
    next_long = np.minimum.accumulate(np.where(text.is_long, position, n)[::-1])[::-1]
    columns = [
        step[:-1],
        -step[1:],
        _log(position - last_long),
        _log(next_long - position),
        _log(position - heading),
        np.where(has_heading, _log(text.chars[heading]), 0),
        np.where(has_heading, tree.name[tree.levels[0]][heading], 0) / 10,
    ]
    return columns, heading


def _kin_columns(blocks: Blocks, tree: _Tree, text: _Text) -> list[np.ndarray]:
    """How much text, and how much of it linked, is in blocks like this: of the same element and parent, of the same
    path of names with attributes, of the same path of names."""
    element = tree.levels[0]
    kinds = np.array(blocks.kinds)
    page_chars, long_weight = max(text.chars.sum(), 1.0), text.chars * text.is_long
    long_chars = max(long_weight.sum(), 1.0)
    columns = []
    for values in (
        kinds[element] * (int(kinds.max()) + 1) + kinds[tree.parent[element]],
        np.array(blocks.paths)[element],
        np.array(blocks.name_paths)[element],
    ):
        group = np.unique(values, return_inverse=True)[1]
        chars, number = np.bincount(group, weights=text.chars), np.bincount(group)
        of_group = np.stack(
            [
                chars / page_chars,
                _log(number),
                np.bincount(group, weights=long_weight) / long_chars,
                np.bincount(group, weights=text.linked) / chars,
                _log(chars / number),
            ]
        )
        columns += list(of_group[:, group])
    return columns


def _head_columns(texts: Sequence[str], wording: Wording, hints: Hints) -> tuple[list[np.ndarray], np.ndarray]:
    """What of the block the page's head says too, and how often the page says it; which blocks repeat a title."""
    n = len(texts)
    titles = {normalised(title) for title in hints.titles if title} - {""}
    title_words = {word for title in titles for word in title.split()}
    in_title = np.fromiter(map(title_words.__contains__, wording.words), bool, len(wording.words))
    number = np.maximum(np.bincount(wording.block, minlength=n), 1)
    of_title = np.bincount(wording.block, weights=in_title, minlength=n) / number
    is_title = np.zeros(n, bool)
    longest = 2 * max(map(len, titles), default=0)
    for place in np.flatnonzero(of_title > TITLE_SHARE).tolist():
        is_title[place] = len(texts[place]) <= longest and normalised(texts[place]) in titles
    described, declared = np.zeros(n), np.zeros(n)
    description = _simple(hints.description)
    body = _simple(hints.declared_body)
    if description or body:
        openings = [_simple(text[:OPENING_CHARS]) if len(text) > MIN_OPENING_CHARS else "\n" for text in texts]
        described[:] = [opening in description for opening in openings]
        declared[:] = [opening in body for opening in openings]
    times = Counter(texts)
    first = dict(zip(reversed(texts), range(n - 1, -1, -1), strict=True))
    columns = [
        of_title,
        described,
        _log(np.array([times[text] for text in texts])),
        np.array([first[text] for text in texts]) == np.arange(n),
        declared,
        np.full(n, bool(body)),
    ]
    return columns, is_title


def _distance_columns(tree: _Tree, text: _Text, is_title: np.ndarray, start: int) -> list[np.ndarray]:
    """How far the block is from the title above the container that begins at block ``start``."""
    n = len(text.chars)
    titles = np.flatnonzero(is_title)
    if not len(titles):
        titles = np.flatnonzero(tree.name[tree.levels[0]] == _NUMBER("h1"))
    if not len(titles):
        return [np.zeros(n)] * 2
    above = titles[titles <= max(start, 1)]
    title = int(above[-1] if len(above) else titles[0])
    away = np.arange(n) - title
    chars = np.cumsum(text.chars) - text.chars
    return [np.sign(away) * _log(np.abs(away)), (chars - chars[title]) / max(text.chars.sum(), 1.0)]


def _simple(text: str) -> str:
    """Lower case, spaces collapsed, apostrophes and quotation marks as a typewriter has them."""
    if not text.isascii():
        text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"').replace("\u00a0", " ")
    return " ".join(text.lower().split())


def _log(values):
    return np.log1p(values) * 0.2


def _running_rows(*rows: np.ndarray) -> np.ndarray:
    """Of each row the sums of all before each position, and of all: rows x (n + 1)."""
    sums = np.zeros((len(rows), len(rows[0]) + 1))
    np.cumsum(np.stack(rows), axis=1, out=sums[:, 1:])
    return sums
