"""Servers whose certificate nobody vouches for: a terminal fault, told in a sentence, and no storm of handshakes.

The certificates are made by the `openssl` program, since no library at hand can sign one; skipped where it is not.
"""

import asyncio
import shutil
import ssl
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tasks.web import WebRequest
from webbatch import batch
from webserver import RawServer, WebServer, page

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program is not installed")

PAGES = 8


class TlsServer(RawServer):
    """Speaks TLS with a certificate and answers 404 to whoever accepts it; counts connections and requests."""

    def __init__(self, certificate: Path) -> None:
        super().__init__()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self.requests = 0

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await writer.start_tls(self._context)
            await reader.readuntil(b"\r\n\r\n")
            self.requests += 1
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (ssl.SSLError, ConnectionError, asyncio.IncompleteReadError):
            pass  # the client does not trust it, which is what the tests are about
        finally:
            writer.close()


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for a host, with its key, in one file."""
    path = folder / f"{name}.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"),
            *("-keyout", str(path), "-out", str(folder / "certificate"), "-days", "1"),
            *("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (folder / "certificate").read_bytes())
    return path


def test_a_self_signed_certificate_is_a_terminal_fault_told_in_a_sentence(tmp_path):
    async def run():
        async with TlsServer(certificate(tmp_path, "signed.localhost")) as server:
            url = f"https://signed.localhost:{server.port}/story"
            results, attempts = await batch([WebRequest(url=url, key="x")], attempts=3)
            return results["x"], attempts, server

    result, attempts, server = asyncio.run(run())
    assert (result.outcome, result.transient) == ("tls_failed", False)
    for told in ("signed.localhost", "check the certificate", "self-signed"):
        assert told in result.message
    assert len(attempts) == server.connections == 1  # what cannot succeed is not tried again
    assert server.requests == 0  # nothing was said to a server that nobody vouches for


def test_a_host_with_many_pages_is_given_up_after_a_few_handshakes_and_others_are_not(tmp_path):
    async def run():
        async with (
            TlsServer(certificate(tmp_path, "signed.localhost")) as server,
            WebServer({("plain.localhost", "/x"): page("news")}) as other,
        ):
            urls = [f"https://signed.localhost:{server.port}/{number}" for number in range(PAGES)]
            requests = [WebRequest(url=url, key=url) for url in urls]
            requests.append(WebRequest(url=other.url("plain.localhost", "/x"), key="plain"))
            results, _ = await batch(requests, attempts=3, host_failures=3)
            return [results[url] for url in urls], results["plain"], server

    results, plain, server = asyncio.run(run())
    assert plain.outcome == "ok"
    assert Counter(result.outcome for result in results) == {"tls_failed": 3, "host_unavailable": PAGES - 3}
    assert server.connections == 3
