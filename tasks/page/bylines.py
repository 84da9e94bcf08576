"""Who wrote a page: which of its bylines is believed. Names are taken out of bylines in ``authors``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborNode

from tasks.page.authors import clean_authors, inverted, looks_like_a_name, names_helper
from tasks.page.jsonld import text_of, types_of
from tasks.page.visible import MAX_PIECE_CHARS, Markup, Piece, is_aside

MAX_VISIBLE = 5
MAX_NAME_PIECE_CHARS = 80
# Names of <meta name|property|itemprop>, lower case, the more reliable first.
_META = (
    "article:author_name",
    "author",
    "parsely-author",
    "byl",
    "sailthru.author",
    "cxenseparse:author",
    "citation_author",
    "citation_authors",
    "dc.creator",
    "dcterms.creator",
    "article:author",
    "og:article:author",
    "twitter:data1",
)
_LIBRARY = frozenset({"dc.creator", "dcterms.creator", "citation_author", "citation_authors"})
_LABELS = frozenset(
    {"written by", "verfasst von", "by", "author", "escrito por", "écrit par", "geschreven door", "scritto da", "von"}
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author[_-]?(?:names?|text|link|title)|autor(?:en)?|auteur)(?:$|[\s_-])", re.I
)
_CAMEL_CLASS = re.compile(r"[a-z](?:Author|Byline)s?(?![a-z])|(?:^|[\s_-])(?:author|byline)(?=[A-Z])")
# The class of a name alone, hCard (https://microformats.org/wiki/hcard) and h-entry included.
_NAME_CLASS = re.compile(
    r"(?:^|[\s_-])(?:author|autor)s?[_-]{0,2}(?:full)?-?name|(?:^|\s)p-author|\bfn\b"
    r"|\bvcard\b.{0,40}\bauthor|\bauthor.{0,40}\bvcard",
    re.IGNORECASE,
)
_PEN_NAME = re.compile(r"[^\W\d_][\w.'-]{2,20}(?:\s[^\W\d_][\w.'-]{1,20})?$")
_NOT_KEY = re.compile(r"[\W_]+")
_EMPHASIS = frozenset({"strong", "b", "em", "i"})
_HOST = "host:"
_ARTICLE = re.compile(r"^(?:the|die|der|das|la|le|el|il)\s+", re.IGNORECASE)
_LOG_IN = re.compile(r"[_\d.]|^[a-z]")
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|reporters?|journalists?|contributors?|staff|people|profiles?|team|"
    r"producers|by|users?|columnists?)/[^/]",
    re.IGNORECASE,
)
_BY_START = re.compile(
    r"^(?:(?:written|posted|published|story|words|reported|authored|article|text|a guest post|guest post|interview|"
    r"geschrieben|verfasst|ein beitrag|écrit|escrito)\s+)?(?:by|von|par|por|di|door|av|af|przez)\b\s*:?\s*(?=\S)"
    r"|^(?:authors?|autor(?:in|en)?|auteurs?|words|text|writer|written by)\s*:\s*(?=\S)",
    re.IGNORECASE,
)
_BY_FIRST = re.compile(r"[bvpdawrtiges](?:[yoiaunrtsebv])", re.IGNORECASE)  # quick: how every lead begins
_BY_ALONE = re.compile(
    r"^(?:(?:written|posted|published|story|words|reported|geschrieben|verfasst|écrit|escrito)\s+)?"
    r"(?:by|von|par|por|di|door|av|af|przez|authors?|autor(?:in)?|auteurs?)\s*:?$",
    re.IGNORECASE,
)


def read_authors(
    markup: Markup, pieces: list[Piece], json_ld: Mapping[str, Any], *, site_name: str | None, host: str
) -> tuple[tuple[str, ...], str | None]:
    """The authors and their origin: persons that JSON-LD or a meta value names, else visible bylines, else the
    organisation that was named.

    A "By" beside the headline with another name wins over what is declared, which is then who put the page into the
    content system; so does the full name of which the declared one is the log-in. ``host`` is that of the page's
    address.
    """
    node_authors = _as_list(json_ld.get("author") or json_ld.get("creator"))
    persons = [node for node in node_authors if not (isinstance(node, dict) and "Organization" in types_of(node))]
    named = clean_authors(map(text_of, node_authors))
    publisher = text_of(json_ld.get("publisher"))
    houses = {_key(name) for name in (site_name, publisher) if name}
    houses |= {f"{_HOST}{key}" for key in _host_keys(host)}
    passed: list[tuple[tuple[str, ...], str]] = []
    are_persons = any(text_of(person) for person in persons)
    # beside a person an agency is a second author; alone an organisation is only who runs the site
    alone = houses if are_persons else houses | {_key(name) for name in named}
    for origin, names in _stated(named, markup.meta, houses):
        people = _without_houses(names, alone)
        if people:
            written = _after_by(pieces) or (_near(pieces) if len(people) == 1 and " " not in people[0] else [])
            if _replaces(written, people):
                return tuple(dict.fromkeys(written))[:MAX_VISIBLE], "byline"
            return people, origin
        if names:
            passed.append((names, origin))
    visible = _visible(markup.bylines, pieces, alone)
    if visible:
        return visible, "byline"
    if passed:
        return passed[0]
    shown = tuple(_near(pieces)[:1])
    return shown, "byline" if shown else None


def _stated(
    named: tuple[str, ...], meta: Mapping[str, list[str]], houses: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the page declares about its authors, witness by witness."""
    yield "json_ld", named
    for name in _META:
        values = [value for value in meta.get(name, ()) if len(value) <= MAX_PIECE_CHARS]
        if not values or (name == "twitter:data1" and not _has_author_label(meta)):
            continue
        if name in _LIBRARY:
            values = [inverted(value) for value in values]
        values = [first if _is_house(first := value.split(",")[0], houses) else value for value in values]
        yield "open_graph" if ":" in name else "meta", clean_authors(values)


def _host_keys(host: str) -> set[str]:
    """What a site may call itself after its host: ``www.laola1.at`` gives laola1at and laola1."""
    labels = host.removeprefix("www.").split(".")
    return {_key(".".join(labels[start:])) for start in range(max(0, len(labels) - 1))} | {
        _key(label) for label in labels[:-1] if len(label) > 2
    }


def _is_house(name: str, organisations: set[str]) -> bool:
    """Whether a named author is the site or its publisher, with or without an article, a legal form or a desk.

    The host counts against single words only: a person's own site bears the person's name.
    """
    bare = _ARTICLE.sub("", name)
    if " " not in bare and f"{_HOST}{_key(bare)}" in organisations:
        return True
    key = _key(name)
    if key in organisations or _key(bare) in organisations:
        return True
    return any(len(house) > 5 and key.startswith(house) for house in organisations)


def _without_houses(names: Iterable[str], houses: set[str]) -> tuple[str, ...]:
    """The names that are no house's; beside others also without one that the host is called after."""
    people = tuple(name for name in names if not _is_house(name, houses))
    others = tuple(name for name in people if f"{_HOST}{_key(_ARTICLE.sub('', name))}" not in houses)
    return others or people


def _replaces(written: list[str], declared: tuple[str, ...]) -> bool:
    """Whether a visible byline names somebody else than the declared authors, or one of them by the full name."""
    if not written:
        return False
    ours, theirs = [_key(name) for name in written], [_key(name) for name in declared]
    if any(one == other for one in written for other in declared):
        return False
    if len(theirs) == 1 and " " not in declared[0]:  # a log-in or a first name
        return any(_is_short_for(declared[0], name) for name in written) or bool(_LOG_IN.search(declared[0]))
    if any(one == other for one in ours for other in theirs):
        return False
    return not any(set(a.casefold().split()) & set(b.casefold().split()) for a in written for b in declared)


def _is_short_for(short: str, name: str) -> bool:
    """ "alee", "annlee", "ann_lee" and "Ann" for "Ann Lee"."""
    key, words = _key(short), [_key(word) for word in name.split()]
    if len(words) < 2:
        return False
    return key in (words[0], "".join(words), words[0][:1] + words[-1], words[0] + words[-1][:1])


def _visible(bylines: list[LexborNode], pieces: list[Piece], organisations: set[str]) -> tuple[str, ...]:
    """Names that readers see: marked near the headline, behind a "By" there, marked anywhere."""
    for names in (_near(pieces), _after_by(pieces), _marked(bylines), _set_apart(pieces)):
        people = _without_houses(names, organisations)
        full = [name for name in people if looks_like_a_name(name)]
        if people:
            return tuple(dict.fromkeys(full or people[:1]))[:MAX_VISIBLE]
    return ()


def _near(pieces: list[Piece]) -> list[str]:
    """Names in the pieces by the headline whose element, or one of the two above it, is marked as an author's."""
    found: list[str] = []
    last = None
    for index, piece in enumerate(pieces):
        if len(piece.text) > MAX_NAME_PIECE_CHARS or (last is not None and index - last > 4):
            continue
        if index and names_helper(pieces[index - 1].text):
            continue
        strength = _author_mark(piece.node)
        if strength:
            names = [name for name in clean_authors([piece.text]) if _is_believed(name, strength)]
            if names:
                found += names
                last = index
    return found


def _after_by(pieces: list[Piece]) -> list[str]:
    """Names after a "By" in the text around the headline; the piece may hold only the word, the next then the name."""
    for index, piece in enumerate(pieces):
        text = piece.text
        if len(text) > MAX_NAME_PIECE_CHARS * 2 or not _BY_FIRST.match(text):
            continue
        if index and names_helper(f"{pieces[index - 1].text} {text}"):
            continue
        if _BY_ALONE.match(text) and index + 1 < len(pieces):
            text = pieces[index + 1].text
            if len(text) > MAX_NAME_PIECE_CHARS:
                continue
        elif not _BY_START.match(text):
            continue
        strength = 2 if len(text.split()) <= 3 else 1
        names = [name for name in clean_authors([text]) if _is_believed(name, strength)]
        if names:
            return names
    return []


def _set_apart(pieces: list[Piece]) -> list[str]:
    """A name that stands alone in bold or italics at the head of the text, as small papers set it."""
    for piece in pieces:
        if not piece.is_after:
            continue
        if len(piece.text) > MAX_NAME_PIECE_CHARS:
            break
        node = piece.node
        if node.tag in _EMPHASIS and node.next is None and node.prev is None and node.parent.tag == "p":
            names = [name for name in clean_authors([piece.text]) if looks_like_a_name(name)]
            if names and len(names[0].split()) <= 3:
                return names
    return []


def _marked(bylines: list[LexborNode]) -> list[str]:
    """Names in the first marked byline that holds any, and in its siblings."""
    found: list[str] = []
    place: LexborNode | None = None
    taken: set[int] = set()
    for node in bylines:
        parent = node.parent
        if parent is not None and parent.mem_id in taken:
            taken.add(node.mem_id)
            continue
        if found and (parent is None or place is None or parent.mem_id != place.mem_id):
            continue
        strength = _mark_of(node)
        if not strength:
            continue
        text = "\n".join(_lines(node))
        if len(text) > MAX_PIECE_CHARS or is_aside(node):
            continue
        names = [name for name in clean_authors([text]) if _is_believed(name, strength)]
        if names:
            taken.add(node.mem_id)
            found += names
            place = parent
    return found


def _author_mark(node: LexborNode | None) -> int:
    """The strongest mark of authorship on an element or the two above it: 2 a name's own, 1 a byline's, 0 none."""
    strength = 0
    for _ in range(3):
        if node is None:
            break
        strength = max(strength, _mark_of(node))
        node = node.parent
    return strength


def _mark_of(node: LexborNode) -> int:
    attributes = node.attributes
    if not attributes:
        return 0
    if attributes.get("itemprop") == "author" or "author" in (attributes.get("rel") or ""):
        return 2
    if "href" in attributes and node.tag == "a" and _AUTHOR_PATH.search((attributes["href"] or "")[:500]):
        return 2
    classes = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:300]
    lower = classes.lower()
    if "aut" not in lower and "by" not in lower and "fn" not in lower:
        return 0
    if _NAME_CLASS.search(lower):
        return 2
    return 1 if _BYLINE_CLASS.search(lower) or _CAMEL_CLASS.search(classes) else 0


def _is_believed(name: str, strength: int) -> bool:
    """Under a name's own mark pen names count too ("jsteinhardt"), elsewhere only what looks like a name."""
    return looks_like_a_name(name) or (strength == 2 and len(name) <= 30 and _PEN_NAME.match(name) is not None)


def _key(name: str) -> str:
    return _NOT_KEY.sub("", name.casefold())


def _lines(node: LexborNode) -> Iterator[str]:
    """Text nodes apart: "By<b>Ann Lee</b><i>June 5</i>" is three pieces."""
    size = 0
    for step, inner in enumerate(node.traverse(include_text=True)):
        if inner.tag == "-text" and inner.parent.tag not in ("style", "script"):
            text = " ".join((inner.text_content or "")[:1000].split())
            if text:
                yield text
                size += len(text)
        if size > MAX_PIECE_CHARS or step > 200:
            return


def _as_list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else [value]


def _has_author_label(meta: Mapping[str, list[str]]) -> bool:
    return next(iter(meta.get("twitter:label1", ())), "").lower() in _LABELS
