"""A frozen web replayed on loopback: one port, many hosts told apart by the Host header.

The room of the demo and of the tests that need a web. `tests/demo/web/<host>/` holds what each host serves and
`tests/demo/web/behaviour.toml` whatever is not a plain file: redirects, faults, charsets, the second day ("phase 2").
Nothing here may reach beyond 127.0.0.1, write into the frozen web, or know what becomes of an answer.

`*.localhost` names are loopback by RFC 6761 section 6.3, so no name service takes part. Frozen files carry URLs without
a port; the port in use is written into them as they are served.
"""

import argparse
import asyncio
import gzip
import hashlib
import re
import signal
import threading
import time
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path, PurePosixPath

from aiohttp import web

WEB = Path(__file__).parent / "web"
CONTROL_HOST = "control.localhost"
RECORDED_HEADERS = ("User-Agent", "Accept-Encoding", "If-None-Match", "If-Modified-Since")
CONTENT_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".rdf": "application/rdf+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
_HOST_END = re.compile(rb"\.localhost/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one address does when it is not simply a file of its own name.

    `path` may include a query string and then matches only that; without one it matches any query. Files are named
    relative to the host's folder. The first `fail_times` requests are answered with `fail_status`.
    """

    host: str
    path: str
    status: int = 200
    location: str | None = None
    file: str | None = None
    phase_2: str | None = None
    from_phase: int = 1
    content_type: str | None = None
    fail_times: int = 0
    fail_status: int = 500
    retry_after: int | None = None
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenWeb:
    """A folder of hosts, its rules by (host, path), and the time of last change that each phase reports."""

    folder: Path
    rules: dict[tuple[str, str], Rule]
    last_modified: dict[int, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response before any negotiation: `body` already names the port in use."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request as the server saw it; `monotonic_seconds` orders and spaces requests, it is not a date."""

    monotonic_seconds: float
    method: str
    host: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)


def with_port(body: bytes, port: int) -> bytes:
    """The bytes with every `.localhost/` turned into `.localhost:PORT/`."""
    return _HOST_END.sub(b".localhost:%d/" % port, body)


def load_web(folder: Path = WEB) -> FrozenWeb:
    """Read the rules; raises TypeError for an unknown key and ValueError for a rule that names no frozen file."""
    told = tomllib.loads((folder / "behaviour.toml").read_text(encoding="utf-8"))
    rules = [Rule(**entry) for entry in told["rule"]]
    for rule in rules:
        for name in filter(None, (rule.file, rule.phase_2)):
            if not (folder / rule.host / name).is_file():
                raise ValueError(f"behaviour.toml: {rule.host}{rule.path} names {name}, which is not in the frozen web")
    return FrozenWeb(
        folder=folder,
        rules={(rule.host, rule.path): rule for rule in rules},
        last_modified={1: told["last_modified"], 2: told["last_modified_phase_2"]},
    )


def find_rule(frozen: FrozenWeb, host: str, path_qs: str) -> Rule:
    """The rule for the exact path and query, else for the path alone, else that of a plain file."""
    path = path_qs.partition("?")[0]
    for key in (path_qs, path):
        if (host, key) in frozen.rules:
            return frozen.rules[host, key]
    return Rule(host=host, path=path)


def find_file(frozen: FrozenWeb, rule: Rule, phase: int) -> Path | None:
    """The frozen file behind a rule in this phase, or None: outside the host's folder there is nothing to find."""
    parts = PurePosixPath(rule.path).parts[1:]
    if ".." in parts or not re.fullmatch(r"[a-z0-9-]+\.localhost", rule.host) or phase < rule.from_phase:
        return None
    base = frozen.folder / rule.host
    named = rule.phase_2 if phase >= 2 and rule.phase_2 else rule.file
    if named:
        return base / named
    plain = base.joinpath(*parts)
    for candidate in (plain, plain.with_name(plain.name + ".html"), plain / "index.html"):
        if candidate.is_file():
            return candidate
    return None


def answer(frozen: FrozenWeb, rule: Rule, *, phase: int, port: int, earlier_requests: int) -> Answer:
    """What the rule gives to a request that follows `earlier_requests` to the same address."""
    retry_after = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
    if earlier_requests < rule.fail_times:
        return _notice(rule.fail_status, retry_after)
    if rule.location is not None:
        return _notice(rule.status, {"Location": with_port(rule.location.encode(), port).decode()})
    if rule.status != 200:
        return _notice(rule.status, retry_after)
    file = find_file(frozen, rule, phase)
    if file is None:
        return _notice(404, {})
    changed_today = phase >= 2 and (rule.phase_2 is not None or rule.from_phase >= 2)
    return Answer(
        status=200,
        headers={"Content-Type": rule.content_type or CONTENT_TYPES[file.suffix]},
        body=with_port(file.read_bytes(), port),
        modified_at=frozen.last_modified[2 if changed_today else 1],
    )


def negotiate(plain: Answer, asked: dict[str, str]) -> Answer:
    """Add validators, answer 304 where they match (RFC 9110 section 13.2.2), and compress where gzip is accepted.

    The tag is weak: it stands for the plain and the compressed form alike. `asked` has lower-case header names.
    """
    if plain.modified_at is None:
        return plain
    tag = f'W/"{hashlib.sha256(plain.body).hexdigest()[:20]}"'
    validators = {
        "ETag": tag,
        "Last-Modified": format_datetime(plain.modified_at, usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _not_modified(asked, tag, plain.modified_at):
        return Answer(status=304, headers=validators)
    headers = plain.headers | validators
    body = plain.body
    if re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", asked.get("accept-encoding", "")):
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Answer(status=plain.status, headers=headers, body=body)


def _not_modified(asked: dict[str, str], tag: str, modified_at: datetime) -> bool:
    if (none_match := asked.get("if-none-match")) is not None:
        tags = {item.strip().removeprefix("W/") for item in none_match.split(",")}
        return "*" in tags or tag.removeprefix("W/") in tags
    if (since := asked.get("if-modified-since")) is not None:
        try:
            return modified_at <= parsedate_to_datetime(since).astimezone(UTC)
        except ValueError:
            return False  # RFC 9110 section 13.1.3: an invalid date is as good as none
    return False


def _notice(status: int, headers: dict[str, str]) -> Answer:
    body = f"<!doctype html><title>{status}</title><h1>{status}</h1><p>Nothing to read here.</p>".encode()
    return Answer(status=status, headers={"Content-Type": "text/html; charset=utf-8"} | headers, body=body)


class Replay:
    """The server in a thread of its own: `with Replay(port=0) as replay:` gives `replay.port`.

    Thread-safe for one driver: `set_phase` and `requests` may be used while requests are being answered.
    """

    def __init__(self, *, port: int = 0, folder: Path = WEB) -> None:
        self.port = port
        self.phase = 1
        self._frozen = load_web(folder)
        self._records: list[RequestRecord] = []
        self._asked: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._fault: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def __enter__(self) -> "Replay":
        self._thread.start()
        self._started.wait()
        if self._fault is not None:
            self._thread.join()
            raise self._fault
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request so far but those to the control host, in the order of their answers."""
        return list(self._records)

    def set_phase(self, phase: int) -> None:
        """1: the first day; 2: the day after, with its replaced and new files."""
        if phase not in (1, 2):
            raise ValueError(f"the frozen web has phases 1 and 2, not {phase}")
        self.phase = phase

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        try:
            self._loop.run_until_complete(self._listen(runner))
            self._started.set()
            self._loop.run_forever()
        except OSError as fault:  # the port is taken: told to whoever entered, in their thread
            self._fault = fault
        finally:
            self._loop.run_until_complete(runner.cleanup())
            self._loop.close()
            self._started.set()

    async def _listen(self, runner: web.AppRunner) -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.Response:
        host = request.host.partition(":")[0].lower()
        if host == CONTROL_HOST:
            return self._control(request)
        received = time.monotonic()
        rule = find_rule(self._frozen, host, request.path_qs)
        earlier = self._asked[host, rule.path]
        self._asked[host, rule.path] += 1
        await asyncio.sleep(rule.delay_seconds)
        plain = answer(self._frozen, rule, phase=self.phase, port=self.port, earlier_requests=earlier)
        given = negotiate(plain, {name.lower(): value for name, value in request.headers.items()})
        seen = {name: request.headers[name] for name in RECORDED_HEADERS if name in request.headers}
        self._records.append(
            RequestRecord(
                monotonic_seconds=received,
                method=request.method,
                host=host,
                path=request.path_qs,
                status=given.status,
                headers=seen,
            )
        )
        return web.Response(status=given.status, headers=given.headers, body=given.body)

    def _control(self, request: web.Request) -> web.Response:
        if request.method == "POST" and request.path in ("/phase/1", "/phase/2"):
            self.set_phase(int(request.path[-1]))
            return web.json_response({"phase": self.phase})
        if request.method == "GET" and request.path == "/requests":
            return web.json_response([asdict(record) for record in self._records])
        return web.Response(status=404, text="control knows POST /phase/1, POST /phase/2 and GET /requests\n")


def main() -> None:
    """Serve until SIGTERM or SIGINT; the only line on stdout is the address, printed when the server is ready."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo.replay", description="Replay the demo's frozen web.")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free port")
    asked = parser.parse_args()
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # before the thread starts, so that only sigwait receives them
    with Replay(port=asked.port) as replay:
        print(f"http://127.0.0.1:{replay.port}", flush=True)
        signal.sigwait(stop)


if __name__ == "__main__":
    main()
