"""A customer's tier by hand; a rule of tiers."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.customers.models import Customer, TierRule
from huiyin.desk.forms.fields import Day, Line, Words
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.forms.offers import Money

USUALLY = timedelta(days=90)


class TierForm(MoveForm):
    tier = forms.ChoiceField(label=_("客户级别"), choices=Customer.Tier.choices, widget=forms.RadioSelect)
    reason = Words(label=_("为什么人工指定"), rows=2)
    until = Day(label=_("到哪天为止"), help_text=_("过了这一天，又按规则定级。最长一年。"))

    def prepare(self) -> None:
        until = timezone.localdate() + USUALLY
        self.initial = {"tier": self.complaint.tier, "until": until.isoformat(), **self.initial}

    @property
    def effects(self) -> list[str]:
        return [
            gettext("与级别有关的时限从原来的起点重算：更短的马上生效，更长的要走延期审批。"),
            gettext("不改变等级、法定时限和成立判断。"),
        ]


class WorthForm(MoveForm):
    contribution = Money(label=_("近 12 个月贡献（元）"), required=False, help_text=_("不知道的留空。"))
    since = Day(label=_("合作开始"), required=False)
    is_by_contract = forms.BooleanField(label=_("合同约定为 VIP"), required=False)
    reason = Words(label=_("依据"), rows=2, help_text=_("例如合同号、哪天从哪个系统查到。"))

    def prepare(self) -> None:
        customer = self.complaint.customer
        names = ("contribution", "since", "is_by_contract")
        self.initial = {**{name: getattr(customer, name) for name in names}, **self.initial}

    @property
    def effects(self) -> list[str]:
        return [
            gettext("级别按规则马上重定；已人工指定的，到期以后再定。"),
            gettext("记录里只写改了哪一项，不写数字。"),
        ]


class TierRuleForm(forms.Form):
    name_zh = Line(label=_("中文名称"), longest=60)
    name_en = Line(label=_("英文名称"), longest=100, required=False)
    tier = forms.ChoiceField(label=_("客户级别"), choices=Customer.Tier.choices)
    threshold = forms.IntegerField(label=_("达到多少"), min_value=0, max_value=100)
    position = forms.IntegerField(label=_("顺序"), min_value=1, max_value=999, help_text=_("先符合的先定。"))
    is_active = forms.BooleanField(label=_("启用"), required=False)

    def __init__(self, *args: object, rule: TierRule, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # what a form takes
        self.fields["threshold"].label = rule.get_basis_display()
        if rule.basis == TierRule.Basis.CONTRACT:
            del self.fields["threshold"]
