"""A web server that does everything wrong: each fault is a path, on loopback, byte for byte as it is written here.

    python -m tests.integration.faultserver [PORT]

serves them until it is stopped and prints their addresses. ``/healthy/…`` is a page and all is well. Nothing of the
client may be imported here: what a fault must lead to (``FAULTS``) is told in the client's names, not with its code.
"""

import asyncio
import gzip
import sys
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BOMB_BYTES = 100_000_000
PAGE = b"<html><body><p>The council voted on the sea wall.</p></body></html>"
_PIECE = b"<p>so it goes on</p>" * 3_000
_SLOW_SECONDS = 0.2

Pieces = AsyncIterator[bytes]


def _head(status: str = "200 OK", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{lines}".encode() + b"\r\n"


def _whole(body: bytes, status: str = "200 OK", **headers: str) -> Callable[[], Pieces]:
    return _said(_head(status, Content_Length=str(len(body)), **headers) + body)


def _said(*pieces: bytes) -> Callable[[], Pieces]:
    async def say() -> Pieces:
        for piece in pieces:
            yield piece

    return say


def _packed(body: bytes, coding: str, *, cut: int = 0) -> Callable[[], Pieces]:
    return _whole(body[: len(body) - cut], Content_Encoding=coding)


def _redirect(target: str) -> Callable[[], Pieces]:
    return _whole(b"", "302 Found", Location=target)


def _wide_window(size: int) -> bytes:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return packer.compress(bytes(size)) + packer.flush()


async def _endless_body() -> Pieces:
    yield _head()
    while True:
        yield _PIECE


async def _endless_headers() -> Pieces:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: and more\r\n" * 100


async def _endless_header() -> Pieces:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    while True:
        yield b"x" * 10_000


async def _dripping_headers() -> Pieces:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        await asyncio.sleep(_SLOW_SECONDS)
        yield b"X"


async def _dripping_body() -> Pieces:
    yield _head()
    while True:
        await asyncio.sleep(_SLOW_SECONDS)
        yield b"x"


async def _silent() -> Pieces:
    await asyncio.sleep(3_600)
    yield b""


async def _large_in_chunks() -> Pieces:
    yield _head(Transfer_Encoding="chunked")
    for _ in range(BOMB_BYTES // len(_PIECE)):
        yield b"%x\r\n%s\r\n" % (len(_PIECE), _PIECE)
    yield b"0\r\n\r\n"


async def _endless_chain() -> Pieces:  # the address differs each time: each hop goes one further
    yield b""


def _faults() -> dict[str, tuple[str, Callable[[], Pieces]]]:
    zeros = bytes(BOMB_BYTES)
    packed = gzip.compress(PAGE * 100)
    return {
        "gzip-bomb": ("decoded_too_large", _packed(gzip.compress(zeros, 6), "gzip")),
        "deflate-bomb": ("decoded_too_large", _packed(zlib.compress(zeros, 6), "deflate")),
        "brotli-bomb": ("decoded_too_large", _packed(brotli.compress(zeros, quality=1), "br")),
        "zstd-bomb": ("decoded_too_large", _packed(zstd.compress(zeros), "zstd")),
        "zstd-window": ("bad_encoding", _packed(_wide_window(20_000_000), "zstd")),
        "gzip-members": ("bad_encoding", _packed(gzip.compress(b"") * 5_000, "gzip")),
        "gzip-truncated": ("bad_encoding", _packed(packed, "gzip", cut=9)),
        "brotli-truncated": ("bad_encoding", _packed(brotli.compress(PAGE * 100), "br", cut=9)),
        "zstd-truncated": ("bad_encoding", _packed(zstd.compress(PAGE * 100), "zstd", cut=9)),
        "gzip-not": ("bad_encoding", _packed(PAGE, "gzip")),
        "coding-unknown": ("bad_encoding", _packed(PAGE, "rot13")),
        "coding-twice": ("bad_encoding", _packed(gzip.compress(packed), "gzip, gzip")),
        "endless-body": ("body_too_large", _endless_body),
        "endless-headers": ("headers_too_large", _endless_headers),
        "endless-header": ("headers_too_large", _endless_header),
        "many-headers": ("headers_too_large", _said(b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 5_000 + b"\r\n" + PAGE)),
        "large-announced": ("body_too_large", _said(_head(Content_Length=str(BOMB_BYTES)) + _PIECE)),
        "large-in-chunks": ("body_too_large", _large_in_chunks),
        "slow-headers": ("timed_out", _dripping_headers),
        "slow-body": ("timed_out", _dripping_body),
        "silent": ("stalled", _silent),
        "length-too-great": ("connection_lost", _said(_head(Content_Length="9000") + PAGE)),
        "length-too-small": ("protocol_error", _said(_head(Content_Length="21") + PAGE)),
        "length-no-number": ("protocol_error", _said(_head(Content_Length="many") + PAGE)),
        "length-negative": ("protocol_error", _said(_head(Content_Length="-1") + PAGE)),
        "length-twice": (
            "protocol_error",
            _said(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello, you"),
        ),
        "chunk-no-number": ("protocol_error", _said(_head(Transfer_Encoding="chunked") + b"zz\r\nhello\r\n0\r\n\r\n")),
        "chunk-cut-off": ("connection_lost", _said(_head(Transfer_Encoding="chunked") + b"ff\r\nhello")),
        "nothing": ("connection_lost", _said(b"")),
        "not-http": ("protocol_error", _said(b"SSH-2.0-OpenSSH_9.2\r\n")),
        "nul-in-header": ("protocol_error", _said(b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 2\r\n\r\nhi")),
        "nul-bytes": ("ok", _whole(b"<p>a\0b</p>" * 500 + bytes(5_000))),
        "unasked-304": ("protocol_error", _said(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
        "redirect-loop": ("redirect_loop", _redirect("/redirect-loop")),
        "redirect-endless": ("redirect_limit", _endless_chain),
        "redirect-nowhere": ("redirect_invalid", _whole(b"", "302 Found")),
        "redirect-file": ("scheme_refused", _redirect("file:///etc/passwd")),
        "redirect-metadata": ("address_refused", _redirect("http://169.254.169.254/latest/meta-data/")),
        "redirect-mapped": ("address_refused", _redirect("http://[::ffff:127.0.0.1]/")),
        "redirect-decimal": ("address_refused", _redirect("http://2130706433/")),
        "redirect-password": ("connect_failed", _redirect("http://me:hush@127.0.0.1:1/")),
        "busy": ("http_429", _whole(b"", "429 Too Many Requests", Retry_After="3600")),
        "busy-until": ("http_503", _whole(b"", "503 Busy", Retry_After="Fri, 01 Jan 2100 00:00:00 GMT")),
        "gone": ("http_410", _whole(b"", "410 Gone")),
        "robots-endless": ("ok", _whole(PAGE)),
        "robots-forbids": ("robots_disallowed", _whole(PAGE)),
        "robots-fails": ("robots_unavailable", _whole(PAGE)),
        "robots-bomb": ("ok", _whole(PAGE)),
    }


_ROBOTS: Mapping[str, Callable[[], Pieces]] = {
    "robots-endless": _endless_body,
    "robots-forbids": _whole(b"User-agent: *\nDisallow: /\n"),
    "robots-fails": _whole(b"", "500 Oh"),
    "robots-bomb": _packed(gzip.compress(b"User-agent: *\n" + b"#" * BOMB_BYTES, 6), "gzip"),
}
#: What each must lead to, within bounds of 5 MB on the wire and 10 MB unpacked, by path without its slash; and its
#: answer.
FAULTS = _faults()
#: The same of handshakes, by the name of the host.
TLS_FAULTS = {
    "tls-refused": ("tls_failed", b"\x15\x03\x03\x00\x02\x02\x28"),  # the alert handshake_failure (RFC 8446 section 6)
    "tls-not": ("tls_failed", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
}
_HANDSHAKE = 0x16


class FaultServer:
    """The server; every fault has a host of its own (``<fault>.localhost``), so that none waits for another."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[tuple[str, str]] = []  # host and path, in the order of asking

    async def __aenter__(self) -> "FaultServer":
        return await self.begin(0)

    async def begin(self, port: int) -> "FaultServer":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def expected(self) -> dict[str, str]:
        """The address of every fault, and what it must lead to."""
        told = {f"http://{name}.localhost:{self.port}/{name}": outcome for name, (outcome, _) in FAULTS.items()}
        return told | {f"https://{name}.localhost:{self.port}/": outcome for name, (outcome, _) in TLS_FAULTS.items()}

    def healthy(self, count: int) -> list[str]:
        return [f"http://healthy{number % 20}.localhost:{self.port}/healthy/{number}" for number in range(count)]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            try:
                begun = await reader.read(65_536)
                if begun[:1] == bytes([_HANDSHAKE]):
                    writer.write(next(answer for name, (_, answer) in TLS_FAULTS.items() if name.encode() in begun))
                    return
                while b"\r\n\r\n" not in begun:
                    begun += await reader.readexactly(1)
                asked = begun.decode("latin-1")
                path = asked.split(" ", 2)[1]
                host = next(
                    (line[5:].strip() for line in asked.splitlines() if line.lower().startswith("host:")), ""
                ).partition(".")[0]
                self.asked.append((host, path))
                async for piece in self._answer(host, path):
                    writer.write(piece)
                    await writer.drain()
            finally:
                writer.close()

    def _answer(self, host: str, path: str) -> Pieces:
        if path == "/robots.txt":
            return _ROBOTS.get(host, _whole(b"", "404 Not Found", Connection="close"))()
        fault, _, step = path[1:].partition("?")
        if fault.startswith("healthy/"):
            return _whole(PAGE.replace(b"wall", fault.encode()), Connection="close")()
        if fault == "redirect-endless":
            return _redirect(f"/redirect-endless?{int(step or 0) + 1}")()
        if fault in FAULTS:
            return FAULTS[fault][1]()
        return _whole(b"", "404 Not Found", Connection="close")()


@contextmanager
def faults_served() -> Iterator[FaultServer]:
    """The server in a thread of its own, so that a batch can run beside it."""
    server, loop, ready = FaultServer(), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def run() -> None:
        async with server:
            ready.set()
            await stop.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the fault server did not start")
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


async def _serve(port: int) -> None:
    server = await FaultServer().begin(port)
    for url, outcome in server.expected().items():
        print(f"{url}\t{outcome}")
    print(f"{server.healthy(1)[0]}\tok", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
