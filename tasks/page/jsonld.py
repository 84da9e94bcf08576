"""The article that a page describes in JSON-LD (schema.org), found among whatever else is embedded.

Only finds and flattens; which of several testimonies about a page is believed is decided in ``metadata``.
"""

import json
import re
from collections import deque
from typing import Any

from lxml.html import HtmlElement

MAX_SCRIPTS = 50
MAX_SCRIPT_CHARS = 2_000_000
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
        "TechArticle",
        "ScholarlyArticle",
        "Report",
        "Review",
    }
)
# Where the article itself may hang; anything else (related articles, lists, breadcrumbs) is not followed.
_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage")
_TRAILING_COMMA = re.compile(r",\s{0,200}([}\]])")


def read_json_ld(tree: HtmlElement) -> dict[str, Any]:
    """The schema.org node of the page's article, with references (``@id``) of its author and publisher resolved.

    The node with most of headline, datePublished, author and articleBody wins, the earlier among equals. Empty where
    the page has none. Malformed JSON is repaired where a trailing comma, a comment or a raw control character is all
    that is wrong, and ignored otherwise.
    """
    nodes: list[dict[str, Any]] = []
    by_id: dict[str, dict[str, Any]] = {}
    for script in tree.xpath('.//script[contains(@type, "ld+json")]')[:MAX_SCRIPTS]:
        queue = deque([_load(script.text or "")])
        while queue and len(nodes) < MAX_NODES:
            value = queue.popleft()
            if isinstance(value, list):
                queue.extend(value[:MAX_NODES])
            elif isinstance(value, dict):
                nodes.append(value)
                if isinstance(value.get("@id"), str) and len(value) > 1:
                    by_id.setdefault(value["@id"], value)
                queue.extend(value[key] for key in _CONTAINERS if isinstance(value.get(key), dict | list))
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    if not articles:
        return {}
    best = max(articles, key=lambda node: sum(bool(node.get(key)) for key in _TELLING))
    resolved = dict(best)
    for key in ("author", "creator", "publisher", "image"):
        resolved[key] = _resolve(best.get(key), by_id)
    return resolved


_TELLING = ("headline", "datePublished", "author", "articleBody")


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


def _load(text: str) -> Any:
    text = text.strip()[:MAX_SCRIPT_CHARS]
    if text.startswith(("<!--", "<![CDATA[", "//")):
        start, end = text.find("{"), text.rfind("}")
        text = text[start : end + 1] if 0 <= start < end else ""
    for attempt in (text.rstrip(";"), _TRAILING_COMMA.sub(r"\1", text.rstrip(";"))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _resolve(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolve(item, by_id) if isinstance(item, dict) else item for item in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
        return by_id.get(value["@id"], value)
    return value
