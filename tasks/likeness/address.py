"""One address for one article: the canonical form of a URL, whatever led to it.

Works on the URL's text alone: nothing here fetches, follows a redirect or asks who runs a host. The form is an identity
to join on, and almost always fetchable (https, without ``www.``); the URL that was fetched is kept elsewhere. In doubt
two addresses stay two: a missed twin is found again by its text, a false one loses an article.
"""

import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit

from tasks.errors import Terminal
from tasks.likeness import tracking

MAX_URL_CHARS = 4096

_TWIN_HOSTS = {"www", "m", "mobile", "amp", "touch", "wap"}
# "co.uk" and its like: what stays after cutting a host's first label must be more than this.
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "gob", "gouv", "ac", "edu", "or", "ne", "go"}
_TWIN_SEGMENTS = {"amp", "print", "mobile"}
_TWIN_FOLDERS = {"amp", "print"}  # /mobile/ is a section of its own where telephones are news
_INDEX_PAGE = re.compile(r"(?:index|default)\.(?:html?|shtml|php\d?|aspx?|jsp|cfm)", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/;]*", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"\.amp(\.html?)?$", re.IGNORECASE)
_HOST_CHARACTERS = re.compile(r"[a-z0-9._-]+")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986, 2.3
# What a template that went wrong, an error page or a barrier declares: no article's own address.
_NO_ARTICLE = re.compile(
    r"/(?:null|undefined|none|nan|40[0-9]|50[0-9]|error|not-?found|login|log-in|signin|sign-in|home|\[object%20object\])$"
    r"|%7b%7b|^/%25|\$%7b|<%25",
    re.IGNORECASE,
)
_ROUTES = ("!", "/")  # a fragment that begins so is the address of a page within a one-page site


def canonical_url(url: str, *, declared: str | None = None) -> str:
    """The one address of the article behind ``url``.

    Removes what does not identify an article: tracking parameters, session ids, fragments, default ports, user names,
    index pages, trailing and doubled slashes, dot segments, the AMP, mobile and print forms, and a known redirector,
    AMP cache or web archive around the real address. Lower-cases the host, encodes it and the path as RFC 3986 section
    6.2.2 has it, sorts the parameters by name and writes https. Every other parameter and the case of the path stay.

    ``declared``, the page's own ``rel=canonical`` (absolute or relative), is believed where it names the same host
    (``www.``, ``m.`` and ``amp.`` apart), neither the home page nor a section above the article nor an error page, and
    does not drop the only part that tells the article (``/read?id=7`` declared as ``/read``).

    Raises Terminal ``bad_url`` for what is no http or https URL with a host of at most MAX_URL_CHARS characters.
    """
    address = _canonical(url)
    if declared is None or not declared.strip():
        return address
    try:
        claimed = _canonical(urljoin(url.strip(), declared.strip()))
    except (Terminal, ValueError):  # a broken tag in the page is no fault of the address
        return address
    return claimed if _believable(urlsplit(address), urlsplit(claimed)) else address


def _canonical(url: str) -> str:
    parts, host = _split(url)
    host = _bare_host(host)
    while target := _wrapped(host, parts):  # ends: each target is shorter than what it was taken from
        try:
            inner, inner_host = _split(target)
        except Terminal:  # what looked like a wrapper holds no address: it stands for itself
            break
        if "." not in inner_host:
            break
        parts, host = inner, _bare_host(inner_host)
    port = parts.port
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    query = _query(parts.query)
    path = _path(parts.path)
    fragment = f"#{_encode(parts.fragment)}" if parts.fragment.startswith(_ROUTES) else ""
    return f"https://{netloc}{path}{'?' + query if query else ''}{fragment}"


def _split(url: str) -> tuple[SplitResult, str]:
    """The parts of an http(s) URL, entities and stray white space removed, and its host in lower case and ASCII (IDNA
    2003, which Python brings); raises Terminal ``bad_url``.
    """
    text = unicodedata.normalize("NFC", url.strip())
    if len(text) > MAX_URL_CHARS:
        raise Terminal("bad_url", f"URL of {len(text)} characters, at most {MAX_URL_CHARS} are taken: {_shown(text)}.")
    for entity in ("&amp;", "&#38;", "&#038;", "&#x26;"):
        text = text.replace(entity, "&")
    if text.startswith("//"):
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as fault:
        raise Terminal("bad_url", f"Not a URL: {_shown(text)}. Correct it in the source.") from fault
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Terminal("bad_url", f"Not an http or https URL with a host: {_shown(text)}. Correct it in the source.")
    host = parts.hostname.rstrip(".")
    if ":" in host:  # an IPv6 address
        return parts, f"[{host}]"
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as fault:
        raise Terminal("bad_url", f"Not a host name in {_shown(text)}. Correct it in the source.") from fault
    if not host or not _HOST_CHARACTERS.fullmatch(host):
        raise Terminal("bad_url", f"Not a host name in {_shown(text)}. Correct it in the source.")
    return parts, host


def _shown(url: str) -> str:
    """The URL as a message may show it: short and without user name or password."""
    return repr(re.sub(r"//[^/]{0,300}@", "//", url.strip())[:200])


def _bare_host(host: str) -> str:
    """The host without the labels that mark a twin: ``www.``, ``m.``, ``amp.`` in front, or ``m.`` after a language."""
    labels = host.split(".")
    while labels[0] in _TWIN_HOSTS and _is_site(labels[1:]):
        labels = labels[1:]
    while len(labels) >= 4 and labels[1] in _TWIN_HOSTS and _is_site(labels[2:]):
        labels = [labels[0], *labels[2:]]
    return ".".join(labels)


def _is_site(labels: list[str]) -> bool:
    if len(labels) < 2 or labels[-1].isdigit():
        return False
    return len(labels) > 2 or not (labels[0] in _SECOND_LEVEL and len(labels[1]) == 2)


def _path(path: str) -> str:
    segments: list[str] = []
    for segment in _SESSION_SEGMENT.sub("", _encode(path)).split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(segment)
    while segments and (shorter := _shortened(segments)) != segments:
        segments = shorter
    return "/" + "/".join(segments)


def _shortened(segments: list[str]) -> list[str]:
    """The path without one mark of an index page or a twin; the same where it has none."""
    first, last = segments[0].lower(), segments[-1]
    if _INDEX_PAGE.fullmatch(last):
        return segments[:-1]
    if len(segments) >= 2 and last.lower() in _TWIN_SEGMENTS:
        if _is_slug(segments[-2]) or segments[-2].lower() in _TWIN_SEGMENTS:
            return segments[:-1]
    if len(segments) >= 2 and first in _TWIN_FOLDERS and _is_slug(last):
        return segments[1:]
    name = _AMP_SUFFIX.sub(r"\1", last)
    return [*segments[:-1], name] if name.strip(".") else segments


def _is_slug(segment: str) -> bool:
    """Whether a path segment looks like an article's own: words joined by hyphens, a number or a file name. A section
    such as ``music`` does not, so ``/music/amp`` may be about amplifiers.
    """
    return segment.count("-") >= 1 or segment.count("_") >= 2 or any(map(str.isdigit, segment)) or ".htm" in segment


def _query(query: str) -> str:
    kept = []
    for field in query.split("&"):
        name, equals, value = field.removeprefix("amp;").partition("=")
        if name and not tracking.is_idle(unquote(name), unquote(value)):
            kept.append(_encode(name) + equals + _encode(value))
    return "&".join(sorted(kept, key=lambda field: field.partition("=")[0]))


def _encode(text: str) -> str:
    """Percent-encoding in one form: unreserved characters bare, all else that needs it in upper-case hexadecimal."""

    def one(match: re.Match[str]) -> str:
        digits = match.group(1)
        if digits is None:
            return "%25"
        character = chr(int(digits, 16))
        return character if character in _UNRESERVED else f"%{digits.upper()}"

    return quote(_ESCAPE.sub(one, text), safe="%/:=&~+!$,;'@()*[]|-._", errors="replace")


def _wrapped(host: str, parts: SplitResult) -> str | None:
    """The address within a redirector, AMP cache or web archive; None for any other URL.

    Only hosts known for it are unwrapped: else any site could pass its own page off as another's article.
    """
    place = host + re.sub("/{2,}", "/", parts.path)
    for pattern in tracking.CACHES:
        if match := pattern.match(place):
            target = match.group(1).lstrip("/")
            if re.match("https?%3a", target, re.IGNORECASE):
                target = unquote(target)
            target += f"?{parts.query}" if parts.query else ""
            # Servers and proxies merge the two slashes of the inner address.
            scheme, mark, rest = target.partition(":/")
            return f"{scheme}://{rest.lstrip('/')}" if mark and scheme in ("http", "https") else f"https://{target}"
    for pattern, names in tracking.REDIRECTORS:
        if pattern.match(place):
            values = dict(parse_qsl(parts.query, max_num_fields=100)) if parts.query.count("&") < 100 else {}
            values[""] = parts.query
            for name in names:
                if values.get(name, "").startswith(("http://", "https://")):
                    return values[name]
    return None


def _believable(address: SplitResult, claimed: SplitResult) -> bool:
    if claimed.netloc != address.netloc or _NO_ARTICLE.search(claimed.path):
        return False
    if claimed.path == "/" and not claimed.query:
        return address.path == "/" and not address.query
    last = claimed.path.rpartition("/")[2]
    if claimed.path == address.path and address.query and not claimed.query:
        return _names_one_article(last)  # else it was the query that did
    above = address.path.startswith(f"{claimed.path}/") and not claimed.query
    return not above or _is_slug(last)


def _names_one_article(segment: str) -> bool:
    return segment.count("-") >= 2 or segment.count("_") >= 2 or sum(map(str.isdigit, segment)) >= 4
