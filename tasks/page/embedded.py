"""The article's text in the state that a framework leaves in a page's scripts, for pages that scripts draw.

Reads JSON and nothing else: no script is run. Which text of a page is believed is decided in ``body``.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from tasks.page.fragment import read_fragment

MAX_SCRIPT_CHARS = 3_000_000
MAX_VALUES = 50_000
MAX_TEXT_CHARS = 200_000
MIN_PROSE_CHARS = 60

_ASSIGNED = re.compile(
    r"\s{0,50}(?:(?:window|self)\s{0,5}[.\[]\s{0,5}[\"']?[\w$.]{1,80}[\"']?\]?|(?:var|let|const)\s+\w{1,80})\s{0,5}=\s{0,5}"
)
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|li|blockquote)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…”\"。।؟]\W{0,5}$")
# Keys whose prose is about other pages or the site.
_OTHER = re.compile(
    r"related|recommend|teaser|comment|footer|menu|nav|cookie|consent|privacy|translat|i18n|message|seo|meta", re.I
)


def read_embedded(scripts: Sequence[str]) -> str:
    """The longest prose under one path of the JSON in ``scripts``, in paragraphs; empty where there is none.

    A path is the keys down to a value, positions in lists left out, so that the paragraphs of one body are together.
    """
    prose: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for script in scripts:
        for path, text in _strings(_load(script)):
            if len(text) >= MIN_PROSE_CHARS and " " in text and not any(_OTHER.search(key) for key in path):
                if _MARKUP.search(text[:5_000]) or _SENTENCE.search(text):
                    prose[path].append(text)
    if not prose:
        return ""
    pieces = max(prose.values(), key=lambda texts: sum(map(len, texts)))
    text = "\n\n".join(dict.fromkeys(pieces))[:MAX_TEXT_CHARS]
    return read_fragment("".join(f"<p>{piece}</p>" for piece in text.split("\n\n")))


def _load(script: str) -> Any:
    text = script.strip()[:MAX_SCRIPT_CHARS]
    assigned = _ASSIGNED.match(text)
    if assigned:
        text = text[assigned.end() :]
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string with its path, in the order of the document."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), value)]
    for _ in range(MAX_VALUES):
        if not stack:
            return
        path, value = stack.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, list):
            stack.extend((path, item) for item in reversed(value))
        elif isinstance(value, dict) and len(path) < 30:
            stack.extend(((*path, str(key)[:80]), item) for key, item in reversed(value.items()))
