"""Golden cases of the page reader: what a case is, how it is run, and how a new one is made from a page.

A case is a folder: ``page.html`` (the bytes as fetched), ``meta.json`` (url, content_type, now) and ``expected.json``
(the fields of the page, or ``{"error": {"reason": ..., "message": ...}}``). To make one, or to accept a changed
outcome after reading the difference:

    python -m tests.golden.make NAME [--page FILE --url URL --content-type TYPE --now ISO]
"""

import argparse
import json
import shutil
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.errors import DatelineError
from tasks.page import read_page

FOLDER = Path(__file__).parent


def cases() -> list[str]:
    """The names of all cases."""
    return sorted(path.parent.name for path in FOLDER.glob("*/meta.json"))


def outcome(name: str) -> dict[str, Any]:
    """What reading the case's page gives now. The extractor's version is left out: it changes with the library."""
    folder = FOLDER / name
    meta = json.loads((folder / "meta.json").read_text())
    try:
        page = read_page(
            (folder / "page.html").read_bytes(),
            url=meta["url"],
            content_type=meta["content_type"],
            now=datetime.fromisoformat(meta["now"]),
        )
    except DatelineError as error:
        return {"error": {"reason": error.reason, "message": error.message}}
    fields = asdict(page)
    del fields["extractor"]
    return json.loads(json.dumps(fields, default=str))


def expected(name: str) -> dict[str, Any]:
    """What reading the case's page must give."""
    return json.loads((FOLDER / name / "expected.json").read_text())


def main() -> None:
    """Make or refresh one case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("--page", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--content-type", default="text/html")
    parser.add_argument("--now", default="2026-11-24T12:00:00+00:00")
    arguments = parser.parse_args()
    folder = FOLDER / arguments.name
    if arguments.page:
        if not arguments.url:
            parser.error("--page needs --url: relative links and dates in the address are read against it")
        folder.mkdir(exist_ok=True)
        shutil.copyfile(arguments.page, folder / "page.html")
        meta = {"url": arguments.url, "content_type": arguments.content_type, "now": arguments.now}
        (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n")
    text = json.dumps(outcome(arguments.name), indent=2, ensure_ascii=False) + "\n"
    (folder / "expected.json").write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
