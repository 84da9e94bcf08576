"""Archives read by a real `dateline backfill`, in two goes, and written out again."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.export import export_captures
from flows.settings import load_settings
from tasks.errors import Terminal
from tasks.warc import WarcRecord, WarcSkip, read_page, records
from tests.integration.demoweb import dateline
from tests.unit.test_warc import record

TOPICS = ("ferry", "harbour", "library", "lighthouse", "market", "orchard", "quarry")


def text(topic: str) -> str:
    """An article of its own: whoever reads two of them finds no copy."""
    return "\n\n".join(
        f"The {topic} council of {topic}stead met on the {place} of November and voted for a new {topic} {what}, "
        f"which the mayor of {topic}ham called {how}; {topic} keepers from {topic}ton spoke against it until midnight."
        for place, what, how in (("third", "road", "overdue"), ("ninth", "roof", "too dear"), ("last", "lamp", "small"))
    )


def page(topic: str) -> bytes:
    paragraphs = "".join(f"<p>{part}</p>" for part in text(topic).split("\n\n"))
    return f"<html lang=en><title>Of the {topic}</title><article><h1>Of the {topic}</h1>{paragraphs}</article>".encode()


def in_warc(topic: str, day: int, *, says: str = "", **more) -> bytes:
    url = f"https://gazette.example/{topic}".encode()
    return gzip.compress(record(page(says or topic), url=url, date=f"2016-08-{day:02d}T09:30:00Z".encode(), **more))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two web archives, one of them damaged, and a file of JSON, none read yet."""
    folder = tmp_path / "archive"
    (folder / "crawls" / "2016").mkdir(parents=True)
    parts = [in_warc(topic, day) for day, topic in enumerate(TOPICS[:4], start=26)]
    parts[1] = parts[1][:200] + bytes(20) + parts[1][220:]
    (folder / "crawls" / "2016" / "CC-NEWS-1.warc.gz").write_bytes(b"".join(parts))
    revisit = in_warc("ferry", 28, kind=b"revisit")
    missing = in_warc("quay", 28, header=b"HTTP/1.1 404 Not Found\r\n")
    older, newer = in_warc("ferry", 25, says="bakery"), in_warc("library", 31, says="museum")
    (folder / "crawls" / "CC-NEWS-2.warc.gz").write_bytes(in_warc("market", 30) + revisit + missing + older + newer)
    line = {
        "url": "https://herald.example/orchard",
        "text": text("orchard"),
        "title": "An orchard",
        "authors": ["A. B."],
    }
    (folder / "stored").mkdir()
    (folder / "stored" / "a.jsonl").write_text(json.dumps(line | {"published": "2016-08-27"}) + "\n{\n")
    (folder / "sources.toml").write_text(
        '[[source]]\nid = "crawls"\nkind = "warc"\nurl = "crawls"\nenabled = false\n\n'
        '[[source]]\nid = "stored"\nkind = "folder"\nurl = "stored"\n\n'
        '[[source]]\nid = "news"\nurl = "https://gazette.example/feed"\n'
    )
    (folder / "dateline.toml").write_text("")
    return folder


def test_archives_are_read_to_their_end_in_two_goes_and_written_out_again(archive, environment):
    first = dateline("backfill", "crawls", "stored", "--most", "1", environment=environment, cwd=archive)
    assert first.returncode == 0, first.stderr
    assert first.stdout.count(" 1 landed") == first.stdout.count("backfill ") == 1
    second = dateline("backfill", "crawls", "stored", environment=environment, cwd=archive)
    assert second.returncode == 0, second.stderr
    with duckdb.connect(archive / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        warehouse.execute("SET TimeZone = 'UTC'")
        found = dict(warehouse.execute("SELECT canonical_url, CAST(first_seen_at AS VARCHAR) FROM articles").fetchall())
        assert {url.rsplit("/", 1)[1] for url in found} == {"ferry", "library", "lighthouse", "market", "orchard"}
        assert found["https://gazette.example/market"] == "2016-08-30 09:30:00+00"
        told = "SELECT title, authors, CAST(published_at AS VARCHAR), text FROM articles WHERE source_id = 'stored'"
        (orchard,) = warehouse.execute(told).fetchall()
        assert orchard == ("An orchard", ["A. B."], "2016-08-27 00:00:00+00", text("orchard"))
        dropped: dict[str, int] = {}
        for (reasons,) in warehouse.execute("SELECT dropped_by_reason FROM runs WHERE flow = 'backfill'").fetchall():
            dropped |= {reason: dropped.get(reason, 0) + count for reason, count in reasons.items()}
        assert dropped.pop("source_postponed") == 1  # the second source had no turn in the first go
        assert dropped == {
            "archive_damaged": 1, "known": 1, "http_404": 1, "json_line_invalid": 1, "older_version": 1
        }  # fmt: skip
        assert warehouse.execute("SELECT count(*) FROM captures WHERE status = 200").fetchall() == [(6,)]
        changed = "SELECT canonical_url, revision, text FROM articles WHERE revision > 1"
        assert warehouse.execute(changed).fetchall() == [("https://gazette.example/library", 2, text("museum"))]

    out = archive / "out.warc.gz"
    settings = load_settings(archive)
    exported = export_captures(settings, out, since=None, until=None, source_ids=["crawls"])
    assert (exported.records, exported.revisits, exported.missing) == (6, 0, 0)
    items = list(records(out))
    told = ["ferry", "ferry", "library", "lighthouse", "market", "library"]
    assert [item.url.rsplit("/", 1)[1] for item in items] == told
    for item, says in zip(items, ["bakery", *told[1:5], "museum"], strict=True):
        again = read_page(out, item.offset)
        assert again.body == page(says) and again.fetched_at == item.fetched_at
    assert items[0].fetched_at == datetime(2016, 8, 25, 9, 30, tzinfo=UTC)
    days = export_captures(settings, out, since=date(2016, 8, 28), until=date(2016, 8, 29), source_ids=[])
    assert days.records == 2 and all(isinstance(item, WarcRecord | WarcSkip) for item in records(out))
    with pytest.raises(Terminal) as caught:
        export_captures(settings, archive / "out.zip", since=None, until=None, source_ids=[])
    assert caught.value.reason == "export_name"
    assert sorted(each.name for each in archive.iterdir() if "out" in each.name) == ["out.warc.gz"]
