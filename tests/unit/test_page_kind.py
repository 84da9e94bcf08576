"""Kinds of pages: each told by its evidence, and articles that look like another kind left articles."""

import time
from dataclasses import replace

import pytest

from tasks.page.kind import KINDS, PageEvidence, page_kind

SENTENCE = "The ferry to Kettle Point sailed at nine with a hundred passengers and a goat on board. "
NEWS = PageEvidence(
    url="https://courier.test/news/2026/11/03/ferry-sails-again-after-eleven-years",
    types=frozenset({"NewsArticle", "BreadcrumbList"}),
    og_type="article",
    is_dated=True,
    titles=("Ferry sails again | The Courier", "Ferry sails again"),
    text=SENTENCE * 20,
    text_words=340,
    opening=SENTENCE * 20,
    page_words=900,
    link_words=200,
    links=80,
    linked_headings=12,
)
BARE = replace(NEWS, types=frozenset(), og_type=None, is_dated=False)


def kind(evidence=NEWS, **changes):
    if "text" in changes:
        changes.setdefault("text_words", len(changes["text"].split()))
    return page_kind(replace(evidence, **changes))


def test_an_article_is_one_with_or_without_markup():
    assert kind() == kind(BARE) == kind(BARE, url="https://courier.test/?p=1200") == "article"
    assert page_kind(PageEvidence(url="https://courier.test/a")) == "article"


def live(*times):
    return "\n\n".join(f"{time} {SENTENCE}" for time in times)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"types": frozenset({"LiveBlogPosting"})}, "live_blog"),
        ({"url": "https://c.test/live/vote-count", "text": live("14:05", "13.40", "1pm", "12h05")}, "live_blog"),
        ({"url": "https://c.test/sport/liveticker-finale-1", "text": live("14:05", "13:40", "13:20")}, "live_blog"),
        ({"titles": ("En direct : le vote",), "text": live("14h05", "13h40", "13h20", "12h59")}, "live_blog"),
        ({"hints": frozenset({"liveblog"}), "text": live("14:05", "13:40", "13:20")}, "live_blog"),
        ({"url": "https://c.test/live-music-returns", "text": SENTENCE * 30}, "article"),
        ({"titles": ("Live: the band is back",), "text": live("8:30")}, "article"),
        ({"text": live("14:05", "13:40", "13:20", "12:59")}, "article"),  # a timetable
    ],
)
def test_live_blogs(changes, expected):
    assert kind(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_free": False, "declared_words": 900, "text": SENTENCE * 4}, "paywall"),
        ({"is_free": False, "declared_words": 900, "text": SENTENCE * 25}, "paywall"),
        ({"is_free": False, "declared_words": 900, "text": SENTENCE * 50}, "article"),
        ({"is_free": False, "declared_words": 350}, "article"),
        ({"is_free": False}, "article"),
        ({"is_free": False, "text": SENTENCE * 4, "opening": SENTENCE + "Already a subscriber? Log in"}, "paywall"),
        ({"is_free": False, "text": SENTENCE * 4, "opening": "Réservé aux abonnés " + SENTENCE}, "paywall"),
        ({"hints": frozenset({"paywall"}), "text": SENTENCE, "opening": "Bereits Abonnent? Anmelden"}, "paywall"),
        ({"hints": frozenset({"paywall"}), "text": SENTENCE * 4}, "article"),
        ({"text": SENTENCE * 4, "opening": SENTENCE + "To continue reading our newsletters, sign up"}, "article"),
        ({"is_free": False, "text": SENTENCE * 4, "opening": SENTENCE * 4}, "article"),  # a brief of a closed site
    ],
)
def test_stubs_before_a_paywall(changes, expected):
    assert kind(**changes) == expected


WALL = "We value your privacy. We and our partners store data on your device. Accept all or manage options. "


@pytest.mark.parametrize(
    "wall",
    [
        WALL,
        "Weiter mit Werbung und Tracking lesen: Wir und unsere Partner speichern Daten. Alle akzeptieren. ",
        "Nous et nos partenaires stockons des données. Tout accepter ou continuer sans accepter. ",
        "Valoramos su privacidad. Nosotros y nuestros socios guardamos datos. Aceptar y continuar. ",
        "Noi e i nostri partner archiviamo dati. Accetta e continua o continua senza accettare. ",
        "Wij en onze partners bewaren gegevens. Alles accepteren. ",
        "My i nasi partnerzy przechowujemy dane. Przejdź do serwisu. ",
        "Nós e os nossos parceiros guardamos dados. Aceitar todos. ",
    ],
)
def test_consent_walls_in_eight_languages(wall):
    assert kind(BARE, text=wall, opening=wall, page_words=60, links=4, linked_headings=0) == "consent_wall"


def test_a_banner_over_an_article_and_an_article_about_consent_are_no_walls():
    assert kind(opening=WALL * 3 + SENTENCE * 20) == "article"
    assert kind(BARE, opening=WALL * 3 + SENTENCE * 20) == "article"
    assert kind(text=SENTENCE * 15 + WALL) == "article"
    assert kind(BARE, text=SENTENCE * 15 + "The button says “Accept all” and the law says otherwise.") == "article"
    assert kind(text=SENTENCE * 4, opening=WALL + SENTENCE * 4) == "article"


def test_a_wall_whose_words_were_not_extracted_is_one():
    assert kind(BARE, text="", opening=WALL, page_words=40) == "consent_wall"


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "Error 404",
        "Page not found",
        "404 - Page Not Found | The Courier",
        "Sorry, this page could not be found.",
        "Oops! Page not found",
        "This page doesn’t exist",
        "Seite nicht gefunden – Ellertaler Bote",
        "Die Seite wurde leider nicht gefunden",
        "Fehler 404",
        "Page introuvable - La Gazette",
        "Cette page n’existe plus",
        "Página no encontrada",
        "Pagina non trovata | Il Corriere",
        "Pagina niet gevonden",
        "Nie znaleziono strony",
        "Strona nie została znaleziona",
        "Página não encontrada",
    ],
)
def test_soft_404s_in_eight_languages(title):
    text = "The page that you asked for may have moved. Try our search or go back to the front page."
    assert kind(BARE, titles=(title,), text=text) == "soft_404"
    assert kind(BARE, titles=("The Courier", title), text=text) == "soft_404"
    assert kind(titles=(title,)) == "article"  # with a whole article under it


@pytest.mark.parametrize(
    "title",
    ["Page of lost diary found", "404 homes flooded", "Found: the page not torn", "Nicht gefunden, was er suchte"],
)
def test_headlines_are_not_taken_for_soft_404s(title):
    assert kind(titles=(title,), text=SENTENCE * 4) == "article"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"types": frozenset({"VideoObject"}), "og_type": "video.other"}, "video"),
        ({"types": frozenset({"VideoObject", "NewsArticle"}), "url": "https://c.test/video/goat-on-board"}, "video"),
        ({"types": frozenset({"VideoObject", "NewsArticle"})}, "article"),  # a brief with a film beside it
        ({"types": frozenset({"VideoObject"}), "text": SENTENCE * 12}, "article"),
        ({"types": frozenset({"ImageGallery"}), "url": "https://c.test/bilder/goat"}, "gallery"),
        ({"hints": frozenset({"slideshow"}), "url": "https://c.test/photos/goat"}, "gallery"),
        ({"types": frozenset({"ImageGallery", "NewsArticle"})}, "article"),
        ({"url": "https://c.test/photos/goat"}, "article"),
    ],
)
def test_videos_and_galleries(changes, expected):
    assert kind(**{"text": SENTENCE * 3, "og_type": None, **changes}) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"url": "https://c.test/"}, "index"),
        ({"url": "https://c.test/de/"}, "index"),
        ({"url": "https://c.test/index.html"}, "index"),
        ({"url": "https://c.test/?p=4711"}, "article"),
        ({"url": "https://c.test/sport/", "link_words": 500}, "index"),
        ({"url": "https://c.test/sport/football", "link_words": 500}, "index"),
        ({"url": "https://c.test/sport/", "types": frozenset({"CollectionPage"})}, "index"),
        ({"url": "https://c.test/tag/ferries", "link_words": 400}, "index"),
        ({"url": "https://c.test/sport/", "og_type": "website", "text": "All the sport from the bay."}, "index"),
        ({"url": "https://c.test/ferry-sails-again-after-years", "link_words": 500}, "article"),
        ({"url": "https://c.test/sport/", "link_words": 500, "is_dated": True}, "article"),
        ({"url": "https://c.test/", "types": frozenset({"NewsArticle"})}, "article"),
        ({"url": "https://c.test/", "text": SENTENCE * 40, "linked_headings": 0}, "article"),  # one long page of a site
        ({"url": "https://c.test/", "text": SENTENCE * 40}, "index"),
        ({"url": "https://c.test/x", "types": frozenset({"CollectionPage"}), "text": SENTENCE * 40}, "index"),
        ({"url": "https://c.test/a/b/c", "link_words": 500}, "article"),
    ],
)
def test_fronts_sections_and_lists(changes, expected):
    assert kind(BARE, **{"text": SENTENCE * 8, **changes}) == expected


def test_judging_the_longest_evidence_takes_under_a_millisecond():
    slow = replace(BARE, text=SENTENCE * 8, text_words=120, opening="x " * 10_000, is_free=False, page_words=400)
    best = min(_seconds(slow) for _ in range(20))
    assert page_kind(slow) in KINDS
    assert best < 0.001


def _seconds(evidence):
    start = time.perf_counter()
    page_kind(evidence)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "changes",
    [
        {"titles": ("404 " * 100_000,)},
        {"text": "12:00 \n" * 100_000, "url": "https://c.test/live/x"},
        {"url": "https://c.test/" + "live-" * 100_000},
        {"url": "https://c.test/" + "a/" * 100_000},
        {"titles": (" | " * 1000,), "text": "short"},
    ],
)
def test_hostile_evidence_is_judged_at_once(changes):
    start = time.perf_counter()
    assert kind(BARE, **changes) in KINDS
    assert time.perf_counter() - start < 4
