"""What is typed about the red channel, into what its policy keeps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.administration.forms import Tree
from huiyin.org.models import Unit
from huiyin.redchannel.models import RedPolicy
from huiyin.redchannel.outbreak import Bounds
from huiyin.triage.models import SEVERITIES, SeverityRule


class ArrangementForm(forms.Form):
    levels = forms.TypedMultipleChoiceField(
        label=_("这些等级一律进入红色通道"), choices=SEVERITIES, coerce=int, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    rules = forms.MultipleChoiceField(
        label=_("命中这些分级规则的也进入"), widget=forms.CheckboxSelectMultiple, required=False
    )
    group_code = Tree(label=_("先呼叫哪个单位"), queryset=Unit.objects.none(), to_field_name="code")
    every_minutes = forms.IntegerField(label=_("没人确认时，隔几分钟再呼叫"), min_value=1, max_value=60)
    widen_after = forms.IntegerField(
        label=_("几轮后扩大一级"), min_value=1, max_value=20, help_text=_("先扩大到经理和总监，再到主管。")
    )
    times = forms.FloatField(
        label=_("一小时的舆情提及是平时的几倍算爆发"), min_value=1.5, max_value=100,
        help_text=_("平时：最近七天每小时的平均。"),
    )  # fmt: skip
    at_least = forms.IntegerField(label=_("并且一小时不少于几次"), min_value=1, max_value=1_000_000)
    reach = forms.IntegerField(label=_("或者单条内容触达多少人"), min_value=1, max_value=1_000_000_000)
    daily_level = forms.TypedChoiceField(label=_("每天向管理层报告哪一级的在办"), choices=SEVERITIES, coerce=int)

    def __init__(self, data: Any = None, *, policy: RedPolicy) -> None:
        bounds = Bounds.of(policy.mentions)
        kept = {
            name: getattr(policy, name)
            for name in ("levels", "rules", "group_code", "every_minutes", "widen_after", "daily_level")
        }
        initial = {**kept, "times": f"{bounds.times:g}", "at_least": bounds.at_least, "reach": bounds.reach}
        super().__init__(data, initial=initial, label_suffix="")
        self.policy = policy
        rules: Any = self.fields["rules"]
        known = {rule.code: str(rule) for rule in SeverityRule.objects.filter(is_active=True)}
        rules.choices = list((known | {code: code for code in policy.rules if code not in known}).items())
        group: Any = self.fields["group_code"]
        group.queryset = Unit.objects.active()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("levels") and not given.get("rules") and not self.errors:
            self.add_error("levels", _("至少选一个等级或一条规则，不然谁也进不了红色通道。"))
        return given

    @property
    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        mentions = {name: given.pop(name) for name in ("times", "at_least", "reach")}
        return {
            **given,
            "group_code": given["group_code"].code,
            "mentions": {**self.policy.mentions, **mentions},
        }
