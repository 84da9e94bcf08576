"""Digests that name things. Pure: no file, no clock."""

import hashlib
from dataclasses import replace

from warehouse.model import Capture

ERASED = "erased:"  # begins what stands in place of an address that was erased; its digest follows


def address_digest(url: str) -> str:
    """The SHA-256, hex, by which an erased canonical address is known; of what stands in its place the same."""
    return url.removeprefix(ERASED) if url.startswith(ERASED) else hashlib.sha256(url.encode()).hexdigest()


def describe(capture: Capture, body: bytes) -> Capture:
    """The capture with its digest, size and id worked out from the bytes."""
    sha256 = hashlib.sha256(body).hexdigest()
    name = hashlib.sha256(f"{capture.run_id}\n{capture.url}\n{sha256}".encode()).hexdigest()[:24]
    return replace(capture, capture_id=name, sha256=sha256, size_bytes=len(body))
