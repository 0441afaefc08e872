"""Measure the product on this machine.

Example: python -m bench --only intake --rows 10000
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.place import Place, place


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=["intake", "reading", "importing", "resting"], default=[])
    parser.add_argument("--rows", type=int, default=5_000, help="complaints taken in, and rows imported")
    parser.add_argument("--home", type=Path, help="a data folder to keep and use again")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    with place(options.home) as here:
        from bench import intake

        print(json.dumps(intake.measure(here, rows=options.rows), indent=1))


if __name__ == "__main__":
    main()
