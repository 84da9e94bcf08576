"""The title of a page out of its several witnesses, and plain one-line text."""

import html
import re
from collections.abc import Iterable

from lxml.html import HtmlElement

MAX_TITLE_CHARS = 500
MAX_HEADLINE_CHARS = 250  # an <h1> beyond that is a paragraph in the wrong element

_SEPARATOR = re.compile(r"\s+[|–—·•»:-]{1,2}\s+|\s*[|»]\s*")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u00ad\ufeff]")
_WORD = re.compile(r"\w+")


def plain(value: object, *, limit: int = MAX_TITLE_CHARS) -> str | None:
    """One line of text: tags, control and invisible characters gone, entities resolved, white space collapsed."""
    if not isinstance(value, str):
        return None
    text = html.unescape(_TAG.sub(" ", html.unescape(value[: limit * 4])))
    return " ".join(_CONTROL.sub("", text).split())[:limit] or None


def spaced_text(element: HtmlElement) -> str:
    """An element's text with a space where markup alone parts two words ("Kicker<b>Headline</b>")."""
    text = ""
    for piece in element.itertext():
        apart = text[-1:].isalnum() and piece[:1].isupper() and not text[-1:].isupper()
        text += f" {piece}" if apart else piece
        if len(text) > MAX_TITLE_CHARS * 2:
            break
    return text


def choose_title(
    *,
    headlines: Iterable[str],
    declared: Iterable[str | None],
    window: str | None,
    site_names: Iterable[str | None],
) -> tuple[str | None, float]:
    """The title, and how well it is attested (0..1).

    ``headlines`` are the ``<h1>`` in order, ``declared`` the headline of JSON-LD, og:title and twitter:title,
    ``window`` the ``<title>``. The headline that readers see wins where a declared title or the window's repeats at
    least half of its words or the other way round; else the declared title that the others repeat best. Names of the
    site at either end are cut.
    """
    sites = {key for name in site_names if name for key in _site_keys(name)}
    shown = [title for headline in headlines if (title := plain(headline))]
    seen = [title for title in shown if len(title) <= MAX_HEADLINE_CHARS and _key(title) not in sites]
    stated = [title for d in [*declared, window] if (title := without_site(plain(d), sites))]
    attested = [(max((overlap(title, other) for other in stated), default=0.0), title) for title in seen]
    if attested and (not stated or max(attested)[0] >= 0.5):
        agreement = max(score for score, _ in attested)
        return next((title, score) for score, title in attested if score == agreement)
    if stated:
        return stated[0], max((overlap(stated[0], other) for other in stated[1:]), default=0.0)
    return None, 0.0


def without_site(title: str | None, sites: set[str]) -> str | None:
    """``title`` without the site's name before its first or after its last separator."""
    if title is None:
        return None
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if cuts and _key(title[cuts[-1].end() :]) in sites:
            title = title[: cuts[-1].start()]
        elif cuts and _key(title[: cuts[0].start()]) in sites:
            title = title[cuts[0].end() :]
        else:
            break
    return title.strip() or None if _key(title) not in sites else None


def overlap(one: str, other: str) -> float:
    """Shared words as a share of the shorter title's words (the overlap coefficient of Szymkiewicz and Simpson)."""
    a, b = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _key(text: str) -> str:
    return "".join(_WORD.findall(text.casefold())).removeprefix("www")


def _site_keys(name: str) -> set[str]:
    """A site's name and, for a host name, its label: ``www.daily-news.co.uk`` gives dailynewscouk and dailynews."""
    labels = [label for label in name.split(".") if label not in ("www", "m", "amp", "edition", "news")]
    return {_key(name), _key(name.removeprefix("www."))} | ({_key(labels[0])} if "." in name and labels else set())
