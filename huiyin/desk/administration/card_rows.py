"""The scorecard's items as rows of a form: what each is called in both languages, what is looked at, its weight."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.coaching.actions.configuring import MOST, WHOLE, Item, stamp
from huiyin.desk.forms.fields import Line
from huiyin.org.models import in_language

SCORED, FATAL = "scored", "fatal"
KINDS = [(SCORED, gettext_lazy("计分项")), (FATAL, gettext_lazy("致命项"))]


class CardForm(forms.Form):
    """Around the rows: which card was looked at, and which removals were confirmed, by their codes."""

    expected = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    def __init__(self, data: Any = None, *, items: Sequence[Item]) -> None:
        super().__init__(data, label_suffix="", initial={"expected": stamp(items)})


class ItemForm(forms.Form):
    """One item. Of one that is there its kind stays: what was scored with a weight does not turn into a veto."""

    name_zh = Line(label=gettext_lazy("中文名称"), longest=100)
    name_en = Line(label=gettext_lazy("英文名称"), longest=200, required=False)
    looks_at = Line(label=gettext_lazy("看什么"), longest=300, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("计分还是致命"), choices=KINDS)
    weight = forms.IntegerField(label=gettext_lazy("权重"), min_value=1, max_value=WHOLE, required=False)
    place = forms.IntegerField(label=gettext_lazy("顺序"), min_value=0, max_value=9999, required=False)
    gone = forms.BooleanField(label=gettext_lazy("移除"), required=False)

    def __init__(self, data: Any = None, *, number: str, item: Item | None = None, place: int = 0) -> None:
        self.number, self.item = number, item
        initial: dict[str, Any] = {"place": place, "kind": SCORED}
        if item:
            initial |= {**item.said, "weight": item.weight or None}
        super().__init__(data, prefix=f"q{number}", initial=initial, label_suffix="")
        self.is_fatal = item.is_fatal if item else False
        if item:
            del self.fields["kind"]
        if self.is_fatal:
            del self.fields["weight"]

    @property
    def key(self) -> str:
        return self.item.code if self.item else ""

    @property
    def name(self) -> str:
        return in_language(self.item.name_zh, self.item.name_en) if self.item else _("新的一项")

    @property
    def is_gone(self) -> bool:
        return self.data.get(f"{self.prefix}-gone") == "on"

    @property
    def is_blank(self) -> bool:
        """A row that was opened and not used."""
        typed = (self.data.get(f"{self.prefix}-{name}", "") for name in ("name_zh", "name_en", "looks_at", "weight"))
        return self.item is None and not any(str(each).strip() for each in typed)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_scored = not self.is_fatal and given.get("kind", SCORED) == SCORED
        if is_scored and not given.get("weight") and "weight" not in self.errors:
            self.add_error("weight", _("请写权重，1 到 100。"))
        return given

    def wanted(self) -> Item:
        given = self.cleaned_data
        is_fatal = self.is_fatal or given.get("kind") == FATAL
        weight = 0 if is_fatal else given["weight"]
        return Item(self.key, given["name_zh"], given["name_en"], given["looks_at"], weight, is_fatal)


class CardRows:
    """All items, as stored or as just typed; one that did not come back is removed, and asked about as such."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, items: Sequence[Item]) -> None:
        self.items_before = list(items)
        if data is None:
            self.forms = [ItemForm(number=str(at), item=each, place=at) for at, each in enumerate(items, start=1)]
            return
        known = {each.code: each for each in items}
        numbers = [each for each in data.getlist("row") if each.isdigit()]  # type: ignore[attr-defined]
        rows = [ItemForm(data, number=each, item=known.get(data.get(f"q{each}-key", ""))) for each in numbers]
        self.forms = sorted((row for row in rows if not row.is_blank), key=_place)

    @property
    def pattern(self) -> ItemForm:
        return ItemForm(number="__row__")

    @property
    def spare(self) -> ItemForm:
        """For a page without script."""
        return ItemForm(number=str(MOST + len(self.forms)), place=MOST + len(self.forms))

    @property
    def kept(self) -> list[ItemForm]:
        return [row for row in self.forms if not row.is_gone]

    @property
    def removed(self) -> list[Item]:
        kept = {row.item.code for row in self.kept if row.item}
        return [each for each in self.items_before if each.code not in kept]

    def is_valid(self) -> bool:
        seen: set[str] = set()
        is_fine = True
        for row in self.kept:
            is_fine = row.is_valid() and is_fine
            name = str(row.cleaned_data.get("name_zh", ""))
            if name and name in seen:
                row.add_error("name_zh", _("评分表里已经有“%s”。") % name)
                is_fine = False
            seen.add(name)
        return is_fine

    def items(self) -> list[Item]:
        return [row.wanted() for row in self.kept]

    @property
    def total(self) -> int:
        """Of the weights as they stand in the rows, whatever else is wrong with them."""
        shown = [str(row["weight"].value() or "") for row in self.kept if "weight" in row.fields]
        return sum(int(each) for each in shown if each.isascii() and each.isdigit() and len(each) < 6)


def _place(row: ItemForm) -> int:
    typed = str(row.data.get(f"{row.prefix}-place", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 10_000
