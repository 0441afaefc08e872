"""Measure the product on this machine. Results go to var/bench, tables to the screen.

Example: python -m bench --only intake --rows 10000
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import report
from bench.place import Place, place

PARTS = ("intake", "importing", "resting", "reading", "felt", "sweeping", "reckoning", "week")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, default=[], help="this part; repeatable")
    parser.add_argument("--rows", type=int, default=10_000, help="complaints taken in, and rows imported")
    parser.add_argument("--requests", type=int, default=400, help="requests of each kind of page")
    parser.add_argument("--sizes", type=int, nargs="+", help="complaints there are when reading, or felt")
    parser.add_argument("--complaints", type=int, default=2_000, help="complaints of the simulated week")
    parser.add_argument("--due", type=int, nargs="+", help="promises that fall due at one moment; one run each")
    parser.add_argument("--home", type=Path, help="a data folder to keep and use again")
    parser.add_argument("--write", action="store_true", help="put what was measured last into docs/performance.md")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if not options.write or options.only:
        results = {name: _measured(name, options) for name in options.only or PARTS}
        print(report.tables(results), report.keep(results), sep="\n")
    if options.write:
        report.write(report.last())


def _measured(name: str, options: argparse.Namespace) -> Mapping[str, Any]:
    about = report.machine()
    if name == "resting":
        from bench import resting

        return {"machine": about, **resting.measure()}
    with place(options.home) as here:
        return {"machine": about, **_in_place(name, here, options)}


def _in_place(name: str, here: Place, options: argparse.Namespace) -> Mapping[str, Any]:
    from bench import felt, importing, intake, reading, reckoning, sweeping, week  # their models want Django set up

    if name == "intake":
        return intake.measure(here, rows=options.rows)
    if name == "importing":
        return importing.measure(here, rows=options.rows)
    if name == "felt":
        return felt.measure(here, size=max(options.sizes or [0]))
    if name == "sweeping":
        return sweeping.measure(here, size=max(options.sizes or [1_000_000]), due=options.due or sweeping.DUE)
    if name == "reckoning":
        return reckoning.measure(here)
    if name == "week":
        return week.measure(here, complaints=options.complaints)
    sizes = tuple(options.sizes) if options.sizes else reading.SIZES
    return {"sizes": reading.measure(here, requests=options.requests, sizes=sizes)}


if __name__ == "__main__":
    main()
