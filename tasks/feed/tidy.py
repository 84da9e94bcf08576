"""The small checks every feed format needs: addresses, plain text, times, and the tally of what was wrong.

No format is parsed here.
"""

import html
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

MAX_URL_CHARS = 4096
MAX_TITLE_CHARS = 2000
MAX_LABEL_CHARS = 200
MAX_LABELS = 50
EARLIEST_YEAR = 1980  # a date before is the zero of some clock, not a day on which a web page appeared
FUTURE_TOLERANCE = timedelta(days=2)  # clocks and time zones err by hours; beyond that it is an event's date or a slip

_WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_LINE_BREAK = re.compile(r"[\t\r\n]")
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}/[\w./%~+,=@!*$-]*(?:\?[\w./%~+,:;=@!*&$-]+)?", re.ASCII
)
_XML_ENCODING = re.compile(r"(<\?xml[^>]{0,100}encoding=[\"'])[\w.:-]{1,40}([\"'])")
_TAG = re.compile(r"<[a-zA-Z/!]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")


class Faults:
    """Collects what was wrong, one sentence per sort of fault with a count and the first example."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}

    def add(self, sort: str, example: str = "") -> None:
        """Count one fault. ``sort`` is a clause: "dates that cannot be read were left out"."""
        count, first = self._seen.get(sort, (0, example))
        self._seen[sort] = (count + 1, first)

    def sentences(self) -> tuple[str, ...]:
        """One sentence per sort, in order of first appearance: clause, count where above one, first example."""
        sentences = []
        for sort, (count, first) in self._seen.items():
            details = [f"{count} times"] if count > 1 else []
            details += [f"{'first ' if count > 1 else ''}{first[:120]!r}"] if first else []
            sentences.append(f"{sort}: {', '.join(details)}." if details else f"{sort}.")
        return tuple(sentences)


def narrow(body: bytes) -> bytes:
    """UTF-16 and UTF-32 documents, with or without a byte order mark, as UTF-8; anything else unchanged.

    Recognised as XML 1.0, appendix F, says: by the mark or by the zero bytes around the first ``<``.
    """
    for mark, encoding in _WIDE_MARKS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace")
            return _XML_ENCODING.sub(r"\1utf-8\2", text, count=1).encode("utf-8", "replace")
    return body


def absolute_url(link: object, base_url: str) -> str | None:
    """The http(s) address that ``link`` means on a page at ``base_url``, without its fragment; None if it is none.

    ``javascript:``, ``file:``, ``data:`` and the like, hosts that are missing and addresses over 4,096 characters
    are None. Spaces inside are percent-encoded as browsers do.
    """
    if not isinstance(link, str):
        return None
    link = _LINE_BREAK.sub("", link.strip())
    if not link or len(link) > MAX_URL_CHARS:
        return None
    if _PLAIN_URL.fullmatch(link):  # nothing to join, cut, escape or refuse: nine links in ten
        return link
    try:
        url = urljoin(base_url, link).partition("#")[0].replace(" ", "%20")
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # reading the port raises on nonsense
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def plain_text(value: object, *, limit: int = MAX_TITLE_CHARS, literal: bool = False) -> str | None:
    """One line of plain text: tags and control characters gone, entities resolved, white space collapsed.

    ``literal`` says that the source marked the text as plain, so that ``<b>`` means those three characters.
    """
    if not isinstance(value, str):
        return None
    text = value[: limit * 4]
    if not literal and _TAG.search(text):
        try:
            tree = lxml.html.fromstring(f"<div>{text}</div>")
        except (etree.ParserError, ValueError):  # nothing but control characters or an unclosed comment
            return None
        for node in tree.xpath(".//script|.//style"):
            node.drop_tree()
        text = tree.text_content()
    text = " ".join(_CONTROL.sub("", html.unescape(text)).split())[:limit]
    return text or None


def labels(values: Iterable[object]) -> tuple[str, ...]:
    """Plain-text labels (tags, authors), each once, in order, at most 50."""
    found: dict[str, None] = {}
    for value in values:
        text = plain_text(value, limit=MAX_LABEL_CHARS)
        if text:
            found.setdefault(text)
        if len(found) == MAX_LABELS:
            break
    return tuple(found)


def language_code(value: object) -> str | None:
    """The two or three letters at the head of a BCP 47 language tag (RFC 5646), lower case."""
    match = re.match(r"\s*([A-Za-z]{2,3})(?=$|[-_\s])", value[:40]) if isinstance(value, str) else None
    return match.group(1).lower() if match else None


def checked_time(time: datetime | None, *, raw: object, now: datetime, faults: Faults) -> datetime | None:
    """``time`` where an article can have appeared then; otherwise None with a fault that quotes ``raw``."""
    raw_text = raw.strip() if isinstance(raw, str) else ""
    if time is None:
        if raw_text:
            faults.add("dates that cannot be read were left out", raw_text)
        return None
    if time.year < EARLIEST_YEAR or time > now + FUTURE_TOLERANCE:
        faults.add("impossible dates (before 1980 or in the future) were left out", raw_text)
        return None
    return time
