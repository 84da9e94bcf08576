"""Bytes to text: which charset a page is really in. No markup is read beyond the declared charset."""

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

SAMPLE_BYTES = 60_000  # enough for a guess; charset_normalizer's time grows with what it is given
FEW_BYTES = 40  # fewer non-ASCII bytes tell no charset: a text in another one than the default has hundreds
_NON_ASCII = re.compile(rb"[\x80-\xff]")


def decode(body: bytes, *, content_type: str | None) -> tuple[str, str]:
    """The text of ``body`` and the charset it was read in.

    A byte order mark decides; then valid UTF-8 (text in another charset is almost never valid UTF-8 by chance); then
    the charset of the HTTP header or of the page's own ``<meta>``, with the replacements that browsers make
    (https://encoding.spec.whatwg.org/#names-and-labels: iso-8859-1 means windows-1252); then a guess. A charset that
    was declared but does not fit the bytes is repaired by the guess; bytes that fit nothing become U+FFFD.
    """
    mark_charset, mark = read_bom(body)
    if mark_charset is not None and mark is not None:
        return to_unicode(body[len(mark) :], mark_charset), mark_charset
    declared = [
        charset
        for charset in (http_content_type_encoding(content_type), html_body_declared_encoding(body))
        if charset is not None
    ]
    stateful = [charset for charset in declared if charset.startswith(("iso-2022", "iso2022", "utf-16", "utf-32"))]
    if stateful and (stateful[0].startswith("iso") or b"\x00" in body[:400]):
        return to_unicode(body, stateful[0]), stateful[0]
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        cut_short = error.end >= len(body) - 3
        almost = cut_short or _nearly_utf8(body)
    if almost and "utf-8" in (declared or ["utf-8"]):
        return body.decode("utf-8", "replace"), "utf-8"
    for charset in declared:
        if charset == "utf-8":
            continue
        try:
            return body.decode(charset), charset
        except (UnicodeDecodeError, LookupError):
            continue
    charset = _guess(body)
    return to_unicode(body, charset), charset


def _guess(body: bytes) -> str:
    """The likeliest charset of bytes that are not UTF-8: the web's default where there is little to go by."""
    if len(_NON_ASCII.findall(body)) < FEW_BYTES and _decodes(body, "cp1252"):
        return "cp1252"
    guess = from_bytes(_sample(body)).best()
    if guess is None or guess.encoding in ("utf_8", "ascii") or "cp1252" in guess.could_be_from_charset:
        return "cp1252"
    return guess.encoding


def _decodes(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(body: bytes) -> bool:
    """True where under one in fifty of the non-ASCII bytes breaks UTF-8: a slip in a page, not another charset."""
    non_ascii = len(_NON_ASCII.findall(body))
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken * 50 < non_ascii


def _sample(body: bytes) -> bytes:
    """A stretch around the first bytes that are not ASCII: the head of a page is usually pure ASCII markup."""
    first = _NON_ASCII.search(body)
    start = max(0, first.start() - SAMPLE_BYTES // 10) if first else 0
    return body[start : start + SAMPLE_BYTES]
