"""Two hosts that share one PostgreSQL, each with a web process and a worker; and the mail server they send to."""

import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from huiyin.lib.pg import Server
from tests.house.prepared import prepared
from tests.house.running import free_port, surroundings, wait_for

MEMBERS = ("agent", "reviewer", "supervisor", "handler", "lead")
MAKE_COMPANY = f"""
from django.utils.timezone import now
from huiyin.org.actions import demo_members, tokens
from huiyin.org.actions.loading import load_demo_units
from huiyin.org.models import Member
load_demo_units(at=now())
demo_members.make(password="渔舟唱晚响穷彭蠡之滨", at=now())
for name in {MEMBERS!r}:
    made = tokens.create(member=Member.objects.get(username=name), name="x", scopes=["read", "write"], at=now())
    print(name, made[1])
"""


class Mailbox:
    """A mail server that takes everything; `seen` counts each message, named by its Message-ID's first part."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        self.on_mail: Callable[[str, int], None] = lambda name, port: None
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()

    @property
    def port(self) -> int:
        return int(self.controller.port)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        head = (envelope.content or b"").decode("utf-8", "replace").splitlines()  # type: ignore[union-attr]  # bytes
        identity = next(line for line in head if line.lower().startswith("message-id:"))
        name = parseaddr(identity.partition(":")[2])[1].partition("@")[0]
        self.seen[name] = self.seen.get(name, 0) + 1
        self.on_mail(name, int(str(session.peer[1] if session.peer else 0)))
        return "250 OK"


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


class Host:
    """One machine: the shared keys, a data folder of its own, a web process and a worker."""

    def __init__(self, folder: Path, name: str, *, like: Path, url: str, mail_port: int) -> None:
        self.home, self.port = folder / name, free_port()
        shutil.copytree(like / "keys", self.home / "keys")
        self.environment = surroundings(
            self.home, DATABASE_URL=url, HUIYIN_PORT=str(self.port), HUIYIN_LOG_LEVEL="warning",
            HUIYIN_MAIL_HOST="127.0.0.1", HUIYIN_MAIL_PORT=str(mail_port), HUIYIN_MAIL_SECURITY="none",
        )  # fmt: skip
        self.log = folder / f"{name}.log"
        self.said = Answer(0, {})
        self.web = self.start("web", "--workers", "1", "--threads", "4")
        self.worker = self.start("worker", "--name", name)

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as out:
            command = [sys.executable, "-m", "huiyin", *arguments]
            return subprocess.Popen(command, env=self.environment, stdout=out, stderr=out)

    def is_ready(self) -> bool:
        assert self.web.poll() is None, self.log.read_text()
        try:
            self.said = self.ask("GET", "/readyz")
        except OSError as refused:
            self.said = Answer(0, {"refused": str(refused)})
        return self.said.status == 200

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request on a connection of its own. Raises OSError or HTTPException where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            content = json.dumps(body) if body is not None else None
            connection.request(method, path, content, named | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            raw = answer.read()
            return Answer(answer.status, json.loads(raw) if raw[:1] == b"{" else {})
        finally:
            connection.close()

    def sends_from(self, port: int) -> bool:
        """Whether our worker is at the other end of a connection from that port."""
        mine = psutil.Process(self.worker.pid).net_connections()
        return any(connection.laddr and connection.laddr.port == port for connection in mine)

    def end(self) -> None:
        for process in (self.web, self.worker):
            process.terminate()
        for process in (self.web, self.worker):
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


class Site:
    """The database, the mailbox, two hosts, and a token for each of MEMBERS."""

    def __init__(self, folder: Path) -> None:
        self.mailbox = Mailbox()
        self.hosts: list[Host] = []
        self.home = prepared(folder / "home")
        self.server = Server(self.home)
        try:
            self.server.start()
            self.run("prepare")
            self.tokens = dict(line.split() for line in self.run("django", "shell", "-v", "0", "-c", MAKE_COMPANY))
            how = {"like": self.home, "url": self.server.url, "mail_port": self.mailbox.port}
            self.hosts += [Host(folder, name, **how) for name in ("east", "west")]  # type: ignore[arg-type]  # a mapping
            for host in self.hosts:
                wait_for("web is ready", host.is_ready)
        except BaseException as failure:
            failure.add_note("\n".join(f"{host.port}: {host.said}\n{host.log.read_text()}" for host in self.hosts))
            self.end()
            raise

    def run(self, *arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "huiyin", *arguments], check=False, capture_output=True, text=True,
            env=surroundings(self.home, DATABASE_URL=self.server.url), timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    def api(self, member: str, method: str, path: str, body: Any = None, *, at: int = 0, **headers: str) -> Answer:
        """As that member, at one of the two web processes."""
        bearer = {"Authorization": f"Bearer {self.tokens[member]}"}
        return self.hosts[at % 2].ask(method, f"/api/v1{path}", body, **bearer, **headers)

    def rows(self, question: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            asked = connection.execute(question.encode(), values)
            return asked.fetchall() if asked.description else []

    def pass_the_time(self, *gone: int) -> None:
        """Long enough for what these dead workers held to be taken up again; then the periodic job that does so."""
        aged = "update procrastinate_workers set last_heartbeat = now() - interval '1 h' where id = any(%s)"
        self.rows(aged, list(gone))
        self.rows(LET_GO, list(gone))
        self.run("django", "shell", "-v", "0", "-c", RETRY_STALLED)

    def end(self) -> None:
        for host in self.hosts:
            host.end()
        self.server.stop()
        self.mailbox.controller.stop()


# but not of what a living worker is sending at this moment: it could not say any more that it was sent
LET_GO = """
    update channels_message set claimed_at = claimed_at - interval '1 h'
    where claimed_at is not null and not exists (
        select from procrastinate_jobs
        where status = 'doing' and worker_id <> all(%s) and (args->>'message_id')::bigint = channels_message.id
    )
"""
RETRY_STALLED = """
from contextlib import suppress
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
with suppress(AlreadyEnqueued):
    app.tasks["lib.retry_stalled"].defer(timestamp=0)
"""
