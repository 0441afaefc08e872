"""The steps of a life that the departments, branches and auditors take, by the product's own actions."""

from datetime import datetime, timedelta

from huiyin.complaints.actions import judging, returning, waiting
from huiyin.complaints.lateness import unexplained
from huiyin.complaints.models.parts import Validity
from huiyin.demo.lives import Life
from huiyin.demo.scripts import phrases
from huiyin.demo.variation import ZONE
from huiyin.dispatch.actions import auditing, dispatching, handling
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.states import OrderState
from huiyin.org.actors import Actor

AT_WORK = (OrderState.ACKNOWLEDGED, OrderState.HANDLING)


def dispatch(life: Life, at: datetime) -> None:
    instructions = life.phrase("instruction", at)
    issues = list(life.complaint.issues.all())
    if life.fate.two_units and len(issues) > 1:
        parts = [(life.department, issues[:1]), (life.second_department, issues[1:])]
    else:
        parts = [(life.department, [])]
    orders = [
        Order(unit=life.company.staff.team(department), issues=part, instructions=instructions)
        for department, part in parts
    ]
    life.orders = dispatching.dispatch(life.complaint, orders=orders, actor=life.reviewer(at), at=at)


def decline(life: Life, at: datetime) -> None:
    handling.decline(life.orders[0], reason=life.phrase("decline", at), actor=_handler(life, life.orders[0]), at=at)


def redispatch(life: Life, at: datetime) -> None:
    unit = life.company.staff.team(life.second_department)
    life.orders[0] = dispatching.redispatch(life.orders[0], unit=unit, actor=life.reviewer(at), at=at)


def sign(life: Life, at: datetime) -> None:
    for order in _those(life, OrderState.DISPATCHED):
        handling.sign(order, actor=_handler(life, order), at=at)


def receive_return(life: Life, at: datetime) -> None:
    returning.receive(life.complaint, actor=_handler(life, life.orders[0]), at=at)


def process_return(life: Life, at: datetime) -> None:
    returning.process(life.complaint, actor=_handler(life, life.orders[0]), at=at)


def begin(life: Life, at: datetime) -> None:
    for order in _those(life, OrderState.ACKNOWLEDGED):
        handling.begin(order, actor=_handler(life, order), at=at)


def complete(life: Life, at: datetime) -> None:
    answers = life.story.answers(at)
    made_up = str(phrases()["made_up"])
    for order in _those(life, *AT_WORK):
        more = made_up if order.round > 1 else ""
        handling.complete(
            order,
            findings=life.story.finding(at) + more,
            answers={issue.pk: answers[issue.position - 1] + more for issue in order.issues.all()},
            actor=_handler(life, order),
            at=at,
            breach_reason=_why_late(life, order, at),
        )


def send_back(life: Life, at: datetime) -> None:
    reason = life.phrase("send_back", at)
    auditing.send_back(life.orders[0], reason=reason, actor=_auditor(life), at=at)


def pass_(life: Life, at: datetime) -> None:
    done = _those(life, OrderState.COMPLETED)
    for order in done[:1] if life.fate.stands and life.fate.two_units else done:
        auditing.pass_(order, actor=_auditor(life), at=at)


def dispatch_again(life: Life, at: datetime) -> None:
    """The supervisor gives a reopened complaint to somebody else: in the same department where there is another."""
    before = _handled_before(life)
    staff = life.company.staff
    departments = (life.department, life.second_department, "CC", "QM")
    department = next(code for code in departments if not before.issuperset(staff.handlers(code)))
    order = Order(unit=staff.team(department), instructions=life.phrase("reject", at))
    life.orders = dispatching.dispatch(life.complaint, orders=[order], actor=life.actor("supervisor"), at=at)


def sign_again(life: Life, at: datetime) -> None:
    handling.sign(life.orders[0], actor=_newcomer(life), at=at)


def complete_again(life: Life, at: datetime) -> None:
    again = phrases()["again_answer"]
    answers = [str(again).replace("{answer}", answer) for answer in life.story.answers(at)]
    order = life.orders[0]
    handling.complete(
        order,
        findings=str(phrases()["again_finding"]).replace("{finding}", life.story.finding(at)),
        answers={issue.pk: answers[issue.position - 1] for issue in order.issues.all()},
        actor=_newcomer(life),
        at=at,
        breach_reason=_why_late(life, order, at),
    )


def _why_late(life: Life, order: WorkOrder, at: datetime) -> str:
    late = unexplained(life.complaint, at, handling.ended_by(order))
    return life.phrase("late", at) if late else ""


def interim(life: Life, at: datetime) -> None:
    first = life.company.today if life.fate.stands else at
    day = (first + timedelta(days=life.rng.randrange(2, 6))).astimezone(ZONE).date()
    plan = life.phrase("interim", at)
    waiting.settle_for_now(life.complaint, plan=plan, follow_up_on=day, actor=_handler(life, life.orders[0]), at=at)


def judge(life: Life, at: datetime) -> None:
    evidence = life.phrase("not_valid", at)
    judging.judge(
        life.complaint, value=Validity.Value.CUSTOMERS_OWN, reason="部门核查无差错，客户主张与记录不符。",
        evidence=evidence, actor=_handler(life, life.orders[0]), at=at,
    )  # fmt: skip


def _those(life: Life, *states: OrderState) -> list[WorkOrder]:
    return [order for order in life.orders if order.state in states]


def _names(life: Life, order: WorkOrder) -> tuple[str, ...]:
    return life.company.staff.handlers(life.company.staff.department_of(order.unit_id))


def _handler(life: Life, order: WorkOrder) -> Actor:
    """Whoever signed; else the department's first, who is of the cast where it has one, or now and then the second."""
    if order.handler_id is not None:
        return life.company.staff.actor_numbered(order.handler_id)
    names = _names(life, order)
    second = not life.fate.stands and life.story.number % 5 < 2
    return life.actor(names[-1] if second else names[0])


def _newcomer(life: Life) -> Actor:
    """Another than those who handled it before it came back."""
    order = life.orders[0]
    if order.handler_id is not None:
        return _handler(life, order)
    before = _handled_before(life)
    return life.actor(next(name for name in _names(life, order) if name not in before))


def _handled_before(life: Life) -> set[str]:
    handled = WorkOrder.objects.filter(complaint=life.complaint).exclude(handler=None)
    return set(handled.values_list("handler__username", flat=True))


def _auditor(life: Life) -> Actor:
    return life.actor(("auditor", "auditor2")[life.story.number % 2])
