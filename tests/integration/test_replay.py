"""The replay server keeps its promises, and the frozen web holds what expected.toml says of it.

Only the demo's own web is under test here; what the pipeline makes of it is tested elsewhere.
"""

import gzip
import html
import http.client
import json
import re
import signal
import subprocess
import sys
import tomllib
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.demo.replay import WEB, Replay, load_web, with_port

DEMO = WEB.parent
ROOT = DEMO.parent.parent
EXPECTED = tomllib.loads((DEMO / "expected.toml").read_text(encoding="utf-8"))
FEED = "http://wire.localhost/feed.atom"
ENTRY_LINK = re.compile(r'<(?:link|loc)>(http[^<]+)<|<link rel="alternate" type="text/html" href="([^"]+)"')
PAGE = "http://herald.localhost/news/2026/11/14/rope-works-fire.html"


@pytest.fixture
def replay():
    with Replay(port=0) as server:
        yield server


def ask(port, url, *, method="GET", **headers):
    """One request, no redirect followed: (status, headers by lower-case name, body)."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        sent = {"Host": f"{parts.hostname}:{port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=sent)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def settle(port, url, hops=5):
    """Follow redirects and ask again once after a fault that recovers: (status, headers, body)."""
    asked_again = False
    for _ in range(hops):
        status, headers, body = ask(port, url)
        if status in (301, 302, 307):
            target = headers["location"].replace(f":{port}/", "/")
            url = target if target.startswith("http") else f"http://{urlsplit(url).hostname}{target}"
        elif status in (429, 500) and not asked_again:
            asked_again = True
        else:
            break
    return status, headers, body


def visible_text(body, charset):
    """Words of the page or feed in one line: CDATA and entities opened, markup gone."""
    opened = html.unescape(body.decode(charset))
    return re.sub(r"\s+", " ", re.sub(r"<[^<>]*>", " ", opened))


def test_urls_carry_the_port_in_use_and_the_length_fits(replay):
    status, headers, body = ask(replay.port, PAGE)
    frozen = (WEB / "herald.localhost/news/2026/11/14/rope-works-fire.html").read_bytes()
    assert status == 200
    assert body == with_port(frozen, replay.port) != frozen
    assert int(headers["content-length"]) == len(body)
    assert f'href="http://herald.localhost:{replay.port}/news/'.encode() in body
    assert b".localhost/" not in body


def test_gzip_only_where_it_is_accepted(replay):
    plain = ask(replay.port, PAGE)
    packed = ask(replay.port, PAGE, Accept_Encoding="br, gzip")
    refused = ask(replay.port, PAGE, Accept_Encoding="gzip;q=0, br")
    assert "content-encoding" not in plain[1] | refused[1]
    assert packed[1]["content-encoding"] == "gzip"
    assert int(packed[1]["content-length"]) == len(packed[2]) < len(plain[2])
    assert gzip.decompress(packed[2]) == plain[2] == refused[2]
    assert packed[1]["etag"] == plain[1]["etag"]


def test_head_tells_the_length_and_sends_nothing(replay):
    _, headers, body = ask(replay.port, PAGE, method="HEAD")
    assert body == b""
    assert int(headers["content-length"]) == len(ask(replay.port, PAGE)[2])


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"If_None_Match": "{etag}"}, 304),
        ({"If_None_Match": '"other", {etag}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"'}, 200),
        ({"If_Modified_Since": "{last_modified}"}, 304),
        ({"If_Modified_Since": "Sun, 22 Nov 2026 17:59:59 GMT"}, 200),
        ({"If_Modified_Since": "the day before yesterday"}, 200),
        ({"If_None_Match": '"other"', "If_Modified_Since": "{last_modified}"}, 200),
    ],
)
def test_conditional_requests(replay, asked, status):
    _, first, _ = ask(replay.port, FEED)
    validators = {"etag": first["etag"], "last_modified": first["last-modified"]}
    got, headers, body = ask(replay.port, FEED, **{name: value.format(**validators) for name, value in asked.items()})
    assert got == status
    assert headers["etag"] == first["etag"]
    assert (body == b"") == (status == 304)


def test_second_day_changes_what_is_said_to_change_and_nothing_else(replay):
    revised = EXPECTED["revised"][0]
    new = EXPECTED["new_in_phase_2"][0]
    unchanged = EXPECTED["unchanged_in_phase_2"]["urls"]
    tags = {url: ask(replay.port, url)[1]["etag"] for url in [FEED, revised["url"], *unchanged]}
    before = ask(replay.port, revised["url"])[2].decode()
    assert ask(replay.port, new["url"])[0] == 404

    replay.set_phase(2)
    for url in unchanged:
        assert ask(replay.port, url, If_None_Match=tags[url])[0] == 304
    status, headers, feed = ask(replay.port, FEED, If_None_Match=tags[FEED])
    assert status == 200
    assert parsedate_to_datetime(headers["last-modified"]).day == 23
    assert new["url"] in feed.decode().replace(f":{replay.port}", "")
    assert "2026-11-23T08:15:00Z" in feed.decode()
    assert ask(replay.port, new["url"])[0] == 200
    after = ask(replay.port, revised["url"], If_None_Match=tags[revised["url"]])[2].decode()
    assert revised["title_before"] in before and revised["title_after"] in after
    assert all(words in before and words not in after for words in revised["gone"])
    assert all(words in after and words not in before for words in revised["came"])


def test_redirect_chain_ends_at_its_article(replay):
    told = EXPECTED["redirected"][0]
    url, hops = told["url"], []
    while (reply := ask(replay.port, url))[0] in (301, 302, 307):
        url = reply[1]["location"].replace(f":{replay.port}", "")
        url = url if url.startswith("http") else "http://herald.localhost" + url
        hops.append(url)
    assert reply[0] == 200
    assert hops == told["hops"]
    assert hops[-1] == told["canonical_url"]


def test_redirect_loop_never_ends(replay):
    looping = next(drop["url"] for drop in EXPECTED["dropped"] if drop["reason"] == "redirect_loop")
    assert settle(replay.port, looping, hops=8)[0] == 302


def test_faults_recover_on_the_second_try(replay):
    for fault in EXPECTED["recovered"]:
        status, headers, _ = ask(replay.port, fault["url"])
        assert status == fault["first_status"]
        assert headers.get("retry-after") == ("1" if status == 429 else None)
        assert "etag" not in headers
        assert ask(replay.port, fault["url"])[0] == 200


def test_drops_have_the_cause_that_is_named(replay):
    by_reason = {drop["reason"]: drop.get("url") for drop in EXPECTED["dropped"]}
    assert ask(replay.port, by_reason["http_404"])[0] == 404
    assert ask(replay.port, by_reason["http_410"])[0] == 410
    _, headers, body = ask(replay.port, by_reason["page_not_html"])
    assert headers["content-type"] == "application/pdf" and body.startswith(b"%PDF-")
    robots = ask(replay.port, "http://herald.localhost/robots.txt")[2].decode()
    assert "Disallow: /private/" in robots
    assert urlsplit(by_reason["robots_disallowed"]).path.startswith("/private/")
    for source in EXPECTED["sources_dropped"]:
        assert ask(replay.port, source["url"])[0] == 200


def test_mislabelled_page_is_no_utf_8_whatever_it_says(replay):
    _, headers, body = ask(replay.port, "http://gazette.localhost/story.php?id=1098")
    assert headers["content-type"] == "text/html; charset=utf-8" and b"charset=utf-8" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "naïve façade" in body.decode("cp1252")


def test_query_names_the_article_only_where_a_rule_says_so(replay):
    first = ask(replay.port, "http://gazette.localhost/story.php?id=1092")[2]
    second = ask(replay.port, "http://gazette.localhost/story.php?id=1101")[2]
    assert first != second
    assert ask(replay.port, "http://gazette.localhost/story.php")[0] == 404
    assert ask(replay.port, PAGE + "?utm_source=rss")[2] == ask(replay.port, PAGE)[2]


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.localhost/",
        "http://herald.localhost/../behaviour.toml",
        "http://herald.localhost/%2e%2e/behaviour.toml",
        "http://herald.localhost/../../replay.py",
        "http://..localhost/behaviour.toml",
    ],
)
def test_nothing_outside_a_host_is_served(replay, url):
    assert ask(replay.port, url)[0] in (400, 404)


def test_requests_are_recorded_in_order_with_their_headers(replay):
    ask(replay.port, PAGE + "?a=1", User_Agent="reader/1")
    ask(replay.port, "http://herald.localhost/nowhere", If_None_Match='"x"')
    first, second = replay.requests
    assert (first.host, first.path, first.status) == ("herald.localhost", urlsplit(PAGE).path + "?a=1", 200)
    assert first.headers["User-Agent"] == "reader/1"
    assert (second.status, second.headers["If-None-Match"]) == (404, '"x"')
    assert first.monotonic_seconds <= second.monotonic_seconds


def test_a_port_in_use_is_an_error_of_the_one_who_enters(replay):
    with pytest.raises(OSError, match="address"), Replay(port=replay.port):
        pass


def test_as_a_process_it_says_where_it_is_obeys_control_and_ends_on_sigterm():
    command = [sys.executable, "-m", "tests.demo.replay", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()
            port = urlsplit(address).port
            new = EXPECTED["new_in_phase_2"][0]["url"]
            assert address == f"http://127.0.0.1:{port}"
            assert ask(port, new)[0] == 404
            assert json.loads(ask(port, "http://control.localhost/phase/2", method="POST")[2]) == {"phase": 2}
            assert ask(port, new)[0] == 200
            seen = json.loads(ask(port, "http://control.localhost/requests")[2])
            assert [record["status"] for record in seen] == [404, 200]
            assert ask(port, "http://control.localhost/phase/3", method="POST")[0] == 404
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert process.stdout.read() == ""


def test_every_rule_names_something_that_exists():
    frozen = load_web()
    for host, path in frozen.rules:
        assert (WEB / host).is_dir(), path
        assert path.startswith("/")


def test_a_rule_that_names_no_file_is_refused(tmp_path):
    (tmp_path / "behaviour.toml").write_text(
        'last_modified = 2026-11-22T18:00:00Z\nlast_modified_phase_2 = 2026-11-23T08:30:00Z\n'
        '[[rule]]\nhost = "a.localhost"\npath = "/x"\nfile = "missing.html"\n'
    )
    with pytest.raises(ValueError, match="missing.html"):
        load_web(tmp_path)


def test_frozen_web_is_small_and_carries_no_port():
    files = [path for path in WEB.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    assert not [path for path in files if re.search(rb"localhost:\d", path.read_bytes())]


@pytest.mark.parametrize("article", EXPECTED["articles"] + EXPECTED["new_in_phase_2"], ids=lambda each: each["url"][7:])
def test_each_expected_article_says_what_it_must(replay, article):
    """Also that clutter named in must_not_contain is really there to be removed."""
    replay.set_phase(2 if article in EXPECTED["new_in_phase_2"] else 1)
    status, _, body = settle(replay.port, article["url"])
    assert status == 200
    charset = "cp1252" if "gazette.localhost" in article["url"] else "utf-8"
    page = visible_text(body, charset)
    shown = page
    if article["text_from"] == "feed":
        feed = visible_text(ask(replay.port, "http://tagblatt.localhost/feed/")[2], "utf-8")
        assert not [words for words in article["must_contain"][1:] if words in page]
        page, shown = feed, page + feed
    assert article["title"] in page
    assert not [words for words in article["must_contain"] if words not in page]
    assert not [words for words in article["must_not_contain"] if words not in shown]


def test_every_article_is_reached_from_a_source_and_every_entry_is_accounted_for(replay):
    links = set()
    for source in EXPECTED["sources"]:
        body = ask(replay.port, source["url"])[2].decode("cp1252" if "gazette" in source["url"] else "utf-8")
        found = ENTRY_LINK.findall(body)
        links |= {html.unescape(one or other).replace(f":{replay.port}", "") for one, other in found}
        if "entries" in source:
            assert len(re.findall(r"<(?:item|entry|url)[ >]", body)) == source["entries"]
    links = {link for link in links if urlsplit(link).path != "/"} - {"http://observateur.localhost/sitemap-news.xml"}
    detours = {twin for told in EXPECTED["twins"] for twin in told["twins"]} | {
        told["url"] for told in EXPECTED["redirected"]
    }
    dropped = {drop["url"] for drop in EXPECTED["dropped"] if "url" in drop}
    articles = {article["url"] for article in EXPECTED["articles"]}
    via_redirect = {told["canonical_url"] for told in EXPECTED["redirected"]}
    assert links == (articles - via_redirect) | detours | dropped


def test_expected_relations_speak_of_expected_articles():
    articles = {article["url"] for article in EXPECTED["articles"]}
    named = {url for told in EXPECTED["not_copies"] + EXPECTED["stories"] for url in told["urls"]}
    named |= {told[role] for told in EXPECTED["copies"] for role in ("original", "copy")}
    named |= {told["canonical_url"] for told in EXPECTED["twins"] + EXPECTED["redirected"]}
    named |= {told["url"] for told in EXPECTED["revised"] + EXPECTED["recovered"] + EXPECTED["undated_entries"]}
    assert named <= articles


@pytest.mark.parametrize("name", sorted({urlsplit(source["url"]).path for source in EXPECTED["sources"]}))
def test_sources_are_well_formed_but_for_the_one_that_is_not(replay, name):
    source = next(source for source in EXPECTED["sources"] if urlsplit(source["url"]).path == name)
    body = ask(replay.port, source["url"])[2]
    if "fault" in source:
        with pytest.raises(ElementTree.ParseError):
            ElementTree.fromstring(body)
    else:
        ElementTree.fromstring(body)


def test_opml_lists_sources_that_are_served(replay):
    outlines = ElementTree.parse(DEMO / "sources.opml").iter("outline")
    feeds = {outline.get("xmlUrl") for outline in outlines} - {None}
    assert feeds < {source["url"] for source in EXPECTED["sources"]}
    assert {ask(replay.port, url)[0] for url in feeds} == {200}


def test_dated_texts_have_the_form_that_is_told():
    files = {path.name for path in Path(DEMO / "texts").iterdir()}
    assert files == {told["file"] for told in EXPECTED["texts"] + EXPECTED["texts_dropped"]}
    for told in EXPECTED["texts"]:
        word, date, text = (DEMO / "texts" / told["file"]).read_text(encoding="utf-8").split(maxsplit=2)
        assert (word, date) == ("date", told["published_on"].isoformat())
        assert text.startswith(told["starts"])
        assert len(text.strip().split("\n\n")) == told["paragraphs"]
    for told in EXPECTED["texts_dropped"]:
        assert not (DEMO / "texts" / told["file"]).read_text(encoding="utf-8").lstrip().startswith("date ")
