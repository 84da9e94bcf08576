"""Engines that read names: the default, one that is missing, and a spaCy pipeline where spaCy is installed."""

import pytest

from tasks.errors import Terminal
from tasks.sense.names.engines import load
from tasks.sense.names.reader import find_mentions
from tasks.text import sentences, words

TEXT = "Amara Okafor of the Lumen Torvald met aides. Later Okafor left for Nordhaven."


def test_the_default_engine_is_named():
    assert load("rules").label == "rules"


@pytest.mark.parametrize("engine", ["", "spacy", "spacy:", "flair:ner"])
def test_a_setting_that_names_no_engine_is_refused(engine):
    with pytest.raises(Terminal) as caught:
        load(engine)
    assert caught.value.reason == "engine_unknown"


def test_a_missing_engine_names_the_command():
    with pytest.raises(Terminal) as caught:
        find_mentions(TEXT, words(TEXT), sentences(TEXT), "spacy:no_such_pipeline")
    assert caught.value.reason == "engine_missing"
    assert "python -m spacy download no_such_pipeline" in caught.value.message


@pytest.mark.filterwarnings("ignore")
def test_a_spacy_pipeline_is_read_with_our_corrections(tmp_path):
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Amara Okafor"},
            {"label": "ORG", "pattern": "the Lumen Torvald"},
            {"label": "GPE", "pattern": "Nordhaven"},
        ]
    )
    pipeline.to_disk(tmp_path / "pipeline")
    engine = f"spacy:{tmp_path / 'pipeline'}"
    mentions, entities = find_mentions(TEXT, words(TEXT), sentences(TEXT), engine)
    names = {entity.key: entity.name for entity in entities}
    assert [(m.surface, m.label, names[m.entity]) for m in mentions] == [
        ("Amara Okafor", "PERSON", "Amara Okafor"),
        ("Lumen Torvald", "ORG", "Lumen Torvald"),
        ("Okafor", "PERSON", "Amara Okafor"),
        ("Nordhaven", "PLACE", "Nordhaven"),
    ]
    assert load(engine).label == "spacy:en_pipeline 0.0.0"
