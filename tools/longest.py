"""The ten longest of each sort: guidance where a second noun may hide. A module past the bound fails."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOUND = 400  # lines of a module


def modules() -> Iterator[Path]:
    for path in sorted(ROOT.glob("huiyin/**/*.py")):
        if "migrations" not in path.parts:
            yield path


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def kind(path: Path) -> str:
    if "tests" in path.parts:
        return "tests"
    return next((kind for kind in ("actions", "views", "tasks") if kind in (path.stem, *path.parts)), "functions")


def show(title: str, found: list[tuple[int, str]]) -> None:
    print(f"\n{title}")
    for count, name in sorted(found, reverse=True)[:10]:
        print(f"  {count:5} {name}")


def main() -> int:
    all_modules = [(lines(path), str(path.relative_to(ROOT))) for path in modules()]
    show("modules (about 200 lines)", all_modules)
    by_kind: dict[str, list[tuple[int, str]]] = {}
    for path in modules():
        by_kind.setdefault(kind(path), []).extend(functions(path))
    for name, guidance in (("actions", 15), ("views", 12), ("tasks", 5), ("functions", 25), ("tests", 12)):
        show(f"{name} (about {guidance} lines)", by_kind.get(name, []))
    show("templates (about 60 lines)", [(lines(p), str(p.relative_to(ROOT))) for p in ROOT.glob("huiyin/**/*.html")])
    too_long = [f"{name}: {count} lines" for count, name in all_modules if count > BOUND]
    for each in too_long:
        print(f"past {BOUND} lines: {each}", file=sys.stderr)
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
