"""How long a grading takes. The target is 0.15 ms for a text of 200 characters, on average.

Run: python -m bench.triage_grading [--texts 2000]
"""

from __future__ import annotations

import argparse
import random
import time

from bench.triage_evaluation import book, labelled
from huiyin.triage.grading import grade


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2000, help="how many texts of about 200 characters")
    options = parser.parse_args()
    started = time.perf_counter()
    reference = book()
    print(f"book: {len(reference.leaves)} leaves, built in {1000 * (time.perf_counter() - started):.0f} ms, files read")
    sentences = [text for rows in labelled().values() for _code, text in rows]
    draw = random.Random(7)
    texts = []
    for _ in range(options.texts):
        text = ""
        while len(text) < 200:
            text += draw.choice(sentences)
        texts.append(text)
    best = float("inf")
    for _ in range(5):
        started = time.process_time()
        for text in texts:
            grade(text, book=reference)
        best = min(best, time.process_time() - started)
    length = sum(map(len, texts)) / len(texts)
    each = 1000 * best / len(texts)
    print(f"grade: {each:.3f} ms a text of {length:.0f} characters, {200 * each / length:.3f} ms per 200, best of five")
    started = time.process_time()
    grade("烦" * 1_000_000, book=reference)
    print(f"grade: {1000 * (time.process_time() - started):.1f} ms a text of a million characters")


if __name__ == "__main__":
    main()
