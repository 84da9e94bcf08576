"""The web client: a batch of requests in, one result for each out, politely and in completion order.

Decides order, robots.txt, redirects and retries. It opens no socket (exchange.py does), reads no settings, keeps no
body longer than the caller takes to pick it up, and raises for no request's fault.
"""

import asyncio
import logging
import re
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urljoin

from yarl import URL

from tasks.errors import DatelineError, Terminal, Transient
from tasks.web.exchange import BODY_STATUSES, REDIRECT_STATUSES, Answer, Exchanger, header_text
from tasks.web.guard import Lookup, has_credentials, host_key, parse_url, redacted
from tasks.web.politeness import HostGate, HostRecord, HostStore, backoff_seconds, retry_after_seconds
from tasks.web.records import (
    HOST_FAILURES,
    RETRIED_REASONS,
    RETRIED_STATUSES,
    WebAttempt,
    WebLimits,
    WebRequest,
    WebResult,
    fault,
    status_fault,
)  # fmt: skip
from tasks.web.robots import RobotsRules, parse_robots, product_token

_ROBOTS_FRESH_SECONDS = 24 * 3_600  # RFC 9309 section 2.4
_ROBOTS_STALE_SECONDS = 30 * 24 * 3_600  # RFC 9309 section 2.3.1.4
_WAITING_RESULTS = 8  # results that may wait for the caller, bodies and all
_SURROGATE = re.compile("[\udc80-\udcff]")
# Where robots.txt redirects to nowhere useful it is unavailable, as with a 404 (RFC 9309 section 2.3.1.2).
_ROBOTS_LED_ASTRAY = frozenset(
    {"redirect_limit", "redirect_loop", "redirect_invalid", "address_refused", "scheme_refused", "bad_url"}
)

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Host:
    """What the client knows of a host while it lives."""

    record: HostRecord
    gate: HostGate
    robots_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: RobotsRules | None = None
    robots_fault: DatelineError | None = None
    failures: int = 0


@dataclass(slots=True, kw_only=True)
class _Trail:
    """How far a request came: kept apart from the answer, so that a fault can tell it too."""

    url: URL
    redirects: list[tuple[int, str]] = field(default_factory=list)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    host: _Host | None = None
    settled: bool = False  # the fault was met while asking for robots.txt, which has had its own tries


class WebClient:
    """Fetches batches. Use as ``async with WebClient(limits, folder) as client: async for r in client.fetch(...)``.

    ``hosts_folder`` keeps robots.txt and the time of the last request of each host between runs; None keeps nothing.
    ``lookup`` replaces the system's name resolution. Raises ValueError for a user agent without a product token.
    """

    def __init__(self, limits: WebLimits, hosts_folder: Path | None, *, lookup: Lookup | None = None) -> None:
        self._limits = limits
        self._token = product_token(limits.user_agent)
        self._store = HostStore(hosts_folder)
        self._exchanger = Exchanger(limits, lookup)
        self._everyone = asyncio.Semaphore(limits.concurrency)
        self._hosts: dict[str, _Host] = {}

    @property
    def attempts(self) -> list[WebAttempt]:
        """Every HTTP request tried so far, in the order in which they ended."""
        return self._exchanger.attempts

    async def __aenter__(self) -> "WebClient":
        await self._exchanger.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exchanger.__aexit__(kind, error, trace)

    async def fetch(self, requests: Iterable[WebRequest]) -> AsyncIterator[WebResult]:
        """One result per request, as they complete.

        Hosts are worked on side by side, begun in the order of their first appearance; the requests of one host keep
        their order. Closing the iterator early gives up what is under way.
        """
        # Bounded, so that a slow consumer slows the fetching down and bodies do not pile up.
        results: asyncio.Queue[WebResult] = asyncio.Queue(maxsize=min(_WAITING_RESULTS, self._limits.concurrency))
        outcomes: Counter[str] = Counter()
        queued: dict[str, deque[tuple[WebRequest, URL]]] = {}
        refused: list[WebResult] = []
        for request in requests:
            try:
                url = self._parse(request)
            except DatelineError as error:
                refused.append(self._refused(request, error))
                continue
            if has_credentials(request.url):  # they must not come back in the result
                request = replace(request, url=str(url))
            queued.setdefault(host_key(url), deque()).append((request, url))
        waiting = sum(map(len, queued.values()))
        workers = []
        for key, queue in queued.items():
            host = self._host(key)
            host.failures, host.robots_fault = 0, None
            for _ in range(min(self._limits.host_concurrency, len(queue))):
                workers.append(asyncio.create_task(self._work(host, queue, results)))
        try:
            for result in refused:
                outcomes[result.outcome] += 1
                yield result
            for _ in range(waiting):
                result = await results.get()
                outcomes[result.outcome] += 1
                yield result
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            self._remember()
            log.info("fetched from %d hosts: %s", len(queued), dict(outcomes.most_common()) or "nothing asked")

    # One host

    def _host(self, key: str) -> _Host:
        if key not in self._hosts:
            record = self._store.load(key)
            gate = HostGate(
                slots=self._limits.host_concurrency, gap_seconds=self._limits.host_gap_seconds,
                quiet_seconds=max(0.0, time.time() - record.last_request_at),
            )  # fmt: skip
            self._hosts[key] = host = _Host(record=record, gate=gate)
            if self._robots_age(host) < _ROBOTS_FRESH_SECONDS:
                self._obey(host)
        return self._hosts[key]

    async def _work(
        self, host: _Host, queue: deque[tuple[WebRequest, URL]], results: asyncio.Queue[WebResult]
    ) -> None:
        while queue:
            request, url = queue.popleft()
            try:
                result = await self._with_retries(request, url, host)
            except Exception as error:  # a fault of ours must not cost the rest of the batch; it is told and counted
                log.exception("unforeseen fault in request %r", request.key)
                result = self._refused(request, fault("unexpected_fault", request.key, type(error).__name__))
            await results.put(result)

    def _remember(self) -> None:
        """Writes what is known of each host asked since the last time."""
        for host in self._hosts.values():
            last_request_at = host.gate.last_touched_at()
            if last_request_at > host.record.last_request_at:
                host.record = replace(host.record, last_request_at=last_request_at)
                self._store.save(host.record)
        if self._store.faults:
            log.warning(
                "%d host files could not be kept, so robots.txt is asked again next run: %s",
                len(self._store.faults), self._store.faults[0],
            )  # fmt: skip
            self._store.faults.clear()

    # One request

    async def _with_retries(self, request: WebRequest, url: URL, host: _Host) -> WebResult:
        limits = self._limits
        for attempt in range(1, limits.attempts + 1):
            trail = _Trail(url=url, host=host)
            result = await self._try_once(request, trail, attempt)
            retried = result.outcome in RETRIED_REASONS or (
                result.status in RETRIED_STATUSES and result.outcome == f"http_{result.status}"
            )
            failed = trail.host or host
            if not retried or trail.settled or attempt == limits.attempts or failed.failures >= limits.host_failures:
                break
            seconds = backoff_seconds(
                attempt, base_seconds=limits.backoff_seconds, cap_seconds=limits.backoff_cap_seconds
            )
            if result.retry_after_seconds is not None:
                if result.retry_after_seconds > limits.retry_after_cap_seconds:
                    break
                seconds = max(seconds, result.retry_after_seconds)
            failed.gate.hold(seconds)
        return result

    async def _try_once(self, request: WebRequest, trail: _Trail, attempt: int) -> WebResult:
        """One try: the request and the redirects that it meets. Never raises a DatelineError."""
        body: bytes | None = None
        error: DatelineError | None = None
        try:
            answer = await self._follow(request, trail, attempt)
            body = answer.body
            conditional = header_text(request.etag) or header_text(request.last_modified)
            if answer.status == 304 and not conditional:
                raise fault("protocol_error", str(trail.url), "a 304 to a request without a condition")
            if answer.status not in BODY_STATUSES and answer.status != 304:
                raise status_fault(answer.status, str(trail.url))
        except DatelineError as caught:
            error, body = caught, None
        now = datetime.now(UTC)
        headers = trail.headers
        return WebResult(
            request=request,
            outcome=error.reason if error else ("ok" if body is not None else "not_modified"),
            message=error.message if error else None,
            transient=isinstance(error, Transient),
            status=trail.status,
            final_url=str(trail.url),
            redirects=tuple(trail.redirects),
            content_type=header_text(headers.get("content-type")),
            etag=header_text(headers.get("etag")),
            last_modified=header_text(headers.get("last-modified")),
            retry_after_seconds=retry_after_seconds(headers.get("retry-after"), now),
            max_age_seconds=_max_age_seconds(headers.get("cache-control", "")),
            body=body,
            fetched_at=now,
        )

    async def _follow(self, request: WebRequest, trail: _Trail, attempt: int) -> Answer:
        """The first answer that is no redirect. Every hop passes the guard, robots.txt and its host's gate."""
        seconds = self._limits.total_seconds
        visited: set[URL] = set()
        while True:
            trail.status, trail.headers = None, {}
            trail.host = host = self._host(host_key(trail.url))
            if host.failures >= self._limits.host_failures:
                raise fault("host_unavailable", str(trail.url))
            if request.purpose != "robots":
                await self._ask_robots(host, trail, request)
            visited.add(trail.url)
            async with host.gate.turn(self._everyone):
                started = time.monotonic()
                answer = await self._send(request, trail, host, attempt, seconds)
            seconds = max(0.001, seconds - (time.monotonic() - started))
            if answer.status not in REDIRECT_STATUSES:
                return answer
            trail.redirects.append((answer.status, str(trail.url)))
            if len(trail.redirects) > self._limits.redirects:
                raise fault("redirect_limit", str(trail.url), f"more than {self._limits.redirects}")
            trail.url = self._redirect_target(trail.url, answer)
            if trail.url in visited:
                raise fault("redirect_loop", str(trail.url))

    async def _send(
        self, request: WebRequest, trail: _Trail, host: _Host, attempt: int, seconds: float
    ) -> Answer:
        def answered(status: int) -> None:
            trail.status = status
            host.failures = 0
            host.gate.touch()

        try:
            answer = await self._exchanger.send(
                trail.url, request, attempt=attempt, seconds=seconds, answered=answered
            )
        except DatelineError as error:
            if error.reason in HOST_FAILURES:
                host.failures += 1
            raise
        finally:
            host.gate.touch()
        trail.headers = dict(answer.headers)
        return answer

    def _redirect_target(self, url: URL, answer: Answer) -> URL:
        location = answer.headers.get("location", "")
        # aiohttp keeps octets that are no UTF-8 as surrogates; they are escaped as the octets that they were.
        location = _SURROGATE.sub(lambda match: f"%{ord(match[0]) - 0xDC00:02X}", location).strip()
        if not location:
            raise fault("redirect_invalid", str(url), "no Location")
        try:
            return parse_url(urljoin(str(url), location), allow_loopback=self._limits.allow_loopback)
        except ValueError:
            raise fault("redirect_invalid", str(url), redacted(location)) from None
        except DatelineError as error:
            if error.reason == "bad_url":
                raise fault("redirect_invalid", str(url), redacted(location)) from None
            raise

    # robots.txt

    async def _ask_robots(self, host: _Host, trail: _Trail, request: WebRequest) -> None:
        """Returns where the URL may be fetched, else raises ``robots_disallowed`` or why nobody can say."""
        trail.settled = True
        async with host.robots_lock:
            if host.rules is None and host.robots_fault is None:
                await self._fetch_robots(host, request)
        if host.rules is None:
            raise host.robots_fault
        if not host.rules.allows(trail.url.raw_path_qs):
            raise fault("robots_disallowed", str(trail.url))
        trail.settled = False

    async def _fetch_robots(self, host: _Host, request: WebRequest) -> None:
        """Sets the rules of a host, or its robots_fault, or raises the fault of a host that cannot be reached."""
        asked = WebRequest(url=host.record.host + "/robots.txt", key=request.key, purpose="robots")
        result = await self._with_retries(asked, self._parse(asked), host)
        status, text = result.status, (result.body or b"").decode("utf-8", "replace")
        unavailable = (
            status is not None and result.outcome == f"http_{status}" and status < 500 and status != 429
        ) or (result.redirects and result.outcome in _ROBOTS_LED_ASTRAY)
        if result.outcome == "ok" or unavailable:
            host.record = replace(
                host.record, robots_status=status, robots_text=text, robots_fetched_at=time.time(),
                last_request_at=host.gate.last_touched_at(),
            )  # fmt: skip
            self._store.save(host.record)
            self._obey(host)
        elif self._robots_age(host) < _ROBOTS_STALE_SECONDS:
            self._obey(host)
        elif result.outcome in HOST_FAILURES or result.outcome in ("address_refused", "host_unavailable"):
            # The host itself is out of reach: that says more than its robots.txt being so.
            raise (Transient if result.transient else Terminal)(result.outcome, result.message)
        else:
            host.robots_fault = fault("robots_unavailable", asked.url, result.outcome)

    def _obey(self, host: _Host) -> None:
        host.rules = parse_robots(host.record.robots_text, self._token)
        host.gate.gap_seconds = max(self._limits.host_gap_seconds, host.rules.crawl_delay_seconds)

    @staticmethod
    def _robots_age(host: _Host) -> float:
        if host.record.robots_status is None:
            return float("inf")
        return time.time() - host.record.robots_fetched_at

    # Requests that go nowhere

    def _parse(self, request: WebRequest) -> URL:
        return parse_url(request.url, allow_loopback=self._limits.allow_loopback)

    @staticmethod
    def _refused(request: WebRequest, error: DatelineError) -> WebResult:
        url = redacted(request.url)
        if "@" in request.url:
            request = replace(request, url=url)
        return WebResult(
            request=request, outcome=error.reason, message=error.message, transient=isinstance(error, Transient),
            status=None, final_url=url, redirects=(), content_type=None, etag=None, last_modified=None,
            retry_after_seconds=None, max_age_seconds=None, body=None, fetched_at=datetime.now(UTC),
        )  # fmt: skip


def _max_age_seconds(cache_control: str) -> int | None:
    """The max-age of a Cache-Control value (RFC 9111 section 5.2.2.1), None where there is none."""
    for directive in cache_control[:1_024].split(","):
        name, _, value = directive.partition("=")
        value = value.strip().strip('"')
        if name.strip().lower() == "max-age" and value.isascii() and value.isdigit():
            return min(int(value[:10]), 2**31)  # the cap that the RFC section 1.2.2 names
    return None
