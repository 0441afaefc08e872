"""The product's own source, as the architecture tests read it."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "huiyin"
FACES = ("desk", "portal", "api")


def python_files() -> Iterator[Path]:
    """Every module but tests and migrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            yield path


def templates() -> Iterator[Path]:
    return iter(sorted(PACKAGE.rglob("*.html")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def app(path: Path) -> str:
    """The part of the house: an app's name, or the name of a module at the top."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def where(path: Path, node: ast.AST | None = None) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def dotted(node: ast.AST) -> str:
    """`a.b.c` of names and attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def imports(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Each module or name that is imported, dotted."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


@cache
def ranks() -> dict[str, int]:
    """How high each part of the house stands, by the contract in pyproject.toml; the ground floor is 0."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    layers: list[str] = contract["layers"]
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for name in layer.replace(":", "|").split("|")
    }
