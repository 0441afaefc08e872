"""What NOTIFY costs: commits a second of several connections that insert a row, without and with NOTIFY; and how long a
look at the newest events takes. `python -m bench.notify`; see docs/decisions/0014-live-by-looking.md."""

import shutil
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from huiyin.lib.pg import Server

SECONDS = 4.0
LOOK = "SELECT id FROM notify_bench WHERE id > (SELECT max(id) - 50 FROM notify_bench)"


def commits(url: str, statement: str, connections: int) -> float:
    """A second, of all connections together; the row is written and flushed each time."""
    counts = [0] * connections
    ends = time.monotonic() + SECONDS

    def run(place: int) -> None:
        with psycopg.connect(url) as connection:
            while time.monotonic() < ends:
                connection.execute("INSERT INTO notify_bench (words) VALUES ('x')")
                if statement:
                    connection.execute(statement)
                connection.commit()
                counts[place] += 1

    threads = [threading.Thread(target=run, args=(place,)) for place in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="huiyin-notify-"))
    server = Server(home)
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE notify_bench (id bigserial PRIMARY KEY, words text)")
        for count in (1, 2, 8):
            plain = commits(server.url, "", count)
            select = commits(server.url, "SELECT 1", count)
            notifying = commits(server.url, "NOTIFY bench, 'x'", count)
            print(f"{count}: {plain:.0f} commits/s, {select:.0f} with one more statement, {notifying:.0f} with NOTIFY")
        with psycopg.connect(server.url) as connection:
            begun = time.monotonic()
            for _look in range(1000):
                connection.execute(LOOK).fetchall()
            print(f"a look at the newest 50: {time.monotonic() - begun:.2f} ms")
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
