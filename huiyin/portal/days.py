"""A day as people write it: 2026-11-14, 2026年11月14日, 11月14日, 昨天."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WITH_YEAR = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_WITHOUT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAYS_AGO = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}


def read(text: str, *, today: date) -> date:
    """The day meant; without a year the last such day. Raises ValueError."""
    plain = text.strip().lower()
    if plain in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[plain])
    if found := _WITH_YEAR.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WITHOUT.fullmatch(plain):
        month, day = int(found[1]), int(found[2])
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    raise ValueError(text)


class DayField(forms.CharField):
    """Text, so that no browser writes its own language into it; a calendar stands beside it where there is script."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2026-11-14"})
        super().__init__(max_length=40, required=False, widget=widget, help_text=_help, **given)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        today = timezone.localdate()
        try:
            day = read(text, today=today)
        except ValueError as wrong:
            raise forms.ValidationError(_("请这样写日期：2026-11-14，或“昨天”。")) from wrong
        if day > today:
            raise forms.ValidationError(_("发生时间不能在未来。"))
        if day.year < 1970:
            raise forms.ValidationError(_("请核对日期。"))
        return day


_help = gettext_lazy("可以写 11月14日、昨天；记不清可以不填。")
