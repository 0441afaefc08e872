"""The administrator's forms: lists as lines, a rule's condition checked before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.triage.conditions import UnknownCondition
from huiyin.triage.conditions import parse as parse_condition
from huiyin.triage.matching import parse as parse_keyword
from huiyin.triage.models import Category, ElementSet, SeverityRule, Synonym
from huiyin.triage.signals import LABELS

if TYPE_CHECKING:  # unfold has no types, and looks like what it dresses
    from django.forms import Textarea
else:
    from unfold.widgets import UnfoldAdminTextareaWidget as Textarea


class Lines(forms.CharField):
    """A list of words, one on each line."""

    widget = Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "help_text": _("每行一个"), **kwargs})

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or [])

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list is what this field is for
        words = value.splitlines() if isinstance(value, str) else value or []
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def run_validators(self, value: Any) -> None:
        for word in value:
            if len(word) > 120:
                raise forms.ValidationError(_("“%(word)s”太长。"), params={"word": word})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class CategoryForm(forms.ModelForm[Category]):
    support_codes = Lines(label=_("协办部门"))
    acts = Lines(label=_("自动动作"))
    requires = Lines(label=_("本类必填"))
    causes = Lines(label=_("原因选项"))
    keywords = Lines(
        label=_("关键词"),
        help_text=_("每行一个。词^2 定权重（1 及以下只表示提到），甲~乙 表示前后相近出现，@fire 表示识别出的信号。"),
    )

    class Meta:
        model = Category
        fields = (
            *("parent", "code", "name_zh", "name_en", "position", "severity", "complexity", "issue_class", "owner"),
            *("support_codes", "element_set", "acts", "requires", "causes", "keywords", "successor"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_leaf = self.instance.pk is None or self.instance.is_leaf
        for name in ("parent", "severity", "complexity", "issue_class", "owner", "element_set"):
            if name in self.fields:
                self.fields[name].required = is_leaf
        if "parent" in self.fields:
            groups = Category.objects.groups().filter(valid_to__isnull=True)
            self.fields["parent"].queryset = groups  # type: ignore[attr-defined]  # a model choice
        if "successor" in self.fields:
            leaves = Category.objects.leaves().filter(valid_to__isnull=True).exclude(pk=self.instance.pk)
            self.fields["successor"].queryset = leaves  # type: ignore[attr-defined]  # a model choice
            self.fields["successor"].help_text = _("选定后本类别立即停用，由所选类别接替；原有投诉保留原类别。")

    def clean_keywords(self) -> list[str]:
        words: list[str] = self.cleaned_data["keywords"]
        for word in words:
            text, weight = parse_keyword(word)
            if not 0 < weight <= 4 or max(map(len, text.split("~")), default=0) < 2:
                raise forms.ValidationError(_("“%(word)s”不能用作关键词。"), params={"word": word})
        return words


class SeverityRuleForm(forms.ModelForm[SeverityRule]):
    class Meta:
        model = SeverityRule
        fields = ("code", "position", "level", "name_zh", "condition", "is_active")
        widgets: ClassVar = {"condition": Textarea}

    def clean_condition(self) -> Any:
        condition = self.cleaned_data["condition"]
        try:
            unknown = sorted(set(parse_condition(condition).signals) - LABELS.keys())
        except (UnknownCondition, AttributeError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("条件写法有误：%(error)s"), params={"error": str(error)}) from error
        if unknown:
            raise forms.ValidationError(_("没有这样的信号：%(names)s"), params={"names": "、".join(unknown)})
        return condition


class ElementSetForm(forms.ModelForm[ElementSet]):
    required = Lines(label=_("必填要素"))
    optional = Lines(label=_("选填要素"))

    class Meta:
        model = ElementSet
        fields = ("code", "required", "optional")


class SynonymForm(forms.ModelForm[Synonym]):
    variants = Lines(label=_("同义词"))

    class Meta:
        model = Synonym
        fields = ("canonical", "variants", "tag")
