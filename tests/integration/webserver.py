"""A real web server on loopback for the tests: several hosts by name, every request noted with its time.

Nothing of the client may be imported here: the server sees only what crosses the socket.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Handler = Callable[[web.Request, int], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as the server saw it; ``at`` is monotonic seconds, ``ended`` that of the answer's end."""

    host: str
    path: str
    at: float
    ended: float
    headers: dict[str, str]


class WebServer:
    """Serves ``routes[(host, path)]``, a handler given the request and how often it was asked before.

    A robots.txt without a route of its own is a 404, and so is everything else.
    """

    def __init__(self, routes: dict[tuple[str, str], Handler]) -> None:
        self.routes = routes
        self.seen: list[Seen] = []
        self.port = 0
        self.most_at_once = 0
        self._at_once = 0
        self._runner = web.AppRunner(_application(self._serve), shutdown_timeout=0.1, handler_cancellation=True)

    async def __aenter__(self) -> "WebServer":
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def url(self, host: str, path: str) -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self, host: str) -> list[str]:
        return [seen.path for seen in self.seen if seen.host == host]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        host, at = request.host.partition(":")[0], time.monotonic()
        handler = self.routes.get((host, request.path), not_found)
        before = self.paths(host).count(request.path_qs)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return await handler(request, before)
        finally:
            self._at_once -= 1
            self.seen.append(
                Seen(host=host, path=request.path_qs, at=at, ended=time.monotonic(), headers=dict(request.headers))
            )


def _application(serve: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.Application:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", serve)
    return application


async def not_found(request: web.Request, before: int) -> web.Response:
    return web.Response(status=404)


def answers(*responses: dict) -> Handler:
    """A handler that gives the responses (keywords of web.Response) in turn, the last one for ever."""

    async def handler(request: web.Request, before: int) -> web.Response:
        return web.Response(**responses[min(before, len(responses) - 1)])

    return handler


def page(text: str = "hello", **more: object) -> Handler:
    return answers({"text": text, **more})


def redirect(target: str, status: int = 301) -> Handler:
    return answers({"status": status, "headers": {"Location": target}})


class RawServer:
    """Says the same bytes to whoever connects, whatever is asked, ``pause`` seconds between the pieces."""

    def __init__(self, *pieces: bytes, pause: float = 0.0) -> None:
        self._pieces = pieces
        self._pause = pause
        self.port = 0
        self.connections = 0

    async def __aenter__(self) -> "RawServer":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            pieces = self._pieces
            if asked.startswith(b"GET /robots.txt"):
                pieces = (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(self._pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has heard enough, which is what some tests are about
        finally:
            writer.close()
