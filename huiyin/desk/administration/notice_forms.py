"""The forms of the notices' settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.administration.forms import Tree
from huiyin.desk.forms.fields import Line, Words, choose_from
from huiyin.lib.phrasing import listed
from huiyin.notices.kinds import Kind, kinds
from huiyin.notices.models import Target
from huiyin.notices.models.settings import OF_TARGETS
from huiyin.notices.wording import faults
from huiyin.org.models import Unit

ADDRESS = gettext_lazy(
    "从群机器人设置里复制的完整地址。企业微信：https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…；"
    "钉钉：https://oapi.dingtalk.com/robot/send?access_token=…；飞书：https://open.feishu.cn/open-apis/bot/v2/hook/…"
)
SECRET = gettext_lazy("钉钉、飞书选了“加签”时填写；Webhook 必填，至少 16 个字符。加密保存，之后不再显示。")


class TargetForm(forms.Form):
    way = forms.ChoiceField(label=gettext_lazy("类型"), choices=[(way.value, way.label) for way in OF_TARGETS])
    name = Line(label=gettext_lazy("名称"), longest=60, help_text=gettext_lazy("例如“华东值班群”。"))
    unit = Tree(
        label=gettext_lazy("单位"), queryset=Unit.objects.none(), required=False,
        empty_label=gettext_lazy("（全公司）"), help_text=gettext_lazy("通知这个单位的成员时，也发到这里。"),
    )  # fmt: skip
    takes_below = forms.BooleanField(label=gettext_lazy("包括下级单位"), required=False)
    address = Line(label=gettext_lazy("地址"), longest=1000, help_text=ADDRESS)
    secret = Line(label=gettext_lazy("密钥"), longest=200, required=False, help_text=SECRET)
    keyword = Line(
        label=gettext_lazy("关键词"), longest=40, required=False,
        help_text=gettext_lazy("机器人选了“自定义关键词”时填写，会加在消息前面。"),
    )  # fmt: skip
    is_urgent_only = forms.BooleanField(label=gettext_lazy("只发紧急通知"), required=False)
    is_quiet_at_night = forms.BooleanField(
        label=gettext_lazy("夜间（21:00–8:00）与休息日不发，紧急除外"), required=False, initial=True
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("通知种类"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个都不选，就是全部。"),
    )  # fmt: skip

    def __init__(self, *args: Any, target: Target | None = None, **given: Any) -> None:
        if target is not None:
            names = ("way", "name", "unit", "takes_below", "keyword", "is_urgent_only", "is_quiet_at_night", "kinds")
            given["initial"] = {name: getattr(target, name) for name in names}
        super().__init__(*args, **given)
        self.fields["unit"].queryset = Unit.objects.active()  # type: ignore[attr-defined]  # a model choice
        offered = [(code, kind.label) for code, kind in kinds().items() if kind.is_for_groups]
        choose_from(self, "kinds", offered)
        if target is not None:
            self.fields["address"].required = False
            self.fields["address"].help_text = _("已加密保存，不再显示。要换地址才填写。")
            if target.secret:
                self.fields["secret"].help_text = _("已有密钥，不再显示。要换才填写。")


class PhraseForm(forms.Form):
    title = Line(label=gettext_lazy("标题"), longest=120)
    body = Words(label=gettext_lazy("正文"), longest=1000, rows=4, required=False)

    def __init__(self, *args: Any, kind: Kind, **given: Any) -> None:
        super().__init__(*args, **given)
        self.kind = kind
        self.fields["body"].help_text = _("可以用：%s") % listed(f"{{{each}}}" for each in kind.placeholders)

    def clean_title(self) -> str:
        return self._sound("title")

    def clean_body(self) -> str:
        return self._sound("body")

    def _sound(self, name: str) -> str:
        words = str(self.cleaned_data[name])
        if found := faults(words, self.kind.placeholders):
            raise forms.ValidationError(_("不能用：%s。") % listed(found))
        return words
