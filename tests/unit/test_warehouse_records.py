"""Records ↔ Arrow ↔ Parquet: what is written is read back equal, and a file is whole or not there."""

import resource
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pyarrow as pa
import pytest

from warehouse import model
from warehouse.records import from_table, read_records, schema_of, to_table, write_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    name: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    text: str | None
    number: int
    share: float | None
    flag: bool
    body: bytes
    day: date
    at: datetime | None
    words: tuple[str, ...]
    counts: Mapping[str, int]
    inner: Inner | None
    many: tuple[Inner, ...]


FULL = Outer(
    text="naïve \x00 🙂",
    number=-(2**63),
    share=0.1,
    flag=True,
    body=b"\xff\x00",
    day=date(1, 1, 1),
    at=datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC),
    words=("a", ""),
    counts={"known": 2, "too_old": 0},
    inner=Inner(name="x", day=date(2026, 2, 28)),
    many=(Inner(name="y"), Inner(name="z", day=date(9999, 12, 31))),
)
EMPTY = Outer(
    text=None,
    number=0,
    share=None,
    flag=False,
    body=b"",
    day=date(2026, 1, 1),
    at=None,
    words=(),
    counts={},
    inner=None,
    many=(),
)


@pytest.mark.parametrize("rows", [[], [FULL], [EMPTY, FULL]], ids=["none", "one", "two"])
def test_what_is_written_is_read_back(tmp_path, rows):
    write_records(tmp_path / "a" / "b.parquet", Outer, rows)
    assert read_records(tmp_path / "a" / "b.parquet", Outer) == rows


def test_the_types_are_there_even_without_rows():
    schema = to_table(Outer, []).schema
    assert schema == schema_of(Outer)
    assert schema.field("at").type == pa.timestamp("us", tz="UTC")
    assert [f.name for f in schema if not f.nullable] == "number flag body day words counts many".split()


def test_a_time_of_another_zone_is_the_same_instant():
    told = datetime(2026, 11, 23, 14, tzinfo=timezone(timedelta(hours=2)))
    (row,) = from_table(Outer, to_table(Outer, [replace(FULL, at=told)]))
    assert row.at == told and row.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("record", model.TABLES.values(), ids=model.TABLES)
def test_every_table_has_an_arrow_schema(record):
    assert from_table(record, to_table(record, [])) == []


def test_a_write_that_fails_leaves_the_old_file_and_no_partial(tmp_path):
    path = tmp_path / "x.parquet"
    write_records(path, Inner, [Inner(name="old")])
    many = [Inner(name=f"{number * 7919:x}") for number in range(50_000)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OSError):
            write_records(path, Inner, many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_records(path, Inner) == [Inner(name="old")]
    assert [each.name for each in tmp_path.iterdir()] == ["x.parquet"]


def test_a_record_that_does_not_fit_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(pa.ArrowException):
        write_records(tmp_path / "x.parquet", Inner, [Inner(name=7)])
    assert list(tmp_path.iterdir()) == []
