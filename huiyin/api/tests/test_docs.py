import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db]


def test_the_reference_needs_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/api/v1/docs")

    shown = page.content.decode()
    assert page.status_code == 200
    for wanted in ("/api/v1/complaints", "Idempotency-Key", "external_id", "/api/v1/openapi.json"):
        assert wanted in shown
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "//cdn" not in shown
