"""Train the model of names from labelled sentences, and judge it by cross-validation over documents.

    python -m tests.bench.train_names FOLDER [--folds 5] [--only-judge]

FOLDER holds the sets as JSON lines, one sentence each: ``doc``, ``tokens`` and ``tags`` (BIO). Only those are trained
on whose licence lets a derived model be passed on: wikigold, broad_twitter and wnut17_train (CC BY 4.0), uner_ewt_dev
(CC BY-SA 4.0). Writes ``tasks/sense/names/names.npz``, which is data alone. Seeds and orders are fixed.
"""

import argparse
import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tasks.sense.names import tagger
from tasks.sense.names.chains import chains, word_table
from tasks.sense.names.features import features
from tasks.sense.names.labels import read_chain
from tasks.sense.names.people import leading_office
from tasks.text import sentences, words

OUTPUT = Path(tagger.__file__).with_name(tagger.MODEL_FILE)
#: Sets and what one of their sentences weighs beside a sentence of news or encyclopaedia.
SETS = {"wikigold": 1.0, "uner_ewt_dev": 1.0, "gum_news": 0.5, "broad_twitter": 0.2, "wnut17_train": 0.2}
#: Sets whose rows come without documents: this many sentences are read as one.
SENTENCES_A_DOCUMENT = 25
KINDS = {
    "PER": "PERSON",
    "person": "PERSON",
    "ORG": "ORG",
    "group": "ORG",
    "corporation": "ORG",
    "LOC": "PLACE",
    "location": "PLACE",
}
NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’”") | {"'s", "’s", "n't", "n’t", "'re", "'ve", "'ll", "'d", "'m"}
NO_SPACE_AFTER = frozenset("([{$£€#“‘")
MIN_COUNT = 2
RIDGE = 3.0
MAX_ITERATIONS = 120
SEED = 7
IMPOSSIBLE = -30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A text with its gold spans: start, end, label."""

    set_name: str
    text: str
    gold: frozenset[tuple[int, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The segments of one text as the model sees them."""

    labelled: Labelled
    table: object
    spans: list[tuple[int, int]]
    ids: np.ndarray
    ends: np.ndarray
    tags: list[list[int]]


def read_set(path: Path) -> Iterator[Labelled]:
    """Yield the documents of a set, their tokens joined as English is written."""
    grouped: dict[str, list[dict]] = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            grouped[row["doc"]].append(row)
    for rows in grouped.values():
        parts = (
            [rows]
            if len(rows) < 200
            else [rows[start : start + SENTENCES_A_DOCUMENT] for start in range(0, len(rows), SENTENCES_A_DOCUMENT)]
        )
        for part in parts:
            yield _joined(path.stem, part)


def _joined(set_name: str, rows: Sequence[dict]) -> Labelled:
    text, gold = "", []
    for row in rows:
        text += "\n" if text else ""
        previous, quotes, kind = None, 0, None
        for token, tag in zip(row["tokens"], row["tags"], strict=True):
            opening = previous == '"' and quotes % 2 == 1
            closing = token == '"' and quotes % 2 == 1
            hyphen = set_name == "uner_ewt_dev" and "-" in (token, previous)
            glued = (
                previous is None
                or token in NO_SPACE_BEFORE
                or previous in NO_SPACE_AFTER
                or opening
                or closing
                or hyphen
            )
            quotes += token == '"'
            text += "" if glued else " "
            own = tag[2:] if tag != "O" else None
            if own and tag[0] == "I" and kind == own and gold:
                gold[-1][1] = len(text) + len(token)
            elif own:
                gold.append([len(text), len(text) + len(token), own])
            text += token
            kind, previous = own, token
    if set_name == "gum_news":
        gold = [(*_head(text[start:end], start), kind) for start, end, kind in gold]
    spans = frozenset((start, end, KINDS[kind]) for start, end, kind in gold if kind in KINDS and end > start)
    return Labelled(set_name=set_name, text=text, gold=spans)


def _head(phrase: str, start: int) -> tuple[int, int]:
    """Cut the name out of a noun phrase ("Prime Minister Ann Lowe's" -> "Ann Lowe"): start and end in the text."""
    end = len(phrase)
    for cut in (" from ", " of the ", " in ", ", "):
        at = phrase.find(cut)
        if 0 < at < end:
            end = at
    head = phrase[:end].removesuffix("'s").removesuffix("’s")
    if "'s " in head:
        return start, start
    parts = head.split(" ")
    skip = leading_office(parts)
    skip = 0 if skip >= len(parts) else skip
    while skip < len(parts) - 1 and (parts[skip][:1].islower() or parts[skip] in ("The", "U.S.", "US")):
        skip += 1
    skipped = len(" ".join(parts[:skip])) + bool(skip)
    if skipped >= len(head) or not head[skipped].isupper():
        return start, start
    return start + skipped, start + len(head)


def example_of(labelled: Labelled) -> Example:
    text = labelled.text
    table = word_table(text, words(text), [sentence.start for sentence in sentences(text)])
    readings = [reading for chain in chains(table) for reading in read_chain(table, chain)]
    spans = tagger.segments(table)
    ids, ends = features(table, spans, readings)
    covering = {}
    for start, end, label in labelled.gold:
        for index in range(start, end):
            covering[index] = (start, label)
    tags = []
    for first, last in spans:
        own, previous = [], None
        for index in range(first, last + 1):
            at = covering.get(table.words[index].start)
            if at is None:
                own.append(0)
            else:
                own.append(tagger.TAGS.index(f"{'I' if at == previous else 'B'}-{at[1]}"))
            previous = at
        tags.append(own)
    return Example(labelled=labelled, table=table, spans=spans, ids=ids, ends=ends, tags=tags)


# -- the conditional random field


@dataclass(slots=True)
class Batch:
    """Segments of one length: rows of the feature matrix (segments × words), gold tags, weight of each segment."""

    rows: np.ndarray
    tags: np.ndarray
    weight: np.ndarray


def batches_of(examples: Sequence[Example]) -> list[Batch]:
    by_length: dict[int, list] = defaultdict(list)
    start = 0
    for example in examples:
        weight = SETS[example.labelled.set_name]
        for own in example.tags:
            by_length[len(own)].append((range(start, start + len(own)), own, weight))
            start += len(own)
    return [Batch(*(np.array(part) for part in zip(*found, strict=True))) for found in by_length.values()]


def matrix_of(examples: Sequence[Example], keys: np.ndarray) -> csr_matrix:
    columns, rows, start = [], [], 0
    for example in examples:
        if not len(example.ids):
            continue
        at = np.minimum(np.searchsorted(keys, example.ids), len(keys) - 1)
        known = keys[at] == example.ids
        sizes = np.diff(np.concatenate([[0], example.ends]))
        rows.append((np.repeat(np.arange(len(sizes)), sizes) + start)[known])
        columns.append(at[known])
        start += len(sizes)
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(start, len(keys)))


def allowed_moves() -> tuple[np.ndarray, np.ndarray]:
    """Penalties that keep I- behind its own B- or I-."""
    count = len(tagger.TAGS)
    moves, opening = np.zeros((count, count)), np.zeros(count)
    for column, tag in enumerate(tagger.TAGS):
        if tag[0] == "I":
            opening[column] = IMPOSSIBLE
            for row, before in enumerate(tagger.TAGS):
                moves[row, column] = 0.0 if before[1:] == tag[1:] and before != "O" else IMPOSSIBLE
    return moves, opening


def fit(examples: Sequence[Example]) -> tagger.Model:
    """Fit the weights by penalised likelihood, L-BFGS."""
    keys, counts = np.unique(np.concatenate([example.ids for example in examples]), return_counts=True)
    keys = keys[counts >= MIN_COUNT]
    matrix, batches = matrix_of(examples, keys), batches_of(examples)
    transposed = matrix.T.tocsr()
    count, features = len(tagger.TAGS), len(keys)
    fixed_moves, fixed_opening = allowed_moves()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat[: features * count].reshape(features, count)
        moves = flat[features * count : -count].reshape(count, count)
        opening = flat[-count:]
        scores = matrix @ weights.astype(np.float32)
        residual = np.zeros_like(scores)
        move_gradient, opening_gradient, total = np.zeros_like(moves), np.zeros_like(opening), 0.0
        for batch in batches:
            value, state, move, first = _batch_loss(batch, scores, moves + fixed_moves, opening + fixed_opening)
            total += value
            np.add.at(residual, batch.rows.ravel(), state.reshape(-1, count))
            move_gradient += move
            opening_gradient += first
        gradient = np.concatenate(
            [(transposed @ residual).ravel().astype(np.float64), move_gradient.ravel(), opening_gradient]
        )
        return total + 0.5 * RIDGE * float(flat @ flat), gradient + RIDGE * flat

    size = features * count + count * count + count
    done = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": MAX_ITERATIONS, "maxcor": 6})
    flat = done.x.astype(np.float32)
    return tagger.Model(
        keys,
        flat[: features * count].reshape(features, count),
        (flat[features * count : -count].reshape(count, count) + fixed_moves).astype(np.float32),
        (flat[-count:] + fixed_opening).astype(np.float32),
    )


def _batch_loss(batch: Batch, scores: np.ndarray, moves: np.ndarray, opening: np.ndarray):
    """Negative log likelihood and its gradients by the forward-backward algorithm, all segments of a length at once."""
    state = scores[batch.rows].astype(np.float64)  # segments × words × tags
    number, length, count = state.shape
    forward = np.empty_like(state)
    forward[:, 0] = state[:, 0] + opening
    for step in range(1, length):
        forward[:, step] = _log_sum(forward[:, step - 1][:, :, None] + moves, 1) + state[:, step]
    backward = np.zeros_like(state)
    for step in range(length - 2, -1, -1):
        backward[:, step] = _log_sum(moves + (state[:, step + 1] + backward[:, step + 1])[:, None, :], 2)
    norm = _log_sum(forward[:, -1], 1)
    marginal = np.exp(forward + backward - norm[:, None, None])
    which = np.arange(number)
    gold = opening[batch.tags[:, 0]] + state[which[:, None], np.arange(length), batch.tags].sum(axis=1)
    expected = np.zeros_like(moves)
    for step in range(1, length):
        before, after = batch.tags[:, step - 1], batch.tags[:, step]
        gold += moves[before, after]
        pair = np.exp(
            forward[:, step - 1][:, :, None]
            + moves
            + (state[:, step] + backward[:, step])[:, None, :]
            - norm[:, None, None]
        )
        expected += np.einsum("n,nij->ij", batch.weight, pair)
        np.add.at(expected, (before, after), -batch.weight)
    marginal[which[:, None], np.arange(length), batch.tags] -= 1
    marginal *= batch.weight[:, None, None]
    return float(((norm - gold) * batch.weight).sum()), marginal, expected, marginal[:, 0].sum(axis=0)


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)


# -- judging and writing


def judge(model: tagger.Model, examples: Sequence[Example]) -> Counter:
    """Count hits, predictions and gold per label by the model alone."""
    found: Counter = Counter()
    for example in examples:
        table = example.table
        predicted = {
            (table.words[r.first].start, table.words[r.last].end, r.label)
            for r in tagger.tag_features(example.spans, example.ids, example.ends, model)
        }
        for label in tagger.LABELS:
            gold = {span for span in example.labelled.gold if span[2] == label}
            own = {span for span in predicted if span[2] == label}
            found.update({f"{label} hit": len(gold & own), f"{label} own": len(own), f"{label} gold": len(gold)})
    return found


def report(name: str, counts: Counter) -> None:
    line = []
    for label in (*tagger.LABELS, "all"):
        hit, own, gold = (
            sum(counts[f"{each} {what}"] for each in (tagger.LABELS if label == "all" else (label,)))
            for what in ("hit", "own", "gold")
        )
        line.append(
            f"{label} P {hit / max(own, 1):.3f} R {hit / max(gold, 1):.3f} F {2 * hit / max(own + gold, 1):.3f}"
        )
    print(f"{name:14}", "   ".join(line), flush=True)


def write(model: tagger.Model, digest: str) -> None:
    """Write the model, weights in 8 bits, rows that weigh next to nothing left out."""
    scale = np.abs(model.weights).max() / 127
    small = np.round(model.weights / scale).astype(np.int8)
    kept = np.any(small != 0, axis=1)
    np.savez_compressed(
        OUTPUT,
        data_digest=np.array(digest),
        keys=model.keys[kept],
        weights=small[kept],
        scale=np.float32(scale),
        moves=model.moves,
        opening=model.opening,
    )


def main() -> None:
    """Read the sets, judge by cross-validation, train on all, write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only-judge", action="store_true", help="cross-validate and write no model")
    options = parser.parse_args()
    missing = [name for name in SETS if not (options.data / f"{name}.jsonl").is_file()]
    if missing:
        sys.exit(f"{options.data} lacks the sets {', '.join(missing)}; give the folder that holds them.")
    digest = hashlib.sha256(b"".join((options.data / f"{name}.jsonl").read_bytes() for name in SETS)).hexdigest()
    examples = [example_of(labelled) for name in SETS for labelled in read_set(options.data / f"{name}.jsonl")]
    random.Random(SEED).shuffle(examples)
    print(f"{len(examples)} texts, {sum(map(len, (e.ends for e in examples)))} words, digest {digest[:12]}", flush=True)
    counts = defaultdict(Counter)
    for fold in range(options.folds):
        model = fit([example for number, example in enumerate(examples) if number % options.folds != fold])
        for name in SETS:
            held = examples[fold :: options.folds]
            counts[name].update(judge(model, [e for e in held if e.labelled.set_name == name]))
    for name in SETS:
        report(name, counts[name])
    if not options.only_judge:
        write(fit(examples), digest)
        print(f"{OUTPUT}: {OUTPUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
