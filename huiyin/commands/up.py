"""Everything on this machine: embedded PostgreSQL unless DATABASE_URL is set, tables, defaults, web, live and worker.

Example: huiyin up --demo
"""

import argparse
import http.client
import ipaddress
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

from huiyin import environment
from huiyin.commands import Failed
from huiyin.lib import pg
from huiyin.lib.supervisor import Child, Supervisor

READY_SECONDS = 60
LOOK_EVERY = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="载入演示公司 (add the demo company, once)")
    parser.add_argument("--port", type=int, help="端口 (default HUIYIN_PORT or 8000)")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 (address to listen on; default %(default)s)")
    parser.add_argument(
        "--allow-remote-demo", action="store_true", help="允许演示公司对外监听 (let the demo listen beyond loopback)"
    )


def run(options: argparse.Namespace) -> int:
    is_loopback = on_loopback(options.host)
    if options.demo and not is_loopback and not options.allow_remote_demo:
        raise Failed(
            f"演示公司的密码是公开打印的，不在 {options.host} 上监听；确要如此请加 --allow-remote-demo"
            f" (--demo does not listen on {options.host}: add --allow-remote-demo to insist)"
        )
    port = options.port or environment.number("HUIYIN_PORT", 8000, least=1, most=65535)
    live_port = environment.number("HUIYIN_LIVE_PORT", port + 1, least=1, most=65535)
    home = environment.home()
    lock = pg.HomeLock(home)
    lock.take()
    for each in (port, live_port):
        must_be_free(options.host, each)
    server = None if environment.database(home).is_embedded is False else pg.Server(home)
    surroundings = os.environ | {
        "HUIYIN_HOME": str(home), "HUIYIN_PORT": str(port), "HUIYIN_LIVE_PORT": str(live_port),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    try:
        if server:
            server.start()
        sign_in = prepare(options.demo, is_loopback or options.allow_remote_demo, surroundings)
        return keep_running(server, options.host, port, live_port, surroundings, sign_in)
    finally:
        if server:
            server.stop()
        lock.release()


def on_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as refused:
            raise Failed(f"{host}:{port} 无法监听 (cannot listen): {refused.strerror}") from refused


def prepare(demo: bool, may_show_demo: bool, surroundings: Mapping[str, str]) -> str:
    """Tables, defaults and demo, in a process of its own so that this one stays small; returns how to sign in."""
    command = [sys.executable, "-m", "huiyin", "prepare"]
    command += ["--demo"] * demo + ["--loopback"] * may_show_demo
    done = subprocess.run(command, env=dict(surroundings), stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed("未能准备好数据库，原因见上 (the database could not be prepared: see above)")
    return done.stdout


def keep_running(
    server: pg.Server | None, host: str, port: int, live_port: int, surroundings: Mapping[str, str], sign_in: str
) -> int:
    def child(name: str, *arguments: str) -> Child:
        return Child(name, [sys.executable, "-m", "huiyin", name, *arguments], surroundings)

    def keep_postgres() -> None:
        if server and not server.pid:
            server.start()

    supervisor = Supervisor(
        [
            child("web", "--host", host, "--port", str(port)),
            child("live", "--host", host, "--port", str(live_port)),
            child("worker"),
        ],
        watch=keep_postgres,
    )
    supervisor.start()
    try:
        if wait_until_ready(supervisor, host, port):
            announce(host, port, sign_in)
            while supervisor.tend(seconds=LOOK_EVERY):
                pass
    finally:
        print("正在停止 (stopping) …", flush=True)
        supervisor.stop()
    return 0


def wait_until_ready(supervisor: Supervisor, host: str, port: int) -> bool:
    """False where we were asked to stop first. Raises Failed where web does not become ready."""
    until = time.monotonic() + READY_SECONDS
    while not is_ready(host, port):
        if not supervisor.tend(seconds=0.1):
            return False
        if time.monotonic() > until:
            raise Failed("网页进程没有就绪，原因见上 (web did not become ready: see above)")
    return True


def is_ready(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(reachable.strip("[]"), port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def announce(host: str, port: int, sign_in: str) -> None:
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    address = environment.web_address("HUIYIN_PUBLIC_URL", f"http://{shown}:{port}")
    print(f"\n回音 Huiyin 已就绪 (ready): {address}/", flush=True)
    print(f"坐席端 (desk) {address}/desk/   客户门户 (portal) {address}/portal/   接口 (API) {address}/api/v1/docs")
    print(sign_in, end="")
    print("停止 (stop): Ctrl-C", flush=True)
