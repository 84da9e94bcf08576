"""A WARC file → the pages in it: first which there are, later the bytes of one.

Everything in the file is hostile: each record is bounded, a damaged stretch is told and passed over, and no record is
held in memory but the one at hand. Decides nothing about what a page says.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType
from fastwarc.warc import WarcRecord as Record

from tasks.errors import Terminal

RECORD_BYTES = 20_000_000  # of a record as stored, and of its page after decoding
HEADER_BYTES = 65_536  # of the WARC header and of the HTTP header, each
DAMAGES = 1_000  # damaged stretches of one file that are passed over; then it is given up

_GZIP = b"\x1f\x8b\x08"  # RFC 1952 section 2.3.1, with the one method that there is
_PLAIN = b"WARC/"
_INSIDE = b"\r\n\r\nWARC/1."
_SCANNED_BYTES = 1 << 20
_FIRST_YEAR = 1990  # the Web is no older
_HTML = ("text/html", "application/xhtml+xml")
#: All but what only describes other records: warcinfo, request and metadata.
_TYPES = (
    WarcRecordType.response
    | WarcRecordType.resource
    | WarcRecordType.revisit
    | WarcRecordType.conversion
    | WarcRecordType.continuation
    | WarcRecordType.unknown
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """A page in an archive, not read yet.

    ``offset`` is where its record begins in the file; ``digest`` is that of its payload, as the archive states it, else
    worked out: the same page is known by it again.
    """

    offset: int
    url: str
    fetched_at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSkip:
    """A record that holds no page to read, and why: a reason to count it under."""

    offset: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcPage:
    """The page of one record, its transfer and content codings undone."""

    url: str
    fetched_at: datetime
    status: int | None  # None = the record is a resource, which has none
    content_type: str | None
    body: bytes


def records(path: Path, start: int = 0) -> Iterator[WarcRecord | WarcSkip | Terminal]:
    """What the archive holds from the offset ``start`` on, in its order; warcinfo, request and metadata records, which
    only describe the others, are left out.

    A :class:`Terminal` stands for a stretch that cannot be read (``archive_damaged``); what comes after it is found by
    the next mark of a record. Compressed archives must have each record compressed by itself (ISO 28500:2017 annex D),
    as Common Crawl's have, else nothing in them could be found again: ``archive_not_by_record`` ends it. Raises
    Terminal ``file_unreadable``.
    """
    try:
        with open(path, "rb") as file:
            yield from _records(path, file, start)
    except OSError as error:
        raise _unreadable(path, error) from error


def _records(path: Path, file: BinaryIO, start: int) -> Iterator[WarcRecord | WarcSkip | Terminal]:
    mark = _GZIP if os.pread(file.fileno(), len(_GZIP), 0) == _GZIP else _PLAIN
    offset: int | None = start if os.pread(file.fileno(), len(mark), start) == mark else 0
    damages = 0
    while offset is not None and damages < DAMAGES:
        file.seek(offset)
        last = offset
        try:
            for record in _iterate(file):
                last = record.stream_pos
                if os.pread(file.fileno(), len(mark), last) != mark:
                    yield Terminal(
                        "archive_not_by_record",
                        f"{path} is compressed as a whole, so that no record of it can be found again; write it anew "
                        "with `fastwarc recompress`.",
                    )
                    return
                if record.content_length > RECORD_BYTES:  # it may be a lie: what follows is looked for, not skipped to
                    yield WarcSkip(offset=last, reason="record_too_large")
                    break
                yield _told(record)
            else:
                return
        except OSError as error:
            damages += 1
            yield Terminal(
                "archive_damaged",
                f"{path} is damaged after byte {last} ({error}); what follows the damage was read. Get the file again.",
            )
        offset = _next_mark(file, last + 1, mark)
    if offset is not None:
        yield Terminal("archive_damaged", f"{path} is damaged in {damages} places and was given up; get it again.")


def _iterate(file: BinaryIO) -> ArchiveIterator:
    return ArchiveIterator(file, record_types=_TYPES, parse_http=False, max_header_len=HEADER_BYTES)


def _next_mark(file: BinaryIO, start: int, mark: bytes) -> int | None:
    """Where the next record may begin, None where the file ends before. A false mark is found out by reading there."""
    wanted = mark if mark == _GZIP else b"\n" + mark
    place, before = start - len(wanted) + len(mark), b""
    while chunk := os.pread(file.fileno(), _SCANNED_BYTES, place):
        window = before + chunk
        found = window.find(wanted)
        if found >= 0:
            return place - len(before) + found + len(wanted) - len(mark)
        before = window[-len(wanted) + 1 :]
        place += len(chunk)
    return None


def _told(record: Record) -> WarcRecord | WarcSkip:
    offset = record.stream_pos
    reason = _reason(record)
    if reason is not None:
        return WarcSkip(offset=offset, reason=reason)
    length = record.content_length
    payload = record.reader.read(length)
    if len(payload) < length:  # the file ends within the record
        return WarcSkip(offset=offset, reason="record_truncated")
    if _INSIDE in payload:  # longer than it is in truth: it has swallowed its neighbour, which is then found by itself
        return WarcSkip(offset=offset, reason="record_malformed")
    return WarcRecord(
        offset=offset,
        url=_url(record),
        fetched_at=record.record_date,
        digest=record.headers.get("WARC-Payload-Digest") or f"sha1:{hashlib.sha1(payload).hexdigest()}",
    )


def _reason(record: Record, coding: str = "none") -> str | None:
    """Why a record is no page to read; None = it is one, its HTTP header is parsed and ``coding`` is undone as its
    payload is read."""
    reason = None
    if record.record_type == WarcRecordType.revisit:
        reason = "known"
    elif record.record_type == WarcRecordType.unknown:
        reason = "record_malformed"
    elif record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        reason = "record_not_page"
    elif not _url(record).lower().startswith(("http://", "https://")):
        reason = "record_not_page"  # as are those of DNS look-ups
    elif record.headers.get("WARC-Truncated"):
        reason = "record_truncated"
    elif not _is_plausible(record.record_date) or not _parse_http(record, coding):
        reason = "record_malformed"
    elif record.record_type == WarcRecordType.response and record.http_headers.status_code != 200:
        reason = f"http_{record.http_headers.status_code}"
    elif (_content_type(record) or "").split(";")[0].strip().lower() not in _HTML:
        reason = "page_not_html"
    return reason


def _is_plausible(date: datetime | None) -> bool:
    return date is not None and _FIRST_YEAR <= date.year and date <= datetime.now(UTC) + timedelta(days=1)


def _parse_http(record: Record, coding: str) -> bool:
    """Parse the HTTP header of a response; False where it has none that can be read."""
    if record.record_type != WarcRecordType.response:
        return True
    try:
        record.parse_http(auto_decode=coding, max_header_len=HEADER_BYTES)
    except OSError:
        if coding != "none":  # of the coding, it may be
            raise
        return False
    return record.http_headers is not None and record.http_headers.status_code is not None


def _url(record: Record) -> str:
    """The address of a record; some writers put it between angle brackets, as WARC 1.0 could be read to ask."""
    return (record.headers.get("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")


def _content_type(record: Record) -> str | None:
    if record.record_type == WarcRecordType.resource:
        return record.headers.get("Content-Type")
    return record.http_headers.get("Content-Type") or record.headers.get("WARC-Identified-Payload-Type")


def read_page(path: Path, offset: int) -> WarcPage:
    """The page whose record begins at ``offset``, decoded.

    Where the header names a coding that the payload does not have (some crawlers undo it and leave the header), the
    payload serves as it stands if it begins like HTML. Raises Terminal ``file_unreadable``, ``record_gone`` where no
    page is there, ``decoded_too_large`` and ``bad_encoding``.
    """
    fault: Exception | None = None
    for coding in ("all", "transfer", "none"):
        try:
            with open(path, "rb") as file:
                page = _page(path, file, offset, coding)
        except OSError as error:
            if error.errno is not None:  # of the disk; fastwarc's have none
                raise _unreadable(path, error) from error
            fault = fault or error
            continue
        if coding == "all" or page.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return page
    raise Terminal("bad_encoding", f"{path}, record at byte {offset}: the page cannot be decoded ({fault}).")


def _page(path: Path, file: BinaryIO, offset: int, coding: str) -> WarcPage:
    file.seek(offset)
    try:
        record = next(iter(_iterate(file)), None)
    except OSError as error:
        if error.errno is not None:
            raise
        record = None
    if record is None or record.stream_pos != offset or _reason(record, coding) is not None:
        raise Terminal(
            "record_gone", f"{path} has no page at byte {offset} any more; put the file back as it was and run again."
        )
    body = record.reader.read(RECORD_BYTES + 1)
    if len(body) > RECORD_BYTES:
        raise Terminal(
            "decoded_too_large",
            f"{path}, record at byte {offset}: the page has more than {RECORD_BYTES} bytes; leave it out.",
        )
    is_http = record.record_type == WarcRecordType.response
    return WarcPage(
        url=_url(record),
        fetched_at=record.record_date,
        status=record.http_headers.status_code if is_http else None,
        content_type=_content_type(record),
        body=body,
    )


def _unreadable(path: Path, error: OSError) -> Terminal:
    return Terminal("file_unreadable", f"{path} cannot be read ({error.strerror}); mend it and run again.")
