"""Forms around incidents, investigations and root causes."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.desk.forms.choices import PersonField
from huiyin.desk.forms.fields import Line, Moment, Words, choose_from
from huiyin.desk.forms.moves import MoveForm
from huiyin.dispatch.queries import proposal
from huiyin.org.models import Member
from huiyin.quality.gates import MOST, Seat
from huiyin.quality.labels import hint_of, label_of
from huiyin.quality.models import Discipline, Incident, IncidentClass, Investigation, Step, TeamMember
from huiyin.quality.models.recurrence import QUARTER

MARKET = _("可能引发股价波动（董事会秘书办公室参与，通知越级直达高管）")


def class_choices() -> list[tuple[str, str]]:
    return [(each.code, each.name) for each in IncidentClass.objects.all()]


def class_named(code: str) -> IncidentClass:
    return IncidentClass.objects.get(code=code)


class IncidentForm(MoveForm):
    """列入事件: one that is open, or a new one."""

    incident = forms.ChoiceField(label=_("列入哪个事件"), required=False)
    kind = forms.ChoiceField(label=_("新事件的类别"), required=False, widget=forms.RadioSelect)
    title = Line(label=_("新事件的标题"), required=False)
    is_market_moving = forms.BooleanField(label=MARKET, required=False)

    def prepare(self) -> None:
        seen = Incident.objects.visible_to(self.member).exclude(state=Incident.State.ENDED)
        self.open_ones = {each.number: each for each in seen.exclude(links__complaint=self.complaint)[:100]}
        named = [(number, f"{number} {each.title}") for number, each in self.open_ones.items()]
        choose_from(self, "incident", [("", gettext("新事件")), *named])
        choose_from(self, "kind", class_choices())
        self.initial = {"kind": proposal(self.complaint).incident, **self.initial}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["incident"] = self.open_ones.get(given.get("incident", ""))
        if given["incident"] is None:
            for name in ("kind", "title"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, gettext("新事件须填写类别和标题。"))
        if given.get("kind"):
            given["kind"] = class_named(given["kind"])
        return given


class InvestigationForm(MoveForm):
    title = Line(label=_("调查什么问题"))

    def prepare(self) -> None:
        category = self.complaint.confirmed_category or self.complaint.category
        self.initial = {"title": f"{category.name} {self.complaint.sku}".strip(), **self.initial}


class NewIncidentForm(forms.Form):
    """An incident that was seen before anybody complained."""

    kind = forms.ChoiceField(label=_("类别"), widget=forms.RadioSelect)
    title = Line(label=_("标题"))
    summary = Words(label=_("情况"), required=False)
    is_market_moving = forms.BooleanField(label=MARKET, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        choose_from(self, "kind", class_choices())

    def clean_kind(self) -> IncidentClass:
        return class_named(self.cleaned_data["kind"])


class DutyForm(forms.Form):
    """One line of the checklist: who answers for it by when, or by what one can tell that it is done."""

    owner = PersonField(label=_("负责人"), required=False)
    due_at = Moment(label=_("期限"), required=False, widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))
    evidence = Words(label=_("完成凭据（填写即为完成）"), rows=2, required=False)

    def __init__(self, data: Any = None, *, pk: int, people: Any, **more: Any) -> None:
        super().__init__(data, auto_id=f"duty{pk}_%s", label_suffix="", **more)
        person = self.fields["owner"]
        assert isinstance(person, PersonField)
        person.queryset = Member.objects.active()
        person.choices = people  # read once for the whole checklist


class ReportForm(forms.Form):
    text = Words(label=_("情况、原因、下一步"), rows=4)


class ConclusionForm(forms.Form):
    conclusion = Words(label=_("结论"), rows=3)


class StepForm(forms.Form):
    """What one discipline asks, as the configuration has it."""

    def __init__(self, data: Any = None, *, step: Step, discipline: Discipline) -> None:
        super().__init__(data, auto_id=f"{step.code}_%s", label_suffix="", initial=step.values)
        for field in discipline.fields:
            self.fields[field["name"]] = Words(
                label=label_of(field["name"]), help_text=hint_of(field["hint"]), rows=2, required=False
            )


class TeamForm(forms.Form):
    """D1: up to ten people, the scope, and the first meeting."""

    scope = Line(label=_("工作范围"), longest=500, required=False)
    kickoff_at = Moment(label=_("启动会时间"), required=False, widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))
    kickoff_minutes = Words(label=_("会议记录：参加单位、分工、下次会议"), rows=4, required=False)

    def __init__(self, data: Any = None, *, investigation: Investigation) -> None:
        first = {name: getattr(investigation, name) for name in ("scope", "kickoff_at", "kickoff_minutes")}
        for row, each in enumerate(investigation.team.all()):
            first |= {f"{name}_{row}": getattr(each, name) for name in ("name", "department", "role", "authority")}
        super().__init__(data, auto_id="D1_%s", label_suffix="", initial=first)
        for row in range(MOST):
            self.fields[f"name_{row}"] = Line(label=gettext("姓名"), longest=64, required=False)
            self.fields[f"department_{row}"] = Line(label=gettext("部门"), longest=100, required=False)
            self.fields[f"role_{row}"] = forms.ChoiceField(
                label=gettext("角色"), choices=TeamMember.Role.choices, required=False,
                initial=("champion", "leader")[row] if row < 2 else "member",
            )  # fmt: skip
            self.fields[f"authority_{row}"] = Line(label=gettext("处置权限"), required=False)

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        names = ("name", "department", "role", "authority")
        return [{name: self[f"{name}_{row}"] for name in names} for row in range(MOST)]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in ("scope", "kickoff_at", "kickoff_minutes")]

    @property
    def seats(self) -> list[Seat]:
        given = self.cleaned_data
        return [
            Seat(
                name=given[f"name_{row}"],
                department=given[f"department_{row}"],
                role=given[f"role_{row}"] or "member",
                authority=given[f"authority_{row}"],
            )
            for row in range(MOST)
            if given[f"name_{row}"]
        ]


class PlanForm(forms.Form):
    quarter = forms.RegexField(QUARTER, label=_("考核季度"), help_text=_("例如 2026Q4"))
    project = Line(label=_("改进项目（编号或名称）"), required=False)
    objective = Line(label=_("对应 OKR（目标或链接）"), longest=300, required=False)


class CauseForm(forms.Form):
    cause = Words(label=_("根因分析报告"), rows=6)
    redesign = Words(label=_("流程再造方案"), rows=6)
