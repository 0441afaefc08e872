"""How long a grading takes. The target is 0.15 ms for a text of 200 characters, on average.

Run: python -m bench.triage_grading [--texts 2000]
"""

from __future__ import annotations

import argparse
import random
import time

import yaml

from bench.triage_evaluation import ROOT, book, labelled
from huiyin.triage.book import Book
from huiyin.triage.grading import grade


def stories() -> list[str]:
    """The demo company's complaints, as written, with their blanks."""
    folder = ROOT / "huiyin" / "demo" / "texts"
    return [
        entry["text"] for file in sorted(folder.glob("*.yaml")) for entry in yaml.safe_load(file.read_text("utf-8"))
    ]


def crowded(count: int) -> list[str]:
    """Labelled sentences strung together: five complaints in one text, the worst that people write."""
    sentences = [text for rows in labelled().values() for _code, text in rows]
    draw = random.Random(7)
    texts = []
    for _ in range(count):
        text = ""
        while len(text) < 200:
            text += draw.choice(sentences)
        texts.append(text)
    return texts


def measure(name: str, texts: list[str], reference: Book) -> None:
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for text in texts:
            grade(text, book=reference)
        best = min(best, time.process_time() - started)
    length = sum(map(len, texts)) / len(texts)
    each = 1000 * best / len(texts)
    print(
        f"{name}: {each:.3f} ms a text of {length:.0f} characters, {200 * each / length:.3f} ms per 200, best of five"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1000, help="how many crowded texts of about 200 characters")
    options = parser.parse_args()
    started = time.perf_counter()
    reference = book()
    print(f"book: {len(reference.leaves)} leaves, built in {1000 * (time.perf_counter() - started):.0f} ms, files read")
    measure("one complaint", stories(), reference)
    measure("five in one", crowded(options.texts), reference)
    measure("a million characters", ["烦" * 1_000_000], reference)


if __name__ == "__main__":
    main()
