"""Whatever anybody sends to any form: an answer, never a fault, and nothing half done."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.complaints.models import Complaint
from huiyin.portal.tests.visiting import GIVEN, number_of
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_company")]

NASTY = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        ["\x00", "\ud800", "9" * 400, "' OR 1=1 --", "{{7*7}}", "<svg onload=alert(1)>", "\u202e", "../../etc/passwd"]
    ),
)
quick = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quick
@given(changes=st.dictionaries(st.sampled_from([*GIVEN, "form", "site", "photos"]), NASTY, min_size=1))
def test_the_form(client: Client, changes: dict[str, str]) -> None:
    client.defaults["REMOTE_ADDR"] = "203.0.113.1"
    form = number_of(client.get("/portal/").content.decode())
    given_now = {
        **GIVEN,
        "form": form,
        **{name: text.encode("utf-8", "replace").decode() for name, text in changes.items()},
    }

    assert client.post("/portal/", given_now).status_code in {303, 422, 429}


@quick
@given(
    what=st.sampled_from(["addition", "acceptance", "rejection", "withdrawal"]),
    fields=st.dictionaries(st.sampled_from(["a-text", "y-outcome", "n-reason", "w-reason", "a-form", "n-form"]), NASTY),
)
def test_the_acts(client: Client, what: str, fields: dict[str, str]) -> None:
    complaint = Complaint.objects.first() or cast.filed()
    sent = {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}

    response = client.post(f"/portal/t/{complaint.tracking_code}/{what}", sent)

    assert response.status_code in {422, 429}
    assert complaint.events.count() == 1


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]
)
def test_a_body_that_is_no_form(client: Client, media_type: str) -> None:
    assert client.post("/portal/", b"\x00\xff{", content_type=media_type).status_code in {400, 422}
