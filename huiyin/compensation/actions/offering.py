"""提出补偿方案: two or more options, checked against law, tariff and authority, for somebody else to approve."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.compensation import authority, worth
from huiyin.compensation.actions.moving import REPORT, hold_sums, run_clock
from huiyin.compensation.models import Instrument, Offer, Option
from huiyin.compensation.policy import Policy
from huiyin.compensation.queries import awarded, current, today_of
from huiyin.compensation.states import OfferState
from huiyin.compensation.worth import Proposed
from huiyin.complaints import events
from huiyin.complaints.actions.moving import hold
from huiyin.complaints.errors import GuardFailed, MayNot
from huiyin.complaints.models import Complaint, Event
from huiyin.lib.canonical import canonical, sha256_hex
from huiyin.org.actors import Actor
from huiyin.org.models import Member
from huiyin.org.rules import Right, may

MOST_OPTIONS = 6
LARGEST = Decimal("9999999999.99")
NOT_AT_ONCE = {
    "role": gettext_lazy("您的角色没有即时安抚的授权，请提交审批。"),
    "kind": gettext_lazy("即时安抚只能用优惠券、服务抵扣等安抚方式和致歉，现金和退款须经审批。"),
    "sum": gettext_lazy("同一投诉和同一客户累计超过即时安抚的限额，请提交审批。"),
    "daily_amount": gettext_lazy("您今天即时安抚的总额已到上限，请提交审批。"),
    "daily_awards": gettext_lazy("您今天即时安抚的笔数已到上限，请提交审批。"),
    "report": gettext_lazy("您有超过时限未备案的即时安抚，请先补交书面备案。"),
}


@dataclass(frozen=True)
class Terms:
    """What is offered, and on which grounds.

    `price` is what the customer paid in the matter; `floors` the legal conditions that are confirmed; `units` how many
    times the tariff's sum is due (days late, visits missed).
    """

    options: Sequence[Proposed]
    explanation: str
    price: Decimal = Decimal(0)
    floors: Collection[str] = ()
    units: int = 1
    only_one_because: str = ""
    off_tariff_because: str = ""
    at_once: bool = False


@transaction.atomic
def offer(complaint: Complaint, *, terms: Terms, actor: Actor, at: datetime) -> Offer:
    """The options stand, approved where they cost nothing or the front line may give them at once; else they wait for
    those whose authority reaches the cumulated sum. Raises MayNot and GuardFailed."""
    member = actor.member
    if member is None or not may(member, Right.OFFER):
        raise MayNot()
    hold(complaint)
    hold_sums(complaint, member_id=member.pk)
    if not complaint.is_open:
        raise GuardFailed("state", _("投诉已了结，不能再提补偿方案。"), "explanation")
    policy = current()
    price, floors = _grounds(complaint, terms)
    _check_words(terms, policy)
    _check_floors(terms.options, policy, floors, price)
    _check_tariff(complaint, terms, policy)
    kept = _keep(complaint, terms, policy, price=price, floors=floors, member=member, at=at)
    if kept.is_at_once:
        _check_at_once(kept, policy, member, at)
    events.record(complaint, Event.Kind.OFFERED, actor=actor, at=at, offer=kept.pk, digest=_digest(kept, terms))
    _settle(kept, actor, at)
    return kept


def _grounds(complaint: Complaint, terms: Terms) -> tuple[Decimal, set[str]]:
    """What was once confirmed stays confirmed, whatever a later offer leaves out."""
    earlier = list(complaint.offers.values_list("price", "floors"))
    confirmed = set(terms.floors).union(*(floors for _price, floors in earlier))
    known = [price for price, floors in earlier if floors]
    return max([_sum(terms.price, "price"), *known]), confirmed


def _check_words(terms: Terms, policy: Policy) -> None:
    if not terms.explanation.strip():
        raise GuardFailed("explanation", _("请写明为什么这样补偿。"))
    if not 1 <= len(terms.options) <= MOST_OPTIONS:
        raise GuardFailed("options", _("请提出 1 至 %d 个方案。") % MOST_OPTIONS)
    if len(terms.options) == 1 and not terms.only_one_because.strip():
        raise GuardFailed("only_one_because", _("请至少给客户两个方案；确实只有一个的，写明原因。"))
    for option in terms.options:
        if option.instrument not in policy.kind_of:
            raise GuardFailed("options", _("没有这种补偿方式：%s。") % option.instrument)
        if not option.words.strip():
            raise GuardFailed("options", _("请为每个方案写一句给客户的话。"))
        amount = _sum(option.amount, "options")
        if amount == 0 and option.instrument in worth.NEEDS_AMOUNT:
            raise GuardFailed("options", _("“%s”须写明金额。") % Instrument(option.instrument).label)
        if amount and policy.kind_of[option.instrument] == "emotional":
            raise GuardFailed("options", _("“%s”没有金额。") % Instrument(option.instrument).label)


def _sum(amount: Decimal, where: str) -> Decimal:
    """CNY, two decimals."""
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise GuardFailed(where, _("金额须为不小于零、最多两位小数的数。"))
    return amount.quantize(Decimal("0.01"))


def _check_floors(options: Sequence[Proposed], policy: Policy, floors: Collection[str], price: Decimal) -> None:
    if unknown := sorted(set(floors) - set(policy.floors)):
        raise GuardFailed("floors", _("没有这个法定情形：%s。") % unknown[0])
    confirmed = [policy.floors[code] for code in sorted(floors)]
    if any(floor.returns_price for floor in confirmed) and price == 0:
        raise GuardFailed("price", _("已确认法定情形的，请填写涉及的价款。"))
    found = worth.below(options, confirmed, price)
    if found is not None:
        option, floor = found
        raise GuardFailed(
            "options",
            _("“%(option)s”低于法定标准：%(basis)s（%(when)s），至少 %(least)s 元。")
            % {
                "option": Instrument(option.instrument).label,
                "basis": floor.basis,
                "when": floor.when,
                "least": floor.amount(price).quantize(Decimal("0.01")),
            },
        )


def _check_tariff(complaint: Complaint, terms: Terms, policy: Policy) -> None:
    category = complaint.confirmed_category or complaint.category
    guide = worth.guideline(policy, category.code, tier=complaint.tier, units=terms.units, price=terms.price)
    goodwill = [each.amount for each in terms.options if policy.kind_of[each.instrument] == "goodwill" and each.amount]
    outside = [amount for amount in goodwill if worth.is_outside(policy, amount, guide)]
    if outside and guide is not None and not terms.off_tariff_because.strip():
        raise GuardFailed(
            "off_tariff_because",
            _("参考标准是 %(guide)s 元，%(amount)s 元相差超过一半，请写明原因。")
            % {"guide": guide.quantize(Decimal("0.01")), "amount": outside[0]},
        )


def _keep(
    complaint: Complaint, terms: Terms, policy: Policy, *, price: Decimal, floors: Collection[str], member: Member,
    at: datetime,
) -> Offer:  # fmt: skip
    rank = {kind: position for position, kind in enumerate(policy.order)}
    options = sorted(terms.options, key=lambda each: rank[policy.kind_of[each.instrument]])
    counted = max(worth.counted(each, price) for each in options)
    total = counted + awarded(complaint, at=at, window_days=policy.limits.window_days)
    kinds = frozenset(policy.kind_of[each.instrument] for each in options)
    is_free = authority.needs_nobody(policy, kinds, counted)
    waits_for = frozenset() if is_free or terms.at_once else authority.missing(policy, kinds, total, ())
    kept = Offer.objects.create(
        complaint=complaint,
        made_by=member,
        made_at=at,
        explanation=terms.explanation.strip(),
        only_one_because=terms.only_one_because.strip(),
        off_tariff_because=terms.off_tariff_because.strip(),
        price=price,
        floors=sorted(floors),
        counted=counted,
        total=total,
        policy_version=policy.number,
        waits_for=sorted(waits_for),
        is_at_once=terms.at_once and not is_free,
        report_due_at=at + timedelta(hours=policy.limits.report_hours) if terms.at_once and not is_free else None,
    )
    Option.objects.bulk_create(
        Option(
            offer=kept,
            position=position,
            kind=policy.kind_of[each.instrument],
            instrument=each.instrument,
            amount=each.amount,
            counted=worth.counted(each, price),
            words=each.words.strip(),
        )
        for position, each in enumerate(options, start=1)
    )
    return kept


def _check_at_once(kept: Offer, policy: Policy, member: Member, at: datetime) -> None:
    """The offer is written already, so the day's sums hold it too: it is taken off again. A refusal takes it back."""
    today = today_of(member, at=at)
    before = authority.Today(today.amount - kept.counted, today.awards - 1, today.owes_report)
    refused = authority.may_give_at_once(
        policy,
        member.roles,
        frozenset(kept.options.values_list("kind", flat=True)),
        sum_here=kept.total,
        amount=kept.counted,
        today=before,
    )
    if refused:
        raise GuardFailed(f"at_once_{refused}", str(NOT_AT_ONCE[refused]), "at_once")


def _settle(kept: Offer, actor: Actor, at: datetime) -> None:
    """What waits for nobody is approved by the policy itself."""
    if kept.waits_for:
        run_clock(kept, at=at)
        return
    if kept.is_at_once:
        run_clock(kept, at=at, code=REPORT)
    Offer.objects.filter(pk=kept.pk).update(state=OfferState.APPROVED, decided_at=at)
    kept.state, kept.decided_at = OfferState.APPROVED, at
    events.record(kept.complaint, Event.Kind.OFFER_APPROVED, actor=actor, at=at, offer=kept.pk, at_once=kept.is_at_once)


def _digest(kept: Offer, terms: Terms) -> str:
    """What was said and offered, without saying it: amounts and words are for those who read compensation."""
    options = [[each.instrument, str(each.amount), each.words] for each in terms.options]
    return sha256_hex(canonical({"explanation": kept.explanation, "options": options, "offer": kept.pk}))
