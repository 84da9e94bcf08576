"""Waiting, remembering and the words for faults: the parts of politeness that need no server."""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.errors import Transient
from tasks.web.politeness import HostGate, HostRecord, HostStore, backoff_seconds, retry_after_seconds
from tasks.web.records import REASONS, WebRequest, fault, status_fault

NOW = datetime(2026, 11, 24, 8, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("Tue, 24 Nov 2026 08:01:30 GMT", 90.0), ("Tue, 24 Nov 2026 07:00:00 GMT", 0.0),
        ("Tuesday, 24-Nov-26 08:00:10 GMT", 10.0), (None, None), ("", None), ("soon", None), ("-5", None),
        ("1e9", None), ("99999999999999", None), ("Tue, 99 Nov 2026 99:99:99 GMT", None), ("²", None),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None):
    assert retry_after_seconds(value, NOW) == seconds


def test_backoff_grows_to_its_cap_and_is_jittered():
    waits = [[backoff_seconds(n, base_seconds=1, cap_seconds=10) for _ in range(200)] for n in (1, 2, 3, 9, 5_000)]
    for seconds, ceiling in zip(waits, (1, 2, 4, 10, 10), strict=True):
        assert ceiling / 2 < max(seconds) <= ceiling and min(seconds) < ceiling / 2


def test_a_record_survives_and_strangers_do_not(tmp_path: Path):
    store = HostStore(tmp_path / "hosts")
    record = HostRecord(host="http://a:80", robots_status=200, robots_text="User-agent: \u00e9\n", last_request_at=5.0)
    store.save(record)
    assert HostStore(tmp_path / "hosts").load("http://a:80") == record
    assert store.load("http://b:80") == HostRecord(host="http://b:80")
    (file,) = (tmp_path / "hosts").iterdir()
    good = json.loads(file.read_text())
    for bad in (
        "", "[]", "{", "[" * 100_000, json.dumps({**good, "version": 2}), json.dumps({**good, "host": "http://z:80"}),
        json.dumps({**good, "extra": 1}), json.dumps({**good, "last_request_at": time.time() + 9_999}),
        json.dumps({**good, "last_request_at": "x"}), json.dumps({**good, "robots_text": None}),
        json.dumps({**good, "robots_fetched_at": True}), json.dumps({**good, "last_request_at": float("nan")}),
    ):  # fmt: skip
        file.write_text(bad)
        assert store.load("http://a:80") == HostRecord(host="http://a:80")
    file.write_bytes(b"\xff\xfe")
    assert store.load("http://a:80") == HostRecord(host="http://a:80")
    store.save(record)
    assert store.load("http://a:80") == record and store.faults == []


def test_a_folder_that_cannot_be_written_is_told_not_raised(tmp_path: Path):
    (tmp_path / "hosts").write_text("a file where a folder should be")
    store = HostStore(tmp_path / "hosts")
    store.save(HostRecord(host="http://a:80"))
    store.load("http://a:80")
    assert len(store.faults) == 2
    HostStore(None).save(HostRecord(host="http://a:80"))


def test_the_gate_counts_the_gap_from_the_answer_and_obeys_a_hold():
    async def run() -> list[float]:
        gate = HostGate(slots=1, gap_seconds=0.1, quiet_seconds=0.05)
        everyone, began = asyncio.Semaphore(1), time.monotonic()
        starts = []
        async with gate.turn(everyone):
            starts.append(time.monotonic() - began)
            await asyncio.sleep(0.1)
            gate.touch()
        async with gate.turn(everyone):
            starts.append(time.monotonic() - began)
            gate.hold(0.3)
        async with gate.turn(everyone):
            starts.append(time.monotonic() - began)
        return starts

    first, second, third = asyncio.run(run())
    assert 0.04 < first and second - first >= 0.2 and third - second >= 0.3


def test_every_reason_names_the_thing_and_carries_its_kind():
    for reason, (transient, _) in REASONS.items():
        error = fault(reason, "http://a/x", "detail" * 100)
        assert (error.reason, isinstance(error, Transient)) == (reason, transient)
        assert error.message.startswith("http://a/x: ") and len(error.message) < 400
    kinds = {404: False, 410: False, 403: False, 204: False, 408: True, 429: True, 500: True, 521: True}
    for status, transient in kinds.items():
        error = status_fault(status, "http://a/x")
        assert (error.reason, isinstance(error, Transient)) == (f"http_{status}", transient)


def test_a_request_has_a_known_purpose():
    with pytest.raises(ValueError, match="purpose"):
        WebRequest(url="http://a/", key="a", purpose="image")
