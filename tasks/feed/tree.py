"""The elements of a feed's tree as feedparser names and reads them: prefixes, attributes, bases and the text inside.

What an element is good for is not known here (``tasks.feed.quick``). Where feedparser's answer could turn on something
that is not modelled, ``Unsure`` is raised.
"""

import re
from collections.abc import Sequence
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from feedparser.api import StrictFeedParser
from lxml import etree

Attributes = dict[str, str]
_NAMESPACES = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items() if uri}
_PREFIXES = frozenset(prefix for prefix in _NAMESPACES.values() if prefix)
_MINDED_PREFIXES = frozenset(
    {"", "content", "dc", "dcterms", "feedburner", "itunes", "media", "rdf", "sy", "xhtml", "xml"}
)
_USERLAND = "backend.userland.com/rss"  # any namespace with this in it means RSS
_XLINK = "http://www.w3.org/1999/xlink"

SHORT_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}
_TEXT_TYPES = frozenset(SHORT_TYPES.values())  # feedparser takes all others for base64

_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/*")
_CLOSING_TAG_OR_ENTITY = re.compile(r"</|&")
_C1_RANGE = re.compile("[\x80-\x9f]")
_CP1252 = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
for _unassigned in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
    del _CP1252[_unassigned]


class UnsureError(Exception):
    """What stands here is not modelled: feedparser has to read the document."""


class FeedTree:
    """A parsed document with what feedparser remembers from element to element: prefixes, names and the base."""

    def __init__(self, root: etree._Element, *, has_base: bool) -> None:
        self.root = root
        self.version = ""  # feedparser's name for the format
        self.has_base = has_base
        self.base_url = ""
        self.bases: list[str] = []
        self.prefix_of: dict[str, str] = {}  # of namespaces that feedparser does not know
        self.uri_of: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def _declare(self, prefix: str | None, uri: str) -> str:
        """feedparser's prefix for a namespace, which is the document's own where it does not know the namespace."""
        lowered = uri.lower()
        known = "" if _USERLAND in lowered else _NAMESPACES.get(lowered)
        if known is not None:
            if prefix in _PREFIXES and prefix != known and {prefix, known} & _MINDED_PREFIXES:
                raise UnsureError
            return known
        if prefix is None:
            return self.prefix_of.get(uri, "").lower()
        if self.uri_of.setdefault(prefix, uri) != uri:
            raise UnsureError
        return self.prefix_of.setdefault(uri, prefix).lower()

    def _name(self, node: etree._Element) -> str:
        tag = node.tag
        name = self.names.get(tag)
        if name is None:
            uri, _, local = tag.rpartition("}")
            prefix = self._declare(node.prefix, uri[1:]) if uri else ""
            name = self.names[tag] = f"{prefix}_{local}".lower() if prefix else local.lower()
        return name

    def _attributes(self, node: etree._Element) -> Attributes:
        found: Attributes = {}
        for name, value in node.attrib.items():
            if name[0] == "{":
                uri, _, local = name[1:].rpartition("}")
                prefix = _NAMESPACES.get(uri.lower())
                name = f"{prefix}:{local}".lower() if prefix else local.lower()
                if name in found:
                    continue
            name = name.lower()
            found[name] = value.lower() if name in ("rel", "type") else value
        return found

    def _open(self, attributes: Attributes) -> None:
        if self.has_base:
            base = attributes.get("xml:base", attributes.get("base"))
            if base:
                self.base_url = joined(self.base_url, base)
                if not self.base_url.startswith(("http://", "https://")):
                    raise UnsureError
            self.bases.append(self.base_url)

    def _close(self) -> None:
        if self.has_base:
            self.bases.pop()
            if self.bases and self.bases[-1]:  # feedparser does not go back from a base to none
                self.base_url = self.bases[-1]

    def _leaves(self, node: etree._Element, names: frozenset[str], *, skip: Sequence[etree._Element] = ()) -> None:
        """Children that feedparser keeps elsewhere, and that it may keep only if they are these."""
        for child in node:
            name = self._name(child)
            attributes = self._attributes(child)
            self._open(attributes)
            if child not in skip and (len(child) or name not in names):
                raise UnsureError
            self._close()

    def _text(self, node: etree._Element) -> str:
        if len(node):
            raise UnsureError
        return recoded((node.text or "").strip())

    def _resolved(self, link: str) -> str:
        return joined(self.base_url, link) if link else link

    def _construct(self, node: etree._Element, attributes: Attributes, default: str) -> dict[str, str]:
        """Type and value of a text construct."""
        kind = attributes.get("type", default)
        kind = SHORT_TYPES.get(kind, kind)
        if kind not in _TEXT_TYPES or attributes.get("mode") == "base64":
            raise UnsureError
        if len(node) or kind == "application/xhtml+xml":
            if kind != "application/xhtml+xml":
                raise UnsureError
            return {"type": kind, "value": recoded(self._markup(node))}
        value = (node.text or "").strip()
        if (
            kind == "text/plain"
            and not self.version.startswith("atom")
            and _CLOSING_TAG_OR_ENTITY.search(value)
            and StrictFeedParser.looks_like_html(value)
        ):
            kind = "text/html"
        return {"type": kind, "value": recoded(value)}

    def _markup(self, node: etree._Element) -> str:
        """The markup inside an XHTML construct, without the one <div> around it."""
        pieces: list[str] = []
        self._write(node, pieces)
        if self.version == "atom10":
            while len(pieces) > 1 and not pieces[-1].strip():
                del pieces[-1]
            while len(pieces) > 1 and not pieces[0].strip():
                del pieces[0]
            if pieces and (pieces[0] == "<div>" or pieces[0].startswith("<div ")) and pieces[-1] == "</div>":
                depth = 0
                for piece in pieces[:-1]:
                    if piece.startswith("</"):
                        depth -= 1
                        if depth == 0:
                            break
                    elif piece.startswith("<") and not piece.endswith("/>"):
                        depth += 1
                else:
                    pieces = pieces[1:-1]
        return "".join(pieces).strip()

    def _write(self, node: etree._Element, pieces: list[str]) -> None:
        if node.text:
            pieces.append(escape(node.text))
        for child in node:
            name = self._name(child)
            prefix, _, local = name.partition("_")
            if prefix != "xhtml" or local in ("body", "svg", "math") or _XLINK in child.nsmap.values():
                raise UnsureError
            attributes = self._attributes(child)
            if any(":" in key for key in attributes) or any(key[0] == "{" for key in child.attrib):
                raise UnsureError
            self._open(attributes)
            written = "".join(f' {k}="{escape(v, {chr(34): "&quot;"})}"' for k, v in attributes.items())
            pieces.append(f"<{local}{written}>")
            self._write(child, pieces)
            pieces.append(f"</{local}>")
            self._close()
            if child.tail:
                pieces.append(escape(child.tail))


def joined(base_url: str, link: str) -> str:
    if "///" in link:
        link = _EXTRA_SLASHES.sub(r"\1", link)
    try:
        return urljoin(base_url, link)
    except ValueError:
        return ""


def recoded(text: str) -> str:
    """UTF-8 that was taken for Latin-1, and the bytes of Windows-1252, as they were meant."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        pass
    return text.translate(_CP1252) if _C1_RANGE.search(text) else text
