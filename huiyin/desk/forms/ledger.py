"""What counts towards 1+1+1, and a remedial plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.coaching.models import Entry, Plan
from huiyin.desk.forms.choices import PersonField
from huiyin.desk.forms.fields import Day, Line, Words
from huiyin.org.models import Member


class EntryForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("类别"), choices=Entry.Kind.choices, initial=Entry.Kind.HOURS, widget=forms.RadioSelect
    )
    on = Day(label=_("日期"))
    title = Line(label=_("内容"), help_text=_("课程、项目或认证的名称。"))
    hours = forms.DecimalField(
        label=_("学时"), required=False, max_digits=5, decimal_places=1, help_text=_("只有专业培训要填。")
    )
    newcomer = PersonField(label=_("新人"), required=False, help_text=_("只有培养新人要填。"))
    evidence = Words(
        label=_("凭据"), rows=2, longest=2000, help_text=_("证书号、签到表、项目报告或认证结果，别人能查到的。")
    )

    def __init__(self, data: Any = None, *, viewer: Member) -> None:
        super().__init__(data, auto_id="entry_%s", label_suffix="")
        person = self.fields["newcomer"]
        assert isinstance(person, PersonField)
        person.offer(Member.objects.visible_to(viewer).active())

    def clean_kind(self) -> Entry.Kind:
        return Entry.Kind(self.cleaned_data["kind"])


class PlanForm(forms.Form):
    steps = Words(label=_("计划内容"), rows=3, longest=4000)
    due_on = Day(label=_("完成期限"))

    def __init__(self, data: Any = None, *, plan: Plan) -> None:
        first = {"steps": plan.steps, "due_on": plan.due_on}
        super().__init__(data, auto_id=f"plan{plan.pk}_%s", label_suffix="", initial=first)


class FinishForm(forms.Form):
    result = Words(label=_("完成情况"), rows=2, longest=4000, help_text=_("不需要继续的，写明原因。"))

    def __init__(self, data: Any = None, *, plan: Plan) -> None:
        super().__init__(data, auto_id=f"finish{plan.pk}_%s", label_suffix="")
