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
    block_words,
    element_words,
    read_layout_features,
)

MODEL_FILE = "extractor.npz"
# Columns whose values at the two blocks before and the two after are columns too: length, link density, bold type,
# linked characters, sentence ends, last character, <p>, <li>, heading.
NEIGHBOUR_COLUMNS = (0, 2, 3, 5, 9, 15, 16, 41, 43, 50)
NEIGHBOURS = (-2, -1, 1, 2)
MAX_CACHED_ATTRIBUTES = 20_000
_NO_WEIGHTS = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training made. ``data_digest`` is the SHA-256 of the labelled pages, ``digest`` that of the model's file."""

    digest: str
    data_digest: str
    markup_weights: dict[str, tuple[float, float, float, float]]  # word → 4 weights: own, parent, grandparent, around
    text_weights: dict[str, float]
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
    text = dict(zip(str(data["text_words"]).split("\n"), data["text_weights"].astype(float).tolist(), strict=True))
    return Model(
        digest=sha256(content).hexdigest(),
        data_digest=str(data["data_digest"]),
        markup_weights=markup,
        text_weights=text,
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
    weight = model.text_weights.get
    sums[4] = [
        sum([weight(word, 0.0) for word in block_words(text, words)])
        for text, words in zip(blocks.texts, layout.words, strict=True)
    ]
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
    """
    trees, depth = model.tree_columns.shape
    leaf = np.zeros((trees, columns.shape[1]), np.uint8)
    for level in range(depth):
        answers = columns[model.tree_columns[:, level]] > model.tree_borders[:, level, None]
        leaf |= answers.view(np.uint8) << level
    at = leaf + (np.arange(trees, dtype=np.int32) << depth)[:, None]
    raw = model.tree_leaves.ravel().take(at).sum(axis=0) + model.tree_bias
    return 1 / (1 + np.exp(-raw))
