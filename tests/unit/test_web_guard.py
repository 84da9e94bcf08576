"""The address guard: which URLs and addresses are refused, in every spelling that clients were seen to fall for."""

import asyncio
import socket
from itertools import product

import pytest
from w3lib.url import safe_url_string

from tasks.errors import DatelineError, Terminal
from tasks.web.guard import (
    _SAFE, GuardedResolver, address_allowed, guarded_socket, has_credentials, host_key, parse_url, redacted,
)  # fmt: skip

LOOPBACK = [
    "http://127.0.0.1/", "http://127.0.0.1:8080/x", "http://127.8.9.10/", "http://[::1]/", "http://①②⑦.⓪.⓪.①/",
    "http://localhost/", "http://LOCALHOST:80/", "http://localhost./", "http://a.localhost/",
]  # fmt: skip
# Addresses that are never fetched, and loopback in spellings that no honest source uses.
PRIVATE = [
    "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
    "http://127.1/", "http://127.0.1/", "http://0/", "http://0.0.0.0/", "http://0x/", "http://127.0.0.1./",
    "http://①⑨②.①⑥⑧.⓪.①/", "http://１０.0.0.1/", "http://00127.0.0.1/", "http://3232235521/",
    "http://10.0.0.1/", "http://10.255.255.255:22/", "http://172.16.0.1/", "http://172.31.255.254/",
    "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://192.0.0.8/",
    "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.7/", "http://203.0.113.9/", "http://192.88.99.1/",
    "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:8.8.8.8]/",
    "http://[::127.0.0.1]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/",
    "http://[fd12:3456::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[100::1]/",
    "http://[2002:7f00:1::]/", "http://[2002:a00:1::1]/", "http://[2001:0:53aa:64c:0:5efe:7f00:1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::1]/", "http://[3fff::1]/",
    "http://0x7f.1/", "http://0177.1/", "http://127.0x1/", "http://[0:0:0:0:0:ffff:7f00:1]/", "http://[::ffff:0:7f00:1]/",
    "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[febf::1]/", "http://[fd00:ec2::254]/",
    "http://198.19.255.255/", "http://100.127.255.254/", "http://0.1.2.3/", "http://10.1/", "http://0xA9FEA9FE/",
]  # fmt: skip
PUBLIC = ["http://8.8.8.8/", "http://1.1.1.1:8443/", "http://[2606:4700:4700::1111]/", "http://[64:ff9b::808:808]/",
          "http://example.com/", "http://127.0.0.1.example.com/", "http://localhost.example.com/"]  # fmt: skip


def reason(url: str, *, allow_loopback: bool) -> str:
    try:
        parse_url(url, allow_loopback=allow_loopback)
    except DatelineError as error:
        assert isinstance(error, Terminal)
        return error.reason
    return "ok"


@pytest.mark.parametrize("url", PRIVATE)
def test_private_addresses_are_refused_in_every_spelling(url: str):
    for allow_loopback in (False, True):
        assert reason(url, allow_loopback=allow_loopback) in ("address_refused", "bad_url")


@pytest.mark.parametrize("url", LOOPBACK)
def test_loopback_is_allowed_only_where_it_is_said(url: str):
    assert reason(url, allow_loopback=False) == "address_refused"
    assert reason(url, allow_loopback=True) == "ok"


@pytest.mark.parametrize("url", PUBLIC)
def test_public_hosts_pass(url: str):
    assert reason(url, allow_loopback=False) == "ok"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("file:///etc/passwd", "scheme_refused"), ("gopher://x/", "scheme_refused"), ("data:,x", "scheme_refused"),
        ("ftp://example.com/", "scheme_refused"), ("", "bad_url"), ("example.com/x", "bad_url"), ("//x/", "bad_url"),
        ("http:///x", "bad_url"), ("http://[::1", "bad_url"), ("http://h:99999/", "bad_url"),
        ("http://h:0/", "bad_url"),
        ("http://a..b/", "bad_url"), ("http://.a/", "bad_url"), ("http://127%2e0%2e0%2e1/", "bad_url"),
        ("http://a b/", "bad_url"), ("http://h/" + "x" * 9_000, "bad_url"), ("http://user:pass@/x", "bad_url"),
        ("http://a\x00b/", "bad_url"), ("http://\udc80/", "bad_url"),
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str, expected: str):
    assert reason(url, allow_loopback=False) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/A%2fB/%7Ec?q=a b&r=%20+é#part", "http://example.com/A%2fB/%7Ec?q=a%20b&r=%20+%C3%A9"),
        (" http://bücher.example\n", "http://xn--bcher-kva.example/"),
        ("https://me:pass@example.com:8443/x", "https://example.com:8443/x"),
        ("http://exa_mple.com", "http://exa_mple.com/"),
        # As browsers read them (WHATWG URL), so that what was checked is what is connected to.
        ("http://example.com\\@127.0.0.1/", "http://example.com/@127.0.0.1/"),
        ("http://8.8.8.8#@127.0.0.1/", "http://8.8.8.8/"),
    ],
)
def test_a_url_is_sent_as_it_was_written_but_escaped(url: str, expected: str):
    assert str(parse_url(url, allow_loopback=False)) == expected


def test_what_counts_as_safe_is_what_escaping_would_not_change():
    characters = "aZ09/._~?&=+-"
    paths = ["".join(pair) for pair in product(characters, repeat=3)] + ["", "/a/../b", "//a", "?x=1&y=2", "?a?b"]
    for host in ("example.com", "a-b.example:8080", "127.0.0.1", "-.example"):
        for path in paths:
            if _SAFE.fullmatch(url := f"https://{host}/{path}"):
                assert safe_url_string(url) == url
    assert _SAFE.fullmatch("https://news.example/2026/11/a-story.html?page=2&x=y")


def test_the_host_key_always_has_the_port():
    assert host_key(parse_url("https://Example.com/x", allow_loopback=False)) == "https://example.com:443"
    assert host_key(parse_url("http://[::1]:80/", allow_loopback=True)) == "http://[::1]:80"


def test_what_is_told_of_a_bad_url_holds_no_password():
    for url in ("http://me:hush@[bad/", "http://me:hu/sh@bad:x/", "me:hush@host", "http://me:hush@h:99999/p@th"):
        assert "hush" not in redacted(url) and "hu/sh" not in redacted(url)
        with pytest.raises(DatelineError) as caught:
            parse_url(url, allow_loopback=False)
        assert "hush" not in caught.value.message


def test_credentials_are_noticed_where_the_parser_would_find_them():
    for url in ("http://me:hush@h/", "HTTP:/\n/me@h", "https://me:hush@h", "http:\\\\me@h/", "http://a@b@h/"):
        assert has_credentials(url)
    for url in ("http://h/@me", "http://h?x=@me", "http://h#@me", "http://h\\@me", "http://h/"):
        assert not has_credentials(url)


def test_a_socket_is_refused_before_it_connects():
    make = guarded_socket(allow_loopback=False)
    with pytest.raises(Terminal, match=r"127\.0\.0\.1"):
        make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    make((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("8.8.8.8", 80))).close()


def test_text_that_is_no_address_is_not_allowed():
    assert not address_allowed("example.com", allow_loopback=True)


def resolve(answer: list[str], host: str = "x.example", *, allow_loopback: bool = False) -> list[str]:
    async def lookup(name: str) -> list[str]:
        return answer

    async def run():
        resolver = GuardedResolver(allow_loopback=allow_loopback, lookup=lookup)
        try:
            return [found["host"] for found in await resolver.resolve(host, 80)]
        finally:
            await resolver.close()

    return asyncio.run(run())


def test_only_allowed_addresses_of_a_name_are_passed_on():
    public = ["93.184.216.34", "2606:2800:220:1::1"]
    assert resolve(["10.0.0.1", public[0], "::1", public[1]]) == public
    with pytest.raises(Terminal) as caught:
        resolve(["192.168.0.1", "fd00::1"])
    assert caught.value.reason == "address_refused"
    with pytest.raises(OSError):
        resolve([])


def test_local_names_never_reach_the_name_server():
    assert resolve(["93.184.216.34"], "news.localhost", allow_loopback=True) == ["127.0.0.1"]
    with pytest.raises(Terminal):
        resolve(["93.184.216.34"], "news.localhost")
