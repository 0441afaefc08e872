"""The filter bar of the queue: what was chosen, checked, as a Sieve; what makes no sense is left out, not refused."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels.models import Channel
from huiyin.complaints.causes import explanations
from huiyin.complaints.models import Complaint
from huiyin.complaints.models.complaint import Severity
from huiyin.complaints.states import State
from huiyin.customers.models import Customer
from huiyin.desk.forms.fields import Day, Line
from huiyin.desk.queries import Sieve
from huiyin.desk.reading import Reader
from huiyin.org.models import Member, Unit, in_language
from huiyin.triage.models import Category
from huiyin.triage.queries import causes

Option = dict[str, Any]
EXPLAINED = "~explanation"  # every cause of that kind; no code begins so
RECEIVED = (
    ("today", gettext_lazy("今天")),
    ("week", gettext_lazy("近 7 天")),
    ("month", gettext_lazy("近 30 天")),
    ("range", gettext_lazy("指定日期…")),
)
DAYS = {"today": 0, "week": 6, "month": 29}  # before today
_PLACE = re.compile(r"%\((\w+)\)s")


NOBODY = 2**62  # no customer: a view kept for one shows nothing to whom it may not be shown, and not everything


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
    # asked for by a report, the palette, a complaint's page; told in the sentence, and not chosen there
    owner = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    customer = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    received = forms.ChoiceField(choices=RECEIVED, required=False)
    received_from = Day(required=False)
    received_to = Day(required=False)

    def __init__(self, data: Any, *, member: Member, categories: Any = None) -> None:
        super().__init__(data)
        self.categories = known_categories(member) if categories is None else categories
        self.full_clean()
        self.chosen: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        if "customer" in self.chosen and not Reader(member).is_full:
            self.chosen["customer"] = NOBODY  # who reads without the person does not learn what one person wrote
        self.days: str = self._settle_days()

    def _settle_days(self) -> str:
        """How the days of receipt are told: a word that moves with the calendar, or the days themselves."""
        word = str(self.chosen.pop("received", ""))
        has_days = bool({"received_from", "received_to"} & self.chosen.keys())
        if word in DAYS:
            self.chosen.pop("received_from", None)
            self.chosen.pop("received_to", None)
            self.chosen["received"] = word
        return word or ("range" if has_days else "")

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
        if word := values.pop("received", ""):
            first = timezone.localdate() - timedelta(days=DAYS[word])
        return Sieve(
            categories=ids,
            causes=wanted,
            received_from=_midnight(first) if first else None,
            received_to=_midnight(last + timedelta(days=1)) if last else None,
            **values,
        )

    def address(self) -> str:
        """What was chosen, as an address says it: the same for the same choice, and nothing else."""
        spoken = {name: "on" if value is True else value for name, value in sorted(self.chosen.items())}
        return urlencode(spoken)


def known_categories(member: Member) -> list[tuple[Any, ...]]:
    return list(Category.objects.visible_to(member).values_list("id", "code", "name_zh", "name_en", "parent_id"))


def sentence(form: SieveForm, member: Member, *, of_orders: bool, sorts: list[Option], sort: str) -> list[Option]:
    """The bar as a sentence: pieces of text and the choices between them, in the order of the language."""
    whole = (
        _("显示 %(state)s 的 %(severity)s 投诉的工单，类型 %(category)s，归口 %(unit)s，来自 %(channel)s，"
          "客户 %(tier)s，原因 %(cause)s，时限 %(overdue)s，受理于 %(received)s，按 %(sort)s 排列。")
        if of_orders
        else _("显示 %(state)s 的 %(severity)s 投诉，类型 %(category)s，归口 %(unit)s，来自 %(channel)s，"
               "客户 %(tier)s，原因 %(cause)s，时限 %(overdue)s，受理于 %(received)s，按 %(sort)s 排列。")
    )  # fmt: skip
    choices = _choices(form, member)
    choices["sort"] = {"label": _("次序"), "options": sorts, "value": sort, "is_plain": True}
    pieces: list[Option] = []
    for place, piece in enumerate(_PLACE.split(whole)):
        pieces.append({"name": piece, **choices[piece]} if place % 2 else {"text": piece})
    return pieces


def fixed(form: SieveForm, member: Member) -> list[Option]:
    """What was asked for elsewhere, in words: whose, whose unit's, of which customer; each may be left out."""
    found: list[Option] = []
    if pk := form.chosen.get("assignee"):
        who = Member.objects.visible_to(member).filter(pk=pk).first()
        found.append({"name": "assignee", "value": pk, "label": _("负责人"), "words": who.name if who else "—"})
    if pk := form.chosen.get("owner"):
        unit = Unit.objects.visible_to(member).filter(pk=pk).first()
        found.append({"name": "owner", "value": pk, "label": _("归口单位"), "words": unit.name if unit else "—"})
    if pk := form.chosen.get("customer"):
        newest = Complaint.objects.visible_to(member).filter(customer=pk).order_by("-received_at", "-id").first()
        name = newest.complainant_name if newest else ""
        found.append({"name": "customer", "value": pk, "label": _("同一位客户"), "words": name or "—"})
    return found


def _choices(form: SieveForm, member: Member) -> dict[str, Option]:
    units = Unit.objects.visible_to(member).active()
    given: dict[str, tuple[str, str, list[Option]]] = {
        "state": (_("状态"), _("任何状态"), _options(State.choices)),
        "severity": (_("等级"), _("任何等级"), _options(Severity.choices)),
        "category": (_("类型"), _("不限"), _category_options(form.categories)),
        "unit": (_("单位"), _("任何单位"), [{"value": unit.pk, "label": _indented(unit)} for unit in units]),
        "channel": (_("渠道"), _("任何渠道"), _options(Channel.choices)),
        "tier": (_("客户级别"), _("任何级别"), _options(Customer.Tier.choices)),
        "cause": (_("原因"), _("任何原因"), _cause_options(str(form.chosen.get("cause", "")))),
        "overdue": (_("时限"), _("不论"), [{"value": "on", "label": _("已超时")}]),
        "received": (_("受理日期"), _("任何时间"), _options(RECEIVED)),
    }
    return {
        name: {"label": label, "any": any_, "options": options, "value": _value(form, name)}
        for name, (label, any_, options) in given.items()
    }


def _value(form: SieveForm, name: str) -> Any:
    if name == "received":
        return form.days
    value = form.chosen.get(name, "")
    return "on" if value is True else value


def _cause_options(chosen: str) -> list[Option]:
    """The common list, and what was asked for beside it: a category's own cause."""
    known: list[Option] = [{"value": EXPLAINED, "label": _("解释类（全部）")}]
    known += [{"value": each.code, "label": each.name} for each in causes()]
    if chosen and chosen not in {each["value"] for each in known}:
        known.append({"value": chosen, "label": chosen})
    return known


def _indented(unit: Unit) -> str:
    return "　" * min(unit.depth, 3) + unit.name


def _category_options(categories: Iterable[tuple[Any, ...]]) -> list[Option]:
    leaves: dict[int | None, list[Option]] = {}
    groups: dict[str, int] = {}
    for pk, code, zh, en, parent in categories:
        name = in_language(zh, en)
        leaves.setdefault(parent, []).append({"value": code, "label": name if parent is None else f"　{code} {name}"})
        if parent is None:
            groups[code] = pk
    return [option for head in leaves.get(None, []) for option in [head, *leaves.get(groups[head["value"]], [])]]


def _options(choices: Iterable[tuple[Any, Any]]) -> list[Option]:
    return [{"value": value, "label": label} for value, label in choices]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
