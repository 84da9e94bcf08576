"""Discovery against a real server on loopback, with a real warehouse: what is asked, what is asked again, and what a
source's answers make of its state."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tasks import discover as room
from tests.integration.desk import HOST, NOW, Desk, conditional, feed, opened_desk, pause_minutes, rss
from tests.integration.webserver import answers, redirect


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def test_a_busy_source_is_asked_often_and_a_quiet_one_seldom(desk):
    desk.add("/busy"), desk.add("/quiet"), desk.add("/slow")
    desk.serve("/busy", rss(*range(0, 50, 5)))
    desk.serve("/quiet", rss(*range(0, 100_000, 10_000)))
    desk.serve("/slow", rss(*range(0, 50, 5), channel="<ttl>120</ttl>"))
    busy, quiet, slow = desk.poll()
    assert 13 <= pause_minutes(busy) <= 15 and 350 <= pause_minutes(quiet) <= 360
    assert 118 <= pause_minutes(slow) <= 120
    assert desk.asked() == ["/busy", "/quiet", "/slow"]
    desk.poll()
    assert desk.asked() == [] and desk.summary.sources_polled == 0
    desk.turn_back(minutes=16)
    busy, *_ = desk.poll()
    assert desk.asked() == ["/busy"] and pause_minutes(busy) > 15  # nothing new


def test_a_wish_for_a_week_of_silence_is_followed_for_a_day(desk):
    desk.add("/feed")
    desk.serve("/feed", rss(1, 2, **{"Cache-Control": "max-age=604800"}))
    (source,) = desk.poll()
    assert 1435 <= pause_minutes(source) <= 1440


def test_a_permanent_redirect_is_believed_after_three_polls_and_a_day(desk):
    desk.add("/feed")
    desk.serve("/feed", redirect("/new", 308))
    desk.serve("/new", conditional(feed(1)))
    for _ in range(4):
        (source,) = desk.poll()
        assert source.moved_url is None
        desk.turn_back(hours=7)
    desk.asked()
    (source,) = desk.poll()
    assert (source.url, source.moved_url) == (desk.server.url(HOST, "/feed"), desk.server.url(HOST, "/new"))
    assert desk.asked() == ["/feed", "/new"]
    desk.turn_back(hours=7)
    (source,) = desk.poll()
    assert desk.asked() == ["/new"] and source.state == "active"
    desk.serve("/new", answers({"status": 404}))
    desk.turn_back(hours=7)
    (source,) = desk.poll()
    assert (source.moved_url, source.consecutive_failures) == (None, 1)


def test_a_source_that_is_gone_is_asked_no_more_until_its_address_changes(desk):
    desk.add("/feed")
    desk.serve("/feed", answers({"status": 410}))
    (source,) = desk.poll()
    assert source.state == "gone" and "410" in source.last_error
    assert [entry.reason for entry in desk.entries] == ["http_410"]
    desk.asked()
    desk.turn_back(days=400)
    desk.poll()
    desk.poll(only_due=False)
    assert desk.asked() == []
    desk.serve("/other", rss(1))
    desk.sources = [replace(desk.sources[0], url=desk.server.url(HOST, "/other"))]
    (source,) = desk.poll()
    assert (source.state, source.last_error) == ("active", None) and desk.asked() == ["/other"]


def test_a_source_that_is_named_is_asked_whatever_its_state(desk):
    desk.add("/feed")
    desk.serve("/feed", answers({"status": 410}, {"text": feed(1)}))
    desk.poll()
    (source,) = desk.poll("feed", only_due=False)
    assert source.state == "active" and len(desk.entries) == 1


def test_what_fails_for_long_is_quarantined_and_recovers(desk):
    desk.add("/feed"), desk.add("/slow")
    desk.serve("/feed", answers({"status": 404}))
    desk.serve("/slow", answers({"status": 503, "headers": {"Retry-After": "7200"}}))
    _, slow = desk.poll()
    assert pause_minutes(slow) == pytest.approx(120, abs=1)
    for _ in range(8):
        desk.turn_back(days=1.1)
        source, slow = desk.poll()
    assert (source.state, source.consecutive_failures, slow.state) == ("quarantined", 8, "active")
    assert pause_minutes(source) == pytest.approx(7 * 1440, abs=1)
    assert [row[:2] for row in desk.rows("SELECT source_id, state FROM source_health ORDER BY 1")] == [
        ("feed", "quarantined"), ("slow", "active")
    ]  # fmt: skip
    desk.serve("/feed", rss(1))
    desk.turn_back(days=7.1)
    source, _ = desk.poll()
    assert (source.state, source.consecutive_failures, source.failing_since) == ("active", 0, None)


def index(*children: tuple[str, str]) -> str:
    listed = "".join(f"<sitemap><loc>{u}</loc><lastmod>{t}</lastmod></sitemap>".replace("<lastmod></lastmod>", "")
                     for u, t in children)  # fmt: skip
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def sitemap(*pages: tuple[str, datetime]) -> str:
    row = "<url><loc>http://{}{}</loc><lastmod>{}</lastmod></url>"
    listed = "".join(row.format(HOST, path, time.isoformat()) for path, time in pages)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'


def ago(**interval: float) -> datetime:
    return (NOW - timedelta(**interval)).replace(microsecond=0)


def test_of_an_index_only_what_may_have_changed_is_asked(desk):
    desk.add("/index", "sitemap")
    today, old = ago(hours=1).isoformat(), ago(days=30).isoformat()

    def serve(changed: str) -> None:
        listed = [("/index", today), ("/a", changed), ("/b", ""), ("/old", old), ("/gone", today)]
        desk.serve("/index", answers({"text": index(*((desk.server.url(HOST, u), t) for u, t in listed))}))

    serve(today)
    desk.serve("/a", conditional(sitemap(("/a1", ago(hours=1)), ("/a2", ago(days=20)))))
    desk.serve("/b", conditional(sitemap(("/b1", ago(hours=2)))))
    (source,) = desk.poll()
    assert sorted(desk.asked()) == ["/a", "/b", "/gone", "/index"]  # and the index itself but once
    assert source.consecutive_failures == 0  # a child that fails is a drop of its own
    assert {entry.reason for entry in desk.entries} == {None, "http_404"}
    assert desk.summary.unlisted == {"too_old": 2}  # a page, and a sitemap that has only such
    desk.poll(only_due=False)
    assert sorted(desk.asked()) == ["/b", "/gone", "/index"]
    assert desk.rows("SELECT count(*) FROM fetches WHERE outcome = 'not_modified'") == [(1,)]
    serve(ago(minutes=1).isoformat())
    desk.serve("/a", answers({"text": sitemap(("/a1", ago(hours=1)), ("/a3", ago(minutes=1)))}))
    desk.poll(only_due=False)
    assert "/a" in desk.asked()
    assert [entry.url for entry in desk.entries if entry.batch] == [f"http://{HOST}/a3"]
    desk.serve("/index", answers({"text": index((desk.server.url(HOST, "/b"), ""))}))
    desk.poll(only_due=False)
    assert desk.rows("SELECT url FROM sitemap_children") == [(desk.server.url(HOST, "/b"),)]


def test_a_period_is_read_whatever_was_polled_before(desk):
    desk.add("/index", "sitemap")
    children = [("/may", ago(days=100).isoformat()), ("/june", ago(days=70).isoformat())]
    desk.serve("/index", answers({"text": index(*((desk.server.url(HOST, u), t) for u, t in children))}))
    desk.serve("/may", conditional(sitemap(("/m1", ago(days=101)), ("/m2", ago(days=100)))))
    desk.serve("/june", conditional(sitemap(*((f"/j{n}", ago(days=71)) for n in range(5)))))
    (polled,) = desk.poll()
    assert desk.asked() == ["/index"] and desk.summary.unlisted == {"too_old": 2}
    (source,) = desk.poll(since=ago(days=90), until=ago(days=60), most=3, only_due=False)
    assert desk.asked() == ["/index", "/june"]
    assert len([e for e in desk.entries if e.batch]) == 3 and desk.summary.unlisted["beyond_most"] == 2
    assert source == polled
    desk.poll(since=ago(days=90), until=ago(days=60), most=3, only_due=False)
    assert len([e for e in desk.entries if e.batch]) == 2  # it went on
    desk.asked()
    desk.poll(since=ago(days=90), until=ago(days=60), most=3, only_due=False)
    assert desk.asked() == ["/index"]


def test_indexes_without_end_are_bounded(desk):
    desk.add("/0", "sitemap")

    async def deeper(request: web.Request, before: int) -> web.Response:
        level = int(request.path[1:])
        children = [(desk.server.url(HOST, f"/{level + 1}"), ""), (desk.server.url(HOST, "/0"), "")]
        return web.Response(text=index(*children))

    for level in range(10):
        desk.serve(f"/{level}", deeper)
    desk.poll()
    assert desk.asked() == ["/0", "/1", "/2", "/3"]
    assert desk.summary.unlisted == {"sitemap_child_beyond_bound": 1}


def test_what_no_turn_came_to_stays_due(desk, monkeypatch):
    async def never(request: web.Request, before: int) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    desk.add("/quick"), desk.add("/slow"), desk.add("/zebra")
    desk.serve("/quick", rss(1)), desk.serve("/slow", never), desk.serve("/zebra", rss(2))
    monkeypatch.setattr(room, "ASK_SECONDS", 0.5)
    states = {source.source_id: source for source in desk.poll()}
    assert desk.summary.unlisted == {"source_postponed": 2} and desk.summary.sources_polled == 1
    assert states["quick"].last_polled_at and not states["slow"].last_polled_at
    assert len(desk.entries) == 1


def test_entries_keep_what_the_source_said(desk):
    desk.add("/feed")
    item = (
        "<item><title>Ferry</title><link>http://gazette.localhost/ferry</link><guid isPermaLink='false'>7</guid>"
        "<author>ada@gazette.org (Ada Brand)</author><category>Sea</category><category>Islands</category>"
        "<description>&lt;p&gt;It sails.&lt;/p&gt;</description>"
        "<content:encoded>&lt;p&gt;It sails again on Friday.&lt;/p&gt;</content:encoded></item>"
    )
    namespace = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    text = f"<rss version='2.0' {namespace}><channel>{item}</channel></rss>"
    desk.serve("/feed", answers({"text": text}))
    desk.poll()
    assert desk.rows("SELECT guid, title, authors, tags, summary_html, content_html, enclosures FROM entries") == [
        ("7", "Ferry", ["Ada Brand"], ["Sea", "Islands"], "<p>It sails.</p>", "<p>It sails again on Friday.</p>", [])
    ]
