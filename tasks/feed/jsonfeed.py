"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) to entries. No other format is read here."""

import html
import json
from datetime import datetime

from tasks.errors import Terminal
from tasks.feed.dates import parse_time
from tasks.feed.entries import enclosures_of
from tasks.feed.model import Entry, Feed
from tasks.feed.redirect import unwrapped
from tasks.feed.tidy import Faults, absolute_url, checked_time, labels, language_code, plain_text

MAX_ENTRIES = 10_000


def read_json_feed(text: str, *, url: str, now: datetime) -> Feed:
    """Read a JSON Feed. Raises ``Terminal("feed_malformed")`` where the text is not one."""
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Terminal("feed_malformed", f"The feed {url} is not readable JSON: {error}.") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise Terminal("feed_malformed", f"{url} is JSON but no JSON Feed: it has no list of items; check the address.")
    faults = Faults()
    items = document["items"]
    if len(items) > MAX_ENTRIES:
        faults.add(f"the feed has over {MAX_ENTRIES:,} entries and the rest was left out")
    entries = []
    for item in items[:MAX_ENTRIES]:
        if isinstance(item, dict):
            entries.append(_entry(item, url, now, faults))
        else:
            faults.add("items that are no objects were left out", str(item)[:60])
    return Feed(
        kind="json",
        title=plain_text(document.get("title"), literal=True),
        url=absolute_url(document.get("home_page_url"), url),
        language=language_code(document.get("language")),
        entries=tuple(entries),
        faults=faults.sentences(),
    )


def _entry(item: dict, url: str, now: datetime, faults: Faults) -> Entry:
    guid = item.get("id")  # the specification wants a string and tells readers to coerce numbers
    content = item.get("content_html")
    if not isinstance(content, str):
        content = item.get("content_text")
        content = html.escape(content, quote=False) if isinstance(content, str) else None
    summary = item.get("summary")
    authors = item.get("authors")
    if not isinstance(authors, list):
        authors = [item.get("author")]  # version 1.0
    tags = item.get("tags")
    attachments = item.get("attachments")
    files = [file.get("url") for file in attachments if isinstance(file, dict)] if isinstance(attachments, list) else []

    def time(key: str) -> datetime | None:
        raw = item.get(key)
        return checked_time(parse_time(raw) if isinstance(raw, str) else None, raw=raw, now=now, faults=faults)

    address = absolute_url(item.get("url"), url) or absolute_url(guid, "")
    return Entry(
        url=unwrapped(address) if address else None,
        guid=str(guid)[:2000] if isinstance(guid, str | int | float) else None,
        title=plain_text(item.get("title"), literal=True),
        authors=labels(author.get("name") for author in authors if isinstance(author, dict)),
        published_at=time("date_published"),
        updated_at=time("date_modified"),
        summary_html=html.escape(summary, quote=False) if isinstance(summary, str) and summary.strip() else None,
        content_html=content or None,
        tags=labels(tags) if isinstance(tags, list) else (),
        enclosures=enclosures_of(files, url=url, faults=faults),
        image_url=absolute_url(item.get("image") or item.get("banner_image"), url),
        language=language_code(item.get("language")),
    )
