"""The training of the model of names, on a few sentences of our own: it learns them, and spans survive the joining."""

import json

import pytest

pytest.importorskip("scipy", reason="the bench group is not installed")

from tests.bench import train_names as bench  # noqa: E402

SENTENCES = [
    (["Amara", "Okafor", "left", "Nordhaven", "."], ["B-PER", "I-PER", "O", "B-LOC", "O"]),
    (["Shares", "in", "Torvald", "Mining", "fell", "."], ["O", "O", "B-ORG", "I-ORG", "O", "O"]),
    (["(", "Lumen", "'s", "chairman", ")"], ["O", "B-ORG", "O", "O", "O"]),
]


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "wikigold.jsonl"
    rows = [{"doc": f"d{n % 10}", "tokens": tokens, "tags": tags} for n in range(10) for tokens, tags in SENTENCES]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return list(bench.read_set(path))


def test_gold_spans_lie_on_the_joined_text(labelled):
    assert len(labelled) == 10
    named = {(labelled[0].text[start:end], label) for start, end, label in labelled[0].gold}
    assert named == {
        ("Amara Okafor", "PERSON"),
        ("Nordhaven", "PLACE"),
        ("Torvald Mining", "ORG"),
        ("Lumen", "ORG"),
    }
    assert "(Lumen's chairman)" in labelled[0].text


def test_the_model_learns_what_it_is_shown(labelled):
    examples = [bench.example_of(each) for each in labelled]
    counts = bench.judge(bench.fit(examples), examples)
    assert counts["PERSON hit"] == counts["PERSON gold"] == 10
    assert counts["ORG hit"] == counts["ORG gold"] == 20
