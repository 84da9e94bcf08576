"""A parsed page → its text blocks in document order, and the elements that they stand in.

A block is a run of text between two borders of block-level elements. Nothing is judged here: navigation, comments and
the article come out alike. The tree that is handed in loses its scripts, styles and form fields.
"""

import re
import unicodedata
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

# What no reader sees, and the two that no article stands in: of 400 articles one word in 5,000 was in a <nav> or a
# <footer>, and a third of all blocks.
STRIPPED = (
    "audio canvas footer iframe nav noframes noscript object script select style svg template textarea video".split()
)

# Bits of an element's place: the element itself or one that it stands in.
PLACES = (
    "article main aside header form figure table ul ol blockquote section dl details address label "
    "fieldset h1 h2 h3 body"
).split()
HIDDEN = 1 << len(PLACES)

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img ins kbd label mark nobr output q rb rp "
    "rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BOLD = frozenset(("b", "strong"))
_PLACE_BIT = {name: 1 << position for position, name in enumerate(PLACES)}
# lexbor writes "<" and ">" inside attributes as entities, so that the next ">" ends the tag
# (https://html.spec.whatwg.org/multipage/parsing.html#escapingString).
_TOKEN = re.compile(r"<(?:(/?)([a-z][^\s>/]*)([^>]*)>|!--.*?-->|[^>]*>)([^<]*)", re.DOTALL)
_HIDDEN = re.compile(r'display:\s{0,5}none|visibility:\s{0,5}hidden|aria-hidden="true"|(?<![\w-])hidden(?![\w-])', re.I)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The ``n`` blocks of a page and its ``m`` elements, in parallel lists.

    Of a block: its ``texts`` (white space collapsed, NFC, nothing invisible), the position of the innermost block-level
    element that holds it (``elements``), how many of its characters stand in links and in bold type, how many links
    begin in it, and the attributes of an inline element that opens it. Of an element (in document order, position 0 is
    the page itself): its name, attributes (as written by the parser), parent, depth, the range of blocks that it holds,
    a number for its name with its attributes (``kinds``), for its path of names, and for its path of names with
    attributes, and its place as bits of PLACES and HIDDEN. ``images`` and ``times`` are the positions of the block that
    follows each ``<img>`` and ``<time>``.
    """

    texts: list[str]
    elements: list[int]
    link_chars: list[int]
    bold_chars: list[int]
    links: list[int]
    inline_attributes: list[str]
    names: list[str]
    attributes: list[str]
    parents: list[int]
    depths: list[int]
    first: list[int]
    last: list[int]
    kinds: list[int]
    name_paths: list[int]
    paths: list[int]
    places: list[int]
    images: list[int]
    times: list[int]


def read_blocks(tree: LexborHTMLParser) -> Blocks:
    """The blocks of a page's body; ``tree`` loses what no reader sees."""
    tree.strip_tags(STRIPPED)
    body = tree.body
    return _flatten(_main((body.html if body is not None else tree.html) or ""))


def _main(html: str) -> str:
    """The page's one ``<main>``, if it holds most of the paragraphs: of 1,000 such pages four had text elsewhere."""
    if html.count("</main>") != 1:
        return html
    end = html.find("</main>")
    start = max(html.rfind("<main>", 0, end), html.rfind("<main ", 0, end))
    paragraphs = html.count("</p>", start, end)
    return html[start:end] if paragraphs >= 3 and 2 * paragraphs >= html.count("</p>") else html


def _flatten(html: str) -> Blocks:
    names, attributes, parents, depths, first, last = ["#"], [""], [0], [0], [0], [0]
    kinds, name_paths, paths, places = [0], [0], [0], [0]
    numbers: dict[tuple[str, str], int] = {}
    texts: list[str] = []
    elements: list[int] = []
    link_chars: list[int] = []
    bold_chars: list[int] = []
    links: list[int] = []
    inline_attributes: list[str] = []
    images: list[int] = []
    times: list[int] = []
    pieces: list[str] = []
    element = open_links = open_bold = linked = bold = started_links = breaks = 0
    opening = ""

    def end_block() -> None:
        nonlocal pieces, linked, bold, started_links, breaks, opening
        if pieces:
            text = _clean("".join(pieces) if len(pieces) > 1 else pieces[0])
            if text:
                texts.append(text)
                elements.append(element)
                link_chars.append(linked)
                bold_chars.append(bold)
                links.append(started_links)
                inline_attributes.append(opening)
            pieces = []
        linked = bold = started_links = breaks = 0
        opening = ""

    for closes, name, attribute, text in _TOKEN.findall(html):
        if name in _INLINE:
            if name == "a":
                if closes:
                    open_links = max(0, open_links - 1)
                else:
                    open_links += 1
                    started_links += 1
            elif name in _BOLD:
                open_bold = max(0, open_bold - 1) if closes else open_bold + 1
            elif closes:
                pass
            elif name == "img":
                images.append(len(texts))
            elif name == "span" or name == "time":
                if attribute and not pieces:
                    opening = attribute
                if name == "time":
                    times.append(len(texts))
        elif name == "br":
            breaks += 1
            if breaks > 1:
                end_block()
            elif pieces:
                pieces.append(" ")
        elif name:
            if pieces:
                end_block()
            else:
                started_links = breaks = 0
                opening = ""
            if closes:
                last[element] = len(texts)
                element = parents[element]
            elif name not in _VOID:
                parent = element
                element = len(names)
                kind = numbers.setdefault((name, attribute), len(numbers) + 1)
                names.append(name)
                attributes.append(attribute)
                parents.append(parent)
                depths.append(depths[parent] + 1)
                first.append(len(texts))
                last.append(len(texts))
                kinds.append(kind)
                name_paths.append(hash((name_paths[parent], name)))
                paths.append(hash((paths[parent], kind)))
                place = places[parent] | _PLACE_BIT.get(name, 0)
                if ("hidden" in attribute or "none" in attribute) and _HIDDEN.search(attribute):
                    place |= HIDDEN
                places.append(place)
        if not text:
            continue
        if text.isspace():
            if pieces:
                pieces.append(" ")
            continue
        pieces.append(text)
        breaks = 0
        if open_links:
            linked += len(text)
        if open_bold:
            bold += len(text)
    end_block()
    while element:
        last[element] = len(texts)
        element = parents[element]
    last[0] = len(texts)
    return Blocks(
        texts=texts,
        elements=elements,
        link_chars=link_chars,
        bold_chars=bold_chars,
        links=links,
        inline_attributes=inline_attributes,
        names=names,
        attributes=attributes,
        parents=parents,
        depths=depths,
        first=first,
        last=last,
        kinds=kinds,
        name_paths=name_paths,
        paths=paths,
        places=places,
        images=images,
        times=times,
    )


def _clean(text: str) -> str:
    if "&" in text:  # the only four that the parser writes
        text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return " ".join(text.split())
