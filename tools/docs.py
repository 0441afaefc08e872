"""Writes docs/commands.md from the commands' own help, and checks that every link of the documents leads somewhere."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from huiyin.cli import COMMANDS, parser

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)|<img[^>]+src=\"([^\"]+)\"")
HEAD = "# 命令行 (command line)\n\n由 `make docs` 从各命令的 `--help` 生成 (made by `make docs`)。\n"


def commands() -> str:
    parts = [HEAD]
    for name in COMMANDS:
        one = parser(name)
        for action in one._actions:
            if isinstance(action.choices, dict) and name in action.choices:
                parts.append(f"\n## huiyin {name}\n\n```\n{action.choices[name].format_help().strip()}\n```\n")
    return "".join(parts)


def documents() -> Iterator[Path]:
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted(ROOT.glob("docs/**/*.md"))


def dead_links() -> Iterator[str]:
    for document in documents():
        for match in LINK.finditer(document.read_text("utf-8")):
            target = match.group(1) or match.group(2)
            if not re.match(r"[a-z]+:", target) and not (document.parent / target).exists():
                yield f"{document.relative_to(ROOT)}: {target}"


def main() -> int:
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "commands.md").write_text(commands(), "utf-8")
    dead = list(dead_links())
    for each in dead:
        print(f"dead link: {each}", file=sys.stderr)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
