"""Train the article extractor's model from labelled pages, and judge it by cross-validation over sites.

    python -m tests.bench.train_extractor DATA [--folds 5] [--only-judge]

DATA is a folder of benchmark sets (see ``labels.py``). Only those are trained on whose licence lets a derived model be
passed on: fundus_dev (MIT), wcxb_dev_article (CC-BY-4.0), traf, magic and readability (Apache-2.0). Writes
``tasks/page/extractor.npz``, which is data alone. Seeds and orders are fixed.
"""

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import numpy as np
from catboost import CatBoostClassifier
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from tasks.page.blocks import Blocks
from tasks.page.body import Parsed, parse_page, read_body
from tasks.page.features import Layout, around_levels, attribute_words, element_words, read_layout_features
from tasks.page.scorer import MODEL_FILE, with_neighbours
from tasks.page.wording import wording_keys
from tests.bench.labels import LabelledPage, digest_of, labels_of, read_set, token_f1, tokens

# weight of a page of each set: the two of modern news count full, snippets and older conventions less
SETS = {"fundus_dev": 1.3, "wcxb_dev_article": 1.0, "magic": 0.6, "readability": 0.6, "traf": 0.35}
# Two sets count titles or captions as text where the others do not; the trees are told which convention holds.
CONVENTION = {"magic": 1.0, "readability": 2.0}
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MIN_SITES_MARKUP = 4  # a word of fewer sites is a name, not a sign
MIN_SITES_TEXT = 6
TREES, DEPTH, RATE = 350, 6, 0.12
SEEDS = (1, 2)  # forests whose mean is taken: one alone sways by 0.003 of F1 on 115 pages
OUTPUT = Path(__file__).parents[2] / "tasks" / "page" / MODEL_FILE


@dataclass(slots=True, kw_only=True)
class Example:
    """A page as the training sees it; ``label`` is -1 where the gold does not say."""

    name: str
    set_name: str
    site: str
    page: Parsed
    gold: list[str]
    block_tokens: list[list[str]]
    table: np.ndarray  # columns x blocks
    layout: Layout
    label: np.ndarray
    markup: list[list[list[str]]]  # own, parent, grandparent, around
    tokens: np.ndarray = field(init=False)
    bags: np.ndarray = field(init=False)
    first: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = np.array([len(words) for words in self.block_tokens], np.float32)
        self.label[self.layout.is_title] = -1

    @property
    def weights(self) -> np.ndarray:
        weight = 0.3 + np.log1p(self.tokens)
        return SETS[self.set_name] * 100 * weight / max(weight.sum(), 1)


def example_of(page: LabelledPage) -> Example | None:
    """Read one page as the extractor reads it, and mark its blocks."""
    parsed = parse_page(page.html.decode("utf-8", "replace"), url=page.url or "https://site.test/", now=NOW)
    blocks = parsed.blocks
    if not blocks.texts:
        return None
    table, layout = read_layout_features(blocks, parsed.hints)
    labels = [-1.0 if label is None else label for label in labels_of(page, blocks.texts)]
    return Example(
        name=page.name,
        set_name=page.set_name,
        site=page.site,
        page=parsed,
        gold=tokens(page.text),
        block_tokens=[tokens(text) for text in blocks.texts],
        table=table,
        layout=layout,
        label=np.array(labels, np.float32),
        markup=_markup_bags(blocks, layout),
    )


def _markup_bags(blocks: Blocks, layout: Layout) -> list[list[list[str]]]:
    words = [[]] + [
        list(element_words(name, attributes))
        for name, attributes in zip(blocks.names[1:], blocks.attributes[1:], strict=True)
    ]
    bags = [[list(words[element]) for element in level] for level in layout.levels[:3]]
    for bag, opening in zip(bags[0], blocks.inline_attributes, strict=True):
        bag += attribute_words(opening)
    around = [[word for element in elements for word in words[element]] for elements in around_levels(layout).T]
    return [*bags, around]


# -- step 1: a linear model over the words of markup and text


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    markup: dict[str, int]
    vocabulary: dict[str, int]
    text_keys: np.ndarray  # ascending
    markup_weights: np.ndarray  # words x 4
    text_weights: np.ndarray
    intercept: float


def fit_linear(examples: Sequence[Example]) -> Linear:
    markup_sites, word_sites = defaultdict(set), defaultdict(set)
    for example in examples:
        for bags in example.markup:
            for bag in bags:
                for word in bag:
                    markup_sites[word].add(example.site)
        for word in example.layout.wording.words:
            word_sites[word].add(example.site)
    markup = _numbered(markup_sites, MIN_SITES_MARKUP, start=0)
    vocabulary = _numbered(word_sites, MIN_SITES_TEXT, start=1)
    keys = _frequent_keys(examples, vocabulary)
    matrix = hstack(_bag_matrices(examples, markup, vocabulary, keys)).tocsr()
    label, weight, known = _targets(examples)
    model = LogisticRegression(C=0.05, max_iter=60, tol=1e-3)
    model.fit(matrix[known], label[known] > 0.5, sample_weight=weight[known])
    coefficients = model.coef_[0].astype(np.float16).astype(np.float32)
    size = len(markup)
    return Linear(
        markup=markup,
        vocabulary=vocabulary,
        text_keys=keys,
        markup_weights=coefficients[: 4 * size].reshape(4, size).T,
        text_weights=coefficients[4 * size :],
        intercept=float(model.intercept_[0]),
    )


def _numbered(sites: dict[str, set[str]], least: int, *, start: int) -> dict[str, int]:
    words = sorted(word for word, of in sites.items() if len(of) >= least)
    return {word: number for number, word in enumerate(words, start=start)}


def _frequent_keys(examples: Sequence[Example], vocabulary: dict[str, int]) -> np.ndarray:
    """The keys of words that enough sites have, ascending."""
    by_site = defaultdict(list)
    for example in examples:
        by_site[example.site].append(wording_keys(example.layout.wording, vocabulary)[0])
    keys = np.concatenate([np.unique(np.concatenate(of_site)) for of_site in by_site.values()])
    found, sites = np.unique(keys, return_counts=True)
    return found[sites >= MIN_SITES_TEXT]


def _bag_matrices(
    examples: Sequence[Example], markup: dict[str, int], vocabulary: dict[str, int], keys: np.ndarray
) -> list[csr_matrix]:
    matrices = [_matrix([bag for e in examples for bag in e.markup[column]], markup) for column in range(4)]
    rows, columns, start = [], [], 0
    for example in examples:
        own, block = wording_keys(example.layout.wording, vocabulary)
        at = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        known = keys[at] == own
        rows.append(block[known] + start)
        columns.append(at[known])
        start += len(example.tokens)
    row, column = np.concatenate(rows), np.concatenate(columns)
    return [*matrices, csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(start, len(keys)))]


def _matrix(bags: list[list[str]], numbers: dict[str, int]) -> csr_matrix:
    columns, ends = [], [0]
    for bag in bags:
        columns += [numbers[word] for word in bag if word in numbers]
        ends.append(len(columns))
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(bags), len(numbers)))


def _targets(examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    label = np.concatenate([example.label for example in examples])
    return label, np.concatenate([example.weights for example in examples]), label >= 0


def apply_linear(model: Linear, examples: Sequence[Example]) -> None:
    weights = [*model.markup_weights.T, model.text_weights]
    parts = [
        matrix @ weight
        for matrix, weight in zip(
            _bag_matrices(examples, model.markup, model.vocabulary, model.text_keys), weights, strict=True
        )
    ]
    sums = np.stack([*parts, sum(parts) + model.intercept], axis=1).astype(np.float32)
    start = 0
    for example in examples:
        example.bags = sums[start : start + len(example.tokens)]
        start += len(example.tokens)


# -- step 2: oblivious trees


def tree_rows(example: Example, *, convention: float) -> np.ndarray:
    rows = with_neighbours(example.table, np.ascontiguousarray(example.bags.T), example.layout).T
    return np.concatenate([rows, np.full((len(rows), 1), convention, np.float32)], axis=1)


def fit_trees(examples: Sequence[Example], threads: int) -> list[CatBoostClassifier]:
    rows = np.concatenate([tree_rows(e, convention=CONVENTION.get(e.set_name, 0.0)) for e in examples])
    label, weight, known = _targets(examples)
    models = [
        CatBoostClassifier(
            iterations=TREES,
            depth=DEPTH,
            learning_rate=RATE,
            l2_leaf_reg=5,
            border_count=64,
            subsample=0.7,
            rsm=0.4,
            bootstrap_type="Bernoulli",
            random_seed=seed,
            thread_count=threads,
            verbose=0,
            allow_writing_files=False,
        )
        for seed in SEEDS
    ]
    for model in models:
        model.fit(rows[known], (label[known] > 0.5).astype(int), sample_weight=weight[known])
    return models


def apply_trees(models: Sequence[CatBoostClassifier], examples: Sequence[Example]) -> None:
    for example in examples:
        rows = tree_rows(example, convention=0.0)
        raw = np.mean([model.predict(rows, prediction_type="RawFormulaVal") for model in models], axis=0)
        example.first = 1 / (1 + np.exp(-raw))


# -- judging and writing


def report(step: str, examples: Sequence[Example], texts: Sequence[str]) -> None:
    by_set = defaultdict(list)
    for example, text in zip(examples, texts, strict=True):
        if example.gold:
            by_set[example.set_name].append(token_f1(tokens(text), example.gold))
    for name, values in by_set.items():
        low = sum(value < 0.5 for value in values) / len(values)
        print(f"{step:10} {name:18} pages {len(values):4}  F1 {mean(values):.4f}  below 0.5 {low:.4f}", flush=True)


def split_by_site(examples: Sequence[Example], folds: int) -> list[int]:
    sites = sorted({example.site for example in examples})
    random.Random(7).shuffle(sites)
    fold = {site: number % folds for number, site in enumerate(sites)}
    return [fold[example.site] for example in examples]


def out_of_fold(examples: list[Example], fold: list[int], folds: int, run: Callable[[list, list], None]) -> None:
    for number in range(folds):
        run(
            [e for e, own in zip(examples, fold, strict=True) if own != number],
            [e for e, own in zip(examples, fold, strict=True) if own == number],
        )


def text_of(example: Example, scores: np.ndarray) -> str:
    return read_body(example.page, np.where(example.layout.is_title, 0, scores)).text


def write_texts(folder: Path, examples: Sequence[Example], texts: Sequence[str]) -> None:
    """What was read of each page by a model that had not seen its site: ``SET.jsonl.gz`` with id and text."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SETS:
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            for example, text in zip(examples, texts, strict=True):
                if example.set_name == name:
                    file.write(json.dumps({"id": example.name, "text": text}, ensure_ascii=False) + "\n")


def write_model(linear: Linear, models: Sequence[CatBoostClassifier], digest: str) -> None:
    forests, bias = [], 0.0
    for model in models:
        trees = []
        stored = _stored(model)
        scale, own_bias = stored["scale_and_bias"]
        bias += float(np.ravel(own_bias)[0]) / len(models)
        convention = len(stored["features_info"]["float_features"]) - 1  # the last column; always 0 in use
        for tree in stored["oblivious_trees"]:
            column, border, leaf = _questions(tree, convention)
            trees.append((column, border, leaf * scale / len(models)))
        forests.append(trees)
    # the first of each forest, then the second: what weighs most comes first
    columns, borders, leaves = zip(*(tree for trees in zip(*forests, strict=True) for tree in trees), strict=True)
    np.savez_compressed(
        OUTPUT,
        data_digest=np.array(digest),
        markup_words=np.array("\n".join(linear.markup)),
        markup_weights=linear.markup_weights.astype(np.float16),
        text_words=np.array("\n".join(linear.vocabulary)),
        text_keys=linear.text_keys,
        text_weights=linear.text_weights.astype(np.float16),
        intercept=np.array(linear.intercept),
        tree_columns=np.array(columns, np.int16),
        tree_borders=np.array(borders, np.float32),
        tree_leaves=np.array(leaves, np.float32),
        tree_bias=np.array(bias),
    )


def _stored(model: CatBoostClassifier) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        return json.loads(Path(file.name).read_text())


def _questions(tree: dict, convention: int) -> tuple[list[int], list[float], np.ndarray]:
    """A tree as columns, borders and leaves; one that stopped early gets questions that have one answer."""
    column = [split["float_feature_index"] for split in tree["splits"] or []]
    border = [split["border"] for split in tree["splits"] or []]
    leaf = np.array(tree["leaf_values"], np.float32)
    while len(column) < DEPTH:
        column.append(0)
        border.append(np.inf)
        leaf = np.concatenate([leaf, leaf])
    for place, number in enumerate(column):
        if number == convention:
            column[place], border[place] = 0, (-np.inf if border[place] < 0 else np.inf)
    return column, border, leaf


def main() -> None:
    """Read the sets, judge by cross-validation, train on all, write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only-judge", action="store_true", help="cross-validate and write no model")
    parser.add_argument("--texts", type=Path, help="folder for the texts that the cross-validation read")
    options = parser.parse_args()
    missing = [name for name in SETS if not (options.data / name / "index.jsonl").is_file()]
    if missing:
        sys.exit(f"{options.data} lacks the sets {', '.join(missing)}; give the folder that holds them.")
    pages = [page for name in SETS for page in read_set(options.data / name)]
    digest = digest_of(pages)
    with ProcessPoolExecutor(options.threads) as pool:
        examples = [e for e in pool.map(example_of, pages, chunksize=8) if e is not None]
    print(f"{len(examples)} pages, {Counter(e.set_name for e in examples)}, digest {digest}", flush=True)
    fold = split_by_site(examples, options.folds)
    out_of_fold(examples, fold, options.folds, lambda train, test: apply_linear(fit_linear(train), test))
    report("words", examples, [text_of(e, 1 / (1 + np.exp(-e.bags[:, 5]))) for e in examples])
    out_of_fold(examples, fold, options.folds, lambda train, test: apply_trees(fit_trees(train, options.threads), test))
    texts = [text_of(e, e.first) for e in examples]
    report("trees", examples, texts)
    if options.texts:
        write_texts(options.texts, examples, texts)
    if not options.only_judge:
        # on the linear model's out-of-fold sums: those of its own pages would be too good to learn from
        linear = fit_linear(examples)
        trees = fit_trees(examples, options.threads)
        write_model(linear, trees, digest)
        print(f"{OUTPUT}: {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
