"""A machine may not send a customer what a person may not."""

import pytest

from huiyin.api.tests.calling import Caller
from huiyin.complaints.models import Complaint, Letter
from huiyin.complaints.states import State
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.req("D28")
def test_a_forbidden_phrase_is_refused_with_why_and_what_to_write_instead() -> None:
    cast.company()
    complaint = cast.waiting_for_reply()

    answer = Caller("agent").post(
        f"/complaints/{complaint.number}/letters",
        {
            "channel": "phone",
            "body": "对不起,但是这不归我管。",
            "final": True,
            "cause": "other",
            "breach_reason": "配件晚到一天",
        },
    )

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:huiyin:phrase-blocked"
    assert problem["errors"][0]["field"] == "body"
    assert "带辩解的道歉（FP-12）。可以改成：对不起，是我们没做好。" in problem["detail"]
    assert "推诿（FP-03）" in problem["detail"]
    assert not Letter.objects.exists()
    assert Complaint.objects.get(pk=complaint.pk).state == State.REPLYING
