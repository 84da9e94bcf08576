"""Captures → records of a WARC 1.1 file, each compressed by itself (ISO 28500:2017). Pure: records in, bytes out.

Says only what the archive knows. A capture keeps no HTTP header but status and content type, and its body is decoded;
so the header of a record is the least that says so, and no ``request`` record is made up.
"""

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from urllib.parse import quote
from uuid import UUID, uuid5

from fastwarc.warc import WarcRecord, WarcRecordType

#: Namespace of the record ids: one capture has the same id in every export, so that records can refer to each other.
_NAMESPACE = UUID("7a9b1c52-5c2e-4a57-9d0c-8f1f6f0c2d11")
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_LEVEL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedCapture:
    """What a record says of a capture. ``status`` is None for what came from no web server; ``is_feed_text`` marks the
    words that a feed had for the address, in place of the page."""

    capture_id: str
    url: str
    fetched_at: datetime
    status: int | None
    content_type: str | None
    sha256: str  # of the body, in hexadecimal
    size_bytes: int
    is_feed_text: bool = False


def info_record(*, software: str, written_at: datetime) -> bytes:
    """The warcinfo record that opens a file (ISO 28500:2017 section 6.2)."""
    told = f"software: {software}\r\nformat: WARC File Format 1.1\r\n"
    record = _record(WarcRecordType.warcinfo, uuid5(_NAMESPACE, f"{software} {written_at}"), written_at)
    record.headers["Content-Type"] = "application/warc-fields"
    return _bytes(record, told.encode())


def capture_record(capture: ArchivedCapture, body: bytes) -> bytes:
    """The record of one capture: ``response`` where a web server answered, ``metadata`` for a feed's words, else
    ``resource``."""
    if capture.is_feed_text:
        kind = WarcRecordType.metadata
    else:
        kind = WarcRecordType.resource if capture.status is None else WarcRecordType.response
    return _bytes(_described(kind, capture), _http_header(capture) + body)


def revisit_record(capture: ArchivedCapture, original: ArchivedCapture) -> bytes:
    """The ``revisit`` record of a capture whose bytes the file has already, as those of ``original``: it has the header
    and refers to that one for the body (ISO 28500:2017 section 6.7)."""
    record = _described(WarcRecordType.revisit, capture)
    record.headers["WARC-Profile"] = _SAME_PAYLOAD
    record.headers["WARC-Refers-To"] = f"<{uuid5(_NAMESPACE, original.capture_id).urn}>"
    record.headers["WARC-Refers-To-Target-URI"] = _uri(original.url)
    record.headers["WARC-Refers-To-Date"] = _date(original.fetched_at)
    return _bytes(record, _http_header(capture))


def _described(kind: WarcRecordType, capture: ArchivedCapture) -> WarcRecord:
    record = _record(kind, uuid5(_NAMESPACE, capture.capture_id), capture.fetched_at)
    record.headers["WARC-Target-URI"] = _uri(capture.url)
    record.headers["WARC-Payload-Digest"] = f"sha256:{capture.sha256}"
    if capture.status is not None:
        record.headers["Content-Type"] = "application/http; msgtype=response"
    else:
        record.headers["Content-Type"] = _one_line(capture.content_type or "application/octet-stream")
    return record


def _record(kind: WarcRecordType, identity: UUID, date: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(record_type=kind, record_urn=str(identity).encode())
    record.headers["WARC-Record-ID"] = f"<{identity.urn}>"
    record.headers["WARC-Date"] = _date(date)
    return record


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _uri(url: str) -> str:
    """An address that stays within its header line, whatever stands in it."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")


def _one_line(told: str) -> str:
    return " ".join(told.split()).encode("ascii", "replace").decode()


def _http_header(capture: ArchivedCapture) -> bytes:
    """The header of the answer, empty where there was none."""
    if capture.status is None:
        return b""
    try:
        phrase = HTTPStatus(capture.status).phrase
    except ValueError:  # a status of the server's own
        phrase = ""
    lines = [f"HTTP/1.1 {capture.status} {phrase}"]
    if capture.content_type:
        lines.append(f"Content-Type: {_one_line(capture.content_type)}")
    lines.append(f"Content-Length: {capture.size_bytes}")
    return "\r\n".join([*lines, "", ""]).encode()


def _bytes(record: WarcRecord, block: bytes) -> bytes:
    record.set_bytes_content(block)
    written = BytesIO()
    record.write(written)
    return gzip.compress(written.getvalue(), compresslevel=_LEVEL, mtime=0)
