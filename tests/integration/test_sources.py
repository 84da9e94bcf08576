"""The list of sources against a real server: what an address leads to, and how the sources of an archive are."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.find import MOST_REQUESTS, Found, find_sources
from flows.settings import Settings, load_settings
from flows.sources import load_sources
from tests.integration.desk import HOST, Desk, feed, opened_desk, rss
from tests.integration.webserver import answers, page, redirect
from warehouse.errors import DatelineError
from warehouse.store import publish

SITEMAP = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>http://{HOST}/a</loc></url></urlset>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    told = '[fetch]\nallow_loopback = true\nhost_gap_seconds = 0\nattempts = 1\ncontact = "a test"\n'
    (tmp_path / "dateline.toml").write_text(told)
    with opened_desk(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def settings(desk: Desk, tmp_path: Path) -> Settings:
    return load_settings(tmp_path)


def home(*feeds: str) -> dict:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{each}'>" for each in feeds)
    return {"text": f"<html><head>{links}</head><body><p>Welcome.</p></body></html>", "content_type": "text/html"}


def test_what_is_a_feed_or_a_sitemap_is_added_as_it_is(desk, settings):
    desk.serve("/feed", rss(1))
    desk.serve("/map", answers({"text": SITEMAP}))
    desk.serve("/old", redirect("/feed", 301))
    url = desk.server.url(HOST, "/feed")
    assert find_sources(settings, url) == [Found(kind="feed", url=url, title="Gazette")]
    assert find_sources(settings, desk.server.url(HOST, "/old"))[0].url == url
    assert find_sources(settings, desk.server.url(HOST, "/map"))[0].kind == "sitemap"


def test_of_a_page_the_feeds_that_it_advertises_are_found(desk, settings):
    desk.serve("/", answers(home("/none", "/feed", "/comments")))
    desk.serve("/feed", rss(1)), desk.serve("/comments", rss(2))
    found = find_sources(settings, desk.server.url(HOST, "/"))
    assert [each.url for each in found] == [desk.server.url(HOST, "/feed"), desk.server.url(HOST, "/comments")]


def test_of_a_page_that_advertises_none_the_usual_places_are_asked(desk, settings):
    desk.serve("/news/", answers(home()))
    desk.serve("/feed.xml", rss(1))
    assert find_sources(settings, desk.server.url(HOST, "/news/"))[0].url == desk.server.url(HOST, "/feed.xml")


def test_at_last_the_sitemap_that_robots_txt_names_is_taken(desk, settings):
    desk.serve("/", answers(home("/none1", "/none2")))
    desk.serve("/map.xml", answers({"text": SITEMAP}))
    desk.serve("/robots.txt", page(f"User-agent: *\nAllow: /\nSitemap: {desk.server.url(HOST, '/map.xml')}\n"))
    (found,) = find_sources(settings, desk.server.url(HOST, "/"))
    assert (found.kind, found.url) == ("sitemap", desk.server.url(HOST, "/map.xml"))
    assert len([path for path in desk.server.paths(HOST) if path != "/robots.txt"]) <= MOST_REQUESTS


def test_an_address_that_leads_nowhere_is_told_with_its_remedy(desk, settings):
    desk.serve("/", answers(home()))
    for path, reason, remedy in (("/", "source_not_found", "--kind page"), ("/none", "http_404", "--no-check")):
        with pytest.raises(DatelineError) as caught:
            find_sources(settings, desk.server.url(HOST, path))
        assert caught.value.reason == reason and remedy in str(caught.value)
        assert desk.server.url(HOST, path) in str(caught.value)
    assert len(desk.server.paths(HOST)) <= MOST_REQUESTS + 2


def told(*words: str, folder: Path) -> tuple[str, str]:
    result = CliRunner().invoke(app, [*words, "--settings", str(folder)])
    assert result.exit_code in (0, 1) and not isinstance(result.exception, DatelineError), result.exception
    return result.stdout, result.stderr


def test_a_source_is_added_listed_lost_and_found_again(desk, tmp_path):
    """The life of a source at the command line: the numbers are those of the archive, the words those of a person."""
    url = desk.server.url(HOST, "/")
    desk.serve("/", answers(home("/feed", "/comments")))
    desk.serve("/feed", rss(1)), desk.serve("/comments", rss(2))
    _, narrated = told("sources", "add", url, "--id", "gazette", folder=tmp_path)
    assert "leads to the feed" in narrated and "There is also" in narrated and "/comments" in narrated
    asked = len(desk.server.seen)
    told("sources", "add", f"{url}other", "--id", "herald", "--no-check", folder=tmp_path)
    assert len(desk.server.seen) == asked, "nothing is asked where nobody wants it"

    desk.serve("/feed", answers({"status": 410}))
    desk.serve("/other", redirect("/new", 301)), desk.serve("/new", rss(1))
    desk.sources = load_sources(tmp_path / "sources.toml")
    for _ in range(3):
        desk.poll()
        desk.turn_back(hours=13)
    publish(tmp_path / "data", holder="test")
    listed, _ = told("sources", "list", "--format", "json", folder=tmp_path)
    assert [(row["state"], row["moved_url"]) for row in json.loads(listed)] == [
        ("gone", None), ("active", desk.server.url(HOST, "/new"))
    ]  # fmt: skip
    status, _ = told("status", folder=tmp_path)
    assert "gone       gazette (1 polls" in status and f"moved      herald from {url}other to {url}new" in status

    checked, _ = told("sources", "check", "--format", "json", folder=tmp_path)
    assert [row["state"] for row in json.loads(checked)] == ["http_410", "ok"]
    assert "change its url" in json.loads(checked)[1]["told"]
    desk.serve("/feed", answers({"text": feed(1)}))
    checked, _ = told("sources", "check", "gazette", "--format", "json", folder=tmp_path)
    assert "polled again" in json.loads(checked)[0]["told"]
    states = {source.source_id: source for source in desk.poll()}
    assert states["gazette"].state == "active" and states["gazette"].last_polled_at
    assert timedelta() < states["gazette"].next_poll_at - states["gazette"].last_polled_at
