"""Golden cases of the page reader: what a case is, how it is judged, and the commands that make and measure them.

A case is a folder: ``page.html`` (the bytes as fetched), ``meta.json`` (url, content_type, now) and ``expected.json``:
the truth, known because the page was made from it and never read off what the reader gives. ``floors.json`` pins what
the reader reaches today beside a digest of all the cases.

    python -m tests.golden.make build            write the cases that recipes.py makes
    python -m tests.golden.make measure [NAME]   what the reader makes of the cases; with a name, the difference
    python -m tests.golden.make floors           measure all and raise the floors; --lower also lowers them
    python -m tests.golden.make new NAME --page FILE --url URL [--content-type TYPE]
                                                 a case from a saved page; its expected.json is then filled in by hand
"""

import argparse
import difflib
import hashlib
import json
import math
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.errors import DatelineError
from tasks.page import Page, read_page
from tests.bench import labels
from tests.golden.case import Case
from tests.golden.recipes import make_case, names

FOLDER = Path(__file__).parent
FLOORS = FOLDER / "floors.json"
NOW = "2026-11-24T12:00:00+00:00"
DAY = "published_day"  # in expected.json, for the day of Page.published_at

# Kinds of pages of which only the kind is judged: their words are nobody's article.
NOT_READ = ("index", "soft_404", "consent_wall", "gallery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a case went: token F1 and the share of blocks with the right kind (0..1; 1 where not judged), and every
    check that failed, by its name."""

    f1: float
    kinds: float
    misses: tuple[str, ...]


def cases() -> list[str]:
    """The names of all cases."""
    return sorted(path.parent.name for path in FOLDER.glob("*/meta.json"))


def expected(name: str) -> dict[str, Any]:
    """The truth of a case."""
    return json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))


def read(name: str) -> Page | DatelineError:
    """What the reader makes of a case: the page, or why there is none."""
    meta = json.loads((FOLDER / name / "meta.json").read_text(encoding="utf-8"))
    body = (FOLDER / name / "page.html").read_bytes()
    now = datetime.fromisoformat(meta["now"])
    try:
        return read_page(body, url=meta["url"], content_type=meta["content_type"], now=now)
    except DatelineError as error:
        return error


def judge(name: str) -> Result:
    """A case measured against its truth."""
    truth, page = expected(name), read(name)
    if isinstance(page, DatelineError) or "error" in truth:
        reason = getattr(page, "reason", None)
        misses = () if reason is not None and reason == truth.get("error") else (f"error: {reason}",)
        return Result(f1=float(not misses), kinds=float(not misses), misses=misses)
    misses = [field for field, value in truth["fields"].items() if _field(page, field) != value]
    misses += [f"contains: {line}" for line in truth["contains"] if line not in page.text]
    misses += [f"lacks: {line}" for line in truth["lacks"] if line in page.text]
    blocks = truth["blocks"]
    f1 = token_f1(page.text, "\n\n".join(text for _, text in blocks)) if blocks else 1.0
    return Result(f1=f1, kinds=_kinds_right(page, blocks), misses=tuple(misses))


def token_f1(text: str, truth: str) -> float:
    """Harmonic mean of precision and recall over the bags of tokens (NFKC, case-folded)."""
    return labels.token_f1(labels.tokens(text), labels.tokens(truth))


def digest() -> str:
    """SHA-256 over the bytes of every case's three files, in the order of their names."""
    hashed = hashlib.sha256()
    for name in cases():
        for file in ("page.html", "meta.json", "expected.json"):
            content = (FOLDER / name / file).read_bytes()
            hashed.update(f"{name}/{file} {len(content)}\n".encode() + content)
    return hashed.hexdigest()


def floors() -> dict[str, Any]:
    """``corpus`` (the digest) and, by case, ``f1``, ``kinds`` and the ``misses`` that are known."""
    return json.loads(FLOORS.read_text(encoding="utf-8"))


def files_of(case: Case) -> dict[str, bytes]:
    """The three files of a made case."""
    story = case.story
    is_read = story.page_kind not in NOT_READ
    fields: dict[str, Any] = {"title": story.title, "page_kind": story.page_kind}
    if is_read:
        fields |= {"authors": list(story.authors), DAY: story.day, "language": story.language}
    blocks = [[block.kind if case.kinds_judged else None, block.text] for block in story.paragraphs]
    captions = [block.text for block in story.blocks if block.kind == "caption"]
    texts = [block.text for block in story.paragraphs if block.kind == "paragraph"] or [blocks[0][1]]
    truth = {
        "fields": fields,
        "blocks": blocks if is_read else [],
        "captions": captions,
        "contains": [texts[0], *texts[1:][-1:]] if is_read else [],  # what is lost first: the opening and the end
        "lacks": [*case.lacks, *(captions if is_read else ())],
    }
    meta = {"url": story.url, "content_type": case.content_type, "now": NOW}
    return {"page.html": case.page, "meta.json": _json(meta), "expected.json": _json(truth)}


def _field(page: Page, field: str) -> Any:
    if field == DAY:
        return page.published_at.date().isoformat() if page.published_at else None
    value = getattr(page, field, None)
    return list(value) if isinstance(value, tuple) else value


def _kinds_right(page: Page, blocks: list[list[str | None]]) -> float:
    """Share of the judged blocks that the page has as a block of that kind and text; 1 where none is judged."""
    told = page.paragraphs
    judged = Counter((kind, _key(text)) for kind, text in blocks if kind)
    if not judged:
        return 1.0
    return (judged & Counter((block.kind, _key(block.text)) for block in told)).total() / judged.total()


def _key(text: str) -> str:
    return " ".join(labels.tokens(text))


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _build() -> None:
    for name in names():
        (FOLDER / name).mkdir(exist_ok=True)
        for file, content in files_of(make_case(name)).items():
            (FOLDER / name / file).write_bytes(content)


def _measure(name: str | None) -> None:
    for each in [name] if name else cases():
        result = judge(each)
        print(f"{each:24} F1 {result.f1:.3f}  kinds {result.kinds:.2f}  {'; '.join(m[:60] for m in result.misses)}")
    if name:
        page = read(name)
        text = page.message if isinstance(page, DatelineError) else page.text
        truth = [text for _, text in expected(name).get("blocks", [])]
        print("\n".join(difflib.unified_diff(truth, text.split("\n\n"), "expected", "read", n=0, lineterm="")))


def next_floor(result: Result, known: dict[str, Any] | None, *, lower: bool) -> dict[str, Any]:
    """The floor of a case after it was measured: what it reached, or the known one where that is higher and may not
    be lowered."""
    floor: dict[str, Any] = {key: math.floor(getattr(result, key) * 1000) / 1000 for key in ("f1", "kinds")}
    floor["misses"] = list(result.misses)
    return known if known and not lower and shortfalls(result, known) else floor


def shortfalls(result: Result, floor: dict[str, Any]) -> list[str]:
    """In what a result stays under its floor, in words; empty where it does not."""
    scores = (("f1", result.f1), ("kinds", result.kinds))
    short = [f"{key} {value:.3f} is under {floor[key]}" for key, value in scores if value < floor[key]]
    return short + [miss for miss in result.misses if miss not in floor["misses"]]


def _set_floors(*, lower: bool) -> int:
    known = floors()["cases"] if FLOORS.exists() else {}
    results = {name: judge(name) for name in cases()}
    measured = {name: next_floor(result, known.get(name), lower=lower) for name, result in results.items()}
    FLOORS.write_bytes(_json({"corpus": digest(), "cases": measured}))
    missed = {name: short for name, result in results.items() if (short := shortfalls(result, measured[name]))}
    for name, short in missed.items():
        print(f"{name}: floor kept though not reached (--lower accepts it): {'; '.join(short)}", file=sys.stderr)
    return 1 if missed else 0


def _new(arguments: argparse.Namespace) -> None:
    folder = FOLDER / arguments.name
    folder.mkdir()
    shutil.copyfile(arguments.page, folder / "page.html")
    meta = {"url": arguments.url, "content_type": arguments.content_type, "now": NOW}
    (folder / "meta.json").write_bytes(_json(meta))
    fields = {"title": "", "authors": [], DAY: None, "language": None, "page_kind": "article"}
    truth = {"fields": fields, "blocks": [["paragraph", ""]], "captions": [], "contains": [], "lacks": []}
    (folder / "expected.json").write_bytes(_json(truth))
    print(f"Write the truth into {folder / 'expected.json'}, then run: python -m tests.golden.make floors")


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build")
    commands.add_parser("measure").add_argument("name", nargs="?")
    commands.add_parser("floors").add_argument("--lower", action="store_true")
    new = commands.add_parser("new")
    new.add_argument("name")
    new.add_argument("--page", type=Path, required=True)
    new.add_argument("--url", required=True)
    new.add_argument("--content-type", default="text/html")
    arguments = parser.parse_args()
    if arguments.command == "floors":
        return _set_floors(lower=arguments.lower)
    if arguments.command == "build":
        _build()
    elif arguments.command == "measure":
        _measure(arguments.name)
    else:
        _new(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
