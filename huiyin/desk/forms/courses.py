"""A quiz as a form: one field for each question."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.coaching.models import Question


class QuizForm(forms.Form):
    """An unanswered question is wrong, not an error: nobody has to guess."""

    def __init__(self, data: Any = None, *, questions: Sequence[Question]) -> None:
        super().__init__(data, auto_id="quiz_%s", label_suffix="")
        for question in questions:
            choices = [(str(number), option) for number, option in enumerate(question.options, start=1)]
            is_multiple = question.kind == Question.Kind.MULTIPLE
            field = forms.MultipleChoiceField if is_multiple else forms.ChoiceField
            widget = forms.CheckboxSelectMultiple if is_multiple else forms.RadioSelect
            self.fields[f"q{question.position}"] = field(
                label=f"{question.position}. {question.stem}",
                choices=choices,
                widget=widget,
                required=False,
                help_text=_("可选几项") if is_multiple else "",
            )

    def answers(self) -> dict[int, list[int]]:
        """By position the numbers that were ticked."""
        given = {int(name[1:]): value for name, value in self.cleaned_data.items()}
        return {
            position: [int(each) for each in (value if isinstance(value, list) else [value]) if each]
            for position, value in given.items()
        }
