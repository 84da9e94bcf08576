"""Rows on stdout in each form; what comes from a page cannot steer the terminal."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from flows.output import Format, write_rows
from tests.contracts.code import ROOT

NAMES = ("id", "title", "tags", "at", "day", "share", "none")
ROWS = [
    ("a", 'Comma, "quote"\nline', ["x", "y"], datetime(2026, 11, 23, 12, tzinfo=UTC), date(2026, 11, 23), 0.5, None),
    ("b", "[bold]not markup[/bold] 🙂", [], datetime(2026, 11, 24, tzinfo=UTC), date(2026, 11, 24), 1.0, None),
]


def told(capsys: pytest.CaptureFixture[str], format: Format, names=NAMES, rows=ROWS) -> str:
    write_rows(names, rows, format)
    return capsys.readouterr().out


def test_csv_can_be_read_back(capsys):
    first, *others = csv.reader(io.StringIO(told(capsys, Format.csv)))
    assert tuple(first) == NAMES
    assert others[0] == ["a", ROWS[0][1], '["x", "y"]', "2026-11-23 12:00:00+00:00", "2026-11-23", "0.5", ""]


def test_json_can_be_read_back(capsys):
    found = json.loads(told(capsys, Format.json))
    assert [tuple(row) for row in found] == [NAMES, NAMES]
    assert found[0]["title"] == ROWS[0][1] and found[0]["tags"] == ["x", "y"] and found[0]["none"] is None
    assert found[0]["at"] == "2026-11-23T12:00:00+00:00" and found[0]["day"] == "2026-11-23"


def test_json_of_an_interval_and_of_bytes_is_text(capsys):
    found = json.loads(told(capsys, Format.json, ("after", "body"), [(timedelta(hours=1), b"x")]))
    assert found == [{"after": "1:00:00", "body": "b'x'"}]


def test_no_rows_are_no_fault(capsys):
    assert told(capsys, Format.csv, rows=[]) == ",".join(NAMES) + "\n"
    assert json.loads(told(capsys, Format.json, rows=[])) == []
    assert "id" in told(capsys, Format.table, rows=[])


def test_a_table_shows_text_as_it_is_and_lists_joined(capsys):
    table = told(capsys, Format.table)
    assert "[bold]not markup[/bold] 🙂" in table and "x, y" in table and "None" not in table


def test_a_table_neutralises_what_would_steer_the_terminal(capsys):
    hostile = "a\x1b[2J\x1b]0;owned\x07b\rc\x9b31md\u202ee\x00"
    table = told(capsys, Format.table, ("title", "tags"), [(hostile, [hostile])])
    assert not set(table) & set("\x1b\x07\r\x9b\x00\u202e")
    assert "a�[2J" in table


def test_a_hostile_column_name_is_neutralised(capsys):
    assert "\x1b" not in told(capsys, Format.table, ("x\x1b[2J",), [("y",)])


def test_parquet_goes_to_a_pipe_whole():
    code = (
        "from datetime import *; from flows.output import *\n"
        "rows = [('a', datetime(2026, 11, 23, tzinfo=UTC), ['x']), ('b', None, [])]\n"
        "write_rows(('id', 'at', 'tags'), rows, Format.parquet)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    rows = pq.read_table(io.BytesIO(done.stdout)).to_pylist()
    assert [row["id"] for row in rows] == ["a", "b"] and rows[0]["tags"] == ["x"] and rows[1]["at"] is None
    assert rows[0]["at"] == datetime(2026, 11, 23, tzinfo=UTC)


def test_parquet_without_rows_keeps_its_columns():
    code = "from flows.output import *; write_rows(('id', 'at'), [], Format.parquet)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert pq.read_table(io.BytesIO(done.stdout)).column_names == ["id", "at"]
