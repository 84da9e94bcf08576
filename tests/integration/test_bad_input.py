"""Bad input and bad surroundings: each ends in a sentence that names the thing and the remedy, in a counted drop or
in a non-zero exit, and the warehouse is undamaged."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest

from tests.conftest import free_port
from tests.demo.archive import HERE, make_archive
from tests.integration.demoweb import RUN_SECONDS, dateline, start_dateline
from warehouse.store import SNAPSHOT, WAREHOUSE, writer

TEXTS = '[[source]]\nid = "texts"\nurl = "texts"\nkind = "folder"\n'
TEXTS_LANDED = len(list((HERE / "texts").glob("*.txt"))) - 1  # one has no date
CHARSET_STORY = (
    "Der Bürgermeister eröffnete am Samstag die erneuerte Brücke über die Würm. „Sie hält länger als wir“, sagte er. "
)
PAGES = ("big", "bomb", "charset", "nothing")
FEEDS = ("feed", "broken", "page", "huge")


class BadWeb(BaseHTTPRequestHandler):
    """Answers that no pipeline likes."""

    def do_GET(self):
        told = self.answer()
        if told is None:
            self.send_error(404)
            return
        content_type, body = told
        self.send_response(200)
        if self.path == "/bomb":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):  # the client has seen enough, which is the point
            self.wfile.write(body)

    def answer(self) -> tuple[str, bytes] | None:
        port = self.server.server_address[1]
        match self.path:
            case "/feed.xml":
                links = [f"http://bad.localhost:{port}/{name}" for name in PAGES]
                links += [f"http://dead.localhost:{self.server.dead_port}/x", "http://169.254.169.254/latest/"]
                links += ["mailto:editor@bad.example"]
                items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in links)
                return "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
            case "/broken.xml":
                return "application/rss+xml", b"Fatal error: out of memory in feed.php on line 12"
            case "/page.xml":
                return "text/html", b"<html><head><title>Home</title></head><body><p>Welcome.</p></body></html>"
            case "/huge.xml":
                return "application/rss+xml", b"<rss version='2.0'><channel>" + b"<item>" * 2_000_000
            case "/big":
                return "text/html", b"<html><body>" + b"<p>many words here</p>" * 2_400_000
            case "/bomb":
                return "text/html", gzip.compress(b"<p>" * 30_000_000)
            case "/charset":
                page = f"<html><title>Brücke</title><article><h1>Brücke</h1><p>{CHARSET_STORY * 4}</p></article></html>"
                return "text/html; charset=utf-8", page.encode("cp1252")
            case "/nothing":
                return "text/html", b""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def bad_web() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), BadWeb) as server:
        server.dead_port = free_port()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ask(folder: Path, sql: str, file: str = SNAPSHOT) -> list[tuple]:
    with duckdb.connect(folder / "data" / file, read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def make_texts(folder: Path) -> None:
    make_archive(folder, 1, sources=TEXTS)


def assert_sentence(done: subprocess.CompletedProcess[str], *parts: str, code: int = 1) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    for part in parts:
        assert part in done.stderr, done.stderr


def run_ingest(*before: str, environment: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """``dateline ingest`` under another command, which takes something away from it."""
    return subprocess.run(
        [*before, sys.executable, "-c", "from flows.cli import main; main()", "ingest"],
        env=dict(environment),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )


def test_a_bad_web_is_counted_reason_by_reason(bad_web, environment, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "empty.txt").write_bytes(b"")
    (files / "no_such_day.txt").write_text("date 2026-02-30 The council met on Friday and voted.")
    (files / "noise.txt").write_bytes(bytes(range(256)) * 40)
    web = f"http://bad.localhost:{bad_web}"
    sources = "".join(f'[[source]]\nid = "{name}"\nurl = "{web}/{name}.xml"\n' for name in FEEDS)
    sources += f'[[source]]\nid = "dead"\nurl = "http://dead.localhost:{free_port()}/feed.xml"\n'
    sources += f'[[source]]\nid = "files"\nurl = "{files}"\nkind = "folder"\n'
    sources += f'[[source]]\nid = "gone"\nurl = "{tmp_path / "gone"}"\nkind = "folder"\n'
    make_archive(tmp_path, 1, sources=sources)
    quick = environment | {"DATELINE_FETCH__ATTEMPTS": "1"}
    done = dateline("ingest", environment=quick, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    drops = ask(tmp_path, "SELECT url, reason, message FROM drops")
    assert {Path(urlsplit(url).path).name: reason for url, reason, _ in drops if "#" not in url} == {
        "big": "body_too_large",
        "bomb": "decoded_too_large",
        "nothing": "page_empty",
        "x": "connect_failed",
        "latest": "address_refused",
        "empty.txt": "dated_text_invalid",
        "no_such_day.txt": "dated_text_invalid",
        "noise.txt": "dated_text_invalid",
        "broken.xml": "feed_malformed",
        "page.xml": "feed_is_html",
        "huge.xml": "feed_too_large",
        "feed.xml": "connect_failed",
        "gone": "folder_missing",
    }
    assert [reason for url, reason, _ in drops if "#" in url] == ["entry_without_link"]  # the mailto: has no page
    assert f"{len(drops) + 1} in = 1 landed + {len(drops)} dropped" in done.stdout
    for url, _, message in drops:
        assert (urlsplit(url).netloc or urlsplit(url).path) in message
    # A page whose header lies about its charset reads right nevertheless.
    ((text, charset),) = ask(tmp_path, "SELECT text, c.charset FROM articles JOIN captures AS c USING (capture_id)")
    assert "„Sie hält länger als wir“" in text and charset == "cp1252"

    checked = dateline("sources", "check", "--format", "json", environment=quick, cwd=tmp_path)
    assert checked.returncode == 1
    assert {row["source_id"]: row["state"] for row in json.loads(checked.stdout)} == {
        "feed": "ok",
        "broken": "feed_malformed",
        "page": "feed_is_html",
        "huge": "feed_too_large",
        "dead": "connect_failed",
        "files": "ok",
        "gone": "folder_missing",
    }


def test_settings_faults_are_told_all_at_once(environment, tmp_path):
    settings = tmp_path / "dateline.toml"
    settings.write_text('[fetch]\nattempts = "many"\nconcurency = 3\n[clen]\nprocesses = 1\n')
    done = dateline("ingest", environment=environment | {"DATELINE_RUN__BATCH_ENTRIES": "0"}, cwd=tmp_path)
    assert_sentence(done, "dateline.toml", "fetch.attempts", "did you mean concurrency", "did you mean clean", code=2)
    assert_sentence(done, "DATELINE_RUN__BATCH_ENTRIES", "greater than or equal to 1", code=2)
    settings.write_bytes(b"[fetch\nx = \xff")
    assert_sentence(dateline("status", environment=environment, cwd=tmp_path), "dateline.toml", "TOML", code=2)
    settings.unlink()
    settings.mkdir()
    done = dateline("status", "--settings", "dateline.toml", environment=environment, cwd=tmp_path)
    assert_sentence(done, "dateline.toml is not there", "dateline init", code=2)
    assert not (tmp_path / "data").exists(), "nothing is made before the settings are sound"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads whatever there is")
def test_a_settings_file_that_may_not_be_read(environment, tmp_path):
    (tmp_path / "dateline.toml").touch(mode=0)
    assert_sentence(dateline("status", environment=environment, cwd=tmp_path), "dateline.toml cannot be read", code=2)


def test_source_faults_are_told_all_at_once(environment, tmp_path):
    two = '[[source]]\nurl = "ftp://x/"\n[[source]]\nurl = "https://a.example/f"\nkinds = "feed"\n'
    make_archive(tmp_path, 1, sources=two)
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, "source 1", "http://", "source 2", "did you mean kind", code=2)
    make_texts(tmp_path)
    done = dateline("ingest", "tekts", environment=environment, cwd=tmp_path)
    assert_sentence(done, "no source tekts", "dateline sources list", code=2)
    assert not (tmp_path / "data" / WAREHOUSE).exists()


def foreign(warehouse: Path) -> None:
    with duckdb.connect(warehouse) as other:
        other.execute("CREATE TABLE invoices (amount INTEGER)")


def no_database(warehouse: Path) -> None:
    warehouse.write_text("no database at all\n" * 500)


def newer(warehouse: Path) -> None:
    with writer(warehouse.parent, holder="a test") as connection:
        connection.execute("INSERT INTO migrations VALUES (99, '0099_later.sql', 'x', now())")


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (foreign, ("invoices", "not one of Dateline's", "another data_folder")),
        (no_database, ("not a DuckDB file", "another data_folder")),
        (newer, ("newer version", "Upgrade")),
    ],
)
def test_a_file_that_is_not_this_archive_is_left_alone(make, parts, environment, tmp_path):
    make_texts(tmp_path)
    warehouse = tmp_path / "data" / WAREHOUSE
    warehouse.parent.mkdir()
    make(warehouse)
    before = hashlib.sha256(warehouse.read_bytes()).digest()
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(warehouse), *parts)
    assert hashlib.sha256(warehouse.read_bytes()).digest() == before
    assert not (tmp_path / "data" / SNAPSHOT).exists()


@contextmanager
def disk(folder: Path, options: str) -> Iterator[bool]:
    """A disk of its own mounted on the folder; False where this machine does not let us mount."""
    folder.mkdir()
    mount = shutil.which("mount")
    mounted = (
        os.geteuid() == 0
        and mount is not None
        and not subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def write_texts(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        words = " ".join(f"word{number * 1000 + place}" for place in range(600))
        (folder / f"{number:03d}.txt").write_text(f"date 2026-11-20 The council met on Friday. {words}.")


def test_a_full_disk_leaves_the_archive_whole(environment, tmp_path):
    """Where nothing can be mounted, a file that may not grow stands for the disk that is full."""
    data, texts = tmp_path / "data", tmp_path / "many"
    make_archive(
        tmp_path,
        1,
        sources=f'[[source]]\nid = "t"\nurl = "{texts}"\nkind = "folder"\n',
        settings="\n[run]\nbatch_entries = 30\n",
    )
    with disk(data, "size=300m") as mounted:
        write_texts(texts, range(10))
        done = dateline("ingest", environment=environment, cwd=tmp_path)
        assert done.returncode == 0, done.stderr

        write_texts(texts, range(100))
        if mounted:
            remount(data, f"size={shutil.disk_usage(data).used + 2_000_000}")
            done = dateline("ingest", environment=environment, cwd=tmp_path)
        else:
            blocks = (data / WAREHOUSE).stat().st_size // 512
            limited = ("sh", "-c", f'ulimit -f {blocks} && exec "$@"', "sh")
            done = run_ingest(*limited, environment=environment, cwd=tmp_path)
        assert_sentence(done, "No space is left for", str(data), "Free some", "run again")
        assert ask(tmp_path, "SELECT count(*) FROM articles") == [(10,)]
        landed = "SELECT (SELECT sum(entries) FROM batches), (SELECT count(*) FROM entries)"
        ((by_batch, by_entry),) = ask(tmp_path, landed, WAREHOUSE)
        assert by_batch == by_entry, "a batch has landed whole or not at all"

        if mounted:
            remount(data, "size=300m")
        done = dateline("ingest", environment=environment, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert ask(tmp_path, "SELECT count(*), count(DISTINCT canonical_url) FROM articles") == [(100, 100)]
        assert ask(tmp_path, "SELECT sum(entries_landed) FROM runs") == [(100,)]

        if mounted:
            remount(data, "ro")
            done = dateline("ingest", environment=environment, cwd=tmp_path)
            assert_sentence(done, f"{data} cannot be written to", "data_folder")
            words = ("query", "SELECT count(*) AS n FROM articles", "--format", "csv")
            asked = dateline(*words, environment=environment, cwd=tmp_path)
            assert asked.stdout == "n\n100\n", "an archive that cannot be written to can be asked"


def test_a_folder_that_cannot_be_written_to(environment, tmp_path):
    make_texts(tmp_path)
    (tmp_path / "data").write_text("a file where the folder should be")
    done = dateline("ingest", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(tmp_path / "data"), "data_folder")


def test_the_second_of_two_ingests_is_told_who_is_at_work(environment, tmp_path):
    make_texts(tmp_path)
    first = start_dateline("ingest", environment=environment, cwd=tmp_path)
    try:
        deadline = time.monotonic() + RUN_SECONDS
        while not (tmp_path / "data" / "run.holder.json").exists():
            assert first.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)  # at work for as long as the test likes
        impatient = environment | {"DATELINE_ARCHIVE__LOCK_WAIT_SECONDS": "0.2"}
        second = dateline("ingest", environment=impatient, cwd=tmp_path)
        assert_sentence(second, str(tmp_path / "data"), "ingest", f"process {first.pid}", "try again")
        first.send_signal(signal.SIGCONT)
        assert first.wait(RUN_SECONDS) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        first.wait(30)
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(TEXTS_LANDED,)]
    assert ask(tmp_path, "SELECT count(*) FROM runs") == [(1,)]


def test_a_folder_is_read_where_there_is_no_network(environment, tmp_path):
    """Nothing but this machine can be reached, and no Prefect server is there: the one that a run starts serves it."""
    alone = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    if not all(map(shutil.which, ("unshare", "ip"))) or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this machine does not let us take the network away")
    make_archive(tmp_path, 1, sources=TEXTS + '[[source]]\nid = "far"\nurl = "https://far.example/feed.xml"\n')
    mine = {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}
    done = run_ingest(*alone, environment=mine | {"DATELINE_FETCH__ATTEMPTS": "1"}, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(TEXTS_LANDED,)]
    ((reason, message),) = ask(tmp_path, "SELECT reason, message FROM drops WHERE source_id = 'far'")
    assert reason == "dns_failed" and "far.example" in message


def test_asking_an_archive_that_has_nothing_yet(environment, tmp_path):
    make_texts(tmp_path)
    for words in (("query", "SELECT 1"), ("search", "x"), ("schema",), ("status",)):
        assert_sentence(dateline(*words, environment=environment, cwd=tmp_path), "dateline ingest")
    (tmp_path / "data").mkdir()
    no_database(tmp_path / "data" / SNAPSHOT)
    done = dateline("query", "SELECT 1", environment=environment, cwd=tmp_path)
    assert_sentence(done, str(tmp_path / "data" / SNAPSHOT), "not a DuckDB file")
