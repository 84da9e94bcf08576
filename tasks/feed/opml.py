"""OPML 2.0 subscription lists, read and written (http://opml.org/spec2.opml). No addresses are fetched here."""

from collections.abc import Iterable

from lxml import etree

from tasks.errors import Terminal
from tasks.feed.model import Opml, OpmlSource
from tasks.feed.tidy import Faults, absolute_url, labels, narrow, plain_text

MAX_OPML_BYTES = 10_000_000
MAX_SOURCES = 20_000


def read_opml(body: bytes) -> Opml:
    """The subscriptions of an OPML list in order, each feed address once, at most 20,000.

    An outline with others inside is a folder: its text becomes a tag of what lies in it. What is neither a folder nor
    an http(s) address of a feed, and what lies beyond the bound, is told in ``faults``. Raises
    ``Terminal("opml_malformed")`` where there is no OPML to read at all.
    """
    if len(body) > MAX_OPML_BYTES:
        raise Terminal("opml_malformed", f"The OPML list has {len(body):,} bytes, over {MAX_OPML_BYTES:,}; split it.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(narrow(body).lstrip(), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Terminal("opml_malformed", f"The OPML list is not XML ({error}); export it anew.") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise Terminal(
            "opml_malformed", "The file is not an OPML list: its first element is not <opml>; export it anew."
        )

    faults = Faults()
    if len(parser.error_log):
        faults.add(
            "the list is not well-formed XML and some of it may be lost; export it anew", parser.error_log[0].message
        )
    found: dict[str, OpmlSource] = {}
    for outline in root.iter("outline"):
        attributes = {name.lower(): value for name, value in outline.attrib.items()}
        written = attributes.get("xmlurl")
        feed_url = absolute_url(written, "")
        if feed_url is None:
            if written:
                faults.add("outlines whose xmlUrl is no http(s) address were left out; correct or remove them", written)
            elif not len(outline):
                shown = attributes.get("htmlurl") or attributes.get("url") or _name(outline.attrib) or ""
                faults.add("outlines without an xmlUrl were left out; give them the address of a feed", shown)
        elif feed_url not in found and len(found) == MAX_SOURCES:
            faults.add(f"feeds beyond the first {MAX_SOURCES:,} were left out; split the list", feed_url)
        elif feed_url not in found:
            folders = [_name(parent.attrib) for parent in outline.iterancestors("outline")]
            categories = (attributes.get("category") or "").split(",")
            found[feed_url] = OpmlSource(
                feed_url=feed_url,
                title=_name(outline.attrib),
                site_url=absolute_url(attributes.get("htmlurl"), feed_url),
                tags=labels([*reversed(folders), *(category.strip().strip("/") for category in categories)]),
            )
    return Opml(sources=tuple(found.values()), faults=faults.sentences())


def write_opml(sources: Iterable[OpmlSource], *, title: str = "Dateline sources") -> bytes:
    """An OPML 2.0 list, UTF-8; tags go to ``category``, so that ``read_opml`` gives the same sources back."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source in sources:
        name = source.title or source.feed_url
        outline = etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=source.feed_url)
        if source.site_url:
            outline.set("htmlUrl", source.site_url)
        if source.tags:
            outline.set("category", ",".join(tag.replace(",", " ") for tag in source.tags))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _name(attributes: etree._Attrib) -> str | None:
    return plain_text(attributes.get("title")) or plain_text(attributes.get("text"))
