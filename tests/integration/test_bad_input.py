"""Bad input and bad surroundings: a sentence that names the thing and the remedy, a counted drop or a non-zero exit, and
an undamaged warehouse."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from tests.conftest import free_port
from tests.demo.archive import HERE, make_archive
from tests.integration.demoweb import dateline, start_dateline

TEXTS = '[[source]]\nid = "texts"\nurl = "texts"\nkind = "folder"\n'
CHARSET_STORY = "Der Bürgermeister eröffnete am Samstag die erneuerte Brücke über die Würm. „Sie hält länger als wir“, sagte er. " * 4


class BadWeb(BaseHTTPRequestHandler):
    """Answers that no pipeline likes."""

    def do_GET(self):
        port = self.server.server_address[1]
        item = "<item><title>{0}</title><link>http://bad.localhost:{1}/{0}</link></item>"
        pages = {
            "/feed.xml": (
                "application/rss+xml",
                (
                    "<rss version='2.0'><channel><title>Bad</title>"
                    + "".join(item.format(name, port) for name in ("big", "bomb", "charset", "nothing"))
                    + f"<item><title>dead</title><link>http://dead.localhost:{self.server.dead_port}/x</link></item>"
                    + "</channel></rss>"
                ).encode(),
            ),
            "/broken.xml": ("application/rss+xml", b"Fatal error: out of memory in feed.php on line 12"),
            "/page.xml": ("text/html", b"<html><head><title>Home</title></head><body><p>Welcome.</p></body></html>"),
            "/big": ("text/html", b"<html><body>" + b"<p>many words here</p>" * 2_400_000),
            "/charset": (
                "text/html; charset=utf-8",
                f"<html><head><title>Brücke</title></head><body><article><h1>Brücke</h1><p>{CHARSET_STORY}</p>"
                "</article></body></html>".encode("cp1252"),
            ),
            "/nothing": ("text/html", b""),
        }
        if self.path == "/robots.txt" or self.path not in (*pages, "/bomb"):
            self.send_error(404)
            return
        kind, body = pages.get(self.path, ("text/html", b""))
        self.send_response(200)
        if self.path == "/bomb":
            import gzip

            body = gzip.compress(b"<p>" * 30_000_000)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            pass  # the client has seen enough, which is the point

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def bad_web() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), BadWeb) as server:
        server.dead_port = free_port()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(folder: Path, sql: str) -> list[tuple]:
    with duckdb.connect(folder / "data" / "snapshot.duckdb", read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def make_texts(folder: Path, settings: str = "") -> None:
    make_archive(folder, 1, sources=TEXTS, settings=settings)


def assert_sentence(done: subprocess.CompletedProcess[str], *parts: str, code: int = 1) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr, done.stderr


def test_a_bad_web_is_counted_reason_by_reason(bad_web, environment, tmp_path):
    sources = "".join(
        f'[[source]]\nid = "{name}"\nurl = "http://bad.localhost:{bad_web}/{name}.xml"\n' for name in ("feed", "broken", "page")
    )
    sources += f'[[source]]\nid = "dead"\nurl = "http://dead.localhost:{free_port()}/feed.xml"\n'
    make_archive(tmp_path, 1, sources=sources)
    quick = environment | {"DATELINE_FETCH__ATTEMPTS": "1"}
    done = dateline("ingest", environment=quick, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "8 in = 1 landed + 7 dropped" in done.stdout
    reasons = dict(ask(tmp_path, "SELECT split_part(url, '/', 4), reason FROM drops"))
    assert reasons == {
        "big": "body_too_large",
        "bomb": "decoded_too_large",
        "nothing": "page_empty",
        "x": "connect_failed",
        "broken.xml": "feed_malformed",
        "page.xml": "feed_is_html",
        "feed.xml": "connect_failed",
    }
    assert ask(tmp_path, "SELECT count(*) FROM drops WHERE NOT contains(message, 'http://')") == [(0,)]
    # A page whose header lies about its charset reads right nevertheless.
    ((text, charset),) = ask(tmp_path, "SELECT text, c.charset FROM articles JOIN captures AS c USING (capture_id)")
    assert "„Sie hält länger als wir“" in text and charset == "cp1252"

    checked = dateline("sources", "check", "--format", "json", environment=quick, cwd=tmp_path)
    assert checked.returncode == 1
    assert {row["source_id"]: row["state"] for row in json.loads(checked.stdout)} == {
        "feed": "ok",
        "broken": "feed_malformed",
        "page": "feed_is_html",
        "dead": "connect_failed",
    }


def test_settings_faults_are_told_all_at_once(environment, tmp_path):
    (tmp_path / "dateline.toml").write_text('[fetch]\nattempts = "many"\nconcurency = 3\n[clen]\nprocesses = 1\n')
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, "dateline.toml", "fetch.attempts", "did you mean concurrency", "did you mean clean", code=2)
    (tmp_path / "dateline.toml").write_bytes(b"[fetch\nx = \xff")
    assert_sentence(dateline("status", environment=environment, cwd=tmp_path), "dateline.toml", "TOML", code=2)
    (tmp_path / "dateline.toml").unlink()
    (tmp_path / "dateline.toml").mkdir()
    done = dateline("status", "--settings", "dateline.toml", environment=environment, cwd=tmp_path)
    assert_sentence(done, "dateline.toml is not there", code=2)


def test_source_faults_are_told_all_at_once(environment, tmp_path):
    make_archive(tmp_path, 1, sources='[[source]]\nurl = "ftp://x/"\n[[source]]\nurl = "https://a.example/f"\nkinds = "feed"\n')
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, "source 1", "http://", "source 2", "did you mean kind", code=2)
    make_texts(tmp_path)
    done = dateline("ingest", "tekts", environment=environment, cwd=tmp_path)
    assert_sentence(done, "no source tekts", "dateline sources list", code=2)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_database_that_is_not_ours_is_left_alone(environment, tmp_path):
    make_texts(tmp_path)
    warehouse = tmp_path / "data" / "warehouse.duckdb"
    warehouse.parent.mkdir()
    with duckdb.connect(warehouse) as foreign:
        foreign.execute("CREATE TABLE invoices (amount INTEGER)")
    before = digest(warehouse)
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(warehouse), "invoices", "data_folder")
    assert digest(warehouse) == before
    warehouse.write_text("no database at all\n" * 500)
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(warehouse), "not a DuckDB file")
    assert warehouse.read_text().startswith("no database")


def test_a_warehouse_of_a_newer_version_is_left_alone(environment, tmp_path):
    make_texts(tmp_path)
    assert dateline("ingest", environment=environment, cwd=tmp_path).returncode == 0
    warehouse = tmp_path / "data" / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("INSERT INTO migrations VALUES (99, '0099_later.sql', 'x', now())")
    before = digest(warehouse)
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(warehouse), "newer version", "Upgrade")
    assert digest(warehouse) == before


def test_a_full_disk_leaves_the_warehouse_whole(environment, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for number in range(300):
        words = " ".join(f"word{number * 1000 + n}" for n in range(600))
        (folder / f"{number:03d}.txt").write_text(f"date 2026-11-20 The council met on Friday. {words}.")
    make_archive(tmp_path, 1, sources=f'[[source]]\nid = "t"\nurl = "{folder}"\nkind = "folder"\n')
    # A file that may not grow beyond this stands for a disk that is full; Prefect's own database is on the server.
    limited = subprocess.run(
        ["sh", "-c", 'ulimit -f 1500; exec "$@"', "sh", *command(), "ingest"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
        check=False,
    )
    assert_sentence(limited, "No space is left for", "run again")
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(300,)]


def command() -> list[str]:
    import sys

    return [sys.executable, "-c", "from flows.cli import main; main()"]


def test_a_folder_that_cannot_be_written_to(environment, tmp_path):
    make_texts(tmp_path)
    (tmp_path / "data").write_text("a file where the folder should be")
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(tmp_path / "data"), "data_folder")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting takes root")
def test_a_read_only_folder(environment, tmp_path):
    make_texts(tmp_path)
    (tmp_path / "data").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path / "data")], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        done = dateline("ingest", environment=environment, cwd=tmp_path)
        assert_sentence(done, str(tmp_path / "data"), "cannot be written to", "data_folder")
    finally:
        subprocess.run(["umount", str(tmp_path / "data")], check=True)


def test_the_second_of_two_ingests_is_told_who_is_at_work(environment, tmp_path):
    make_texts(tmp_path, settings="")
    settings = (tmp_path / "dateline.toml").read_text().replace("lock_wait_seconds = 20", "lock_wait_seconds = 0.2")
    (tmp_path / "dateline.toml").write_text(settings)
    first = start_dateline("ingest", environment=environment, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 120
        while not (tmp_path / "data" / "run.holder.json").exists():
            assert first.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)  # at work for as long as the test likes
        second = dateline("ingest", environment=environment, cwd=tmp_path)
        assert_sentence(second, str(tmp_path / "data"), "ingest", f"process {first.pid}", "try again")
    finally:
        first.send_signal(signal.SIGCONT)
    assert first.wait(120) == 0
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(len(list((HERE / "texts").glob("*.txt"))) - 1,)]


def test_asking_an_archive_that_has_nothing_yet(environment, tmp_path):
    make_texts(tmp_path)
    for words in (("query", "SELECT 1"), ("search", "x"), ("schema",), ("status",)):
        assert_sentence(dateline(*words, environment=environment, cwd=tmp_path), "dateline ingest")
