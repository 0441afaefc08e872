"""Granian with our application loaded once: its workers are forked from it and share that memory."""

import signal
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.errors import ConfigurationError
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from huiyin.commands import Failed
from huiyin.lib import garbage
from huiyin.lib.pg import die_with_parent

IDLE_SECONDS = 600  # a thread that ends takes its database connection with it


def serve(target: str, interface: str, *, host: str, port: int, workers: int, threads: int, grace: int = 20) -> int:
    """Serves until a signal asks to stop; open requests are answered first."""
    module, name = target.split(":")
    application = getattr(import_module(module), name)
    garbage.spare()  # what is loaded by now stays: the collector need not touch it, so the pages stay shared
    server = Server(
        target, address=host, port=port, interface=Interfaces(interface), workers=workers, blocking_threads=threads,
        blocking_threads_idle_timeout=IDLE_SECONDS, respawn_failed_workers=True, respawn_interval=0.5,
        workers_kill_timeout=grace, log_level=LogLevels.warning, websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=20_000),
    )  # fmt: skip

    def load(_target: str) -> Any:
        die_with_parent(signal.SIGTERM)
        return application

    try:
        server.serve(target_loader=load)
    except (ConfigurationError, OSError, RuntimeError) as refused:
        raise Failed(f"端口 {port} 无法监听 (cannot listen on port {port}): {refused}") from refused
    return 0
