"""Level and complexity of an open complaint, after its review."""

from dataclasses import replace
from datetime import datetime

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.actions import clocks
from huiyin.complaints.models.complaint import Severity
from huiyin.desk.forms.fields import Words
from huiyin.desk.forms.moves import MoveForm
from huiyin.desk.forms.timing import shown
from huiyin.lib.phrasing import listed, noted, told
from huiyin.sla import promises
from huiyin.sla.queries import NoPolicy, current
from huiyin.triage.models import Category


class RegradeForm(MoveForm):
    severity = forms.TypedChoiceField(
        label=_("投诉等级"), choices=Severity.choices, coerce=int, widget=forms.RadioSelect
    )
    complexity = forms.ChoiceField(label=_("复杂度"), choices=Category.Complexity.choices, widget=forms.RadioSelect)
    reason = Words(label=_("为什么重新定级"), rows=2, help_text=_("一级和调低等级须由投诉主管确认。"))

    def prepare(self) -> None:
        complaint = self.complaint
        self.initial = {"severity": complaint.severity, "complexity": complaint.complexity, **self.initial}

    @property
    def effects(self) -> list[str]:
        rule = gettext(
            "时限从原来的起点重算：更短的马上生效（可能立即超时），更长的须由另一位主管按延期审批，批准前仍按原时限。"
        )
        told_to = gettext("承办单位和新等级的负责人会收到通知；一级还会启动红色通道。")
        return [*self._foreseen(), rule, told_to]

    def _foreseen(self) -> list[str]:
        """By when it is to be solved at each level; what runs says that it runs."""
        try:
            policy = current()
        except NoPolicy:
            return []
        complaint = self.complaint
        running = clocks.order_clock(complaint)
        if running is None:
            return []
        category = complaint.confirmed_category or complaint.category
        inputs = clocks.inputs_of(complaint, issue_class=category.issue_class, acts=category.acts)
        lines = [gettext("现在：%s 前解决") % shown(complaint.due_at)]
        for level in Severity:
            said = []
            for complexity in Category.Complexity:
                wanted = replace(inputs, level=f"L{level.value}", cx=str(complexity.value))
                if ends := _solved_by(policy, running.started_at, wanted):
                    said.append(noted(gettext("、最终 ").join(shown(at) for at in ends), str(complexity.label)))
            lines.append(told(str(level.label), listed(said)))
        return lines


def _solved_by(policy: promises.Policy, start: datetime, inputs: promises.Inputs) -> list[datetime]:
    found = promises.deadlines(policy, clocks.WHOLE[::-1], start=start, inputs=inputs)
    return [found[code].due_at for code in (clocks.RESOLVE, clocks.FINAL) if code in found]
