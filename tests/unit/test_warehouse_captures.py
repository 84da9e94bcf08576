"""Stored bytes: by day, once, found again, and missing without a fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pyarrow.parquet as pq

from tests.contracts.handmade import NOON
from warehouse import captures, model
from warehouse.digests import describe


def captured(url: str, body: bytes, at: datetime = NOON) -> tuple[model.Capture, bytes]:
    plain = model.Capture(
        capture_id="",
        run_id="run",
        source_id="s",
        kind="page",
        url=url,
        final_url=url,
        fetched_at=at,
        sha256="",
        size_bytes=0,
        path="",
    )
    return describe(plain, body), body


def test_bytes_are_found_again_by_the_id_of_their_capture(tmp_path):
    items = [captured("https://a.example/1", b"\x00one"), captured("https://a.example/2", b"")]
    stored = captures.store(tmp_path, "run-1", items)
    assert [c.path for c in stored] == ["day=2026-11-23/run-1.parquet"] * 2
    assert captures.load(tmp_path, stored) == {c.capture_id: body for c, body in items}


def test_the_day_is_that_of_utc(tmp_path):
    late = datetime(2026, 11, 24, 1, tzinfo=timezone(timedelta(hours=2)))
    later = late + timedelta(hours=1)
    items = [captured("https://a.example/1", b"1", late), captured("https://a.example/2", b"2", later)]
    assert [c.path.split("/")[0] for c in captures.store(tmp_path, "r", items)] == ["day=2026-11-23", "day=2026-11-24"]


def test_the_same_bytes_are_stored_once_and_found_under_both_captures(tmp_path):
    items = [captured("https://a.example/1", b"same"), captured("https://b.example/2", b"same")]
    stored = captures.store(tmp_path, "r", items)
    assert pq.read_table(tmp_path / stored[0].path).num_rows == 1
    assert list(captures.load(tmp_path, stored).values()) == [b"same", b"same"]
    assert stored[0].capture_id != stored[1].capture_id


def test_what_is_gone_is_missing_and_no_fault(tmp_path):
    (kept,) = captures.store(tmp_path, "kept", [captured("https://a.example/1", b"kept")])
    (lost,) = captures.store(tmp_path, "lost", [captured("https://a.example/2", b"lost")])
    (tmp_path / lost.path).unlink()
    other = replace(kept, capture_id="x", sha256="of bytes that are not there")
    assert captures.load(tmp_path, [kept, lost, other]) == {kept.capture_id: b"kept"}


def test_a_step_done_again_writes_over_its_own_file(tmp_path):
    captures.store(tmp_path, "r", [captured("https://a.example/1", b"first")])
    (again,) = captures.store(tmp_path, "r", [captured("https://a.example/1", b"second")])
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["r.parquet"]
    assert captures.load(tmp_path, [again]) == {again.capture_id: b"second"}


def test_a_capture_is_named_by_run_address_and_bytes():
    (one, _), (same, _), (other, _) = (captured("https://a.example/", body) for body in (b"x", b"x", b"y"))
    assert one == same and one.capture_id != other.capture_id and one.size_bytes == 1
    assert one.fetched_at == NOON.astimezone(UTC)


def test_bytes_that_are_there_already_are_named_and_not_stored_again(tmp_path):
    (before,) = captures.store(tmp_path, "before", [captured("https://a.example/1", b"known")])
    items = [captured("https://b.example/2", b"known"), captured("https://b.example/3", b"new")]
    again = captures.store(tmp_path, "r", items, {before.sha256: before.path})
    assert [c.path for c in again] == [before.path, "day=2026-11-23/r.parquet"]
    assert pq.read_metadata(tmp_path / again[1].path).num_rows == 1
    assert set(captures.load(tmp_path, again).values()) == {b"known", b"new"}
    assert captures.missing(tmp_path, ["day=2026-11-23/gone.parquet", before.path]) == {"day=2026-11-23/gone.parquet"}


def test_nothing_is_in_its_place_before_the_writer_has_finished_nor_left_where_it_has_not(tmp_path):
    with captures.CaptureWriter(tmp_path, "r") as writer:
        (stored,) = [writer.add(*captured("https://a.example/1", b"x" * 9_000_000))]
        assert not (tmp_path / stored.path).exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_archive_that_spans_more_days_than_are_open_at_once(tmp_path):
    days = [NOON - timedelta(days=number) for number in (*range(40), *range(40))]
    items = [captured(f"https://a.example/{n}", str(n).encode(), at) for n, at in enumerate(days)]
    stored = captures.store(tmp_path, "r", items)
    assert captures.load(tmp_path, stored) == {capture.capture_id: body for capture, body in items}
