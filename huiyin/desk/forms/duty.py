"""Forms of the roster: a desk, a shift, who has it, and who is away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.choices import PersonField
from huiyin.desk.forms.fields import Day, Line, Moment
from huiyin.duty.models import Absence, Shift
from huiyin.org.models import Member, Unit
from huiyin.org.models.people import MemberQuerySet

WEEKDAYS = (
    (1, _("周一")), (2, _("周二")), (3, _("周三")), (4, _("周四")), (5, _("周五")), (6, _("周六")), (7, _("周日")),
)  # fmt: skip
ZONES = [
    (zone, zone)
    for zone in (
        "Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Asia/Dubai",
        "Europe/Moscow", "Africa/Nairobi", "Europe/Berlin", "Europe/Paris", "Africa/Lagos", "Europe/London",
        "America/Sao_Paulo", "America/New_York", "America/Chicago", "America/Mexico_City", "America/Los_Angeles",
        "Australia/Sydney", "UTC",
    )
]  # fmt: skip


def _weekdays(**given: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("星期"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple, **given
    )


def _picker() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("请填写时刻，例如 22:00。")},
    )


class DeskForm(forms.Form):
    name_zh = Line(label=_("中文名称"), longest=60)
    name_en = Line(label=_("英文名称"), longest=100, required=False)
    time_zone = forms.ChoiceField(label=_("时区"), choices=ZONES, help_text=_("班次按这里的钟点计。"))
    is_round_the_clock = forms.BooleanField(label=_("7×24 小时，任何时候都要有人"), required=False, initial=True)


class NewDesk(DeskForm):
    code = forms.SlugField(label=_("编码"), max_length=32, help_text=_("小写字母、数字，如 emea，以后不能改。"))
    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none(), to_field_name="code")
    field_order = ("code", "name_zh", "name_en", "unit")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a model choice


class ExistingDesk(DeskForm):
    is_active = forms.BooleanField(label=_("启用"), required=False)


class ShiftForm(forms.Form):
    name = Line(label=_("班次名称"), longest=30, help_text=_("如“早班”“夜班”。"))
    name_en = Line(label=_("英文名称"), longest=60, required=False, help_text=_("留空就用中文名称。"))
    starts = _clock(_("上班"))
    ends = _clock(_("下班"))
    weekdays = _weekdays(initial=[1, 2, 3, 4, 5, 6, 7])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].help_text = _("早于上班即为次日；与上班相同即为二十四小时。")


def _named(shift: Shift) -> str:
    return f"{shift.label} {shift.starts:%H:%M}-{shift.ends:%H:%M}"


class AssignmentForm(forms.Form):
    member = PersonField(label=_("谁"))
    shift = forms.ModelChoiceField(
        label=_("班次"),
        queryset=Shift.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"translate": "no"}),  # the company's own names
    )
    first = Day(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = Day(
        label=_("到"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("留空为一直；只排一天就填同一天。"),
    )
    weekdays = _weekdays(initial=[1, 2, 3, 4, 5])

    def __init__(self, *args: Any, people: MemberQuerySet, shifts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].offer(people)  # type: ignore[attr-defined]  # our own field
        self.fields["shift"].queryset = shifts  # type: ignore[attr-defined]  # a model choice
        self.fields["shift"].label_from_instance = _named  # type: ignore[attr-defined]  # a model choice


class AbsenceForm(forms.Form):
    member = PersonField(label=_("谁不在岗"))
    starts_at = Moment(
        label=_("从"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = Moment(
        label=_("到"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    deputy = PersonField(
        label=_("代理人"),
        required=False,
        help_text=_("本应由您处理的会交给代理人；代理人也不在时，再往下找。"),
    )
    reason = forms.ChoiceField(
        label=_("原因"), choices=Absence.Reason.choices, help_text=_("只有您、代理人和排班的主管看得到。")
    )

    def __init__(self, *args: Any, people: MemberQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].offer(people)  # type: ignore[attr-defined]  # our own field
        self.fields["deputy"].offer(Member.objects.active())  # type: ignore[attr-defined]  # our own field
