"""The benchmark of polling measures: one small run, every source asked once and nothing but its state written."""

from tests.bench.bench_poll import main


def test_unchanged_sources_are_asked_once_each(capsys):
    told = main(["--sources", "20", "--rounds", "1"])
    assert told["requests_per_source"] == 1 and told["client_ms"] > 0
    assert '"sources": 20' in capsys.readouterr().out
