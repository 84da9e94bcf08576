"""robots.txt read as RFC 9309 says, and as publishers write it."""

import time

import pytest

from tasks.web.robots import parse_robots, product_token


def allowed(text: str, path: str, token: str = "dateline") -> bool:
    return parse_robots(text, token).allows(path)


@pytest.mark.parametrize(
    ("rule", "path", "matches"),
    [
        ("/desk", "/desk", True), ("/desk", "/desks/1", True), ("/desk", "/Desk", False), ("/desk", "/", False),
        ("/desk/", "/desk", False), ("/desk*", "/desk", True), ("/desk$", "/desk", True), ("/desk$", "/desk/", False),
        ("/*.pdf", "/a/b.pdf?x=1", True), ("/*.pdf$", "/a/b.pdf", True), ("/*.pdf$", "/a/b.pdf?x=1", False),
        ("/a*b*c", "/axxbyyc", True), ("/a*b*c", "/axxcyyb", False), ("/a*a$", "/a", False), ("/a*a$", "/aa", True),
        ("*/print", "/x/print", True), ("/?w=", "/", False), ("/?w=", "/?w=3", True), ("*", "/anything", True),
        ("/caf\u00e9", "/caf%C3%A9", True), ("/caf%c3%a9", "/caf%C3%A9", True), ("/%7Edesk", "/~desk", True),
        ("/a%2Fb", "/a/b", False), ("/a%2fb", "/a%2Fb", True), ("/a$b", "/a$b", True), ("//twice", "//twice", True),
        ("//twice", "/twice", False), ("/x#part", "/xyz", True),
    ],
)  # fmt: skip
def test_patterns(rule: str, path: str, matches: bool):
    assert allowed(f"User-agent: *\nDisallow: {rule}\n", path) is not matches


def test_the_longest_rule_wins_and_of_two_alike_the_kinder():
    text = "User-agent: *\nDisallow: /\nAllow: /news/\nDisallow: /news/drafts/\nAllow: /same\nDisallow: /same\n"
    assert [allowed(text, path) for path in ("/x", "/news/1", "/news/drafts/1", "/same")] == [False, True, False, True]
    assert allowed(text, "/robots.txt")


def test_our_own_group_replaces_the_one_for_all_and_groups_of_a_name_are_one():
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: otherbot\nUser-agent: DateLine/2.0\nDisallow: /a\nCrawl-delay: 3\n\n"
        "User-agent: 008\nDisallow: /\n\nuser-agent: dateline\nDisallow: /b\n"
    )
    rules = parse_robots(text, "dateline")
    assert [rules.allows(path) for path in ("/", "/a", "/b")] == [True, False, False]
    assert rules.crawl_delay_seconds == 3
    assert not allowed(text, "/", token="someoneelse")
    assert allowed("User-agent: *\nDisallow: /\nUser-agent: dateline\nDisallow:\n", "/x")


@pytest.mark.parametrize(
    "text",
    [
        "", "\ufeff", "<html><body>Not found</body></html>", "Disallow: /\n", "User-agent: otherbot\nDisallow: /",
        "User-agent: *\nDisallow:\n", "User-agent: *\n# Disallow: /", "Sitemap: /s.xml\nUser-agent: *\nNoindex: /",
        "User-agent:\nDisallow: /", "User-agent: *bot\nDisallow: /",
    ],
)  # fmt: skip
def test_what_forbids_nothing(text: str):
    assert allowed(text, "/x")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffUser-agent: *\r\nDisallow: /\r\n", "\ufffdUser-agent: *\nDisallow: /",
        "USER-AGENT:*\rDISALLOW:/", "user-agent *\ndisallow /",
        "  User-agent :  *  # all\n\n\n  Disallow :  /  # everything", "Useragent: *\nDissallow: /",
        "User-agent: *\nSitemap: http://x/s.xml\nDisallow: /",
        "User-agent: a\nUser-agent: *\nUser-agent: b\nDisallow: /",
    ],
)  # fmt: skip
def test_what_forbids_all(text: str):
    assert not allowed(text, "/x")


@pytest.mark.parametrize(
    ("value", "seconds"), [("2", 2.0), ("0.5", 0.5), ("900", 60.0), ("-1", 0.0), ("nan", 0.0), ("soon", 0.0), ("", 0.0)]
)
def test_crawl_delay(value: str, seconds: float):
    assert parse_robots(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x", "dateline").crawl_delay_seconds == seconds


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow" + " " * 500_000 + "a b",
        "User-agent: *\nDisallow: /" + "*a" * 250_000,
        "User-agent: *\n" + "\n".join(f"Disallow: /*a*b{n}*c" for n in range(20_000)),
        "User-agent: " + "a" * 500_000,
        "\r" * 500_000,
        "User-agent: *\n" * 35_000 + "Disallow: /q",
    ],
    ids=["spaces", "stars", "rules", "name", "lines", "groups"],
)
def test_a_hostile_file_costs_no_time(text: str):
    started = time.process_time()
    parse_robots(text, "dateline").allows("/" + "a" * 8_000)
    assert time.process_time() - started < 2


def test_the_product_token_is_how_robots_txt_knows_us():
    assert product_token("Dateline/1.0 (+https://example.org)") == "dateline"
    with pytest.raises(ValueError, match="user_agent"):
        product_token("(compatible; x)")
