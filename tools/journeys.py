"""Runs the journeys of tests/stories in a real Chromium and keeps their pictures, at 1440, 1024 and 360 pixels, light
and dark: `python tools/journeys.py [FOLDER]` (build/journeys, if no folder is named)."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = (
    "test_a_call_by_keyboard_alone.py",
    "test_a_county_handler_on_a_phone.py",
    "test_two_at_one_complaint.py",
    "test_a_customer_on_the_portal.py::test_a_customer_files_on_a_phone_adds_rejects_accepts_and_rates",
    "test_an_administrator_makes_it_their_own.py",
)


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "journeys").resolve()
    os.environ["JOURNEY_PICTURES"] = str(folder)
    os.chdir(ROOT)
    result = pytest.main(["-q", "-p", "no:cacheprovider", *(f"tests/stories/{journey}" for journey in JOURNEYS)])
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return int(result)


if __name__ == "__main__":
    sys.exit(main())
