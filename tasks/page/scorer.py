"""Columns of block features → the probability that each block belongs to the article, by the trained model beside it.

Two steps, the second fed with what the first found (stacked generalisation, Wolpert 1992): a linear model over the
words of markup and text, then oblivious decision trees (as CatBoost grows them, Prokhorenkova et al. 2018) over all
columns. Everything is NumPy; the model is data, made by ``tests/bench/train_extractor.py``.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO

import numpy as np

from tasks.page.blocks import Blocks
from tasks.page.features import (
    BAGS,
    Hints,
    Layout,
    around_levels,
    attribute_words,
    element_words,
    read_layout_features,
)
from tasks.page.wording import wording_keys

MODEL_FILE = "extractor.npz"
# Columns whose values at the two blocks before and the two after are columns too: length, link density, linked
# characters, last character, heading, <p>.
NEIGHBOUR_COLUMNS = (0, 2, 5, 15, 20, 21)
NEIGHBOURS = (-2, -1, 1, 2)
MAX_CACHED_ATTRIBUTES = 20_000
FIRST_TREES = 100  # stored by the order in which both forests grew, so the first weigh most
DECIDED = -4.0
_NO_WEIGHTS = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training made. ``data_digest`` is the SHA-256 of the labelled pages, ``digest`` that of the model's file."""

    digest: str
    data_digest: str
    markup_weights: dict[str, tuple[float, float, float, float]]  # word → 4 weights: own, parent, grandparent, around
    vocabulary: dict[str, int]  # words of text, numbered from 1 on
    text_keys: np.ndarray  # see ``wording.wording_keys``; in ascending order
    text_weights: np.ndarray  # one for each key
    intercept: float
    tree_columns: np.ndarray  # trees x depth
    tree_borders: np.ndarray  # trees x depth
    tree_leaves: np.ndarray  # trees x 2^depth
    tree_bias: float
    markup_cache: dict[
        tuple[str, str], tuple[float, float, float, float]
    ]  # filled while reading; pages of a site repeat their attributes


@cache
def load_model() -> Model:
    """The model that ships with Dateline."""
    content = files("tasks.page").joinpath(MODEL_FILE).read_bytes()
    stored = np.load(BytesIO(content), allow_pickle=False)
    data = {name: stored[name] for name in stored.files}
    weights = map(tuple, data["markup_weights"].astype(float).tolist())
    markup = dict(zip(str(data["markup_words"]).split("\n"), weights, strict=True))
    return Model(
        digest=sha256(content).hexdigest(),
        data_digest=str(data["data_digest"]),
        markup_weights=markup,
        vocabulary={word: number for number, word in enumerate(str(data["text_words"]).split("\n"), start=1)},
        text_keys=data["text_keys"],
        text_weights=data["text_weights"].astype(np.float64),
        intercept=float(data["intercept"]),
        tree_columns=data["tree_columns"],
        tree_borders=data["tree_borders"],
        tree_leaves=data["tree_leaves"],
        tree_bias=float(data["tree_bias"]),
        markup_cache={},
    )


def score_blocks(blocks: Blocks, hints: Hints, model: Model) -> np.ndarray:
    """The probability of each of the ``n`` blocks that it is part of the article's text. Titles count as 0."""
    if not blocks.texts:
        return np.zeros(0)
    columns, layout = read_layout_features(blocks, hints)
    scores = tree_scores(with_neighbours(columns, bag_scores(blocks, layout, model), layout), model)
    scores[layout.is_title] = 0.0
    return scores


def bag_scores(blocks: Blocks, layout: Layout, model: Model) -> np.ndarray:
    """The linear model's sums for each of BAGS and in all: 6 x ``n``."""
    holders = np.unique(
        np.concatenate([*layout.levels[:3], *around_levels(layout)])
    )  # elements without text are not asked
    kinds = np.array(blocks.kinds)
    _, examples, numbers = np.unique(kinds[holders], return_index=True, return_inverse=True)
    of_kind = [_markup_weights(blocks.names[holder], blocks.attributes[holder], model) for holder in holders[examples]]
    of_element = np.zeros((4, len(kinds)), np.float32)
    of_element[:, holders] = np.array(of_kind, np.float32).T[:, numbers]
    of_element[:, 0] = 0  # the page itself
    sums = np.empty((len(BAGS) + 1, len(blocks.texts)), np.float32)
    for row in range(3):
        sums[row] = of_element[row, layout.levels[row]]
    for number, opening in enumerate(blocks.inline_attributes):
        if opening:
            sums[0, number] += _markup_weights("", opening, model)[0]
    sums[3] = of_element[3, around_levels(layout)].sum(axis=0)
    keys, blocks_of_keys = wording_keys(layout.wording, model.vocabulary)
    at = np.minimum(np.searchsorted(model.text_keys, keys), len(model.text_keys) - 1)
    weights = np.where(model.text_keys[at] == keys, model.text_weights[at], 0.0)
    sums[4] = np.bincount(blocks_of_keys, weights=weights, minlength=len(blocks.texts))
    sums[5] = sums[:5].sum(axis=0) + model.intercept
    return sums


def _markup_weights(name: str, attributes: str, model: Model) -> tuple[float, float, float, float]:
    cached = model.markup_cache.get((name, attributes))
    if cached is None:
        if len(model.markup_cache) >= MAX_CACHED_ATTRIBUTES:
            model.markup_cache.clear()
        words = element_words(name, attributes) if name else attribute_words(attributes)
        own = parent = grandparent = around = 0.0
        for word in words:
            weights = model.markup_weights.get(word, _NO_WEIGHTS)
            own += weights[0]
            parent += weights[1]
            grandparent += weights[2]
            around += weights[3]
        cached = (own, parent, grandparent, around)
        model.markup_cache[name, attributes] = cached
    return cached


def with_neighbours(columns: np.ndarray, bags: np.ndarray, layout: Layout) -> np.ndarray:
    """Columns, bag scores, the words' score of the heading above, and some columns of the two blocks on either side."""
    near = np.concatenate([columns[list(NEIGHBOUR_COLUMNS)], bags[[0, 4, 5]]])
    above = np.where(layout.heading >= 0, bags[4, layout.heading], 0)[None]
    return np.concatenate([columns, bags, above, *(_shifted(near, by) for by in NEIGHBOURS)], dtype=np.float32)


def _shifted(values: np.ndarray, by: int) -> np.ndarray:
    """The values of the block ``by`` places further; 0 beyond the ends."""
    out = np.zeros_like(values)
    if abs(by) < values.shape[1]:
        if by < 0:
            out[:, -by:] = values[:, :by]
        else:
            out[:, :-by] = values[:, by:]
    return out


def tree_scores(columns: np.ndarray, model: Model) -> np.ndarray:
    """The trees' probability of each block.

    All nodes of a level of an oblivious tree ask the same question, so the answers are the bits of a leaf's number.
    Blocks that the first trees are sure to be none of the article's are not shown to the rest.
    """
    raw = _leaf_sums(columns, model, 0, FIRST_TREES) + model.tree_bias
    open_blocks = np.flatnonzero(raw > DECIDED)
    raw[open_blocks] += _leaf_sums(np.ascontiguousarray(columns[:, open_blocks]), model, FIRST_TREES, None)
    return 1 / (1 + np.exp(-raw))


def _leaf_sums(columns: np.ndarray, model: Model, start: int, stop: int | None) -> np.ndarray:
    column, border = model.tree_columns[start:stop], model.tree_borders[start:stop]
    trees, depth = column.shape
    leaf = np.zeros((trees, columns.shape[1]), np.uint8)
    for level in range(depth):
        leaf |= (columns[column[:, level]] > border[:, level, None]).view(np.uint8) << level
    at = leaf + (np.arange(trees) << depth)[:, None]
    return model.tree_leaves[start:stop].ravel().take(at, mode="clip").sum(axis=0)
