"""The least server that the benchmarks of the web ask: what it costs is not to hide what they measure."""

import asyncio
from collections.abc import Callable


class Answering(asyncio.Protocol):
    """Keeps a connection alive and answers each request, told by its head as sent, with the bytes of ``answer``."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self._waiting = b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            asked, self._waiting = self._waiting[:end], self._waiting[end + 4 :]
            self._transport.write(self._answer(asked))
