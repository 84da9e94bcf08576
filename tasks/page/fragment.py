"""Fragments of HTML, such as a feed's summary, to paragraphs of plain text. Whole pages are read elsewhere."""

import re

from bs4 import BeautifulSoup, NavigableString
from bs4.element import PageElement, PreformattedString, Tag

MAX_FRAGMENT_CHARS = 1_000_000
MAX_TAGS = 20_000

_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "form", "button", "head", "title"}
)
_BLOCKS = frozenset(
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# Lines that feeds put around the text; only a whole paragraph of this kind goes, never a sentence inside one.
_JUNK = re.compile(
    r"^(?:"
    r"(?:continue reading|read (?:more|on|the (?:full|rest|whole|original|entire)[^.]{0,60})|full story|keep reading|"
    r"weiterlesen|mehr lesen|den (?:ganzen|vollständigen) [^.]{0,60} lesen|lire la suite|leer más|leggi tutto|"
    r"lees verder)"
    r"[^.]{0,80}[.…→»>\s]{0,5}"
    r"|the post .{1,300} (?:first )?appeared (?:first )?on .{1,150}"
    r"|der beitrag .{1,300} erschien zuerst (?:auf|bei|im?|in) .{1,150}"
    r"|l[’'](?:article|entrée) .{1,300} est apparue? en premier sur .{1,150}"
    r"|la entrada .{1,300} (?:se publicó primero en|aparece primero en) .{1,150}"
    r"|l[’']articolo .{1,300} (?:proviene da|sembra essere il primo su) .{1,150}"
    r"|(?:\[?(?:comments?|link|…|\.\.\.)\]?[\s|]{0,3}){1,3}"
    r"|submitted by .{1,80}"
    r"|(?:share (?:this|on)|tweet|facebook|twitter|email|print|advertisement|anzeige)[^.]{0,40}"
    r")$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\[(?:…|\.\.\.)\]|(?:\[…\]\s*)?(?:continue reading|read more|weiterlesen)\s*(?:…|\.\.\.|[→»]|>>?)?)\s*$",
    re.IGNORECASE,
)


def read_fragment(html: str) -> str:
    """The text of a fragment: paragraphs separated by a blank line, without markup, scripts and "continue reading".

    Plain text passes through. At most 1,000,000 characters and 20,000 tags are read; what lies beyond is cut, and
    what lies deeper than the parser's 256 levels is lost. Links lose their address and keep their text.
    """
    html = html[:MAX_FRAGMENT_CHARS].replace("\x00", "")
    if "<" not in html:
        html = html.replace("\n\n", "<p>")
    html = _cut_at_tag(html, MAX_TAGS)
    soup = BeautifulSoup(f"<div>{html}</div>", "lxml")  # wrapped, text that looks like a file name draws no warning
    blocks: list[list[str]] = [[]]
    # An explicit stack: recursion would follow the depth of hostile markup.
    stack: list[PageElement | None] = [soup]
    while stack:
        node = stack.pop()
        if node is None:
            blocks.append([])
        elif isinstance(node, Tag):
            if node.name in _DROPPED:
                continue
            if node.name == "br":
                blocks[-1].append("\n")
                continue
            if node.name in _BLOCKS:
                blocks.append([])
                stack.append(None)
            stack.extend(reversed(node.contents))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            blocks[-1].append(re.sub(r"\s+", " ", node))
    lines = (line for block in blocks for line in re.split(r"\n\s*\n", "".join(block)))
    texts = (" ".join(_TAIL.sub("", " ".join(line.split())).split()) for line in lines)
    return "\n\n".join(text for text in texts if text and not _JUNK.match(text))


def _cut_at_tag(html: str, limit: int) -> str:
    position = -1
    for _ in range(limit):
        position = html.find("<", position + 1)
        if position < 0:
            return html
    return html[:position]
