"""When a page was published and changed: which of its many dates is meant. Spelling is read in ``times``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.page.jsonld import text_of
from tasks.page.times import day_in_url, parse_time
from tasks.page.visible import Markup, Piece, bounded_text, is_aside

# Names of <meta name|property|itemprop>, lower case, the more reliable first, by their family.
_OPEN_GRAPH = ("article:published_time", "og:article:published_time", "og:published_time")
_META = (
    "datepublished",
    "rnews:datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.issued",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published-date",
    "publication-date",
    "publicationdate",
    "article:published",
    "date",
)
_MODIFIED = (
    ("open_graph", ("article:modified_time", "og:updated_time", "og:modified_time")),
    ("meta", ("datemodified", "dcterms.modified", "last-modified", "revised", "updated")),
)
_META_NAME = re.compile(  # and any other that is named so
    r"publi\w{0,8}[._:-]?(?:date|time|on)|date[._:-]?publi|(?:creat|post)\w{0,5}[._-]?(?:date|time)"
)
_PUBLISHED_CLASS = re.compile(r"(?:publi[sc]|post(?:ed)?[_-]?(?:date|on)|entry-date|dateline|article[_-]?date)", re.I)
# Not the bare class "updated": themes put it on the only date of a page, as the hAtom microformat asks.
_UPDATED_CLASS = re.compile(
    r"last[_-]?(?:update|modif)|update[sd]?[_-]?(?:date|time|on|at)|date[_-]?updated|modif", re.IGNORECASE
)
_DATE_CLASS = re.compile(r"date|time|datum|fecha|publi|posted|meta|byline|created|stamp", re.IGNORECASE)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|revised|reviewed|edited|aktualisiert|geändert|bearbeitet|stand|mis à jour|màj|modifié|"
    r"actualizado|modificado|atualizad[oa]|aggiornat[oa]|modificato|bijgewerkt|gewijzigd|aktualizacja|uppdatera[dt]|"
    r"opdateret|oppdatert|checked|expires|ends|deadline|last)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:published|posted|first published|released|created|written|veröffentlicht|erstellt|erschienen|publié|paru|"
    r"publicado|pubblicato|gepubliceerd|geplaatst|opublikowan[oy]|dodano|publicera[dt]|publisert|udgivet|pub)\b",
    re.IGNORECASE,
)
_NO_DATE_LINE = re.compile(r"://|©|\(c\)|copyright|all rights|alle rechte|tous droits", re.IGNORECASE)
_DIGITS = re.compile(r"\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d|\d[./]\d{1,2}[./]\d\d\b")
MAX_LABEL_CHARS = 40
MAX_DATE_CHARS = 110
MAX_SEARCH_STEPS = 20_000
MAX_ONLY_DATE_CHARS = 32
MAX_BARE_CHARS = 60  # beyond it a date without "published" beside it stands in a sentence about something else


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A date that readers see; ``label`` is ``published``, ``updated`` or empty."""

    time: datetime
    label: str
    origin: str


def read_times(
    tree: LexborHTMLParser,
    markup: Markup,
    pieces: list[Piece],
    json_ld: Mapping[str, Any],
    *,
    url: str,
    now: datetime,
    day_first: bool | None,
) -> tuple[tuple[datetime | None, str | None], tuple[datetime | None, str | None]]:
    """The published and the modified time, each with its origin.

    The day that stands by the headline is the one that readers know: it settles the offset of an instant that the
    page declares in another zone, and it wins over a declared time of another day (a content system's own clock)
    unless it is an update's. Without either the elements that mark a time, and last the address, are asked.
    """
    declared, origin = _declared(markup, json_ld, now, day_first)
    modified, modified_origin = _declared_modified(markup, json_ld, now, day_first)
    in_url = day_in_url(url, now=now)
    known = {time.date() for time in (declared, in_url) if time}
    seen = list(_seen(pieces, known, now, day_first))
    printed = next((s for s in seen if s.label != "updated"), None)
    updated = next((s for s in seen if s.label == "updated"), None)
    if declared is not None:
        published, origin = _reconciled(declared, origin, seen, modified)
    elif printed is not None:
        published, origin = printed.time, printed.origin
    else:
        published, origin = _marked(markup.times, now, day_first, may_be_aside=in_url is None)
    if published is None and updated is not None:
        published, origin = updated.time, "update"
    if published is None:
        published, origin = _anywhere(tree, known, now, day_first) or (in_url, "url")
    if modified is None and updated is not None:
        modified, modified_origin = updated.time, updated.origin
    if published is None:
        origin = None
    if modified is not None and published is not None and modified < published:
        modified, modified_origin = None, None
    return (published, origin), (modified, modified_origin)


def _declared(
    markup: Markup, json_ld: Mapping[str, Any], now: datetime, day_first: bool | None
) -> tuple[datetime | None, str | None]:
    meta = markup.meta

    def stated() -> Iterator[tuple[str, str | None]]:
        yield "json_ld", text_of(json_ld.get("datePublished"))
        yield from (("open_graph", value) for value in _all(meta, _OPEN_GRAPH))
        yield from (("meta", value) for value in _all(meta, _META))
        yield "json_ld", text_of(json_ld.get("dateCreated"))
        yield from (("meta", value) for name in meta if _META_NAME.search(name) for value in meta[name])

    return _first_valid(stated(), now, day_first)


def _declared_modified(
    markup: Markup, json_ld: Mapping[str, Any], now: datetime, day_first: bool | None
) -> tuple[datetime | None, str | None]:
    stated: list[tuple[str, str | None]] = [("json_ld", text_of(json_ld.get("dateModified")))]
    stated += [(family, value) for family, names in _MODIFIED for value in _all(markup.meta, names)]
    return _first_valid(stated, now, day_first)


def _first_valid(
    stated: Iterable[tuple[str, str | None]], now: datetime, day_first: bool | None
) -> tuple[datetime | None, str | None]:
    for origin, value in stated:
        time = parse_time(value, now=now, day_first=day_first)
        if time:
            return time, origin
    return None, None


def _reconciled(
    declared: datetime, origin: str | None, seen: list[_Seen], modified: datetime | None
) -> tuple[datetime, str | None]:
    """The declared time, at the printed day's offset where that is another day of the same instant, else the printed.

    A printed day wins over the declared one where it is no update's; an update's day where it lies before the
    declared publication, which then is the content system's and not the paper's.
    """
    day = declared.date()
    printed = seen[0] if seen else None
    if printed is None:
        return declared, origin
    if any(s.time.date() == day and (s.label != "updated" or printed.label == "updated") for s in seen):
        return declared, origin
    if abs(printed.time.date() - day) <= timedelta(days=1) and not declared.utcoffset():
        return at_day(declared, printed.time), origin
    is_update = printed.label == "updated" or (modified is not None and printed.time.date() == modified.date())
    if is_update and printed.time.date() > day:
        return declared, origin
    return printed.time, printed.origin


def at_day(instant: datetime, printed: datetime) -> datetime:
    """``instant`` in a zone in which its day is the printed one: the printed time's own, else the nearest that fits.

    Unchanged where no zone on earth (UTC-12 to UTC+14) makes it that day.
    """
    own = instant.astimezone(printed.tzinfo)
    if own.date() == printed.date():
        return own
    for hours in range(1, 15):
        for offset in (-hours, hours):
            local = instant.astimezone(timezone(timedelta(hours=offset)))
            if offset >= -12 and local.date() == printed.date():
                return local
    return instant


def _seen(pieces: list[Piece], known: set[date], now: datetime, day_first: bool | None) -> Iterator[_Seen]:
    """The dates among the pieces by the headline: those after it first, the nearest first."""
    found: list[tuple[bool, int, _Seen]] = []
    for index, piece in enumerate(pieces):
        text = piece.text
        if len(text) > MAX_DATE_CHARS or not _DIGITS.search(text):
            continue
        if not _YEAR.search(text) or _NO_DATE_LINE.search(text):
            continue
        time = _time_in(text, known, now, day_first)
        if time is None or (len(text) > MAX_BARE_CHARS and not _label(text) and time.date() not in known):
            continue
        before = pieces[index - 1].text if index else ""
        label = _label(text) or (_label(before) if len(before) <= MAX_LABEL_CHARS else "")
        origin = "text"
        element = piece.node
        for _ in range(2):
            if element is None:
                break
            if element.tag == "time":
                origin = "time"
                exact = parse_time(element.attributes.get("datetime"), now=now)
                if exact and abs(exact.date() - time.date()) <= timedelta(days=1):
                    time = exact if exact.date() == time.date() else at_day(exact, time)
            marks = element.attributes.get("class") or ""
            if not label and len(marks) < 300 and _UPDATED_CLASS.search(marks) and not _PUBLISHED_CLASS.search(marks):
                label = "updated"
            element = element.parent
        distance = index if piece.is_after else len(pieces) + (len(pieces) - index)
        found.append((not piece.is_after, distance, _Seen(time=time, label=label, origin=origin)))
    for _, _, seen in sorted(found, key=lambda item: item[:2]):
        yield seen


def _time_in(text: str, known: set[date], now: datetime, day_first: bool | None) -> datetime | None:
    """The time in a text; where month and day may be meant either way, the reading that another witness confirms."""
    time = parse_time(text, now=now, day_first=day_first)
    if time is not None and known and time.date() not in known:
        for other_order in (True, False):
            other = parse_time(text, now=now, day_first=other_order)
            if other is not None and other.date() in known:
                return other
    return time


def _label(text: str) -> str:
    """Which of the two words stands last before the date, as a rule the one that belongs to it."""
    updated, published = _UPDATED.search(text), _PUBLISHED.search(text)
    if updated and published:
        return "published" if published.start() < updated.start() else "updated"
    return "updated" if updated else "published" if published else ""


def _marked(
    times: list[LexborNode], now: datetime, day_first: bool | None, *, may_be_aside: bool
) -> tuple[datetime | None, str | None]:
    """The time of a ``<time>`` or microdata element: a mark of publication first, then the order of the page."""
    best: tuple[datetime, str] | None = None
    aside: tuple[datetime, str] | None = None
    for node in times[:50]:
        attributes = node.attributes
        value = attributes.get("datetime") or attributes.get("content") or bounded_text(node, 100)
        time = parse_time(value, now=now, day_first=day_first)
        if time is None:
            continue
        marks = f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}"
        found = time, "microdata" if attributes.get("itemprop") else "time"
        if is_aside(node):
            aside = aside or found
        elif "pubdate" in attributes or _PUBLISHED_CLASS.search(marks[:300]):
            return found
        else:
            best = best or found
    return best or (aside if may_be_aside and len(times) <= 2 and aside else (None, None))


def _anywhere(
    tree: LexborHTMLParser, known: set[date], now: datetime, day_first: bool | None
) -> tuple[datetime, str] | None:
    """The first date line of the page's text: one labelled as published, or one whose element is named as a date's,
    else one that is nothing but a date, else an update's. Only asked where nothing else dates the page.
    """
    bare: datetime | None = None
    updated: datetime | None = None
    body = tree.body
    if body is None:
        return None
    for step, node in enumerate(body.traverse(include_text=True, skip_empty=True)):
        if step > MAX_SEARCH_STEPS:
            break
        if node.tag != "-text":
            continue
        text = node.text_content or ""
        if not 6 <= len(text) <= MAX_DATE_CHARS * 2 or not _DIGITS.search(text) or not _YEAR.search(text):
            continue
        text = " ".join(text.split())
        parent = node.parent
        if len(text) > MAX_DATE_CHARS or _NO_DATE_LINE.search(text) or parent.tag in ("script", "style", "option"):
            continue
        time = _time_in(text, known, now, day_first)
        label = _label(text)
        if time is None or is_aside(node):
            continue
        if label == "updated":
            updated = updated or time
            continue
        if label == "published":
            return time, "text"
        if len(text) > MAX_BARE_CHARS:
            continue
        marks = f"{parent.attributes.get('class') or ''} {parent.parent.attributes.get('class') or ''}"[:400]
        if _DATE_CLASS.search(marks):
            return time, "text"
        if bare is None and len(text) <= MAX_ONLY_DATE_CHARS:
            bare = time
    if bare is not None:
        return bare, "text"
    return (updated, "update") if updated is not None else None


def _all(meta: Mapping[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from meta.get(name, ())
