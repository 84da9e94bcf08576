"""The address guard: which URLs are well-formed and which addresses may be connected to.

Every URL passes :func:`parse_url` before it is requested, redirects included; every socket passes
:func:`guarded_socket` at the moment it is made, so a name that resolves differently the second time gains nothing.
No request is sent here, and nothing here may be switched off but for loopback.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from w3lib.url import safe_url_string
from yarl import URL

from tasks.web.records import fault

URL_CHARACTERS = 8_192
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:")
_HOST_NAME = re.compile(r"[a-z0-9_.-]{1,254}")
_CREDENTIALS = re.compile(r"[^/\\]*[/\\]+[^/\\?#]*@")
# What safe_url_string gives back as it is; most addresses are so, and it takes longer than all else that is done here.
_SAFE = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?/[A-Za-z0-9/._~-]*(?:\?[A-Za-z0-9/._~?&=+-]+)?")
_IGNORED = dict.fromkeys(map(ord, "\t\r\n"))  # dropped wherever they stand, as browsers do (WHATWG URL)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Of IPv6 only 2000::/3 is assigned for global use (RFC 4291 section 2.4 and IANA's registry); within it these are not
# public hosts: protocol assignments with Teredo and ORCHID, documentation, 6to4 (deprecated, RFC 7526).
_IPV6_GLOBAL = ipaddress.IPv6Network("2000::/3")
_IPV6_SPECIAL = [ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only machine reaches IPv4
# Beside what ipaddress calls private: protocol assignments (RFC 6890) and the deprecated 6to4 relays (RFC 7526).
_IPV4_SPECIAL = [ipaddress.IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24")]

Lookup = Callable[[str], Awaitable[list[str]]]


def address_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Whether a connection to ``address`` (an IP address as text) may be made.

    Public unicast addresses only, and 127.0.0.0/8 and ::1 where ``allow_loopback``. IPv4-mapped and other IPv6
    spellings of IPv4 are refused, NAT64 is judged by the IPv4 address within.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.is_loopback:
        return allow_loopback and getattr(ip, "ipv4_mapped", None) is None
    if ip.version == 4:
        return ip.is_global and not ip.is_multicast and not any(ip in network for network in _IPV4_SPECIAL)
    if ip.scope_id is not None:
        return False
    if ip in _NAT64:
        return address_allowed(str(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)), allow_loopback=False)
    return ip in _IPV6_GLOBAL and not any(ip in network for network in _IPV6_SPECIAL)


def is_local_name(host: str) -> bool:
    """Whether the host name is ``localhost`` or ends in it: loopback without DNS (RFC 6761 section 6.3)."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def has_credentials(text: str) -> bool:
    """Whether a URL that :func:`parse_url` takes carries a user name or a password."""
    return _CREDENTIALS.match(text.translate(_IGNORED)) is not None


def redacted(text: str) -> str:
    """A piece of a URL that may stand in a message: shortened, unprintable characters escaped, no credentials."""
    head, at, tail = text.rpartition("@")
    if at:  # not parsed, so whatever stands before the last @ may be a password
        text = (head.partition("//")[0][:16] + "//" if "//" in head else "") + "***@" + tail
    return text[:200].encode("unicode_escape").decode("ascii")


def parse_url(text: str, *, allow_loopback: bool) -> URL:
    """The URL as it will be requested: escaped, host in ASCII, without credentials and fragment.

    Raises Terminal ``bad_url``, ``scheme_refused`` or, for an address literal or a local name, ``address_refused``.
    An IPv4 address in any other spelling than four decimal numbers (RFC 3986 section 3.2.2) is always refused.
    """
    if len(text) > URL_CHARACTERS:
        raise fault("bad_url", redacted(text), f"longer than {URL_CHARACTERS} characters")
    scheme = _SCHEME.match(text.strip())
    if scheme and scheme[0].lower() not in ("http:", "https:"):
        raise fault("scheme_refused", redacted(text))
    try:
        parts = urlsplit(text if _SAFE.fullmatch(text) else safe_url_string(text))
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise fault("bad_url", redacted(text))
        origin = URL.build(scheme=parts.scheme, host=parts.hostname, port=parts.port)
        host = origin.raw_host or ""
        if ":" in host:
            ipaddress.IPv6Address(host)
        elif not _HOST_NAME.fullmatch(host) or ".." in host or host.startswith("."):
            raise fault("bad_url", redacted(text), "the host name has characters or dots that no host name has")
        url = URL.build(scheme=origin.scheme, authority=origin.raw_authority, path=parts.path or "/",
                        query_string=parts.query, encoded=True)
    except ValueError as error:
        raise fault("bad_url", redacted(text), redacted(str(error))) from None
    numeric = ":" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None
    if (numeric and not address_allowed(host, allow_loopback=allow_loopback)) or (
        is_local_name(host) and not allow_loopback
    ):
        raise fault("address_refused", str(url))
    return url


def host_key(url: URL) -> str:
    """``scheme://host:port``: what politeness, robots.txt and the host's file are kept by."""
    return f"{url.scheme}://{url.host_subcomponent}:{url.port}"


def guarded_socket(allow_loopback: bool) -> Callable[[tuple], socket.socket]:
    """A socket factory for aiohttp's connector that refuses before it connects: Terminal ``address_refused``."""

    def make(address_info: tuple) -> socket.socket:
        family, kind, protocol, _, peer = address_info
        if not address_allowed(peer[0], allow_loopback=allow_loopback):
            raise fault("address_refused", peer[0])
        return socket.socket(family, kind, protocol)

    return make


class GuardedResolver(AbstractResolver):
    """aiohttp's resolver that passes on only the addresses that may be connected to.

    ``lookup(host)`` gives a name's addresses; by default the system's resolver in ``threads`` threads of its own, so
    that dead name servers hold up nobody else's threads. Raises OSError where there is no address and Terminal
    ``address_refused`` where none is allowed.
    """

    def __init__(self, *, allow_loopback: bool, lookup: Lookup | None = None, threads: int = 8) -> None:
        self._allow_loopback = allow_loopback
        self._lookup = lookup or self._system_lookup
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = ["127.0.0.1"] if is_local_name(host) else await self._lookup(host)
        if not addresses:
            raise OSError(f"no address for {host}")
        allowed = [a for a in addresses if address_allowed(a, allow_loopback=self._allow_loopback)]
        if not allowed:
            raise fault("address_refused", host, f"resolves to {addresses[0]}")
        return [
            ResolveResult(hostname=host, host=a, port=port, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST,
                          family=socket.AF_INET6 if ":" in a else socket.AF_INET)
            for a in allowed
        ]

    async def _system_lookup(self, host: str) -> list[str]:
        def ask() -> list[str]:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            return list(dict.fromkeys(str(answer[4][0]) for answer in answers))

        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
