"""The project's own modules as syntax trees, for the contracts that are read off the code. Imports none of them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "tasks", "warehouse")


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module: dotted name, file and tree. ``imports`` are dotted names as far as they can be told from the code:
    ``from a.b import c`` gives ``a.b.c`` where that is a module of ours, else ``a.b``."""

    name: str
    path: Path
    tree: ast.Module
    imports: frozenset[str]

    @property
    def third_party(self) -> frozenset[str]:
        """Imported names that are not ours."""
        return frozenset(name for name in self.imports if name.split(".")[0] not in PACKAGES)

    @property
    def ours(self) -> frozenset[str]:
        """Imported modules that are ours."""
        return self.imports - self.third_party


def is_within(name: str, *rooms: str) -> bool:
    """True where a dotted name is one of the rooms or stands in one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the project, by name."""
    files = {_dotted(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
    found = []
    for name, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        found.append(Module(name=name, path=path, tree=tree, imports=frozenset(_imports(tree, frozenset(files)))))
    return tuple(found)


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room is entered"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module
