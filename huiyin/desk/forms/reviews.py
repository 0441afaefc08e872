"""The scorecard as a form, and a month to be drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.coaching.asked import Line
from huiyin.coaching.models import Review, Scored
from huiyin.desk.forms.fields import Words, choose_from


class ScoreForm(forms.Form):
    """One choice for each item with its weight. `hints`: what the record shows, by the item's code."""

    def __init__(self, data: Any = None, *, items: Sequence[Line], hints: Mapping[str, str]) -> None:
        super().__init__(data, auto_id="score_%s", label_suffix="")
        for item in items:
            if item.is_fatal:
                continue
            said = {"code": item.code, "name": item.name, "weight": item.weight}
            self.fields[item.code] = forms.ChoiceField(
                label=gettext("%(code)s %(name)s，%(weight)d 分") % said,
                choices=Review.Mark.choices,
                widget=forms.RadioSelect,
                help_text=" ".join(filter(None, (item.looks_at, hints.get(item.code, "")))),
                error_messages={"required": gettext("请评这一项；没有用到的选“不适用”。")},
            )
        fatal = [(item.code, item.name) for item in items if item.is_fatal]
        self.fields["fatal"] = forms.MultipleChoiceField(
            label=gettext("致命项"), choices=fatal, required=False, widget=forms.CheckboxSelectMultiple,
            help_text=gettext("勾选任一项，总分为 0。"),
        )  # fmt: skip
        self.fields["comment"] = Words(
            label=gettext("评语"),
            rows=4,
            longest=4000,
            help_text=gettext("写给处理人：哪里做得好，哪里可以更好。"),
            error_messages={"required": gettext("请写评语。")},
        )

        self.codes = [item.code for item in items if not item.is_fatal]

    @property
    def marks(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.codes if self.cleaned_data.get(code)}


class AppealForm(forms.Form):
    reason = Words(
        label=_("申诉理由"), rows=4, longest=2000,
        help_text=_("写明哪一项、为什么，以及记录里的哪一处可以证明。"),
        error_messages={"required": _("请写申诉理由。")},
    )  # fmt: skip


class DecideForm(ScoreForm):
    """An appeal is decided: the score stands, or the card is filled in anew; `standing`: what counts now."""

    KEEP, REVISE = "keep", "revise"

    def __init__(self, data: Any = None, *, items: Sequence[Line], standing: Scored) -> None:
        super().__init__(data, items=items, hints={})
        del self.fields["comment"]
        for code in self.codes:
            self.fields[code].required = False
        self.initial = {**standing.marks, "fatal": sorted(standing.fatal_codes)}
        self.fields["outcome"] = forms.ChoiceField(
            label=gettext("决定"), choices=[(self.KEEP, gettext("维持原分")), (self.REVISE, gettext("改分"))],
            widget=forms.RadioSelect, error_messages={"required": gettext("请选择维持原分还是改分。")},
            help_text=gettext("改分的，按下面改过的评分表重新计分；维持的，下面不用改。"),
        )  # fmt: skip
        self.fields["answer"] = Words(
            label=gettext("理由"), rows=4, longest=2000, help_text=gettext("申诉人会看到。"),
            error_messages={"required": gettext("请写明理由，申诉人会看到。")},
        )  # fmt: skip
        self.order_fields(["outcome", *self.codes, "fatal", "answer"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == self.REVISE:
            for code in self.codes:
                if not given.get(code) and code not in self.errors:
                    self.add_error(code, gettext("请评这一项；没有用到的选“不适用”。"))
        return given


class DrawForm(forms.Form):
    month = forms.TypedChoiceField(label=_("月份"), coerce=date.fromisoformat)

    def __init__(self, data: Any = None, *, months: Sequence[date]) -> None:
        super().__init__(data, label_suffix="")
        choose_from(self, "month", [(each.isoformat(), f"{each:%Y-%m}") for each in months])
