"""robots.txt: text in, an answer to "may we fetch this, and how often" out (RFC 9309). Pure functions.

Nothing is fetched or cached here. Parsing and matching take time linear in the text and the path whatever they hold,
because the text is a stranger's: no regular expression is made from it.
"""

import re
import string
from dataclasses import dataclass
from urllib.parse import quote

#: How much of a robots.txt is read (RFC 9309 section 2.5 asks for at least this).
ROBOTS_BYTES = 500 * 1024
#: A longer Crawl-delay is taken as this one.
CRAWL_DELAY_CAP_SECONDS = 60.0

_LINE_CHARACTERS = 16_664  # what Google's parser reads of a line: eight times the longest URL of old browsers
_PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_UNTOUCHED = "".join(chr(code) for code in range(0x21, 0x7F))
# The misspellings are those that Google's parser accepts: a publisher's wish is plain enough.
_FIELDS = {
    "user-agent": "agent", "useragent": "agent", "user agent": "agent",
    "allow": "allow",
    "disallow": "disallow", "dissallow": "disallow", "dissalow": "disallow", "disalow": "disallow",
    "diasllow": "disallow", "disallaw": "disallow",
    "crawl-delay": "delay", "crawldelay": "delay",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """The rules that hold for one crawler: ``(pattern, allowed)``, the most specific first."""

    rules: tuple[tuple[str, bool], ...] = ()
    crawl_delay_seconds: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether the path with its query (as requested, escaped) may be fetched (RFC 9309 section 2.2.2)."""
        path = _normalised(path)
        if path == "/robots.txt":
            return True
        return next((allowed for pattern, allowed in self.rules if _matches(pattern, path)), True)


def product_token(user_agent: str) -> str:
    """The name that robots.txt knows a crawler by: the letters, ``_`` and ``-`` that its user agent begins with.

    Raises ValueError where it begins with none.
    """
    match = _PRODUCT_TOKEN.match(user_agent)
    if not match:
        raise ValueError(f"user_agent must begin with a name of letters, as in 'Dateline/1.0 (+URL)': {user_agent!r}")
    return match[0].lower()


def parse_robots(text: str, token: str) -> RobotsRules:
    """The rules for the crawler ``token`` (see :func:`product_token`), or those for ``*``, or none.

    Groups of the same name are merged (RFC 9309 section 2.2.1). Lines that are not understood are passed over, as the
    RFC asks.
    """
    groups: dict[str, list[tuple[str, bool]]] = {token: [], "*": []}
    delays: dict[str, float] = {}
    named: set[str] = set()
    current: set[str] = set()
    rules_begun = False
    # A byte order mark, whole or cut off, is no part of the first line.
    for line in text.lstrip("\ufeff\ufffd").replace("\r", "\n").split("\n"):
        field, value = _split_line(line[:_LINE_CHARACTERS])
        if field == "agent":
            if rules_begun:
                current, rules_begun = set(), False
            current.add(_agent(value))
        elif field in ("allow", "disallow"):
            rules_begun = True
            if value:
                for agent in current & groups.keys():
                    groups[agent].append((_normalised(value), field == "allow"))
        elif field == "delay":
            rules_begun = True
            for agent in current & groups.keys():
                delays.setdefault(agent, _seconds(value))
        named |= current & groups.keys()
    group = token if token in named else "*"
    # Longest first; of two alike the one that allows (RFC 9309 section 2.2.2).
    rules = sorted(dict.fromkeys(groups[group]), key=lambda rule: (-len(rule[0]), not rule[1]))
    return RobotsRules(rules=tuple(rules), crawl_delay_seconds=delays.get(group, 0.0))


def _split_line(line: str) -> tuple[str | None, str]:
    line = line.partition("#")[0].strip()
    name, colon, value = line.partition(":")
    if not colon:  # a missing colon is plain enough where one word follows another
        name, _, value = line.partition(" ")
    return _FIELDS.get(name.strip().lower()), value.strip()


def _agent(value: str) -> str:
    if value[:1] == "*" and (len(value) == 1 or value[1].isspace()):
        return "*"
    match = _PRODUCT_TOKEN.match(value)
    return match[0].lower() if match else ""


def _seconds(value: str) -> float:
    try:
        seconds = float(value[:20])
    except ValueError:
        return 0.0
    return min(seconds, CRAWL_DELAY_CAP_SECONDS) if seconds > 0 else 0.0  # NaN is not above 0 either


def _normalised(path: str) -> str:
    """Escapes non-ASCII octets, undoes escapes of unreserved characters, writes hexadecimal digits in capitals."""
    if not path.isascii() or not path.isprintable():
        path = quote(path, safe=_UNTOUCHED, errors="replace")
    if "%" not in path:
        return path
    return _ESCAPE.sub(_plain_escape, path)


def _plain_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _matches(pattern: str, path: str) -> bool:
    if "*" not in pattern and pattern[-1] != "$":
        return path.startswith(pattern)
    anchored = pattern[-1] == "$"
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not rest:
        return path == first
    position = len(first)
    last = rest.pop() if anchored else ""
    for piece in rest:
        position = path.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return len(path) - len(last) >= position and path.endswith(last)
