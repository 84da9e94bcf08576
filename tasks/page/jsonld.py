"""The article that a page describes in JSON-LD (schema.org), found among whatever else is embedded.

Only finds and flattens; which of several testimonies about a page is believed is decided in ``metadata``. The tree is
only read.
"""

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

MAX_SCRIPTS = 50
MAX_TOTAL_CHARS = 2_000_000  # of all scripts together; the largest of 1,000 real pages had 240,000
MAX_NODES = 2_000

# https://schema.org/Article and its subtypes, and the neighbours that publishers use for the same thing
ARTICLE_TYPES = frozenset(
    {
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "OpinionNewsArticle",
        "BackgroundNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "DiscussionForumPosting",
        "TechArticle",
        "ScholarlyArticle",
        "MedicalScholarlyArticle",
        "Report",
        "Review",
    }
)
# What stands for the article where there is none, and fills its gaps where there is one.
_PAGE_TYPES = frozenset(
    {"WebPage", "ItemPage", "MedicalWebPage", "Recipe", "HowTo", "VideoObject", "CreativeWork", "Blog"}
)
# Where the article itself may hang; anything else (related articles, lists, breadcrumbs) is not followed.
_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage")
_TELLING = ("headline", "datePublished", "author", "articleBody")
_SHARED = ("datePublished", "dateModified", "author", "inLanguage")
_TRAILING_COMMA = re.compile(r",\s{0,200}([}\]])")
_BAD_ESCAPE = re.compile(r'\\(?![\\"/bfnrtu])')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLd:
    """The node of the page's article (empty where there is none) and the types of all nodes of the page itself."""

    article: dict[str, Any]
    types: frozenset[str]


def read_json_ld(tree: LexborHTMLParser) -> JsonLd:
    """The schema.org node of the page's article, with references (``@id``) of its author and publisher resolved.

    The node with most of headline, datePublished, author and articleBody wins; among equals the one whose headline
    repeats the page's ``<title>`` best, then the earlier. Times, authors and language that it lacks come from a node
    of the page itself (WebPage), which also stands in where there is no article. Empty where the page has neither.
    Malformed JSON is repaired where a trailing comma, a bad escape, a comment or a raw control character is all that
    is wrong, and ignored otherwise.
    """
    nodes: list[dict[str, Any]] = []
    by_id: dict[str, dict[str, Any]] = {}
    left = MAX_TOTAL_CHARS
    # by the attribute alone: half the time of naming the element too
    for script in tree.css('[type*="ld+json" i]')[:MAX_SCRIPTS]:
        text = script.text() if script.tag == "script" else ""
        if not text or len(text) > left:
            continue
        left -= len(text)
        queue = deque([_load(text)])
        while queue and len(nodes) < MAX_NODES:
            value = queue.popleft()
            if isinstance(value, list):
                queue.extend(value[:MAX_NODES])
            elif isinstance(value, dict):
                nodes.append(value)
                if isinstance(value.get("@id"), str) and len(value) > 1:
                    by_id.setdefault(value["@id"], value)
                queue.extend(value[key] for key in _CONTAINERS if isinstance(value.get(key), dict | list))
    types = frozenset().union(*map(types_of, nodes))
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    pages = [node for node in nodes if types_of(node) & _PAGE_TYPES]
    best = _best(articles, tree) or next((node for node in pages if any(node.get(key) for key in _SHARED)), None)
    if best is None:
        return JsonLd(article={}, types=types)
    resolved = dict(best)
    for page in pages[:1]:
        for key in _SHARED:
            if not resolved.get(key) and page.get(key):
                resolved[key] = page[key]
    for key in ("author", "creator", "publisher", "image"):
        resolved[key] = _resolve(resolved.get(key), by_id)
    return JsonLd(article=resolved, types=types)


def types_of(node: dict[str, Any]) -> set[str]:
    """The schema.org types of a node without their namespace."""
    types = node.get("@type")
    values = types if isinstance(types, list) else [types]
    return {value.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for value in values[:10] if isinstance(value, str)}


def text_of(value: Any, *, key: str = "name") -> str | None:
    """The text of a property that may be a string, a node with ``key``, or a list of either (then the first)."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get(key) or value.get("@value")
        else:
            break
    return value if isinstance(value, str) else None


def _best(articles: list[dict[str, Any]], tree: LexborHTMLParser) -> dict[str, Any] | None:
    if len(articles) < 2:
        return articles[0] if articles else None
    title = tree.css_first("title")
    words = set(_WORD.findall(title.text()[:1000].casefold())) if title else set()

    def rank(node: dict[str, Any]) -> tuple[int, int]:
        headline = set(_WORD.findall((text_of(node.get("headline")) or "")[:1000].casefold()))
        return sum(bool(node.get(key)) for key in _TELLING), len(headline & words)

    return max(articles, key=rank)


def _load(text: str) -> Any:
    text = text.strip()
    if text.startswith(("<!--", "<![CDATA[", "//", "/*")):
        start, end = text.find("{"), text.rfind("}")
        text = text[start : end + 1] if 0 <= start < end else ""
    text = text.rstrip("; \n")
    for repair in (lambda t: t, lambda t: _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub(r"\1", t))):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _resolve(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolve(item, by_id) if isinstance(item, dict) else item for item in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return by_id.get(value["@id"], value)
    return value
