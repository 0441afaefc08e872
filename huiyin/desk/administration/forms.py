"""The settings' forms: what was typed into values; what is right, the actions decide."""

from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.forms.fields import Day, Line, Words
from huiyin.lib import documents
from huiyin.lib.phrasing import noted
from huiyin.org.models import LANGUAGES, Member, Unit
from huiyin.org.roles import LABELS
from huiyin.org.rules import Role
from huiyin.triage.forms import Lines
from huiyin.triage.matching import parse
from huiyin.triage.models import SEVERITIES, Category, ElementSet

ZONES = [
    ("Asia/Shanghai", gettext_lazy("北京时间")), ("Asia/Urumqi", gettext_lazy("新疆时间")),
    ("Asia/Hong_Kong", gettext_lazy("香港")), ("Asia/Singapore", gettext_lazy("新加坡")), ("UTC", "UTC"),
]  # fmt: skip
ROLE_CHOICES = [(role, label) for role, label in LABELS.items() if role != Role.CUSTOMER]


class WordLines(Lines):
    widget = forms.Textarea


class Tree(forms.ModelChoiceField[Unit]):
    """A unit, indented as it stands in the tree."""

    def label_from_instance(self, obj: Any) -> str:
        return "\u3000" * int(obj.depth) + noted(obj.name, obj.code)


class Colleague(forms.ModelChoiceField[Member]):
    def label_from_instance(self, obj: Any) -> str:
        return noted(obj.name, obj.username)


def _units() -> Any:
    return Unit.objects.active()


class UnitNames(forms.Form):
    name_zh = Line(label=gettext_lazy("中文名称"), longest=100)
    name_en = Line(label=gettext_lazy("英文名称"), longest=200, required=False)


class NewUnit(UnitNames):
    code = Line(label=gettext_lazy("编码"), longest=32, help_text=gettext_lazy("大写字母、数字和连字符，以后不能改。"))
    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=Unit.Kind.choices)
    parent = Tree(label=gettext_lazy("上级"), queryset=Unit.objects.none(), required=False,
                  empty_label=gettext_lazy("（没有上级，最高一级）"))  # fmt: skip
    field_order = ("code", "name_zh", "name_en", "kind", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = _units()  # type: ignore[attr-defined]  # a model choice

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class MoveUnit(forms.Form):
    under = Tree(label=gettext_lazy("移到"), queryset=Unit.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = _units().exclude(path__startswith=unit.path).exclude(pk=unit.parent_id)
        self.fields["under"].queryset = places  # type: ignore[attr-defined]  # a model choice


class MoveMember(forms.Form):
    under = Tree(label=gettext_lazy("移到"), queryset=Unit.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under"].queryset = _units().exclude(pk=member.unit_id)  # type: ignore[attr-defined]  # a model choice


class MemberForm(forms.Form):
    name = Line(label=gettext_lazy("姓名"), longest=64)
    unit = Tree(label=gettext_lazy("单位"), queryset=Unit.objects.none(), to_field_name="code")
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("角色"), choices=ROLE_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    line_manager = Colleague(
        label=gettext_lazy("直接上级"), queryset=Member.objects.none(), required=False, to_field_name="username",
        empty_label=gettext_lazy("（没有）"),
    )  # fmt: skip
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _units()  # type: ignore[attr-defined]  # a model choice
        self.fields["line_manager"].queryset = Member.objects.active()  # type: ignore[attr-defined]  # a model choice


class NewMember(MemberForm):
    username = Line(label=gettext_lazy("工号"), longest=64, help_text=gettext_lazy("用来登录，以后不能改。"))
    field_order = ("username", "name", "unit", "roles", "line_manager", "email", "language")


class CompanyForm(forms.Form):
    name_zh = Line(label=gettext_lazy("公司中文名称"), longest=100)
    name_en = Line(label=gettext_lazy("公司英文名称"), longest=200, required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("时区"), choices=ZONES)


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=gettext_lazy("标志图片"), help_text=gettext_lazy("PNG 或 SVG，最大 256 KB，方形最好。"),
        widget=forms.FileInput(attrs={"accept": ".png,.svg"}),
    )  # fmt: skip


class AccentForm(forms.Form):
    accent = Line(label=gettext_lazy("主色"), longest=20, required=False,
                  help_text=gettext_lazy("六位色值，如 #2554b8；留空用回音自己的蓝。"))  # fmt: skip


class LeafForm(forms.Form):
    name_zh = Line(label=gettext_lazy("中文名称"), longest=100)
    name_en = Line(label=gettext_lazy("英文名称"), longest=200, required=False)
    severity = forms.TypedChoiceField(label=gettext_lazy("默认等级"), choices=SEVERITIES, coerce=int)
    complexity = forms.ChoiceField(label=gettext_lazy("复杂度"), choices=Category.Complexity.choices)
    issue_class = forms.ChoiceField(label=gettext_lazy("响应类别"), choices=Category.IssueClass.choices)
    owner = Tree(label=gettext_lazy("主管部门"), queryset=Unit.objects.none(), to_field_name="code")
    element_set = forms.ModelChoiceField(
        label=gettext_lazy("受理要素"), queryset=ElementSet.objects.none(), to_field_name="code"
    )
    keywords = WordLines(
        label=gettext_lazy("关键词"),
        help_text=gettext_lazy("每行一个。词^2 定权重，甲~乙 表示前后相近出现。客户的话里出现，就更可能归入本类。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _units()  # type: ignore[attr-defined]  # a model choice
        self.fields["element_set"].queryset = ElementSet.objects.all()  # type: ignore[attr-defined]  # a model choice

    def clean_keywords(self) -> list[str]:
        words: list[str] = self.cleaned_data["keywords"]
        for word in words:
            text, weight = parse(word)
            if not 0 < weight <= 4 or max(map(len, text.split("~")), default=0) < 2:
                raise forms.ValidationError(_("“%(word)s”不能用作关键词。"), params={"word": word})
        return words


class NewLeaf(LeafForm):
    code = Line(label=gettext_lazy("编码"), longest=16, help_text=gettext_lazy("如 PQ-31，以后不能改。"))
    field_order = ("code",)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class GroupForm(forms.Form):
    name_zh = Line(label=gettext_lazy("中文名称"), longest=100)
    name_en = Line(label=gettext_lazy("英文名称"), longest=200, required=False)


class NewGroup(GroupForm):
    code = Line(label=gettext_lazy("编码"), longest=16, help_text=gettext_lazy("如 PQ，以后不能改。"))
    field_order = ("code",)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).upper()


class MoveLeaf(forms.Form):
    under = forms.ModelChoiceField(label=gettext_lazy("移到"), queryset=Category.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, leaf: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Category.objects.groups().filter(valid_to__isnull=True).exclude(children=leaf)
        self.fields["under"].queryset = others  # type: ignore[attr-defined]  # a model choice


class CloseLeaf(forms.Form):
    successor = forms.ModelChoiceField(
        label=gettext_lazy("由哪个类别接替"), queryset=Category.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, leaf: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Category.objects.leaves().filter(valid_to=None, parent__valid_to=None).exclude(pk=leaf.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]  # a model choice


class Mapping(Words):
    """A few `key: value` lines."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            parts = documents.read(text) or {}
        except documents.Unreadable as error:
            raise forms.ValidationError(_("写法有误：每行一个“键: 值”。%s") % error) from error
        if not isinstance(parts, dict) or not all(isinstance(key, str) for key in parts):
            raise forms.ValidationError(_("写法有误：每行一个“键: 值”。"))
        return parts

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=False).strip()
        return value


class RuleForm(forms.Form):
    position = forms.IntegerField(label=gettext_lazy("顺序"), min_value=1, max_value=9999,
                                  help_text=gettext_lazy("从小到大依次看，遇到“到此为止”就停。"))  # fmt: skip
    condition = Mapping(
        label=gettext_lazy("条件"), rows=4, longest=4000, help_text=gettext_lazy("每行一个，全部满足才算。")
    )
    effect = Mapping(label=gettext_lazy("动作"), rows=4, longest=4000)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)


class NewRule(RuleForm):
    code = Line(label=gettext_lazy("编码"), longest=16, help_text=gettext_lazy("如 RT-101，以后不能改。"))
    field_order = ("code",)


class TrialForm(forms.Form):
    text = Words(label=gettext_lazy("客户会怎么说"), rows=4, longest=2000)


class DayForm(forms.Form):
    day = Day(label=gettext_lazy("日期"))
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("这一天"), coerce=lambda value: value == "yes",
        choices=[("no", gettext_lazy("休息")), ("yes", gettext_lazy("上班"))],
    )  # fmt: skip
    name = Line(label=gettext_lazy("名称"), longest=40, help_text=gettext_lazy("例如“司庆”“国庆调休上班”。"))


class DocumentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("政策全文（YAML）"), max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )  # fmt: skip
    note = Line(label=gettext_lazy("修改说明"), longest=500, required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput)
