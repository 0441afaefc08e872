"""Fields that clean what was typed without losing it, and say in one sentence what is wrong."""

from datetime import date, datetime
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.lib.clean import TooLong, clean_line, clean_text

LONGEST = 20_000
When = TypeVar("When", datetime | None, date | None)


class Words(forms.CharField):
    """Running text: control characters go, lines stay, too long is an error and never cut."""

    widget: Any = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, longest: int = LONGEST, rows: int = 0, **given: Any) -> None:
        self.longest = longest
        super().__init__(**given)
        if rows:
            self.widget.attrs["rows"] = rows
        self.validators = []  # what they refuse is cleaned away

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(str(value or ""), limit=self.longest)
        except TooLong as too_long:
            raise forms.ValidationError(
                gettext("内容有 %(length)d 字，最多 %(limit)d 字，请精简，或把全文作为附件上传。")
                % {"length": too_long.length, "limit": too_long.limit}
            ) from too_long


class Line(Words):
    """One line."""

    widget: Any = forms.TextInput

    def __init__(self, *, longest: int = 200, **given: Any) -> None:
        super().__init__(longest=longest, **given)

    def to_python(self, value: Any) -> str:
        try:
            return clean_line(str(value or ""), limit=self.longest)
        except TooLong as too_long:
            raise forms.ValidationError(gettext("最多 %d 个字。") % too_long.limit) from too_long


def choose_from(form: forms.BaseForm, name: str, choices: Any) -> None:
    """What may be chosen in that field, where it depends on the form's own complaint, member or row."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class Moment(forms.DateTimeField):
    """A local date and time, as a browser's own picker sends it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
            error_messages={"invalid": _("请填写日期和时间，例如 2026-11-22 14:30。")},
            **given,
        )

    def to_python(self, value: Any) -> datetime | None:
        try:
            return _sensible(super().to_python(value))
        except (OverflowError, ValueError) as wrong:
            raise forms.ValidationError(self.error_messages["invalid"]) from wrong


class Day(forms.DateField):
    def __init__(self, **given: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d"], error_messages={"invalid": _("请填写日期，例如 2026-11-22。")}, **given
        )

    def to_python(self, value: Any) -> date | None:
        try:
            return _sensible(super().to_python(value))
        except (OverflowError, ValueError) as wrong:
            raise forms.ValidationError(self.error_messages["invalid"]) from wrong


def _sensible(when: When) -> When:
    """Raises ValueError for a year that no complaint has, and that time zones overflow in."""
    if when is not None and not 1900 < when.year < 2200:
        raise ValueError(when.year)
    return when


class Files(forms.FileField):
    """Any number of files."""

    class Chooser(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Chooser

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(each, initial) for each in given]
