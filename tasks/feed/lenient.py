"""feedparser, the reader of record, with its work bounded. Nothing of its answer is judged or turned into entries here.

It sees a stream of bytes only, so that it never opens an address or a file. Its sanitiser and its rewriting of links
inside HTML are off: they are half its cost, and the HTML is turned into text elsewhere. What is bounded here grows with
the square of its input in version 6.0.14: a feed of 500 kB made for it keeps the library busy for minutes.
"""

import io
import re
from typing import Any

import feedparser.api
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.util import FeedParserDict

from tasks.errors import Terminal

MAX_TERMS = 100  # per entry: each new one is compared with all before; half as many labels are kept
MAX_TERM_CALLS = 100_000  # per document: with the bound above, a second
MAX_AUTHOR_CHARS = 100  # an address is looked for from each of them
MAX_HEAD_BYTES = 32_768  # before the first element: document types are looked for from each line

# What version 6.0.14 raises of itself where an element is missing its parent, an attribute or a number.
_STUMBLES = (LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError)
_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,300}>")
_FIRST_ELEMENT = re.compile(rb"<\w")
_BLANK_RUN = re.compile(rb"\s{2,}")


def parse(body: bytes, *, charset: str | None, base_url: str, url: str) -> FeedParserDict:
    """What feedparser makes of ``body``, which is in ``charset`` (None: as the XML declaration says).

    Links are resolved against ``base_url`` where that is not empty. Raises ``Terminal("feed_malformed")`` where more
    than 64 KiB stand before the first element of the feed at ``url``.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    declaration = _DECLARATION.match(body)
    end = declaration.end() if declaration else 0
    first = _FIRST_ELEMENT.search(body, end)
    start = first.start() if first else len(body)
    if start - end > MAX_HEAD_BYTES:
        raise Terminal(
            "feed_malformed", f"In {url} {start - end:,} bytes stand before the first element of a feed; check the URL."
        )
    head = _BLANK_RUN.sub(b"\n", body[end:start])
    if body.startswith(b"<?") and not head.startswith(b"\n"):
        head = b"\n" + head  # keeps feedparser's search for the declared encoding out of the document itself
    body = body[:end] + head + body[start:]
    try:
        return feedparser.parse(
            io.BufferedReader(io.BytesIO(body)),
            response_headers={
                "content-type": f"application/xml; charset={charset}" if charset else "application/xml",
                "content-location": base_url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _STUMBLES as error:
        raise Terminal(
            "feed_malformed",
            f"{url} has elements where no feed has them, and feedparser stumbles over one ({type(error).__name__}: "
            f"{str(error)[:80]}); tell its publisher, or take another feed of the site.",
        ) from error


class _Bounds:
    """The two methods of feedparser's parsers whose cost is the square of what a publisher writes."""

    _term_calls = 0

    def _add_tag(self, term: Any, scheme: Any, label: Any) -> None:
        self._term_calls += 1
        tags = self._get_context().setdefault("tags", [])
        if len(tags) < MAX_TERMS and self._term_calls <= MAX_TERM_CALLS:
            super()._add_tag(term, scheme, label)

    def _sync_author_detail(self, key: str = "author") -> None:
        context = self._get_context()
        line = context.get(key) or ""
        detail = context.get(f"{key}s", [FeedParserDict()])[-1]
        if len(line) > MAX_AUTHOR_CHARS and not detail:
            detail["name"] = line
            context.setdefault(f"{key}_detail", detail)
        else:
            super()._sync_author_detail(key)


class _BoundedStrict(_Bounds, StrictFeedParser):
    pass


class _BoundedLoose(_Bounds, LooseFeedParser):
    pass


feedparser.api.StrictFeedParser = _BoundedStrict
feedparser.api.LooseFeedParser = _BoundedLoose
