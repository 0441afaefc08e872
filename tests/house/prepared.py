"""A data folder with tables and the default configuration: made once in a run of the tests, and copied from then on."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from tests.house.running import huiyin


def prepared(home: Path) -> Path:
    """That folder, as the product's own commands leave a new one, with the owners that PostgreSQL needs."""
    kept = Path(os.environ["HUIYIN_TEST_HOME"]) / "prepared"
    kept.mkdir(exist_ok=True)
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker of pytest may be making it
        if not (kept / "made").exists():
            shutil.rmtree(kept / "home", ignore_errors=True)
            for command in ("migrate", "defaults"):
                done = huiyin(kept / "home", command)
                assert done.returncode == 0, done.stdout + done.stderr
            (kept / "made").touch()
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(kept / "home"), str(home)], check=True)
    return home
