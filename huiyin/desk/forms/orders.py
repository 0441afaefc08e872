"""Forms around work orders: sending them out, answering, auditing."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints.models import Complaint, Issue
from huiyin.desk.forms.choices import PersonField, UnitField
from huiyin.desk.forms.fields import Files, Line, Moment, Words
from huiyin.desk.forms.moves import MoveForm, ask_why
from huiyin.dispatch.actions import reassigning
from huiyin.dispatch.actions.dispatching import Order
from huiyin.dispatch.actions.handling import ended_by
from huiyin.dispatch.guards import WORKING_KINDS
from huiyin.dispatch.models import WorkOrder
from huiyin.dispatch.queries import kept_away, proposal
from huiyin.dispatch.routing import Proposal
from huiyin.dispatch.wording import EFFECTS, words
from huiyin.duty.models import Absence
from huiyin.lib.phrasing import listed, noted
from huiyin.org.models import Member, Unit
from huiyin.org.rules import Right

ROWS = 4


class OrderForm(MoveForm):
    """A form about one order."""

    def __init__(self, *args: Any, order: WorkOrder, complaint: Complaint, member: Member, **more: Any) -> None:
        self.order = order
        super().__init__(*args, complaint=complaint, member=member, **more)


class OrderPlainForm(OrderForm):
    """Nothing to fill in."""


class DeclineForm(OrderForm):
    reason = Words(label=_("为什么不属于本单位"), help_text=_("退回派单人，计为一次误派。"))


class OrderReasonForm(OrderForm):
    reason = Words(label=_("理由"))


class SendBackForm(OrderForm):
    reason = Words(label=_("哪里不合格，须补什么"))


class RowsForm(MoveForm):
    """Up to ROWS orders at once: for each its unit, its issues, perhaps a person and an earlier date."""

    instructions = Words(label=_("派单说明"), rows=2, required=False)
    template = "desk/forms/dispatch.html"
    units: Any = None
    proposed: Proposal | None = None

    def prepare(self) -> None:
        units = list(self.offered())
        people = self.people = self._people(units)
        issues = [(str(issue.pk), issue.text) for issue in self.askable()]
        for row in range(ROWS):
            self._add_row(row, units, people, issues)

    def offered(self) -> Any:
        return Unit.objects.active().filter(kind__in=sorted(WORKING_KINDS))

    def askable(self) -> list[Issue]:
        return [issue for issue in self.complaint.issues.all() if not issue.is_dropped]

    def _people(self, units: list[Unit]) -> list[tuple[str, Any]]:
        seen = Member.objects.visible_to(self.member).active().with_right(Right.SIGN)
        theirs = seen.filter(unit__in=[unit.pk for unit in units]).select_related("unit").order_by("unit__path", "name")
        self.members = {str(person.pk): person for person in theirs}
        return [("", gettext("不指定（单位内任何人可签收）"))] + [
            (pk, noted(person.name, person.username, person.unit.name)) for pk, person in self.members.items()
        ]

    def _add_row(self, row: int, units: list[Unit], people: list[Any], issues: list[tuple[str, str]]) -> None:
        self.unit_named = {str(unit.pk): unit for unit in units}
        named = [("", "")] + [(str(unit.pk), "　" * min(unit.depth, 3) + unit.name) for unit in units]
        wrong = {"invalid_choice": gettext("请从列出的选项中选择。")}
        self.fields[f"unit_{row}"] = forms.ChoiceField(
            label=gettext("承办单位"), choices=named, required=row == 0, error_messages=wrong
        )
        self.fields[f"assignee_{row}"] = forms.ChoiceField(
            label=gettext("指定处理人"), choices=people, required=False, error_messages=wrong
        )
        self.fields[f"issues_{row}"] = forms.MultipleChoiceField(
            label=gettext("负责的问题点"), choices=issues, required=False, initial=[pk for pk, _text in issues],
            widget=forms.CheckboxSelectMultiple, error_messages=wrong,
        )  # fmt: skip
        self.fields[f"due_{row}"] = Moment(
            label=gettext("处理时限（可提前）"), required=False, widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M")
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the template: the bound fields of each row."""
        return [
            {name: self[f"{name}_{row}"] for name in ("unit", "assignee", "issues", "due")} | {"number": row + 1}
            for row in range(ROWS)
        ]

    @property
    def open_rows(self) -> int:
        """How many rows have something in them; the rest is folded away."""
        used = [row for row in range(ROWS) if self[f"unit_{row}"].value()]
        return max(used, default=0) + 1

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["orders"] = [self._order(row, given) for row in range(ROWS) if given.get(f"unit_{row}")]
        chosen = [order.unit.pk for order in given["orders"]]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(gettext("同一个单位选了两次，请合并成一张工单。"))
        return given

    def _order(self, row: int, given: dict[str, Any]) -> Order:
        asked = set(given.get(f"issues_{row}") or ())
        every = self.askable()
        return Order(
            unit=self.unit_named[given[f"unit_{row}"]],
            assignee=self.members.get(given.get(f"assignee_{row}") or ""),
            issues=[issue for issue in every if str(issue.pk) in asked],
            instructions=given.get("instructions", ""),
            due_at=given.get(f"due_{row}"),
        )


class DispatchForm(RowsForm):
    """派单, with the units that the routing table proposes and why."""

    def prepare(self) -> None:
        super().prepare()
        self.proposed = proposal(self.complaint)
        by_code = {unit.code: unit for unit in self.unit_named.values()}
        lead = next((by_code[code] for code in self.proposed.lead if code in by_code), None)
        self.initial = {"unit_0": str(lead.pk) if lead else "", **self.initial}
        self.proposals = [
            {"unit": by_code[code], "reasons": listed(self.proposed.reasons.get(code, ())), "leads": leads}
            for leads, codes in ((True, self.proposed.lead), (False, self.proposed.support))
            for code in codes
            if code in by_code
        ]
        names = {unit.code: unit.name for unit in by_code.values()}
        self.hints = [(words({each.effect: each.value}, EFFECTS, names)[0], each.rule) for each in self.proposed.hints]
        away = {str(pk) for pk in kept_away(self.complaint, self.proposed.exclude)}
        for name, field in self.fields.items():
            if name.startswith("assignee_") and isinstance(field, forms.ChoiceField):
                field.choices = [(value, label) for value, label in self.people if value not in away]


class SplitForm(RowsForm):
    """子工单: the unit hands issues of its order to other units and answers for the whole."""

    def __init__(self, *args: Any, order: WorkOrder, **more: Any) -> None:
        self.order = order
        super().__init__(*args, **more)

    def askable(self) -> list[Issue]:
        return [issue for issue in self.order.issues.all() if not issue.is_dropped]


class RedispatchForm(OrderForm):
    unit = UnitField(label=_("改派单位"))
    assignee = PersonField(label=_("指定处理人"), required=False)
    instructions = Words(label=_("派单说明"), rows=2, required=False)

    def prepare(self) -> None:
        unit, person = self.fields["unit"], self.fields["assignee"]
        assert isinstance(unit, UnitField)
        assert isinstance(person, PersonField)
        unit.queryset = Unit.objects.active().filter(kind__in=sorted(WORKING_KINDS)).exclude(pk=self.order.unit_id)
        person.offer(Member.objects.visible_to(self.member).active().with_right(Right.SIGN))
        self.initial = {"instructions": self.order.instructions, **self.initial}


class ReassignForm(OrderForm):
    to = PersonField(label=_("改由谁办"))

    def prepare(self) -> None:
        person = self.fields["to"]
        assert isinstance(person, PersonField)
        person.offer(reassigning.able(self.order).visible_to(self.member))

    @property
    def effects(self) -> list[str]:
        now = self.order.assignee or self.order.handler
        words = gettext("现在由 %s 办；时限不变。") % now.name if now else gettext("现在还没有指定人；时限不变。")
        away = (
            Absence.objects.visible_to(self.member).at(timezone.now()).filter(member__in=reassigning.able(self.order))
        )
        names = listed(sorted(each.member.name for each in away.select_related("member")))
        return [words, gettext("不在岗：%s") % names] if names else [words]


class CompleteForm(OrderForm):
    """处理完成: findings, the result, and one answer for each issue of the order (A51, A53)."""

    findings = Words(label=_("处理内容"), rows=5)
    result_code = Line(label=_("处理结果"), longest=32, help_text=_("例如：已换新、已退款、已解释。"))
    files = Files(label=_("照片和附件"), required=False)  # type: ignore[assignment]  # a declared field is taken off the class
    template = "desk/forms/complete.html"

    def prepare(self) -> None:
        written = dict(self.order.answers.values_list("issue_id", "text"))
        self.asked = list(self.order.issues.all())
        for issue in self.asked:
            self.fields[f"answer_{issue.pk}"] = Words(label=issue.text, rows=2, initial=written.get(issue.pk, ""))
            self.fields[f"answer_{issue.pk}"].error_messages["required"] = (
                gettext("问题点“%s”还没有答复。") % issue.text
            )
        ask_why(self, ended_by(self.order))
        self.initial = {"findings": self.order.findings, "result_code": self.order.result_code, **self.initial}

    @property
    def answers(self) -> list[forms.BoundField]:
        return [self[f"answer_{issue.pk}"] for issue in self.asked]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["answers"] = {issue.pk: given.get(f"answer_{issue.pk}", "") for issue in self.asked}
        return given
