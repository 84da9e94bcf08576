"""A line of JSON ↔ an article that somebody has stored: what it says of itself and its HTML or text. Pure.

A line that is no such article is refused with what is wrong in it; nothing in it is guessed.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from tasks.errors import Terminal
from tasks.likeness import canonical_url

LINE_BYTES = 20_000_000
MOST_AUTHORS = 100

_LANGUAGE = re.compile("[a-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonArticle:
    """One line's article. ``html`` is a page where ``is_page``, else the paragraphs of a text as HTML."""

    url: str
    canonical_url: str
    html: str
    is_page: bool
    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    language: str | None


def read_line(line: bytes, *, place: str) -> JsonArticle:
    """The article of one line: an object with ``url`` and ``html`` or ``text`` (paragraphs parted by empty lines), and
    if it likes ``title``, ``authors`` (a list), ``published`` (ISO 8601; UTC where no offset is given) and
    ``language``; other keys are passed over.

    Raises Terminal ``json_line_invalid``, which names ``place`` and the key.
    """
    if len(line) > LINE_BYTES:
        raise _invalid(place, f"it has more than {LINE_BYTES} bytes")
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _invalid(place, f"it is not JSON ({error})") from error
    if not isinstance(told, dict):
        raise _invalid(place, "it is not an object")
    url = "".join((_text(told, "url", place) or "").split())
    try:
        canonical = canonical_url(url)
    except Terminal as error:
        raise _invalid(place, f"url is not a web address ({error.message})") from error
    html, text = _text(told, "html", place), _text(told, "text", place)
    if not html and not (text and text.strip()):
        raise _invalid(place, "it has neither html nor text")
    language = (_text(told, "language", place) or "").strip().lower()[:2]
    return JsonArticle(
        url=url,
        canonical_url=canonical,
        html=html or _paragraphs(text),
        is_page=bool(html),
        title=" ".join((_text(told, "title", place) or "").split()) or None,
        authors=_authors(told, place),
        published_at=_published(told, place),
        language=language if _LANGUAGE.fullmatch(language) else None,
    )


def _invalid(place: str, told: str) -> Terminal:
    return Terminal("json_line_invalid", f"{place} is not an article: {told}. Mend the line.")


def _text(told: dict, key: str, place: str) -> str | None:
    value = told.get(key)
    if value is not None and not isinstance(value, str):
        raise _invalid(place, f"{key} is not a string")
    return None if value is None else _encodable(value)


def _encodable(value: str) -> str:
    """JSON can spell half of a surrogate pair, which no text can hold."""
    return value.encode("utf-8", "replace").decode()


def _authors(told: dict, place: str) -> tuple[str, ...]:
    value = told.get("authors") or []
    if not isinstance(value, list) or not all(isinstance(author, str) for author in value):
        raise _invalid(place, "authors is not a list of names")
    names = (" ".join(_encodable(author).split()) for author in value[:MOST_AUTHORS])
    return tuple(dict.fromkeys(name for name in names if name))


def _published(told: dict, place: str) -> datetime | None:
    value = _text(told, "published", place)
    if not value or not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _invalid(place, f"published = {value[:40]!r} is not an ISO 8601 time") from error


def _paragraphs(text: str) -> str:
    parts = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return "".join(f"<p>{escape(part)}</p>" for part in parts if part)
