"""The scorecard as a form, and a month to be drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.coaching.models import Review, ScoreItem
from huiyin.desk.forms.fields import Words, choose_from


class ScoreForm(forms.Form):
    """One choice for each item with its weight. `hints`: what the record shows, by the item's code."""

    def __init__(self, data: Any = None, *, items: Sequence[ScoreItem], hints: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="score_%s", label_suffix="")
        for item in items:
            if item.is_fatal:
                continue
            said = {"code": item.code, "name": item.name, "weight": item.weight}
            self.fields[item.code] = forms.ChoiceField(
                label=gettext("%(code)s %(name)s，%(weight)d 分") % said,
                choices=Review.Mark.choices,
                widget=forms.RadioSelect,
                help_text=hints.get(item.code, ""),
                error_messages={"required": gettext("请评这一项；没有用到的选“不适用”。")},
            )
        fatal = [(item.code, item.name) for item in items if item.is_fatal]
        self.fields["fatal"] = forms.MultipleChoiceField(
            label=gettext("致命项"), choices=fatal, required=False, widget=forms.CheckboxSelectMultiple,
            help_text=gettext("勾选任一项，总分为 0。"),
        )  # fmt: skip
        self.fields["comment"] = Words(
            label=gettext("评语"), rows=4, longest=4000, help_text=gettext("写给处理人：哪里做得好，哪里可以更好。")
        )

    @property
    def marks(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"fatal", "comment"}}


class DrawForm(forms.Form):
    month = forms.TypedChoiceField(label=_("月份"), coerce=date.fromisoformat)

    def __init__(self, data: Any = None, *, months: Sequence[date]) -> None:
        super().__init__(data, label_suffix="")
        choose_from(self, "month", [(each.isoformat(), f"{each:%Y-%m}") for each in months])
