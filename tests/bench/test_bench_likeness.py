"""The benchmarks of likeness and of growth measure: one tiny archive each, the real tasks on it."""

import json

import pytest

from tests.bench import bench_growth, bench_likeness


@pytest.fixture(autouse=True)
def few_phrases(monkeypatch):
    monkeypatch.setattr(bench_growth, "STOCK_PHRASES", 500)


def test_an_archive_grows_and_takes_batches_in(tmp_path, capsys):
    curve = bench_growth.main(
        "--articles 100,200 --per-day 20 --batch 20 --rounds 1 --folder".split() + [str(tmp_path)]
    )
    assert [each["articles"] for each in curve] == [100, 200]
    assert all(each["resemble_seconds"] > 0 and each["land_seconds"] > 0 for each in curve)
    assert "ratio_of_last_to_first" in json.loads(capsys.readouterr().out.splitlines()[-1])


def test_signing_and_looking_up_are_measured(tmp_path):
    told = bench_likeness.main(f"--articles 200 --documents 20 --folder {tmp_path}".split())
    assert told["archive"] == 200 and told["sign_and_look_up_per_cpu_second"] > 0
