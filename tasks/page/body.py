"""The article's text out of a parsed page, by trafilatura, with JSON-LD as the witness of last resort.

No metadata is read here. The tree is not changed: trafilatura works on its own copy.
"""

import logging
import re
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml.html import HtmlElement

from tasks.page.fragment import read_fragment
from tasks.page.jsonld import text_of

# What trafilatura and htmldate cannot read comes back as a Terminal sentence; their log lines would tell it twice.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

LONGER_BY = 1.5  # articleBody must say this much more before it is preferred to a short body
SHORT_WORDS = 150
MAX_KICKER_CHARS = 60

_TAG = re.compile(r"<(?:p|br|div|h[1-6]|li)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """``text`` in paragraphs between blank lines; ``method`` is page or json_ld; ``link_density`` is 0..1."""

    text: str
    method: str
    link_density: float


def read_body(tree: HtmlElement, json_ld: dict[str, Any], *, url: str, title: str | None) -> Body:
    """The article's text; empty where there is none.

    The body of the page is preferred; schema.org's ``articleBody`` stands in where the page gives under 150 words
    and it has half as many again (paywalls and pages drawn by script keep it in the head only). Where the text opens
    with ``title``, that paragraph and a kicker before it are left out: the title is a field of its own.
    """
    document = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=False)
    text = without_title(paragraphs(document.text or ""), title) if document is not None else ""
    words = count_words(text)
    if words < SHORT_WORDS:
        declared = _declared_body(json_ld)
        if count_words(declared) > LONGER_BY * words:
            return Body(text=declared, method="json_ld", link_density=0.0)
    return Body(text=text, method="page", link_density=_link_density(tree, text))


def paragraphs(text: str) -> str:
    """Lines as paragraphs: stripped, empty ones gone, a blank line between."""
    return "\n\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def without_title(text: str, title: str | None) -> str:
    """``text`` from after the paragraph that repeats ``title``, if that is one of the first two."""
    opening = text.split("\n\n", 2)
    for position, paragraph in enumerate(opening[:2]):
        if title and paragraph.casefold() == title.casefold():
            return "\n\n".join(opening[position + 1 :])
        if len(paragraph) > MAX_KICKER_CHARS:
            break
    return text


def count_words(text: str) -> int:
    """Runs of letters and digits; in scripts without spaces a run counts as one word for every two characters."""
    count = 0
    for match in _WORD.finditer(text):
        word = match.group()
        count += 1 if word < "\u0e00" else max(1, len(word) // 2)
    return count


def _declared_body(json_ld: dict[str, Any]) -> str:
    body = text_of(json_ld.get("articleBody")) or ""
    if _TAG.search(body[:20_000]):
        return read_fragment(body)
    return paragraphs(body)


def _link_density(tree: HtmlElement, text: str) -> float:
    """Share of the text that stands in paragraphs which are nothing but one of the page's links."""
    if not text:
        return 0.0
    links = {" ".join(link.text_content().split()) for link in tree.iter("a")}
    linked = sum(len(paragraph) for paragraph in text.split("\n\n") if paragraph.lstrip("- ") in links)
    return linked / len(text)
