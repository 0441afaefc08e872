"""No Chinese stands in a template or in the code of a face but as a message to be translated; `tools/translations.py
missing` holds that each message has its English. Files are read, nothing runs.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HUIYIN = Path(__file__).parents[1] / "huiyin"
CHINESE = re.compile(r"[\u3001-\u3011\u3400-\u9fff\uff01-\uff5e]")
SPOKEN_OF = (
    r"\{#.*?#\}",
    r"\{%\s*comment\b.*?endcomment\s*%\}",
    r"\{%\s*blocktrans.*?endblocktrans(?:late)?\s*%\}",
    r"\{%\s*trans(?:late)?\s.*?%\}",
    r"\b_\(\"[^\"]*\"\)",
    r"\b_\('[^']*'\)",
    r"<(\w+)[^>]*\slang=\"[^\"]*\"[^>]*>.*?</\1>",  # says itself which language it is in
)
TEMPLATES = sorted(
    {*HUIYIN.glob("*/templates/**/*.html"), *HUIYIN.glob("templates/**/*.html"), *HUIYIN.glob("*/jinja2/**/*.html")}
)
FACES = sorted(
    path for face in ("desk", "portal") for path in (HUIYIN / face).rglob("*.py") if "tests" not in path.parts
)
# What is in Chinese in either language, each with why.
CHINESE_BY_NATURE = {
    "desk/administration/calendars.py": "reads hours as they are typed",
    "desk/administration/notice_samples.py": "what a notice might say, in either language",
    "desk/forms/notices.py": "reads hours as they are typed",
    "desk/guidance.py": "letters to customers, in their language",
    "desk/promises.py": "cuts the brackets off a clock's Chinese name",
    "desk/reading.py": "finds names in what customers wrote",
    "desk/samples.py": "what people might write",
    "portal/days.py": "reads days as they are typed",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(HUIYIN)))
def test_a_template_says_nothing_that_cannot_be_translated(template: Path) -> None:
    text = template.read_text("utf-8")
    for spoken_of in SPOKEN_OF:
        text = re.sub(spoken_of, "", text, flags=re.DOTALL)

    assert [line.strip() for line in text.splitlines() if CHINESE.search(line)] == []


def test_the_faces_say_nothing_that_cannot_be_translated() -> None:
    assert {
        f"{path.relative_to(HUIYIN)}:{line}: {words}"
        for path in FACES
        if str(path.relative_to(HUIYIN)) not in CHINESE_BY_NATURE
        for line, words in _left(ast.parse(path.read_text("utf-8")))
    } == set()


def _left(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Chinese words outside docstrings and messages."""
    known: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Expr):
            known.add(id(node.value))
        if isinstance(node, ast.Call) and re.search(r"gettext|^_$", ast.unparse(node.func)):
            known |= {id(part) for given in node.args for part in ast.walk(given)}
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in known:
            continue
        if CHINESE.search(node.value):
            yield node.lineno, node.value
