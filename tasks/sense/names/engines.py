"""What reads the names of an English text first: our rules and model, or a spaCy pipeline that the user has installed.

An engine gives names with labels and spans; entities, surnames and short forms are the document's business
(``consistency``), whatever the engine. No engine is ever downloaded from here: a missing one is an error that names the
command.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from tasks.errors import Terminal
from tasks.sense.lexicon import organisations
from tasks.sense.names.chains import WordTable, chains
from tasks.sense.names.consistency import Named
from tasks.sense.names.datelines import datelines, laws, listed
from tasks.sense.names.labels import Reading, read_chain
from tasks.sense.names.sports import teams
from tasks.sense.names.tagger import model, second_opinion
from tasks.text import SpanSet

RULES = "rules"
_SPACY = "spacy:"
_SPACY_LABELS = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "NORP": "NORP",
    "LAW": "LAW",
    "EVENT": "EVENT",
    "PRODUCT": "PRODUCT",
}
_SPACY_UNUSED = ("parser", "tagger", "morphologizer", "lemmatizer", "attribute_ruler", "senter", "textcat")
_SPACY_CONFIDENCE = 0.8  # spaCy tells none of its own
_RULES_MOST = 0.94  # below what is fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """``label``: name and version as they stand on each row; ``read``: the first reading of a text, in order."""

    label: str
    read: Callable[[WordTable], list[Named]]


@cache
def load(engine: str) -> Engine:
    """Return the engine of a setting: "rules", or "spacy:" with the name or path of an installed pipeline.

    Raises Terminal ``engine_missing`` where the package or the pipeline is not installed, ``engine_unknown`` where the
    setting names neither.
    """
    if engine == RULES:
        model()
        return Engine(label=RULES, read=_read_by_rules)
    name = engine.removeprefix(_SPACY)
    if name == engine or not name:
        raise Terminal("engine_unknown", f"{engine!r} is no engine; say rules, or spacy: with the name of a pipeline.")
    try:
        spacy = import_module("spacy")
    except ModuleNotFoundError:
        raise Terminal(
            "engine_missing",
            f"The engine {engine} needs spaCy, which is not installed; run: pip install spacy && "
            f"python -m spacy download {name}",
        ) from None
    try:
        pipeline = spacy.load(name, exclude=_SPACY_UNUSED)
    except OSError:
        raise Terminal(
            "engine_missing", f"spaCy has no pipeline {name} installed; run: python -m spacy download {name}"
        ) from None
    label = f"{_SPACY}{pipeline.meta['lang']}_{pipeline.meta['name']} {pipeline.meta['version']}"
    return Engine(label=label, read=lambda table: _read_by_spacy(pipeline, table))


def _read_by_rules(table: WordTable) -> list[Named]:
    readings = [reading for chain in chains(table) for reading in read_chain(table, chain)]
    return teams(table, _beside_fixed(table, (_named(table, r) for r in second_opinion(table, readings))))


def _read_by_spacy(pipeline: Callable, table: WordTable) -> list[Named]:
    found = []
    for entity in pipeline(table.text).ents:
        label = _SPACY_LABELS.get(entity.label_)
        surface = entity.text
        start = entity.start_char + (4 if surface.startswith("the ") else 0)
        end = entity.end_char - (2 if surface.endswith(("'s", "’s")) else 0)
        if label and start < end:
            found.append(_of_span(table.text, start, end, label, _SPACY_CONFIDENCE))
    return _beside_fixed(table, found)


def _beside_fixed(table: WordTable, candidates: Iterable[Named]) -> list[Named]:
    """Return what has a form of its own (laws, datelines, listed names) and the candidates beside it."""
    found = [*laws(table.text), *datelines(table.text)]
    found += _clear(listed(table), found)
    found += _clear(candidates, found)
    return sorted(found, key=lambda named: named.start)


def _clear(candidates: Iterable[Named], taken: Sequence[Named]) -> list[Named]:
    """Return the candidates that overlap nothing taken."""
    blocked = SpanSet((named.start, named.end) for named in taken)
    return [named for named in candidates if not blocked.overlaps(named.start, named.end)]


def _named(table: WordTable, reading: Reading) -> Named:
    start, end = table.words[reading.first].start, table.words[reading.last].end
    return _of_span(table.text, start, end, reading.label, min(reading.confidence, _RULES_MOST))


def _of_span(text: str, start: int, end: int, label: str | None, confidence: float) -> Named:
    name = " ".join(text[start:end].split())
    return Named(start, end, label, confidence, organisations().get(name, name) if label == "ORG" else name)
