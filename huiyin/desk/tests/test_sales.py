"""The sales side's board: the same complaints in five stages, their own customers' only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.desk.sales import BY_NAME, STAGES, on_stage, own_customers
from tests import cast

Sits = Callable[[str], Client]


def taken_in(**given: Any) -> Complaint:
    """By 许佳, the county shop's complaint agent."""
    return cast.filed(by=cast.actor("branch"), received_unit=cast.unit("CTY-E01"), channel="outlet", **given)


def standing(complaint: Complaint, state: State) -> None:
    closed_at = timezone.now() if state == State.CLOSED else None
    Complaint.objects.filter(pk=complaint.pk).update(state=state, closed_at=closed_at)


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_every_living_state_has_its_stage_and_only_one() -> None:
    staged = [state for stage in STAGES for state in stage.states]

    assert sorted(staged) == sorted(set(State) - {State.DRAFT, State.CLOSED, State.WITHDRAWN, State.MERGED})
    assert [str(stage.label) for stage in STAGES] == ["受理", "记录", "事件处理", "跟踪", "回复客户"]


@pytest.mark.req("B20")
def test_the_shop_follows_its_customers_through_the_five_stages(sits: Sits) -> None:
    rows = [taken_in(phone=f"1370000000{place}") for place in range(5)]
    states = (State.RECEIVED, State.ACCEPTED, State.IN_PROGRESS, State.INTERIM, State.RESOLVED)
    for row, state in zip(rows, states, strict=True):
        standing(row, state)

    page = sits("branch").get("/desk/sales/").content.decode()

    assert [page.count(f'id="card-{row.number}"') for row in rows] == [1] * 5
    assert sorted(page.index(row.number) for row in rows) == [page.index(row.number) for row in rows]
    for row, stage in zip(rows, STAGES, strict=True):
        listed = sits("branch").get(f"/desk/sales/?stage={stage.name}").content.decode()
        assert [other.number for other in rows if other.number in listed] == [row.number]


@pytest.mark.req("B20")
def test_the_board_shows_own_customers_and_key_accounts_and_nothing_out_of_sight(sits: Sits) -> None:
    own = taken_in()
    shop = cast.unit("CTY-E01")
    key = cast.filed(phone="13700000002", channel="key_account", received_unit=shop)
    by_phone = cast.filed(phone="13700000003", received_unit=shop)
    foreign = cast.filed(phone="13700000004", channel="key_account")

    page = sits("branch").get("/desk/sales/").content.decode()

    shown = [row for row in (own, key, by_phone, foreign) if row.number in page]
    assert shown == [own, key]


def test_a_closed_one_stays_for_thirty_days() -> None:
    row, member = taken_in(), cast.member("branch")
    standing(row, State.CLOSED)
    now, answered = timezone.now(), BY_NAME["answered"]

    assert list(on_stage(own_customers(member), answered, at=now)) == [row]
    assert not on_stage(own_customers(member), answered, at=now + timedelta(days=31)).exists()


def test_an_empty_board_says_so_and_others_have_none(sits: Sits) -> None:
    assert sits("branch").get("/desk/sales/").content.decode().count("这个阶段没有投诉。") == 5
    assert sits("branch").get("/desk/sales/?stage=nothing").status_code == 404
    for username in ("agent", "manager", "admin"):
        assert sits(username).get("/desk/sales/").status_code == 403
    assert "/desk/sales/" not in sits("agent").get("/desk/").content.decode()


def test_the_board_costs_the_same_with_one_row_and_with_three(sits: Sits) -> None:
    client = sits("branch")
    taken_in()
    small, listed = asked(client, "/desk/sales/"), asked(client, "/desk/sales/?stage=taken")
    taken_in(phone="13700000001")
    taken_in(phone="13700000002")

    assert asked(client, "/desk/sales/") == small
    assert asked(client, "/desk/sales/?stage=taken") == listed
