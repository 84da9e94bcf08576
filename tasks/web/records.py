"""What is asked of the web and what came back: the records and the table of reasons. Pure data.

No I/O here, no decision about retries or order, and nothing that knows aiohttp.

Times are seconds unless the name says otherwise; sizes are bytes. URLs in results, attempts and messages never
contain credentials.
"""

from dataclasses import dataclass
from datetime import datetime

from tasks.errors import DatelineError, Terminal, Transient

PURPOSES = ("page", "feed", "sitemap", "robots")

#: reason -> (transient, what it means and what to do). ``http_<status>`` is made by :func:`status_fault`.
REASONS: dict[str, tuple[bool, str]] = {
    "robots_disallowed": (False, "robots.txt forbids this address to our user agent; drop it or ask the publisher"),
    "robots_unavailable": (True, "robots.txt cannot be had now, so nothing may be fetched; it is asked again next run"),
    "dns_failed": (True, "the host name does not resolve; check its spelling and the network"),
    "connect_failed": (True, "no connection could be made; check that the host is up and reachable from here"),
    "connection_lost": (True, "the server closed the connection before the answer was complete; try again later"),
    "tls_failed": (False, "the TLS handshake failed; check the certificate and this machine's trusted roots"),
    "timed_out": (True, "the answer took longer than total_seconds; try again later or raise the limit"),
    "stalled": (True, "the server sent nothing for idle_seconds; try again later or raise the limit"),
    "host_unavailable": (True, "the host failed too often in this batch, so this was not tried; it is next run"),
    "body_too_large": (False, "the body is larger than wire_bytes; raise the limit if the address is wanted"),
    "decoded_too_large": (False, "the body unpacks to more than decoded_bytes; raise the limit if it is wanted"),
    "headers_too_large": (False, "the response headers are larger than header_bytes; report it to the publisher"),
    "bad_encoding": (False, "the body does not decode as its Content-Encoding says; report it to the publisher"),
    "protocol_error": (False, "the answer is not well-formed HTTP; check that a web server listens there"),
    "redirect_limit": (False, "it redirects more often than the limit; use the address that a browser ends at"),
    "redirect_loop": (False, "its redirects come back to an address already visited; report it to the publisher"),
    "redirect_invalid": (False, "it redirects without a usable Location; report it to the publisher"),
    "address_refused": (False, "it leads to an address that is not on the public internet; such are never fetched"),
    "scheme_refused": (False, "only http and https are fetched; correct the address"),
    "bad_url": (False, "this is not a well-formed web address; correct it"),
    "unexpected_fault": (False, "a fault that was not foreseen, told in the log; please report it"),
}

#: Reasons for which the same request is tried again within a batch.
RETRIED_REASONS = frozenset({"dns_failed", "connect_failed", "connection_lost", "timed_out", "stalled"})
#: Statuses for which the same request is tried again within a batch (RFC 9110 section 15, RFC 6585, RFC 8470).
RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
#: Reasons that count towards ``WebLimits.host_failures``: the host itself did not serve.
HOST_FAILURES = RETRIED_REASONS | {"tls_failed"}


def fault(reason: str, subject: str, detail: str = "") -> DatelineError:
    """The fault for a reason in :data:`REASONS`, naming ``subject`` (a URL without credentials or a host)."""
    transient, sentence = REASONS[reason]
    message = f"{subject[:300]}: {sentence}" + (f" ({detail[:200]})" if detail else "")
    return (Transient if transient else Terminal)(reason, message)


def status_fault(status: int, subject: str) -> DatelineError:
    """The fault for an HTTP status that brings no usable body; reason ``http_<status>``.

    408, 425, 429 and every 5xx are transient, all others terminal.
    """
    if status == 410:
        sentence = "the publisher removed it for good (410); drop the address"
    elif status in (401, 402, 403, 451):
        sentence = f"the publisher refuses it to us ({status}); ask for access or drop the address"
    elif status == 429:
        sentence = "the publisher asks for fewer requests (429); it is asked again later"
    elif status >= 500 or status in RETRIED_STATUSES:
        sentence = f"the server cannot serve it now ({status}); it is asked again later"
    elif 400 <= status < 500:
        sentence = f"the server does not have it ({status}); check the address"
    else:
        sentence = f"the server answered {status}, which brings no complete body; check the address"
    transient = status >= 500 or status in RETRIED_STATUSES
    return (Transient if transient else Terminal)(f"http_{status}", f"{subject[:300]}: {sentence}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebLimits:
    """The bounds of every request. ``user_agent`` starts with a product token and names a contact."""

    user_agent: str
    wire_bytes: int = 10_000_000
    decoded_bytes: int = 20_000_000
    header_bytes: int = 65_536
    redirects: int = 5
    total_seconds: float = 60  # one try with its redirects, without the waiting for politeness
    idle_seconds: float = 15
    connect_seconds: float = 10  # name resolution, TCP and TLS
    attempts: int = 3
    backoff_seconds: float = 1.0
    backoff_cap_seconds: float = 30
    retry_after_cap_seconds: float = 60
    concurrency: int = 32
    host_concurrency: int = 1
    host_gap_seconds: float = 1.0
    host_failures: int = 5
    allow_loopback: bool = False
    proxy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """One thing to fetch. ``key`` is the caller's own; ``purpose`` is one of :data:`PURPOSES`, else ValueError."""

    url: str
    key: str
    etag: str | None = None
    last_modified: str | None = None
    purpose: str = "page"

    def __post_init__(self) -> None:
        if self.purpose not in PURPOSES:
            raise ValueError(f"purpose {self.purpose!r} is none of {', '.join(PURPOSES)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebResult:
    """What became of a request: exactly one for each.

    ``outcome`` is ``ok``, ``not_modified`` or a reason; ``message`` is None unless it is a reason. ``body`` is None
    unless ``ok``. ``redirects`` holds the status and the URL of each hop that redirected, in order; ``final_url`` is
    the last URL reached. ``max_age_seconds`` is the Cache-Control max-age of the answer.
    """

    request: WebRequest
    outcome: str
    message: str | None
    transient: bool
    status: int | None
    final_url: str
    redirects: tuple[tuple[int, str], ...]
    content_type: str | None
    etag: str | None
    last_modified: str | None
    retry_after_seconds: float | None
    max_age_seconds: int | None
    body: bytes | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAttempt:
    """One HTTP request that was tried: every retry, every robots.txt and every hop of a redirect has its own.

    ``fetch_ms`` runs from the start of the connection to the last byte; ``wire_bytes`` counts the body as it came.
    ``outcome`` is as in :class:`WebResult`, or ``redirect``.
    """

    key: str
    url: str
    host: str
    purpose: str
    started_at: datetime
    fetch_ms: int
    status: int | None
    wire_bytes: int
    outcome: str
    attempt: int
