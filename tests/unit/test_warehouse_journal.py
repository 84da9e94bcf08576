"""The journal: what was appended is there after any death of the process, and nothing that is half there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    number: int
    at: datetime
    words: tuple[str, ...] = ()


LINES = [
    (Line(number=1, at=datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC), words=("naïve", "\n")), b"\x00body"),
    (Line(number=2, at=datetime(2026, 11, 23, 13, tzinfo=UTC)), None),
    (Line(number=3, at=datetime(2026, 11, 23, 14, tzinfo=UTC)), b""),
    (Line(number=4, at=datetime(2026, 11, 23, 15, tzinfo=UTC)), b"x" * 9_000),
]
WITH_BODIES = [pair for pair in LINES if pair[1] is not None]


def opened(path: Path, is_whole=lambda line, body: True) -> Journal[Line]:
    return Journal(path, Line, is_whole)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stage" / "1.journal"
    with opened(path) as journal:
        for line, body in LINES:
            journal.append(line, body)
        assert list(journal.bodies()) == WITH_BODIES
    return path


def test_it_is_read_back_and_goes_on(path: Path):
    with opened(path) as journal:
        assert journal.records == [line for line, _ in LINES] and list(journal.bodies()) == WITH_BODIES
        journal.append(*LINES[0])
    with opened(path) as journal:
        assert len(journal.records) == 5 and list(journal.bodies()) == [*WITH_BODIES, LINES[0]]


@pytest.mark.parametrize("left", [0, 1, 15, 16, 40, -9_001, -8_000, -1])
def test_a_torn_end_is_cut_off_and_written_over(path: Path, left: int):
    whole = path.read_bytes()
    path.write_bytes(whole[:left])
    with opened(path) as journal:
        kept = len(journal.records)
        assert journal.records == [line for line, _ in LINES[:kept]] and kept == (3 if left < 0 else 0)
        for line, body in LINES[kept:]:
            journal.append(line, body)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("rest", [bytes(5_000), b"dlj1" + b"\xff" * 12, b"dlj1" + bytes(12), b"no journal at all" * 9])
def test_what_a_lost_page_of_the_disk_leaves_is_no_record(path: Path, rest: bytes):
    whole = path.read_bytes()
    path.write_bytes(whole + rest)
    with opened(path) as journal:
        assert journal.records == [line for line, _ in LINES]
    assert path.read_bytes() == whole


def test_a_record_that_does_not_pass_ends_it(path: Path):
    with opened(path, lambda line, body: line.number < 3) as journal:
        assert [line.number for line in journal.records] == [1, 2]


def test_it_is_gone_when_it_is_removed(path: Path):
    journal = opened(path)
    journal.remove()
    journal.remove()
    assert not path.exists()
