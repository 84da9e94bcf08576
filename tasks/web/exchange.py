"""One HTTP exchange: a request sent, its answer read within every bound, its fault named. The only room with a socket.

Redirects are not followed here, nothing is tried twice and nobody waits for a turn; cookies are neither kept nor sent.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from yarl import URL

from tasks.errors import DatelineError
from tasks.web.decode import ACCEPT_ENCODING, BodyDecoder
from tasks.web.guard import GuardedResolver, Lookup, guarded_socket, host_key
from tasks.web.records import WebAttempt, WebLimits, WebRequest, fault, status_fault
from tasks.web.robots import ROBOTS_BYTES

#: The statuses whose body is the thing asked for. 202 and 204 bring none, 206 a piece that nobody asked for.
BODY_STATUSES = frozenset({200, 203})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})

_HEADER_LINES = 256
_HEADER_LINE_BYTES = 32_768
_ACCEPT = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8",
    "sitemap": "application/xml,text/xml,*/*;q=0.8",
    "robots": "text/plain,*/*;q=0.8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, headers (first value of each, names in lower case) and, for a status that has one, the decoded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


class Exchanger:
    """Sends single requests over one pool of guarded connections and notes each in ``attempts``."""

    def __init__(self, limits: WebLimits, lookup: Lookup | None = None) -> None:
        self.attempts: list[WebAttempt] = []
        self._limits = limits
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None
        self._resolver: GuardedResolver | None = None

    async def __aenter__(self) -> "Exchanger":
        limits = self._limits
        if limits.proxy is None:
            self._resolver = GuardedResolver(
                allow_loopback=limits.allow_loopback, lookup=self._lookup, threads=limits.concurrency
            )
            # No cache of names: a connection lives for many requests, and each new one is judged anew.
            connector = aiohttp.TCPConnector(
                limit=limits.concurrency, resolver=self._resolver, use_dns_cache=False,
                socket_factory=guarded_socket(limits.allow_loopback),
            )  # fmt: skip
        else:  # the proxy resolves and connects; it is the operator's own and may stand on a private address
            connector = aiohttp.TCPConnector(limit=limits.concurrency)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=min(limits.header_bytes, _HEADER_LINE_BYTES),
            max_field_size=min(limits.header_bytes, _HEADER_LINE_BYTES),
            max_headers=_HEADER_LINES,
            timeout=aiohttp.ClientTimeout(
                total=None, connect=limits.connect_seconds, sock_connect=limits.connect_seconds,
                sock_read=limits.idle_seconds, ceil_threshold=float("inf"),
            ),  # fmt: skip
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._resolver is not None:
            await self._resolver.close()

    async def send(
        self, url: URL, request: WebRequest, *, attempt: int, seconds: float, answered: Callable[[int], None]
    ) -> Answer:
        """Sends ``request`` to ``url`` and reads the answer, all within ``seconds``.

        ``answered(status)`` is called when the headers have come. A robots.txt is cut off at its bound. Raises the
        fault of an answer that is none; every status is an answer.
        """
        started_at, started = datetime.now(UTC), time.monotonic()
        seen = _Seen()
        outcome = "unexpected_fault"
        try:
            async with asyncio.timeout(seconds):
                answer = await self._exchange(url, request, seen, answered)
            outcome = _outcome(answer.status, str(url))
            return answer
        except DatelineError as error:
            outcome = error.reason
            raise
        except (aiohttp.ClientError, OSError, ValueError, HttpProcessingError) as error:
            named = _named_fault(error, url)
            outcome = named.reason
            raise named from error
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            self.attempts.append(
                WebAttempt(
                    key=request.key, url=str(url), host=host_key(url), purpose=request.purpose, attempt=attempt,
                    started_at=started_at, fetch_ms=round(1000 * (time.monotonic() - started)),
                    status=seen.status, wire_bytes=seen.wire_bytes, outcome=outcome,
                )
            )  # fmt: skip

    async def _exchange(
        self, url: URL, request: WebRequest, seen: "_Seen", answered: Callable[[int], None]
    ) -> Answer:
        async with self._session.get(
            url, headers=self._headers(request), allow_redirects=False, proxy=self._limits.proxy
        ) as response:
            seen.status = response.status
            answered(response.status)
            size = sum(len(name) + len(value) + 4 for name, value in response.raw_headers)
            if size > self._limits.header_bytes:
                raise fault("headers_too_large", str(url), f"{size} bytes")
            headers: dict[str, str] = {}
            for name, value in response.headers.items():
                headers.setdefault(name.lower(), value)
            body = await self._body(response, request, seen) if response.status in BODY_STATUSES else None
            return Answer(status=response.status, headers=headers, body=body)

    def _headers(self, request: WebRequest) -> dict[str, str]:
        headers = {
            "User-Agent": self._limits.user_agent,
            "Accept": _ACCEPT.get(request.purpose, "*/*"),
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        if etag := header_text(request.etag):
            headers["If-None-Match"] = etag
        if last_modified := header_text(request.last_modified):
            headers["If-Modified-Since"] = last_modified
        return headers

    async def _body(self, response: aiohttp.ClientResponse, request: WebRequest, seen: "_Seen") -> bytes:
        subject = str(response.url)
        cut_off = request.purpose == "robots"
        wire_bytes, decoded_bytes = self._limits.wire_bytes, self._limits.decoded_bytes
        if cut_off:
            wire_bytes, decoded_bytes = min(wire_bytes, ROBOTS_BYTES), min(decoded_bytes, ROBOTS_BYTES)
        elif (response.content_length or 0) > wire_bytes:
            raise fault("body_too_large", subject, f"{response.content_length} bytes announced")
        decoder = BodyDecoder(response.headers.get("Content-Encoding", ""), subject)
        pieces: list[bytes] = []
        size = 0
        async for chunk in response.content.iter_any():
            seen.wire_bytes += len(chunk)
            pieces.append(decoder.decode(chunk, decoded_bytes + 1 - size))
            size += len(pieces[-1])
            if cut_off and (seen.wire_bytes > wire_bytes or size > decoded_bytes):
                return b"".join(pieces)[:decoded_bytes]
            if seen.wire_bytes > wire_bytes:
                raise fault("body_too_large", subject, f"more than {wire_bytes} bytes")
            if size > decoded_bytes:
                raise fault("decoded_too_large", subject, f"more than {decoded_bytes} bytes")
        decoder.finish()
        return b"".join(pieces)


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What had come of an answer when it ended, well or badly."""

    status: int | None = None
    wire_bytes: int = 0


def header_text(value: str | None) -> str | None:
    """A header value that is fit to be stored and sent back: short printable ASCII, else None."""
    if value and len(value) <= 1_024 and value.isascii() and value.isprintable():
        return value.strip() or None
    return None


def _outcome(status: int, subject: str) -> str:
    if status in BODY_STATUSES:
        return "ok"
    if status in REDIRECT_STATUSES:
        return "redirect"
    return "not_modified" if status == 304 else status_fault(status, subject).reason


def _named_fault(error: Exception, url: URL) -> DatelineError:
    """The fault of the taxonomy for what the client library raised. The order matters: some classes share a base."""
    subject = str(url)
    match error:
        case aiohttp.ServerTimeoutError():
            if isinstance(error, aiohttp.ConnectionTimeoutError):
                return fault("connect_failed", subject, "no connection within connect_seconds")
            return fault("stalled", subject)
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return fault("tls_failed", subject, str(error))
        case aiohttp.ClientConnectorDNSError():
            return fault("dns_failed", subject, error.os_error.strerror or "")
        case aiohttp.ClientConnectorError() | aiohttp.ClientHttpProxyError():
            return fault("connect_failed", subject, getattr(error, "strerror", None) or "")
        case TimeoutError():
            return fault("timed_out", subject)
        case aiohttp.InvalidURL():
            return fault("bad_url", subject)
        case aiohttp.ClientConnectionError():
            return fault("connection_lost", subject)
    causes: list[BaseException] = [error]
    while len(causes) < 5 and (cause := causes[-1].__cause__ or causes[-1].__context__):
        causes.append(cause)
    if any(isinstance(cause, LineTooLong) or "Too many headers" in str(cause) for cause in causes):
        return fault("headers_too_large", subject)
    if isinstance(error, aiohttp.ClientPayloadError):
        return fault("connection_lost", subject)
    if isinstance(error, OSError):
        return fault("connection_lost", subject, error.strerror or "")
    return fault("protocol_error", subject, type(causes[-1]).__name__)


