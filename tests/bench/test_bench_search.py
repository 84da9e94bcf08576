"""The benchmark of the search measures: one small run, every query answered and SQLite beside it."""

from tests.bench.bench_search import main


def test_every_query_is_measured(capsys):
    told = main(["--articles", "300", "--words", "20"])
    assert told["dateline"].keys() >= told["sqlite fts5"].keys() - {"file_bytes"}
    assert told["dateline"]["index_bytes_per_article"] >= 0 and told["dateline"]["compacted_rows"] > 0
    assert "two of the commonest" in capsys.readouterr().out
