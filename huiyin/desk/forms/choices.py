"""Choosing a category, a unit or a colleague."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.complaints import causes
from huiyin.complaints.models import Complaint
from huiyin.lib.phrasing import noted
from huiyin.org.models import Member, MemberQuerySet, Unit
from huiyin.triage.models import Category

Group = tuple[str, list[tuple[str, str]]]


def category_choices(known: Category | None = None) -> list[Any]:
    """Leaves in use, group by group, and the one that is held already, closed or not. One query."""
    now = timezone.now()
    groups: dict[str, list[tuple[str, str]]] = {}
    for leaf in Category.objects.leaves().current(now).select_related("parent"):
        head = leaf.parent.name if leaf.parent else ""
        groups.setdefault(head, []).append((leaf.code, f"{leaf.code} {leaf.name}"))
    codes = {code for leaves in groups.values() for code, _name in leaves}
    if known is not None and known.code not in codes:
        groups[gettext("已停用")] = [(known.code, f"{known.code} {known.name}")]
    return list(groups.items())


def category_named(code: str) -> Category:
    """Raises ValidationError where there is none."""
    found = Category.objects.leaves().select_related("parent", "element_set").filter(code=code).first()
    if found is None:
        raise forms.ValidationError(gettext("没有这个受理类型：%s。") % code[:16])
    return found


def cause_choices(complaint: Complaint) -> list[tuple[str, Any]]:
    """The causes that this complaint may have, with an empty one before them; and the one it has."""
    choices = causes.offered(causes.category_of(complaint))
    return [("", _("请选择")), *choices]


class PersonField(forms.ModelChoiceField[Member]):
    """A colleague, by unit and name."""

    def __init__(self, **given: Any) -> None:
        messages = {"invalid_choice": _("请从列出的同事中选择。")}
        super().__init__(Member.objects.none(), empty_label="", error_messages=messages, **given)

    def offer(self, people: MemberQuerySet) -> None:
        self.queryset = people.select_related("unit").order_by("unit__path", "name")

    def label_from_instance(self, obj: Any) -> str:
        return noted(obj.name, obj.username, obj.unit.name)


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit that takes work orders, in the order of the tree."""

    def __init__(self, **given: Any) -> None:
        messages = {"invalid_choice": _("请从列出的单位中选择。")}
        super().__init__(Unit.objects.none(), empty_label="", error_messages=messages, **given)

    def label_from_instance(self, obj: Any) -> str:
        return f"{'　' * min(obj.depth, 3)}{obj.name}"
