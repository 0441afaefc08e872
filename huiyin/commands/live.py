"""The event streams of open screens, for one of several hosts; `huiyin up` starts it by itself.

Example: DATABASE_URL=postgresql://... huiyin live --host 0.0.0.0 --port 8001
"""

import argparse

from huiyin.commands.running import must_answer, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 (address to listen on; default %(default)s)")
    parser.add_argument("--port", type=int, help="端口 (port; default HUIYIN_LIVE_PORT or HUIYIN_PORT + 1)")


def run(options: argparse.Namespace) -> int:
    set_up()
    must_answer()
    from django.conf import settings

    from huiyin.commands.serving import serve

    port = options.port or settings.HUIYIN_LIVE_PORT
    return serve("huiyin.asgi:application", "asginl", host=options.host, port=port, workers=1, threads=1, grace=2)
