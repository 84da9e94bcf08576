"""Web archives: what is read from good, odd, damaged and hostile ones, and that what is written is read back."""

import gzip
import hashlib
import random
import resource
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from fastwarc.warc import ArchiveIterator

from tasks.errors import Terminal
from tasks.warc import (
    ArchivedCapture,
    WarcRecord,
    WarcSkip,
    capture_record,
    info_record,
    read_page,
    records,
    revisit_record,
)
from tasks.warc import read as room

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
PAGE = b"<html><p>The ferry sails again.</p></html>"


def record(
    payload: bytes = PAGE,
    *,
    header: bytes = HTML,
    kind: bytes = b"response",
    url: bytes = b"https://gazette.example/1",
    more: bytes = b"",
    length: int | None = None,
    date: bytes = b"2016-08-26T12:00:00Z",
) -> bytes:
    """One record as a crawler writes it, by hand, so that it can be wrong."""
    block = header + b"\r\n" + payload if header else payload
    mime = b"application/http; msgtype=response" if header else b"text/html"
    return (
        b"WARC/1.0\r\nWARC-Type: " + kind + b"\r\nWARC-Target-URI: " + url + b"\r\nWARC-Date: " + date + b"\r\n"
        b"WARC-Record-ID: <urn:uuid:8f0b1c52-5c2e-4a57-9d0c-8f1f6f0c2d11>\r\nContent-Type: " + mime + b"\r\n"
        + more + b"Content-Length: %d\r\n\r\n" % (len(block) if length is None else length) + block + b"\r\n\r\n"
    )  # fmt: skip


def write(path: Path, *parts: bytes) -> Path:
    """A file of records, each compressed by itself where the name says so."""
    path.write_bytes(b"".join(gzip.compress(part) if path.suffix == ".gz" else part for part in parts))
    return path


def found(path: Path, start: int = 0) -> list[str]:
    """What an archive gives: addresses, reasons in brackets, faults with an exclamation mark."""
    told = []
    for item in records(path, start):
        if isinstance(item, WarcRecord):
            told.append(item.url.removeprefix("https://gazette.example/"))
        else:
            told.append(f"({item.reason})" if isinstance(item, WarcSkip) else f"!{item.reason}")
    return told


def numbered(number: int, **more) -> bytes:
    return record(url=b"https://gazette.example/%d" % number, **more)


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / request.param


def test_pages_are_told_from_what_is_none(path):
    write(
        path,
        record(b"software: x", header=b"", kind=b"warcinfo"),
        numbered(1),
        record(b"GET / HTTP/1.1\r\n\r\n", header=b"", kind=b"request"),
        numbered(2, header=b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"),
        numbered(3, header=b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"),
        numbered(4, header=b"HTTP/1.1 301 Moved\r\n"),
        numbered(5, kind=b"revisit"),
        record(b"20160826", header=b"", kind=b"resource", url=b"dns:gazette.example"),
        record(header=b"", kind=b"resource", url=b"https://gazette.example/6"),
        numbered(7, more=b"WARC-Truncated: length\r\n"),
        numbered(8, header=b"HTTP/1.1 200 OK\r\nContent-Type: Application/XHTML+XML;charset=x\r\n"),
        numbered(9, header=b"no header at all\r\n"),
        record(PAGE, kind=b"conversion", header=b""),
        numbered(10, header=b"HTTP/1.1 200 OK\r\n", more=b"WARC-Identified-Payload-Type: text/html\r\n"),
        record(url=b"<https://gazette.example/11>"),
    )
    assert found(path) == [
        "1",
        "(page_not_html)",
        "(http_404)",
        "(http_301)",
        "(known)",
        "(record_not_page)",
        "6",
        "(record_truncated)",
        "8",
        "(record_malformed)",
        "(record_not_page)",
        "10",
        "11",
    ]


@pytest.mark.parametrize("date", [b"", b"yesterday", b"1970-01-01T00:00:00Z", b"2999-01-01T00:00:00Z"])
def test_a_page_of_no_possible_time_is_malformed(path, date):
    assert found(write(path, record(date=date), numbered(2))) == ["(record_malformed)", "2"]


def test_a_page_is_read_from_its_own_place(path):
    write(path, numbered(1, payload=b"<p>one"), numbered(2, payload=b"<p>two"), numbered(3, payload=b"<p>three"))
    offsets = {item.url[-1]: item.offset for item in records(path)}
    page = read_page(path, offsets["2"])
    assert (page.body, page.status, page.content_type) == (b"<p>two", 200, "text/html; charset=utf-8")
    assert (page.url, page.fetched_at) == ("https://gazette.example/2", datetime(2016, 8, 26, 12, tzinfo=UTC))
    assert found(path, offsets["2"]) == ["2", "3"]
    assert found(path, offsets["2"] + 1) == ["1", "2", "3"], "no record begins there: it is another file by now"
    with pytest.raises(Terminal) as caught:
        read_page(path, offsets["2"] + 1)
    assert caught.value.reason == "record_gone" and str(path) in caught.value.message


def test_the_digest_is_the_one_told_else_that_of_the_payload(path):
    write(path, record(), record(more=b"WARC-Payload-Digest: sha1:TOLD\r\n"))
    assert [item.digest for item in records(path)] == [f"sha1:{hashlib.sha1(PAGE).hexdigest()}", "sha1:TOLD"]


CODED = {
    "gzip": (b"gzip", gzip.compress(PAGE)),
    "deflate": (b"deflate", zlib.compress(PAGE)),
    "brotli": (b"br", brotli.compress(PAGE)),
    "two": (b"gzip, br", brotli.compress(gzip.compress(PAGE))),
    "told but undone": (b"gzip", PAGE),
    "unknown but undone": (b"shrink", b"\xef\xbb\xbf\n" + PAGE),
}


@pytest.mark.parametrize("case", CODED)
def test_codings_are_undone(path, case):
    coding, payload = CODED[case]
    write(path, record(payload, header=HTML + b"Content-Encoding: " + coding + b"\r\n"), numbered(2))
    assert found(path) == ["1", "2"]
    assert read_page(path, 0).body.endswith(PAGE)


def test_chunks_are_joined(path):
    write(path, record(b"5\r\n<html\r\n1\r\n>\r\n0\r\n\r\n", header=HTML + b"Transfer-Encoding: chunked\r\n"))
    assert read_page(path, 0).body == b"<html>"


def test_what_cannot_be_decoded_is_told(path):
    write(path, record(b"\x00\x01garbage", header=HTML + b"Content-Encoding: gzip\r\n"))
    with pytest.raises(Terminal) as caught:
        read_page(path, 0)
    assert caught.value.reason == "bad_encoding"


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress])
def test_a_page_that_unpacks_beyond_the_bound_is_refused_in_little_memory(path, pack):
    coding = b"br" if pack is brotli.compress else b"gzip"
    write(path, record(pack(bytes(60_000_000)), header=HTML + b"Content-Encoding: " + coding + b"\r\n"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Terminal) as caught:
        read_page(path, 0)
    assert caught.value.reason == "decoded_too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "kilobytes"


def test_a_record_over_the_bound_is_passed_over_and_its_length_not_believed(path):
    write(path, numbered(1, length=10**18), numbered(2), record(bytes(room.RECORD_BYTES + 1)), numbered(3))
    assert found(path) == ["(record_too_large)", "2", "(record_too_large)", "3"]


def test_a_record_that_swallows_its_neighbours_is_dropped_and_they_are_found(path):
    write(path, numbered(1, length=1_000), numbered(2), numbered(3), numbered(4))
    assert found(path)[0] == "(record_malformed)" and {"2", "3", "4"} <= set(found(path))


def test_a_record_that_is_longer_than_it_says_costs_no_other(path):
    write(path, numbered(1, length=100), numbered(2))
    assert found(path) == ["1", "!archive_damaged", "2"]


@pytest.mark.parametrize("header", [b"X: " + b"y" * 200_000 + b"\r\n", b"X: y\r\n" * 40_000], ids=["long", "many"])
def test_headers_are_bounded(path, header):
    assert found(write(path, numbered(1, header=HTML + header), numbered(2))) == ["(record_malformed)", "2"]
    assert found(write(path, numbered(1, more=header), numbered(2))) == ["!archive_damaged", "2"]


def test_a_damaged_stretch_is_told_and_passed_over(path):
    rng = random.Random(7)
    parts = [numbered(number, payload=b"<p>" + rng.randbytes(3_000).hex().encode()) for number in range(6)]
    data = bytearray(write(path, *parts).read_bytes())
    offsets = [item.offset for item in records(path)]
    data[offsets[2] + 30 : offsets[2] + 400] = bytes(370)
    path.write_bytes(data)
    told = found(path)
    assert {"!archive_damaged", "(record_malformed)"} & set(told) and [each for each in told if each.isdigit()] == [
        "0",
        "1",
        "3",
        "4",
        "5",
    ]


@pytest.mark.parametrize("left", [0.5, 0.9])
def test_a_file_that_ends_too_early_gives_what_is_whole(path, left):
    data = write(path, numbered(1), numbered(2, payload=PAGE * 200)).read_bytes()
    path.write_bytes(data[: int(len(data) * left)])
    assert found(path)[0] == "1" and "2" not in found(path)


def test_a_file_compressed_as_a_whole_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(numbered(1) + numbered(2)))
    assert "!archive_not_by_record" in found(path)
    assert "fastwarc recompress" in [item for item in records(path) if isinstance(item, Terminal)][0].message


@pytest.mark.parametrize(
    "content", [b"", b"hello\n" * 100, b"%PDF-1.7" + bytes(5_000), gzip.compress(b"hello", mtime=0)]
)
def test_what_is_no_archive_has_no_pages(path, content):
    path.write_bytes(content)
    assert set(found(path)) <= {"!archive_damaged"}


def test_whatever_bytes_are_changed_reading_ends_without_another_fault(path):
    rng = random.Random(11)
    data = write(path, *(numbered(number) for number in range(4))).read_bytes()
    outcomes: Counter[str] = Counter()
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        path.write_bytes(broken)
        outcomes.update(found(path))
        for item in records(path):
            if isinstance(item, WarcRecord):
                try:
                    read_page(path, item.offset)
                except Terminal as error:
                    assert error.reason in {"bad_encoding", "record_gone"}
    assert sum(outcomes[str(number)] for number in range(4)) > 300


def test_an_archive_that_is_not_there_is_told(path):
    for read in (lambda: found(path), lambda: read_page(path, 0)):
        with pytest.raises(Terminal) as caught:
            read()
        assert caught.value.reason == "file_unreadable" and str(path) in caught.value.message


def capture(number: int, body: bytes, **more) -> ArchivedCapture:
    told = {
        "capture_id": f"capture-{number}",
        "url": f"https://gazette.example/{number}",
        "fetched_at": datetime(2026, 11, 23, 9, 30, number, 250_000, tzinfo=UTC),
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "sha256": hashlib.sha256(body).hexdigest(),
        "size_bytes": len(body),
    }
    return ArchivedCapture(**(told | more))


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "out.warc.gz"
    first, second = capture(1, PAGE), capture(2, PAGE)
    path.write_bytes(
        info_record(software="Dateline/1", written_at=first.fetched_at)
        + capture_record(first, PAGE)
        + revisit_record(second, first)
        + capture_record(capture(3, b"<p>words of a feed", status=None, is_feed_text=True), b"<p>words of a feed")
        + capture_record(capture(4, PAGE, status=None, content_type="text/html"), PAGE)
    )
    assert found(path) == ["1", "(known)", "4"]
    page = read_page(path, next(iter(records(path))).offset)
    assert (page.body, page.fetched_at, page.content_type) == (PAGE, first.fetched_at, first.content_type)
    with open(path, "rb") as file:
        written = [
            (each.headers["WARC-Type"], each.headers["WARC-Record-ID"], each.headers.get("WARC-Refers-To"))
            for each in ArchiveIterator(file, parse_http=False)
        ]
    assert [kind for kind, *_ in written] == ["warcinfo", "response", "revisit", "metadata", "resource"]
    assert written[2][2] == written[1][1], "the revisit names the record that has the bytes"


def test_an_address_or_a_type_cannot_leave_its_line(tmp_path):
    path = tmp_path / "out.warc.gz"
    hostile = capture(
        1, PAGE, url="https://gazette.example/é\r\nWARC-Type: x", content_type="text/html; a\r\nX: y\u2028"
    )
    path.write_bytes(capture_record(hostile, PAGE))
    (item,) = records(path)
    assert item.url == "https://gazette.example/%C3%A9%0D%0AWARC-Type:%20x"
    assert read_page(path, 0).body == PAGE
