"""The title of a page out of its several witnesses, and plain one-line text. Reads strings only, never a tree."""

import html
import re
from collections.abc import Iterable

MAX_TITLE_CHARS = 500
MAX_HEADLINE_CHARS = 250  # an <h1> beyond that is a paragraph in the wrong element

_SEPARATOR = re.compile(r"\s+[|–—·•»:-]{1,2}\s+|\s*[|»]\s*")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u00ad\ufeff]")
_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"\W+")
# What follows a headline inside its own element: a byline or a date line.
_BYLINE_AFTER = re.compile(
    r"^[\s|–—·•-]{0,5}(?:posted|published|written|updated|by|von|par|por|\d{1,2}\.?\s)\b", re.IGNORECASE
)


def plain(value: object, *, limit: int = MAX_TITLE_CHARS) -> str | None:
    """One line of text: tags, control and invisible characters gone, entities resolved, white space collapsed."""
    if not isinstance(value, str):
        return None
    text = value[: limit * 4]
    if "&" in text or "<" in text:
        text = html.unescape(_TAG.sub(" ", html.unescape(text)))
    if not text.isprintable():
        text = _CONTROL.sub("", text)
    return " ".join(text.split())[:limit] or None


def choose_title(
    *,
    headlines: Iterable[str],
    declared: Iterable[tuple[str, str | None]],
    window: str | None,
    site_names: Iterable[str | None],
    sections: Iterable[str] = (),
) -> tuple[str | None, float, str | None]:
    """The title, how well it is attested (0..1), and the origin of the witness that it is.

    ``headlines`` are the ``<h1>`` in order (origin ``h1``), ``declared`` pairs of an origin and the title it states,
    the more deliberate first, ``window`` the ``<title>`` (origin ``title_element``). The headline that readers see
    wins where a declared title or the window's repeats at least half of its words or the other way round, or where it
    is the only one and long enough to be no label; else the first declared title. Names of the site at either end
    are cut, and so are ``sections`` (the words of the page's address) behind a bar, and what the headline's element
    holds beside a title that two others agree on (a kicker before, a byline behind).
    """
    sites = {key for name in site_names if name for key in _site_keys(name)}
    parts = {_key(section) for section in sections}
    stated = [
        (origin, title)
        for origin, value in (*declared, ("title_element", window))
        if (title := without_site(plain(value), sites, parts))
    ]
    others = [title for _, title in stated]
    shown = [title for headline in headlines if (title := plain(headline)) and len(title) <= MAX_HEADLINE_CHARS]
    seen = [title for title in shown if not _names_site(title, sites, others)]
    other_words = [_words(other) for other in set(others)]
    likenesses = [max((_likeness(_words(title), other) for other in other_words), default=0.0) for title in seen]
    best = next((title for title, score in zip(seen, likenesses) if score >= 0.75 * max(likenesses)), None)
    if best:
        words = _words(best)
        agreement = max((_overlap(words, other) for other in other_words), default=0.0)
        likeness = max((_likeness(words, other) for other in other_words), default=0.0)
        alone = len(seen) == 1 and len(words) >= 6
        if not others or alone or (agreement >= 0.5 and (likeness >= 0.34 or _opens(best, others))):
            return _bare(best, others, sites, parts), agreement, "h1"
    if stated:
        origin, title = stated[0]
        words = _words(title)
        return title, max((_overlap(words, _words(other)) for other in others[1:]), default=0.0), origin
    if best:
        return best, 0.0, "h1"
    return None, 0.0, None


def without_site(title: str | None, sites: set[str], sections: set[str] = frozenset()) -> str | None:
    """``title`` without the site's name before its first or after its last separator, or a section's behind a bar."""
    if title is None:
        return None
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title[:MAX_TITLE_CHARS]))
        if not cuts:
            break
        first, last = title[: cuts[0].start()], title[cuts[-1].end() :]
        is_section = "|" in cuts[-1][0] and _key(last) in sections
        if is_section or _is_site(last, sites, beside=title[: cuts[-1].start()]):
            title = title[: cuts[-1].start()]
        elif _is_site(first, sites, beside=title[cuts[0].end() :]):
            title = title[cuts[0].end() :]
        else:
            break
    return title.strip() or None if _key(title) not in sites else None


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _overlap(one: set[str], other: set[str]) -> float:
    """Shared words as a share of the shorter title's words (the overlap coefficient of Szymkiewicz and Simpson)."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _likeness(one: set[str], other: set[str]) -> float:
    """Shared words against the mean number of words of both (the coefficient of Dice and Sørensen)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _opens(headline: str, others: list[str]) -> bool:
    """Whether another title begins or ends with the headline: a short one whose declared form was made longer."""
    key = _key(headline)
    return len(key) > 3 and any((k := _key(other)).startswith(key) or k.endswith(key) for other in others)


def _bare(headline: str, others: list[str], sites: set[str], sections: set[str]) -> str:
    """The headline without a kicker or byline that its element also holds, and without the site's name."""
    headline = without_site(headline, sites, sections) or headline
    for other in others:
        size = len(other)
        if not 15 <= size < len(headline) or sum(_key(o) == _key(other) for o in others) < 2:
            continue
        if _key(headline[-size:]) == _key(other):
            return headline[-size:]
        if _key(headline[:size]) == _key(other) and _BYLINE_AFTER.match(headline[size:]):
            return headline[:size]
    return headline


def _names_site(headline: str, sites: set[str], others: list[str]) -> bool:
    """Whether an ``<h1>`` is the site's name in the page's head and not its headline."""
    key = _key(headline)
    if key in sites:
        return True
    return len(key) >= 6 and any(key in site for site in sites) and not any(_key(o) == key for o in others)


def _is_site(part: str, sites: set[str], *, beside: str) -> bool:
    """Whether a part of a title names the site: as a whole, or in a few words with the site's name among them."""
    key = _key(part)
    if key in sites:
        return True
    if len(key) < 4 or len(part.split()) > 5 or any(character.isdigit() for character in key):
        return False
    shorter = len(part) < len(beside)
    return any(len(site) >= 4 and (site.startswith(key) or (shorter and key.startswith(site))) for site in sites)


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold()).removeprefix("www")


def _site_keys(name: str) -> set[str]:
    """A site's name and, for a host name, its labels: ``www.daily-news.co.uk`` gives dailynewscouk and dailynews."""
    keys = {_key(name), _key(name.removeprefix("www."))} - {""}
    if "." in name and " " not in name:
        labels = name.split(".")[:-1]
        keys |= {_key(label) for label in labels if len(label) >= 4 and label not in _COMMON_LABELS}
    return keys


_COMMON_LABELS = frozenset({"www", "edition", "news", "blog", "blogs", "shop", "store", "help", "support", "about"})
