"""Taking in: complaints a second through POST /api/v1/complaints, everything of "on arrival" included."""

import json
from collections.abc import Mapping
from typing import Any

from bench.client import Outcome, elsewhere, post
from bench.place import Place, now
from bench.texts import Words

CHANNELS = ("api", "app", "wechat", "phone", "hotline_12345", "email")
WARM_UP = 200


def measure(place: Place, *, rows: int, connections: int = 8) -> dict[str, Any]:
    """First the floor, then the product, then the floor again: the mean of both is the floor of this run."""
    token = _token()
    place.start_web()
    try:
        _run(place, _filings(Words(1), token, WARM_UP), connections)
        floors = [_floor(place, rows, connections)]
        product = _run(place, _filings(Words(2), token, rows), connections)
        floors.append(_floor(place, rows, connections))
    finally:
        place.stop_web()
    floor = sum(each["per_second"] for each in floors) / len(floors)
    return {
        "product": product,
        "floors": floors,
        "floor_per_second": round(floor, 1),
        "share_of_floor": round(product["per_second"] / floor, 3),
        "share_by_cpu": round(sum(map(_cpu, floors)) / len(floors) / _cpu(product), 3),
    }


def _cpu(run: Mapping[str, Any]) -> float:
    """Milliseconds of a request in all processes, which others on the machine disturb less than the rate."""
    return float(run["web_cpu_ms"] + run["postgres_cpu_ms"] + run["client_cpu_ms"])


def _token() -> str:
    from huiyin.org.actions import tokens
    from huiyin.org.models import Member, Token

    member = Member.objects.get(username="agent")
    return tokens.create(member=member, name="bench", scopes=[str(scope) for scope in Token.Scope], at=now())[1]


def _filings(words: Words, token: str, rows: int) -> list[bytes]:
    bearer = f"Authorization: Bearer {token}"
    return [post("/api/v1/complaints", _body(words), bearer) for _ in range(rows)]


def _body(words: Words) -> bytes:
    """Two of three have an order number, one of four a mail address, nearly all a telephone."""
    chance = words.chance.random
    body: dict[str, Any] = {
        "text": words.text(),
        "channel": words.one(CHANNELS),
        "customer": {"name": words.name(), "phone": words.phone() if chance() < 0.95 else ""},
    }
    if chance() < 0.25:
        body["customer"]["email"] = f"u{words.chance.randrange(10**9)}@example.com"
    if chance() < 0.67:
        body["order_no"] = words.order_no()
    return json.dumps(body, ensure_ascii=False).encode()


def _floor(place: Place, rows: int, connections: int) -> dict[str, Any]:
    words = Words(3)
    return _run(place, [post("/bench/bare", _body(words)) for _ in range(rows)], connections)


def _run(place: Place, requests: list[bytes], connections: int) -> dict[str, Any]:
    before = place.spent()
    outcome = elsewhere(place.port, requests, connections=connections)
    after = place.spent()
    return summary(outcome) | {
        f"{name}_cpu_ms": round((after[name] - before[name]) * 1000 / len(requests), 3) for name in before
    }


def summary(outcome: Outcome) -> dict[str, Any]:
    return {
        "requests": len(outcome.latencies),
        "per_second": round(outcome.rate, 1),
        "p50_ms": round(outcome.percentile(0.50), 1),
        "p95_ms": round(outcome.percentile(0.95), 1),
        "p99_ms": round(outcome.percentile(0.99), 1),
        "client_cpu_ms": round(outcome.cpu * 1000 / max(1, len(outcome.latencies)), 3),
    }
