"""Which test shows which requirement: collected from `@pytest.mark.req`, written to docs/coverage-map.md and counted.

The ids to be shown stand in tests/requirements_ids.txt. With `--strict` the exit status is 1 where one has no test.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WANTED = ROOT / "tests" / "requirements_ids.txt"
TABLE = ROOT / "docs" / "coverage-map.md"


class Collector:
    """Remembers, for each id, the tests that name it."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("req"):
                for requirement in mark.args:
                    self.tests[str(requirement)].add(item.nodeid.split("[")[0])


def wanted() -> list[str]:
    lines = [line for line in WANTED.read_text("utf-8").splitlines() if not line.startswith("#")]
    return re.findall(r"[A-Z]\d+", "\n".join(lines))


def rows(ids: list[str], tests: dict[str, set[str]]) -> list[str]:
    return [
        f"| {each} | {'<br>'.join(f'`{test}`' for test in sorted(tests[each])) if each in tests else '**-**'} |"
        for each in ids
    ]


def main() -> int:
    collector = Collector()
    status = pytest.main(["--collect-only", "-qq", "-p", "no:cacheprovider", str(ROOT)], plugins=[collector])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(status)
    ids = wanted()
    others = sorted(set(collector.tests) - set(ids))
    missing = [each for each in ids if each not in collector.tests]
    shown = f"{len(ids) - len(missing)} of {len(ids)} requirements have tests, and {len(others)} others."
    head = ["# Requirements and their tests", "", f"Made by `make coverage-map`. {shown}", "", "| id | tests |"]
    TABLE.write_text(
        "\n".join([*head, "|-|-|", *rows(ids, collector.tests), *rows(others, collector.tests)]) + "\n", "utf-8"
    )
    print(f"\n{shown} {TABLE.relative_to(ROOT)}")
    if missing:
        print(f"without a test: {' '.join(missing)}")
    return 1 if missing and "--strict" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
