"""The article behind a link that a feed sends through a counter of clicks, where its address stands in the link.

Works on the link's text alone; nothing is fetched, and a link that holds no whole address stays as it is. The publisher
of the feed could have named the target itself, so that taking its word for it gives nobody anything new.
"""

import base64
import binascii
import re
from urllib.parse import parse_qsl, unquote, urlsplit

from tasks.feed.tidy import absolute_url

MAX_PARAMETERS = 50
MAX_WRAPPERS = 3  # one around the other

_HOSTS = frozenset("click clicks link links go out r redirect redirector track tracking trk".split())
_PAGES = frozenset(
    "apiclick.aspx click click.php exit goto jump l.php link link.php leave out out.php outbound r redir redir.php "
    "redirect redirect.php rd track track.php url url.php".split()
)
_PARAMETERS = ("url", "u", "q", "target", "dest", "destination", "redirect", "redirect_url", "to", "link")
_STARRED = re.compile(r"/\*+(https?(?:://|%3A%2F%2F|%3a%2f%2f).{4,2000})")  # rss.news.yahoo.com/…/*http://…
_GOOGLE_NEWS = re.compile(r"https?://news\.google\.com/(?:__i/)?(?:rss/)?(?:rd/)?articles/([\w-]{20,2000})")
_GOOGLE_HEADER = b"\x08\x13\x22"  # a protocol buffer: kind, then the address with its length


def unwrapped(url: str) -> str:
    """The http(s) address within ``url``, where it is a redirector's, else ``url``.

    A redirector is told by its host's first label (``click.``, ``link.``) or the page asked for (``/url``,
    ``/redirect``) together with a whole address in a parameter; by an address behind ``/*``; and by the older of Google
    News's article links, which hold it in base64. A link for sharing or signing in is none of these.
    """
    for _ in range(MAX_WRAPPERS):
        inner = _inner(url)
        target = absolute_url(inner, "") if inner and inner.lower().startswith(("http://", "https://")) else None
        if target is None or "." not in (urlsplit(target).hostname or ""):
            return url
        url = target
    return url


def _inner(url: str) -> str | None:
    google = _GOOGLE_NEWS.match(url)
    if google:
        return _google_news(google[1])
    parts = urlsplit(url)
    starred = _STARRED.search(url)
    if starred:
        return unquote(starred[1]) if "%" in starred[1][:12] else starred[1]
    page = parts.path.rstrip("/").rpartition("/")[2].lower()
    label = (parts.hostname or "").partition(".")[0]
    if not parts.query or (page not in _PAGES and label not in _HOSTS) or parts.query.count("&") >= MAX_PARAMETERS:
        return None
    told = dict(parse_qsl(parts.query))
    return next(
        (value for name in _PARAMETERS if (value := told.get(name, "").strip()).lower().startswith("http")), None
    )


def _google_news(article: str) -> str | None:
    try:
        told = base64.urlsafe_b64decode(article + "=" * (-len(article) % 4))
    except (binascii.Error, ValueError):
        return None
    if not told.startswith(_GOOGLE_HEADER) or len(told) < 6:
        return None
    length, start = (told[3], 4) if told[3] < 0x80 else ((told[3] & 0x7F) | told[4] << 7, 5)
    return told[start : start + length].decode("ascii", "replace")
