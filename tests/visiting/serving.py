"""What was rendered before, given to a real browser: while Playwright's loop runs here, Django refuses every query."""

import mimetypes
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from tests.visiting.walking import Answer


@dataclass
class Stage:
    """`answers` and `parts` are changed as the test goes; `parts` answer whatever the query is."""

    address: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    parts: Mapping[str, Answer] = field(default_factory=dict)


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes to the next page leaves in the middle of an answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def stage() -> Iterator[Stage]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes: the second waits for the first's receipt else

        def do_GET(self) -> None:
            if self.path.startswith("/static/"):
                self._send(*_file(self.path.removeprefix("/static/").partition("?")[0]))
            elif answer := shown.answers.get(self.path) or shown.parts.get(self.path.partition("?")[0]):
                self._send(answer.status, answer.body, answer.headers)
            else:  # what a page asks for by script; a stream that is told 204 stays away
                self._send(204, b"", {})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._send(204, b"", {})

        def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Nothing to say."""

    server = Server(("127.0.0.1", 0), Handler)
    shown = Stage(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()


@cache
def _file(name: str) -> tuple[int, bytes, dict[str, str]]:
    found = finders.find(name)
    if not found:
        return 404, b"", {}
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return 200, Path(str(found)).read_bytes(), {"Content-Type": kind, "Cache-Control": "max-age=3600"}
