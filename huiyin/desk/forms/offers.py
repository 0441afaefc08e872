"""Forms around compensation: an offer's options, its approval, the customer's choice, what was given."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.compensation import worth
from huiyin.compensation.actions.offering import Terms
from huiyin.compensation.models import Instrument, Offer, Option
from huiyin.compensation.queries import current
from huiyin.compensation.rules import may_give_at_once
from huiyin.compensation.worth import Proposed
from huiyin.complaints.models import Complaint
from huiyin.desk.forms.fields import Line, Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.lib.phrasing import noted, told
from huiyin.org.models import Member

ROWS = 4
CHINESE = '<span lang="zh-Hans">{}</span>'  # the law's words
OPEN_ROWS = 2  # the customer is to have a choice (D30)


class Money(forms.DecimalField):
    """CNY."""

    def __init__(self, **given: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=12, decimal_places=2, **given)


class OfferForm(MoveForm):
    """Options in rows: how, how much, and the words for the customer."""

    explanation = Words(label=_("为什么这样补偿"), rows=2)
    price = Money(
        label=_("涉及的价款（元）"), required=False, help_text=_("客户为此支付的金额，用于法定标准和原路退款。")
    )
    floors = forms.MultipleChoiceField(
        label=_("已确认的法定情形"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("确认后，每个方案都不得低于法定标准。"),
    )  # fmt: skip
    units = forms.IntegerField(label=_("天数或次数"), min_value=1, max_value=999, initial=1, required=False)
    only_one_because = Line(label=_("只提一个方案的原因"), required=False, longest=500)
    off_tariff_because = Line(label=_("偏离参考标准的原因"), required=False, longest=500)
    at_once = forms.BooleanField(label=_("紧急安抚，即时给付（48 小时内补交书面备案）"), required=False)
    template = "desk/offers/form.html"

    def prepare(self) -> None:
        policy = current()
        instruments = [("", "")] + [(code, Instrument(code).label) for code in policy.kind_of if code in Instrument]
        for row in range(ROWS):
            self.fields[f"instrument_{row}"] = forms.ChoiceField(label=_("方式"), choices=instruments, required=False)
            self.fields[f"amount_{row}"] = Money(label=_("金额（元）"), required=False)
            self.fields[f"words_{row}"] = Line(label=_("给客户的话"), required=False, longest=500)
        floors = (
            (floor.code, format_html(CHINESE, noted(told(floor.when, floor.gives), floor.basis)))
            for floor in policy.floors.values()
        )
        choose_from(self, "floors", list(floors))
        if not may_give_at_once(self.member, policy):
            del self.fields["at_once"]
        category = self.complaint.confirmed_category or self.complaint.category
        guide = worth.guideline(policy, category.code, tier=self.complaint.tier, units=1, price=Decimal(0))
        self.guide = guide.quantize(Decimal("0.01")) if guide else None
        self.basis = policy.tariff[category.code].basis if guide else ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {"number": row + 1, "is_open": row < OPEN_ROWS, **{name: self[f"{name}_{row}"] for name in _PARTS}}
            for row in range(ROWS)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        options = []
        for row in range(ROWS):
            instrument, amount, words = (given.get(f"{name}_{row}") for name in _PARTS)
            if instrument:
                options.append(Proposed(instrument, amount or Decimal(0), words or ""))
            elif amount or words:
                self.add_error(f"instrument_{row}", gettext("请选择补偿方式。"))
        if not options and not self.errors:
            self.add_error("instrument_0", gettext("请至少填写一个方案。"))
        given["terms"] = Terms(
            options=options,
            explanation=given.get("explanation") or "",
            price=given.get("price") or Decimal(0),
            floors=given.get("floors") or (),
            units=given.get("units") or 1,
            only_one_because=given.get("only_one_because") or "",
            off_tariff_because=given.get("off_tariff_because") or "",
            at_once=bool(given.get("at_once")),
        )
        return given


_PARTS = ("instrument", "amount", "words")


class OnOfferForm(MoveForm):
    """A form about one offer."""

    def __init__(self, *args: Any, offer: Offer, complaint: Complaint, member: Member, **more: Any) -> None:
        self.offer = offer
        super().__init__(*args, complaint=complaint, member=member, **more)


class ApproveForm(OnOfferForm):
    note = Words(label=_("审批意见"), rows=2, required=False)


class RefuseForm(OnOfferForm):
    reason = Words(label=_("未获批的原因"), rows=2)


class ChooseForm(OnOfferForm):
    option = forms.ChoiceField(label=_("客户选定的方案"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.options = {str(option.pk): option for option in self.offer.options.all()}
        choices = [(pk, f"{option.get_instrument_display()} · {option.words}") for pk, option in self.options.items()]
        choose_from(self, "option", choices)

    def clean_option(self) -> Option:
        return self.options[self.cleaned_data["option"]]


class DeclineForm(OnOfferForm):
    reason = Words(label=_("客户为什么不接受"), rows=2)


class FulfilForm(OnOfferForm):
    reference = Line(label=_("凭证号"), longest=120, help_text=_("付款流水、券码、快递单号或通话编号。"))


class ReportForm(OnOfferForm):
    text = Words(label=_("书面备案"), help_text=_("当时的情况、为什么须即时安抚、客户的反应。"))
