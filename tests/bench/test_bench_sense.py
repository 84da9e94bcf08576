"""The benchmark of enriching measures, and sees a wrong span."""

import json
from dataclasses import replace

from tasks.sense.article import facts_of
from tests.bench import bench_sense

TEXT = "OSLO — Norway on Tuesday offered Kenya 40 cranes. “We will not wait,” Transport Minister Amara Okafor said."


def test_enriching_is_measured(tmp_path):
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"text": TEXT, "title": "Cranes", "published": "2026-11-03"}) + "\n")
    told = bench_sense.main([str(texts), "--articles", "3", "--save", str(tmp_path / "rows")])
    assert told["wrong_spans"] == 0 and told["rows"]["quotes"] == 3
    assert len(told["cpu_ms_per_document"]) == 12 and (tmp_path / "rows" / "mentions.parquet").exists()


def test_a_wrong_span_is_seen(tmp_path):
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"text": TEXT}) + "\n")
    (item,) = bench_sense.articles(texts, 1)
    facts = facts_of(item)
    assert bench_sense.wrong_spans(TEXT, facts) == []
    (first, *others) = facts.mentions
    for change in ({"surface": "Sweden"}, {"end_char": 10_000}, {"entity_id": "person:nobody"}):
        broken = replace(facts, mentions=(replace(first, **change), *others))
        assert len(bench_sense.wrong_spans(TEXT, broken)) == 1
