"""One row that cannot be dealt with keeps no other waiting: each sweep goes on, and comes back to it in an hour."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.complaints.actions import sweeping, waiting
from huiyin.complaints.models import Clock, Pause
from huiyin.dispatch.actions import nudging
from huiyin.dispatch.models import WorkOrder
from huiyin.sla import queries
from huiyin.sla.policy import Policy
from huiyin.supervision.actions import supervising, taking_back
from huiyin.supervision.models import SignWatch, Supervision
from tests import cast
from tests.cast import actor, later

pytestmark = pytest.mark.django_db
AT = later(days=1)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def two() -> list[WorkOrder]:
    cast.company()
    return [cast.dispatched(cast.reviewed(cast.filed(phone=f"1390000222{each}")))[0] for each in range(2)]


def failing(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, bad: Callable[[Any], bool]) -> None:
    real = getattr(module, name)

    def fails(first: Any, *others: Any, **more: Any) -> Any:
        if bad(first):
            raise ValueError("a bad row")
        return real(first, *others, **more)

    monkeypatch.setattr(module, name, fails)


def moments(rows: Any, name: str) -> list[datetime | None]:
    return list(rows.order_by("pk").values_list(name, flat=True))


def test_orders_that_nobody_signs_for(two: list[WorkOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    for order in two:
        taking_back.watch(order.complaint, at=later(minutes=30))
    failing(monkeypatch, taking_back, "_offer_on", lambda watched: watched.pk == two[0].pk)

    assert [taking_back.sweep(at=AT), taking_back.sweep(at=AT)] == [1, 0]

    bad, good = moments(SignWatch.objects, "next_at")
    assert bad == AT + AN_HOUR
    assert good != bad


def test_letters_of_supervision(two: list[WorkOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (
        supervising.supervise(order.complaint, words="？", answer_by=later(hours=9), actor=actor("manager"), at=later())
        for order in two
    )
    failing(monkeypatch, supervising, "_tell", lambda letter: letter.pk == first.pk)

    assert supervising.sweep(at=AT) == 1

    assert Supervision.objects.get(reported_at=AT) == second


def test_pauses_that_wait_long(two: list[WorkOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    for order in two:
        waiting.pause(order.complaint, reason="请客户补发票", actor=actor("agent"), at=later(hours=2))
    Pause.objects.update(attention_at=later(hours=5))
    first = Pause.objects.earliest("pk")
    failing(monkeypatch, waiting, "hold", lambda complaint: complaint.pk == first.complaint_id)

    assert waiting.sweep_pauses(at=AT) == 1

    assert moments(Pause.objects, "attention_at")[0] == AT + AN_HOUR


def test_orders_to_urge(two: list[WorkOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    WorkOrder.objects.update(nudge_at=later(hours=5))
    failing(monkeypatch, nudging, "_said", lambda order: order.pk == two[0].pk)

    assert nudging.sweep(at=AT) == 1

    assert moments(WorkOrder.objects, "nudge_at") == [AT + AN_HOUR, None]
    assert moments(WorkOrder.objects, "nudge_count") == [0, 1]


def test_clocks_all_but_the_bad_one_and_each_policy_is_read_once(
    two: list[WorkOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    reviews = Clock.objects.filter(code="CK-RESOLVE")
    Clock.objects.exclude(pk__in=reviews).update(stopped_at=later(hours=1))
    reviews.update(attention_at=later(hours=5), due_at=later(hours=6))
    bad = reviews.earliest("pk")
    failing(monkeypatch, sweeping, "_look", lambda clock: clock.pk == bad.pk)
    read: list[int] = []

    real = queries.numbered

    def numbered(number: int) -> Policy:
        read.append(number)
        return real(number)

    monkeypatch.setattr(queries, "numbered", numbered)

    assert sweeping.sweep(at=AT) == 1

    assert len(read) == 1
    assert moments(reviews, "attention_at")[0] == AT + AN_HOUR
    assert moments(reviews, "breached_at") == [None, AT]
