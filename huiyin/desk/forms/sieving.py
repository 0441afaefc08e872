"""The filter bar of the queue: what was chosen, checked, as a Sieve; what makes no sense is left out, not refused."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.channels.models import Channel
from huiyin.complaints.causes import explanations
from huiyin.complaints.models.complaint import Severity
from huiyin.complaints.states import State
from huiyin.customers.models import Customer
from huiyin.desk.forms.fields import Day, Line
from huiyin.desk.queries import Sieve
from huiyin.org.models import Member, Unit, in_language
from huiyin.triage.models import Category
from huiyin.triage.queries import causes

Option = dict[str, Any]
EXPLAINED = "~explanation"  # every cause of that kind; no code begins so


class SieveForm(forms.Form):
    q = Line(required=False)
    state = forms.ChoiceField(choices=State.choices, required=False)
    severity = forms.TypedChoiceField(choices=Severity.choices, coerce=int, empty_value=None, required=False)
    category = forms.CharField(max_length=16, required=False)
    unit = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    assignee = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    channel = forms.ChoiceField(choices=Channel.choices, required=False)
    tier = forms.ChoiceField(choices=Customer.Tier.choices, required=False)
    overdue = forms.BooleanField(required=False)
    cause = Line(longest=120, required=False)
    owner = forms.IntegerField(
        min_value=1, max_value=2**62, required=False
    )  # from a report, without a field to choose it
    received_from = Day(required=False)
    received_to = Day(required=False)

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.categories = list(
            Category.objects.visible_to(member).values_list("id", "code", "name_zh", "name_en", "parent_id")
        )
        self.units = list(Unit.objects.visible_to(member).active())
        self.full_clean()
        self.chosen: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}

    def sieve(self) -> Sieve:
        values = dict(self.chosen)
        code = values.pop("category", "")
        heads = {pk for pk, own, *_names, _parent in self.categories if own == code}
        ids = tuple(pk for pk, *_names, parent in self.categories if pk in heads or parent in heads)
        if code and not ids:
            ids = (0,)
        cause = values.pop("cause", "")
        wanted = tuple(explanations()) if cause == EXPLAINED else (cause,) if cause else ()
        first, last = values.pop("received_from", None), values.pop("received_to", None)
        return Sieve(
            categories=ids,
            causes=wanted,
            received_from=_midnight(first) if first else None,
            received_to=_midnight(last + timedelta(days=1)) if last else None,
            **values,
        )

    def filters(self) -> list[dict[str, Any]]:
        """For desk/parts/filter_bar.html."""
        rows: list[tuple[str, str, Iterable[Option]]] = [
            ("state", _("状态"), _options(State.choices)),
            ("severity", _("等级"), _options(Severity.choices)),
            ("category", _("类型"), self._category_options()),
            ("unit", _("单位"), [{"value": unit.pk, "label": self._indented(unit)} for unit in self.units]),
            ("channel", _("渠道"), _options(Channel.choices)),
            ("tier", _("客户级别"), _options(Customer.Tier.choices)),
            ("cause", _("原因"), self._cause_options()),
            ("overdue", _("时限"), [{"value": "on", "label": _("已超时")}]),
        ]
        return [
            {"name": name, "label": label, "options": options, "value": self._value(name)}
            for name, label, options in rows
        ]

    def _value(self, name: str) -> Any:
        if name == "overdue":
            return "on" if self.chosen.get("overdue") else ""
        return self.chosen.get(name, "")

    def _indented(self, unit: Unit) -> str:
        return "　" * min(unit.depth, 3) + unit.name

    def _cause_options(self) -> list[Option]:
        """The common list, and what was asked for beside it: a category's own cause."""
        known = [{"value": EXPLAINED, "label": _("解释类（全部）")}]
        known += [{"value": each.code, "label": each.name} for each in causes()]
        chosen = self.chosen.get("cause", "")
        if chosen and chosen not in {each["value"] for each in known}:
            known.append({"value": chosen, "label": chosen})
        return known

    def _category_options(self) -> list[Option]:
        leaves: dict[int | None, list[Option]] = {}
        for _pk, code, zh, en, parent in self.categories:
            name = in_language(zh, en)
            leaves.setdefault(parent, []).append(
                {"value": code, "label": name if parent is None else f"　{code} {name}"}
            )
        groups = {code: pk for pk, code, *_names, parent in self.categories if parent is None}
        return [option for head in leaves.get(None, []) for option in [head, *leaves.get(groups[head["value"]], [])]]


def _options(choices: Iterable[tuple[Any, Any]]) -> list[Option]:
    return [{"value": value, "label": label} for value, label in choices]


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
