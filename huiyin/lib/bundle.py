"""What the front-end build left in static/dist: hashed file names, and the sprite of icons."""

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

log = logging.getLogger(__name__)

FOLDER = "dist"


@dataclass(frozen=True)
class Bundle:
    """Paths are relative to STATIC_URL. An unbuilt bundle is empty: pages stay usable, only unstyled."""

    scripts: dict[str, str]
    styles: dict[str, tuple[str, ...]]
    sprite: str
    icons: frozenset[str]


EMPTY = Bundle({}, {}, "", frozenset())


def current() -> Bundle:
    """The bundle as last built; a new build is picked up without a restart."""
    found = finders.find(f"{FOLDER}/manifest.json")
    if not isinstance(found, str):
        log.error("the front-end bundle is missing: run `make build`")
        return EMPTY
    path = Path(found)
    return _read(path, path.stat().st_mtime_ns)


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
