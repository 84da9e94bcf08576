"""Measure the enrichers on the labelled texts in ``sense/``, and pin what they reach.

Nothing is labelled here, and no label is ever taken from what the enrichers find. ``sense/floors.json`` pins the F1 of
each kind of fact over all texts beside a digest of the texts.

    python -m tests.golden.make_sense measure            precision, recall and F1 by kind
    python -m tests.golden.make_sense measure NAME       the errors in one text
    python -m tests.golden.make_sense measure --kind K   the errors of one kind in all texts
    python -m tests.golden.make_sense floors             measure all and raise the floors; --lower also lowers them
"""

import argparse
import hashlib
import json
import math
import sys
from typing import Any

from tasks.sense import Document, read_facts
from tests.golden import sense_gold, sense_score

FLOORS = sense_gold.FOLDER / "floors.json"


def facts_of(gold: sense_gold.Gold) -> Document:
    """What the enrichers make of a text; they are told its date and not its language."""
    return read_facts(gold.text, published_on=gold.day, language=None)


def measure(texts: list[sense_gold.Gold]) -> sense_score.Score:
    """Count all facts of the texts against their labels."""
    result = sense_score.Score()
    for gold in texts:
        sense_score.score(gold, facts_of(gold), result)
    return result


def digest() -> str:
    """SHA-256 over the bytes of all texts, in the order of their names."""
    hashed = hashlib.sha256()
    for path in sense_gold.paths():
        content = path.read_bytes()
        hashed.update(f"{path.name} {len(content)}\n".encode() + content)
    return hashed.hexdigest()


def floors() -> dict[str, Any]:
    """``corpus`` (the digest) and ``f1`` by kind."""
    return json.loads(FLOORS.read_text(encoding="utf-8"))


def next_floors(measured: dict[str, float], known: dict[str, float], *, lower: bool) -> dict[str, float]:
    """The floors after measuring: what was reached, or the known one where that is higher and may not be lowered."""
    reached = {kind: math.floor(f1 * 1000) / 1000 for kind, f1 in sorted(measured.items())}
    return reached if lower else {kind: max(f1, known.get(kind, 0.0)) for kind, f1 in reached.items()}


def _set_floors(*, lower: bool) -> int:
    measured = {kind: tally.f1 for kind, tally in measure(_all()).tallies.items()}
    pinned = next_floors(measured, floors()["f1"] if FLOORS.exists() else {}, lower=lower)
    content = json.dumps({"corpus": digest(), "f1": pinned}, indent=1) + "\n"
    FLOORS.write_text(content, encoding="utf-8")
    missed = {kind: floor for kind, floor in pinned.items() if measured[kind] < floor}
    for kind, floor in missed.items():
        print(
            f"{kind}: floor {floor} kept though {measured[kind]:.3f} was reached (--lower accepts it)", file=sys.stderr
        )
    return 1 if missed else 0


def _measure(name: str | None, kind: str | None) -> None:
    result = measure([gold for gold in _all() if name in (None, gold.name)])
    if name or kind:
        for which, text, told in result.errors:
            if kind in (None, which):
                print(f"{which:18} {text:24} {told}")
        return
    for which, tally in sorted(result.tallies.items()):
        counts = f"right {tally.right:4} found {tally.found:4} wanted {tally.wanted:4}"
        print(f"{which:18} P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}  {counts}")


def _all() -> list[sense_gold.Gold]:
    return [sense_gold.load(path) for path in sense_gold.paths()]


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    measuring = commands.add_parser("measure")
    measuring.add_argument("name", nargs="?", choices=[path.stem for path in sense_gold.paths()])
    measuring.add_argument("--kind")
    commands.add_parser("floors").add_argument("--lower", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.command == "floors":
            return _set_floors(lower=arguments.lower)
        _measure(arguments.name, arguments.kind)
    except sense_gold.GoldError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
