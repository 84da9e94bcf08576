"""Content codings undone piece by piece within a bound, so that a bomb stops where the bound is (RFC 9110 8.4).

No I/O here and no character sets: bytes in, bytes out.
"""

import sys

import brotli
from zlib_ng import zlib_ng as zlib

from tasks.web.records import fault

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: What :class:`BodyDecoder` undoes, as an Accept-Encoding value.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"

# RFC 1952 and RFC 8878 allow several members or frames; each costs a fresh state, so their number is bounded.
_MEMBERS = 1_000
_GZIP_MAGIC = (b"\x1f\x8b",)
_ZSTD_MAGIC = (b"\x28\xb5\x2f\xfd", *(bytes([low]) + b"\x2a\x4d\x18" for low in range(0x50, 0x60)))
# The content coding's window is at most 8 MiB (RFC 9659 section 3): what asks for more is refused, not allocated.
_ZSTD_OPTIONS = {zstd.DecompressionParameter.window_log_max: 23}


class BodyDecoder:
    """Undoes one content coding incrementally.

    ``coding`` is the value of Content-Encoding. Raises Terminal ``bad_encoding`` for an unknown or a repeated coding
    here, and for data that is not what it says in the methods.
    """

    def __init__(self, coding: str, subject: str) -> None:
        self._subject = subject
        self._coding = coding.strip().lower().removeprefix("x-")
        self._unpack: zlib._Decompress | zstd.ZstdDecompressor | None = None
        self._brotli = brotli.Decompressor() if self._coding == "br" else None
        self._members = 0
        self._between = b""  # what has come after a member and is too short to tell whether another one begins
        self._started = False
        if self._coding not in ("", "identity", "gzip", "deflate", "br", "zstd"):
            raise fault("bad_encoding", subject, f"the coding {self._coding[:40]!r} was not asked for")

    def decode(self, data: bytes, room: int) -> bytes:
        """The bytes that ``data`` unpacks to; once ``room`` bytes are reached the rest is not unpacked."""
        self._started = self._started or bool(data)
        if self._coding in ("", "identity"):
            return data
        try:
            return self._unbrotli(data, room) if self._brotli is not None else self._unpack_members(data, room)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise fault("bad_encoding", self._subject, str(error)) from None

    def finish(self) -> None:
        """Raises Terminal ``bad_encoding`` where the data ended before its own end mark."""
        complete = (
            not self._started
            or self._coding in ("", "identity")
            or (self._brotli.is_finished() if self._brotli is not None else bool(self._unpack and self._unpack.eof))
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

    def _unpack_members(self, data: bytes, room: int) -> bytes:
        pieces: list[bytes] = []
        while room > 0:
            if self._unpack is None or self._unpack.eof:
                data, self._between = self._between + data, b""
                if not self._begins_member(data):
                    break
                self._unpack = self._unpacker(data)
            pieces.append(self._unpack.decompress(data, room))
            room -= len(pieces[-1])
            if self._unpack.eof:
                data = self._unpack.unused_data
            elif self._coding == "zstd":  # keeps for itself what it had no room for
                if self._unpack.needs_input:
                    break
                data = b""
            else:
                data = self._unpack.unconsumed_tail
                if not data:
                    break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _begins_member(self, data: bytes) -> bool:
        """True where ``data`` begins a member. What follows the last one is padding: common and harmless, and browsers
        ignore it too."""
        if self._unpack is None:
            return bool(data)
        magics = {"gzip": _GZIP_MAGIC, "zstd": _ZSTD_MAGIC}.get(self._coding, ())
        if data and any(len(data) < len(magic) and magic.startswith(data) for magic in magics):
            self._between = data
        return data.startswith(magics)

    def _unpacker(self, data: bytes) -> "zlib._Decompress | zstd.ZstdDecompressor":
        self._members += 1
        if self._members > _MEMBERS:
            raise fault("bad_encoding", self._subject, f"more than {_MEMBERS} {self._coding} members")
        if self._coding == "zstd":
            return zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
        if self._coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # "deflate" means the zlib format, but some servers send raw deflate data (RFC 9110 section 8.4.1.2)
        return zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS)
