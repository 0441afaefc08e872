"""A handful of offers in every state, by the product's own actions, on complaints that are being worked on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from huiyin.compensation.actions import deciding, offering, settling
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Offer
from huiyin.compensation.worth import Proposed
from huiyin.complaints.models import Complaint
from huiyin.complaints.states import State
from huiyin.demo.staff import Staff
from huiyin.org.actors import CUSTOMER

RESHIP = Proposed("reship", words="今天补发一件全新的，快递单号出来就发给您")
REPLACE = Proposed("replace", words="上门换一台新的，旧机由师傅一并带走，不收费用")
LETTER = Proposed("apology_letter", words="由投诉主管书面向您致歉，说明原因和改进措施")
CALL = Proposed("manager_call", words="由投诉主管专程给您打电话，听您的意见")


def _voucher(amount: int) -> Proposed:
    return Proposed("voucher", Decimal(amount), f"给您一张 {amount} 元优惠券，一年内全场可用")


def _refund(amount: int) -> Proposed:
    return Proposed("refund", Decimal(amount), f"全额退款 {amount} 元，原路退回您的付款账户")


@dataclass(frozen=True)
class Told:
    """One offer: its options, its grounds, and the acts that follow."""

    options: tuple[Proposed, ...]
    why: str
    acts: tuple[str, ...] = ()
    price: int = 0
    floors: tuple[str, ...] = ()
    at_once: bool = False


TOLD = (
    Told((RESHIP, _refund(399), _voucher(30)), "仓库漏检，责任在我们，客户急用。", price=399),
    Told((REPLACE, _refund(1299)), "七日内性能故障，客户要求退货或换货。", price=1299, floors=("ST-5",)),
    Told((REPLACE, Proposed("cash", Decimal(6800), "赔偿误工和检测费用 6800 元")), "两次上门未修好，影响营业。"),
    Told((RESHIP, _voucher(50)), "配送延误，客户等了三天。", ("approve",)),
    Told((LETTER, CALL), "客户看重态度，先道歉。"),
    Told((LETTER, _voucher(100)), "客户情绪激动，先行安抚。", at_once=True),
    Told((RESHIP, _voucher(60)), "发错颜色，客户同意补发。", ("approve", "choose")),
    Told((_refund(268), _voucher(40)), "重复扣款已核实。", ("approve", "choose", "fulfil"), price=268),
    Told((REPLACE, _voucher(80)), "外观划伤，客户同意换货。", ("approve", "choose", "fulfil")),
    Told((_voucher(500), _voucher(300)), "客户要求高额补偿。", ("refuse",)),
    Told((CALL, _voucher(20)), "客户觉得诚意不够。", ("approve", "decline")),
)


def make(staff: Staff, *, at: datetime) -> int:
    """Each of TOLD on a complaint of its own; returns how many. None of them falls after `at`."""
    ripe = Complaint.objects.filter(
        owner_unit__code="CC", state__in=[State.IN_PROGRESS, State.IN_AUDIT, State.REPLYING], is_confidential=False
    ).select_related("category", "confirmed_category")
    one_each = {complaint.customer_id: complaint for complaint in ripe.order_by("-received_at", "-id")}
    chosen = list(one_each.values())[: len(TOLD)]
    for told, complaint in zip(TOLD, chosen, strict=False):
        _live(told, complaint, staff, at)
    return len(chosen)


def _live(told: Told, complaint: Complaint, staff: Staff, at: datetime) -> None:
    """The acts stand evenly between the complaint's last event and now."""
    last = complaint.events.order_by("-seq").values_list("at", flat=True)[0]
    step = min((at - last) / (len(told.acts) + 2), timedelta(minutes=50))
    terms = Terms(
        options=told.options,
        explanation=told.why,
        price=Decimal(told.price),
        floors=told.floors,
        off_tariff_because="客户多次来电，按影响程度确定。",
        at_once=told.at_once,
    )
    offer = offering.offer(complaint, terms=terms, actor=staff.actor("agent"), at=last + step)
    for place, act in enumerate(told.acts, start=2):
        _act(offer, act, staff, last + step * place)


def _act(offer: Offer, act: str, staff: Staff, at: datetime) -> None:
    if act == "approve":
        deciding.approve(offer, actor=staff.actor("supervisor"), at=at, note="同意，按方案执行。")
    elif act == "refuse":
        reason = "超出参考标准太多，请按实际影响重新提出。"
        deciding.refuse(offer, reason=reason, actor=staff.actor("supervisor"), at=at)
    elif act == "choose":
        settling.choose(offer, option=offer.options.all()[0], actor=CUSTOMER, at=at)
    elif act == "decline":
        settling.decline(offer, reason="客户希望先把问题查清楚。", actor=staff.actor("agent"), at=at)
    else:
        settling.fulfil(offer, reference=f"DEMO-{offer.pk:06d}", actor=staff.actor("manager"), at=at)
