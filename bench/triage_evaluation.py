"""How often the grading finds the right leaf, group and level, on sentences written by hand and labelled.

Run: python -m bench.triage_evaluation [--misses] [--half tuning|held_out]
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from huiyin.triage.book import Book
from huiyin.triage.grading import Verdict, grade

ROOT = Path(__file__).resolve().parents[1]
FILES = ("categories", "severity", "synonyms", "keywords")


def book() -> Book:
    folder = ROOT / "huiyin" / "defaults"
    return Book.from_documents({name: yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")) for name in FILES})


def labelled() -> Mapping[str, list[tuple[str, str]]]:
    file = ROOT / "huiyin" / "triage" / "tests" / "labelled.yaml"
    halves: Mapping[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return {half: [(code, text) for code, text in rows] for half, rows in halves.items()}


def report(half: str, rows: list[tuple[str, str]], reference: Book, *, misses: bool) -> None:
    verdicts: list[tuple[str, str, Verdict]] = [(code, text, grade(text, book=reference)) for code, text in rows]
    leaf = [verdict.category == code for code, _text, verdict in verdicts]
    group = [verdict.category[:2] == code[:2] for code, _text, verdict in verdicts]
    three = [
        code in {name for name, _share in verdict.candidates} or right
        for (code, _t, verdict), right in zip(verdicts, leaf, strict=True)
    ]
    n = len(rows)
    print(
        f"{half}: {n} texts, leaf {sum(leaf) / n:.3f}, in the first three {sum(three) / n:.3f}, "
        f"group {sum(group) / n:.3f}"
    )
    by_group: Counter[str] = Counter()
    for (code, _text, _verdict), right in zip(verdicts, leaf, strict=True):
        by_group[code[:2]] += right
    print("  leaf right by group:", dict(by_group))
    for least, most in ((0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        found = [
            right for (_c, _t, verdict), right in zip(verdicts, leaf, strict=True) if least <= verdict.confidence < most
        ]
        if found:
            print(f"  confidence {least:.1f}-{min(most, 1):.1f}: {len(found):3}, right {sum(found) / len(found):.2f}")
    if misses:
        for code, text, verdict in verdicts:
            if verdict.category != code:
                print(f"  {code} taken for {verdict.category} ({verdict.confidence}) {verdict.candidates}: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what was taken for something else")
    parser.add_argument("--half", choices=["tuning", "held_out"], help="only this half")
    options = parser.parse_args()
    reference = book()
    for half, rows in labelled().items():
        if options.half in (None, half):
            report(half, rows, reference, misses=options.misses)


if __name__ == "__main__":
    main()
