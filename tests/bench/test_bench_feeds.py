"""The feed benchmark measures: one round over two feeds that are made here."""

import gzip
from unittest.mock import patch

import pytest

from tasks.feed.quick import Parsed
from tests.bench import bench_feeds

FEED = (
    b"<rss version='2.0'><channel><title>Wire</title><item><title>Sea wall</title><link>https://w.test/1</link></item>"
    b"</channel></rss>"
)


def test_equal_feeds_and_their_rates(tmp_path, capsys):
    (tmp_path / "a.xml").write_bytes(FEED)
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(b"<!DOCTYPE rss>" + FEED))
    assert bench_feeds.main([str(tmp_path), "--rounds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "2 feeds" in printed and "1 of 2 answered by the quick reader; 0 differ" in printed


def test_a_difference_is_named(tmp_path, capsys):
    (tmp_path / "a.xml").write_bytes(FEED)
    wrong = Parsed(version="rss20", feed={"title": "Wire"}, entries=[{"title": "Sea well", "link": "https://w.test/1"}])
    with patch.object(bench_feeds, "read_quickly", lambda document: wrong):
        assert bench_feeds.main([str(tmp_path), "--rounds", "1"]) == 1
    assert "entry 0 title: 'Sea well' | 'Sea wall'" in capsys.readouterr().out


def test_a_folder_without_feeds_is_refused(tmp_path):
    with pytest.raises(SystemExit):
        bench_feeds.main([str(tmp_path)])
