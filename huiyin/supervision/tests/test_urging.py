"""A complaint is urged wherever it is stuck, and whoever it waits for is told; by its customer too, once a day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.complaints.actions import keeping, urging
from huiyin.complaints.errors import GuardFailed, MayNot, MoveRefused
from huiyin.complaints.models import Clock, Complaint
from huiyin.complaints.rules import may_do
from huiyin.notices.models import Notice
from huiyin.org.actors import CUSTOMER
from huiyin.supervision.actions import passing_on
from tests import cast
from tests.cast import actor, later, member


@pytest.fixture(autouse=True)
def company(db: None) -> None:
    cast.company()


def told(complaint: Complaint) -> set[str]:
    """Whom the last urging has reached."""
    event = urging.urgings(complaint).order_by("-seq")[0]
    passing_on.pass_on(complaint, at=event.at)
    return set(Notice.objects.filter(key=f"event:{event.pk}").values_list("member__username", flat=True))


@pytest.mark.req("B25")
def test_whoever_it_waits_for_is_told_wherever_it_is_stuck_and_nobody_nags() -> None:
    complaint = cast.filed()
    assert urging.urge(complaint, actor=actor("supervisor"), at=later(minutes=5)) == 1
    assert told(complaint) == {"reviewer", "supervisor2"}  # whose turn it is; not whoever asked
    with pytest.raises(GuardFailed, match="30 分钟内"):
        urging.urge(complaint, actor=actor("manager"), at=later(minutes=34))
    with pytest.raises(MayNot):
        urging.urge(complaint, actor=actor("agent2"), at=later(hours=1))
    keeping.assign(complaint, to=member("agent"), actor=actor("reviewer"), at=later(minutes=36))
    assert may_do("urge", complaint, member("agent"))
    assert not may_do("urge", complaint, member("agent2"))

    [order] = cast.dispatched(cast.reviewed(complaint))
    assert urging.urge(complaint, actor=actor("agent"), at=later(hours=2)) == 2
    assert told(complaint) == {"handler", "lead"}
    order.refresh_from_db()
    assert order.nudge_count == 0
    for state, who in (("in_audit", "auditor"), ("replying", "agent")):
        Complaint.objects.filter(pk=complaint.pk).update(state=state)
        complaint.work_orders.update(state="passed")
        count = urging.urgings(complaint).count()
        urging.urge(complaint, actor=actor("supervisor"), at=later(hours=3 + count))
        assert who in told(Complaint.objects.get(pk=complaint.pk))
    Complaint.objects.filter(pk=complaint.pk).update(state="resolved")
    with pytest.raises(MoveRefused):
        urging.urge(complaint, actor=actor("supervisor"), at=later(days=2))


@pytest.mark.req("B25")
def test_the_customer_asks_us_to_hurry_once_a_day_and_whoever_has_it_is_told(client: Client) -> None:
    complaint = cast.filed(at=timezone.now() - timedelta(hours=1))
    keeping.assign(complaint, to=member("agent"), actor=actor("reviewer"), at=timezone.now())
    here = reverse("portal:progress", args=[complaint.tracking_code])
    page = client.get(here)
    assert "催一下" in page.content.decode()
    given = {"u-form": page.context["urging"].fresh}

    first = client.post(reverse("portal:urge", args=[complaint.tracking_code]), given)
    again = client.post(
        reverse("portal:urge", args=[complaint.tracking_code]), {"u-form": client.get(here).context["urging"].fresh}
    )

    assert (first.status_code, again.status_code) == (303, 422)
    assert "24 小时内已催办过" in again.content.decode()
    assert "负责的人已收到通知" in client.get(here).content.decode()
    assert told(complaint) == {"reviewer", "supervisor", "supervisor2", "agent"}
    assert urging.urge(complaint, actor=CUSTOMER, at=timezone.now() + timedelta(hours=25)) == 2


def test_a_row_of_the_board_that_no_order_has_is_urged_from_the_row(client: Client) -> None:
    complaint = cast.filed(at=timezone.now() - timedelta(hours=1))
    Clock.objects.filter(complaint=complaint).update(due_at=timezone.now() - timedelta(minutes=5))
    client.force_login(member("supervisor"))
    place = reverse("desk:board-act", args=[complaint.number, "urging"])
    assert place in client.get(reverse("desk:board")).content.decode()

    done = client.post(place, headers={"HX-Request": "true"})
    again = client.post(place, headers={"HX-Request": "true"})

    assert (done.status_code, again.status_code) == (200, 422)
    assert "已催 1 次" in client.get(reverse("desk:board")).content.decode()
    client.force_login(member("outsider"))
    assert client.post(place).status_code == 404
