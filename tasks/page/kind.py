"""What a page is: an article, or one of the other things that an address of a news site answers with.

Judges from the evidence that a reader of the page has at hand; never parses, fetches or changes anything. Precision
comes first: whatever is not plainly something else is an article.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tasks.page.jsonld import ARTICLE_TYPES
from tasks.page.kind_phrases import CONSENT, CONSENT_TITLES, NOT_FOUND, PAYWALL

ARTICLE = "article"
LIVE_BLOG = "live_blog"
VIDEO = "video"
GALLERY = "gallery"
PAYWALL_STUB = "paywall"
CONSENT_WALL = "consent_wall"
SOFT_404 = "soft_404"
INDEX = "index"
KINDS = (ARTICLE, LIVE_BLOG, VIDEO, GALLERY, PAYWALL_STUB, CONSENT_WALL, SOFT_404, INDEX)

MAX_OPENING_CHARS = 20_000

#: Parts of class and id names that say what an element is for; see ``PageEvidence.hints``.
HINTS = ("paywall", "regwall", "piano-", "live-blog", "liveblog", "liveticker", "live-ticker", "gallery", "slideshow")

# A live blog is told by its own type before this is asked.
_ARTICLE_TYPES = ARTICLE_TYPES - {"LiveBlogPosting"} | {"Recipe", "HowTo"}
_LIST_TYPES = frozenset({"CollectionPage", "SearchResultsPage"})
_GALLERY_TYPES = frozenset({"ImageGallery", "MediaGallery"})
_LIVE_PATH = re.compile(
    r"(?:^|[/_-])(?:live|liveblog|live-?blog|live-?ticker|newsblog|live-?updates?|en-direct|en-vivo|minuto-a-minuto|"
    r"diretta|aggiornamenti-live|na-zywo|relacja-na-zywo|ao-vivo|liveblogs)(?:[/_-]|$)"
)
_LIVE_TITLE = re.compile(
    r"^(?:live\s?[:|–—-]|liveblog|live[- ]?ticker|en direct\b|en vivo\b|diretta\b|na żywo\b|ao vivo\b)|"
    r"(?:live updates?|live blog|im liveticker|im newsticker|as it happened)\b"
)
# An entry opens with its time: "14:05", "2.30pm", "14h05", "14.05 Uhr".
_ENTRY = re.compile(r"^\W{0,3}(?:[01]?\d|2[0-3])(?:[:.h][0-5]\d(?!\d)|(?=\s?[ap]\.?m\b))(?![.:,/]\d)", re.MULTILINE)
_VIDEO_PATH = frozenset("video videos watch mediathek player tv vod mediatheque filmy nagrania".split())
_GALLERY_PATH = frozenset(
    "gallery galleries galerie galerien galeria galerias galleria fotogalerie fotogaleria fotogalerij fotostrecke "
    "fotostrecken bilder bilderstrecke photos photogallery slideshow slideshows diaporama fotos foto zdjecia".split()
)
_LIST_PATH = frozenset(
    "tag tags topic topics category categories section sections author authors autor autoren auteur search suche "
    "archive archives archiv schlagwort rubrik etiqueta etiquetas tagi page".split()
)
_FRONT = re.compile(r"/?(?:(?:index|home|default|start)(?:\.\w{3,5})?/?|[a-z]{2}(?:-[a-z]{2})?/?)?$")
_TITLE_PARTS = re.compile(r"\s+[|–—·•»:-]{1,2}\s+|\s*[|»]\s*")

_STUB_SHARE = 0.5  # of the words that the page itself says the article has; extractors lose less than that
_MAX_STUB_WORDS = 500
_FEW_WORDS = 150
_MANY_TEASERS = 8
_BRIEF_WORDS = 60  # the shortest briefs of news agencies; less is a line under something else


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """What a page shows once it has been parsed and its text extracted.

    - ``url``: its final address.
    - ``types``: the schema.org types (without namespace) of the page's own JSON-LD nodes: the top level, ``@graph``,
      ``mainEntity`` and ``mainEntityOfPage``; not of teasers in lists.
    - ``is_free``: ``isAccessibleForFree`` of the article's node or of one of its ``hasPart`` (false wins; "False" and
      ``http://schema.org/False`` are false); None where nothing is said.
    - ``declared_words``: ``wordCount`` of the article's node; None without, and where its ``articleBody`` has more than
      half as many (then the text is there, whatever became of it).
    - ``og_type``: the content of ``<meta property="og:type">``.
    - ``is_dated``: the page's own metadata (JSON-LD, meta, a ``<time>`` by the headline) has a time of publication;
      a day in the address does not count.
    - ``titles``: the text of ``<title>`` and of the first ``<h1>``, those of them that there are.
    - ``text``: the extracted text, paragraphs between blank lines; ``text_words``: its words.
    - ``opening``: the page's visible text in its order, white space collapsed, up to ``MAX_OPENING_CHARS``; only
      looked at where ``text_words`` is under 500, so it may be left empty for longer ones.
    - ``page_words``: the words of all visible text; ``link_words``: those inside ``<a href>``; ``links``: how many.
    - ``linked_headings``: the ``<h2>``, ``<h3>`` and ``<h4>`` that hold a link or stand in one.
    - ``hints``: the ``HINTS`` that are part of the class or id of any element, compared in lower case.
    """

    url: str
    types: frozenset[str] = frozenset()
    is_free: bool | None = None
    declared_words: int | None = None
    og_type: str | None = None
    is_dated: bool = False
    titles: tuple[str, ...] = ()
    text: str = ""
    text_words: int = 0
    opening: str = ""
    page_words: int = 0
    link_words: int = 0
    links: int = 0
    linked_headings: int = 0
    hints: frozenset[str] = frozenset()


def page_kind(evidence: PageEvidence) -> str:
    """One of ``KINDS``.

    ``paywall`` means that the text is only the beginning, not that the site asks for money: a page that declares
    itself closed and carries its whole text is an article.
    """
    is_article = bool(evidence.types & _ARTICLE_TYPES) or (evidence.og_type or "").lower() == "article"
    address = urlsplit(evidence.url)
    path = address.path.lower()
    titles = [title[:300].strip().lower() for title in evidence.titles]
    if _is_live_blog(evidence, path, titles):
        return LIVE_BLOG
    may_be_index = not is_article and not evidence.is_dated
    if may_be_index and evidence.linked_headings >= _MANY_TEASERS:
        if evidence.types & _LIST_TYPES or (_FRONT.fullmatch(path) and not address.query):
            return INDEX
    if evidence.text_words >= _MAX_STUB_WORDS:
        return ARTICLE
    if evidence.text_words < _FEW_WORDS and any(_says_not_found(title) for title in titles):
        return SOFT_404
    if _is_consent_wall(evidence, titles, is_article=is_article):
        return CONSENT_WALL
    if _is_stub(evidence):
        return PAYWALL_STUB
    segments = [segment for segment in path.split("/") if segment]
    if evidence.text_words < _FEW_WORDS:
        if _is_gallery(evidence, segments):
            return GALLERY
        if _is_video(evidence, segments, is_article=is_article):
            return VIDEO
    if may_be_index and _is_index(evidence, path, segments, address.query):
        return INDEX
    return ARTICLE


def _is_live_blog(evidence: PageEvidence, path: str, titles: list[str]) -> bool:
    if "LiveBlogPosting" in evidence.types:
        return True
    if _LIVE_PATH.search(path) or evidence.hints & {"live-blog", "liveblog", "liveticker", "live-ticker"}:
        needed = 3
    elif any(_LIVE_TITLE.search(title) for title in titles):
        needed = 4
    else:
        return False
    return sum(1 for _ in zip(range(needed), _ENTRY.finditer(evidence.text), strict=False)) == needed


def _says_not_found(title: str) -> bool:
    return any(NOT_FOUND.fullmatch(part.strip(" .!:()–—-")) for part in (title, *_TITLE_PARTS.split(title)))


def _is_consent_wall(evidence: PageEvidence, titles: list[str], *, is_article: bool) -> bool:
    """Asking for consent is nearly all that the page does; a banner on top of an article is not that."""
    if evidence.page_words > 1500 or (is_article and evidence.is_dated and evidence.text_words >= _BRIEF_WORDS):
        return False
    text = evidence.text.lower()
    in_text = sum(phrase in text for phrase in CONSENT)
    if any(phrase in title for title in titles for phrase in CONSENT_TITLES):
        in_text += 1
    if in_text >= 2 and evidence.text_words < 120 * in_text:
        return True
    opening = evidence.opening[:MAX_OPENING_CHARS].lower()
    return (
        evidence.text_words < _BRIEF_WORDS
        and evidence.page_words < 500
        and sum(phrase in opening for phrase in CONSENT) >= 3
    )


def _is_stub(evidence: PageEvidence) -> bool:
    if evidence.is_free is not False and not evidence.hints & {"paywall", "regwall", "piano-"}:
        return False
    if evidence.is_free is False and evidence.declared_words:
        return evidence.text_words < _STUB_SHARE * evidence.declared_words
    if evidence.text_words >= (2 if evidence.is_free is False else 1) * _FEW_WORDS:
        return False
    opening = evidence.opening[:MAX_OPENING_CHARS].lower()
    return any(phrase in opening for phrase in PAYWALL)


def _is_gallery(evidence: PageEvidence, segments: list[str]) -> bool:
    named = not _GALLERY_PATH.isdisjoint(segments)
    return named and bool(evidence.types & _GALLERY_TYPES or evidence.hints & {"gallery", "slideshow"})


def _is_video(evidence: PageEvidence, segments: list[str], *, is_article: bool) -> bool:
    declared = "VideoObject" in evidence.types or (evidence.og_type or "").lower().startswith("video")
    return declared and (not is_article or not _VIDEO_PATH.isdisjoint(segments))


def _is_index(evidence: PageEvidence, path: str, segments: list[str], query: str) -> bool:
    """A front, a section, a list of a tag, an author or a search; only asked of undated pages that are no article."""
    link_share = evidence.link_words / evidence.page_words if evidence.page_words else 0.0
    few_words = evidence.text_words < 2 * _FEW_WORDS
    if _FRONT.fullmatch(path) and not query and evidence.links >= 10:
        return few_words or link_share > 0.4
    if few_words and evidence.types & _LIST_TYPES:
        return True
    if not segments or len(segments) > 2 or _is_slug(segments[-1]):
        return False
    if few_words and len(segments) == 2 and segments[0] in _LIST_PATH:
        return evidence.links >= 10 and link_share > 0.25
    if evidence.text_words < _BRIEF_WORDS and (evidence.og_type or "").lower() == "website":
        return True
    if evidence.text_words < _FEW_WORDS // 2 and link_share > 0.4 and evidence.links >= 10:
        return True
    return few_words and link_share > 0.4 and evidence.linked_headings >= _MANY_TEASERS


def _is_slug(segment: str) -> bool:
    """Whether the last part of an address names one thing of many: by a number, or by a title in words."""
    return any(c.isdigit() for c in segment) or segment.count("-") + segment.count("_") > 2 or "." in segment[1:-5]
