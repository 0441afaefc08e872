"""Pages and the API, for one of several hosts; `huiyin up` starts it by itself.

Example: DATABASE_URL=postgresql://... huiyin web --host 0.0.0.0 --port 8000
"""

import argparse
import os
import shutil

from huiyin import environment
from huiyin.commands.running import must_answer, set_up

WORKERS = 2
THREADS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 (address to listen on; default %(default)s)")
    parser.add_argument("--port", type=int, help="端口 (port; default HUIYIN_PORT or 8000)")
    parser.add_argument("--workers", type=int, default=WORKERS, help="进程数 (processes; default %(default)s)")
    parser.add_argument("--threads", type=int, default=THREADS, help="每进程线程数 (threads each; default %(default)s)")


def run(options: argparse.Namespace) -> int:
    gather_figures()
    set_up()
    must_answer()
    from django.conf import settings

    from huiyin.commands.serving import serve

    return serve(
        "huiyin.wsgi:application", "wsgi", host=options.host, port=options.port or settings.HUIYIN_PORT,
        workers=options.workers, threads=options.threads,
    )  # fmt: skip


def gather_figures() -> None:
    """The workers count into files of one folder, so that each can show the sum.

    Must be settled before Django loads.
    """
    folder = environment.home() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
