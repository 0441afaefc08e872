"""What the front-end build left in static/dist: hashed file names, and the sprite of icons."""

import json
import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

log = logging.getLogger(__name__)

FOLDER = "dist"
LOOK_AGAIN_S = 2.0  # a page has hundreds of icons: not a question to the file system for each


@dataclass(frozen=True, eq=False)
class Bundle:
    """Paths are relative to STATIC_URL. An unbuilt bundle is empty: pages stay usable, only unstyled."""

    scripts: dict[str, str]
    styles: dict[str, tuple[str, ...]]
    sprite: str
    icons: frozenset[str]


EMPTY = Bundle({}, {}, "", frozenset())


def current() -> Bundle:
    """The bundle as last built; a new build is picked up within seconds, without a restart."""
    return _looked_up(int(time.monotonic() / LOOK_AGAIN_S))


@lru_cache(maxsize=1)
def _looked_up(_tick: int) -> Bundle:
    found = finders.find(f"{FOLDER}/manifest.json")
    if not isinstance(found, str):
        log.error("the front-end bundle is missing: run `make build`")
        return EMPTY
    path = Path(found)
    return _read(path, path.stat().st_mtime_ns)


def forget() -> None:
    """Look at the file again at once."""
    _looked_up.cache_clear()


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Bundle:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    icons = json.loads(path.with_name("icons.json").read_text(encoding="utf-8"))
    entries = [entry for entry in manifest.values() if entry.get("isEntry")]
    return Bundle(
        scripts={entry["name"]: f"{FOLDER}/{entry['file']}" for entry in entries},
        styles={entry["name"]: tuple(f"{FOLDER}/{file}" for file in entry.get("css", ())) for entry in entries},
        sprite=f"{FOLDER}/{icons['file']}",
        icons=frozenset(icons["names"]),
    )
