"""Calling the interface as one of the cast."""

from typing import Any

from django.test import Client
from django.utils import timezone

from huiyin.org.actions.tokens import create
from tests.cast import TEXT, member

BODY: dict[str, Any] = {
    "text": TEXT,
    "channel": "api",
    "title": "电饭煲不通电",
    "customer": {"name": "客户张伟", "phone": "13900001111", "email": "zhangwei@example.com"},
    "order_no": "XQ20261114-001",
    "expectation": "换一台新的",
}


class Caller:
    """One member with a token. `call.get("/me")` is `GET /api/v1/me`."""

    def __init__(self, username: str, *scopes: str) -> None:
        scopes = scopes or ("read", "write")
        _token, self.raw = create(member=member(username), name="测试", scopes=scopes, at=timezone.now())
        self.client = Client(headers={"Authorization": f"Bearer {self.raw}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path if "://" in path else f"/api/v1{path}", query or None)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=named)

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(f"/api/v1{path}", body, content_type="application/json")
