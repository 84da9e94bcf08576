"""Well-formed RSS, Atom and RDF through lxml, in the shape and with the meaning that feedparser gives them.

feedparser is the reader of record: this room may only say what it would have said, several times faster, or nothing.
Whatever its answer could turn on and is not modelled here (a document type, markup inside text that was declared to be
escaped, elements whose place it minds, prefixes bound to something else) makes ``read_quickly`` return None. Nothing is
repaired, judged or turned into entries here.

The rules are those of feedparser's state machine (``mixin.py``, ``namespaces/*.py`` and ``parsers/strict.py`` of
version 6.0): which element feeds which key, that a deeper element does not displace a shallower one, that the first
title wins, that a second description is taken for content, and that a guid stands in for a link.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from tasks.feed.lenient import MAX_AUTHOR_CHARS
from tasks.feed.names import IN_IMAGE, IN_PERSON, IN_SOURCE, MINDED, UNREAD, UNREAD_TREES, is_handled
from tasks.feed.tree import SHORT_TYPES, Attributes, FeedTree, UnsureError, joined, recoded

MAX_DEPTH = 50  # of elements that are read; Python's stack bears about 300

_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM_VERSIONS = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_ROOT_NAMESPACES = {"http://purl.org/rss/1.0/": "rss10", "http://www.w3.org/2005/atom": "atom10"}
_NETSCAPE = "http://my.netscape.com/rdf/simple/0.9/"

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

_DECLARATION = re.compile(rb"<\?xml\s[^>]{0,300}>")
_QUERY_ENTITY = re.compile(r"&([A-Za-z0-9_]+);")
_EMAIL = re.compile(
    r"[a-zA-Z0-9_.+-]+@(?:\[(?:[0-9]{1,3}\.){3}|(?:[a-zA-Z0-9-]+\.)+)(?:[a-zA-Z]{2,4}|[0-9]{1,3})\]?(?:\?subject=\S+)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A feed as feedparser shapes it: ``version`` is its name for the format, ``feed`` and ``entries`` are dicts with
    its keys. Only those keys are filled in that ``tasks.feed.entries`` and ``tasks.feed.read`` ask for.
    """

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]


def read_quickly(document: bytes) -> Parsed | None:
    """The feed in a UTF-8 ``document`` as feedparser would give it, or None where feedparser itself has to say."""
    document = document.removeprefix(b"\xef\xbb\xbf")
    declaration = _DECLARATION.match(document)
    if declaration:
        document = document[declaration.end() :]
    if b"<!DOCTYPE" in document[:100_000]:
        return None
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(document, parser=parser)
        if root.getroottree().docinfo.internalDTD is not None:  # which defines entities
            return None
        return _Document(root, has_base=b"base" in document.lower()).read()
    except (etree.XMLSyntaxError, UnsureError):
        return None


class _Document(FeedTree):
    """One pass over a tree in document order. ``context`` is the feed's or the current entry's dict."""

    def __init__(self, root: etree._Element, *, has_base: bool) -> None:
        super().__init__(root, has_base=has_base)
        self.feed: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        self.context = self.feed
        self.in_entry = False
        self.has_content = False
        self.title_depth = -1
        self.depths: dict[str, int] = {}  # at which depth each key of the current entry was found
        self.terms: set[tuple[str | None, str | None, str | None]] = set()

    def read(self) -> Parsed:
        root = self.root
        for prefix, uri in root.nsmap.items():
            self._declare(prefix, uri)
            if not self.version and (prefix, uri.lower()) == (None, _NETSCAPE):
                self.version = "rss090"
            self.version = self.version or _ROOT_NAMESPACES.get(uri.lower(), "")
        attributes = self._attributes(root)
        self._open(attributes)
        name = self._name(root)
        if name == "rss":
            if not self.version.startswith("rss"):
                version = attributes.get("version", "")
                self.version = _RSS_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss")
            self._language_of(attributes)
            self._roots(root, items=False)
        elif name == "rdf_rdf" and self.version:
            self._roots(root, items=True)
        elif name == "feed":
            self.version = self.version or _ATOM_VERSIONS.get(attributes.get("version", ""), "atom")
            self._language_of(attributes)
            self._children(root, _OF_FEED, 2)
        else:
            raise UnsureError
        return Parsed(version=self.version, feed=self.feed, entries=self.entries)

    def _language_of(self, attributes: Attributes) -> None:
        language = attributes.get("xml:lang", attributes.get("lang"))
        if language:
            self.feed["language"] = language.replace("_", "-")

    def _roots(self, root: etree._Element, *, items: bool) -> None:
        """The channel of RSS, and what stands beside it in RDF."""
        channels = 0
        for child in root:
            name = self._name(child)
            attributes = self._attributes(child)
            self._open(attributes)
            if name == "channel" and not channels and "lastmod" not in attributes and "href" not in attributes:
                channels += 1
                self._children(child, _OF_FEED, 3)
            elif items and name == "item":
                self._item(child, attributes, 2)
            elif items and name == "image":
                self._image(child, attributes, 2)
            else:
                raise UnsureError
            self._close()

    # -- the walk

    def _children(self, node: etree._Element, table: "_Table", depth: int) -> None:
        if depth > MAX_DEPTH:
            raise UnsureError
        for child in node:
            name = self._name(child)
            attributes = self._attributes(child) if child.attrib else {}
            self._open(attributes)
            handler = table.get(name)
            if handler is not None:
                handler(self, child, attributes, depth)
            elif name in UNREAD:
                if len(child):
                    self._construct(child, attributes, "text/plain")  # unsure of all but XHTML
            elif name in UNREAD_TREES:
                self._leaves(child, UNREAD_TREES[name])
            elif name in MINDED or is_handled(name):
                raise UnsureError
            elif len(child):
                self._children(child, table, depth + 1)
            self._close()

    def _item(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        if self.in_entry or "lastmod" in attributes or "href" in attributes:
            raise UnsureError
        self.context = {}
        self.entries.append(self.context)
        self.in_entry, self.title_depth, self.depths, self.terms = True, -1, {}, set()
        about = attributes.get("rdf:about")
        if about:
            self.context["id"] = about
        self._children(node, _OF_ENTRY, depth + 1)
        self.context, self.in_entry, self.has_content = self.feed, False, False

    def _inside(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._children(node, _OF_ENTRY if self.in_entry else _OF_FEED, depth + 1)

    def _keep(self, key: str, value: str, depth: int) -> None:
        """Set a key, unless in this entry it was found closer to the entry."""
        if self.in_entry:
            if depth > self.depths.get(key, depth):
                return
            self.depths[key] = depth
        self.context[key] = value

    def _add_term(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tags = self.context.setdefault("tags", [])
        if (term or scheme or label) and (term, scheme, label) not in self.terms:
            self.terms.add((term, scheme, label))
            tags.append({"term": term, "scheme": scheme, "label": label})

    # -- what the elements mean

    def _title(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        detail = self._construct(node, attributes, "text/plain")
        if not -1 < self.title_depth <= depth:
            self._keep("title", detail["value"], depth)
            self.context["title_detail"] = detail
        if detail["value"]:
            self.title_depth = depth

    def _media_title(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        title_depth = self.title_depth
        self._title(node, attributes, depth)
        self.title_depth = title_depth

    def _link(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        text = self._text(node)
        attributes.setdefault("rel", "alternate")
        attributes.setdefault("type", "application/atom+xml" if attributes["rel"] == "self" else "text/html")
        _name_href(attributes)
        links = self.context.setdefault("links", [])
        links.append(attributes)
        if "href" in attributes:
            attributes["href"] = joined(self.base_url, attributes["href"])
            kind = attributes["type"]
            if attributes["rel"] == "alternate" and SHORT_TYPES.get(kind, kind) in _HTML_TYPES:
                self.context["link"] = attributes["href"]
            return
        link = self._resolved(text)
        if self.in_entry:
            link = link.replace("&amp;", "&")
        link = _QUERY_ENTITY.sub(r"&\g<1>", link)
        self.context["link"] = link
        if link or not self.in_entry:
            attributes["href"] = link

    def _guid(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        is_link = attributes.get("ispermalink", "true") == "true"
        value = self._text(node)
        value = self._resolved(value) if is_link else value
        self._keep("id", value, depth)
        self.context.setdefault("guidislink", is_link and "link" not in self.context)
        if is_link:
            self.context.setdefault("link", value)

    def _description(
        self, node: etree._Element, attributes: Attributes, depth: int, default: str = "text/html"
    ) -> None:
        if "summary" in self.context and not self.has_content:
            self._content(node, attributes, depth)
            return
        detail = self._construct(node, attributes, default)
        self._keep("summary", detail["value"], depth)
        self.context["summary_detail"] = detail

    def _summary(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._description(node, attributes, depth, "text/plain")

    def _content(self, node: etree._Element, attributes: Attributes, depth: int, default: str = "text/plain") -> None:
        self.has_content = True
        detail = self._construct(node, attributes, default)
        self.context.setdefault("content", []).append(detail)
        self.context.setdefault("summary", detail["value"])

    def _content_encoded(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._content(node, attributes, depth, "text/html")

    def _feed_summary(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        """A feed's own summary is not read, but with a second one feedparser believes the first entry has content."""
        self._construct(node, attributes, "text/plain")
        if "summary" in self.feed and not self.has_content:
            self.has_content = True
        self.feed.setdefault("summary", "")

    def _feed_description(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._construct(node, attributes, "text/html")
        if "summary" in self.feed and not self.has_content:
            self.has_content = True

    def _category(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        text = self._text(node)
        self._add_term(
            attributes.get("term"), attributes.get("scheme", attributes.get("domain")), attributes.get("label")
        )
        if text:
            last = self.context["tags"][-1:]
            if last and not last[0]["term"]:
                self.terms.discard((last[0]["term"], last[0]["scheme"], last[0]["label"]))
                last[0]["term"] = text
                self.terms.add((text, last[0]["scheme"], last[0]["label"]))
            else:
                self._add_term(text, None, None)

    def _media_category(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        attributes.setdefault("scheme", "http://search.yahoo.com/mrss/category_schema")
        self._category(node, attributes, depth)

    def _media_keywords(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keywords(node, attributes, None)

    def _itunes_keywords(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keywords(node, attributes, "http://www.itunes.com/")

    def _keywords(self, node: etree._Element, attributes: Attributes, scheme: str | None) -> None:
        text = self._text(node)
        if not attributes:
            for term in text.split(","):
                if term.strip():
                    self._add_term(term.strip(), scheme, None)

    def _author(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        detail: dict[str, str] = {}
        self.context.setdefault("authors", []).append(detail)
        for child in node:
            name = self._name(child)
            child_attributes = self._attributes(child)
            self._open(child_attributes)
            if len(child) or (child.tail or "").strip():
                raise UnsureError
            text = (child.text or "").strip()
            if name in ("name", "email", "uri", "url", "homepage"):
                self.context.setdefault("author_detail", {})[name] = text  # may be an earlier author's own detail
                self._sync_author(detail)
                detail[name] = text
            elif text or name not in IN_PERSON:
                raise UnsureError
            self._close()
        self._keep("author", recoded((node.text or "").strip()), depth)
        self._sync_author(detail)

    def _sync_author(self, detail: dict[str, str]) -> None:
        """One line for all of a person, or, for a person of whom nothing is known yet, what the last line tells."""
        name, email = detail.get("name"), detail.get("email")
        if name or email:
            self.context["author"] = f"{name} ({email})" if name and email else name or email
        elif not detail and self.context.get("author"):
            detail.update(_author_and_email(self.context["author"]))
            if detail:
                self.context.setdefault("author_detail", detail)

    def _published(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keep("published", self._text(node), depth)

    def _updated(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keep("updated", self._text(node), depth)

    def _created(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keep("created", self._text(node), depth)

    def _language(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._keep("language", self._text(node), depth)

    def _verbatim(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        """An element that feedparser has no rule for, and keeps under its own name."""
        if attributes:
            raise UnsureError
        self._keep(self._name(node), self._text(node), depth)

    def _enclosure(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        if len(node):
            raise UnsureError
        _name_href(attributes)
        attributes["rel"] = "enclosure"
        self.context.setdefault("links", []).append(attributes)

    def _media_content(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self.context.setdefault("media_content", []).append(attributes)
        self._inside(node, attributes, depth)

    def _media_thumbnail(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        url = self._resolved(self._text(node))
        if url:
            attributes.setdefault("url", url)
        self.context.setdefault("media_thumbnail", []).append(attributes)

    def _itunes_image(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        if len(node):
            raise UnsureError
        href = attributes.get("href") or attributes.get("url")
        if href:
            self.context["image"] = {"href": href}

    def _image(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        """A picture of the feed itself; its title is not the feed's, but changes which title is."""
        if self.in_entry and len(node):
            raise UnsureError
        self._leaves(node, IN_IMAGE)
        titled = any(self._name(child) == "title" and (child.text or "").strip() for child in node)
        self.title_depth = depth + 1 if titled else -1

    def _source(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        """Where an entry was taken from: its fields are the other feed's, but its title changes which title wins."""
        people = [child for child in node if self._name(child) in ("author", "contributor")]
        for person in people:
            self._leaves(person, IN_PERSON)
        self._leaves(node, IN_SOURCE, skip=people)
        titled = any(self._name(child) == "title" and (child.text or "").strip() for child in node)
        self.title_depth = depth + 1 if titled else -1

    def _person(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._leaves(node, IN_PERSON)

    def _itunes_category(self, node: etree._Element, attributes: Attributes, depth: int) -> None:
        self._children(node, {"itunes_category": _Document._itunes_category}, depth + 1)


_Table = dict[str, Callable[[_Document, etree._Element, Attributes, int], None]]

_OF_BOTH: _Table = {
    **dict.fromkeys(("title", "dc_title"), _Document._title),
    "media_title": _Document._media_title,
    "link": _Document._link,
    **dict.fromkeys(("guid", "id"), _Document._guid),
    **dict.fromkeys(("language", "dc_language"), _Document._language),
    "media_group": _Document._inside,
    "media_content": _Document._media_content,
    "image": _Document._image,
    "contributor": _Document._person,
}
_OF_ENTRY: _Table = {
    **_OF_BOTH,
    **dict.fromkeys(("description", "dc_description", "media_description"), _Document._description),
    **dict.fromkeys(("summary", "itunes_summary"), _Document._summary),
    "content": _Document._content,
    **dict.fromkeys(("content_encoded", "fullitem"), _Document._content_encoded),
    **dict.fromkeys(("category", "keywords", "dc_subject"), _Document._category),
    "media_category": _Document._media_category,
    "media_keywords": _Document._media_keywords,
    "itunes_keywords": _Document._itunes_keywords,
    **dict.fromkeys(
        ("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"),
        _Document._author,
    ),
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _Document._published),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _Document._updated),
    **dict.fromkeys(("created", "dcterms_created"), _Document._created),
    "feedburner_origlink": _Document._verbatim,
    "enclosure": _Document._enclosure,
    "media_thumbnail": _Document._media_thumbnail,
    **dict.fromkeys(("itunes_image", "itunes_link"), _Document._itunes_image),
    "source": _Document._source,
}
_OF_FEED: _Table = {
    **_OF_BOTH,
    **dict.fromkeys(("item", "entry"), _Document._item),
    **dict.fromkeys(("description", "dc_description", "media_description"), _Document._feed_description),
    **dict.fromkeys(("summary", "itunes_summary"), _Document._feed_summary),
    **dict.fromkeys(("ttl", "sy_updateperiod", "sy_updatefrequency", "itunes_new-feed-url"), _Document._verbatim),
    **dict.fromkeys(("author", "managingeditor", "itunes_owner"), _Document._person),
    "itunes_category": _Document._itunes_category,
    "items": _Document._inside,
}


def _name_href(attributes: Attributes) -> None:
    """``url`` and ``uri`` are other names of ``href``."""
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes.pop("url", None)
        attributes.pop("uri", None)
        attributes["href"] = href


def _author_and_email(author: str) -> dict[str, str]:
    """Name and address out of one line such as ``ann@h.test (Ann Lee)``."""
    if "@" not in author or len(author) > MAX_AUTHOR_CHARS:
        return {"name": author}
    match = _EMAIL.search(author)
    if match is None:
        return {"name": author}
    for part in (match[0], "()", "<>", "&lt;&gt;"):
        author = author.replace(part, "")
    author = author.strip()
    author = author.removeprefix("(").removesuffix(")").strip()
    return {"name": author, "email": match[0]} if author else {"email": match[0]}
