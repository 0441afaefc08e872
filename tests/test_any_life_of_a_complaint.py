"""Whatever anybody tries, in whatever order: no step that the tables forbid, every stored state on the record."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.complaints import auditing as record
from huiyin.complaints import states
from huiyin.complaints.actions import closing, judging, merging, noting, replying, reviewing, waiting
from huiyin.complaints.errors import Refused
from huiyin.complaints.models import ChainHead, Complaint, Letter, Validity
from huiyin.complaints.models.complaint import Outcome
from huiyin.dispatch import states as order_states
from huiyin.dispatch.actions import auditing, dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.org.actors import CUSTOMER, Actor
from huiyin.triage.models import Category
from tests import cast

Step = Callable[[Complaint, Actor, datetime], object]
PEOPLE = (
    "agent", "reviewer", "handler", "handler2", "branch", "auditor", "supervisor", "supervisor2", "legal", "outsider",
)  # fmt: skip


def _order(complaint: Complaint) -> WorkOrder:
    return complaint.work_orders.order_by("-id")[0]


def _oldest(complaint: Complaint) -> WorkOrder:
    return complaint.work_orders.order_by("id")[0]


def _answers(order: WorkOrder) -> dict[int, str]:
    return {issue.pk: "已核实并处理。" for issue in order.issues.all()}


def _category() -> Category:
    return Category.objects.get(code="PQ-01")


STEPS: dict[str, Step] = {
    "take_up": lambda c, who, at: reviewing.take_up(c, actor=who, at=at),
    "review": lambda c, who, at: reviewing.review(
        c, category=_category(), severity=3, issues=["不通电", "没人回电"], actor=who, at=at
    ),
    "return": lambda c, who, at: reviewing.return_intake(c, reason="缺少型号", actor=who, at=at),
    "resubmit": lambda c, who, at: reviewing.resubmit(c, actor=who, at=at, supplement="型号 XQ-3"),
    "on_spot": lambda c, who, at: replying.resolve_on_spot(
        c, explanation="已当面更换电源线", customer_agreed=True, actor=who, at=at
    ),
    "dispatch": lambda c, who, at: dispatching.dispatch(
        c, orders=[Order(unit=cast.unit("QM")), Order(unit=cast.unit("LOG"))], actor=who, at=at
    ),
    "sign": lambda c, who, at: handling.sign(_order(c), actor=who, at=at),
    "sign_oldest": lambda c, who, at: handling.sign(_oldest(c), actor=who, at=at),
    "decline": lambda c, who, at: handling.decline(_order(c), reason="非本部门", actor=who, at=at),
    "redispatch": lambda c, who, at: dispatching.redispatch(
        complaint_declined(c), unit=cast.unit("CTY-E01"), actor=who, at=at
    ),
    "complete": lambda c, who, at: handling.complete(
        _order(c), findings="已查", answers=_answers(_order(c)), actor=who, at=at
    ),
    "complete_oldest": lambda c, who, at: handling.complete(
        _oldest(c), findings="已查", answers=_answers(_oldest(c)), actor=who, at=at
    ),
    "pass": lambda c, who, at: auditing.pass_(_order(c), actor=who, at=at),
    "pass_oldest": lambda c, who, at: auditing.pass_(_oldest(c), actor=who, at=at),
    "send_back": lambda c, who, at: auditing.send_back(_order(c), reason="没有说明时间", actor=who, at=at),
    "pause": lambda c, who, at: waiting.pause(c, reason="等客户发照片", actor=who, at=at),
    "resume": lambda c, who, at: waiting.resume(c, actor=who, at=at),
    "interim": lambda c, who, at: waiting.settle_for_now(
        c, plan="先给备用机", follow_up_on=(at + timedelta(days=3)).date(), actor=who, at=at
    ),
    "judge": lambda c, who, at: judging.judge(
        c, value=Validity.Value.MISUNDERSTOOD, reason="误解", evidence="录音", actor=who, at=at
    ),
    "confirm": lambda c, who, at: judging.confirm(c.validities.all()[0], actor=who, at=at),
    "answer_not_valid": lambda c, who, at: judging.answer_not_valid(c, actor=who, at=at),
    "reply": lambda c, who, at: replying.send(
        c, channel=Letter.Channel.PHONE, body="处理好了", is_final=True, actor=who, at=at
    ),
    "unreached": lambda c, who, at: replying.send(
        c, channel=Letter.Channel.PHONE, body="无人接听", is_final=True, reached=False, actor=who, at=at
    ),
    "close": lambda c, who, at: closing.close(c, outcome=Outcome.ACCEPTABLE, actor=who, at=at),
    "accept": lambda c, who, at: closing.accept(c, outcome=Outcome.SATISFIED, at=at),
    "reject": lambda c, who, at: closing.reopen(c, reason="还是坏的", actor=CUSTOMER, at=at),
    "reopen": lambda c, who, at: closing.reopen(c, reason="客户来电不认可", actor=who, at=at),
    "withdraw": lambda c, who, at: closing.withdraw(c, reason="不追究了", actor=who, at=at),
    "external": lambda c, who, at: closing.go_external(c, reason="消协调解 2026-11", actor=who, at=at),
    "back": lambda c, who, at: closing.return_from_external(c, reason="调解成功", actor=who, at=at),
    "merge": lambda c, who, at: merging.merge(c, into=cast.filed(phone="13900002222", at=at), actor=who, at=at),
    "unmerge": lambda c, who, at: merging.unmerge(c, reason="不是一件事", actor=who, at=at),
    "note": lambda c, who, at: noting.note(c, text="已电话核实", actor=who, at=at),
    "sweep": lambda c, who, at: closing.close_expired(at=at),
}
UNSIGNED = {"accept", "reject", "sweep"}  # by the customer and by the clock
USUAL = (
    "review",
    "dispatch",
    "sign",
    "complete",
    "sign_oldest",
    "complete_oldest",
    "pass",
    "pass_oldest",
    "reply",
    "accept",
)


def complaint_declined(complaint: Complaint) -> WorkOrder:
    return complaint.work_orders.filter(state=order_states.OrderState.TRANSFERRED).order_by("-id")[0]


@pytest.mark.req("A16", "A26", "A62")
@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tries=st.lists(
        st.tuples(st.one_of(st.sampled_from(USUAL), st.sampled_from(sorted(STEPS))), st.sampled_from(PEOPLE)),
        min_size=5,
        max_size=40,
    )
)
def test_no_path_leads_where_the_tables_forbid(cast_of: dict[str, Actor], tries: list[tuple[str, str]]) -> None:
    with transaction.atomic():
        complaint = cast.filed()
        for hours, (verb, person) in enumerate(tries, start=1):
            before, orders_before = complaint.state, _order_states(complaint)
            last = complaint.events.count()
            try:
                with transaction.atomic():
                    STEPS[verb](complaint, cast_of[person], cast.later(hours=hours))
            except (Refused, IndexError):
                pass
            complaint = Complaint.objects.get(pk=complaint.pk)
            _assert_lawful(complaint, before, orders_before)
            _assert_signed(complaint, last, verb, cast_of[person])
        assert list(record.verify()) == []
        transaction.set_rollback(True)


@pytest.fixture
def cast_of() -> dict[str, Actor]:
    cast.company()
    return {name: cast.actor(name) for name in PEOPLE}


def _order_states(complaint: Complaint) -> dict[int, str]:
    return dict(complaint.work_orders.values_list("pk", "state"))


def _assert_lawful(complaint: Complaint, before: str, orders_before: dict[int, str]) -> None:
    recorded = [event.particulars for event in complaint.events.all() if "to" in event.particulars]
    path = [step["from"] for step in recorded] + [recorded[-1]["to"]]
    assert path[0] == states.State.DRAFT
    assert [step["to"] for step in recorded[:-1]] == path[1:-1]
    assert path[-1] == complaint.state
    assert all(step["to"] in states.MAY_BECOME[step["from"]] for step in recorded)
    assert complaint.is_open == (complaint.state in states.OPEN)
    assert ChainHead.objects.get(pk=complaint.pk).seq == complaint.events.count()
    for pk, state in _order_states(complaint).items():
        assert _may_have_become(orders_before.get(pk, "pending_dispatch"), state)


def _assert_signed(complaint: Complaint, last: int, verb: str, who: Actor) -> None:
    """Whatever a member does stands on the record by their number; what nobody did names nobody."""
    assert who.member is not None
    new = list(complaint.events.filter(seq__gt=last).values_list("actor_kind", "actor"))
    by_member = [actor for kind, actor in new if kind == "member"]
    assert all(actor == who.member.pk for actor in by_member)
    assert all(actor is None for kind, actor in new if kind != "member")
    assert bool(by_member) == (bool(new) and verb not in UNSIGNED)


def _may_have_become(before: str, after: str) -> bool:
    """Within one act an order may take up to two steps (begun and completed, rejected and sent out again)."""
    steps = order_states.MAY_BECOME
    return before == after or after in steps[before] or any(after in steps[between] for between in steps[before])
