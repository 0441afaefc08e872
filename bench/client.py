"""A lean HTTP client: one thread, several connections kept alive, each asks again as soon as it has been answered, or
after a rest."""

import multiprocessing
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """`latencies` in seconds, in order of answering; `cpu` is what the client itself used."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    odd: str = ""  # the first answer that was no success
    answers: list[bytes] = field(default_factory=list)  # bodies, where they were asked for

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, part: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000


class _Line:
    """One connection and what it waits for."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._buffer = b""
        self._wanted = -1
        self.body_at = 0

    def ask(self, request: bytes) -> None:
        self._buffer, self._wanted = b"", -1
        self.since = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """The whole answer once it is there. Raises ConnectionError where the server hung up."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self._buffer += piece
        if self._wanted < 0:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            self.body_at = end + 4
            self._wanted = self.body_at + _length(self._buffer[:end])
        return self._buffer if len(self._buffer) >= self._wanted else None


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without Content-Length")


def drive(port: int, requests: Sequence[bytes], connections: int, keep: bool = False, resting: float = 0.0) -> Outcome:
    """Send every request once, over so many connections at the same time; each rests so many seconds in between."""
    outcome = Outcome()
    left = iter(requests)
    lines = [_Line(port) for _ in range(min(connections, len(requests)))]
    with selectors.DefaultSelector() as waiting:
        began, cpu = time.perf_counter(), time.process_time()
        for line in lines:
            waiting.register(line.socket, selectors.EVENT_READ, line)
        _serve(waiting, lines, left, outcome, keep, resting)
        outcome.seconds, outcome.cpu = time.perf_counter() - began, time.process_time() - cpu
    for line in lines:
        line.socket.close()
    return outcome


def _serve(
    waiting: selectors.BaseSelector,
    lines: Sequence[_Line],
    left: Iterator[bytes],
    outcome: Outcome,
    keep: bool,
    resting: float,
) -> None:
    began = time.perf_counter()
    # people do not come all at once: their first questions are spread over one rest
    resters = deque((began + resting * place / len(lines), line) for place, line in enumerate(lines))
    while waiting.get_map():
        while resters and resters[0][0] <= time.perf_counter():
            _at, line = resters.popleft()
            following = next(left, None)
            if following is None:
                waiting.unregister(line.socket)
            else:
                line.ask(following)
        pause = max(0.0, resters[0][0] - time.perf_counter()) if resters else None
        for key, _events in waiting.select(pause) if waiting.get_map() else ():
            line = key.data
            answer = line.answer()
            if answer is not None:
                _note(outcome, line, answer, keep)
                resters.append((time.perf_counter() + resting, line))


def _note(outcome: Outcome, line: _Line, answer: bytes, keep: bool) -> None:
    outcome.latencies.append(time.perf_counter() - line.since)
    status = int(answer[9:12])
    outcome.statuses[status] += 1
    if not 200 <= status < 300 and not outcome.odd:
        outcome.odd = answer[:2000].decode(errors="replace")
    if keep:
        outcome.answers.append(answer[line.body_at :])


def elsewhere(
    port: int, requests: Sequence[bytes], *, connections: int = 8, keep: bool = False, resting: float = 0.0
) -> Outcome:
    """The same from a process of its own. Raises AssertionError where not every answer was a success."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        outcome: Outcome = pool.apply(drive, (port, requests, connections, keep, resting))
    assert not outcome.odd, outcome.odd
    return outcome


def get(path: str, *headers: str) -> bytes:
    return _request(f"GET {path}", headers, b"")


def post(path: str, body: bytes, *headers: str) -> bytes:
    return _request(f"POST {path}", (*headers, "Content-Type: application/json", f"Content-Length: {len(body)}"), body)


def _request(first: str, headers: Sequence[str], body: bytes) -> bytes:
    return "\r\n".join([f"{first} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode() + body
