"""The OpenAPI document is true, and nothing that anybody sends breaks the interface (schemathesis, in process)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huiyin.api.tests.calling import Caller
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 4
CHECKS = (not_a_server_error, content_type_conformance, status_code_conformance, response_schema_conformance)


@pytest.fixture
def _company(db: None) -> None:
    cast.company()


@contextmanager
def connection_kept() -> Iterator[None]:
    """As Django's own test client does: the connection of the test's transaction outlives a request."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def document() -> Any:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json()


@pytest.mark.usefixtures("_company")
def test_the_document_names_every_call_and_its_problems() -> None:
    paths = document()["paths"]

    for wanted in (
        "post /complaints", "get /complaints", "get /complaints/{number}", "get /complaints/{number}/events",
        "put /complaints/{number}/review", "post /complaints/{number}/work-orders",
        "post /work-orders/{number}/signature", "post /work-orders/{number}/decline",
        "post /work-orders/{number}/completion", "post /work-orders/{number}/audit",
        "post /complaints/{number}/letters", "post /complaints/{number}/notes", "post /complaints/{number}/closure",
        "post /complaints/{number}/reopening", "post /complaints/{number}/withdrawal",
        "post /complaints/{number}/merger", "post /complaints/{number}/pause", "post /complaints/{number}/resumption",
        "post /complaints/{number}/attachments", "get /categories", "get /units", "get /members", "get /me",
    ):  # fmt: skip
        method, path = wanted.split()
        operation = paths[f"/api/v1{path}"][method]
        assert {"400", "401", "403", "404", "422"} <= set(operation["responses"])
        problem = operation["responses"]["401"]["content"]
        assert list(problem) == ["application/problem+json"]
        if method == "post":
            assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}


@pytest.mark.usefixtures("_company")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("who", ["supervisor", "agent"])
def test_nothing_that_is_sent_breaks_anything_and_the_document_is_true(who: str, mode: GenerationMode) -> None:
    order = cast.dispatched(cast.reviewed(cast.filed()))[0]
    call = Caller(who)
    schema = schemathesis.openapi.from_dict(document())
    schema.app = WSGIHandler()
    with connection_kept():
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            number = order.number if "/work-orders/{number}" in operation.path else order.complaint.number
            sweep(operation, call, number, mode)


def sweep(operation: Any, call: Caller, number: str, mode: GenerationMode) -> None:
    """A few right or wrong questions, about a complaint that there is and about any other."""
    known = {"number": number, "id": "1"} if "{id}" in operation.path else {"number": number}
    strategies = [operation.as_strategy(generation_mode=mode)]
    if "{number}" in operation.path:
        strategies.append(operation.as_strategy(generation_mode=mode, path_parameters=known))

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=one_of(strategies))
    def asked(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {call.raw}"}, checks=list(CHECKS))

    try:
        asked()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # a question without parameters cannot be asked wrongly
