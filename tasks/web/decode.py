"""Content codings undone piece by piece within a bound, so that a bomb stops where the bound is (RFC 9110 8.4).

No I/O here and no character sets: bytes in, bytes out.
"""

import zlib

import brotli

from tasks.web.records import fault

#: What :class:`BodyDecoder` undoes, as an Accept-Encoding value.
ACCEPT_ENCODING = "gzip, deflate, br"

# RFC 1952 allows a file of several members; each costs a fresh state, so their number is bounded.
_GZIP_MEMBERS = 1_000
_GZIP_MAGIC = b"\x1f\x8b"


class BodyDecoder:
    """Undoes one content coding incrementally.

    ``coding`` is the value of Content-Encoding. Raises Terminal ``bad_encoding`` for an unknown or a repeated coding
    here, and for data that is not what it says in the methods.
    """

    def __init__(self, coding: str, subject: str) -> None:
        self._subject = subject
        self._coding = coding.strip().lower().removeprefix("x-")
        self._inflate: zlib._Decompress | None = None
        self._brotli = brotli.Decompressor() if self._coding == "br" else None
        self._members = 0
        self._started = False
        if self._coding not in ("", "identity", "gzip", "deflate", "br"):
            raise fault("bad_encoding", subject, f"the coding {self._coding[:40]!r} was not asked for")

    def decode(self, data: bytes, room: int) -> bytes:
        """The bytes that ``data`` unpacks to; once ``room`` bytes are reached the rest is not unpacked."""
        self._started = self._started or bool(data)
        if self._coding in ("", "identity"):
            return data
        try:
            return self._unbrotli(data, room) if self._brotli is not None else self._unzip(data, room)
        except (zlib.error, brotli.error) as error:
            raise fault("bad_encoding", self._subject, str(error)) from None

    def finish(self) -> None:
        """Raises Terminal ``bad_encoding`` where the data ended before its own end mark."""
        complete = (
            not self._started
            or self._coding in ("", "identity")
            or (self._brotli.is_finished() if self._brotli is not None else bool(self._inflate and self._inflate.eof))
        )
        if not complete:
            raise fault("bad_encoding", self._subject, f"the {self._coding} data ends too early")

    def _unbrotli(self, data: bytes, room: int) -> bytes:
        pieces = [self._brotli.process(data, output_buffer_limit=room)]
        size = len(pieces[0])
        while size < room and not self._brotli.can_accept_more_data():
            pieces.append(self._brotli.process(b"", output_buffer_limit=room - size))
            size += len(pieces[-1])
        return b"".join(pieces)

    def _unzip(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        while data and room > 0:
            if self._inflate is None or (self._inflate.eof and self._coding == "gzip" and data[:2] == _GZIP_MAGIC):
                self._inflate = zlib.decompressobj(self._window_bits(data))
                self._members += 1
                if self._members > _GZIP_MEMBERS:
                    raise fault("bad_encoding", self._subject, f"more than {_GZIP_MEMBERS} gzip members")
            elif self._inflate.eof:
                break  # padding after the end is common and harmless, as in every browser
            pieces.append(self._inflate.decompress(data, room))
            room -= len(pieces[-1])
            data = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        return b"".join(pieces)

    def _window_bits(self, data: bytes) -> int:
        if self._coding == "gzip":
            return 16 + zlib.MAX_WBITS
        # "deflate" means the zlib format, but some servers send raw deflate data (RFC 9110 section 8.4.1.2)
        return zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
