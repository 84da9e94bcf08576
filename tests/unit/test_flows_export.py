"""The export of captures: one record each, the bytes once, in the order of time, whole or not at all."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from flows.export import Exported, export_captures
from flows.settings import ArchiveSettings, Settings
from tasks.errors import Terminal
from warehouse import captures, model, store
from warehouse.digests import describe
from warehouse.records import to_table


def capture(url: str, hour: int, body: bytes, **more) -> tuple[model.Capture, bytes]:
    told = {"run_id": "run", "source_id": "gazette", "kind": "page", "status": 200, "content_type": "text/html"} | more
    row = model.Capture(
        capture_id="",
        url=url,
        final_url=url,
        fetched_at=datetime(2026, 11, 20 + hour // 24, hour % 24, tzinfo=UTC),
        sha256="",
        size_bytes=0,
        path="",
        **told,
    )
    return describe(row, body), body


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A published archive of six captures, three of them of the same bytes."""
    settings = Settings(archive=ArchiveSettings(data_folder=tmp_path / "data"))
    rows = captures.store(
        settings.captures,
        "run-00001",
        [
            capture("https://gazette.example/same?b", 30, b"<p>same"),
            capture("https://gazette.example/same", 9, b"<p>same"),
            capture("https://gazette.example/other", 12, b"<p>other"),
            capture("https://herald.example/same", 50, b"<p>same", source_id="herald"),
            capture("https://herald.example/feed-text", 51, b"<p>feed", kind="fragment", status=None),
            capture("file:///texts/a.txt", 52, b"date 2026-11-20", kind="text", status=None, content_type=None),
        ],
    )
    with store.writer(settings.data_folder, holder="test") as connection:
        connection.register("rows", to_table(model.Capture, rows))
        connection.execute("INSERT INTO captures BY NAME SELECT * FROM rows")
    store.publish(settings.data_folder, holder="test")
    return settings


def exported(settings: Settings, out: Path, **asked) -> tuple[Exported, list[tuple[str, str, str | None]]]:
    counts = export_captures(settings, out, **({"since": None, "until": None, "source_ids": []} | asked))
    with open(out, "rb") as file:
        found = [
            (each.headers["WARC-Type"], each.headers.get("WARC-Target-URI"), each.headers.get("WARC-Refers-To-Date"))
            for each in ArchiveIterator(file, parse_http=False)
        ]
    assert found[0][0] == "warcinfo"
    return counts, found[1:]


def test_bytes_that_were_served_at_three_addresses_are_written_once(settings, tmp_path):
    counts, found = exported(settings, tmp_path / "out.warc.gz")
    assert counts == Exported(records=6, revisits=2, missing=0)
    assert found == [
        ("response", "https://gazette.example/same", None),
        ("response", "https://gazette.example/other", None),
        ("revisit", "https://gazette.example/same?b", "2026-11-20T09:00:00Z"),
        ("revisit", "https://herald.example/same", "2026-11-20T09:00:00Z"),
        ("metadata", "https://herald.example/feed-text", None),
        ("resource", "file:///texts/a.txt", None),
    ]


def test_days_and_sources_are_chosen_and_the_first_of_these_has_the_bytes(settings, tmp_path):
    _, found = exported(settings, tmp_path / "out.warc.gz", since=date(2026, 11, 21), until=date(2026, 11, 21))
    assert found == [("response", "https://gazette.example/same?b", None)]
    _, found = exported(settings, tmp_path / "out.warc.gz", source_ids=["herald"])
    assert found == [("response", "https://herald.example/same", None)]


def test_captures_without_their_bytes_are_counted_and_left_out(settings, tmp_path):
    for path in settings.captures.glob("day=2026-11-20/*"):
        path.unlink()
    counts, found = exported(settings, tmp_path / "out.warc.gz")
    assert counts.missing + counts.records == 6 and counts.missing >= 1
    assert "https://gazette.example/other" not in {url for _, url, _ in found}


def test_a_fault_leaves_no_half_of_a_file(settings, tmp_path, monkeypatch):
    out = tmp_path / "out.warc.gz"
    out.write_bytes(b"as it was")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.export.capture_record", full)
    with pytest.raises(Terminal) as caught:
        exported(settings, out)
    assert caught.value.reason == "disk_full" and str(out) in caught.value.message
    assert out.read_bytes() == b"as it was" and list(tmp_path.glob(".out*")) == []


def test_a_name_that_says_nothing_is_refused(settings, tmp_path):
    with pytest.raises(Terminal) as caught:
        exported(settings, tmp_path / "out.zip")
    assert caught.value.reason == "export_name"
